"""Reconstruction, pixel by pixel and step by step: the error in decibels, the variation of one picture, its edges."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.reconstruction_inputs import Image
from losscore.params import Param

DataRange = Annotated[
    float, Param("L", 0.1, 255.0, "from the darkest possible grey to the brightest", log=True, domain="(0, inf)")
]


@loss(
    title="Peak signal-to-noise ratio",
    family="reconstruction",
    latex=r"10 \log_{10} \frac{L^2}{\frac{1}{N} \sum_i \left(p_i - y_i\right)^2}",
    insight="The mean squared error in decibels: halving every error adds 6.02 dB, whatever they look like.",
    trap=(
        "More is better: training maximises it. Its gradient grows without end on the way to a perfect picture, and a"
        " mean over pictures in decibels is not the decibels of their mean error."
    ),
    source="Common use; its origin is not known",
    aliases=("PSNR",),
    infinite="Where both images are the same: there is no noise to divide by. The gradient given there is 0.",
    claims=Claims(convex=False, smooth=False, robust=True, slope_bound="oo", minimum="-oo", maximum="oo"),
)
def psnr(pred: Image, target: Image, *, data_range: DataRange = 1.0) -> Tensor:
    """Decibels of data_range over the root mean squared error, (..., H, W) -> (...); higher is better.

    Each picture has its own mean squared error: a batch is averaged in decibels.
    """
    mse = (pred - target).square().mean((-2, -1))
    same = mse == 0
    # Equal pictures are taken out before the logarithm, whose slope there would turn the gradient into NaN.
    noise = torch.log(mse.masked_fill(same, 1.0)).masked_fill(same, -math.inf)
    signal = 2 * torch.log(torch.as_tensor(data_range, dtype=mse.dtype, device=mse.device))
    return (signal - noise) * (10 / math.log(10))


def _steps(image: Tensor) -> tuple[Tensor, Tensor]:
    """Differences to the next pixel across, (..., H, W - 1), and down, (..., H - 1, W)."""
    return image.diff(dim=-1), image.diff(dim=-2)


@loss(
    title="Squared total variation",
    family="reconstruction",
    latex=(r"\sum_{i,j} \left(p_{i,j+1} - p_{i,j}\right)^2 + \sum_{i,j} \left(p_{i+1,j} - p_{i,j}\right)^2"),
    insight="A step of 1 costs 1 and ten steps of a tenth only a tenth in all: the cheapest edge is a blurred one.",
    trap="It often goes by the name of total variation, but it does not keep edges: that needs the absolute value.",
    source="Tikhonov 1963 (a penalty on the squared gradient)",
    aliases=("TV squared", "Dirichlet energy", "H1 smoothness"),
    variant_of="tv_anisotropic",
    claims=Claims(
        convex=True, smooth=True, robust=False, flat=False, homogeneous=2, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def tv_squared(pred: Image) -> Tensor:
    """Sum of the squared steps between neighbouring pixels, (..., H, W) -> (...)."""
    across, down = _steps(pred)
    return across.square().sum((-2, -1)) + down.square().sum((-2, -1))


@loss(
    title="Total variation",
    family="reconstruction",
    latex=r"\sum_{i,j} \left|p_{i,j+1} - p_{i,j}\right| + \sum_{i,j} \left|p_{i+1,j} - p_{i,j}\right|",
    insight="One sharp step costs as much as a ramp of the same height, so noise goes and edges may stay.",
    trap="It is a sum over the picture and grows with its size; it also counts a slanted edge as longer than it is.",
    source="Rudin, Osher & Fatemi 1992, doi:10.1016/0167-2789(92)90242-F",
    aliases=("TV", "anisotropic total variation", "L1 of the gradient"),
    claims=Claims(
        convex=True, smooth=False, robust=False, flat=False, homogeneous=1, slope_bound="4", minimum="0", maximum="oo"
    ),
)
def tv_anisotropic(pred: Image) -> Tensor:
    """Sum of the absolute steps between neighbouring pixels, (..., H, W) -> (...); the gradient of no step is 0."""
    across, down = _steps(pred)
    return across.abs().sum((-2, -1)) + down.abs().sum((-2, -1))


@loss(
    title="Isotropic total variation",
    family="reconstruction",
    latex=(r"\sum_{i,j} \sqrt{\left(p_{i,j+1} - p_{i,j}\right)^2 + \left(p_{i+1,j} - p_{i,j}\right)^2 + \epsilon}"),
    insight="The length of the grey value's slope, in whatever direction: a round rim pays for its true length.",
    trap="The epsilon that keeps the root smooth is paid at every pixel: a flat picture costs its root times H W.",
    source="Rudin, Osher & Fatemi 1992, doi:10.1016/0167-2789(92)90242-F",
    aliases=("TV", "ROF", "total variation denoising"),
    variant_of="tv_anisotropic",
    claims=Claims(
        convex=True, smooth=True, robust=False, flat=False, slope_bound="2 + sqrt(2)", minimum="0", maximum="oo"
    ),
)
def tv_isotropic(
    pred: Image,
    *,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-8, 0.1, "squared step below which the root is round", log=True, domain="[0, inf)")
    ] = 1e-8,
) -> Tensor:
    """Sum over all pixels of the length of (step across, step down), (..., H, W) -> (...).

    Beyond the last column and row there is no step. At eps = 0 the gradient of a pixel without steps is 0.
    """
    across, down = _steps(pred)
    squares = F.pad(across.square(), (0, 1)) + F.pad(down.square(), (0, 0, 0, 1))
    squares = squares + torch.as_tensor(eps, dtype=pred.dtype, device=pred.device)[..., None, None]
    still = squares == 0
    return squares.masked_fill(still, 1.0).sqrt().masked_fill(still, 0.0).sum((-2, -1))


@loss(
    title="Gradient difference",
    family="reconstruction",
    latex=(
        r"\sum_{i,j} \Big|\left|y_{i,j+1} - y_{i,j}\right| - \left|p_{i,j+1} - p_{i,j}\right|\Big|^{\alpha}"
        r" + \Big|\left|y_{i+1,j} - y_{i,j}\right| - \left|p_{i+1,j} - p_{i,j}\right|\Big|^{\alpha}"
    ),
    insight="Only the heights of steps are compared: a blurred edge costs, a wrong brightness does not.",
    trap="Black and white cost nothing against each other, nor does a negative, and a flat prediction has no gradient.",
    source="Mathieu et al. 2016, arXiv:1511.05440",
    aliases=("GDL", "image gradient loss", "edge loss"),
    claims=Claims(convex=False, even=False, smooth=False, flat=True, minimum="0", maximum="oo"),
)
def gradient_difference(
    pred: Image,
    target: Image,
    *,
    alpha: Annotated[float, Param(r"\alpha", 1.0, 2.0, "power of each difference", domain="[1, inf)")] = 1.0,
) -> Tensor:
    """Sum of | |step of target| - |step of pred| | to the power alpha over both directions, (..., H, W) -> (...)."""
    power = torch.as_tensor(alpha, dtype=pred.dtype, device=pred.device)[..., None, None]
    across, down = (
        ((wanted.abs() - found.abs()).abs() ** power).sum((-2, -1))
        for found, wanted in zip(_steps(pred), _steps(target), strict=True)
    )
    return across + down
