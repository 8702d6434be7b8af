"""The landscape of a loss over slope and intercept, and the way of a gradient method down to its lowest point."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.curves import against_points
from losscore.explore.descent import Descent, Method, descend
from losscore.explore.fits import Fit, fit_constant, fit_line
from losscore.explore.surfaces import gradient_field, line_surface
from losscore.figures import landscape, theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.record import Loss
from losscore.scenes.points import Points, line_with_outliers

MOST_STEPS = 80
_GRID = 61


@dataclass(frozen=True)
class _Ground:
    """Points, what is fitted to them, slopes and intercepts of their landscape, and powers of ten of its loss."""

    points: Points
    fit: Callable[..., Fit]
    w_range: tuple[float, float]
    b_range: tuple[float, float]
    powers: tuple[float, float]


def _ground(data: str, height: float) -> _Ground:
    if data == "line":
        return _Ground(line_with_outliers(9.0, height), fit_line, (-1.0, 4.0), (-9.0, 9.0), (-3.2, 3.6))
    if data == "one":
        at = torch.zeros(1)
        one = Points(at, at, torch.ones(1), torch.zeros(1, dtype=torch.bool), "x", "y", "One point at x = 0, y = 0")
        return _Ground(one, fit_constant, (-1.5, 1.5), (-1.5, 1.5), (-7.3, 0.8))
    raise KeyError(f"data must be 'line' or 'one', got {data!r}")


def descent_on_surface(
    key: str, params: Mapping[str, Any], method: Method, rate: float | Tensor, shown: float | Tensor,
    start: tuple[float | Tensor, float | Tensor], *, data: str = "line", height: float = 39.0, space: bool = False,
    field: bool = True,
) -> Film:  # fmt: skip
    """Contours (or, with `space`, a surface) of the mean loss, its minimum, and the path of a gradient method.

    data: "line", ten points whose last one lies at `height`, or "one", a single point at the origin. rate, shown
    (how many steps of the path are drawn) or one coordinate of start may be a tensor of the slider's steps.
    Slots: step, w, b, loss, course (the loss is lower than at the start, -1, the same, 0, or higher, 1; or the path has
    left all bounds, 2), gradient (its length), best.w, best.b, best.loss.
    Raises KeyError for an unknown loss or data, and as `descend` does.
    """
    loss, ground = losscore.get(key), _ground(data, height)
    points, spans = ground.points, (ground.w_range, ground.b_range)
    slopes, levels = (torch.linspace(*span, _GRID) for span in spans)
    height_at = line_surface(loss, points, slopes, levels, **params)
    best = ground.fit(loss, points, **params)
    first = torch.stack(torch.broadcast_tensors(*(torch.as_tensor(s, dtype=torch.float64) for s in start)), dim=-1)
    walk = _walk(loss, points, params, descend(loss, points, first, rate, MOST_STEPS, method, **params), shown)
    excess = (walk.value - best.value.double()).clamp(min=0)

    panels = Panels(["", "Loss above its minimum"], weights=[1.6, 1.0], height=440, narrow_height=330)
    alt = (
        f"{label(loss.key)} over slope and intercept as a landscape, with the path of {method} descent and the minimum."
    )
    film = Film(panels.figure, len(walk.path), alt, panels.narrow)
    low, high = torch.tensor(spans, dtype=torch.float64).unbind(-1)
    # Far outside is far enough, and still a number that SVG can draw.
    drawn = walk.path.clamp(low - 3 * (high - low), high + 3 * (high - low))
    spot = (float(best.slope), float(best.intercept), float(best.value))
    if space:
        landscape.surface(panels, slopes, levels, height_at, spot)
        landscape.way_in_space(panels, film, drawn, walk.value, float(height_at.max()))
    else:
        landscape.contours(panels, slopes, levels, height_at - spot[2])
        if field:
            sparse = [torch.linspace(*span, 13)[1:-1] for span in spans]
            landscape.downhill(panels, *sparse, *gradient_field(loss, points, *sparse, **params))
        landscape.way(panels, film, drawn, spot)
    _decline(panels, film, walk.at, excess, ground.powers, key)
    _tell(film, loss, walk, spot)
    _write(film, loss, params, points, walk)
    return film


@dataclass(frozen=True)
class _Walk:
    """A path up to the step shown, which is then held.

    at: which step each entry is, (S, K). path: (S, K, 2). value: the mean loss there. gradient: how long its gradient
    is. diverged: (S,) bool.
    """

    at: Tensor
    path: Tensor
    value: Tensor
    gradient: Tensor
    diverged: Tensor


def _walk(loss: Loss, points: Points, params: Mapping[str, Any], descent: Descent, shown: float | Tensor) -> _Walk:
    whole = descent.path.reshape(-1, MOST_STEPS + 1, 2)
    at = torch.minimum(torch.arange(MOST_STEPS + 1), torch.as_tensor(shown).round().long().reshape(-1, 1))
    count = max(len(whole), len(at))
    at = at.expand(count, -1)
    path = whole.expand(count, -1, -1).gather(1, at[..., None].expand(-1, -1, 2))
    design = torch.stack([points.x, torch.ones_like(points.x)]).double()
    pred = path @ design
    target = points.y.double().expand_as(pred)
    share = points.weight.double() / points.weight.sum()
    numbers = against_points(loss, params, 2)
    value = loss(pred, target, reduction="none", **numbers) @ share
    pull = (loss.gradient(pred, target, reduction="sum", **numbers) * share) @ design.T
    return _Walk(at, path, value, pull.norm(dim=-1), descent.diverged.reshape(-1).expand(count))


def _decline(panels: Panels, film: Film, at: Tensor, excess: Tensor, powers: tuple[float, float], key: str) -> None:
    """The loss above its minimum at every step so far, on an axis of powers of ten."""
    ink = {"color": theme.colour(key)}
    style: dict[str, Any] = {"mode": "lines+markers", "line": {"width": 2} | ink, "marker": {"size": 5} | ink}
    trace = panels.add(go.Scatter(x=[0], y=[1], showlegend=False, hoverinfo="skip", **style), 1)
    film.move(trace, x=at, y=excess.clamp(10.0 ** (powers[0] + 0.1), 1e9))
    height = {"type": "log", "range": list(powers), "dtick": 2, "exponentformat": "power"}
    x = {"title": {"text": "step"}, "range": [-1, MOST_STEPS + 1]}
    panels.axes(1, x, {"title": {"text": "loss − minimum"}} | height)


def _tell(film: Film, loss: Loss, walk: _Walk, spot: tuple[float, float, float]) -> None:
    now = walk.path[:, -1]
    film.say("step", walk.at[:, -1].float(), text=lambda step: f"{step:.0f}")
    numbers = {"w": now[:, 0], "b": now[:, 1], "loss": walk.value[:, -1], "gradient": walk.gradient[:, -1]}
    for name, values in numbers.items():
        film.say(name, values)
    start, end = walk.value[:, 0], walk.value[:, -1]
    same = (end - start).abs() <= 1e-6 * start  # but for rounding
    course = (end - start).sign().where(~same, 0.0).where(~walk.diverged, 2.0)
    film.say("course", course, text=lambda it: {-1: "lower", 0: "the same", 1: "higher", 2: "flown off"}[int(it)])
    for name, value in zip(("best.w", "best.b", "best.loss"), spot, strict=True):
        film.say(name, value, text=lambda v: short(0.0 if abs(v) < 1e-9 else v))
    steps = zip(film.slots["step"].tolist(), film.slots["loss"].tolist(), strict=True)
    film.speak([f"Step {step:.0f}: {label(loss.key)} {short(value)}" for step, value in steps])


def _write(film: Film, loss: Loss, params: Mapping[str, Any], points: Points, walk: _Walk) -> None:
    """The call that gives the loss where the walk has come, of points that all weigh the same."""
    x, y = points.x.double(), points.y.double()
    w, b = walk.path[:, -1].unsqueeze(-1).unbind(1)
    film.given_by("loss", loss, {"pred": w * x + b, "target": y[None]}, params)
