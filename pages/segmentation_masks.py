"""A prediction edited by hand: what each loss says of it, and where each pushes it."""

from dataclasses import replace

import losscore
from losscore.figures import theme
from losscore.figures.mask_overlap import mask_overlap
from losscore.figures.pixel_push import pixel_push
from losscore.scenes.edits import EDITS, MOST_BLOBS
from losscore.scenes.pictures import SCENES, scene
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

# key -> (name in a bar, lowest and highest value of the bar)
BARS = {
    "pixel_cross_entropy": ("CE", 0, 1),
    "pixel_weighted_ce": ("Weighted CE", 0, 1.5),
    "focal_binary": ("Focal", 0, 0.5),
    "dice": ("Dice", 0, 1),
    "jaccard": ("IoU", 0, 1),
    "tversky": ("Tversky", 0, 1),
    "focal_tversky": ("Focal Tversky", 0, 1),
    "lovasz_hinge": ("Lovász hinge", 0, 4),
    "boundary_loss": ("Boundary (px)", -3, 9),
    "hausdorff_dt": ("Hausdorff-DT (px²)", 0, 60),
    "combo_bce_dice": ("BCE + Dice", 0, 1),
    "bce_jaccard": ("BCE + IoU", 0, 1),
}
_KNOWN = {"pixel_weighted_ce", *(loss.key for loss in losscore.losses())}
LABELS = {key: name for key, (name, _, _) in BARS.items() if key in _KNOWN}

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


def _overlap_reading(_: Values) -> str:
    bars = [
        reading.meter(name, f"overlap.{key}", theme.colour(key), BARS[key][1], BARS[key][2])
        for key, name in LABELS.items()
    ]
    heads = ["", "Dice", "IoU", "Precision", "Recall", "Accuracy", "HD95 (px)", "Surface Dice"]
    metrics = ("dice", "iou", "precision", "recall", "accuracy", "hd95", "nsd")
    cells = ["Cut mask", *(reading.slot(f"overlap.metric_{name}") for name in metrics)]
    return reading.meters(bars) + reading.table(heads, [cells])


OVERLAP = View(
    "segmentation/overlap",
    (
        *SHIFTS,
        SHAPE[0],
        PICTURE,
        *SHAPE[1:],
        Slider("threshold", "Threshold of the scores", 0.05, 0.95, 0.5, steps=37, more=True),
        Choice(
            "mask_curves", "Curves", LABELS, ["pixel_cross_entropy", "dice", "jaccard", "hausdorff_dt"],
            several=True, most=6, more=True,
        ),
        Switch("own_scale", "Each curve on its own scale", True, more=True),
    ),
    lambda v: mask_overlap(v["picture"], edits(v), v["threshold"], LABELS, v["mask_curves"], own_scale=v["own_scale"]),
    _overlap_reading,
)  # fmt: skip


def _push_reading(values: Values) -> str:
    heads = ["", "Sum of all pulls", "Largest of one pixel", "Share on wrong pixels", "Share on the object"]
    parts = ("total", "largest", "wrong", "object")
    rows = [
        [reading.swatch(key, LABELS[key]), *(reading.slot(f"push.{key}.{part}") for part in parts)]
        for key in dict.fromkeys((values["push"], values["beside"]))
    ]
    return reading.table(heads, rows) + reading.note(
        "Blue: the loss wants more foreground here. Vermilion: less. Each picture is scaled to the strongest pull of"
        " its own loss while the slider moves; the square root keeps weak pulls visible."
    )


PUSH = View(
    "segmentation/push",
    (
        *SHIFTS,
        Choice("push", "Loss", LABELS, "pixel_cross_entropy", folded=True),
        Choice("beside", "Beside it", LABELS, "dice", folded=True),
        replace(PICTURE, more=True),
        *(replace(slider, more=True) for slider in SHAPE),
    ),
    lambda v: pixel_push(v["picture"], edits(v), list(dict.fromkeys((v["push"], v["beside"]))), LABELS),
    _push_reading,
)
