"""Many easy samples against a few hard ones: what each crowd adds to a loss, and to its pull."""

from typing import Any

import torch
from torch import Tensor

from losscore.record import Loss

HARD = 0.1  # probability that a hard sample is given of its truth: a cross-entropy of 2.30


def crowds(
    loss: Loss, easy_cost: float | Tensor, easy: float | Tensor, hard: float | Tensor, **params: Any
) -> tuple[Tensor, Tensor]:
    """Sum of the losses, and of the sizes of the gradients by the logit, (1 or S, 2): of the easy and of the hard.

    easy_cost: the cross-entropy of each easy sample, a no that is answered no. A hard sample is a yes that is given
    the probability HARD. easy, hard: how many there are. Each of these, or one parameter, may be a tensor (S,).
    """
    logits = torch.stack(torch.broadcast_tensors(easy_logit(easy_cost), torch.logit(torch.tensor([HARD]))), -1)
    counts = torch.stack(torch.broadcast_tensors(_number(easy), _number(hard)), -1)
    each, pull = singly(loss, logits, torch.tensor([0.0, 1.0]), **params)
    return each * counts, pull.abs() * counts


def singly(loss: Loss, logits: Tensor, truth: Tensor, **params: Any) -> tuple[Tensor, Tensor]:
    """What each of N samples (1 or S, N) costs whose truths are (N,) or one of 0 and 1, and its slope by its logit.

    A loss of several labels gets them one by one. A parameter may be a tensor (S,).
    """
    given: dict[str, Any] = {name: v.reshape(-1, 1) if isinstance(v, Tensor) else v for name, v in params.items()}
    sweeps = [v.shape for v in given.values() if isinstance(v, Tensor)]
    logits = logits.expand(torch.broadcast_shapes(logits.shape, *sweeps)).contiguous()
    if loss.inputs["pred"].dims:
        logits, truth = logits[..., None], truth.expand(logits.shape)[..., None]
    each = loss(logits, truth, reduction="none", **given)
    return each, loss.gradient(logits, truth, reduction="sum", **given).reshape(each.shape)


def easy_logit(cost: float | Tensor) -> Tensor:
    """The logit (1 or S,) of a no that costs so much cross-entropy: softplus(z) = cost."""
    return _number(cost).expm1().log()


def _number(value: float | Tensor) -> Tensor:
    return torch.as_tensor(value, dtype=torch.float32).reshape(-1)
