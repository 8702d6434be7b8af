"""A box on its way down the gradient of several losses: where it is after some steps, and its overlap all along."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.boxes import box_score, race
from losscore.figures import theme
from losscore.figures.box_drawing import draw_box
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import draw_curves, second_legend
from losscore.scenes.boxes import STARTS
from losscore.snippet import literal

STEPS = 120
_TRUTH = (0.0, 0.0, 1.0, 1.0)
_HEIGHT, _NARROW = 410, 300
_WIDE, _TALL = (-0.9, 2.9), (-0.9, 2.0)  # the plane, in widths of the true box


@lru_cache(maxsize=256)
def _path(key: str, start: str, rate: float) -> Tensor:
    """The box (STEPS + 1, 4) at every step."""
    first = torch.tensor(STARTS[start][1], dtype=torch.float64)
    return race(losscore.get(key), first, torch.tensor(_TRUTH, dtype=torch.float64), rate, STEPS)


def box_race(start: str, keys: Sequence[str], rate: float, step: float | Tensor, labels: Mapping[str, str]) -> Film:
    """The boxes of every loss in `keys` after `step` steps from one start, the ways of their centres, their overlap.

    step: 0 to STEPS, a number or a tensor (S,). Slots, behind "race.<key>.": score (IoU), area (in areas of the true
    box), away (of the centres), largest (area so far), and "race.step". Raises KeyError for an unknown start or loss.
    """
    at = torch.as_tensor(step, dtype=torch.float64).reshape(-1)
    index = at.round().long().clamp(0, STEPS)
    panels = Panels(
        ["The boxes and the way of their centres", "Overlap with the true box"],
        weights=[1.15, 0.85], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "A true box and one predicted box for each loss on its way to it; the overlap of each over the steps."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    truth = torch.tensor(_TRUTH, dtype=torch.float64)
    draw_box(panels, film, 0, truth, "true box", theme.TRUTH, width=4)
    first = torch.tensor(STARTS[start][1], dtype=torch.float64)
    draw_box(panels, film, 0, first, "start", theme.NEUTRAL, dash="dot", width=1.5)
    scores = {}
    film.say("race.step", at, text=lambda value: f"{value:.0f}")
    for key in keys:
        path = _path(key, start, rate)
        scores[key] = box_score(path, truth)
        now = path[index]
        _draw_way(panels, film, key, path, index)
        draw_box(panels, film, 0, now, labels[key], theme.colour(key), dash=theme.dash(key), legend=None)
        _say(film, key, path, scores[key], index)
    draw_curves(
        panels, film, 1, at, "step", {key: score[index] for key, score in scores.items()}, labels,
        upright="IoU score", span=(-0.04, 1.04),
    )  # fmt: skip
    second_legend(panels, 1, _NARROW, 2)
    # Five names are wider than their panel: they grow towards the short legend on their left.
    panels.figure.layout.legend2.update(x=1, xanchor="right")
    panels.narrow["legend2.xanchor"] = "left"
    unit = "widths of the true box"
    square = {"scaleanchor": "x", "constrain": "domain"}
    panels.axes(
        0, {"title": {"text": f"x ({unit})"}, "range": list(_WIDE), "constrain": "domain"},
        {"title": {"text": f"y ({unit})"}, "range": [_TALL[1], _TALL[0]]} | square,
    )  # fmt: skip
    said = zip(at.tolist(), film.slots[f"race.{keys[0]}.score"].tolist(), strict=True)
    film.speak([f"Step {k:.0f}: IoU score under {labels[keys[0]]} {short(score)}" for k, score in said])
    return film


def _draw_way(panels: Panels, film: Film, key: str, path: Tensor, index: Tensor) -> None:
    """The centre's way so far, held where it is, and the centre."""
    so_far = torch.minimum(torch.arange(0, STEPS + 1, 2), index[:, None])
    way = ((path[:, :2] + path[:, 2:]) / 2)[so_far]
    ink = {"color": theme.colour(key)}
    line = go.Scatter(x=[0], y=[0], mode="lines", line={"width": 1.5} | ink, showlegend=False, hoverinfo="skip")
    film.move(panels.add(line), x=way[..., 0], y=way[..., 1])
    marker = {"size": 8, "symbol": theme.marker(key)} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"))
    film.move(dot, x=way[:, -1:, 0], y=way[:, -1:, 1])


def _say(film: Film, key: str, path: Tensor, score: Tensor, index: Tensor) -> None:
    area = (path[:, 2:] - path[:, :2]).prod(-1)
    away = ((path[:, :2] + path[:, 2:]) / 2 - 0.5).norm(dim=-1)
    numbers = {"score": score, "area": area, "largest": area.cummax(0).values, "away": away}
    for name, values in numbers.items():
        film.say(f"race.{key}.{name}", values[index])
    now = path[index]

    def lines(step: int) -> str:
        return f"pred = {literal(now[step])}\ntarget = torch.tensor({list(_TRUTH)})\nprint(1 - iou(pred, target))"

    film.written(f"race.{key}.score", key, lines, losscore.get("iou"))
