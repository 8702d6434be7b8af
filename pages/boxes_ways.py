"""Where the losses of boxes lead: a race down their gradients, and the loss over every offset."""

from losscore.figures.box_race import STEPS, box_race
from losscore.figures.box_surface import REACH, SIDE, box_surface
from losscore.scenes.boxes import STARTS
from pages.boxes_pair import LABELS
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.loss_controls import on_release
from pages.ui.views import View


def _race_reading(values: Values) -> str:
    parts = ("score", "area", "largest", "away")
    rows = [
        [reading.swatch(key, LABELS[key]), *(reading.slot(f"race.{key}.{part}") for part in parts)]
        for key in values["racers"]
    ]
    heads = ["Loss", "IoU score", "area", "largest area so far", "centres apart"]
    note = "Areas in areas of the true box, distances in its widths."
    return reading.table(heads, rows) + reading.note(note)


RACE = View(
    "boxes/race",
    (
        Slider("race_step", "Step", 0, STEPS, 20, steps=STEPS // 2 + 1),
        Choice("race_start", "Start", {key: title for key, (title, _) in STARTS.items()}, "apart", folded=True),
        Choice("racers", "Losses", LABELS, ["iou", "giou", "diou", "eiou"], several=True, most=5),
        Slider("race_rate", "Step size at the start", 0.05, 0.3, 0.15, steps=6, live=False, more=True),
    ),
    lambda v: box_race(v["race_start"], v["racers"], v["race_rate"], v["race_step"], LABELS),
    _race_reading,
)


def _surface_reading(values: Values) -> str:
    keys = dict.fromkeys((values["box_loss"], values["box_beside"]))
    rows = [
        [reading.swatch(key, LABELS[key]), *(reading.slot(f"surface.{key}.{part}") for part in ("loss", "dx", "dy"))]
        for key in keys
    ]
    rows.append(["IoU score", reading.slot("surface.score"), "", ""])
    return reading.table(["", "here", "gradient by dx", "gradient by dy"], rows)


SURFACE = View(
    "boxes/surface",
    (
        Slider("offset_x", "Offset to the right", -REACH, REACH, 0.6, steps=61),
        Slider("offset_y", "Offset down", -REACH, REACH, 0.4, steps=61),
        Choice("box_loss", "Loss", LABELS, "iou", folded=True),
        Choice("box_beside", "Beside it", LABELS, "diou", folded=True),
        Slider("pred_width", "Predicted width", 0.5, 8, 2.0, steps=31, help=f"The true box is {SIDE:g} x {SIDE:g}."),
        Slider("pred_height", "Predicted height", 0.5, 8, 2.0, steps=31, more=True),
        *on_release(loss_controls.sliders(("alpha_iou", "siou"), "box_loss", more=False)),
    ),
    lambda v: box_surface(
        v["box_loss"], v["box_beside"],
        {"dx": v["offset_x"], "dy": v["offset_y"]}, {"width": v["pred_width"], "height": v["pred_height"]},
        LABELS, loss_controls.params(("alpha_iou", "siou"), v),
    ),
    _surface_reading,
)  # fmt: skip
