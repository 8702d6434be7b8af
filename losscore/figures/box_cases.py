"""Small cases of boxes that can be checked by hand: one edge error placed three ways, two unit boxes drawn apart."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.boxes import box_losses, box_pulls, box_score
from losscore.figures import theme
from losscore.figures.box_drawing import draw_box
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import draw_curves, second_legend
from losscore.scenes.boxes import centred, same_distance

PLACED = ("Pushed along both axes", "Made taller", "Made lower")
_HEIGHT, _NARROW = 340, 240
_PLANE = (-2.0, 17.0)


def one_error_three_ways(size: float | Tensor, labels: Mapping[str, str]) -> Film:
    """A true box of 10 x 10 and three predictions with the same root of summed squared edge errors.

    size: that root, a number or a tensor (S,). Slots, behind "same.": <1, 2, 3>.<key> of the losses in `labels` and
    <1, 2, 3>.score.
    """
    at = torch.as_tensor(size, dtype=torch.float64).reshape(-1)
    pred = same_distance(at)
    truth = torch.tensor([0.0, 0.0, 10.0, 10.0], dtype=torch.float64)
    titles = [f"{number} {title}" for number, title in enumerate(PLACED, start=1)]
    panels = Panels(titles, height=_HEIGHT, narrow_height=_NARROW, abreast=3)
    alt = "A true box, three times, with a predicted box each whose edges are off by the same amount in another way."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    losses, scores = box_losses(pred, truth, labels), box_score(pred, truth)
    for panel in range(len(PLACED)):
        legend = "legend" if panel == 0 else None
        draw_box(panels, film, panel, truth, "true box", theme.TRUTH, width=3, legend=legend)
        draw_box(panels, film, panel, pred[:, panel], "predicted box", theme.PREDICTION, dash="dash", legend=legend)
        plain = {"range": list(_PLANE), "constrain": "domain"}
        axis = panels.axis("x", panel)
        panels.axes(
            panel, plain | {"title": {"text": "x"}},
            plain | {"title": {"text": "y"}, "range": [_PLANE[1], _PLANE[0]], "scaleanchor": axis},
        )  # fmt: skip
        film.say(f"same.{panel + 1}.score", scores[:, panel])
        for key, value in losses.items():
            film.say(f"same.{panel + 1}.{key}", value[:, panel])
    for key in losses:
        film.given_by(f"same.1.{key}", losscore.get(key), {"pred": pred[:, 0], "target": truth[None]}, {})
    said = zip(at.tolist(), scores.tolist(), strict=True)
    film.speak([f"Error {e:g}: IoU scores {', '.join(short(score) for score in three)}" for e, three in said])
    return film


def unit_boxes(apart: float | Tensor, drawn: Sequence[str], labels: Mapping[str, str]) -> Film:
    """Two boxes of 1 x 1, one `apart` to the right of the other, and the losses over that distance.

    apart: a number or a tensor (S,). Slots, behind "unit.": <key>, <key>.slope (the gradient by the distance), score.
    """
    at = torch.as_tensor(apart, dtype=torch.float64).reshape(-1)
    truth, pred = centred(0.0, 0.0, 1.0, 1.0)[0], centred(at, 0.0, 1.0, 1.0)
    panels = Panels(["Two boxes of 1 x 1", "Loss over the distance"], height=_HEIGHT, narrow_height=_NARROW)
    film = Film(panels.figure, len(at), "Two unit boxes side by side; losses over their distance.", panels.narrow)
    draw_box(panels, film, 0, truth, "true box", theme.TRUTH, width=3)
    draw_box(panels, film, 0, pred, "predicted box", theme.PREDICTION, dash="dash")
    between = {"mode": "lines", "line": {"color": theme.NEUTRAL, "width": 1.5}, "name": "between the centres"}
    line = panels.add(go.Scatter(x=[0, 0], y=[0, 0], hoverinfo="skip", **between))
    film.move(line, x=torch.stack([torch.zeros_like(at), at], -1), y=torch.zeros(1, 2))
    panels.axes(
        0, {"title": {"text": "x"}, "range": [-1, 11], "constrain": "domain"},
        {"title": {"text": "y"}, "range": [4, -4], "scaleanchor": "x", "constrain": "domain"},
    )  # fmt: skip
    losses = box_losses(pred, truth, drawn)
    draw_curves(panels, film, 1, at, "distance of the centres", losses, labels)
    second_legend(panels, 1, _NARROW, 2)
    for key, slopes in box_pulls(pred, truth, drawn).items():
        film.say(f"unit.{key}", losses[key])
        film.given_by(f"unit.{key}", losscore.get(key), {"pred": pred, "target": truth[None]}, {})
        film.say(f"unit.{key}.slope", slopes[:, 0] + slopes[:, 2])
    film.say("unit.score", box_score(pred, truth))
    said = zip(at.tolist(), losses[drawn[0]].tolist(), strict=True)
    film.speak([f"Distance {d:.3g}: {labels[drawn[0]]} {short(value)}" for d, value in said])
    return film
