"""Classification of one thing into yes and no, from a logit: pred is any number, its sigmoid the probability of yes."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import BinaryTarget, Logit
from losscore.params import Param


@loss(
    title="Binary cross-entropy",
    family="classification",
    formula="pos_weight*y*log(1 + exp(-p)) + (1 - y)*log(1 + exp(p))",
    insight="Sure and wrong costs as much as the logit is large, and the pull towards the truth never exceeds 1.",
    trap="Takes the raw score: with a sigmoid before it the answer is squashed twice and can never be sure.",
    source="Good 1952, J. R. Stat. Soc. B 14",
    aliases=("BCE", "log loss", "sigmoid cross-entropy", "weighted BCE", "BCEWithLogitsLoss"),
    torch_call="F.binary_cross_entropy_with_logits(pred, target, pos_weight=pred.new_tensor({pos_weight}))",
    claims=Claims(
        convex=True,
        smooth=True,
        robust=False,
        flat=False,
        logits=True,
        slope_bound="Max(1, pos_weight)",
        minimum="0",
        maximum="oo",
    ),
)
def bce_with_logits(
    pred: Logit,
    target: BinaryTarget,
    *,
    pos_weight: Annotated[
        float, Param("w", 0.1, 20.0, "how much a missed yes counts", log=True, domain="[0, inf)")
    ] = 1.0,
) -> Tensor:
    """softplus(z) - y z for each logit z and target y in [0, 1]; pos_weight multiplies the part of y."""
    weight = torch.as_tensor(pos_weight, dtype=pred.dtype, device=pred.device)
    z, y, w = torch.broadcast_tensors(pred, target, weight)
    return F.binary_cross_entropy_with_logits(z, y, reduction="none", pos_weight=w)


@loss(
    title="Focal",
    family="classification",
    formula=(
        "alpha*y*(1 + exp(p))**(-gamma)*log(1 + exp(-p)) + (1 - alpha)*(1 - y)*(1 + exp(-p))**(-gamma)*log(1 + exp(p))"
    ),
    insight="What is already right hardly counts any more, so a few hard cases are heard among many easy ones.",
    trap=(
        "Its best answer is no probability: where yes is right nine times in ten and alpha is 0.5, it says 0.69 at"
        " gamma = 2."
    ),
    source="Lin et al. 2017 (RetinaNet), arXiv:1708.02002",
    aliases=("sigmoid focal loss", "RetinaNet loss", "alpha-balanced focal"),
    claims=Claims(
        convex=False, smooth=True, robust=False, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"
    ),
)
def focal_binary(
    pred: Logit,
    target: BinaryTarget,
    *,
    gamma: Annotated[float, Param(r"\gamma", 0.0, 5.0, "how fast easy cases fade", domain="[0, inf)")] = 2.0,
    alpha: Annotated[
        float | None, Param(r"\alpha", 0.0, 1.0, "weight of yes against no", domain="[0, 1]", optional=True)
    ] = 0.25,
) -> Tensor:
    """Cross-entropy times (1 - probability of the truth)**gamma, for each logit and target in [0, 1].

    alpha weighs y = 1 and 1 - alpha weighs y = 0; None leaves both at 1. A target between 0 and 1 gives the mean of
    both losses in its proportion.
    """
    yes, no = (1, 1) if alpha is None else (alpha, 1 - alpha)
    log_p, log_q = F.logsigmoid(pred), F.logsigmoid(-pred)
    # The power as an exponential: of a power below 1 the slope at 0 would be infinite.
    hard_yes, hard_no = torch.exp(gamma * log_q), torch.exp(gamma * log_p)
    return -yes * target * hard_yes * log_p - no * (1 - target) * hard_no * log_q
