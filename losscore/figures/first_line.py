"""What a loss is: a line, its errors as arrows, and the loss and its gradient while the slope changes."""

from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.surfaces import gradient_field, line_surface
from losscore.figures import theme
from losscore.figures.arrows import residual_arrows
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.scenes.points import Points, line_with_outliers

_SPAN = (-0.5, 4.0)  # slopes drawn on the loss's axis
_X, _Y = (-0.6, 9.8), (-6.0, 30.0)


def first_line(key: str, slope: Tensor | float) -> Film:
    """A line through the origin over ten points, one far out; `slope` is a number or all steps of its slider."""
    loss, points = losscore.get(key), line_with_outliers(x=9.0, y=24.0)
    slopes = torch.as_tensor(slope, dtype=torch.float32).reshape(-1)
    grid, level = torch.linspace(*_SPAN, 181), torch.zeros(1)
    value, pull = _at(loss, points, slopes, level)
    curve, _ = _at(loss, points, grid, level)

    titles = ["A line and its errors", f"{loss.title} against the slope"]
    panels = Panels(titles, height=400, narrow_height=340, abreast=2)
    film = Film(
        panels.figure, len(slopes), f"Ten points, a line, and the {loss.title} of the line's slope.", panels.narrow
    )
    fitted = slopes[:, None] * points.x
    _line(panels, film, points, slopes, fitted)

    panels.add(
        go.Scatter(
            x=grid.numpy(),
            y=curve.numpy(),
            mode="lines",
            line={"color": theme.colour(key), "width": 3},
            showlegend=False,
        ),
        1,
    )
    tangent = panels.add(
        go.Scatter(x=[0], y=[0], mode="lines", line={"color": theme.NEUTRAL, "dash": "dash"}, name="gradient"), 1
    )
    here = panels.add(
        go.Scatter(x=[0], y=[0], mode="markers", marker={"size": 13, "color": theme.colour(key)}, name="now"), 1
    )
    reach = torch.tensor([-0.6, 0.6])
    film.move(tangent, x=slopes[:, None] + reach, y=value[:, None] + pull[:, None] * reach)
    film.move(here, x=slopes[:, None], y=value[:, None])
    top = float(curve.max())
    upright = {"title": {"text": "loss"}, "range": [-0.08 * top, top]}
    panels.axes(1, {"title": {"text": "slope w"}, "range": list(_SPAN)}, upright)
    film.say("home.slope", slopes)
    film.say("home.loss", value)
    film.say("home.gradient", pull)
    film.given_by("home.loss", loss, {"pred": fitted, "target": points.y[None]}, {})
    steps = zip(slopes.tolist(), value.tolist(), strict=True)
    film.speak([f"Slope {w:.2f}: {loss.title} {short(v)}" for w, v in steps])
    return film


def _at(loss: Any, points: Points, slopes: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and d loss / d slope of the lines through the origin."""
    return line_surface(loss, points, slopes, level)[0], gradient_field(loss, points, slopes, level)[0, 0]


def _line(panels: Panels, film: Film, points: Points, slopes: Tensor, fitted: Tensor) -> None:
    """Points, errors as arrows, and the line."""
    thin = {"color": theme.PREDICTION, "width": 1.5}
    errors = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=thin, name="errors"))
    x, y = residual_arrows(points.x, points.y, fitted, _X[1] - _X[0], _Y[1] - _Y[0])
    film.move(errors, x=x, y=y)
    line = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line={"color": theme.PREDICTION, "width": 3}, name="line"))
    ends = torch.tensor([-1.0, 11.0])
    film.move(line, x=ends, y=slopes[:, None] * ends)
    symbols = ["diamond" if far else "circle" for far in points.outlier]
    panels.add(
        go.Scatter(
            x=points.x.numpy(), y=points.y.numpy(), mode="markers", name="points",
            marker={"color": theme.TRUTH, "size": 9, "symbol": symbols},
        )
    )  # fmt: skip
    panels.axes(0, {"title": {"text": "x"}, "range": list(_X)}, {"title": {"text": "y"}, "range": list(_Y)})
