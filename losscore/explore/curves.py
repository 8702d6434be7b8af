"""A loss as a curve over the residual, and how its parameters meet the points of a batch."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.record import Loss


def residual_curve(loss: Loss, r: Tensor, *, target: float | Tensor = 0.0, **params: Any) -> tuple[Tensor, Tensor]:
    """The loss of one sample and its slope d loss / d pred at pred = target + r.

    r: (..., P). A parameter may be a tensor (S,), one value for each curve: both results are then (S, P).
    A loss that takes more than pred and target is given the others by name, such as var=1.0.
    NaN where pred leaves the values that the loss accepts. A loss of a whole vector (rmse) gets vectors of length one.
    Raises TypeError for a missing input or an unknown parameter, ValueError for a parameter or a target out of its
    domain.
    """
    numbers = {name: _against_last(value) for name, value in params.items()}
    extra = [name for name in loss.inputs if name not in ("pred", "target")]
    missing = [name for name in extra if name not in numbers]
    if missing:
        raise TypeError(f"{loss.key}: also takes {', '.join(missing)}")
    others = [torch.as_tensor(numbers.pop(name), dtype=r.dtype) for name in extra]
    true = torch.as_tensor(target, dtype=r.dtype)
    shape = torch.broadcast_shapes(
        r.shape, true.shape, *(other.shape for other in others), *(v.shape for v in numbers.values() if _is_sweep(v))
    )
    true = true.expand(shape)
    pred = (true + r).contiguous()
    kind = loss.inputs["pred"]
    inside = (pred >= kind.low) & (pred <= kind.high) & ~((pred == kind.low) & kind.open_low)
    # The loss sees a harmless value where pred is out of its domain, and the curve has a gap there.
    harmless = min(max(sum(kind.typical) / 2, kind.low), kind.high)
    pred = torch.where(inside, pred, harmless)
    given = [pred, true, *(other.expand(shape) for other in others)]
    if kind.dims:
        given = [tensor.unsqueeze(-1) for tensor in given]
    value = loss(*given, reduction="none", **numbers)
    slope = loss.gradient(*given, reduction="sum", **numbers).reshape(shape)
    return value.where(inside, torch.nan), slope.where(inside, torch.nan)


def need_residual_loss(loss: Loss) -> None:
    """Raise ValueError unless one sample's loss is a function of pred - target alone."""
    if not loss.of_residual:
        raise ValueError(f"{loss.key}: a fit needs a loss of the residual pred - target of one point")


def against_points(loss: Loss, params: Mapping[str, Any], ndim: int) -> dict[str, Any]:
    """All parameters of the loss; those that are tensors get `ndim` trailing dimensions, to be swept against points."""
    everything = loss.defaults | dict(params)
    return {name: value[(..., *[None] * ndim)] if _is_sweep(value) else value for name, value in everything.items()}


def _against_last(value: Any) -> Any:
    return value.unsqueeze(-1) if _is_sweep(value) else value


def _is_sweep(value: Any) -> bool:
    return isinstance(value, Tensor) and value.ndim > 0
