"""Where a loss's rings touch a penalty's ball, and what becomes of ten weights as the penalty grows."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.penalised import ball, path_of, penalised_weights, ring, strengths
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number
from losscore.scenes.designs import MEASURES, diabetes_ten

_TURNS = torch.linspace(0, 2 * math.pi, 181, dtype=torch.float64)
_SPAN = 0.68
_QUIET: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}
_LINES = ("#0072B2", "#D55E00")  # of the two weights of the left panel, in the right one too


def penalty_balls(key: str, pair: tuple[str, str], strength: Number, l1_ratio: Number, grid: Sequence[float]) -> Film:
    """Weights of two measures in their plane, and of all ten over the strength of the penalty.

    key: l1_penalty, l2_penalty or elastic_net_penalty. strength or l1_ratio may be a tensor (S,). grid: strengths of
    the paths. Slots, behind "penalty.": loss, cost, sum (of the fit with two weights), first, second (those weights),
    zeros (of ten), ten.loss. Raises KeyError for an unknown penalty, ValueError for an unknown measure.
    """
    data = diabetes_ten()
    columns = tuple(data.names.index(name) for name in pair)
    X = data.X[:, list(columns)]
    lam, ratio = torch.broadcast_tensors(*(torch.as_tensor(v).double().reshape(-1) for v in (strength, l1_ratio)))
    params = strengths(key, lam, ratio)
    penalty, mse = losscore.get(key), losscore.get("mse")
    w = penalised_weights(X, data.y, key, lam, ratio)
    cost = penalty(w, reduction="none", **params)
    loss = mse(w @ X.T, data.y.expand(len(w), -1), reduction="none").mean(-1)
    panels = Panels(
        ["Two measures: rings touch the ball", "All ten measures"], weights=[1.0, 1.1], height=420, narrow_height=330
    )
    alt = (
        f"Rings of the squared error and the outline of the {penalty.title} touch at the fitted weights; beside it the "
    )
    film = Film(panels.figure, len(lam), alt + "weights of ten measures over its strength.", panels.narrow)

    best = torch.linalg.lstsq(X, data.y[:, None]).solution[:, 0]
    floor = mse(X @ best, data.y)
    for step in (0.02, 0.08, 0.18, 0.32):
        still = ring(X, data.y, (floor + step)[None], _TURNS)[0]
        line = {"color": theme.NEUTRAL, "width": 1}
        x, y = still.T.numpy()
        panels.add(go.Scatter(x=x, y=y, mode="lines", line=line, opacity=0.6, **_QUIET))
    ink = theme.colour(key)
    outline = {"color": ink, "width": 3, "dash": theme.dash(key)}
    fill = f"rgba({', '.join(str(int(ink[i : i + 2], 16)) for i in (1, 3, 5))}, 0.15)"
    ball_line = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=outline, fill="toself", fillcolor=fill,
                                      name="same penalty as the fit", hoverinfo="skip"))  # fmt: skip
    shape = ball(key, cost, params, _TURNS)
    film.move(ball_line, x=shape[..., 0], y=shape[..., 1])
    touching = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line={"color": theme.AGREEMENT, "width": 2.5},
                                     name="same error as the fit", hoverinfo="skip"))  # fmt: skip
    ellipse = ring(X, data.y, loss, _TURNS)
    film.move(touching, x=ellipse[..., 0], y=ellipse[..., 1])
    way = _paths(columns, key, grid, ratio)
    path = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line={"color": "#E69F00", "width": 3, "dash": "dot"},
                                 name="way of the fit", hoverinfo="skip"))  # fmt: skip
    film.move(path, x=way[..., 0], y=way[..., 1])
    star = {"size": 13, "symbol": "star", "color": theme.NEUTRAL, "line": {"color": "#ffffff", "width": 1}}
    panels.add(go.Scatter(x=best[:1].numpy(), y=best[1:].numpy(), mode="markers", marker=star, name="least squares"))
    dot = {"size": 13, "symbol": "circle", "color": "#E69F00", "line": {"color": "#1c2430", "width": 1.5}}
    here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=dot, name="the fit"))
    film.move(here, x=w[:, :1], y=w[:, 1:])
    span = {"range": [-_SPAN, _SPAN], "constrain": "domain", "zeroline": True, "zerolinewidth": 2}
    first, second = ({"title": {"text": f"weight of {MEASURES[name]}"}} | span for name in pair)
    panels.axes(0, first, second | {"scaleanchor": "x"})

    ten = penalised_weights(data.X, data.y, key, lam, ratio)
    _all_ten(panels, film, data.names, columns, _paths(tuple(range(len(data.names))), key, grid, ratio), grid, lam, ten)
    film.say("penalty.loss", loss)
    film.say("penalty.cost", cost)
    film.given_by("penalty.cost", penalty, {"w": w}, params)
    film.say("penalty.sum", loss + cost)
    for name, column in (("first", 0), ("second", 1)):
        film.say(f"penalty.{name}", w[:, column])
    zeros = (ten == 0).sum(-1).double()
    film.say("penalty.zeros", zeros, text=lambda it: f"{it:.0f}")
    film.say("penalty.ten.loss", mse(ten @ data.X.T, data.y.expand(len(ten), -1), reduction="none").mean(-1))
    said = zip(lam.tolist(), w.tolist(), zeros.tolist(), strict=True)
    film.speak(
        [f"Strength {size:.3g}: weights {short(a)} and {short(b)}; {n:.0f} of ten are 0" for size, (a, b), n in said]
    )
    return film


def _paths(columns: tuple[int, ...], key: str, grid: Sequence[float], ratio: Tensor) -> Tensor:
    """Weights (R, G, P) over a grid of strengths, for one ratio or for each that differs."""
    if key != "elastic_net_penalty" or len(set(ratio.tolist())) == 1:
        return path_of(columns, key, tuple(grid), float(ratio[0]))[None]
    data, size = diabetes_ten(), torch.tensor(grid, dtype=torch.float64)
    flat = penalised_weights(
        data.X[:, list(columns)], data.y, key, size.repeat(len(ratio)), ratio.repeat_interleave(len(size))
    )
    return flat.reshape(len(ratio), len(size), -1)


def _all_ten(
    panels: Panels, film: Film, names: Sequence[str], columns: Sequence[int], paths: Tensor, grid: Sequence[float],
    lam: Tensor, ten: Tensor,
) -> None:  # fmt: skip
    """The path of each weight over the strength, (R, G, 10), and a dot on each at lam (S,)."""
    for index, name in enumerate(names):
        own = columns.index(index) if index in columns else None
        ink = theme.NEUTRAL if own is None else _LINES[own]
        line = {"color": ink, "width": 1.5 if own is None else 3, "dash": "solid" if own != 1 else "dash"}
        trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name, showlegend=False), 1)
        film.move(trace, x=torch.tensor(grid), y=paths[..., index])
    marker = {
        "size": 8,
        "color": [_LINES[columns.index(i)] if i in columns else theme.NEUTRAL for i in range(len(names))],
    }
    dots = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, text=list(names)), 1)
    film.move(dots, x=lam[:, None].expand(-1, len(names)), y=ten)
    start = paths[0, 0]
    for own, index in enumerate(columns):
        panels.figure.add_annotation(
            text=MEASURES[names[index]], xref=panels.axis("x", 1), yref=panels.axis("y", 1), x=math.log10(grid[0]),
            y=float(start[index]), showarrow=False, xanchor="left", yanchor="bottom",
            font={"color": _LINES[own], "size": 13},
        )  # fmt: skip
    low, high = math.log10(grid[0]), math.log10(grid[-1])
    panels.axes(
        1,
        {"type": "log", "range": [low - 0.05, high + 0.05], "title": {"text": "strength λ"}, "exponentformat": "power"},
        {"range": [-0.6, 0.6], "title": {"text": "weight"}},
    )  # fmt: skip
