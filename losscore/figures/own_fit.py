"""The line that a typed loss fits to points with an outlier, beside known losses, and the cost of every other line."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.fits import fit_line
from losscore.explore.own_loss import fit_by_search, line_costs
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.own_curve import OWN, Number, called
from losscore.figures.panels import Panels
from losscore.own import Formula
from losscore.scenes.points import Points, line_with_outliers

_X, _Y = (-0.7, 9.9), (-13.0, 44.0)
_SLOPES, _LEVELS = (-1.0, 4.0), (-12.0, 12.0)  # the lines whose cost is drawn
_CELLS, _SHADES = 45, 10
_FINE = 0.4  # the lower, the more shades are kept for the cheapest lines
_DEEP, _PALE, _NONE = (11, 60, 93), (227, 239, 246), (150, 150, 150, 255)


def own_loss_fit(formula: Formula | None, y: Number, params: Mapping[str, Number], beside: Sequence[str]) -> Film:
    """Nine points on a line and one at height y; the lines of a typed formula (None: none) and of losses `beside` it.

    y or one parameter may be a tensor of steps (S,). Slots: <key>.w, <key>.b for "own" and the others, own.cost.
    """
    height = torch.as_tensor(y, dtype=torch.float64).reshape(-1)
    given = {name: torch.as_tensor(value, dtype=torch.float64).reshape(-1) for name, value in params.items()}
    steps = max(len(height), *(len(value) for value in given.values()))
    points = line_with_outliers(torch.tensor(9.0, dtype=torch.float64), height)
    panels = Panels(["The line of each loss", "Your loss of every line"], weights=[1.1, 1.0], height=420)
    panels.narrow["showlegend"] = False
    alt = "Points with one outlier and the line of each loss; beside it the cost of every line under your loss."
    film = Film(panels.figure, steps, alt, panels.narrow)
    lines = {key: fit_line(losscore.get(key), points) for key in beside}
    placed = {key: (fit.slope, fit.intercept) for key, fit in lines.items()}
    if formula is not None:
        slope, level, cost = fit_by_search(formula, points, given)
        placed[OWN] = slope, level
        film.say("own.cost", cost)
        _shades(panels, film, formula, points, given)
    ends = torch.tensor(_X, dtype=torch.float64)
    for key, (slope, level) in placed.items():
        ink = {"color": theme.colour(key), "dash": theme.dash(key), "width": 4 if key == OWN else 2.5}
        line = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=ink, name=called(key), hoverinfo="skip"))
        film.move(line, x=ends, y=slope.reshape(-1, 1) * ends + level.reshape(-1, 1))
        marker = {"color": theme.colour(key), "size": 12, "symbol": theme.marker(key)}
        edge = {"line": {"color": "#ffffff", "width": 1.5}}
        spot = go.Scatter(x=[0], y=[0], mode="markers", marker=marker | edge, showlegend=False, hoverinfo="skip")
        film.move(panels.add(spot, 1), x=slope.reshape(-1, 1), y=level.reshape(-1, 1))
        film.say(f"{key}.w", slope, text=_settled)
        film.say(f"{key}.b", level, text=_settled)
    _dots(panels, film, points)
    panels.axes(0, {"title": {"text": "x"}, "range": list(_X)}, {"title": {"text": "y"}, "range": list(_Y)})
    panels.axes(
        1, {"title": {"text": "slope w"}, "range": list(_SLOPES), "showgrid": False, "zeroline": False},
        {"title": {"text": "intercept b"}, "range": list(_LEVELS), "showgrid": False, "zeroline": False},
    )  # fmt: skip
    film.speak(_sentences(film, height))
    return film


def _shades(panels: Panels, film: Film, formula: Formula, points: Points, given: Mapping[str, Tensor]) -> None:
    """The cost of every line, dark where it is low; by ranks, so that any loss shows its valleys. Grey: no number."""
    slopes, levels = (torch.linspace(*ends, _CELLS, dtype=torch.float64) for ends in (_SLOPES, _LEVELS))
    cost = line_costs(formula, points, slopes, levels, given).flip(1)  # the first row of a picture is the highest
    rank = cost.nan_to_num(torch.inf).flatten(1).argsort(-1).argsort(-1).reshape(cost.shape)
    level = ((rank / cost[0].numel()) ** _FINE * _SHADES).long()
    shades: list[sprites.RGBA] = [
        (*(round(a + (b - a) * step / (_SHADES - 1)) for a, b in zip(_DEEP, _PALE, strict=True)), 255)  # type: ignore[misc]
        for step in range(_SHADES)
    ]
    half = [(high - low) / (_CELLS - 1) / 2 for low, high in (_SLOPES, _LEVELS)]
    panels.figure.add_layout_image(
        source="", xref="x2", yref="y2", x=_SLOPES[0] - half[0], y=_LEVELS[1] + half[1], xanchor="left", yanchor="top",
        sizex=_SLOPES[1] - _SLOPES[0] + 2 * half[0], sizey=_LEVELS[1] - _LEVELS[0] + 2 * half[1], sizing="stretch",
        layer="below",
    )  # fmt: skip
    film.picture(0, level.where(cost.isfinite(), _SHADES), [*shades, _NONE])


def _dots(panels: Panels, film: Film, points: Points) -> None:
    style = {"mode": "markers", "showlegend": False, "hoverinfo": "skip"}
    kept = {"color": theme.TRUTH, "size": 10}
    panels.add(go.Scatter(x=points.x[0, :9], y=points.y[0, :9], marker=kept, **style))
    far = {"color": theme.TRUTH, "size": 15, "symbol": "diamond", "line": {"color": "#ffffff", "width": 1.5}}
    outlier = panels.add(go.Scatter(x=[0], y=[0], marker=far, **style))
    film.move(outlier, x=points.x[:, 9:], y=points.y[:, 9:])
    film.handle(outlier, x=None, y="own_height", point=0, name="the outlier")


def _settled(value: float) -> str:
    """A search is good to six digits or so: what is smaller is zero."""
    return short(0.0 if abs(value) < 5e-5 else value)


def _sentences(film: Film, height: Tensor) -> list[str]:
    if "own.w" not in film.slots:
        return ["The formula cannot be read."] * film.steps
    steps = zip(height.expand(film.steps).tolist(), film.slots["own.w"].tolist(), strict=True)
    return [f"Outlier at {short(y)}: slope of your loss {_settled(w)}" for y, w in steps]
