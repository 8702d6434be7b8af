"""Losses of boxes: over sweeps, by the pull on each edge, over every offset, and down the gradient step by step."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.record import Loss

Params = Mapping[str, Mapping[str, Any]]


def box_losses(pred: Tensor, target: Tensor, keys: Iterable[str], params: Params | None = None) -> dict[str, Tensor]:
    """Every loss named in `keys` for each of S boxes: {key: (S,)}.

    pred, target: (S, 4) or what broadcasts to it. params: parameters by key; a number or a tensor (S,).
    Raises KeyError for an unknown key, TypeError or ValueError as the losses do.
    """
    given = params or {}
    return {key: losscore.get(key)(pred, target, reduction="none", **given.get(key, {})) for key in keys}


def box_pulls(pred: Tensor, target: Tensor, keys: Iterable[str], params: Params | None = None) -> dict[str, Tensor]:
    """The gradient of each loss by the four edges of each of S boxes: {key: (S, 4)}. Arguments as in `box_losses`."""
    given = params or {}
    slopes = {}
    for key in keys:
        sweeps = [value.shape for value in given.get(key, {}).values() if isinstance(value, Tensor)]
        batch = torch.broadcast_shapes(pred.shape[:-1], target.shape[:-1], *sweeps)
        at = pred.expand(*batch, 4)
        slopes[key] = losscore.get(key).gradient(at, target, reduction="sum", **given.get(key, {}))
    return slopes


def box_score(pred: Tensor, target: Tensor) -> Tensor:
    """Intersection over union of boxes (..., 4), in [0, 1]."""
    return 1 - losscore.get("iou")(pred, target, reduction="none")


def offset_surface(
    loss: Loss, box: Tensor, target: Tensor, dx: Tensor, dy: Tensor, **params: Any
) -> tuple[Tensor, Tensor]:
    """A loss and its slope by the offset, for every place that a box is pushed to.

    box: (S, 4). dx: (A,), dy: (B,) or (S, B). Gives the loss (S, B, A) and its derivatives by dx and dy (S, B, A, 2):
    the pull on two opposite edges together.
    """
    down = dy.expand(len(box), -1) if dy.ndim == 1 else dy
    push = torch.stack(torch.broadcast_tensors(dx, down[..., None]), -1)  # (S, B, A, 2)
    moved = (box[:, None, None] + push.repeat(1, 1, 1, 2)).contiguous()
    numbers: dict[str, Any] = {
        name: value[:, None, None] if isinstance(value, Tensor) and value.ndim else value
        for name, value in params.items()
    }
    value = loss(moved, target, reduction="none", **numbers)
    edges = loss.gradient(moved.expand(*value.shape, 4), target, reduction="sum", **numbers)
    return value, edges[..., :2] + edges[..., 2:]


def race(loss: Loss, start: Tensor, target: Tensor, rate: float, steps: int, **params: Any) -> Tensor:
    """The path of a box down the gradient of its loss: (steps + 1, ..., 4), the start (..., 4) first.

    The step size falls in a straight line from `rate` to nothing, so that boxes settle. Edges that have crossed are put
    back to the middle between them, which is the nearest valid box. Raises ValueError for a rate that is not positive
    or negative steps, and as a call of the loss does.
    """
    if rate <= 0 or steps < 0:
        raise ValueError(f"rate must be positive and steps not negative, got {rate:g} and {steps}")
    loss(start, target, reduction="none", **params)  # says at once what is wrong with the boxes or the parameters
    given = loss.defaults | params
    at, path = start, [start]
    for step in range(steps):
        free = at.detach().requires_grad_()
        with torch.enable_grad():
            (slope,) = torch.autograd.grad(loss.function(free, target, **given).sum(), free)
        at = nearest_box(at - rate * (1 - step / steps) * slope)
        path.append(at)
    return torch.stack(path)


def nearest_box(corners: Tensor) -> Tensor:
    """The valid box nearest to four numbers (..., 4): a pair of crossed edges meets in its middle."""
    first, last = corners[..., :2], corners[..., 2:]
    middle = (first + last) / 2
    crossed = first > last
    return torch.cat([torch.where(crossed, middle, first), torch.where(crossed, middle, last)], -1)
