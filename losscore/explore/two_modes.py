"""One bell fitted to two modes by either side of the Kullback-Leibler divergence."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

import losscore
from losscore.scenes.two_modes import LINE, bell

SIDES = ("kl_divergence", "kl_reversed")  # KL(true || bell) and KL(bell || true)
_ROUNDS = 14
_LENGTHS = torch.tensor([1.0, 0.5, 0.2, 0.05, 0.0], dtype=torch.float64)  # of a Newton move, all are tried
_ENDS = -2.0, 2.0  # of the logarithm of a width


@dataclass(frozen=True)
class Fit:
    """place, width: of the best bell, (S,). value: by side of the divergence, what it costs, (S,)."""

    place: Tensor
    width: Tensor
    value: dict[str, Tensor]


def divergence(side: str, pred: Tensor, truth: Tensor) -> Tensor:
    """One of SIDES for shares (..., K): (...)."""
    kl = losscore.get("kl_divergence")
    pair = torch.broadcast_tensors(pred, truth)
    return kl(*(pair if side == "kl_divergence" else pair[::-1]), reduction="none")


def best_bell(side: str, truth: Tensor) -> Fit:
    """The bell nearest to densities (S, K) on LINE; from a wide start, and for the reversed side from each mode too."""
    place = (truth * LINE).sum(-1)
    spread = (truth * (LINE - place[..., None]).square()).sum(-1).sqrt()
    starts = [torch.stack([place, spread.log()], -1)]
    if side == "kl_reversed":
        right = truth * (LINE > 0)
        for half in (right, truth * (LINE < 0)):
            part = half / half.sum(-1, keepdim=True)
            mode = (part * LINE).sum(-1)
            thin = (part * (LINE - mode[..., None]).square()).sum(-1).sqrt()
            starts.append(torch.stack([mode, thin.log()], -1))
    at = torch.stack(starts, -2)  # (S, starts, 2)

    def cost(theta: Tensor) -> Tensor:
        return divergence(side, bell(theta[..., 0], theta[..., 1].exp()), truth[..., None, :])

    for _ in range(_ROUNDS):
        at = _newton(cost, at)
    # Of modes that are as good the first start's wins, whatever the rounding says.
    value = cost(at) + 1e-9 * torch.arange(at.shape[-2])
    best = value.argmin(-1)[..., None, None].expand(*value.shape[:-1], 1, 2)
    place, width = at.gather(-2, best)[..., 0, :].unbind(-1)
    found = bell(place, width.exp())
    return Fit(place, width.exp(), {name: divergence(name, found, truth) for name in SIDES})


def _newton(cost: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """A move (S, starts, 2) downhill, along the curvature where it bends upwards and against it where it does not."""
    theta = at.clone().requires_grad_()
    (slope,) = torch.autograd.grad(cost(theta).sum(), theta, create_graph=True)
    bend = torch.stack([torch.autograd.grad(slope[..., k].sum(), theta, retain_graph=True)[0] for k in (0, 1)], -1)
    curve, ways = torch.linalg.eigh((bend + bend.mT) / 2)
    along = (ways.mT @ slope.detach()[..., None]) / curve.abs().clamp(min=1e-3)[..., None]
    move = -(ways @ along)[..., 0].clamp(-1, 1)
    tried = at + _LENGTHS.reshape(-1, *(1 for _ in at.shape)) * move
    tried = torch.stack([tried[..., 0], tried[..., 1].clamp(*_ENDS)], -1)
    with torch.no_grad():
        value = cost(tried)
    best = value.argmin(0)[None, ..., None].expand(1, *at.shape)
    return tried.gather(0, best)[0]


def coin(heads: Tensor) -> dict[str, Tensor]:
    """Both sides of the divergence between a coin that falls on heads with (S,), the true one, and a fair one."""
    return {side: losscore.get("kl_divergence")(*coin_inputs(side, heads).values(), reduction="none") for side in SIDES}


def coin_inputs(side: str, heads: Tensor) -> dict[str, Tensor]:
    """What the divergence takes for one side, (S, 2) each."""
    truth = torch.stack([heads, 1 - heads], -1).double()
    fair = torch.full_like(truth, 0.5)
    return {"pred": fair, "target": truth} if side == "kl_divergence" else {"pred": truth, "target": fair}
