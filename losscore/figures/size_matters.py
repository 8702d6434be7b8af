"""What an object's size does to a loss: squares that slip by the same pixels, and faint objects of every size."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.masks import loss_of, reported, resolve
from losscore.explore.pixels import pixel_gradient, share_on_object
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.mask_lines import write_masks
from losscore.figures.mask_overlay import draw_mosaic, frame, shades
from losscore.figures.panels import Panels
from losscore.figures.pixel_push import draw_gradient, draw_scale
from losscore.figures.sweep_curve import Number, draw_curves, second_legend
from losscore.scenes.cases import case
from losscore.scenes.edits import Prediction, threshold
from losscore.scenes.masks import faint_square, slipped_squares

SIDES = (2, 4, 10, 50)
SCORES = {"metric_dice": "Dice score", "metric_iou": "IoU score", "metric_accuracy": "Accuracy"}
# A score looks like the loss that stands for it.
_AS = {"metric_dice": "dice", "metric_iou": "jaccard", "metric_accuracy": "pixel_cross_entropy"}
_HEIGHT, _NARROW = 380, 260
_GRID = torch.arange(1, 51)


def one_pixel_off(slip: Number) -> Film:
    """Squares of four sides after the same slip (px), and their scores against the side."""
    steps = torch.as_tensor(slip).reshape(-1)
    truth, prediction = slipped_squares(_GRID, steps)
    hard = threshold(prediction.probability)
    scores = reported(hard, truth, SCORES)
    record, params = resolve("pixel_cross_entropy")
    entropy = loss_of(record, prediction, truth, **params)

    panels = Panels(
        ["Four squares, slipped alike", "Score against the side of the square"],
        weights=[0.8, 1.2], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "Squares of side 2, 4, 10 and 50 px with the same slip; Dice, IoU and accuracy against the side."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    at = torch.tensor(SIDES) - 1
    four = shades(prediction.probability[:, at].flatten(0, 1), truth[at].repeat(len(steps), 1, 1))
    draw_mosaic(panels, film, 0, four.unflatten(0, (-1, 4)), truth[at])
    for key, values in scores.items():
        _score(panels, film, key, values, at)
    panels.axes(
        1,
        {"title": {"text": "side of the square (px)"}, "type": "log", "range": [-0.05, 1.75], "tickvals": [1, *SIDES]},
        {"title": {"text": "score"}, "range": [-0.03, 1.04]},
    )
    second_legend(panels, 1, _NARROW, 2)
    for number, side in zip(at.tolist(), SIDES, strict=True):
        for key, values in (scores | {"pixel_cross_entropy": entropy}).items():
            film.say(f"size.{side}.{key}", values[:, number])
        one = hard[:, number].clone()  # not all the squares with it
        for key in SCORES:
            write_masks(film, f"size.{side}.{key}", key, Prediction(one, one), truth[number])
    for name in ("counts_100", "counts_1000"):
        counted = case(name)
        for key, values in reported(counted.probability, counted.truth, SCORES).items():
            film.say(f"size.{name}.{key}", values, lambda score: f"{score:.5f}")
    slots = [film.slots[f"size.{side}.metric_dice"].tolist() for side in (SIDES[0], SIDES[-1])]
    spoken = zip(steps.tolist(), *slots, strict=True)
    film.speak([f"{s:g} px off: Dice score {two:.2f} at side 2, {fifty:.2f} at side 50" for s, two, fifty in spoken])
    return film


def _score(panels: Panels, film: Film, key: str, values: Tensor, at: Tensor) -> None:
    ink = {"color": theme.colour(_AS[key])}
    line = {"width": 2.5, "dash": theme.dash(_AS[key])} | ink
    curve = panels.add(
        go.Scatter(x=_GRID.numpy(), y=values[0].numpy(), mode="lines", line=line, name=SCORES[key], legend="legend2"), 1
    )
    film.move(curve, y=values, x=_GRID.float())
    marker = {"size": 10, "symbol": theme.marker(_AS[key]), "line": {"color": "white", "width": 1}} | ink
    dots = panels.add(go.Scatter(x=list(SIDES), y=list(SIDES), mode="markers", marker=marker, showlegend=False), 1)
    film.move(dots, x=torch.tensor(SIDES).float(), y=values[:, at])


def share_of_gradient(side: Number, probability: Number, keys: list[str], labels: Mapping[str, str]) -> Film:
    """Share of each loss's gradient on a square of `side` px in 100 x 100, under one probability everywhere."""
    wide = torch.as_tensor(side).reshape(-1)
    level = torch.as_tensor(probability, dtype=torch.float32).reshape(-1)
    truth, prediction = faint_square(wide, level)
    steps = wide if len(wide) >= len(level) else level
    gradients = {key: pixel_gradient(key, *_together(prediction, truth)) for key in keys}
    shares = {key: share_on_object(gradient, truth) for key, gradient in gradients.items()}

    panels = Panels(
        [f"Where {labels[keys[0]]} pushes", "The object's share of the gradient"],
        weights=[0.8, 1.2], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"A square in a picture under one probability, the pull of {labels[keys[0]]} on it, and shares by loss."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    frame(panels, 0, *truth.shape[-2:])
    draw_gradient(panels, film, 0, gradients[keys[0]])
    title = "side of the object (px)" if steps is wide else "probability predicted everywhere"
    draw_curves(panels, film, 1, steps, title, shares, labels, upright="share on the object", span=(-0.03, 1.03))
    second_legend(panels, 1, _NARROW, 2)
    draw_scale(panels, 0, 0)
    film.say("size.area", truth.mean((-2, -1)), _percent)
    for key, share in shares.items():
        film.say(f"size.{key}.share", share, _percent)
        film.say(f"size.{key}.pixel", gradients[key].abs().amax((-2, -1)))
    spoken = zip(*(film.slots[name].tolist() for name in ("size.area", f"size.{keys[0]}.share")), strict=True)
    name = labels[keys[0]]
    film.speak([f"Object {_percent(a)} of the picture: {_percent(b)} of the pull of {name}" for a, b in spoken])
    return film


def _together(prediction: Prediction, truth: Tensor) -> tuple[Prediction, Tensor]:
    """Prediction and truth (S, H, W) of one length."""
    logits, probability, truth = torch.broadcast_tensors(prediction.logits, prediction.probability, truth)
    return Prediction(logits.contiguous(), probability.contiguous()), truth


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.1f} %"
