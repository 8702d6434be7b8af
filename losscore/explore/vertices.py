"""Models that run exactly through points (or through points moved to a corner of the loss), compared directly."""

from functools import lru_cache
from itertools import product

import torch
from torch import Tensor

from losscore.explore.linear import Problem

_AT_ONCE = 1_500_000  # residuals in memory at one time
_NEAREST = 6


@lru_cache(maxsize=64)
def _choices(n: int, p: int, at_most: int) -> Tensor:
    """Sets of p among n points, (V, p): all of them, or `at_most` of them drawn with a fixed seed."""
    everything = torch.combinations(torch.arange(n), p)
    if len(everything) <= at_most:
        return everything
    return everything[torch.randperm(len(everything), generator=torch.Generator().manual_seed(0))[:at_most]]


def count_vertices(problem: Problem) -> int:
    """How many models run through as many points as there are coefficients, each at any corner of the loss."""
    n, p = problem.design.shape[1:]
    sets = n if p == 1 else n * (n - 1) // 2
    return sets * problem.kinks.shape[-1] ** p


def sampled(problem: Problem, at_most: int) -> Tensor:
    """Coefficients (B, V, P) of models through all sets of points, or through at most so many of them."""
    n, p = problem.design.shape[1:]
    chosen = _choices(n, p, at_most).expand(len(problem.y), -1, -1)
    return _through(problem, chosen, torch.zeros_like(chosen, dtype=torch.float64))


def best_of_all(problem: Problem) -> tuple[Tensor, Tensor]:
    """The best model through points, (B, P) and (B,), of all that there are."""
    n, p = problem.design.shape[1:]
    k = problem.kinks.shape[-1]
    which = _choices(n, p, n * n)
    corners = torch.tensor(list(product(range(k), repeat=p)))
    points = which.repeat_interleave(len(corners), 0).expand(len(problem.y), -1, -1)
    at = problem.kinks[:, corners.repeat(len(which), 1)]
    return _best(problem, _through(problem, points, at))


def best_nearby(problem: Problem, theta: Tensor) -> tuple[Tensor, Tensor]:
    """The best model through the points that lie nearest to the model theta (B, 1, P): (B, P) and (B,)."""
    p = theta.shape[-1]
    k = problem.kinks.shape[-1]
    gap = (problem.residual(theta).mT - problem.kinks[:, None]).abs()
    gap = gap.where(problem.weight[..., None] > 0, torch.inf).flatten(1)  # (B, N * K)
    nearest = gap.topk(min(_NEAREST, gap.shape[1]), largest=False).indices
    chosen = nearest[:, _choices(nearest.shape[1], p, 1000)]  # (B, V, P)
    points = chosen // k
    at = problem.kinks.gather(1, (chosen % k).flatten(1)).view(chosen.shape)
    return _best(problem, _through(problem, points, at))


def _through(problem: Problem, points: Tensor, residuals: Tensor) -> Tensor:
    """Coefficients with these residuals at these points, all (B, V, P); NaN where a point is absent."""
    batch = torch.arange(len(points))[:, None, None]
    present = (problem.weight[batch, points] > 0).all(-1, keepdim=True)
    goal = problem.y[batch, points] + residuals
    rows = problem.design[batch, points]  # (B, V, P points, P coefficients)
    if rows.shape[-1] == 1:
        return (goal / rows[..., 0]).where(present, torch.nan)
    (a, b), (c, d) = rows[..., 0, :].split(1, -1), rows[..., 1, :].split(1, -1)
    u, v = goal.split(1, -1)
    determinant = a * d - b * c
    theta = torch.cat([d * u - b * v, a * v - c * u], dim=-1) / determinant
    return theta.where(present & (determinant.abs() > 1e-12), torch.nan)


def _best(problem: Problem, theta: Tensor) -> tuple[Tensor, Tensor]:
    """The best of these coefficients; of many that are equally good, the middle between the two that differ most."""
    # Memory is the limit here, so the candidates are looked at a slice at a time.
    step = max(1, _AT_ONCE // max(1, problem.y.numel()))
    value = torch.cat([problem.value(part) for part in theta.split(step, dim=1)], dim=1)
    least = value.amin(1, keepdim=True)
    tied = (value <= least + 1e-12 * least.abs() + 1e-14)[..., None]
    # Ordered by slope, then by intercept.
    order = theta @ torch.tensor([1.0, 1e-6] if theta.shape[-1] == 2 else [1.0], dtype=theta.dtype)
    first = order.where(tied[..., 0], torch.inf).argmin(1)
    last = order.where(tied[..., 0], -torch.inf).argmax(1)
    rows = torch.arange(len(theta))
    middle = (theta[rows, first] + theta[rows, last]) / 2
    middle_value = problem.value(middle[:, None])[:, 0]
    # Between equally good models of a convex loss all are equally good; of any other loss, the first one is taken.
    fits = middle_value <= least[:, 0] + 1e-12 * least[:, 0].abs() + 1e-14
    return middle.where(fits[:, None], theta[rows, first]), middle_value.where(fits, least[:, 0])
