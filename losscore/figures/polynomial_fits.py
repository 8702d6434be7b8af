"""A polynomial through ten points, and what it costs on them and on points that it has not seen."""

from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.polynomials import DEGREES, polynomial_weights, powers
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number
from losscore.scenes.wiggle import ten_points, wave

_FLOOR, _TOP = 1e-4, 1e3  # of the loss axis
_AT = torch.linspace(-1, 1, 241, dtype=torch.float64)
_QUIET: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}


def polynomial_fits(degree: Number, lam: Number, seed: int) -> Film:
    """degree (0 to 9) or lam (the penalty, 0 or more) may be a tensor (S,).

    Slots, behind "poly.": training, validation (mean squared errors), best (the degree with the least validation loss),
    least (that loss), largest (the largest coefficient), penalty (lam times the squared coefficients), objective.
    """
    data = ten_points(seed)
    at, size = torch.broadcast_tensors(torch.as_tensor(degree).reshape(-1), torch.as_tensor(lam).double().reshape(-1))
    steps, at = torch.arange(len(at)), at.round().long()
    few = size[:1] if len(set(size.tolist())) == 1 else size
    every = polynomial_weights(data.x, data.y, few)
    mse = losscore.get("mse")

    def cost(x: Tensor, y: Tensor) -> Tensor:
        found = every @ powers(x).T
        return mse(found, y.expand_as(found), reduction="none").mean(-1).expand(len(steps), -1)

    training, validation = cost(data.x, data.y), cost(data.new_x, data.new_y)
    weights = every.expand(len(steps), -1, -1)[steps, at]
    panels = Panels(
        ["Ten points and the curve", "Loss over the degree"], weights=[1.2, 1.0], height=420, narrow_height=300
    )
    alt = "Ten points, a polynomial and the wave they come from; training and validation loss over the degree."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    truth = {"color": theme.NEUTRAL, "width": 2, "dash": "dash"}
    panels.add(_still(_AT, wave(_AT), "what is to be found", mode="lines", line=truth))
    fresh = {"size": 5, "symbol": "x-thin-open", "color": theme.NEUTRAL, "opacity": 0.7}
    panels.add(_still(data.new_x, data.new_y, "kept back", mode="markers", marker=fresh))
    line = {"color": theme.PREDICTION, "width": 3}
    curve = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name="fitted", hoverinfo="skip"))
    film.move(curve, x=_AT, y=(weights @ powers(_AT).T).clamp(-9, 9))
    dots = {"size": 11, "color": theme.TRUTH, "line": {"color": "#fff", "width": 1.5}}
    panels.add(_still(data.x, data.y, "learned from", mode="markers", marker=dots))
    panels.axes(0, {"title": {"text": "x"}, "range": [-1.05, 1.05]}, {"title": {"text": "y"}, "range": [-2.2, 2.2]})
    degrees = torch.arange(DEGREES).double()
    for key, losses in (("training", training), ("validation", validation)):
        ink = {"color": theme.colour(key)}
        drawn = losses.clamp(_FLOOR * 1.2, _TOP * 0.9)
        style = {"width": 3, "dash": theme.dash(key)} | ink
        own = {"size": 6, "symbol": theme.marker(key)} | ink
        trace = panels.add(
            go.Scatter(x=[0], y=[1], mode="lines+markers", line=style, marker=own, name=f"{key} loss", legend="legend"),
            1,
        )
        film.move(trace, x=degrees, y=drawn)
        big = {"size": 14, "symbol": theme.marker(key), "line": {"color": "#fff", "width": 1.5}} | ink
        here = panels.add(go.Scatter(x=[0], y=[1], mode="markers", marker=big, **_QUIET), 1)
        film.move(here, x=at[:, None], y=drawn[steps, at][:, None])
        film.say(f"poly.{key}", losses[steps, at])
    panels.axes(
        1, {"title": {"text": "degree"}, "range": [-0.4, 9.4], "dtick": 1},
        {"type": "log", "title": {"text": "mean squared error"}, "range": [-4, 3], "dtick": 1}
        | {"exponentformat": "power"},
    )  # fmt: skip
    least = validation.min(-1)
    film.say("poly.best", least.indices.double(), text=lambda it: f"{it:.0f}")
    film.say("poly.least", least.values)
    film.say("poly.largest", weights.abs().amax(-1))
    cost_of_weights = losscore.get("l2_penalty")(weights, reduction="none", lam=size)
    film.say("poly.penalty", cost_of_weights)
    film.say("poly.objective", len(data.x) * training[steps, at] + cost_of_weights)
    _write(film, degree, lam, seed)
    pairs = zip(at.tolist(), film.slots["poly.training"].tolist(), film.slots["poly.validation"].tolist(), strict=True)
    film.speak([f"Degree {d}: training loss {short(a)}, validation loss {short(b)}" for d, a, b in pairs])
    return film


def _write(film: Film, degree: Number, lam: Number, seed: int) -> None:
    """The lines that fit the polynomial and give its costs."""
    costs = {
        "training": "F.mse_loss(powers(data.x) @ weights, data.y)",
        "validation": "F.mse_loss(powers(data.new_x) @ weights, data.new_y)",
        "objective": "F.mse_loss(powers(data.x) @ weights, data.y, reduction='sum') + lam * weights.square().sum()",
    }
    for slot, cost in costs.items():

        def lines(step: int, cost: str = cost) -> str:
            return (
                f"data = ten_points({seed})\n"
                f"lam = torch.tensor({pick(lam, step)})\n"
                f"weights = polynomial_weights(data.x, data.y, lam[None])[0, {pick(degree, step):.0f}]\n"
                f"print({cost})"
            )

        film.written(f"poly.{slot}", "mse", lines, ten_points, powers, polynomial_weights)


def _still(x: Tensor, y: Tensor, name: str, **style: Any) -> go.Scatter:
    """What stays where it is."""
    return go.Scatter(x=x.numpy(), y=y.numpy(), name=name, hoverinfo="skip", **style)
