"""A short list by its scores: what its order costs, and the order after one step down the gradient."""

import torch
from torch import Tensor

import losscore

_TIE = 1e-9  # scores this near are equal


def cost(key: str, scores: Tensor, margin: float | Tensor) -> Tensor:
    """The mean loss (S,) over all pairs of scores (S, N), of which each should be above the next; margin: (S,) or one.

    logistic_margin knows no margin.
    """
    loss, (high, low) = losscore.get(key), torch.triu_indices(scores.shape[-1], scores.shape[-1], 1)
    above, below = scores[:, high], scores[:, low]
    right = torch.ones_like(above)
    if key == "logistic_margin":
        return loss(above - below, right, reduction="none").mean(-1)
    margin = torch.as_tensor(margin, dtype=scores.dtype).reshape(-1, 1)
    return loss(above, below, right, margin=margin, reduction="none").mean(-1)


def pulls(key: str, scores: Tensor, margin: float | Tensor) -> tuple[Tensor, Tensor]:
    """The loss (S,) and the negative gradient on each score (S, N)."""
    scores = scores.detach().requires_grad_()
    value = cost(key, scores, margin)
    (slope,) = torch.autograd.grad(value.sum(), scores)
    return value.detach(), -slope


def places(scores: Tensor) -> Tensor:
    """The place (S, N) of each score in the list, from 1; equal ones share the middle of theirs."""
    lead = scores[:, None, :] - scores[:, :, None]
    return 1 + (lead > _TIE).sum(-1) + ((lead.abs() <= _TIE).sum(-1) - 1) / 2


def misplaced(scores: Tensor) -> Tensor:
    """How many pairs (S,) of scores (S, N) are not in the right order; equal ones are not."""
    high, low = torch.triu_indices(scores.shape[-1], scores.shape[-1], 1)
    return (scores[:, high] - scores[:, low] <= _TIE).sum(-1)
