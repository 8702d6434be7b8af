"""Classification into any number of C labels at once: one logit and one yes or no for each label."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input
from losscore.params import Param

LabelLogits = Annotated[Tensor, Input("label logits", dims=("C",), typical=(-4.0, 4.0))]
LabelTargets = Annotated[Tensor, Input("binary targets", dims=("C",), low=0.0, high=1.0, typical=(0.0, 1.0))]


def _each_label(value: float | Tensor, pred: Tensor) -> Tensor:
    """A parameter of each sample, laid out for every label of it."""
    return torch.as_tensor(value, dtype=pred.dtype, device=pred.device)[..., None]


@loss(
    title="Asymmetric",
    family="classification",
    latex=(
        r"-\sum_c\left[y_c (1 - p_c)^{\gamma_+}\log p_c + (1 - y_c)\, m_c^{\gamma_-}\log(1 - m_c)\right],"
        r"\quad m_c = \max(p_c - \delta, 0)"
    ),
    insight="Easy noes are silenced, the very easy ones wholly, so the few yeses of a picture are heard.",
    trap=(
        "The logarithms stop at log(eps): a missed yes with a logit below -18 costs 18.4 and gets no gradient. The"
        " authors' code holds the focusing weight constant in the gradient; here it is differentiated."
    ),
    source="Ben-Baruch et al. 2021, arXiv:2009.14119",
    aliases=("ASL", "multi-label loss", "asymmetric focal"),
    claims=Claims(convex=False, flat=True, imbalance=True, logits=True, minimum="0"),
)
def asymmetric_loss(
    pred: LabelLogits,
    target: LabelTargets,
    *,
    gamma_pos: Annotated[float, Param(r"\gamma_+", 0.0, 3.0, "how fast easy yeses fade", domain="[0, inf)")] = 1.0,
    gamma_neg: Annotated[float, Param(r"\gamma_-", 0.0, 8.0, "how fast easy noes fade", domain="[0, inf)")] = 4.0,
    clip: Annotated[float, Param(r"\delta", 0.0, 0.3, "probability below which a no is free", domain="[0, 1)")] = 0.05,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-12, 1e-2, "where the logarithms stop", log=True, domain="(0, 1)")
    ] = 1e-8,
) -> Tensor:
    """Sum over the labels of one sample; logits (..., C) and targets in [0, 1] (..., C) -> (...)."""
    focus_yes, focus_no, shift, least = (_each_label(value, pred) for value in (gamma_pos, gamma_neg, clip, eps))
    log_p, log_q = F.logsigmoid(pred), F.logsigmoid(-pred)
    yes = torch.exp(focus_yes * log_q) * torch.maximum(log_p, least.log())
    # 1 - m = min(1 - p + clip, 1), as a logarithm that bears a p of exactly 1.
    log_rest = torch.logaddexp(log_q, shift.log()).clamp(max=0)
    over = pred.sigmoid() - shift
    # Below the clip the logarithm is 0; the base is kept away from 0, where a power below 1 has an infinite slope.
    base = torch.where(over > torch.finfo(pred.dtype).tiny, over, 1)
    no = base**focus_no * torch.maximum(log_rest, least.log())
    return -(target * yes + (1 - target) * no).sum(-1)
