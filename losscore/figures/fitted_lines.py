"""Points, outliers that a hand can drag, and the line that each loss takes for the best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor
from torch.nn.functional import pad

import losscore
from losscore.explore.fits import Fit, fit_line, fit_lines
from losscore.figures import theme
from losscore.figures.arrows import residual_arrows
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.scenes.points import Points, diabetes, line_with_outliers, stereo_row

_MOST = 10  # draggable outliers that a figure has markers for
_AWAY = -1e4  # where the markers of absent outliers lie


@dataclass(frozen=True)
class _Ground:
    """How a scene is made from the outliers' place and number, and the axes it is drawn on."""

    make: Callable[[float | Tensor, float | Tensor, Tensor], Points]
    x_range: tuple[float, float]
    y_range: tuple[float, float]


_GROUNDS = {
    "line": _Ground(line_with_outliers, (-0.7, 12.7), (-13.0, 44.0)),
    "leverage": _Ground(lambda x, y, count: line_with_outliers(x, y, count, added=True), (-1.2, 31.5), (-13.0, 44.0)),
    "stereo": _Ground(stereo_row, (276.0, 505.0), (-3.0, 84.0)),
    "diabetes": _Ground(diabetes, (18.0, 45.0), (-0.4, 6.4)),
}


def fitted_lines(
    data: str, x: float | Tensor, y: float | Tensor, count: float | Tensor, keys: Sequence[str],
    params: Mapping[str, Mapping[str, Any]], arrows: str,
) -> Film:  # fmt: skip
    """The best line of every loss in `keys`, and the residuals of one of them as arrows from target to prediction.

    data: "line", "leverage", "stereo" or "diabetes". x, y, count, or one parameter of a loss, may be a tensor of steps.
    arrows: the key of a loss, or "none". Slots: <key>.slope, <key>.intercept, <key>.distance (the mean gap to the clean
    fit).
    Raises KeyError for unknown data or losses.
    """
    ground = _GROUNDS[data]
    points = ground.make(x, y, torch.as_tensor(count))
    fits = fit_lines({key: (losscore.get(key), params.get(key, {})) for key in keys}, points)
    own = ground.make(0.0, 0.0, torch.tensor(0))
    clean_points = _clean(own)
    clean = fit_line(losscore.get("mse"), clean_points)
    steps = max(fit.slope.numel() for fit in fits.values())

    panels = Panels([""], height=440, narrow_height=330)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    alt = f"{points.title}: the points, and the line that each chosen loss fits."
    film = Film(panels.figure, steps, alt, panels.narrow)
    ends = torch.tensor(ground.x_range)
    band = {"color": theme.NEUTRAL, "width": 11}
    panels.add(_line(ends, clean.slope * ends + clean.intercept, line=band, opacity=0.35, name="MSE without outliers"))
    for key in keys:
        ink = {"color": theme.colour(key), "dash": theme.dash(key), "width": 3}
        trace = panels.add(_line([0], [0], line=ink, name=label(key)))
        film.move(trace, x=ends, y=_height(fits[key], ends))
    if arrows in fits:
        _arrows(panels, film, points, _height(fits[arrows], points.x), ground, arrows)
    _markers(panels, film, own, points)
    panels.axes(
        0,
        {"title": {"text": points.x_label}, "range": list(ground.x_range), "zeroline": False},
        {"title": {"text": points.y_label}, "range": list(ground.y_range)},
    )
    for key, fit in fits.items():
        gap = (_height(fit, clean_points.x) - (clean.slope * clean_points.x + clean.intercept)).abs().mean(-1)
        for name, values in (("slope", fit.slope), ("intercept", fit.intercept)):
            film.say(f"{key}.{name}", values, text=_settled)
        film.say(f"{key}.distance", gap, text=lambda value: short(round(value, 3)))
    film.speak(_sentences(film, x, y, count, keys))
    return film


def _settled(value: float) -> str:
    """A fit is good to nine digits or so: what is smaller is zero."""
    return short(0.0 if abs(value) < 1e-9 else value)


def _line(x: Any, y: Any, **style: Any) -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="lines", hoverinfo="skip", **style)


def _height(fit: Fit, x: Tensor) -> Tensor:
    """The fitted lines (S or 1, N) at x (N,) or (S, N)."""
    return fit.slope.reshape(-1, 1) * x + fit.intercept.reshape(-1, 1)


def _clean(own: Points) -> Points:
    """The points that follow the line."""
    x, y, weight = (values[~own.outlier] for values in (own.x, own.y, own.weight))
    return Points(x, y, weight, own.outlier[~own.outlier], own.x_label, own.y_label, "Without outliers")


def _arrows(panels: Panels, film: Film, points: Points, fitted: Tensor, ground: _Ground, key: str) -> None:
    """An arrow from every point that is there to the line."""
    (left, right), (low, high) = ground.x_range, ground.y_range
    x, y = residual_arrows(points.x, points.y, fitted, right - left, high - low, points.weight > 0)
    ink = {"color": theme.colour(key), "width": 1.4}
    trace = panels.add(_line([0], [0], line=ink, opacity=0.8, name=f"residuals of {label(key)}"))
    film.move(trace, x=x, y=y)


def _markers(panels: Panels, film: Film, own: Points, points: Points) -> None:
    """The scene's own points, which stay, and the draggable outliers."""
    symbols = ["diamond-open" if far else "circle" for far in own.outlier.tolist()]
    style: dict[str, Any] = {
        "mode": "markers", "showlegend": False,
        "hovertemplate": f"{own.x_label} %{{x}}<br>{own.y_label} %{{y}}<extra></extra>",
    }  # fmt: skip
    ink = {"color": theme.TRUTH, "size": 10 if len(symbols) < 20 else 7, "symbol": symbols}
    panels.add(go.Scatter(x=own.x, y=own.y, marker=ink, **style))
    far = {"color": theme.TRUTH, "size": 15, "symbol": "diamond", "line": {"color": "#ffffff", "width": 1.5}}
    trace = panels.add(go.Scatter(x=[_AWAY] * _MOST, y=[_AWAY] * _MOST, marker=far, **style))
    # Every film has the same number of markers, so that the browser can go from one to the other.
    first = len(symbols)
    room = (0, first + _MOST - points.x.shape[-1])
    x, y = (values.where(points.weight > 0, _AWAY)[..., first:] for values in (points.x, points.y))
    film.move(trace, x=pad(x, room, value=_AWAY), y=pad(y, room, value=_AWAY))


def _sentences(film: Film, x: Any, y: Any, count: Any, keys: Sequence[str]) -> list[str]:
    places = [torch.as_tensor(value).reshape(-1).expand(film.steps).tolist() for value in (x, y, count)]
    slopes = zip(*(film.slots[f"{key}.slope"].tolist() for key in keys), strict=True)
    titles = [label(key) for key in keys]
    return [
        (f"Dragged outliers: {number:.0f}, at x {short(at)}, y {short(height)}. " if number else "No dragged outlier. ")
        + "Slopes: "
        + ", ".join(f"{title} {short(value)}" for title, value in zip(titles, each, strict=True))
        for at, height, number, each in zip(*places, slopes, strict=True)
    ]
