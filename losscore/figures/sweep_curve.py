"""Losses against the slider that moves: one curve a loss, which stays, and a marker on it, which follows."""

import math
from collections.abc import Iterable, Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels
from losscore.scenes.edits import EDITS

Number = float | Tensor
_OUTSIDE = 1e9  # far outside every axis: a browser draws no infinity
_FOOT = 70  # px under stacked panels for a legend of a few rows


def swept(values: Mapping[str, Number]) -> tuple[str, Tensor]:
    """The name and the steps (S,) of the slider that is swept; one step of the first slider where none is."""
    for name, value in values.items():
        if isinstance(value, Tensor):
            return name, value.reshape(-1)
    name, value = next(iter(values.items()))
    return name, torch.tensor([float(value)])


def in_step(values: Mapping[str, Number], count: int) -> dict[str, Tensor]:
    """Every value (S,) in float64, as its slider says it: steps come in float32, whose 0.4 is another."""
    return {
        name: torch.as_tensor(value, dtype=torch.float64).mul(1e6).round().div(1e6).reshape(-1).expand(count)
        for name, value in values.items()
    }


def axis_title(name: str, titles: Mapping[str, str] | None = None) -> str:
    """What stands under the axis of that slider."""
    if titles and name in titles:
        return titles[name]
    return EDITS[name].meaning + (f" ({EDITS[name].unit})" if EDITS[name].unit else "")


def draw_curves(
    panels: Panels,
    film: Film,
    panel: int,
    steps: Tensor,
    title: str,
    values: Mapping[str, Tensor],
    labels: Mapping[str, str],
    *,
    own_scale: bool = False,
    upright: str = "loss",
    logarithmic: bool = False,
    span: tuple[float, float] | None = None,
) -> None:
    """Curves of `values` (S,), or (1,) where the slider changes nothing, over `steps` (S,).

    own_scale: each curve runs from its lowest (0) to its highest (1). span: the loss axis, else what the curves need.
    """
    drawn = {key: _drawn(value.to(steps.dtype).expand(len(steps)), own_scale) for key, value in values.items()}
    for key, curve in drawn.items():
        ink = theme.colour(key)
        line = {"color": ink, "dash": theme.dash(key), "width": 2.5}
        panels.add(
            go.Scatter(x=steps.numpy(), y=curve.numpy(), mode="lines", line=line, name=labels[key], legend="legend2"),
            panel,
        )
        marker = {"size": 11, "symbol": theme.marker(key), "color": ink, "line": {"color": "white", "width": 1}}
        here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False), panel)
        film.move(here, x=steps[:, None], y=curve.nan_to_num(-_OUTSIDE, posinf=_OUTSIDE)[:, None])
    ends = (float(steps.min()), float(steps.max()))
    across = {"title": {"text": title}, "range": wider(*ends)}
    if logarithmic:
        low, high = torch.tensor(ends).log10().tolist()
        across |= {"type": "log", "range": wider(low, high), "exponentformat": "power"}
    low, high = span or _reach(torch.stack(list(drawn.values())))
    panels.axes(panel, across, {"title": {"text": upright}, "range": [low, high]})


def second_legend(panels: Panels, panel: int, narrow_height: int, rows: int) -> None:
    """A legend for the traces that ask for "legend2": above panel number `panel`; under the rows of a narrow screen."""
    layout = panels.figure.layout
    layout.legend2 = {
        "orientation": "h", "xanchor": "left", "yanchor": "bottom", "y": layout.legend.y, "bgcolor": "rgba(0,0,0,0)",
        "x": layout[panels.axis("xaxis", panel)].domain[0],
    }  # fmt: skip
    panels.narrow["legend2.x"] = 0
    panels.narrow["legend2.yanchor"] = "top"
    panels.narrow["legend2.y"] = -52 / (narrow_height * rows - 112)
    panels.narrow["height"] = narrow_height * rows + _FOOT


def _drawn(curve: Tensor, own_scale: bool) -> Tensor:
    if not own_scale:
        return curve
    known = curve[curve.isfinite()]
    if not len(known):
        return curve
    low, high = known.min(), known.max()
    return torch.where(high > low, (curve - low) / (high - low).clamp(min=1e-12), 0.5)


def wider(low: float, high: float) -> list[float]:
    """A range a little wider than from low to high, which a marker at its end does not change."""
    margin = 0.04 * (high - low)
    return [low - margin, high + margin]


def calm(curves: Iterable[Tensor]) -> tuple[float, float]:
    """A loss axis from 0 to a round number: it keeps still while other settings move the curves a little."""
    top = max((float(curve[curve.isfinite()].max()) for curve in curves if curve.isfinite().any()), default=1.0)
    power = 10.0 ** math.floor(math.log10(max(top, 1e-3)))
    top = next(step * power for step in (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0) if step * power >= top * (1 - 1e-6))
    return -0.04 * top, 1.06 * top


def _reach(curves: Tensor) -> tuple[float, float]:
    """A range from 0, or lower, to a little above the highest curve."""
    known = curves[curves.isfinite()]
    if not len(known):
        return 0.0, 1.0
    low, high = min(0.0, float(known.min())), max(float(known.max()), 1e-3)
    return low - 0.04 * (high - low), high + 0.06 * (high - low)
