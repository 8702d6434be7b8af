"""Two networks against each other: each loss here is what one of them, critic (D) or generator (G), minimises.

`real` holds the critic's raw scores of N real samples, `fake` those of M made ones; both batches are one sample.
A generator's loss does not depend on `real`: its gradient is asked for with wrt="fake".
"""

import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.adversarial_inputs import FakeLogits, FakeScores, RealLogits, RealScores


@loss(
    title="GAN discriminator",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-r})} + \overline{\ln(1 + e^{f})}",
    insight="The critic is an ordinary classifier of real against made, and at a draw it is left with 2 ln 2.",
    trap="A low value says that the critic wins, not that the pictures are good.",
    source="Goodfellow et al. 2014, arXiv:1406.2661",
    aliases=("minimax GAN", "SGAN", "vanilla GAN", "D loss"),
    torch_call=(
        "F.binary_cross_entropy_with_logits(real, torch.ones_like(real))"
        " + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))"
    ),
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def gan_d(real: RealLogits, fake: FakeLogits) -> Tensor:
    """Binary cross-entropy of real as 1 plus that of made as 0; (..., N) and (..., M) -> (...)."""
    return -F.logsigmoid(real).mean(-1) - F.logsigmoid(-fake).mean(-1)


@loss(
    title="GAN generator, saturating",
    family="adversarial",
    latex=r"-\overline{\ln(1 + e^{f})}",
    insight="The minimax game to the letter: the surer the critic, the less the generator learns from losing.",
    trap="At a score of -8 the slope is 0.0003, just when the generator has everything to learn.",
    source="Goodfellow et al. 2014, arXiv:1406.2661",
    aliases=("minimax generator", "saturating GAN", "G loss"),
    torch_call="-F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))",
    claims=Claims(logits=True, minimum="-oo", maximum="0"),
)
def gan_g_saturating(real: RealLogits, fake: FakeLogits) -> Tensor:
    """Minus the critic's cost of the made samples; does not depend on real."""
    return F.logsigmoid(-fake).mean(-1)


@loss(
    title="GAN generator, non-saturating",
    family="adversarial",
    latex=r"\overline{\ln(1 + e^{-f})}",
    insight="The labels are swapped: the generator wants its samples called real, and pulls hardest when it loses.",
    trap="It is not the negative of the critic's loss: the two networks no longer play for the same number.",
    source="Goodfellow et al. 2014, arXiv:1406.2661",
    aliases=("NS-GAN", "non-saturating GAN", "G loss"),
    torch_call="F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))",
    claims=Claims(logits=True, minimum="0", maximum="oo"),
)
def gan_g_nonsaturating(real: RealLogits, fake: FakeLogits) -> Tensor:
    """Binary cross-entropy of the made samples as 1; does not depend on real."""
    return -F.logsigmoid(fake).mean(-1)


@loss(
    title="LSGAN discriminator",
    family="adversarial",
    latex=r"\tfrac12\,\overline{(r - 1)^2} + \tfrac12\,\overline{f^2}",
    insight="Real should score 1 and made 0: a score far beyond its mark is pulled back as well.",
    trap="Some libraries leave out the half, or bend the scores first.",
    source="Mao et al. 2017, arXiv:1611.04076",
    aliases=("least squares GAN", "D loss"),
    torch_call="(F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake))) / 2",
    claims=Claims(convex=True, smooth=True, flat=False, logits=False, slope_bound="oo", maximum="oo"),
)
def lsgan_d(real: RealScores, fake: FakeScores) -> Tensor:
    """Half the mean squares of real - 1 and of fake; 0 at its best, 1/4 where all scores are 1/2."""
    return ((real - 1).square().mean(-1) + fake.square().mean(-1)) / 2


@loss(
    title="LSGAN generator",
    family="adversarial",
    latex=r"\tfrac12\,\overline{(f - 1)^2}",
    insight="Made samples should score 1, and those the critic is surest about are pulled the hardest.",
    trap="A made sample that scores above 1 is pulled back, though it fools the critic.",
    source="Mao et al. 2017, arXiv:1611.04076",
    aliases=("least squares GAN", "G loss"),
    torch_call="F.mse_loss(fake, torch.ones_like(fake)) / 2",
    claims=Claims(logits=False, maximum="oo"),
)
def lsgan_g(real: RealScores, fake: FakeScores) -> Tensor:
    """Half the mean square of fake - 1; does not depend on real."""
    return (fake - 1).square().mean(-1) / 2


@loss(
    title="WGAN critic",
    family="adversarial",
    latex=r"\overline{f} - \overline{r}",
    insight="Raise the real and lower the made, each by the same pull: the gap measures how far apart the two lie.",
    trap="Without a bound on the critic's slope it has no floor; texts that maximise it write the opposite sign.",
    source="Arjovsky et al. 2017, arXiv:1701.07875",
    aliases=("Wasserstein loss", "Wasserstein GAN", "D loss"),
    claims=Claims(
        convex=True,
        smooth=True,
        flat=False,
        logits=False,
        homogeneous=1,
        slope_bound="1",
        minimum="-oo",
        maximum="oo",
    ),
)
def wgan_critic(real: RealScores, fake: FakeScores) -> Tensor:
    """Mean score of the made samples minus that of the real ones; (..., N) and (..., M) -> (...)."""
    return fake.mean(-1) - real.mean(-1)


@loss(
    title="WGAN generator",
    family="adversarial",
    latex=r"-\overline{f}",
    insight="The pull is the same however badly the generator loses: nothing saturates.",
    trap="The number follows the critic's scale and says little by itself.",
    source="Arjovsky et al. 2017, arXiv:1701.07875",
    aliases=("Wasserstein loss", "Wasserstein GAN", "G loss"),
    claims=Claims(logits=False, homogeneous=1, minimum="-oo", maximum="oo"),
)
def wgan_g(real: RealScores, fake: FakeScores) -> Tensor:
    """Minus the mean score of the made samples; does not depend on real."""
    return -fake.mean(-1)


@loss(
    title="Hinge GAN discriminator",
    family="adversarial",
    latex=r"\overline{\max(0, 1 - r)} + \overline{\max(0, 1 + f)}",
    insight="Scores beyond their margin are left alone, so the critic works on the samples it still confuses.",
    trap="Some libraries bend the scores with tanh first, and then the margin is out of reach.",
    source="Lim and Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957",
    aliases=("geometric GAN", "SNGAN loss", "D loss"),
    claims=Claims(convex=True, smooth=False, flat=False, logits=False, slope_bound="1", minimum="0", maximum="oo"),
)
def hinge_d(real: RealScores, fake: FakeScores) -> Tensor:
    """What real falls short of 1 plus what fake exceeds -1, each on average; (..., N) and (..., M) -> (...)."""
    return F.relu(1 - real).mean(-1) + F.relu(1 + fake).mean(-1)


@loss(
    title="Hinge GAN generator",
    family="adversarial",
    latex=r"-\overline{f}",
    insight="The generator has no margin: it goes on raising its scores even where the critic has long given in.",
    trap="It is the generator of a WGAN; a hinge on this side is another loss.",
    source="Lim and Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957",
    aliases=("geometric GAN", "SNGAN loss", "G loss"),
    claims=Claims(logits=False, homogeneous=1, minimum="-oo", maximum="oo"),
)
def hinge_g(real: RealScores, fake: FakeScores) -> Tensor:
    """Minus the mean score of the made samples; does not depend on real."""
    return -fake.mean(-1)
