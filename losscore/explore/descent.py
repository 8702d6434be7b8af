"""The path of a gradient method, step by step: plain, with momentum, or Adam."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from losscore.explore.curves import against_points, need_residual_loss
from losscore.record import Loss
from losscore.scenes.points import Points

Method = Literal["gradient", "momentum", "adam"]

_MOMENTUM = 0.9
_ADAM = (0.9, 0.999, 1e-8)  # Kingma and Ba 2015, arXiv:1412.6980
_FAR = 1e6  # a path that leaves this range is of no use to anybody


@dataclass(frozen=True)
class Descent:
    """path: (..., steps + 1, D), the start first. diverged: (...) bool; the path then stays where it was."""

    path: Tensor
    diverged: Tensor


def descend(
    loss: Loss,
    points: Points,
    start: Tensor,
    rate: float | Tensor,
    steps: int,
    method: Method = "gradient",
    penalty: tuple[Loss, Mapping[str, Any]] | None = None,
    **params: Any,
) -> Descent:
    """Goes down the weighted mean loss of a line from start (..., 2), slope first and intercept second.

    points: (..., N). penalty: a loss of a vector of weights and its parameters, added for the slope alone. rate: a step
    size or a tensor (...); it, the start's and the points' leading dimensions and tensors among the parameters
    broadcast. The path is (..., steps + 1, 2). A path that goes beyond a million is held where it was and reported as
    diverged. Raises ValueError for a loss that is not one of the residual, an unknown method, negative steps or a rate
    that is not positive, and as a call of the loss does.
    """
    need_residual_loss(loss)
    numbers = against_points(loss, params, 1)
    design = torch.stack([points.x, torch.ones_like(points.x)], dim=-2)  # (..., 2, N)
    share = points.weight / points.weight.sum(-1, keepdim=True)
    batch = [start.shape[:-1], points.y.shape[:-1], *_batches(rate, params)]
    loss(points.y, points.y, reduction="none", **numbers)  # says at once what is wrong with the parameters

    def gradient(at: Tensor) -> Tensor:
        r = (at[..., None] * design).sum(-2) - points.y
        fall = ((_slope(loss, r, numbers) * share)[..., None, :] * design).sum(-1)
        if penalty is None:
            return fall
        extra = penalty[0].gradient(at[..., :1], reduction="sum", **penalty[1])
        return fall + torch.cat([extra, torch.zeros_like(extra)], -1)

    return _follow(gradient, start.expand(*torch.broadcast_shapes(*batch), 2), rate, steps, method)


def descend_scalar(
    loss: Loss, start: float | Tensor, rate: float | Tensor, steps: int, method: Method = "gradient", *,
    target: float | Tensor = 0.0, **params: Any,
) -> Descent:  # fmt: skip
    """Goes down the loss of a single number from start (...) towards target.

    Everything broadcasts; the path is (..., steps + 1). Otherwise as `descend`.
    """
    need_residual_loss(loss)
    first, goal = torch.as_tensor(start), torch.as_tensor(target)
    first = first if first.is_floating_point() else first.to(torch.get_default_dtype())
    shape = torch.broadcast_shapes(first.shape, goal.shape, *_batches(rate, params))
    numbers = against_points(loss, params, 1)
    loss(first[..., None], first[..., None], reduction="none", **numbers)
    descent = _follow(
        lambda at: _slope(loss, at - goal[..., None], numbers), first.expand(shape)[..., None], rate, steps, method
    )
    return Descent(descent.path.squeeze(-1), descent.diverged)


def _slope(loss: Loss, r: Tensor, params: dict[str, Any]) -> Tensor:
    free = r.detach().requires_grad_()
    with torch.enable_grad():
        each = loss.function(free, r.new_zeros(()).expand_as(r), **params)
        (slope,) = torch.autograd.grad(each.sum(), free)
    return slope


def _follow(
    gradient: Callable[[Tensor], Tensor], start: Tensor, rate: float | Tensor, steps: int, method: Method
) -> Descent:
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {list(get_args(Method))}, got {method!r}")
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    size = torch.as_tensor(rate, dtype=start.dtype)[..., None]
    if not (size > 0).all():
        raise ValueError(f"rate must be positive, got {size.min().item():g}")
    at, path = start, [start]
    speed, square = torch.zeros_like(start), torch.zeros_like(start)
    alive = torch.ones((*start.shape[:-1], 1), dtype=torch.bool)
    for step in range(1, steps + 1):
        slope = gradient(at)
        if method == "gradient":
            move = slope
        elif method == "momentum":
            speed = _MOMENTUM * speed + slope
            move = speed
        else:
            keep, keep_square, tiny = _ADAM
            speed = keep * speed + (1 - keep) * slope
            square = keep_square * square + (1 - keep_square) * slope.square()
            move = speed / (1 - keep**step) / ((square / (1 - keep_square**step)).sqrt() + tiny)
        moved = at - size * move
        alive = alive & (moved.abs() <= _FAR).all(-1, keepdim=True)  # NaN is not within reach either
        at = moved.where(alive, at)
        path.append(at)
    return Descent(torch.stack(path, dim=-2), ~alive.squeeze(-1))


def _batches(rate: float | Tensor, params: dict[str, Any]) -> list[torch.Size]:
    return [value.shape for value in (rate, *params.values()) if isinstance(value, Tensor)]
