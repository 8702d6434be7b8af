"""What one logit costs when the truth is yes, how it is pulled, and over which logits it is pulled at all."""

from typing import Any

import torch
from torch import Tensor

from losscore.explore.curves import against_points
from losscore.record import Loss

LEAST = 0.01  # a pull below this counts as none: a hundredth of cross-entropy's strongest
# Fine where losses bend, coarse up to where float32 has long rounded every sigmoid to 0 or 1.
_SCAN = torch.cat([torch.linspace(-250, -12.5, 476), torch.arange(-1200, 1201) / 100, torch.linspace(12.5, 250, 476)])


def logit_curve(loss: Loss, z: Tensor, **params: Any) -> tuple[Tensor, Tensor]:
    """The loss of one sample whose truth is yes, and its slope d loss / d z, at the logits z (..., P).

    A loss of probabilities is given the sigmoid of z, and the slope is taken through it; for a loss of margins z is the
    margin. A parameter may be a tensor (S,): both results are then (S, P). Raises as the loss does.
    """
    numbers = against_points(loss, params, 1)
    sweeps = [value.shape for value in numbers.values() if isinstance(value, Tensor)]
    free = z.expand(torch.broadcast_shapes(z.shape, *sweeps)).clone().requires_grad_()
    with torch.enable_grad():
        pred = free.sigmoid() if loss.inputs["pred"].high == 1 else free
        value = loss(pred, torch.ones_like(pred), reduction="none", **numbers)
        if not value.requires_grad:
            return value, torch.zeros_like(value)
        (slope,) = torch.autograd.grad(value.sum(), free, materialize_grads=True)
    return value.detach(), slope


def pulled(loss: Loss, **params: Any) -> tuple[Tensor, Tensor]:
    """Between which logits the loss pulls by LEAST or more, in float32: two (1,), or (S,) under a sweep.

    -inf and inf where the pull goes on for ever, NaN where there is none. Right to 0.01 within 12 of zero, else to 0.5.
    """
    strong = logit_curve(loss, _SCAN, **params)[1].abs().reshape(-1, len(_SCAN)) >= LEAST
    first, last = strong.int().argmax(-1), len(_SCAN) - 1 - strong.flip(-1).int().argmax(-1)
    # The nearest place where it no longer does.
    low = torch.where(first == 0, -torch.inf, _SCAN[first - 1])
    high = torch.where(last == len(_SCAN) - 1, torch.inf, _SCAN[(last + 1).clamp(max=len(_SCAN) - 1)])
    some = strong.any(-1)
    return low.where(some, torch.nan), high.where(some, torch.nan)
