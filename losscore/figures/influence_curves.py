"""What one outlier does to an estimate as it moves away, and what many of them do as they grow in number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.fits import fit_constant
from losscore.explore.influence import Influence, breakdown, classify, estimate_against_outlier
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.record import Loss
from losscore.scenes.points import values

FAR, MANY = 20.0, 40  # how far the outliers of the right panel lie, and among how many values
_CLASSES = ("unbounded", "bounded", "redescending")
# Sizes along the left panel's axis, and the range of estimates; among fifteen MSE leaves it, which is the point.
_AXES = {"fifteen": ((0.0, 20.0), (-0.02, 0.22)), "five": ((0.0, 100.0), (0.0, 24.0))}
_MOVING = {"fifteen": "A sixteenth value moves away", "five": "The last of five values moves away"}


def influence_curves(
    data: str, keys: Sequence[str], params: Mapping[str, Mapping[str, Any]], size: float | Tensor, share: float | Tensor
) -> Film:
    """The estimated centre against one outlier's size, and against the share of outliers that lie FAR away.

    data: "fifteen", values that stand for a standard normal sample, or "five", the values 1, 2, 3, 4 and the outlier.
    size, the outlier's place, or share, in percent, may be a tensor of steps. Slots: <key>.estimate, <key>.class (0
    unbounded, 1 bounded, 2 redescending), <key>.broken. Raises KeyError for unknown data or losses.
    """
    (low, high), heights = _AXES[data]
    sizes, shares = (torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (size, share))
    losses = {key: (losscore.get(key), params.get(key, {})) for key in keys}
    across, part = torch.linspace(low, high, 161, dtype=torch.float64), torch.linspace(0, 60, 25, dtype=torch.float64)
    beyond = torch.logspace(0, 3, 16, dtype=torch.float64)
    # One call for the curve, the markers on it and what lies far beyond the axis.
    whole = _estimates(data, losses, torch.cat([across, sizes, beyond]))
    broken = breakdown(losses, torch.cat([part, shares]) / 100, n=MANY, size=FAR)
    kinds = classify(whole)

    panels = Panels([_MOVING[data], f"Of {MANY} values, more and more lie {FAR:g} too high"], height=430)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    film = Film(
        panels.figure, max(len(sizes), len(shares)),
        "The estimate of each chosen loss against an outlier's size, and against the share of outliers.", panels.narrow,
    )  # fmt: skip
    for key in keys:
        curve, now = whole.estimate[key].split([len(across), len(sizes) + len(beyond)])
        grown, there = broken[key].split([len(part), len(shares)])
        _draw(panels, film, 0, losses[key][0], (across, curve), (sizes, now[: len(sizes)]))
        _draw(panels, film, 1, losses[key][0], (part, grown), (shares, there))
        for slot, value in ((f"{key}.estimate", now[: len(sizes)]), (f"{key}.broken", there)):
            film.say(slot, value, text=lambda v: short(0.0 if abs(v) < 1e-9 else v))
        film.say(f"{key}.class", float(_CLASSES.index(kinds[key])), text=lambda v: _CLASSES[int(v)])
    place = {
        "title": {"text": "outlier's size" if data == "fifteen" else "the last value"},
        "range": [low, 1.03 * high],
    }
    panels.axes(0, place, {"title": {"text": "estimate"}, "range": list(heights)})
    panels.axes(
        1, {"title": {"text": "share of outliers (%)"}, "range": [0, 62]},
        {"title": {"text": "estimate"}, "range": [-0.1 * FAR, 1.1 * FAR]},
    )  # fmt: skip
    first = losses[keys[0]][0]
    steps = zip(sizes.expand(film.steps).tolist(), film.slots[f"{first.key}.estimate"].tolist(), strict=True)
    film.speak([f"Outlier at {short(at)}: {label(first.key)} estimates {short(value)}" for at, value in steps])
    return film


def _estimates(data: str, losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], sizes: Tensor) -> Influence:
    if data == "fifteen":
        return estimate_against_outlier(losses, sizes)
    points = values(sizes)
    without = replace(values(0.0), weight=torch.tensor([1.0, 1.0, 1.0, 1.0, 0.0]))
    fits = ({k: fit_constant(loss, at, **p).intercept for k, (loss, p) in losses.items()} for at in (points, without))
    return Influence(sizes, *fits)


def _draw(
    panels: Panels, film: Film, panel: int, loss: Loss, curve: tuple[Tensor, Tensor], here: tuple[Tensor, Tensor]
) -> None:
    """A curve, and the marker on it."""
    ink = {"color": theme.colour(loss.key)}
    line = {"width": 3, "dash": theme.dash(loss.key)} | ink
    x, y = curve
    panels.add(go.Scatter(x=x, y=y, mode="lines", line=line, name=label(loss.key), showlegend=panel == 0), panel)
    marker = {"size": 12, "symbol": theme.marker(loss.key), "line": {"color": "#ffffff", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=here[0][:, None], y=here[1][:, None])
