"""Several classes in one picture, and masks with nothing in them."""

from losscore.figures import theme
from losscore.figures.class_maps import class_maps
from losscore.figures.empty_masks import empty_masks
from losscore.scenes.pictures import LABEL_SCENES, label_scene
from pages.segmentation_cases import asks
from pages.segmentation_masks import LABELS, SHAPE, SHIFTS
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

CLASS_LOSSES = {
    "pixel_cross_entropy": "CE", "generalized_dice": "Generalised Dice", "lovasz_softmax": "Lovász",
    "cross_entropy_iou_2d": "CE + IoU", "dice_multiclass": "Dice over classes", "dice_ce": "Dice + CE",
}  # fmt: skip


def _class_reading(values: Values) -> str:
    high = {"pixel_cross_entropy": 1.0, "cross_entropy_iou_2d": 1.0, "dice_ce": 1.5}
    bars = [
        reading.meter(name, f"classes.{key}", theme.colour(key), 0, high.get(key, 1.0))
        for key, name in CLASS_LOSSES.items()
    ]
    names = label_scene(values["class_picture"]).names
    cells = [["IoU score", *(reading.slot(f"classes.{k}.metric_iou") for k in range(3)), reading.slot("classes.right")]]
    return reading.meters(bars) + reading.table(["At the highest class", *names, "All pixels right"], cells)


CLASSES = View(
    "segmentation/classes",
    (
        Slider("mixed", "First class taken for the second", 0, 1, 0.7, steps=21),
        *SHIFTS,
        Choice(
            "class_picture", "Classes", {key: label_scene(key).title for key in LABEL_SCENES}, "coins", folded=True,
        ),
        *SHAPE[3:5],
        Choice(
            "class_curves", "Curves", CLASS_LOSSES, list(CLASS_LOSSES)[:4], several=True, most=6, more=True,
        ),
    ),
    lambda v: class_maps(
        v["class_picture"], {key: v[key] for key in ("shift_x", "shift_y", "softness", "confidence")}, v["mixed"],
        CLASS_LOSSES, v["class_curves"],
    ),
    _class_reading,
)  # fmt: skip

_LEFT_OUT = {"pixel_weighted_ce", "tversky", "focal_tversky", "bce_jaccard"}
EMPTY_LOSSES = {key: name for key, name in LABELS.items() if key not in _LEFT_OUT}


def _empty_reading(_: Values) -> str:
    heads = ["", "Loss of the sure mask", "Loss now", "Pull up on the object", "Pull down on false pixels", "All pulls"]
    parts = (".mask", "", ".up", ".down", ".total")
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"empty.{key}{part}") for part in parts)]
        for key, name in EMPTY_LOSSES.items()
    ]
    return reading.table(heads, rows)


_KINDS = {"empty_truth": "Empty truth", "empty_prediction": "Empty prediction", "disjoint": "Disjoint"}
EMPTY = View(
    "segmentation/empty",
    (
        Choice("empty", "Case", _KINDS, "empty_truth", folded=True),
        Slider("smooth", "Smooth", 1e-6, 10, 1e-5, steps=43, log=True, help="Added above and below in Dice and IoU."),
        Slider("extent", "Side of the false square", 1, 12, 1, steps=12, unit="px", **asks("empty_truth", of="empty")),
        Slider("gap", "Gap", 0, 30, 10, steps=31, unit="px", **asks("disjoint", of="empty")),
        Choice("pull", "Loss whose gradient is shown", EMPTY_LOSSES, "dice", folded=True),
        Slider("doubt", "Doubt: probability of the other answer", 0.001, 0.4, 0.05, steps=31, log=True, more=True),
        Choice(
            "empty_curves", "Curves", EMPTY_LOSSES, ["dice", "jaccard", "pixel_cross_entropy"],
            several=True, most=6, more=True,
        ),
    ),
    lambda v: empty_masks(
        v["empty"], {key: v[key] for key in ("smooth", "doubt", "gap", "extent")}, EMPTY_LOSSES, v["pull"],
        v["empty_curves"],
    ),
    _empty_reading,
)  # fmt: skip
