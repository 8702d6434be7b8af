"""Any loss on a walk through its own example: what it costs, how it pulls along the way, and on which entries."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.examples import SIZES
from losscore.explore.walks import Walk, walk
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.ordinary import dimensions

_LARGE = 256  # numbers of a sample; beyond it fewer places are drawn
MOST_BARS = 200  # entries whose gradients are drawn
_AWAY = -1e9  # where a marker lies whose loss is not finite


def loss_walk(keys: Sequence[str], percent: float | Tensor, params: Mapping[str, Mapping[str, Any]]) -> Film:
    """One loss: curve, slope and gradient of each entry. Several: the curve of each on a panel of its own.

    percent: the place on each loss's walk, 0 to 100; it or one parameter may be a tensor of steps (S,).
    Slots: <key>.at, <key>.loss, <key>.slope. Raises KeyError for an unknown loss, and as the losses do.
    """
    shares = torch.as_tensor(percent, dtype=torch.float64).reshape(-1) / 100
    walks = [walk(losscore.get(key)) for key in keys]
    steps = max(len(shares), *(_count(params.get(key, {})) for key in keys))
    alone = len(walks) == 1
    entries = alone and 1 < walks[0].start.numel() <= MOST_BARS
    titles = ["Loss", "Slope along the walk", "Gradient of each entry"][: 2 + entries]
    titles = titles if alone else [label(key) for key in keys]
    panels = Panels(titles, height=400, narrow_height=260)
    what = " and ".join(label(key) for key in keys)
    film = Film(panels.figure, steps, f"{what} while one input moves along a line, with a marker.", panels.narrow)
    for index, trip in enumerate(walks):
        _draw(panels, film, trip, shares, params.get(trip.loss.key, {}), index, alone=alone, entries=entries)
    first = keys[0]
    film.speak([f"{label(first)} {short(value)}" for value in film.slots[f"{first}.loss"].tolist()])
    panels.figure.update_layout(showlegend=False)
    return film


def _count(params: Mapping[str, Any]) -> int:
    return max((value.numel() for value in params.values() if isinstance(value, Tensor)), default=1)


def _draw(
    panels: Panels, film: Film, trip: Walk, shares: Tensor, params: Mapping[str, Any], index: int, *,
    alone: bool, entries: bool,
) -> None:  # fmt: skip
    """The curve of one loss and its marker and, where it is alone, its slope and its gradient's entries."""
    loss, many = trip.loss, 161 if trip.start.numel() <= _LARGE else 21
    swept = {name: value.double() if isinstance(value, Tensor) else value for name, value in params.items()}
    scan = torch.linspace(trip.low, trip.high, many, dtype=torch.float64)
    places = trip.low + shares * (trip.high - trip.low)
    if trip.start.numel() > _LARGE and len(places) > 1:  # what is dear to compute is computed once
        scan = places
    curve, slopes, pull = trip.costs(scan, swept)
    if scan is places:
        here, slope = curve, slopes
    elif _count(params) > 1:  # one place, a value for each step of the parameter
        here, slope, pull = (x.flatten(0, 1) for x in trip.costs(places, swept))
    else:
        here, slope, pull = trip.costs(places, swept)
    rows = [("loss", curve, here), ("slope", slopes, slope)][: 2 if alone else 1]
    for panel, (name, line, dot) in enumerate(rows, start=index):
        _curve(panels, film, panel, loss.key, (scan, line), (places, dot))
        panels.axes(
            panel, {"title": {"text": trip.title}, "range": _wide(scan)},
            {"title": {"text": f"{name} per {trip.moved}" if name == "slope" else _unit(trip)}, "range": _wide(line)},
        )  # fmt: skip
    if entries:
        _entries(panels, film, trip, pull.flatten(1))
    film.say(f"{loss.key}.at", places)
    film.say(f"{loss.key}.loss", here)
    film.say(f"{loss.key}.slope", slope)


def _unit(trip: Walk) -> str:
    return "loss" if trip.loss.differentiable else "value"


def _curve(
    panels: Panels, film: Film, panel: int, key: str, curve: tuple[Tensor, Tensor], here: tuple[Tensor, Tensor]
) -> None:
    ink = {"color": theme.colour(key)}
    line = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line={"width": 3} | ink, name=label(key)), panel)
    film.move(line, x=curve[0], y=torch.where(curve[1].isfinite(), curve[1], torch.nan))
    marker = {"size": 12, "symbol": theme.marker(key), "line": {"color": "#ffffff", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, hoverinfo="skip"), panel)
    film.move(dot, x=here[0][:, None], y=here[1].nan_to_num(nan=_AWAY, posinf=_AWAY)[:, None])


def _entries(panels: Panels, film: Film, trip: Walk, pull: Tensor) -> None:
    """The gradient as one upright line for each entry of the moved input."""
    count = pull.shape[1]
    gap = torch.full((count,), torch.nan, dtype=torch.float64)
    where = torch.arange(1, count + 1, dtype=torch.float64)
    stems = torch.stack([torch.zeros_like(pull), pull, gap.expand_as(pull)], -1)
    style = {"width": max(2.0, min(12.0, 240 / count)), "color": theme.colour(trip.loss.key)}
    bars = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=style, hoverinfo="skip"), 2)
    film.move(bars, x=torch.stack([where, where, gap], -1).flatten(), y=stems.flatten(1))
    panels.axes(
        2, {"title": {"text": f"entry of {trip.moved.replace('_', ' ')}"}, "range": [0, count + 1]},
        {"title": {"text": "gradient"}, "range": _wide(pull)},
    )  # fmt: skip


def _wide(values: Tensor) -> list[float]:
    """An axis that holds nearly all values: a few steep ones at an end must not squash the rest."""
    fine = values[values.isfinite()]
    if not fine.numel():
        return [0.0, 1.0]
    low, high = (torch.quantile(fine, share).item() for share in (0.03, 0.97))
    span = max(high - low, 1e-3 * max(abs(low), abs(high)), 1e-9)
    low, high = max(fine.min().item(), low - span), min(fine.max().item(), high + span)
    room = 0.06 * max(high - low, 1e-9)
    return [low - room, high + room]


def settable(key: str) -> bool:
    """Whether a sweep over a parameter of this loss is small enough to follow the thumb."""
    loss = losscore.get(key)
    sizes = dimensions(loss, SIZES)
    return all(math.prod(sizes[dim] for dim in kind.dims) <= _LARGE for kind in loss.inputs.values())
