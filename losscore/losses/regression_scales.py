"""Regression on another scale: the root over a whole sample, and errors in ratios instead of differences."""

import math
from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import AboveMinusOne, PositiveVector, ValueVector
from losscore.params import Param


@loss(
    title="Root mean squared error",
    family="regression",
    latex=r"\sqrt{\frac{1}{N} \sum_{i=1}^{N} \left(p_i - y_i\right)^{2}}",
    insight="The mean squared error told in the units of the target: the same winner, another gradient.",
    trap="At a perfect fit the root has no slope; written naively it gives NaN there.",
    source="Common use; its origin is not known",
    aliases=("RMSE", "root MSE"),
    claims=Claims(
        convex=True,
        even=True,
        smooth=False,
        robust=False,
        flat=False,
        homogeneous=1,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def rmse(pred: ValueVector, target: ValueVector) -> Tensor:
    """Root of the mean squared residual of each vector; the gradient at a perfect fit is 0."""
    r = pred - target
    # The norm of torch, unlike the root of a sum, has the gradient 0 at 0.
    return torch.linalg.vector_norm(r, dim=-1) / math.sqrt(r.shape[-1])


@loss(
    title="Mean squared logarithmic error",
    family="regression",
    formula="(log(1 + p) - log(1 + y))**2",
    insight="Ratios count and not differences: 20 for 10 costs about as much as 2000 for 1000.",
    trap="Too low costs more than too high by the same amount, and near -1 the slope explodes.",
    source="Common use; its origin is not known",
    aliases=("MSLE", "RMSLE", "relative error"),
    claims=Claims(
        convex=False, even=False, smooth=True, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def msle(pred: AboveMinusOne, target: AboveMinusOne) -> Tensor:
    """Squared difference of log(1 + value); both values lie above -1."""
    return (torch.log1p(pred) - torch.log1p(target)).square()


@loss(
    title="Scale-invariant logarithmic error",
    family="regression",
    latex=(
        r"\frac{1}{N} \sum_{i=1}^{N} d_i^{2} - \lambda \left(\frac{1}{N} \sum_{i=1}^{N} d_i\right)^{2},"
        r"\quad d_i = \ln p_i - \ln y_i"
    ),
    insight="One camera cannot tell a toy from a house, so being wrong by one common factor is forgiven.",
    trap="At lambda = 1 a depth map that is twice too deep everywhere costs nothing.",
    source="Eigen et al. 2014, arXiv:1406.2283",
    aliases=("SILog", "Eigen loss", "depth"),
    claims=Claims(
        convex=False,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        homogeneous=0,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def silog(
    pred: PositiveVector,
    target: PositiveVector,
    *,
    lam: Annotated[
        float, Param(r"\lambda", 0.0, 1.0, "how much of a common factor is forgiven", domain="[0, 1]")
    ] = 0.5,
) -> Tensor:
    """Mean square of the logarithmic errors of each vector, less lam times the square of their mean."""
    d = torch.log(pred) - torch.log(target)
    common = d.mean(dim=-1, keepdim=True)
    # Spread around the common factor plus what is not forgiven of it: two sums that can't turn negative.
    return (d - common).square().mean(dim=-1) + (1 - lam) * common.squeeze(-1).square()
