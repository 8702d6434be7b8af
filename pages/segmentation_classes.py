"""Several classes in one picture, and masks with nothing in them."""

from losscore.figures.class_maps import class_maps
from losscore.figures.empty_masks import empty_masks
from losscore.scenes.pictures import LABEL_SCENES, label_scene
from pages.segmentation_cases import asks
from pages.segmentation_masks import LABELS, PULL, SHAPE, SHIFTS, bars, credit
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

# key -> (name, the value at which its bar is full)
_SCALES: dict[str, tuple[str, float]] = {
    "pixel_cross_entropy": ("CE", 2),
    "generalized_dice": ("Generalised Dice", 1),
    "lovasz_softmax": ("Lovász", 1),
    "cross_entropy_iou_2d": ("½ CE + ½ IoU", 2),
    "dice_multiclass": ("Dice, class mean", 1),
    "dice_ce": ("Dice + CE", 3),
    "jaccard_multiclass": ("IoU, class mean", 1),
}
CLASS_LOSSES = {key: name for key, (name, _) in _SCALES.items()}


def _class_reading(values: Values) -> str:
    shown = label_scene(values["class_picture"])
    cells = [["IoU score", *(reading.slot(f"classes.{k}.metric_iou") for k in range(3)), reading.slot("classes.right")]]
    heads = ["Each pixel to its likeliest class", *shown.names, "All pixels right"]
    return bars("classes", _SCALES) + reading.table(heads, cells) + credit(shown.credit)


CLASSES = View(
    "segmentation/classes",
    (
        Slider(
            "mixed", "First class taken for the second", 0, 1, 0.7, steps=21,
            help="Small coins for large ones; the cell's body for its nucleus.",
        ),
        *SHIFTS,
        Choice(
            "class_picture", "Classes", {key: label_scene(key).title for key in LABEL_SCENES}, "coins", folded=True,
        ),
        *SHAPE[3:5],
        Choice(
            "class_curves", "Curves", CLASS_LOSSES, list(CLASS_LOSSES)[:3], several=True, most=6, more=True,
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
    heads = ["", "Loss of sure mask", "Loss with doubt", "Pull up on object", "Pull down on false pixels", "All pulls"]
    parts = (".mask", "", ".up", ".down", ".total")
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"empty.{key}{part}") for part in parts)]
        for key, name in EMPTY_LOSSES.items()
    ]
    return reading.table(heads, rows) + reading.note(f"{PULL} Pulls are those of the mask with doubt.")


_KINDS = {"empty_truth": "Empty truth", "empty_prediction": "Empty prediction", "disjoint": "Disjoint"}
EMPTY = View(
    "segmentation/empty",
    (
        Choice("empty", "Case", _KINDS, "empty_truth", folded=True),
        Slider("smooth", "Smooth", 1e-6, 10, 1e-5, steps=43, log=True, help="Added above and below in Dice and IoU."),
        Slider("extent", "Side of the false square", 1, 12, 1, steps=12, unit="px", **asks("empty_truth", of="empty")),
        Slider("gap", "Gap", 0, 30, 10, steps=31, unit="px", **asks("disjoint", of="empty")),
        Choice("pull", "Loss whose gradient is shown", EMPTY_LOSSES, "pixel_cross_entropy", folded=True),
        Slider("doubt", "Doubt: probability of the other answer", 0.001, 0.4, 0.05, steps=31, log=True, more=True),
        Choice(
            "empty_curves", "Curves", EMPTY_LOSSES, ["dice", "pixel_cross_entropy"],
            several=True, most=6, more=True,
        ),
    ),
    lambda v: empty_masks(
        v["empty"], {key: v[key] for key in ("smooth", "doubt", "gap", "extent")}, EMPTY_LOSSES, v["pull"],
        v["empty_curves"],
    ),
    _empty_reading,
)  # fmt: skip
