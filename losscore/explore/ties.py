"""Which pairs of a batch a loss pulls together and which it pushes apart, whatever the loss."""

from collections.abc import Callable

import torch
from torch import Tensor

import losscore

_ASIDE = 1e-4  # how far each embedding is set off into a dimension of its own
MINED = ("triplet_batch_hard", "triplet_semi_hard_all")
PAIRED = ("n_pair", "nt_xent", "info_nce_symmetric")
PROXIES = ("proxy_nca", "proxy_nca_softmax")
WITH_TEMPERATURE = ("nt_xent", "info_nce_symmetric", "supcon")


def cost(
    key: str, emb: Tensor, labels: Tensor, proxies: Tensor, margin: float | Tensor, temperature: float | Tensor
) -> Tensor:
    """The loss (S,) of batches emb (S, N, D) with labels (N,), proxies (C, D) and settings (S,) or one number.

    Losses of pairs take the first two of each class; a loss of proxies is the mean over the batch.
    """
    inputs, how = asked(key, emb, labels, proxies, margin, temperature)
    each = losscore.get(key)(*inputs, reduction="none", **how)
    return each.mean(-1) if key in PROXIES else each


def asked(
    key: str, emb: Tensor, labels: Tensor, proxies: Tensor, margin: float | Tensor, temperature: float | Tensor
) -> tuple[tuple[Tensor, ...], dict[str, float | Tensor]]:
    """The inputs and the parameters of that loss."""
    if key in PROXIES:
        return (emb, proxies, labels.expand(emb.shape[:-1])), {}
    if key in PAIRED:
        first = [int((labels == label).nonzero()[0]) for label in labels.unique()]
        second = [int((labels == label).nonzero()[1]) for label in labels.unique()]
        return (emb[:, first], emb[:, second]), {} if key == "n_pair" else {"temperature": temperature}
    how = {"margin": margin} if key in MINED else {"temperature": temperature}
    return (emb, labels.expand(emb.shape[:-1])), how


def pulls(value: Callable[[Tensor], Tensor], emb: Tensor) -> tuple[Tensor, Tensor]:
    """The loss (S,) and the negative gradient (S, N, D) of a loss of batches emb (S, N, D)."""
    emb = emb.detach().requires_grad_()
    found = value(emb)
    (slope,) = torch.autograd.grad(found.sum(), emb)
    return found.detach(), -slope


def ties(value: Callable[[Tensor, Tensor], Tensor], emb: Tensor, proxies: Tensor) -> Tensor:
    """How strongly each of a batch (S, N, D) is drawn to each other one and to each proxy (C, D): (S, N, N + C).

    Entry i, j says how much of (place of j - place of i) stands in the step downhill of i; negative where it is pushed
    away. `value(emb, proxies)` is the loss (S,) in any number of dimensions, a function of distances, scalar products
    or angles. Each member is set off a little into a dimension of its own: what the gradient of i has along that of j
    comes from j alone, and distances change by the square of that little.
    """
    count, every = emb.shape[-2], emb.shape[-2] + proxies.shape[-2]
    own = _ASIDE * torch.eye(every, dtype=emb.dtype)
    lifted = torch.cat([emb.detach(), own[:count].expand(len(emb), -1, -1)], -1).requires_grad_()
    fixed = torch.cat([proxies, own[count:]], -1)
    (slope,) = torch.autograd.grad(value(lifted, fixed).sum(), lifted)
    found = -slope[..., -every:] / _ASIDE
    oneself = torch.eye(count, every, dtype=torch.bool)
    return found.masked_fill(oneself, 0.0)
