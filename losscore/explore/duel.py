"""What one true and one made sample cost generator and critic, and how each of their scores is pulled."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.explore.curves import against_points

# SymPy text of each loss of one true score r and one made score f; RMCosGAN's are cosines.
FORMULAS = {
    "gan_g_saturating": "-log(1 + exp(f))",
    "gan_g_nonsaturating": "log(1 + exp(-f))",
    "lsgan_g": "(f - 1)**2/2",
    "hinge_g": "-f",
    "wgan_g": "-f",
    "rsgan_g": "log(1 + exp(r - f))",
    "rasgan_g": "(log(1 + exp(r - f)) + log(1 + exp(-(f - r))))/2",
    "ralsgan_g": "((r - f + 1)**2 + (f - r - 1)**2)/2",
    "rmcosgan_g": "log(1 + exp(-s*(f - m - r)))",
    "gan_d": "log(1 + exp(-r)) + log(1 + exp(f))",
    "lsgan_d": "(r - 1)**2/2 + f**2/2",
    "hinge_d": "Max(0, 1 - r) + Max(0, 1 + f)",
    "wgan_critic": "f - r",
    "rsgan_d": "log(1 + exp(f - r))",
    "rasgan_d": "(log(1 + exp(-(r - f))) + log(1 + exp(f - r)))/2",
    "ralsgan_d": "((r - f - 1)**2 + (f - r + 1)**2)/2",
    "rahinge_d": "(Max(0, 1 - (r - f)) + Max(0, 1 + (f - r)))/2",
    "rmcosgan_d": "log(1 + exp(-s*(r - m - f)))",
}
COSINES = ("rmcosgan_g", "rmcosgan_d")  # their scores end at -1 and 1


def scores(key: str, score: Tensor) -> Tensor:
    """The score as the loss can take it: a cosine waits at -1 or 1."""
    return score.clamp(-1, 1) if key in COSINES else score


def duel(
    key: str, real: Tensor | float, fake: Tensor | float, params: Mapping[str, Any] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """The loss (S,), and its gradients by the true and by the made score (S,), for batches of one sample each.

    real, fake: scores, numbers or (S,). A score beyond what the loss takes counts as the last that it takes.
    """
    both = torch.broadcast_tensors(*(torch.as_tensor(score, dtype=torch.float64).reshape(-1) for score in (real, fake)))
    r, f = (scores(key, score)[:, None].contiguous() for score in both)
    loss = losscore.get(key)
    given = against_points(loss, params or {}, 0)
    value = loss(r, f, reduction="none", **given)
    by_real, by_fake = (loss.gradient(r, f, wrt=name, reduction="sum", **given)[:, 0] for name in ("real", "fake"))
    return value, by_real, by_fake


def penalised(slope: Tensor, apart: Tensor, lam: Tensor) -> tuple[Tensor, Tensor]:
    """The critic D(x) = -slope x of two points, true at 0 and made at `apart`: its WGAN loss and its gradient penalty.

    All three broadcast against each other, and so do the results.
    """
    steepness, distance, weight = torch.broadcast_tensors(slope, apart, lam)
    made = (-steepness * distance)[..., None]
    value = losscore.get("wgan_critic")(torch.zeros_like(made), made, reduction="none")
    penalty = losscore.get("wgan_gp_penalty")(steepness.abs()[..., None], lam=weight, reduction="none")
    return value, penalty
