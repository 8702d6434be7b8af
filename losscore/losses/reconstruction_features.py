"""Reconstruction compared by features instead of pixels, and together with the code that it was made from."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ValueVector
from losscore.losses.reconstruction_inputs import Features, FilteredImage, Kernels, LatentLogVariance, LatentMean
from losscore.params import Param


def responses(image: Tensor, kernels: Tensor) -> Tensor:
    """Positive part of what each 3 x 3 kernel finds at each place inside the picture, (..., F, H - 2, W - 2).

    image (..., H, W) and kernels (..., F, 3, 3) broadcast over their leading dimensions.
    """
    patches = image.unfold(-2, 3, 1).unfold(-2, 3, 1).flatten(-2)  # (..., H - 2, W - 2, 9)
    return F.relu(torch.einsum("...hwk,...fk->...fhw", patches, kernels.flatten(-2)))


@loss(
    title="Perceptual loss with fixed filters",
    family="reconstruction",
    latex=(
        r"\sum_{f} \left\| \varphi_f(p) - \varphi_f(y) \right\|^2,"
        r"\quad \varphi_f(x) = \max(0,\, k_f \star x)\ \text{inside the picture}"
    ),
    insight="Pictures are compared by what filters find in them: whatever no filter answers to is free.",
    trap="Zero does not mean equal pictures, and where every filter is silent there is no gradient; it is a sum.",
    source="Johnson et al. 2016, arXiv:1603.08155; Dosovitskiy & Brox 2016, arXiv:1602.02644",
    aliases=("perceptual loss", "content loss", "feature reconstruction"),
    claims=Claims(
        convex=False,
        even=False,
        smooth=False,
        robust=False,
        flat=True,
        homogeneous=4,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def perceptual_fixed_filters(pred: FilteredImage, target: FilteredImage, kernels: Kernels) -> Tensor:
    """Squared distance of the filters' positive answers, (..., H, W), (..., H, W) and (..., F, 3, 3) -> (...).

    The kernels slide without being turned round, as convolution layers do, over the places where they fit.
    """
    return (responses(pred, kernels) - responses(target, kernels)).square().sum((-3, -2, -1))


def gram(features: Tensor) -> Tensor:
    """Products of the C channels, averaged over C and the positions, (..., C, C)."""
    channels, positions = features.shape[-2:]
    return features @ features.mT / (channels * positions)


@loss(
    title="Style by Gram matrices",
    family="reconstruction",
    latex=r"\left\| G(p) - G(y) \right\|_F^2,\quad G(x) = \frac{x x^\top}{C N}",
    insight="Which features appear together is the style, where they appear is not: shuffling the positions is free.",
    trap="Gatys and colleagues use a quarter of it; at features of all zeros there is no gradient.",
    source="Gatys et al. 2016, doi:10.1109/CVPR.2016.265; Johnson et al. 2016, arXiv:1603.08155",
    aliases=("style loss", "Gram loss", "Gram matrix"),
    claims=Claims(
        convex=False,
        even=False,
        smooth=True,
        robust=False,
        flat=True,
        homogeneous=4,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def gram_style(pred: Features, target: Features) -> Tensor:
    """Squared Frobenius distance of the Gram matrices of C feature maps at N positions, (..., C, N) -> (...)."""
    return (gram(pred) - gram(target)).square().sum((-2, -1))


@loss(
    title="Negative evidence lower bound",
    family="reconstruction",
    latex=(
        r"\sum_i \left(\hat x_i - x_i\right)^2"
        r" + \beta \sum_d \tfrac12 \left(\mu_d^2 + e^{s_d} - 1 - s_d\right),\quad s_d = \log \sigma_d^2"
    ),
    insight="A good copy and a code close to plain noise pull against each other; beta says which of them wins.",
    trap="At a large beta the cheapest code says nothing: every picture gets mean 0 and variance 1, and one blur.",
    source="Kingma & Welling 2014, arXiv:1312.6114; Higgins et al. 2017 (beta)",
    aliases=("VAE loss", "ELBO", "beta-VAE", "β-VAE"),
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def vae_elbo(
    recon: ValueVector,
    target: ValueVector,
    mu: LatentMean,
    logvar: LatentLogVariance,
    *,
    kl_weight: Annotated[
        float, Param(r"\beta", 1e-4, 10.0, "weight of the code's divergence", log=True, domain="[0, inf)")
    ] = 0.01,
) -> Tensor:
    """Sum of squared errors plus kl_weight times KL(N(mu, exp(logvar)) || N(0, 1)), (..., N) and (..., D) -> (...).

    Log-variances from -50 to 50 are accepted: beyond them the variance leaves the range of float32.
    """
    kl = (mu.square() + (torch.expm1(logvar) - logvar)).sum(-1) / 2
    return (recon - target).square().sum(-1) + kl_weight * kl
