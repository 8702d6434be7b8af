"""What holds a game between two networks in check: a bound on the critic's slope, and pictures that must come back."""

from typing import Annotated

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input
from losscore.losses.reconstruction_inputs import Image
from losscore.params import Param

GradientNorms = Annotated[Tensor, Input("gradient norms", dims=("N",), low=0.0, typical=(0.0, 3.0))]
Weight = Annotated[float, Param(r"\lambda", 0.0, 20.0, "weight beside the adversarial loss", domain="[0, inf)")]

# Without its weight a loss is 0.
UNBOUNDED = "Piecewise((oo, lam > 0), (0, True))"


def mean_absolute_difference(one: Tensor, other: Tensor) -> Tensor:
    """Over the pixels of each picture, (..., H, W) -> (...)."""
    return (one - other).abs().mean((-2, -1))


@loss(
    title="WGAN gradient penalty",
    family="adversarial",
    latex=r"\lambda\,\overline{\left(\|\nabla_{\hat x} D(\hat x)\| - 1\right)^2}",
    insight="The critic's slope is kept close to 1, for only then do its scores measure a distance.",
    trap="The norm of a gradient of 0 has no slope of its own: a bare square root gives NaN there.",
    source="Gulrajani et al. 2017, arXiv:1704.00028",
    aliases=("WGAN-GP", "gradient penalty"),
    claims=Claims(convex=True, smooth=True, flat=False, logits=False, slope_bound="oo", maximum=UNBOUNDED),
)
def wgan_gp_penalty(grad_norms: GradientNorms, *, lam: Weight = 10.0) -> Tensor:
    """lam times the mean square of the critic's gradient norms minus 1, (..., N) -> (...); 0 at its best.

    grad_norms: the norm of the critic's gradient at each of N points between a real and a made sample.
    """
    return lam * (grad_norms - 1).square().mean(-1)


@loss(
    title="Cycle consistency",
    family="adversarial",
    latex=r"\lambda\,\frac{1}{HW}\left\|F(G(x)) - x\right\|_1",
    insight="There and back again must give the same picture, so nothing of it may be lost on the way.",
    trap="Two networks that change nothing have no cost at all: it needs the adversarial loss beside it.",
    source="Zhu et al. 2017, arXiv:1703.10593",
    aliases=("CycleGAN", "cycle loss"),
    torch_call="{lam} * F.l1_loss(reconstructed, original)",
    claims=Claims(
        convex=True,
        even=True,
        smooth=False,
        flat=False,
        logits=False,
        homogeneous=1,
        slope_bound="lam",
        minimum="0",
        maximum=UNBOUNDED,
    ),
)
def cycle_consistency(reconstructed: Image, original: Image, *, lam: Weight = 10.0) -> Tensor:
    """lam times the mean absolute difference of picture and round trip, in one direction; (..., H, W) -> (...)."""
    return lam * mean_absolute_difference(reconstructed, original)


@loss(
    title="Identity loss",
    family="adversarial",
    latex=r"\frac{\lambda}{2}\,\frac{1}{HW}\left\|G(y) - y\right\|_1",
    insight="A picture that is already in the target style should come out as it went in, its colours included.",
    trap="Too heavy a weight and the network learns to change nothing.",
    source="Taigman et al. 2017, arXiv:1611.02200; Zhu et al. 2017, arXiv:1703.10593",
    aliases=("CycleGAN", "identity mapping"),
    torch_call="{lam} / 2 * F.l1_loss(reconstructed, original)",
    claims=Claims(
        convex=True,
        even=True,
        smooth=False,
        flat=False,
        logits=False,
        homogeneous=1,
        slope_bound="lam/2",
        minimum="0",
        maximum=UNBOUNDED,
    ),
)
def identity_loss(reconstructed: Image, original: Image, *, lam: Weight = 10.0) -> Tensor:
    """lam / 2 times the mean absolute difference of a picture and what is made of it; (..., H, W) -> (...)."""
    return lam / 2 * mean_absolute_difference(reconstructed, original)
