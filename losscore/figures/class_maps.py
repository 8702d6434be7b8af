"""Three classes in one picture: which class each pixel is given, and what that costs under losses over classes."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.masks import reported
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_outline, draw_photograph
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, axis_title, draw_curves, second_legend, swept
from losscore.scenes.masks import one_hot, predict_classes
from losscore.scenes.pictures import label_scene

_HEIGHT, _NARROW = 390, 260
_INKS = ("#7F8790", "#56B4E9", "#CC79A7")
# By predicted class: right, then the two shades of the chequer that marks a wrong call.
PALETTE: list[sprites.RGBA] = [
    (0, 0, 0, 0), sprites.rgba(_INKS[0], 0.35), sprites.rgba("#E69F00", 0.95),
    sprites.rgba(_INKS[1], 0.5), sprites.rgba(_INKS[1], 0.8), sprites.rgba(theme.PREDICTION, 0.95),
    sprites.rgba(_INKS[2], 0.5), sprites.rgba(_INKS[2], 0.8), sprites.rgba(theme.PREDICTION, 0.95),
]  # fmt: skip


def class_maps(
    picture: str, edits: Mapping[str, Number], mixed: Number, labels: Mapping[str, str], curves: list[str]
) -> Film:
    """The class map of an edited prediction, and losses over classes against the slider that is swept.

    labels: every loss whose value is wanted, by key; curves: the keys among them that are drawn.
    """
    shown = label_scene(picture)
    name, steps = swept({"mixed": mixed, **edits})
    logits = predict_classes(shown.labels, len(shown.names), mixed=mixed, **edits)
    said = logits.argmax(-3)
    losses = {key: losscore.get(key)(logits, shown.labels, reduction="none") for key in labels}
    overlap = reported(one_hot(said, 3), one_hot(shown.labels, 3), ("metric_iou", "metric_dice"))
    right = (said == shown.labels).float().mean((-2, -1))

    panels = Panels(
        ["Predicted classes, true outline", "Loss against this slider"], weights=[0.9, 1.1],
        height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"{shown.title}: the predicted class of every pixel, wrong ones chequered; curves of the losses."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_photograph(panels, 0, shown.picture)
    film.picture(panels.add_image(0, *shown.labels.shape), _shades(said, shown.labels), PALETTE)
    for label in range(1, 3):
        draw_outline(panels, 0, (shown.labels == label).float(), legend=False)
    entries = ((_INKS[1], shown.names[1], ""), (_INKS[2], shown.names[2], ""), (theme.PREDICTION, "wrong", "x"))
    for ink, text, pattern in entries:
        hatch = {"shape": pattern, "fgcolor": "white", "bgcolor": ink, "solidity": 0.35, "size": 5}
        panels.add(go.Bar(x=[None], y=[None], marker={"color": ink, "pattern": hatch}, name=text, hoverinfo="skip"))
    across = axis_title(name, {"mixed": f"{shown.names[1]} taken for {shown.names[2]}"})
    drawn = {key: losses[key] for key in curves}
    draw_curves(panels, film, 1, steps, across, drawn, labels, logarithmic=name == "softness")
    second_legend(panels, 1, _NARROW, 2)
    for key, value in losses.items():
        film.say(f"classes.{key}", value)
    film.say("classes.right", right)
    for key, value in overlap.items():
        for label in range(3):
            film.say(f"classes.{label}.{key}", value[:, label])
    pairs = zip(steps.tolist(), film.slots[f"classes.{curves[0]}"].tolist(), strict=True)
    film.speak([f"{across} {step:.3g}: {labels[curves[0]]} {short(value)}" for step, value in pairs])
    return film


def _shades(said: Tensor, labels: Tensor) -> Tensor:
    """Indices into PALETTE (S, H, W) for predicted classes (S, H, W) against the true ones (H, W)."""
    row, column = torch.meshgrid(*(torch.arange(n) for n in labels.shape), indexing="ij")
    chequer = (row // 2 + column // 2) % 2
    return 3 * said + torch.where(said == labels, 0, 1 + chequer)
