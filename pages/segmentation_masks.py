"""A prediction edited by hand: what each loss says of it, and where each pushes it."""

from collections.abc import Mapping
from dataclasses import replace

import losscore
from losscore.figures import theme
from losscore.figures.mask_overlap import TOLERANCE, mask_overlap
from losscore.figures.pixel_push import pixel_push
from losscore.scenes.edits import EDITS, MOST_BLOBS
from losscore.scenes.pictures import SCENES, scene
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

# key -> (name, the value at which its bar is full)
BARS: dict[str, tuple[str, float]] = {
    "pixel_cross_entropy": ("CE", 1),
    "pixel_weighted_ce": ("Weighted CE", 1.5),
    "focal_binary": ("Focal", 0.5),
    "dice": ("Dice loss", 1),
    "jaccard": ("IoU loss", 1),
    "tversky": ("Tversky", 1),
    "focal_tversky": ("Focal Tversky", 1),
    "lovasz_hinge": ("Lovász hinge", 4),
    "boundary_loss": ("Boundary (px)", 9),
    "hausdorff_dt": ("Hausdorff-DT (px²)", 60),
    "combo_bce_dice": ("½ BCE + ½ Dice", 1),
    "bce_jaccard": ("½ BCE + ½ IoU", 1),
}
_KNOWN = {"pixel_weighted_ce", *(loss.key for loss in losscore.losses())}
LABELS = {key: name for key, (name, _) in BARS.items() if key in _KNOWN}
# Those that have their bar only while they are chosen.
_FURTHER: dict[str, tuple[str, float]] = {
    "dice_squared": ("Dice, squared", 1),
    "log_cosh_dice": ("Log-cosh Dice", 0.5),
    "sensitivity_specificity": ("Sensitivity-specificity", 1),
    "mcc_loss": ("Matthews", 2),
}
_OFFERED = LABELS | {key: name for key, (name, _) in _FURTHER.items()}

PICTURE = Choice("picture", "Picture", {key: scene(key).title for key in SCENES}, "coins", folded=True)
SHIFTS = (
    Slider("shift_x", "Shift to the right", -20, 20, 4, steps=41, unit="px"),
    Slider("shift_y", "Shift down", -20, 20, -2, steps=41, unit="px"),
)
SHAPE = (
    Slider("rotation", "Rotation", -60, 60, 0, steps=41, unit="degrees", help="Counter-clockwise about the centroid."),
    Slider("scale", "Scale", 0.5, 1.5, 1, steps=41, more=True),
    Slider("dilate", "Dilate (erode below 0)", -8, 8, 0, steps=33, unit="px", more=True),
    Slider("softness", "Softness of the edge", 0.2, 20, 1.5, steps=31, log=True, unit="px", more=True),
    Slider("confidence", "Confidence", 0.51, 0.99, 0.95, steps=25, more=True, help="Probability deep inside."),
    Slider("blobs", "False blobs", 0, MOST_BLOBS, 1, steps=MOST_BLOBS + 1, more=True),
)
PREDICTED = (*SHIFTS, *SHAPE)


def edits(values: Values) -> Values:
    return {key: values[key] for key in EDITS}


def bars(view: str, scales: Mapping[str, tuple[str, float]]) -> str:
    """A bar for each loss, from 0 to the value given with its name, and a line that says where each is full."""
    rows = [reading.meter(name, f"{view}.{key}", theme.colour(key), 0, full) for key, (name, full) in scales.items()]
    others = ", ".join(f"{name} at {full:g}" for name, full in scales.values() if full != 1)
    return reading.meters(rows) + reading.note(f"Bars run from 0 and are full at 1; {others}.")


def credit(text: str) -> str:
    return reading.note(f"Picture. {text}")


def _told(values: Values) -> dict[str, tuple[str, float]]:
    """The losses that have a bar."""
    return {key: BARS[key] for key in LABELS} | {k: v for k, v in _FURTHER.items() if k in values["mask_curves"]}


def _overlap_reading(values: Values) -> str:
    heads = [
        "", "Dice score", "IoU score", "Precision", "Recall", "Accuracy", "HD95 (px)",
        f"Surface Dice, {TOLERANCE:g}\N{NO-BREAK SPACE}px",
    ]  # fmt: skip
    metrics = ("dice", "iou", "precision", "recall", "accuracy", "hd95", "nsd")
    cells = ["Cut mask", *(reading.slot(f"overlap.metric_{name}") for name in metrics)]
    scales = _told(values)
    ends = [[reading.swatch(k, _OFFERED[k]), *(reading.slot(f"overlap.{k}.{end}") for end in ("low", "high"))]
            for k in values["mask_curves"]]  # fmt: skip
    own = reading.table(["Scale of the curve", "0 is", "1 is"], ends) if values["own_scale"] else ""
    scales |= {key: (f"{LABELS[key]} (soft)", 1) for key in ("dice", "jaccard")}
    return own + bars("overlap", scales) + reading.table(heads, [cells]) + credit(scene(values["picture"]).credit)


OVERLAP = View(
    "segmentation/overlap",
    (
        *SHIFTS,
        SHAPE[0],
        PICTURE,
        *SHAPE[1:],
        Slider("threshold", "Threshold of the scores", 0.05, 0.95, 0.5, steps=37, more=True),
        Choice(
            "mask_curves", "Curves", _OFFERED, ["pixel_cross_entropy", "dice", "jaccard"],
            several=True, most=6, more=True,
        ),
        Switch("own_scale", "Each curve on its own scale", more=True, help="Each from its lowest to its highest."),
    ),
    lambda v: mask_overlap(
        v["picture"], edits(v), v["threshold"], {key: name for key, (name, _) in _told(v).items()}, v["mask_curves"],
        own_scale=v["own_scale"],
    ),
    _overlap_reading,
)  # fmt: skip


PULL = (
    "Pull: the gradient of the loss by a pixel's logit, so how far one small step of training would move that pixel."
    " Full colour is the strongest pull of that loss anywhere along the slider, half the colour a quarter of it."
)


def _push_reading(values: Values) -> str:
    heads = ["", "Sum of all pulls", "Largest of one pixel", "Share on wrong pixels", "Share on the object"]
    parts = ("total", "largest", "wrong", "object")
    rows = [
        [_OFFERED[key], *(reading.slot(f"push.{key}.{part}") for part in parts)]
        for key in dict.fromkeys((values["push"], values["beside"]))
    ]
    return reading.table(heads, rows) + reading.note(PULL) + credit(scene(values["picture"]).credit)


PUSH = View(
    "segmentation/push",
    (
        *SHIFTS,
        Choice("push", "Loss", _OFFERED, "pixel_cross_entropy", folded=True),
        Choice("beside", "Beside it", _OFFERED, "dice", folded=True),
        replace(PICTURE, more=True),
        *(replace(slider, more=True) for slider in SHAPE),
    ),
    lambda v: pixel_push(v["picture"], edits(v), list(dict.fromkeys((v["push"], v["beside"]))), _OFFERED),
    _push_reading,
)
