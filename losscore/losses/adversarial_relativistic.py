"""Relativistic GANs: how much more real than its rivals a sample looks, so that real samples feel the game too.

`real` holds N raw scores, `fake` those of M made samples (paired ones: N too); both batches are one sample.
"""

from typing import Annotated

import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.adversarial_inputs import (
    FakeLogits,
    FakeScores,
    PairedFakeCosines,
    PairedFakeLogits,
    RealCosines,
    RealLogits,
    RealScores,
)
from losscore.params import Param

SOURCE = "Jolicoeur-Martineau 2018, arXiv:1807.00734"
Sharpness = Annotated[float, Param("s", 1.0, 64.0, "scale of the cosines", log=True, domain="(0, inf)")]
Margin = Annotated[float, Param("m", 0.0, 1.0, "lead in cosine that is asked for")]


def beyond_the_others(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Scores relative to the mean score of the other batch: (..., N) of the real ones, (..., M) of the made ones."""
    return real - fake.mean(-1, keepdim=True), fake - real.mean(-1, keepdim=True)


def cosine_duel(winner: Tensor, loser: Tensor, s: float | Tensor, m: float | Tensor) -> Tensor:
    """Mean over pairs of -ln sigmoid(s (winner - m - loser)), (..., N) -> (...)."""
    sharpness = s[..., None] if isinstance(s, Tensor) else s
    margin = m[..., None] if isinstance(m, Tensor) else m
    return -F.logsigmoid(sharpness * (winner - margin - loser)).mean(-1)


@loss(
    title="Relativistic GAN discriminator",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-(r - f)})}",
    insight="The critic only has to say which of two is more real, as one would judge two paintings side by side.",
    trap="Scores have no zero any more: adding a number to all of them changes nothing.",
    source=SOURCE,
    aliases=("RSGAN", "RGAN", "D loss"),
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def rsgan_d(real: RealLogits, fake: PairedFakeLogits) -> Tensor:
    """Mean over pairs of -ln sigmoid(real - fake), (..., N) -> (...); ln 2 where both score the same."""
    return -F.logsigmoid(real - fake).mean(-1)


@loss(
    title="Relativistic GAN generator",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-(f - r)})}",
    insight="To look more real than the real ones: the generator's gradient runs through the real samples as well.",
    trap="It is the critic's loss with the roles swapped, not its negative.",
    source=SOURCE,
    aliases=("RSGAN", "RGAN", "G loss"),
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def rsgan_g(real: RealLogits, fake: PairedFakeLogits) -> Tensor:
    """Mean over pairs of -ln sigmoid(fake - real), (..., N) -> (...); ln 2 where both score the same."""
    return -F.logsigmoid(fake - real).mean(-1)


@loss(
    title="Relativistic average GAN discriminator",
    family="adversarial",
    latex=(r"\tfrac12\left[\overline{\ln(1 + e^{-(r - \bar f)})} + \overline{\ln(1 + e^{f - \bar r})}\right]"),
    insight="Each sample is held against the average of the other side, which is a steadier rival than a single one.",
    trap="The paper adds the two halves; here, as in the author's code, they are averaged.",
    source=SOURCE,
    aliases=("RaSGAN", "RaGAN", "D loss"),
    variant_of="rsgan_d",
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def rasgan_d(real: RealLogits, fake: FakeLogits) -> Tensor:
    """Half of the cross-entropies of real above the made ones' mean and made below the real ones'; -> (...)."""
    r, f = beyond_the_others(real, fake)
    return -(F.logsigmoid(r).mean(-1) + F.logsigmoid(-f).mean(-1)) / 2


@loss(
    title="Relativistic average GAN generator",
    family="adversarial",
    latex=(r"\tfrac12\left[\overline{\ln(1 + e^{r - \bar f})} + \overline{\ln(1 + e^{-(f - \bar r)})}\right]"),
    insight="Made samples should beat the average real one, and real ones fall behind the average made one.",
    trap="The paper adds the two halves; here, as in the author's code, they are averaged.",
    source=SOURCE,
    aliases=("RaSGAN", "RaGAN", "G loss"),
    variant_of="rsgan_g",
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def rasgan_g(real: RealLogits, fake: FakeLogits) -> Tensor:
    """The discriminator's loss with the roles swapped; ln 2 where both score the same."""
    r, f = beyond_the_others(real, fake)
    return -(F.logsigmoid(-r).mean(-1) + F.logsigmoid(f).mean(-1)) / 2


@loss(
    title="Relativistic average LSGAN discriminator",
    family="adversarial",
    latex=r"\tfrac12\left[\overline{(r - \bar f - 1)^2} + \overline{(f - \bar r + 1)^2}\right]",
    insight="Real should lead the average made sample by exactly 1: a larger lead costs too.",
    trap="At a draw it is 1, where the plain least squares GAN has a quarter.",
    source=SOURCE,
    aliases=("RaLSGAN", "D loss"),
    variant_of="rsgan_d",
    claims=Claims(convex=True, smooth=True, flat=False, logits=False, slope_bound="oo", maximum="oo"),
)
def ralsgan_d(real: RealScores, fake: FakeScores) -> Tensor:
    """Half the mean squares of the relative scores' distances from 1 and -1; 0 at its best."""
    r, f = beyond_the_others(real, fake)
    return ((r - 1).square().mean(-1) + (f + 1).square().mean(-1)) / 2


@loss(
    title="Relativistic average LSGAN generator",
    family="adversarial",
    latex=r"\tfrac12\left[\overline{(r - \bar f + 1)^2} + \overline{(f - \bar r - 1)^2}\right]",
    insight="Made samples should lead the average real one by exactly 1, and both sides are moved towards that.",
    trap="At a draw it is 1, where the plain least squares GAN has an eighth.",
    source=SOURCE,
    aliases=("RaLSGAN", "G loss"),
    variant_of="rsgan_g",
    claims=Claims(convex=True, smooth=True, flat=False, logits=False, slope_bound="oo", maximum="oo"),
)
def ralsgan_g(real: RealScores, fake: FakeScores) -> Tensor:
    """The discriminator's loss with the roles swapped; 0 at its best."""
    r, f = beyond_the_others(real, fake)
    return ((r + 1).square().mean(-1) + (f - 1).square().mean(-1)) / 2


@loss(
    title="Relativistic average hinge discriminator",
    family="adversarial",
    latex=(r"\tfrac12\left[\overline{\max(0, 1 - (r - \bar f))} + \overline{\max(0, 1 + (f - \bar r))}\right]"),
    insight="A lead of 1 over the average of the other side is enough, and whoever has it is left alone.",
    trap="A single very low made score lowers the bar for all the real ones.",
    source=SOURCE,
    aliases=("RaHinge", "RaHingeGAN", "D loss"),
    variant_of="rsgan_d",
    claims=Claims(convex=True, smooth=False, flat=False, logits=False, slope_bound="1", minimum="0", maximum="oo"),
)
def rahinge_d(real: RealScores, fake: FakeScores) -> Tensor:
    """Half of what the relative scores fall short of their margins, on average; 1 where both score the same."""
    r, f = beyond_the_others(real, fake)
    return (F.relu(1 - r).mean(-1) + F.relu(1 + f).mean(-1)) / 2


@loss(
    title="Relativistic margin cosine discriminator",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-s(\cos_r - m - \cos_f)})}",
    insight="Scores are cosines, so no lead can grow without end, and a margin asks for a clear one.",
    trap="At a draw it is ln(1 + exp(s m)), 3.53 at the defaults, and not ln 2.",
    source="Nguyen et al. 2021, arXiv:2110.11293",
    aliases=("RMCosGAN", "D loss"),
    claims=Claims(
        convex=True,
        smooth=True,
        flat=False,
        logits=False,
        slope_bound="s",
        minimum="log(1 + exp(-s*(2 - m)))",
        maximum="log(1 + exp(s*(2 + m)))",
    ),
)
def rmcosgan_d(real: RealCosines, fake: PairedFakeCosines, *, s: Sharpness = 10.0, m: Margin = 0.35) -> Tensor:
    """Mean over pairs of -ln sigmoid(s (real - m - fake)); cosines in [-1, 1], (..., N) -> (...)."""
    return cosine_duel(real, fake, s, m)


@loss(
    title="Relativistic margin cosine generator",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-s(\cos_f - m - \cos_r)})}",
    insight="The made sample has to point at the real direction more closely than the real one, by a margin.",
    trap="A large s makes it a step: pairs beyond the margin hardly pull, those short of it all pull alike.",
    source="Nguyen et al. 2021, arXiv:2110.11293",
    aliases=("RMCosGAN", "G loss"),
    claims=Claims(
        convex=True,
        smooth=True,
        flat=False,
        logits=False,
        slope_bound="s",
        minimum="log(1 + exp(-s*(2 - m)))",
        maximum="log(1 + exp(s*(2 + m)))",
    ),
)
def rmcosgan_g(real: RealCosines, fake: PairedFakeCosines, *, s: Sharpness = 10.0, m: Margin = 0.35) -> Tensor:
    """Mean over pairs of -ln sigmoid(s (fake - m - real)); cosines in [-1, 1], (..., N) -> (...)."""
    return cosine_duel(fake, real, s, m)
