"""Regression as likelihood: the negative log-probability of what was seen, for counts and for a predicted noise."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import NonNegative, Rate, Values, Variance
from losscore.params import Choice, Param


@loss(
    title="Poisson negative log-likelihood",
    family="regression",
    formula="Piecewise((exp(p) - y*p, log_input), (p - y*log(p + eps), True))",
    insight="Counting is forgiving where there is much to count: an error of 3 weighs more at 2 than at 200.",
    trap="The minimum is y - y log y and not 0, so a value below zero is normal; at rate 0 the slope is -y / eps.",
    source="Nelder and Wedderburn 1972, doi:10.2307/2344614",
    torch_call="F.poisson_nll_loss(pred, target, log_input={log_input}, full={full}, eps={eps})",
    aliases=("counts", "crowd counting", "Poisson regression"),
    claims=Claims(
        convex=True,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        slope_bound="oo",
        minimum="Piecewise((-eps, full > 0), (-oo, True))",
        maximum="oo",
    ),
)
def poisson_nll(
    pred: Rate,
    target: NonNegative,
    *,
    log_input: Annotated[bool, Choice((False, True), "pred is the logarithm of the rate")] = False,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-8, 1e-2, "keeps the logarithm of rate 0 finite", log=True, domain="(0, inf)")
    ] = 1e-8,
    full: Annotated[bool, Choice((False, True), "add Stirling's term for log(y!), for counts above 1")] = False,
) -> Tensor:
    """pred is a rate >= 0, or its logarithm (any number; exp overflows above 88 in float32, 709 in float64).

    full adds y log y - y + log(2 pi y) / 2 where y > 1, which does not depend on pred.
    """
    if log_input:
        value = F.poisson_nll_loss(pred, target, log_input=True, reduction="none")
    else:
        # torch takes eps as one number; added to the rate beforehand a tensor of them is one call.
        value = F.poisson_nll_loss(pred + eps, target, log_input=False, eps=0.0, reduction="none") - eps
    if not full:
        return value
    # torch's own term has no gradient with respect to a target of 0; here the logarithm never sees it.
    y = target.clamp(min=1.0)
    stirling = y * torch.log(y) - y + torch.log(2 * math.pi * y) / 2
    return value + torch.where(target > 1, stirling, 0.0)


@loss(
    title="Gaussian negative log-likelihood",
    family="regression",
    latex=(
        r"\frac{1}{2} \left(\ln \max(v, \epsilon) + \frac{\left(p - y\right)^{2}}{\max(v, \epsilon)}\right)"
        r"\quad \left[+ \tfrac{1}{2} \ln 2\pi\right]"
    ),
    insight="The model may say how unsure it is: a large variance quiets a hard point, at the price of its logarithm.",
    trap="A perfect prediction with a variance near 0 is worth more and more: only eps gives the loss a floor.",
    source="Nix and Weigend 1994, doi:10.1109/ICNN.1994.374138; Kendall and Gal 2017, arXiv:1703.04977",
    torch_call="F.gaussian_nll_loss(pred, target, var, full={full}, eps={eps})",
    aliases=("heteroscedastic", "aleatoric uncertainty"),
    claims=Claims(
        convex=True,
        even=True,
        smooth=True,
        robust=False,
        flat=False,
        slope_bound="oo",
        minimum="log(eps)/2 + full*log(2*pi)/2",
        maximum="oo",
    ),
)
def gaussian_nll(
    pred: Values,
    target: Values,
    var: Variance,
    *,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-8, 1e-2, "the smallest variance that counts", log=True, domain="(0, inf)")
    ] = 1e-6,
    full: Annotated[bool, Choice((False, True), "add the constant log(2 pi) / 2")] = False,
) -> Tensor:
    """var is the predicted variance; below eps it counts as eps, but keeps its slope, so that it can grow again."""
    # torch takes eps as one number; raised beforehand, outside the graph as in torch, a tensor of them is one call.
    raised = var + (var.clamp(min=eps) - var).detach()
    p, y, v = torch.broadcast_tensors(pred, target, raised)
    return F.gaussian_nll_loss(p, y, v, full=full, eps=torch.finfo(v.dtype).tiny, reduction="none")
