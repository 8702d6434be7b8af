"""Distributions over C classes held against the truth: pred is one probability a class, not a logit."""

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Distribution, Label


@loss(
    title="Brier score over classes",
    family="classification",
    latex=r"\sum_c\left(p_c - [c = y]\right)^2",
    insight="The squared distance from the corner of the truth: honest shares do best, and 2 is the worst there is.",
    trap="With two classes it is twice the binary score; some libraries halve it.",
    source="Brier 1950, Mon. Weather Rev. 78",
    aliases=("quadratic score", "multiclass squared error"),
    variant_of="brier_binary",
    claims=Claims(convex=True, smooth=True, flat=False, logits=False, slope_bound="2", minimum="0", maximum="2"),
)
def brier_multiclass(pred: Distribution, target: Label) -> Tensor:
    """Sum of squared differences to the one-hot truth; probabilities (..., C) and labels (...) -> (...)."""
    return (pred - F.one_hot(target.long(), pred.shape[-1])).square().sum(-1)


@loss(
    title="Kullback-Leibler divergence",
    family="classification",
    latex=r"\sum_c t_c\log\frac{t_c}{p_c}",
    insight="What it costs to believe p where t is true: nothing may be called impossible that happens.",
    trap=(
        "Not symmetric: the other way round it is another number. torch takes log p, and its 'mean' divides by the"
        " classes too; ask for 'batchmean'."
    ),
    source="Kullback and Leibler 1951, doi:10.1214/aoms/1177729694",
    aliases=("KL", "relative entropy", "KLDivLoss", "information gain"),
    infinite="Where p is 0 for a class that t holds possible, the surprise has no end.",
    torch_call='F.kl_div(pred.log(), target, reduction="batchmean")',
    claims=Claims(convex=True, flat=False, logits=False, slope_bound="oo", minimum="0", maximum="oo"),
)
def kl_divergence(pred: Distribution, target: Distribution) -> Tensor:
    """KL(target || pred), natural logarithm, 0 log 0 = 0; distributions (..., C) twice -> (...)."""
    # Where the target holds nothing the term is 0, whatever pred says, and so is its slope.
    held = target > 0
    log_p, log_t = torch.where(held, pred, 1).log(), torch.where(held, target, 1).log()
    return (target * (log_t - log_p)).sum(-1)


@loss(
    title="Jensen-Shannon divergence",
    family="classification",
    latex=(
        r"\tfrac12\sum_c p_c\log\frac{p_c}{m_c} + \tfrac12\sum_c t_c\log\frac{t_c}{m_c},"
        r"\quad m_c = \frac{p_c + t_c}{2}"
    ),
    insight="Both are held against their middle, so the order does not matter and ln 2 is the worst there is.",
    trap="Distributions that share nothing cost ln 2 however far apart they lie: moving them closer changes nothing.",
    source="Lin 1991, doi:10.1109/18.61115",
    aliases=("JS", "JSD", "information radius", "symmetric KL"),
    claims=Claims(convex=True, logits=False, minimum="0", maximum="log(2)"),
)
def js_divergence(pred: Distribution, target: Distribution) -> Tensor:
    """Mean of the divergences of both from their middle, natural logarithm; distributions (..., C) twice -> (...).

    The slope of a class of probability 0 is infinite; here it is that of the smallest normal number, about -354.
    """
    tiny = torch.finfo(pred.dtype).tiny
    log_p, log_t, log_m = (x.clamp(min=tiny).log() for x in (pred, target, (pred + target) / 2))
    return (pred * (log_p - log_m) + target * (log_t - log_m)).sum(-1) / 2
