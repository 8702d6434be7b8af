"""A loss over every offset of a box, in shades; striped where the box could move without the loss changing."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import torch
import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.explore.boxes import box_pulls, box_score, offset_surface
from losscore.figures import sprites, theme
from losscore.figures.box_drawing import draw_box
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept
from losscore.scenes.boxes import centred

SIDE = 4.0  # of the true box
REACH = 6.0  # offsets run from minus to plus this
_CELLS, _FINE = 81, 2  # places along an axis, and pixels of each
_LEVELS = 8
_DEEP, _PALE = (11, 60, 93), (227, 239, 246)
_STRIPE = (150, 150, 150, 255)
_OUTSIDE = 1e9  # far outside every axis: a browser draws no infinity
_HEIGHT, _NARROW = 410, 300
_TRUTH = (-SIDE / 2, -SIDE / 2, SIDE / 2, SIDE / 2)


def box_surface(
    key: str, beside: str, offset: Mapping[str, Number], size: Mapping[str, Number], labels: Mapping[str, str],
    params: Mapping[str, Mapping[str, Any]],
) -> Film:  # fmt: skip
    """The picture of one loss over (dx, dy), the boxes of the moment in it, and a cut through it beside another loss.

    offset: dx, dy of the centres; size: width, height of the predicted box; of them and the parameters at most one is a
    tensor (S,), the slider that is swept. Slots, behind "surface.": <key>.loss, <key>.dx, <key>.dy (the gradient by the
    offset) for both losses, score. Raises KeyError for an unknown loss, and as the losses do.
    """
    dx, dy, width, height = (
        torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (*offset.values(), *size.values())
    )
    given = {k: dict(params.get(k, {})) for k in (key, beside)}
    sweeps = {f"{k}.{n}": v for k, numbers in params.items() for n, v in numbers.items() if isinstance(v, Tensor)}
    name, steps = swept({**offset, **size, **sweeps})
    truth = torch.tensor(_TRUTH, dtype=torch.float64)
    here = centred(dx, dy, width, height)
    panels = Panels(
        [f"{labels[key]} for every offset", "A cut through it, from left to right"],
        weights=[1.0, 1.0], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"{labels[key]} over the offset of two boxes as shades, striped where it is flat, with a marker; a cut."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    grid = torch.linspace(-REACH, REACH, _CELLS, dtype=torch.float64)
    still = centred(0.0, 0.0, width, height)
    value, slope = offset_surface(losscore.get(key), still, truth, grid, grid, **_float(given[key]))
    _draw_surface(panels, film, value, slope)
    draw_box(panels, film, 0, truth, "true box", theme.TRUTH, casing=True)
    draw_box(panels, film, 0, here, "predicted box", theme.PREDICTION, dash="dash", casing=True)
    centre = _mark(panels, film, 0, theme.PREDICTION, "x", dx[:, None], dy[:, None])
    film.handle(centre, x="offset_x", y="offset_y", point=0, name="the predicted box by its centre")
    _cut(panels, film, grid, (dx, dy), still, truth, given, labels)
    _say(film, here, truth, given)
    said = zip(steps.tolist(), film.slots[f"surface.{key}.loss"].tolist(), strict=True)
    film.speak([f"{name} {step:.3g}: {labels[key]} {short(loss)}" for step, loss in said])
    return film


def _float(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v.double() if isinstance(v, Tensor) else v for name, v in params.items()}


def _draw_surface(panels: Panels, film: Film, value: Tensor, slope: Tensor) -> None:
    """Shades (S, B, A) from the lowest to the highest value of each, with grey stripes where the slope vanishes."""
    low, high = value.amin((1, 2), keepdim=True), value.nan_to_num(posinf=-torch.inf).amax((1, 2), keepdim=True)
    level = ((value - low) / (high - low).clamp(min=1e-12) * _LEVELS).floor().clamp(0, _LEVELS - 1).long()
    flat = slope.abs().amax(-1) < 1e-9
    flat = flat & (F.avg_pool2d(flat.double(), 3, stride=1, padding=1) > 0.2)  # a lone place is a minimum, no plain
    fine = [x.repeat_interleave(_FINE, 1).repeat_interleave(_FINE, 2) for x in (level, flat)]
    row, column = torch.meshgrid(*(torch.arange(n) for n in fine[0].shape[1:]), indexing="ij")
    stripe = (row + column) % 8 < 2
    index = torch.where(fine[1] & stripe, _LEVELS, fine[0])
    shades = [
        (*(round(a + (b - a) * step / (_LEVELS - 1)) for a, b in zip(_DEEP, _PALE, strict=True)), 255)
        for step in range(_LEVELS)
    ]
    edge = REACH * _CELLS / (_CELLS - 1)  # half a cell beyond the outermost places
    panels.figure.add_layout_image(
        source="", xref="x", yref="y", x=-edge, y=-edge, sizex=2 * edge, sizey=2 * edge, sizing="stretch",
        layer="below",
    )  # fmt: skip
    palette: list[sprites.RGBA] = [*shades, _STRIPE]  # type: ignore[list-item]
    film.picture(0, index, palette)
    stripes = {"shape": "/", "fgcolor": f"rgb{_STRIPE[:3]}", "solidity": 0.3, "size": 6}
    for words, colour, pattern in (
        ("low", shades[0], {}), ("high", shades[-1], {}), ("flat: no pull", shades[-1], stripes),
    ):  # fmt: skip
        ink = f"rgb{colour[:3]}"
        marker = {"color": ink, "pattern": pattern | ({"bgcolor": ink} if pattern else {})}
        panels.add(go.Bar(x=[None], y=[None], marker=marker, name=words, hoverinfo="skip"))
    plain = {"showgrid": False, "zeroline": False, "range": [-REACH, REACH], "constrain": "domain"}
    panels.axes(
        0, plain | {"title": {"text": "dx, to the right"}},
        plain | {"title": {"text": "dy, down"}, "range": [REACH, -REACH], "scaleanchor": "x"},
    )  # fmt: skip


def _mark(panels: Panels, film: Film, panel: int, colour: str, symbol: str, x: Tensor, y: Tensor) -> int:
    marker = {"size": 12, "symbol": symbol, "color": colour, "line": {"color": "#ffffff", "width": 1.5}}
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=x, y=y)
    return dot


def _cut(
    panels: Panels, film: Film, grid: Tensor, place: tuple[Tensor, Tensor], still: Tensor, truth: Tensor,
    given: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str],
) -> None:  # fmt: skip
    """Each loss along the row at dy, and a marker where dx is."""
    dx, dy = place
    tall = 0.0
    for key, params in given.items():
        numbers = {n: v.double()[:, None] if isinstance(v, Tensor) else v for n, v in params.items()}
        push = torch.stack(torch.broadcast_tensors(grid, dy[:, None]), -1).repeat(1, 1, 2)
        curve = losscore.get(key)(still[:, None] + push, truth, reduction="none", **numbers)
        here = centred(dx, dy, *(still[:, 2:] - still[:, :2]).unbind(-1))
        now = losscore.get(key)(here, truth, reduction="none", **_float(params))
        ink = {"color": theme.colour(key)}
        line = {"width": 2.5, "dash": theme.dash(key)} | ink
        trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=labels[key], showlegend=False), 1)
        film.move(trace, x=grid, y=curve)
        _mark(
            panels, film, 1, theme.colour(key), theme.marker(key), dx[:, None], now.clamp(max=_OUTSIDE).reshape(-1, 1)
        )
        tall = max(tall, float(curve[curve.isfinite()].max()))
    panels.axes(
        1, {"title": {"text": "dx, to the right"}, "range": [-REACH, REACH]},
        {"title": {"text": "loss"}, "range": [-0.05 * tall, 1.08 * tall]},
    )  # fmt: skip


def _say(film: Film, here: Tensor, truth: Tensor, given: Mapping[str, Mapping[str, Any]]) -> None:
    pulls = box_pulls(here, truth, given, {key: _float(params) for key, params in given.items()})
    for key, params in given.items():
        film.say(f"surface.{key}.loss", losscore.get(key)(here, truth, reduction="none", **_float(params)))
        film.given_by(f"surface.{key}.loss", losscore.get(key), {"pred": here, "target": truth[None]}, params)
        for name, slope in zip(("dx", "dy"), (pulls[key][..., :2] + pulls[key][..., 2:]).unbind(-1), strict=True):
            film.say(f"surface.{key}.{name}", slope.where(slope.abs() > 1e-9, 0.0))
    film.say("surface.score", box_score(here, truth))
