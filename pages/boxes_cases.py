"""Boxes that can be checked by hand, and a detector that adds a loss of boxes to one of classes."""

from losscore.explore.detector import PARTS, POSITIVE
from losscore.figures.box_cases import PLACED, one_error_three_ways, unit_boxes
from losscore.figures.detector_sum import NAMES, STRIDE, detector_sum
from losscore.scenes.anchors import coin_anchors
from pages.boxes_pair import LABELS, credit
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View


def _same_reading(values: Values) -> str:
    if values["same"] == "unit":
        rows = [
            [reading.swatch(key, LABELS[key]), reading.slot(f"unit.{key}"), reading.slot(f"unit.{key}.slope")]
            for key in values["apart_curves"]
        ]
        rows.append(["IoU score", reading.slot("unit.score"), ""])
        return reading.table(["", "here", "gradient by the distance"], rows)
    kinds = {"score": "IoU score", **{key: f"{LABELS[key].split(' (')[0]} loss" for key in _ORDER}}
    rows = [[name, *(reading.slot(f"same.{n}.{key}") for n in (1, 2, 3))] for key, name in kinds.items()]
    return reading.table(["", *(f"{n} {title}" for n, title in enumerate(PLACED, start=1))], rows)


_ORDER = ("box_l2", "box_l1", "box_smooth_l1", "iou", "giou", "diou", "ciou", "eiou", "siou")


SAME = View(
    "boxes/same",
    (
        Choice("same", "Boxes", {"error": "One error, three ways", "unit": "Two unit boxes"}, "error", folded=True),
        Slider(
            "edge_error", "Root of the summed squared edge errors", 0, 6, 4, steps=61,
            shown=lambda values: values["same"] == "error",
        ),
        Slider("apart", "Distance", 0, 10, 2, steps=101, shown=lambda values: values["same"] == "unit"),
        Choice(
            "apart_curves", "Curves", LABELS, ["iou", "giou", "diou"], several=True, most=5,
            shown=lambda values: values["same"] == "unit",
        ),
    ),
    lambda v: unit_boxes(v["apart"], v["apart_curves"], LABELS) if v["same"] == "unit" else
    one_error_three_ways(v["edge_error"], {key: LABELS[key] for key in _ORDER}),
    _same_reading,
)  # fmt: skip


def _detector_reading(values: Values) -> str:
    names = {name: NAMES[name] for name in ("plain", values["det_sum"])}
    rows = [
        [name, *(reading.slot(f"detector.{key}.{part}") for part in ("background", "object", "box", "total"))]
        for key, name in names.items()
    ]
    shares = [
        [f"{name}, share (%)", *(reading.slot(f"detector.{key}.{part}.share") for part in PARTS), ""]
        for key, name in names.items()
    ]
    heads = ["", "background anchors", "anchors on objects", "boxes × weight", "sum"]
    anchors = [["Anchors", reading.slot("detector.count"), reading.slot("detector.positives")]]
    counted = reading.table(["", "in all", f"on objects: IoU {POSITIVE:g} or more"], anchors)
    return reading.table(heads, rows + shares) + counted + credit(coin_anchors(STRIDE).credit)


DETECTOR = View(
    "boxes/detector",
    (
        Slider("det_background", "Probability on background", 0.005, 0.5, 0.05, steps=61, log=True),
        Slider("det_found", "Probability on objects", 0.05, 0.95, 0.5, steps=37),
        Slider("det_shift", "Boxes too far right and down", 0, 20, 2, steps=41, unit="px"),
        Slider("det_weight", "Weight of the boxes", 0.01, 10, 0.1, steps=61, log=True),
        Choice("det_sum", "Sum below", {k: NAMES[k] for k in ("modern", "retinanet_sum")}, "modern", folded=True),
        Slider("det_gamma", "Focal: gamma", 0, 5, 2, steps=51, more=True),
    ),
    lambda v: detector_sum(
        v["det_background"], v["det_found"], v["det_shift"], v["det_weight"], v["det_gamma"], v["det_sum"]
    ),
    _detector_reading,
)
