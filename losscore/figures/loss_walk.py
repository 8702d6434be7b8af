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
_TYPED = 80  # numbers of a sample that are written out
MOST_BARS = 200  # entries whose gradients are drawn
_AWAY = -1e9  # where a marker lies whose loss is not finite


def loss_walk(keys: Sequence[str], percent: float | Tensor, params: Mapping[str, Mapping[str, Any]]) -> Film:
    """Losses that walk along the same line share a panel of values and one of slopes; others have one each.

    One loss of several numbers also shows the gradient of each entry of the input that moves.
    percent: the place on each loss's walk, 0 to 100; it or one parameter may be a tensor of steps (S,).
    Slots: <key>.at, <key>.loss, <key>.slope. Raises KeyError for an unknown loss, and as the losses do.
    """
    shares = torch.as_tensor(percent, dtype=torch.float64).reshape(-1) / 100
    walks = [walk(losscore.get(key)) for key in keys]
    steps = max(len(shares), *(_count(params.get(key, {})) for key in keys))
    shared = len({(trip.title, trip.low, trip.high) for trip in walks}) == 1
    trained = any(trip.loss.differentiable for trip in walks)
    entries = len(walks) == 1 and trained and 1 < walks[0].start.numel() <= MOST_BARS
    titles = [_value(walks), *["Slope along the walk"] * trained, *["Gradient of each entry"] * entries]
    titles = titles if shared else [label(key) for key in keys]
    panels = Panels(titles, height=400, narrow_height=260)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    what = " and ".join(label(key) for key in keys)
    film = Film(panels.figure, steps, f"{what} while one input moves along a line, with a marker.", panels.narrow)
    trips = [_Trip(trip, shares, params.get(trip.loss.key, {})) for trip in walks]
    if shared:
        _draw(panels, film, 0, trips, "loss")
        if trained:
            _draw(panels, film, 1, trips, "slope")
        if entries:
            _entries(panels, film, trips[0])
    else:
        for index, trip in enumerate(trips):
            _draw(panels, film, index, [trip], "loss")
    for trip in trips:
        for name, values in (("at", trip.places), ("loss", trip.here["loss"]), ("slope", trip.here["slope"])):
            film.say(f"{trip.key}.{name}", values)
        if sum(tensor.numel() for tensor in trip.walk.still) <= _TYPED:
            inputs = dict(zip(trip.walk.loss.inputs, trip.walk.inputs(trip.places), strict=True))
            film.given_by(f"{trip.key}.loss", trip.walk.loss, inputs, params.get(trip.key, {}))
    film.speak([f"{label(keys[0])} {short(value)}" for value in film.slots[f"{keys[0]}.loss"].tolist()])
    panels.figure.update_layout(showlegend=shared and len(walks) > 1)
    return film


def _value(walks: Sequence[Walk]) -> str:
    return "Loss" if all(trip.loss.differentiable for trip in walks) else "Value"


def _count(params: Mapping[str, Any]) -> int:
    return max((value.numel() for value in params.values() if isinstance(value, Tensor)), default=1)


class _Trip:
    """The numbers of one walk: along its whole line, and at the places of the film."""

    def __init__(self, trip: Walk, shares: Tensor, params: Mapping[str, Any]) -> None:
        self.walk, self.key = trip, trip.loss.key
        many = 161 if trip.start.numel() <= _LARGE else 21
        swept = {name: value.double() if isinstance(value, Tensor) else value for name, value in params.items()}
        self.scan = torch.linspace(trip.low, trip.high, many, dtype=torch.float64)
        self.places = trip.low + shares * (trip.high - trip.low)
        if trip.start.numel() > _LARGE and len(self.places) > 1:  # what is dear to compute is computed once
            self.scan = self.places
        value, slope, pull = trip.costs(self.scan, swept)
        self.lines = {"loss": value, "slope": slope}
        if self.scan is not self.places:
            value, slope, pull = trip.costs(self.places, swept)
            if any(isinstance(given, Tensor) and given.ndim for given in swept.values()):  # one place, its steps
                value, slope, pull = (x.flatten(0, 1) for x in (value, slope, pull))
        self.here, self.pull = {"loss": value, "slope": slope}, pull


