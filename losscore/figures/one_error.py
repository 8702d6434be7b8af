"""Loss and gradient over the residual, with a marker at the error of the moment."""

from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.curves import residual_curve
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels


def one_error(keys: list[str], residual: Tensor | float, params: dict[str, dict[str, Any]], reach: float = 6.0) -> Film:
    """Curves of the chosen losses and their slopes for residuals in -reach..reach; the marker at `residual` (S,) or a number."""
    at = torch.as_tensor(residual, dtype=torch.float64).reshape(-1)
    grid = torch.linspace(-reach, reach, 241, dtype=torch.float64)
    panels = Panels(["Loss", "Gradient: how hard it pulls"])
    film = Film(panels.figure, len(at), "Loss and gradient of the chosen losses over the residual.", panels.narrow)
    for key in keys:
        loss = losscore.get(key)
        ink = {"color": theme.colour(key)}
        for panel, (curve, here) in enumerate(
            zip(residual_curve(loss, grid, **params.get(key, {})), residual_curve(loss, at, **params.get(key, {})), strict=True)
        ):
            line = {"width": 2.5, "dash": theme.dash(key)} | ink
            panels.add(go.Scatter(x=grid.numpy(), y=curve.numpy(), mode="lines", line=line, name=loss.title, showlegend=panel == 0), panel)
            dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker={"size": 12, "symbol": theme.marker(key)} | ink, showlegend=False), panel)
            film.move(dot, x=at[:, None], y=here[:, None])
            film.say(f"{key}.{'slope' if panel else 'loss'}", here)
    for panel, (title, span) in enumerate((("loss", [-0.4, 8]), ("gradient", [-4, 4]))):
        panels.axes(panel, {"title": {"text": "residual r = prediction − target"}, "range": [-reach, reach]}, {"title": {"text": title}, "range": span})
    film.say("r", at)
    return film
