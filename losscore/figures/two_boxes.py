"""A predicted box over a picture with its true box, the pull of losses on its edges, and each loss over the slider."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.explore.boxes import box_losses, box_pulls, box_score
from losscore.figures import theme
from losscore.figures.box_drawing import draw_box, draw_pull, edge_arrows
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_photograph
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, draw_curves, second_legend, swept
from losscore.scenes.boxes import box_scene, edges

EDGES = ("left", "top", "right", "bottom")
TITLES = {
    "left": "left edge (px)", "top": "top edge (px)", "width": "width (px)", "height": "height (px)",
    "stretch": "width / height, times",
    "alpha_iou.alpha": "alpha of alpha-IoU", "siou.theta": "theta of SIoU",
}  # fmt: skip
_HEIGHT, _NARROW = 400, 280
_LONGEST = 30.0  # px of the picture: the arrow of a full pull, unless the true box is smaller


def two_boxes(
    object_: str, box: Mapping[str, Number], labels: Mapping[str, str], drawn: Sequence[str],
    params: Mapping[str, Mapping[str, Any]], *, own_scale: bool = False,
) -> Film:  # fmt: skip
    """The picture with both boxes and arrows, and curves of the losses in `drawn`.

    box: left, top, width, height, stretch; of them and the parameters at most one is a tensor (S,), the one swept.
    labels: every loss whose value is wanted, by key. Slots, behind "boxes.": <key>, <key>.<edge> (the gradient) for
    those drawn, iou_score, pred.<edge>, truth.<edge>, pred.aspect, truth.aspect. Raises KeyError for an unknown object
    or loss, and as the losses do.
    """
    shown = box_scene(object_)
    numbers = {f"{key}.{name}": value for key, given in params.items() for name, value in given.items()}
    name, steps = swept({**box, **{n: value for n, value in numbers.items() if isinstance(value, Tensor)}})
    pred = edges(**box)
    losses = box_losses(pred, shown.truth, labels, params)
    pulls = box_pulls(pred, shown.truth, drawn, params)

    panels = Panels(
        ["Which way each edge is pulled", "Loss over this slider"],
        weights=[0.9, 1.1], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"{shown.title} with its true box and a predicted one, arrows on the edges of the latter; curves of losses."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_photograph(panels, 0, shown.picture)
    draw_box(panels, film, 0, shown.truth, "true box", theme.TRUTH, casing=True)
    box_drawn = draw_box(panels, film, 0, pred, "predicted box", theme.PREDICTION, dash="dash", casing=True)
    film.handle(box_drawn, x="box_left", y="box_top", name="the predicted box")
    film.handle(box_drawn, x="box_width", y="box_height", point=2, name="its lower right corner")
    side = float((shown.truth[2:] - shown.truth[:2]).prod().sqrt())
    for place, key in enumerate(drawn, start=1):
        strokes = edge_arrows(pred, arrow(key, pulls[key], side), place / (len(drawn) + 1), min(_LONGEST, side) / 4)
        draw_pull(panels, film, 0, key, strokes, labels[key])
    upright = "loss, from its lowest (0) to its highest (1)" if own_scale else "loss"
    curves = {key: losses[key].nan_to_num(posinf=torch.inf) for key in drawn}
    span = None if own_scale else calm(curves.values())
    draw_curves(panels, film, 1, steps, TITLES[name], curves, labels, own_scale=own_scale, upright=upright, span=span)
    second_legend(panels, 1, _NARROW, 2)
    _say(film, pred, shown.truth, losses, pulls)
    for key in drawn:
        boxes = {"pred": pred, "target": shown.truth.reshape(1, 4)}
        film.given_by(f"boxes.{key}", losscore.get(key), boxes, params.get(key, {}))
    for key in drawn if own_scale else ():
        film.say(f"boxes.{key}.low", losses[key].min())
        film.say(f"boxes.{key}.high", losses[key].where(losses[key].isfinite(), -torch.inf).max())
    first = film.slots[f"boxes.{drawn[0]}"].tolist()
    said = [f"{TITLES[name]} {step:.3g}: {labels[drawn[0]]} {short(value)}"
            for step, value in zip(steps.tolist(), first, strict=True)]  # fmt: skip
    film.speak(said)
    return film


def arrow(key: str, gradient: Tensor, side: float) -> Tensor:
    """How far, in px, the arrows of a gradient (S, 4) reach: downhill, by the square root of the pull.

    A full pull is that of an error as large as the true box's side: 2 over the side for a loss free of scale, 1 for one
    that grows with the error, twice the side for one that grows with its square.
    """
    degree = losscore.get(key).claims.homogeneous
    full = 2 / side if degree == 0 else 2 * side if degree == 2 else 1.0
    share = (gradient.abs() / full).clamp(max=1)
    share = share.where(share > 1e-9, 0.0)  # rounding is no pull
    return -gradient.sign() * share.sqrt() * min(_LONGEST, side)


def _say(film: Film, pred: Tensor, truth: Tensor, losses: Mapping[str, Tensor], pulls: Mapping[str, Tensor]) -> None:
    for key, value in losses.items():
        film.say(f"boxes.{key}", value)
    for key, pull in pulls.items():
        for edge, slope in zip(EDGES, pull.unbind(-1), strict=True):
            film.say(f"boxes.{key}.{edge}", slope.where(slope.abs() > 1e-12, 0.0))
    film.say("boxes.iou_score", box_score(pred, truth))
    for who, box in (("pred", pred), ("truth", truth.reshape(1, 4))):
        for edge, value in zip(EDGES, box.unbind(-1), strict=True):
            film.say(f"boxes.{who}.{edge}", value, text=lambda v: f"{v:.0f}")
        width, height = (box[:, 2:] - box[:, :2]).unbind(-1)
        film.say(f"boxes.{who}.aspect", width / height)