def _draw(panels: Panels, film: Film, panel: int, trips: Sequence[_Trip], name: str) -> None:
    """Curves of the losses, or of their slopes, and a marker on each."""
    for trip in trips:
        ink = {"color": theme.colour(trip.key)}
        dashed = {"width": 3, "dash": theme.dash(trip.key)} | ink
        line = panels.add(
            go.Scatter(x=[0], y=[0], mode="lines", line=dashed, name=label(trip.key), showlegend=name == "loss"), panel
        )
        values = trip.lines[name]
        film.move(line, x=trip.scan, y=torch.where(values.isfinite(), values, torch.nan))
        marker = {"size": 12, "symbol": theme.marker(trip.key), "line": {"color": "#ffffff", "width": 1}} | ink
        dot = panels.add(
            go.Scatter(x=[0], y=[0], mode="markers", marker=marker, hoverinfo="skip", showlegend=False), panel
        )
        here = trip.here[name].nan_to_num(nan=_AWAY, posinf=_AWAY)
        film.move(dot, x=trip.places[:, None], y=here[:, None])
    all_lines = torch.cat([trip.lines[name].flatten() for trip in trips])
    title = _value([trip.walk for trip in trips]).lower() if name == "loss" else "slope"
    panels.axes(
        panel, {"title": {"text": trips[0].walk.title}, "range": _wide(trips[0].scan)},
        {"title": {"text": title}, "range": _wide(all_lines)},
    )  # fmt: skip


def _entries(panels: Panels, film: Film, trip: _Trip) -> None:
    """The gradient as one upright line for each entry of the moved input."""
    pull = trip.pull.flatten(1)
    count = pull.shape[1]
    gap = torch.full((count,), torch.nan, dtype=torch.float64)
    where = torch.arange(1, count + 1, dtype=torch.float64)
    stems = torch.stack([torch.zeros_like(pull), pull, gap.expand_as(pull)], -1)
    style = {"width": max(2.0, min(12.0, 240 / count)), "color": theme.colour(trip.key)}
    bars = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=style, hoverinfo="skip", showlegend=False), 2)
    film.move(bars, x=torch.stack([where, where, gap], -1).flatten(), y=stems.flatten(1))
    panels.axes(
        2, {"title": {"text": f"entry of {trip.walk.moved.replace('_', ' ')}"}, "range": [0, count + 1]},
        {"title": {"text": "gradient"}, "range": _wide(torch.cat([pull.flatten(), torch.zeros(1)]))},
    )  # fmt: skip


def _wide(values: Tensor) -> list[float]:
    """An axis that holds nearly all values: a few steep ones at an end must not squash the rest."""
    fine = values[values.isfinite()]
    if not fine.numel():
        return [0.0, 1.0]
    low, high = (torch.quantile(fine, share).item() for share in (0.03, 0.97))
    span = max(high - low, 1e-3 * max(abs(low), abs(high)), 1e-9)
    low, high = max(fine.min().item(), low - span), min(fine.max().item(), high + span)
    size = max(abs(low), abs(high))
    # What does not change is a line in the middle of its panel, not the rounding of its last digit.
    room = 0.06 * (high - low) if high - low > 1e-6 * size else max(0.05 * size, 0.05)
    return [low - room, high + room]


def settable(key: str) -> bool:
    """Whether a sweep over a parameter of this loss is small enough to follow the thumb."""
    loss = losscore.get(key)
    sizes = dimensions(loss, SIZES)
    return all(math.prod(sizes[dim] for dim in kind.dims) <= _LARGE for kind in loss.inputs.values())
