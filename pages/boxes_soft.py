"""What a detector is taught besides its boxes: scores, edges and centres with labels between 0 and 1."""

from losscore.explore.soft_targets import BINS
from losscore.figures.film import Film
from losscore.figures.soft_targets import MAPS, SCORES, a_centre, a_score, an_edge
from losscore.scenes.boxes import box_scene
from pages.boxes_pair import credit
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

SOFT = {
    "quality_focal": "A score: quality focal",
    "distribution_focal": "An edge: distribution focal",
    "gaussian_focal": "A centre: Gaussian focal",
}
_FILMS = {
    "quality_focal": (a_score, {"score": "soft_score", "shift": "soft_shift", "beta": "quality_focal_beta"}),
    "distribution_focal": (an_edge, {"edge": "edge_true", "place": "edge_place", "spread": "edge_spread"}),
    "gaussian_focal": (
        a_centre,
        {"off": "centre_off", "height": "centre_height", "alpha": "gaussian_focal_alpha",
         "beta": "gaussian_focal_beta"},
    ),
}  # fmt: skip


def _film(values: Values) -> Film:
    drawn, names = _FILMS[values["taught"]]
    return drawn({name: values[key] for name, key in names.items()})


def _score_reading() -> str:
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"soft.{key}.{told}") for told in ("loss", "slope", "rests"))]
        for key, (name, _) in SCORES.items()
    ]
    quality = reading.worked(
        "Abs(y - s)**beta*(-y*log(s) - (1 - y)*log(1 - s))",
        {"y": "soft.iou", "s": "soft.score", "beta": "soft.beta"}, "soft.quality_focal.loss",
    )  # fmt: skip
    box = reading.meters([reading.meter("IoU of the box", "soft.iou", "#0072B2")])
    heads = ["", "loss", "gradient by the logit", "lowest at the score"]
    return box + reading.table(heads, rows) + quality + credit(box_scene("coin").credit)


def _edge_reading() -> str:
    row = ["Distribution focal", *(reading.slot(f"edge.{told}") for told in ("loss", "least", "mean", "off"))]
    names = {"u": "left_weight", "v": "right_weight", "s": "left", "t": "right"}
    written = reading.worked(
        "-u*log(s) - v*log(t)", {name: f"edge.{slot}" for name, slot in names.items()}, "edge.loss"
    )
    return reading.table(["", "loss", "least there is", "predicted edge", "off by"], [row]) + written


def _centre_reading() -> str:
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"map.{key}.{told}") for told in ("centre", "others", "loss"))]
        for key, name in MAPS.items()
    ]
    return reading.table(["Of the whole map", "the centre", "all other pixels", "together"], rows)


_READINGS = {
    "quality_focal": _score_reading, "distribution_focal": _edge_reading, "gaussian_focal": _centre_reading,
}  # fmt: skip


def _slider(of: str, key: str, label: str, low: float, high: float, start: float, steps: int, unit: str = "") -> Slider:
    return Slider(key, label, low, high, start, steps=steps, unit=unit, shown=lambda values: values["taught"] == of)


LABELS = View(
    "boxes/labels",
    (
        Choice("taught", "What is taught", SOFT, "quality_focal", folded=True),
        _slider("quality_focal", "soft_score", "Score that is said", 0.02, 0.98, 0.9, 97),
        _slider("quality_focal", "soft_shift", "Box too far right", 0, 38, 8, 39, "px"),
        _slider("distribution_focal", "edge_true", "True edge", 0, BINS - 1, 3.5, 71, "bin"),
        _slider("distribution_focal", "edge_place", "Predicted: place", 0, BINS - 1, 3.5, 71, "bin"),
        _slider("distribution_focal", "edge_spread", "Predicted: spread", 0.2, 3, 1, 57, "bins"),
        _slider("gaussian_focal", "centre_off", "Predicted centre off by", 0, 10, 2, 41, "px"),
        _slider("gaussian_focal", "centre_height", "Its probability", 0.02, 0.98, 0.9, 49),
        *loss_controls.sliders(("quality_focal", "gaussian_focal"), "taught", more=False),
    ),
    _film,
    lambda values: _READINGS[values["taught"]](),
)
