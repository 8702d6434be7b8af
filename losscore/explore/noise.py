"""Which loss estimates a centre best depends on the noise: how estimates from many samples scatter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from losscore.explore.fits import fit_constant
from losscore.record import Loss
from losscore.registry import get
from losscore.scenes.points import Points

Noise = Literal["gaussian", "laplace", "student", "contaminated"]

_STUDENT_DEGREES = 3
_CONTAMINATION = (0.1, 10.0)  # share of the samples that are drawn from a Gaussian so many times as wide


@dataclass(frozen=True)
class Spread:
    """estimate: (draws,) by label. variance: of those, 0-dim. efficiency: the variance of the mean over it."""

    estimate: dict[str, Tensor]
    variance: dict[str, Tensor]
    efficiency: dict[str, Tensor]


def sample(noise: Noise, n: int, draws: int, seed: int = 0) -> Tensor:
    """(draws, n) independent values about 0, float64: standard Gaussian; Laplace of scale 1; Student's t of 3 degrees
    of freedom; or a standard Gaussian in which every tenth value, on average, is ten times as far out.

    Raises ValueError for an unknown noise and for fewer than one value or two draws.
    """
    if noise not in get_args(Noise):
        raise ValueError(f"noise must be one of {list(get_args(Noise))}, got {noise!r}")
    if n < 1 or draws < 2:
        raise ValueError(f"needs at least 1 value and 2 draws, got n={n}, draws={draws}")
    generator = torch.Generator().manual_seed(seed)
    normal = torch.randn(draws, n, generator=generator, dtype=torch.float64)
    if noise == "gaussian":
        return normal
    if noise == "laplace":
        # A Gaussian whose variance is twice a standard exponential is Laplace of scale 1.
        uniform = torch.rand(draws, n, generator=generator, dtype=torch.float64)
        return normal * (-2 * torch.log1p(-uniform)).sqrt()
    if noise == "student":
        squares = torch.randn(_STUDENT_DEGREES, draws, n, generator=generator, dtype=torch.float64).square().sum(0)
        return normal * (_STUDENT_DEGREES / squares).sqrt()
    share, factor = _CONTAMINATION
    wide = torch.rand(draws, n, generator=generator, dtype=torch.float64) < share
    return normal * torch.where(wide, factor, 1.0)


def spread(
    losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], noise: Noise = "gaussian", n: int = 101, draws: int = 2000,
    seed: int = 0,
) -> Spread:  # fmt: skip
    """How the constant with the least mean loss scatters about the true centre, over many samples of n values.

    losses: label -> (loss, parameters). The efficiency is relative to the mean of the same samples, which MSE gives.
    For large n, MAE (the median) reaches 2 / pi under Gaussian noise and 2 under Laplace noise. Raises as `sample` and
    `fit_constant` do.
    """
    y = sample(noise, n, draws, seed)
    points = Points(y, y, torch.ones_like(y), torch.zeros(n, dtype=torch.bool), "value", "value", f"{noise} noise")
    estimate = {label: fit_constant(loss, points, **params).intercept for label, (loss, params) in losses.items()}
    variance = {label: value.var() for label, value in estimate.items()}
    mean = fit_constant(get("mse"), points).intercept.var()
    return Spread(estimate, variance, {label: mean / value for label, value in variance.items()})
