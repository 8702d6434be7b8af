"""A loss over two numbers, drawn: contours with arrows downhill, or a surface in space, and a path on either."""

import math
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures.film import Film
from losscore.figures.panels import Panels

_W, _B = "slope w", "intercept b"
# One hue from deep to pale: the valley is dark on either ground.
_SHADES = [[0.0, "#0b3c5d"], [0.25, "#2f75a3"], [0.5, "#6fa8cb"], [0.75, "#adcfe3"], [1.0, "#e3eff6"]]
_PATH = "#E69F00"
_LEVELS = 18
_MAP = 0.51  # the right end of the map, in parts of the figure


def contours(panels: Panels, slopes: Tensor, levels: Tensor, excess: Tensor) -> None:
    """Contours of the loss above its minimum (B, A); their heights grow by squares, so that a bowl's rings are even."""
    root = excess.clamp(min=0).sqrt()
    top = float(root.max())
    panels.add(
        go.Contour(
            x=slopes, y=levels, z=root, coloraxis="coloraxis", line={"width": 0.6},
            # No line at the very top: on a plain, rounding alone would draw it.
            contours={"start": top / _LEVELS, "end": (1 - 0.5 / _LEVELS) * top, "size": top / _LEVELS},
            customdata=excess,
            hovertemplate="w %{x:.2f}, b %{y:.2f}<br>loss − minimum %{customdata:.4~g}<extra></extra>",
        )
    )  # fmt: skip
    _axes(panels, slopes, levels)
    _scale(panels, top)


def _scale(panels: Panels, top: float) -> None:
    """What the shades mean, as a bar on the right of the map; `top` is the root of the highest excess."""
    marks = [float(f"{top**2 * part:.1g}") for part in (0.05, 0.2, 0.5, 0.85)]
    bar = {
        "x": _MAP + 0.005, "xanchor": "left", "thickness": 10, "tickfont": {"size": 12},
        "title": {"text": "loss − min.", "font": {"size": 12}},
        "tickvals": [math.sqrt(mark) for mark in marks], "ticktext": [f"{mark:g}" for mark in marks],
    }  # fmt: skip
    layout, narrow = panels.figure.layout, panels.narrow
    layout.coloraxis = {"colorscale": _SHADES, "cmin": 0, "cmax": top, "colorbar": bar}
    layout.xaxis.domain, layout.xaxis2.domain = [0, _MAP], [_MAP + 0.19, 1]
    low, high = narrow["yaxis.domain"]
    narrow["xaxis.domain"] = [0, 0.84]
    narrow |= {
        "coloraxis.colorbar.x": 0.85, "coloraxis.colorbar.len": high - low, "coloraxis.colorbar.y": (low + high) / 2,
    }  # fmt: skip


def downhill(panels: Panels, slopes: Tensor, levels: Tensor, by_w: Tensor, by_b: Tensor) -> None:
    """Arrows against the gradient (B, A), longer where it is steeper."""
    b, w = torch.meshgrid(levels, slopes, indexing="ij")
    cell = torch.stack([slopes[1] - slopes[0], levels[1] - levels[0]])
    # Where a step goes, in units of a cell: there both directions are equally long on the screen.
    fall = -torch.stack([by_w, by_b], -1) / cell
    size = fall.norm(dim=-1, keepdim=True)
    length = 0.85 * (size / size.max().clamp(min=1e-12)).pow(0.25)
    arrow = fall / size.clamp(min=1e-12) * length
    side = torch.stack([-arrow[..., 1], arrow[..., 0]], -1)
    tail, tip = -arrow / 2, arrow / 2
    head = [tip - 0.3 * arrow + 0.18 * side, tip, tip - 0.3 * arrow - 0.18 * side]
    gap = torch.full_like(tail, math.nan)
    strokes = torch.stack([tail, tip, gap, *head, gap], dim=-2) * cell + torch.stack([w, b], -1)[..., None, :]
    x, y = strokes.flatten(0, -2).unbind(-1)
    ink = {"color": "#ffffff", "width": 1.2}
    panels.add(go.Scatter(x=x, y=y, mode="lines", line=ink, opacity=0.75, showlegend=False, hoverinfo="skip"))


