"""True and made points as two equal bells on a line: the best critic, and what it tells the generator."""

import math

import torch
from torch import Tensor

import losscore

# The best critic of each generator's loss in closed form; of RaSGAN and RMCosGAN none is known.
BEST = ("gan_g_saturating", "gan_g_nonsaturating", "rsgan_g", "lsgan_g", "hinge_g", "wgan_g")
_PLACES = 41  # of each bell, where they meet in pairs
_FINE = 1601  # places of the made bell, and of the true one beside it


def density(x: Tensor, centre: Tensor, width: float) -> Tensor:
    """Bells (S, P) at centres (S, 1) over x (P,)."""
    return (-((x - centre) / width).square() / 2).exp() / (width * math.sqrt(2 * math.pi))


def log_ratio(x: Tensor, apart: Tensor, width: float) -> Tensor:
    """ln p(x) - ln q(x) of the true bell at 0 and the made one at `apart`: the best critic's logit."""
    return ((x - apart).square() - x.square()) / (2 * width**2)


def _best(key: str, x: Tensor, apart: Tensor, width: float) -> tuple[Tensor, Tensor]:
    """The best critic's score at x, and its slope there."""
    logit = log_ratio(x, apart, width)
    slope = (-apart / width**2).expand_as(x)
    if key == "wgan_g":  # the steepest that is allowed
        return -apart.sign() * x, (-apart.sign()).expand_as(x)
    if key == "hinge_g":  # 1 where the true bell is higher, -1 elsewhere
        return logit.sign(), torch.zeros_like(x)
    if key == "lsgan_g":
        share = logit.sigmoid()
        return share, share * (-logit).sigmoid() * slope
    return logit, slope


def pull_home(key: str, apart: Tensor, width: float) -> Tensor:
    """How hard the made bell is pulled home against its best critic, (S,): d E[generator's loss] / d apart.

    Positive: downhill leads home. apart: (S,). The mean over the bell is a sum over places, each by its density: what
    little a vanishing loss still pulls, it pulls in the tail. A loss of pairs sums over places of both bells.
    """
    shift = apart[:, None]
    if "N" in losscore.get(key).inputs["fake"].dims:
        line = width * torch.linspace(-6, 6, _PLACES, dtype=torch.float64)
        true, made = line.repeat_interleave(_PLACES), line.repeat(_PLACES)
        true_x, made_x = true.expand(len(apart), -1), made + shift
        nil = torch.zeros((), dtype=torch.float64)
        weight = density(true, nil, width) * density(made, nil, width)
    else:
        true_x = torch.zeros_like(shift)
        made_x = torch.linspace(-8, 8, _FINE, dtype=torch.float64) * width + shift * torch.linspace(
            0, 1, _FINE, dtype=torch.float64
        )
        step = (made_x[:, -1:] - made_x[:, :1]) / (_FINE - 1)
        weight = density(made_x, shift, width) * step
    weight = weight / weight.sum(-1, keepdim=True)
    real, _ = _best(key, true_x, shift, width)
    fake, slope = _best(key, made_x, shift, width)
    pull = losscore.get(key).gradient(real.contiguous(), fake.contiguous(), wrt="fake", reduction="sum")
    return (pull * made_x.shape[-1] * weight * slope).sum(-1)


def distances(apart: Tensor, width: float) -> tuple[Tensor, Tensor]:
    """Jensen-Shannon divergence and Wasserstein-1 distance of the two bells, (S,) each."""
    reach = float(apart.abs().max()) + 8 * width
    x = torch.linspace(-8 * width, reach, 801, dtype=torch.float64)
    p, q = (density(x, centre, width) for centre in (torch.zeros_like(apart)[:, None], apart[:, None]))
    shares = [bell / bell.sum(-1, keepdim=True) for bell in (p, q)]
    grain = torch.linspace(-3, 3, _PLACES, dtype=torch.float64) * width  # any shape will do: both have the same
    moved = grain + apart[:, None]
    js = losscore.get("js_divergence")(*shares, reduction="none")
    return js, losscore.get("wasserstein1_samples")(moved, grain.expand_as(moved).contiguous(), reduction="none")
