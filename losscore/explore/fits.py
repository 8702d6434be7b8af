"""The line, or the constant, with the least mean loss: one call for every position of a dragged point."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from losscore.explore.curves import against_points, need_residual_loss
from losscore.explore.kinks import kinks
from losscore.explore.linear import Problem, keep_best
from losscore.explore.newton import descend_sharpening, descend_to_rest
from losscore.explore.vertices import best_nearby, best_of_all, count_vertices, sampled
from losscore.record import Loss
from losscore.scenes.points import Points

_FEW_VERTICES = 401  # so many models through points are compared directly in any case
_ALL_VERTICES = 3_000_000  # residuals that comparing more of them may cost
_START_VERTICES = 400_000  # the same for finding places to start from


@dataclass(frozen=True)
class Fit:
    """Slope, intercept and mean loss of fitted lines, each shaped like the batch of points and parameters."""

    slope: Tensor
    intercept: Tensor
    value: Tensor


def fit_line(loss: Loss, points: Points, **params: Any) -> Fit:
    """The line slope * x + intercept with the least weighted mean loss.

    points: (..., N); a parameter may be a tensor that broadcasts against those leading dimensions. All fits are one
    batch. Within 1e-6 of the minimiser where the loss is convex, the best of several starts where it is not. Where
    many lines are best, the middle between the steepest and the flattest that run through two points; where all
    points share one x, slope 0. Computed in float64, given in the type of the points.
    Raises ValueError for a loss that is not one of the residual or a fit without points, and as a call of the loss
    does.
    """
    need_residual_loss(loss)
    x, y, weight, flat, batch = _flattened(loss, points, params)
    middle = (x * weight).sum(-1, keepdim=True)
    width = ((x - middle).square() * weight).sum(-1, keepdim=True).sqrt()
    upright = (width <= 1e-9 * middle.abs().clamp(min=1e-300))[:, 0]  # all points over one x: no slope to be found
    if upright.all():
        return fit_constant(loss, points, **params)
    width = width.where(~upright[:, None], 1.0)
    theta, value = _minimise(loss, flat, torch.stack([(x - middle) / width, torch.ones_like(x)], dim=-1), y, weight)
    slope = theta[:, :1] / width
    intercept = theta[:, 1:] - slope * middle
    fit = Fit(*(t.to(points.y.dtype).reshape(batch) for t in (slope, intercept, value)))
    if not upright.any():
        return fit
    level, here = fit_constant(loss, points, **params), upright.reshape(batch)
    return Fit(
        fit.slope.where(~here, 0.0), fit.intercept.where(~here, level.intercept), fit.value.where(~here, level.value)
    )


def fit_constant(loss: Loss, points: Points, **params: Any) -> Fit:
    """The constant with the least weighted mean loss, as a line of slope 0. Otherwise as `fit_line`."""
    need_residual_loss(loss)
    x, y, weight, flat, batch = _flattened(loss, points, params)
    theta, value = _minimise(loss, flat, torch.ones_like(x)[..., None], y, weight)
    return Fit(*(t.to(points.y.dtype).reshape(batch) for t in (torch.zeros_like(value), theta, value)))


def fit_lines(losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], points: Points) -> dict[str, Fit]:
    """`fit_line` for several losses, each with its parameters, by label."""
    return {label: fit_line(loss, points, **params) for label, (loss, params) in losses.items()}


def _minimise(loss: Loss, params: dict[str, Any], design: Tensor, y: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """The best coefficients (B, P) and their value (B,)."""
    at, jump = (corner.expand(len(y), -1) for corner in kinks(loss, params))
    problem = Problem(loss, against_points(loss, params, 2), design, y, weight, at, jump)
    convex, cornered = loss.claims.convex is True, at.shape[-1] > 0
    sets = count_vertices(problem)
    few = sets <= _FEW_VERTICES or sets * y.numel() <= _ALL_VERTICES
    if convex and cornered and few and _straight(problem):
        return best_of_all(problem)
    room = max(8, _START_VERTICES // y.numel())
    starts = torch.cat([problem.least_squares(), sampled(problem, min(room, 32) if convex else room)], dim=1)
    theta, _ = keep_best(starts, problem.value(starts), 1 if convex else min(16, room // 2))
    if not convex:
        theta, _ = keep_best(*descend_to_rest(problem, theta, rounds=3), 4)
    if not cornered:
        theta, value = keep_best(*descend_to_rest(problem, theta), 1)
        return theta[:, 0], value[:, 0]
    theta, value = keep_best(*descend_sharpening(problem, theta, 0.9e-10, 1.0 if convex else 1e-3), 1)
    vertex, at_vertex = best_nearby(problem, theta)
    better = at_vertex <= value[:, 0] + 1e-13 * value[:, 0].abs()
    return vertex.where(better[:, None], theta[:, 0]), at_vertex.where(better, value[:, 0])


def _straight(problem: Problem) -> bool:
    """Whether the loss is made of straight pieces: then some best model runs through points."""
    size = torch.logspace(-6, 6, 61, dtype=problem.y.dtype)
    r = torch.cat([-size, size]).expand(len(problem.y), 1, -1)
    return not problem.smooth().slopes(r)[1].any()


def _flattened(
    loss: Loss, points: Points, params: Mapping[str, Any]
) -> tuple[Tensor, Tensor, Tensor, dict[str, Any], torch.Size]:
    """x, y, weight (B, N) in float64 with weights that sum to 1, the parameters (B,), and the batch dimensions."""
    swept = {name: value for name, value in params.items() if isinstance(value, Tensor) and value.ndim}
    batch = torch.broadcast_shapes(points.y.shape[:-1], *(value.shape for value in swept.values()))
    x, y, weight = (t.double().expand(*batch, -1).reshape(-1, t.shape[-1]) for t in (points.x, points.y, points.weight))
    total = weight.sum(-1, keepdim=True)
    if not (total > 0).all():
        raise ValueError(f"{loss.key}: a fit needs at least one point whose weight is not 0")
    flat = {name: value.double().expand(batch).reshape(-1) for name, value in swept.items()}
    loss(y[:1, :1], y[:1, :1], reduction="none", **(dict(params) | {name: value[:1] for name, value in flat.items()}))
    return x, y, weight / total, dict(params) | flat, batch
