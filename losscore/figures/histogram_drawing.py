"""Histograms and what is carried between their bins, as lines, which follow a drag."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels
from losscore.scenes.histograms import BINS

PARCELS = 20  # each a twentieth of the mass
_HALF = 0.4  # of a bin: half the width of its bar
_ARC = 9  # points of a path
_DEEP = 0.055  # how far a path sags for each bin that it crosses


def draw_true(panels: Panels, panel: int, shares: Tensor) -> None:
    """The true histogram (BINS,) as blue bars with their name."""
    bars = go.Bar(x=list(range(1, BINS + 1)), y=shares.numpy(), width=2 * _HALF, name="true", opacity=0.45)
    panels.add(bars.update(marker={"color": theme.TRUTH}, showlegend=False), panel)
    tall = int(shares.argmax())
    panels.add(_word("true", theme.TRUTH, _inside(torch.tensor(tall + 1.0)).item(), shares[tall].item() + 0.05), panel)


def draw_predicted(panels: Panels, film: Film, panel: int, shares: Tensor, truth: Tensor) -> None:
    """Predicted histograms (S, BINS) as dashed vermilion outlines with their name, clear of that of truth (BINS,)."""
    bins = torch.arange(1, BINS + 1, dtype=shares.dtype)
    gap = torch.full_like(bins, torch.nan)
    left, right = bins - _HALF, bins + _HALF
    x = torch.stack([left, left, right, right, gap], -1).flatten()
    nil = torch.zeros_like(shares)
    y = torch.stack([nil, shares, shares, nil, nil + torch.nan], -1).flatten(-2)
    line = {"color": theme.PREDICTION, "width": 2.5, "dash": "dash"}
    outline = go.Scatter(x=[0], y=[0], mode="lines", line=line, name="predicted", showlegend=False)
    film.move(panels.add(outline, panel), x=x, y=y)
    tall, true = shares.max(-1, keepdim=True), truth.max(-1)
    middle = _inside(tall.indices + 1.0)
    near = (middle - _inside(true.indices + 1.0)).abs() < 3
    word = panels.add(_word("predicted", theme.PREDICTION, 0, 0), panel)
    film.move(word, x=middle, y=torch.where(near, torch.maximum(true.values, tall.values) + 0.15, tall.values + 0.05))


def draw_grip(panels: Panels, film: Film, panel: int, place: Tensor, shares: Tensor) -> int:
    """Where a hand takes hold of predicted histograms (S, BINS): at their place (S,), half way up; the trace."""
    marker = {"color": theme.PREDICTION, "size": 9, "symbol": "diamond"}
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, name="predicted", showlegend=False), panel)
    film.move(dot, x=place.reshape(-1, 1), y=shares.amax(-1, keepdim=True) / 2)
    return dot


def _inside(middle: Tensor) -> Tensor:
    """Where a word stands whose middle would be there, so that it is not cut off."""
    return middle.double().clamp(2.0, BINS - 1.0)


def _word(text: str, ink: str, x: float, y: float) -> go.Scatter:
    font = {"color": ink, "size": 14}
    return go.Scatter(x=[x], y=[y], mode="text", text=[text], textfont=font, name=text, showlegend=False)


def draw_moves(panels: Panels, film: Film, panel: int, start: Tensor, end: Tensor, *, tall: float = 1.0) -> None:
    """A sagging path under the axis for each parcel (S, PARCELS) from bin to bin; none where it stays.

    tall: the height of the panel's highest bar, by which the paths sag.
    """
    along = torch.linspace(0, 1, _ARC, dtype=start.dtype)
    spread = torch.linspace(-0.3, 0.3, start.shape[-1], dtype=start.dtype)[:, None]  # side by side within a bin
    begin, way = start[..., None], (end - start)[..., None]
    x = begin + spread + way * along
    sag = _DEEP * tall * way.abs() * (4 * along * (1 - along)).sqrt()
    y = -0.02 * tall - sag
    # The head: two strokes back from the end.
    tip, back = x[..., -1:], way.sign() * 0.12
    head_x = torch.cat([tip - back, tip, tip - back], -1)
    head_y = -0.02 * tall + tall * torch.tensor([-0.045, 0.0, -0.005], dtype=start.dtype).expand_as(head_x)
    gap = torch.full_like(begin, torch.nan)
    line_x, line_y = torch.cat([x, gap, head_x, gap], -1), torch.cat([y, gap, head_y, gap], -1)
    stays = way.abs() < 1e-9
    line_x = line_x.masked_fill(stays, torch.nan)
    line = {"color": theme.NEUTRAL, "width": 1.3}
    name = f"each {100 // PARCELS} % that moves"
    paths = go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name, hoverinfo="skip", showlegend=False)
    trace = panels.add(paths, panel)
    film.move(trace, x=line_x.flatten(-2), y=line_y.flatten(-2))


def bin_axes(panels: Panels, panel: int, top: float, *, below: float = 0.55) -> None:
    """Axes of a histogram whose bars reach `top`, with room for the paths below."""
    ticks = [top * share for share in (0, 0.5, 1)]
    panels.axes(
        panel, {"title": {"text": "bin"}, "range": [0.4, BINS + 0.6], "dtick": 1, "tickangle": 0},
        {"title": {"text": "share"}, "range": [-below * top, 1.25 * top], "tickvals": ticks, "zeroline": True},
    )  # fmt: skip
