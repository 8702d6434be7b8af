"""The mean loss of every line of a grid: the landscape that a fit goes down."""

from typing import Any

import torch
from torch import Tensor

from losscore.explore.curves import against_points, need_residual_loss
from losscore.record import Loss
from losscore.scenes.points import Points


def line_surface(loss: Loss, points: Points, slopes: Tensor, intercepts: Tensor, **params: Any) -> Tensor:
    """The weighted mean loss of the lines slope * x + intercept.

    slopes: (A,). intercepts: (B,). points: (..., N); a parameter may be a tensor that broadcasts against their leading
    dimensions. The result is (..., B, A). Raises ValueError for a loss that is not one of the residual, and as a call
    of the loss does.
    """
    need_residual_loss(loss)
    each = loss(*_grid(points, slopes, intercepts), reduction="none", **_numbers(loss, params))
    return _mean(each, points.weight)


def gradient_field(loss: Loss, points: Points, slopes: Tensor, intercepts: Tensor, **params: Any) -> Tensor:
    """The derivative of `line_surface` by slope and by intercept, (2, ..., B, A). Arguments and errors as there."""
    need_residual_loss(loss)
    pred, target = _grid(points, slopes, intercepts)
    numbers = _numbers(loss, params)
    r = pred - target
    shape = torch.broadcast_shapes(r.shape, *(n.shape for n in numbers.values() if isinstance(n, Tensor)))
    slope = loss.gradient(r.expand(shape), r.new_zeros(()).expand(shape), reduction="sum", **numbers)
    return torch.stack([_mean(slope, points.weight, points.x), _mean(slope, points.weight)])


def _grid(points: Points, slopes: Tensor, intercepts: Tensor) -> tuple[Tensor, Tensor]:
    """slope * x (..., 1, A, N) and y - intercept (..., B, 1, N): their difference is the residual, made in one pass."""
    pred = slopes[:, None] * points.x[..., None, None, :]
    return pred, points.y[..., None, None, :] - intercepts[:, None, None]


def _mean(each: Tensor, weight: Tensor, factor: Tensor | None = None) -> Tensor:
    """Weighted mean of each (..., B, A, N) over the points, times a factor of every point."""
    share = weight / weight.sum(-1, keepdim=True)
    share = share if factor is None else share * factor
    return (each @ share[..., None, :, None]).squeeze(-1)


def _numbers(loss: Loss, params: dict[str, Any]) -> dict[str, Any]:
    return against_points(loss, params, 3)
