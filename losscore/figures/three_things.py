"""One line fit in which loss, optimiser and regulariser are changed one at a time: goals and ways."""

from typing import Any, get_args

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.descent import Method, descend
from losscore.explore.goals import lowest_line, penalised_surface
from losscore.figures import landscape, theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number
from losscore.record import Loss
from losscore.scenes.points import Points, line_with_outliers
from losscore.snippet import literal

STEPS = 120
METHODS = {"gradient": "Gradient", "momentum": "Momentum", "adam": "Adam"}
RATES = {"gradient": 0.02, "momentum": 0.004, "adam": 0.4}  # step sizes at a pace of 1
_START = torch.tensor([-0.6, 7.5], dtype=torch.float64)
_W, _B = (-1.0, 4.0), (-9.0, 9.0)
_POWERS = (-3.0, 3.0)
_STYLE = {"gradient": ("solid", "circle"), "momentum": ("dash", "square"), "adam": ("dot", "diamond")}


def three_things(key: str, method: Method, penalty: str, strength: float, step: Number, pace: Number) -> Film:
    """Loss plus penalty over slope and intercept, the way of an optimiser, and how soon each of three arrives.

    key: a loss of the residual. penalty: "none", l1_penalty or l2_penalty, of the slope. step: how much of the way is
    shown; pace: multiplies every optimiser's step size; one of the two may be a tensor (S,). Slots, behind "three.": w,
    b, sum (where the way has come), goal.w, goal.b, goal.sum, plain.w, plain.b (the goal of the loss alone),
    <method>.above (how far above the goal each optimiser is at this step). Raises KeyError for an unknown loss.
    """
    loss, points = losscore.get(key), line_with_outliers()
    extra = None if penalty == "none" else (losscore.get(penalty), {"lam": strength})
    slopes, levels = torch.linspace(*_W, 61), torch.linspace(*_B, 61)
    goal, least = lowest_line(loss, points, extra)
    plain, _ = lowest_line(loss, points, None)
    at, paces = torch.broadcast_tensors(torch.as_tensor(step).reshape(-1), torch.as_tensor(pace).double().reshape(-1))
    at = at.round().long()
    few = paces[:1] if len(set(paces.tolist())) == 1 else paces
    panels = Panels(["", "Above the goal"], weights=[1.6, 1.0], height=420, narrow_height=320)
    alt = f"{label(key)} over slope and intercept as a landscape, the way of {METHODS[method]}, and its goal."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    landscape.contours(panels, slopes, levels, penalised_surface(loss, points, extra, slopes, levels) - float(least))
    low, high = torch.tensor([_W[0], _B[0]]).double(), torch.tensor([_W[1], _B[1]]).double()
    count = torch.arange(len(at))
    for name in get_args(Method):
        path = descend(loss, points, _START, RATES[name] * few, STEPS, name, extra).path
        sums = penalised_surface(loss, points, extra, path[..., 0], path[..., 1], pairs=True)
        above = (sums - least).clamp(10.0 ** _POWERS[0], 1e9)
        _decline(panels, film, name, above, at, chosen=name == method)
        film.say(f"three.{name}.above", (sums - least).clamp(min=0).expand(len(at), -1)[count, at])
        if name == method:
            whole = path.expand(len(at), -1, -1)
            held = torch.minimum(torch.arange(STEPS + 1), at[:, None])
            shown = whole.gather(1, held[..., None].expand(-1, -1, 2))
            drawn = shown.clamp(low - 3 * (high - low), high + 3 * (high - low))
            landscape.way(panels, film, drawn, (float(goal[0]), float(goal[1]), float(least)))
            now = shown[:, -1]
            film.say("three.w", now[:, 0])
            film.say("three.b", now[:, 1])
            film.say("three.sum", sums.expand(len(at), -1)[count, at])
            _write(film, loss, penalty, strength, points, now)
    style = {"size": 14, "symbol": "diamond", "color": "#ffffff", "line": {"color": "#1c2430", "width": 1.5}}
    there = {"name": "goal without penalty", "visible": extra is not None}
    panels.add(go.Scatter(x=plain[:1].numpy(), y=plain[1:].numpy(), mode="markers", marker=style, **there))
    for name, values in (
        ("goal.w", goal[0]),
        ("goal.b", goal[1]),
        ("goal.sum", least),
        ("plain.w", plain[0]),
        ("plain.b", plain[1]),
    ):
        film.say(f"three.{name}", float(values), text=lambda it: short(0.0 if abs(it) < 5e-4 else it))
    x = {"title": {"text": "step"}, "range": [-2, STEPS + 2]}
    panels.axes(
        1,
        x,
        {
            "type": "log",
            "range": list(_POWERS),
            "dtick": 1,
            "exponentformat": "power",
            "title": {"text": "sum − lowest sum"},
        },
    )
    said = zip(at.tolist(), film.slots["three.w"].tolist(), film.slots["three.b"].tolist(), strict=True)
    film.speak([f"Step {n}: slope {short(w)}, intercept {short(b)}" for n, w, b in said])
    return film


def _write(film: Film, loss: Loss, penalty: str, strength: float, points: Points, now: Tensor) -> None:
    """The lines that give the sum where the way has come."""
    cost = {"none": "", "l1_penalty": f" + {strength} * w.abs()", "l2_penalty": f" + {strength} * w.square()"}[penalty]

    def lines(step: int) -> str:
        return (
            f"w, b = {literal(now[step])}\n"
            f"x = {literal(points.x)}\n"
            f"pred, target = w * x + b, {literal(points.y)}\n"
            f"print({loss.torch_call.format(**loss.defaults)}{cost})"
        )

    film.written("three.sum", loss.key, lines)


def _decline(panels: Panels, film: Film, name: Method, above: Tensor, at: Tensor, *, chosen: bool) -> None:
    """How far above the goal an optimiser is at every step (1 or S, K), and a mark at the step shown."""
    dash, symbol = _STYLE[name]
    ink = {"color": "#E69F00" if chosen else theme.NEUTRAL}
    style: dict[str, Any] = {"line": {"width": 3 if chosen else 2, "dash": dash} | ink}
    trace = panels.add(go.Scatter(x=[0], y=[1], mode="lines", name=METHODS[name], hoverinfo="skip", **style), 1)
    film.move(trace, x=torch.arange(STEPS + 1), y=above)
    marker = {"size": 11, "symbol": symbol, "line": {"color": "#fff", "width": 1}} | ink
    here = panels.add(go.Scatter(x=[0], y=[1], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), 1)
    film.move(here, x=at[:, None], y=above.expand(len(at), -1)[torch.arange(len(at)), at][:, None])
