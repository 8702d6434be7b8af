"""What a detector is taught besides its boxes: scores that tell a quality, edges among bins, centres on a heat map."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

import losscore

BINS = 8  # places 0 to 7 at which an edge may lie
SIDE = 25  # px of the heat map
CENTRE = SIDE // 2
_NIL = 1e-9  # less than this is rounding
_GRID = torch.cat([torch.tensor([-30.0]), torch.linspace(-8, 8, 641), torch.tensor([30.0])]).double()


def rests(key: str, label: Tensor, params: Mapping[str, Any]) -> Tensor:
    """The score (S,), 0 to 1, at which a loss of one logit is lowest for labels (S,); parameters numbers or (S,)."""
    grid = torch.cat([_GRID.expand(len(label), -1), torch.logit(label[:, None], 1e-9)], -1)
    given = {name: v[:, None] if isinstance(v, Tensor) else v for name, v in params.items()}
    cost = losscore.get(key)(grid, label[:, None].expand_as(grid), reduction="none", **given)
    best = cost.argmin(-1).reshape(-1, 1)
    return grid.expand(len(best), -1).gather(-1, best)[:, 0].sigmoid()


def bin_logits(place: Tensor, spread: Tensor) -> Tensor:
    """Logits (S, BINS) of a distribution around each place (S,), as wide as its spread (S,)."""
    off = (torch.arange(BINS, dtype=torch.float64) - place[:, None]) / spread[:, None]
    return -off.square() / 2


def edge_terms(logits: Tensor, edge: Tensor) -> dict[str, Tensor]:
    """Of S distributions over bins and true edges (S,): the loss, the least there is, the pull (S, BINS) on the logits.

    wanted: (S, BINS), what the loss wants each bin to have; mean: where the distribution lies in the mean, (S,).
    """
    loss = losscore.get("distribution_focal")
    pull = -loss.gradient(logits, edge, reduction="sum")
    share = logits.softmax(-1)
    wanted = pull + share
    wanted = wanted.where(wanted > _NIL, 0.0)
    least = loss(wanted.clamp(min=_NIL**2).log(), edge, reduction="none")
    mean = (share * torch.arange(BINS, dtype=torch.float64)).sum(-1)
    cost = loss(logits, edge, reduction="none")
    return {
        "loss": cost,
        "least": least.where(least > _NIL, 0.0),
        "pull": pull,
        "share": share,
        "wanted": wanted,
        "mean": mean,
    }


def bump(off: Tensor, height: Tensor | float, width: float) -> Tensor:
    """Heat maps (S, SIDE, SIDE) with a bell of this height, `off` (S,) px to the right of the centre."""
    x = torch.arange(SIDE, dtype=torch.float64) - CENTRE
    squares = x.square()[:, None] + (x - off[:, None, None]).square()
    return torch.as_tensor(height, dtype=torch.float64).reshape(-1, 1, 1) * torch.exp(-squares / (2 * width**2))


def map_terms(pred: Tensor, target: Tensor, params: Mapping[str, Any]) -> dict[str, Tensor]:
    """Gaussian focal loss of heat maps (S, SIDE, SIDE): whole, of its centre and of all else (S,); `row` (S, SIDE).

    row: what each pixel of the row through the centre costs.
    """
    loss = losscore.get("gaussian_focal")

    def cost(kept: Tensor, **given: Any) -> Tensor:
        """Of the pixels that are kept (..., SIDE, SIDE); the others are right."""
        return loss(torch.where(kept, pred if kept.ndim < 4 else pred[:, None], target == 1), target,
                    reduction="none", **given)  # fmt: skip

    each = torch.zeros(SIDE, SIDE, SIDE, dtype=torch.bool)
    each[torch.arange(SIDE), CENTRE, torch.arange(SIDE)] = True
    swept = {name: v[:, None] if isinstance(v, Tensor) else v for name, v in params.items()}
    whole, centre = loss(pred, target, reduction="none", **params), cost(each[CENTRE], **params)
    return {"loss": whole, "centre": centre, "others": whole - centre, "row": cost(each[None], **swept)}
