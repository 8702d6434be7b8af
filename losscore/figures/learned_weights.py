"""Weights that are learned: two tasks in units of their own, and where each log-variance comes to rest."""

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number

LINES = {"first": "mse", "second": "mae"}  # task -> the loss whose line and mark it borrows
_EDGE = {"line": {"color": "#fff", "width": 1.5}}
_S = torch.linspace(-8, 8, 161, dtype=torch.float64)


def learned_weights(losses: tuple[Number, Number], log_vars: tuple[Number, Number], way: str) -> Film:
    """What each of two tasks costs over its log-variance s, and how much of the sum is whose.

    losses, log_vars: of the first and the second task, at most one a tensor (S,). way: "fixed", both weights 1;
    "uncertainty_weighting", weights exp(-s) at these s; "settled", where s has come to rest at log(loss). Slots, behind
    "learned.": <task>.loss, .s, .weight, .part (weight times loss), .share (of the two parts, in percent), .slope (of
    the sum by s); total. Raises KeyError for an unknown way.
    """
    size = torch.stack(torch.broadcast_tensors(*(torch.as_tensor(v).double().reshape(-1) for v in losses)), -1)
    given = torch.stack(torch.broadcast_tensors(*(torch.as_tensor(v).double().reshape(-1) for v in log_vars)), -1)
    size, given = torch.broadcast_tensors(size, given)
    s = {"fixed": torch.zeros_like(size), "uncertainty_weighting": given, "settled": size.log()}[way]
    loss = losscore.get("uncertainty_weighting")
    slope = loss.gradient(size, s, wrt="log_var", reduction="sum")
    weight = loss.gradient(size, s, wrt="losses", reduction="sum")
    part = weight * size
    panels = Panels(
        ["What each task adds, over its s", "Weight × loss"], weights=[1.6, 1.0], height=400, narrow_height=290
    )
    alt = "The cost of two tasks over their log-variance, their lowest points and a marker each; bars of their parts."
    film = Film(panels.figure, len(size), alt, panels.narrow)
    for index, (task, key) in enumerate(LINES.items()):
        own = size[:, index, None, None].expand(-1, len(_S), 1)
        curve = loss(own, _S[None, :, None].expand_as(own), reduction="none")
        name = f"{task} task"
        line = {"color": theme.colour(key), "dash": theme.dash(key), "width": 3}
        trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name))
        film.move(trace, x=_S, y=curve)
        rest = size[:, index, None].log()
        below = loss(rest.exp(), rest, reduction="none")[:, None]
        star = {"size": 15, "symbol": "star-open", "color": theme.colour(key), "line": {"width": 2}}
        low = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=star, name=f"{name} at rest"))
        film.move(low, x=rest, y=below)
        dot = {"size": 13, "symbol": theme.marker(key), "color": theme.colour(key)} | _EDGE
        here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=dot, showlegend=False))
        film.move(here, x=s[:, index, None], y=loss(size[:, index, None], s[:, index, None], reduction="none")[:, None])
        thick = {"color": theme.colour(key), "width": 26}
        bar = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=thick, showlegend=False, hoverinfo="skip"), 1)
        top = part[:, index, None].clamp(1.1e-3, 9e3)
        film.move(bar, x=torch.full((1, 2), float(index)), y=torch.cat([torch.full_like(top, 1.1e-3), top], 1))
        for slot, values in (("loss", size), ("s", s), ("weight", weight), ("part", part), ("slope", slope)):
            film.say(f"learned.{task}.{slot}", values[:, index])
        film.say(f"learned.{task}.share", 100 * part[:, index] / part.sum(-1), text=lambda it: f"{it:.1f}")
    film.say("learned.total", loss(size, s, reduction="none"))
    film.given_by("learned.total", loss, {"losses": size, "log_var": s}, {})
    panels.axes(0, {"title": {"text": "log-variance s"}, "range": [-8, 8]},
                {"title": {"text": "loss / eˢ + s"}, "range": [-9, 20]})  # fmt: skip
    panels.axes(
        1, {"range": [-0.6, 1.6], "tickvals": [0, 1], "ticktext": ["first", "second"], "title": {"text": "task"}},
        {"type": "log", "range": [-3, 4], "title": {"text": "weight × loss"}, "exponentformat": "power", "dtick": 1},
    )  # fmt: skip
    film.speak(_sentences(size, part))
    return film


def _sentences(size: Tensor, part: Tensor) -> list[str]:
    pairs = zip(size.tolist(), part.tolist(), strict=True)
    return [
        f"Losses {short(a)} and {short(b)} enter the sum as {short(first)} and {short(second)}"
        for (a, b), (first, second) in pairs
    ]
