"""What a trained autoencoder makes of held-out digits: copies, the parts of its loss, and digits that never were."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

import losscore
from losscore.scenes.handwritten import digits
from losscore.train import Run
from losscore.train.vae import DIMS, decoded

PARTS = ("decoder", "mean", "logvar")  # of a run's frames
_DRAWS = 4  # of every code, for the loss that it was trained with
_NEW = 200  # codes drawn from N(0, 1)


@dataclass(frozen=True)
class Judged:
    """Means over the 300 held-out digits, for every run and look.

    copy: squared error of what the drawn codes give. divergence: of the codes from N(0, 1). total: copy + weight x
    divergence. variety: the copies' variance as a share of the digits' own. outside: share of the codes' middles
    more than `reach` from 0. strange: squared distance of a digit made from N(0, 1) to the nearest real one.
    """

    copy: Tensor
    divergence: Tensor
    total: Tensor
    variety: Tensor
    outside: Tensor
    strange: Tensor


@lru_cache(maxsize=4)
def judged(runs: tuple[Run, ...], reach: float) -> Judged:
    """Runs of `digit_codes` at all their E + 1 looks: numbers (R, E + 1)."""
    loss, target = losscore.get("vae_elbo"), digits()[1].pictures.flatten(1)
    decoder, mean, logvar = (torch.stack([run.frames[part] for run in runs]).float() for part in PARTS)
    weight = torch.tensor([run.settings["weight"] for run in runs])[:, None]
    chance = torch.Generator().manual_seed(0)
    drawn = torch.randn(_DRAWS, 1, 1, len(target), DIMS, generator=chance)
    pictures = decoded(decoder, mean + torch.exp(logvar / 2) * drawn)  # (draws, R, E + 1, 300, 64)
    copy = loss(pictures, target, mean, logvar, kl_weight=0.0, reduction="none").mean((0, -1))
    divergence = loss(target, target, mean, logvar, kl_weight=1.0, reduction="none").mean(-1)
    made = decoded(decoder, new_codes(_NEW).expand(*decoder.shape[:-1], -1, -1))
    return Judged(
        copy,
        divergence,
        copy + weight * divergence,
        decoded(decoder, mean).var(-2).sum(-1) / target.var(-2).sum(-1),
        (mean.abs() > reach).any(-1).float().mean(-1),
        torch.cdist(made, digits()[0].pictures.flatten(1)).amin(-1).square().mean(-1),
    )


def new_codes(count: int) -> Tensor:
    """The same codes every time, drawn from N(0, 1): (count, 2)."""
    return torch.randn(count, DIMS, generator=torch.Generator().manual_seed(5))
