"""A true and a predicted vector on rings of equal length, and losses of direction and of distance over a slider."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.directions import TRUE, told, turned
from losscore.figures import theme
from losscore.figures.box_drawing import arrows
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, second_legend, swept

DIRECTION = "cosine_proximity"
TITLES = {"stretch": "length, times the true one", "angle": "angle (degrees)"}
_NARROW = 290
_RINGS = (0.01, 0.1, 1.0, 10.0, 100.0)
_LEAST = 1e-3  # what is drawn of a loss on a logarithmic axis


def turned_vector(moved: Mapping[str, Number], drawn: Sequence[str], labels: Mapping[str, str]) -> Film:
    """A vector under `moved`, stretch and angle in degrees, at most one a tensor (S,).

    drawn: keys of losses; DIRECTION has a panel of its own. Slots: <key>.value, .along and .across for all of `labels`.
    """
    name, steps = swept(moved)
    pred = turned(moved["stretch"], moved["angle"])
    panels = Panels(
        ["Rings: each ten times as long", "Cosine over this slider", "Distance over this slider"],
        weights=[1.15, 1, 1], height=400, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "A true and a predicted vector by direction and length; a loss of direction and losses of distance."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    _rings(panels)
    for vector, ink, dash, word in (
        (TRUE[None], theme.TRUTH, "solid", "true"), (pred, theme.PREDICTION, "dash", "predicted"),
    ):  # fmt: skip
        tip = _on_rings(vector)
        x, y = arrows(torch.zeros_like(tip)[:, None], tip[:, None], 0.35)
        line = {"color": ink, "width": 5 if word == "true" else 3, "dash": dash}
        film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=word), 0), x=x, y=y)
    axis = "log" if name == "stretch" else "linear"
    grid = torch.logspace(-2, 2, 121) if name == "stretch" else torch.linspace(-180, 180, 121)
    way = turned(**{"stretch": moved["stretch"], "angle": moved["angle"], name: grid})
    for key in labels:
        said = told(key, pred)
        for part, value in (("value", said.value), ("along", said.along), ("across", said.across)):
            film.say(f"{key}.{part}", value.where(value.abs() > 1e-12, 0), _number)
        loss = losscore.get(key)
        film.given_by(f"{key}.value", loss, dict(zip(loss.inputs, (pred, TRUE[None]), strict=True)), {})
        if key in drawn:
            floor = -2.0 if key == DIRECTION else _LEAST / 10
            curve, here = told(key, way).value.clamp(min=floor), said.value.clamp(min=floor)
            panel = 1 if key == DIRECTION else 2
            marked_curve(panels, film, panel, key, labels[key], (grid, curve), (steps, here))
            panels.figure.data[-2].update(showlegend=True, legend="legend2")
    second_legend(panels, 1, _NARROW, 3)  # apart from the vectors, which MSE and MAE share their colours with
    ends = [-2.15, 2.15] if axis == "log" else [-190, 190]
    across: dict[str, Any] = {"title": {"text": TITLES[name]}, "range": ends, "type": axis}
    across |= {"dtick": 1 if axis == "log" else 90, "exponentformat": "power"}
    panels.axes(1, across, {"title": {"text": "loss"}, "range": [-1.1, 1.1], "dtick": 0.5})
    panels.axes(
        2, across,
        {"title": {"text": "loss"}, "type": "log", "range": [-3, 6], "dtick": 1, "exponentformat": "power"},
    )  # fmt: skip
    values = [film.slots[f"{key}.value"].tolist() for key in labels]
    names = labels.values()
    film.speak([
        f"{TITLES[name]} {step:.3g}: " + ", ".join(f"{n} {_number(v)}" for n, v in zip(names, row, strict=True))
        for step, row in zip(steps.tolist(), zip(*values, strict=True), strict=True)
    ])  # fmt: skip
    return film


def _number(value: float) -> str:
    """Short, but for the long ones that are the point here."""
    return f"{value:.0f}" if value >= 1e5 else short(value)


def _on_rings(vector: Tensor) -> Tensor:
    """Where the tip of vectors (S, 2) stands: their direction, and the ring of their length over that of TRUE."""
    length = vector.norm(dim=-1, keepdim=True)
    return vector / length * ((length / TRUE.norm()).log10() + 3)


def _rings(panels: Panels) -> None:
    turn = torch.linspace(0, 2 * torch.pi, 97)
    for ring in _RINGS:
        radius = float(torch.tensor(ring).log10()) + 3
        line = {"color": theme.NEUTRAL, "width": 1, "dash": "solid" if ring == 1 else "dot"}
        circle = go.Scatter(
            x=(radius * turn.cos()).numpy(), y=(radius * turn.sin()).numpy(), mode="lines", line=line, hoverinfo="skip",
            name=f"x {ring:g}", showlegend=False,
        )  # fmt: skip
        panels.add(circle, 0)
        word = go.Scatter(
            x=[0], y=[-radius], mode="text", text=[f"×{ring:g}"], textposition="top center", name=f"x {ring:g}",
            textfont={"size": 11}, showlegend=False,
        )  # fmt: skip
        panels.add(word, 0)
    plain = {"showticklabels": False, "showgrid": False, "zeroline": False, "range": [-5.3, 5.3], "constrain": "domain"}
    panels.axes(
        0, plain | {"title": {"text": "first number"}},
        plain | {"title": {"text": "second number"}, "scaleanchor": panels.axis("x", 0)},
    )  # fmt: skip
