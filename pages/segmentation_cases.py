"""Size, prices and shapes of masks: small cases that a person can check by counting."""

from typing import Any

from losscore.figures.mask_overlap import TOLERANCE
from losscore.figures.same_dice import same_dice
from losscore.figures.size_matters import SCORES, SIDES, one_pixel_off, share_of_gradient
from losscore.figures.tversky_trade import tversky_trade
from pages.segmentation_masks import LABELS, PULL
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View


def asks(answer: str, *, of: str) -> dict[str, Any]:
    """Shown while the choice `of` is at `answer`."""
    return {"shown": lambda values: values[of] == answer}


def _size_reading(values: Values) -> str:
    if values["size"] == "share":
        rows = [
            [reading.swatch(key, LABELS[key]), reading.slot(f"size.{key}.share"), reading.slot(f"size.{key}.pixel")]
            for key in values["shares"]
        ]
        area = ["Object's share of the picture", reading.slot("size.area"), ""]
        heads = ["", "Share of the gradient on the object", "Largest pull of one pixel"]
        return reading.table(heads, [area, *rows]) + reading.note(PULL)
    names = {**SCORES, "pixel_cross_entropy": "CE (loss)"}
    rows = [[f"side {side} px", *(reading.slot(f"size.{side}.{key}") for key in names)] for side in SIDES]
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
        Slider("slip", "Shift of all squares", 0, 10, 1, steps=11, unit="px", **asks("slip", of="size")),
        Slider("object_side", "Side of the object", 1, 50, 10, steps=50, unit="px", help="In a picture of 100 x 100.",
               **asks("share", of="size")),
        Slider("guess", "Probability everywhere", 0.02, 0.9, 0.1, steps=45, **asks("share", of="size")),
        Choice(
            "shares", "Losses", LABELS, ["dice", "pixel_cross_entropy", "pixel_weighted_ce", "jaccard"],
            several=True, most=5, **asks("share", of="size"),
        ),
    ),
    lambda v: one_pixel_off(v["slip"]) if v["size"] == "slip" else
    share_of_gradient(v["object_side"], v["guess"], v["shares"], LABELS),
    _size_reading,
)  # fmt: skip

TRADED = {
    key: LABELS.get(key, "CE, no background")
    for key in ("tversky", "dice", "pixel_cross_entropy", "pixel_weighted_ce", "pixel_ce_zero_background")
}


def _trade_reading(_: Values) -> str:
    titles = {"": "The disc", "alarm.": "Upper square, 90 px too many", "miss.": "Lower square, 90 px too few"}
    rows = [[title, *(reading.slot(f"trade.{row}{key}") for key in TRADED)] for row, title in titles.items()]
    return reading.table(["Loss of", *TRADED.values()], rows)


TVERSKY = View(
    "segmentation/tversky",
    (
        Slider("alpha", "Alpha: price of a false alarm", 0, 1, 0.3, steps=21),
        Slider("beta", "Beta: price of a miss", 0, 1, 0.7, steps=21),
        Slider("grown", "Growth of the mask", -8, 8, 4, steps=33, unit="px"),
        Choice(
            "traded", "Curves", TRADED, ["tversky", "dice", "pixel_ce_zero_background"],
            several=True, most=5, more=True,
        ),
    ),
    lambda v: tversky_trade(v["grown"], v["alpha"], v["beta"], TRADED, v["traded"]),
    _trade_reading,
)  # fmt: skip


def _shape_reading(_: Values) -> str:
    heads = [
        "", "Dice score", "Boundary (px)", "Hausdorff-DT (px²)", "Hausdorff distance (px)", "HD95 (px)", "ASSD (px)",
        "Surface Dice, tolerance as set",
    ]  # fmt: skip
    metrics = ("hausdorff", "hd95", "assd", "nsd")
    keys = ("metric_dice", "boundary_loss", "hausdorff_dt", *(f"metric_{name}" for name in metrics))
    names = ("1 rim", "2 hole", "3 knob", "4 blob")
    rows = [
        [name, *(reading.slot(f"shape.{number}.{key}") for key in keys)] for number, name in enumerate(names, start=1)
    ]
    return reading.table(heads, rows)


SHAPES = View(
    "segmentation/shape",
    (
        Slider("away", "Distance of the far blob", 0, 32, 32, steps=17, unit="px", help="Along both axes."),
        Slider("tau", "Tolerance of surface Dice", 0, 6, TOLERANCE, steps=25, unit="px"),
    ),
    lambda v: same_dice(v["tau"], v["away"]),
    _shape_reading,
)
