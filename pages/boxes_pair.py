"""A true and a predicted box: what each loss says of them, and which way it pulls the edges."""

from collections.abc import Mapping

from losscore.figures import theme
from losscore.figures.two_boxes import EDGES, two_boxes
from losscore.scenes.boxes import OBJECTS, box_scene
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

# key -> (name, the value at which its bar is full)
BARS: dict[str, tuple[str, float]] = {
    "iou": ("IoU", 2),
    "iou_log": ("−ln IoU", 4),
    "giou": ("GIoU", 2),
    "diou": ("DIoU", 2),
    "ciou": ("CIoU", 2),
    "eiou": ("EIoU", 2),
    "siou": ("SIoU", 2),
    "alpha_iou": ("Alpha-IoU", 2),
    "box_l1": ("L1 (px)", 400),
    "box_smooth_l1": ("Smooth L1 (px)", 400),
    "box_l2": ("L2 (px²)", 20_000),
}
LABELS = {key: name for key, (name, _) in BARS.items()}
PULL = (
    "Gradient: change of the loss for one px that the edge moves to the right or down. Arrows point downhill, the way "
    "the edge would go. Their length follows the square root of the pull and is full at 2 over the true box's side for "
    "a loss without a unit, at 1 for L1, at twice the side for L2."
)


def credit(text: str) -> str:
    return reading.note(f"Picture. {text}")


def bars(view: str, scales: Mapping[str, tuple[str, float]]) -> str:
    """A bar for each loss, from 0 to the value given with its name, and a line that says where each is full."""
    rows = [reading.meter(name, f"{view}.{key}", theme.colour(key), 0, full) for key, (name, full) in scales.items()]
    others = ", ".join(f"{name} at {full:g}" for name, full in scales.values() if full != 2)
    return reading.meters(rows) + reading.note(f"Bars run from 0 and are full at 2; {others}.")


def _pair_reading(values: Values) -> str:
    drawn = values["pulls"]
    heads = ["Gradient at the", *(f"{edge} edge" for edge in EDGES)]
    rows = [[reading.swatch(key, LABELS[key]), *(reading.slot(f"boxes.{key}.{e}") for e in EDGES)] for key in drawn]
    ends = [
        [reading.swatch(key, LABELS[key]), *(reading.slot(f"boxes.{key}.{end}") for end in ("low", "high"))]
        for key in drawn
    ]
    own = reading.table(["Scale of the curve", "0 is", "1 is"], ends) if values["own_scale"] else ""
    boxes = [
        [name, *(reading.slot(f"boxes.{who}.{e}") for e in EDGES), reading.slot(f"boxes.{who}.aspect"), score]
        for who, name, score in (("truth", "True box", ""), ("pred", "Predicted box", reading.slot("boxes.iou_score")))
    ]
    places = reading.table(["Edges (px)", *EDGES, "width / height", "IoU score"], boxes)
    shown = credit(box_scene(values["box_object"]).credit)
    return own + bars("boxes", BARS) + reading.table(heads, rows) + reading.note(PULL) + places + shown


PAIR = View(
    "boxes/pair",
    (
        Slider("box_left", "Left edge", 0, 120, 64, steps=121, unit="px"),
        Slider("box_top", "Top edge", 0, 120, 66, steps=121, unit="px"),
        Slider("box_width", "Width", 2, 122, 40, steps=121, unit="px"),
        Slider("box_height", "Height", 2, 122, 26, steps=121, unit="px"),
        Slider(
            "box_stretch", "Aspect: width / height, times", 0.25, 4, 1, steps=41, log=True,
            help="Stretches the box about its centre; its area stays.",
        ),
        Choice("pulls", "Arrows and curves", LABELS, ["iou", "giou", "diou"], several=True, most=4),
        *loss_controls.sliders(("alpha_iou", "siou"), "pulls", more=False),
        Choice(
            "box_object", "Object", {key: box_scene(key).title for key in OBJECTS}, "coin", folded=True, more=True
        ),
        Switch("own_scale", "Each curve on its own scale", more=True, help="Each from its lowest to its highest."),
    ),
    lambda v: two_boxes(
        v["box_object"],
        {name: v[f"box_{name}"] for name in ("left", "top", "width", "height", "stretch")},
        LABELS, v["pulls"], loss_controls.params(("alpha_iou", "siou"), v), own_scale=v["own_scale"],
    ),
    _pair_reading,
)  # fmt: skip
