"""Small cases of masks that a person can check by counting."""

from losscore.figures import theme
from losscore.figures.class_maps import class_maps
from losscore.figures.empty_masks import empty_masks
from losscore.figures.same_dice import same_dice
from losscore.figures.size_matters import SCORES, SIDES, one_pixel_off, share_of_gradient
from losscore.figures.tversky_trade import tversky_trade
from losscore.scenes.pictures import LABEL_SCENES, label_scene
from pages.segmentation_masks import LABELS, SHAPE, SHIFTS
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View


def _asks(answer: str, *, of: str) -> dict:
    return {"shown": lambda values: values[of] == answer}


def _size_reading(values: Values) -> str:
    if values["size"] == "share":
        rows = [
            [reading.swatch(key, LABELS[key]), reading.slot(f"size.{key}.share"), reading.slot(f"size.{key}.pixel")]
            for key in values["shares"]
        ]
        area = ["Object's share of the picture", reading.slot("size.area"), ""]
        return reading.table(["", "Share of the gradient on the object", "Largest pull of one pixel"], [area, *rows])
    names = {**SCORES, "pixel_cross_entropy": "CE (loss)"}
    rows = [
        [f"side {side} px", *(reading.slot(f"size.{side}.{key}") for key in names)] for side in SIDES
    ]
    counts = [
        [f"in {title} px", *(reading.slot(f"size.counts_{side}.{key}") for key in SCORES)]
        for title, side in (("100 x 100", 100), ("1000 x 1000", 1000))
    ]
    pictures = reading.table(["50 hits, 25 false alarms, 25 misses", *SCORES.values()], counts)
    return reading.table(["Square", *names.values()], rows) + pictures


SIZE = View(
    "segmentation/size",
    (
        Choice("size", "Question", {"slip": "One pixel off", "share": "Who gets the gradient"}, "slip"),
        Slider("slip", "Shift of all squares", 0, 10, 1, steps=11, unit="px", **_asks("slip", of="size")),
        Slider("object_side", "Side of the object", 1, 50, 10, steps=50, unit="px", help="In a picture of 100 x 100.",
               **_asks("share", of="size")),
        Slider("guess", "Probability everywhere", 0.02, 0.9, 0.1, steps=45, **_asks("share", of="size")),
        Choice(
            "shares", "Losses", LABELS, ["dice", "pixel_cross_entropy", "pixel_weighted_ce", "jaccard"],
            several=True, most=5, **_asks("share", of="size"),
        ),
    ),
    lambda v: one_pixel_off(v["slip"]) if v["size"] == "slip" else
    share_of_gradient(v["object_side"], v["guess"], v["shares"], LABELS),
    _size_reading,
)  # fmt: skip

TRADED = {
    key: LABELS.get(key, "CE, zero background")
    for key in ("tversky", "dice", "pixel_cross_entropy", "pixel_weighted_ce", "pixel_ce_zero_background")
}


def _trade_reading(_: Values) -> str:
    rows = [
        [title, *(reading.slot(f"trade.{row}{key}") for key in TRADED)]
        for title, row in (("The disc above", ""), ("A square, 90 px too many", "alarm."), ("The same, 90 px too few", "miss."))
    ]
    return reading.table(["Loss of", *TRADED.values()], rows)


TVERSKY = View(
    "segmentation/tversky",
    (
        Slider("alpha", "Alpha: price of a false alarm", 0, 1, 0.3, steps=21),
        Slider("beta", "Beta: price of a miss", 0, 1, 0.7, steps=21),
        Slider("grown", "Growth of the mask", -8, 8, 4, steps=33, unit="px"),
        Choice(
            "traded", "Curves", TRADED, ["tversky", "dice", "pixel_ce_zero_background"], several=True, most=5, more=True,
        ),
    ),
    lambda v: tversky_trade(v["grown"], v["alpha"], v["beta"], TRADED, v["traded"]),
    _trade_reading,
)  # fmt: skip


def _shape_reading(_: Values) -> str:
    heads = ["", "Dice", "Boundary", "Hausdorff-DT", "Largest gap", "95 %", "Mean gap", "Surface Dice"]
    keys = ("metric_dice", "boundary_loss", "hausdorff_dt", "metric_hausdorff", "metric_hd95", "metric_assd", "metric_nsd")
    names = ("1 rim", "2 hole", "3 knob", "4 blob")
    rows = [
        [name, *(reading.slot(f"shape.{number}.{key}") for key in keys)] for number, name in enumerate(names, start=1)
    ]
    return reading.table(heads, rows)


SHAPES = View(
    "segmentation/shape",
    (
        Slider("away", "Distance of the far blob", 0, 32, 32, steps=17, unit="px", help="Along both axes."),
        Slider("tau", "Tolerance of surface Dice", 0, 6, 1, steps=25, unit="px"),
    ),
    lambda v: same_dice(v["tau"], v["away"]),
    _shape_reading,
)

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

EMPTY_LOSSES = {
    key: LABELS[key]
    for key in ("pixel_cross_entropy", "focal_binary", "dice", "jaccard", "lovasz_hinge", "boundary_loss", "hausdorff_dt",
                "combo_bce_dice")
    if key in LABELS
}  # fmt: skip


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
        Slider("extent", "Side of the false square", 1, 12, 1, steps=12, unit="px", **_asks("empty_truth", of="empty")),
        Slider("gap", "Gap", 0, 30, 10, steps=31, unit="px", **_asks("disjoint", of="empty")),
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