def way(panels: Panels, film: Film, path: Tensor, spot: tuple[float, float, float]) -> None:
    """The path (S, K, 2), where it is now, and the minimum."""
    ink = {"color": _PATH}
    style: dict[str, Any] = {"mode": "lines+markers", "line": {"width": 2.5} | ink, "marker": {"size": 5} | ink}
    trace = panels.add(go.Scatter(x=[0], y=[0], name="path", hoverinfo="skip", **style))
    film.move(trace, x=path[..., 0], y=path[..., 1])
    edge = {"line": {"color": "#1c2430", "width": 1.5}}
    here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", name="now", marker={"size": 13} | ink | edge))
    film.move(here, x=path[:, -1:, 0], y=path[:, -1:, 1])
    star = {"size": 15, "symbol": "star", "color": "#ffffff"} | edge
    panels.add(go.Scatter(x=[spot[0]], y=[spot[1]], mode="markers", name="minimum", marker=star))


def surface(panels: Panels, slopes: Tensor, levels: Tensor, height: Tensor, spot: tuple[float, float, float]) -> None:
    """The loss (B, A) in space, and its minimum."""
    figure = panels.figure
    domain = {"x": list(figure.layout.xaxis.domain), "y": [0, 1]}
    ends = [(float(values.min()), float(values.max())) for values in (slopes, levels, height)]
    ends[2] = (min(0.0, spot[2]), ends[2][1])
    small: dict[str, Any] = {"tickfont": {"size": 11}}
    axes: dict[str, Any] = {
        f"{axis}axis": {"title": {"text": text, "font": {"size": 13}}, "range": [low, high]} | small
        for axis, text, (low, high) in zip("xyz", (_W, _B, "loss"), ends, strict=True)
    }
    camera = {"eye": {"x": 1.2, "y": -1.55, "z": 1.0}, "center": {"z": -0.18}}
    figure.update_layout(scene=axes | {"domain": domain, "aspectmode": "cube", "camera": camera})
    panels.narrow["scene.domain"] = {"x": panels.narrow["xaxis.domain"], "y": panels.narrow["yaxis.domain"]}
    panels.axes(0, {"visible": False}, {"visible": False})
    figure.add_trace(go.Surface(x=slopes, y=levels, z=height, colorscale=_SHADES, showscale=False, hoverinfo="skip"))
    star = {"size": 7, "symbol": "diamond", "color": "#ffffff", "line": {"color": "#1c2430", "width": 2}}
    x, y, z = ([value] for value in (*spot[:2], spot[2] + 0.02 * float(height.max())))  # not half under the surface
    figure.add_trace(go.Scatter3d(x=x, y=y, z=z, mode="markers", name="minimum", marker=star))


def way_in_space(panels: Panels, film: Film, path: Tensor, height: Tensor, top: float) -> None:
    """The path (S, K, 2) at its heights (S, K), on the surface."""
    ink = {"color": _PATH}
    figure = panels.figure
    lifted = height.clamp(max=3 * top) + 0.01 * top  # or the surface hides half of it
    style: dict[str, Any] = {"mode": "lines+markers", "line": {"width": 6} | ink, "marker": {"size": 3} | ink}
    figure.add_trace(go.Scatter3d(x=[0], y=[0], z=[0], name="path", hoverinfo="skip", **style))
    film.move(len(figure.data) - 1, x=path[..., 0], y=path[..., 1], z=lifted)


def _axes(panels: Panels, slopes: Tensor, levels: Tensor) -> None:
    spans = ([float(values[0]), float(values[-1])] for values in (slopes, levels))
    x, y = ({"title": {"text": text}, "range": span} for text, span in zip((_W, _B), spans, strict=True))
    panels.axes(0, x, y)
