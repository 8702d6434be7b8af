"""Regression: what an error of r = pred - target costs."""

from typing import Annotated

import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Values
from losscore.params import Param


@loss(
    title="Mean squared error",
    family="regression",
    formula="r**2",
    insight="Every error counts by its square: one far point outvotes many near ones, and the mean wins.",
    source="Legendre 1805; Gauss 1809",
    aliases=("MSE", "L2 loss", "quadratic"),
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, homogeneous=2, slope_bound="oo", minimum="0",
        maximum="oo",
    ),
)
def mse(pred: Values, target: Values) -> Tensor:
    """Squared residual, without a half."""
    return (pred - target).square()


@loss(
    title="Huber",
    family="regression",
    formula="Piecewise((r**2/2, Abs(r) <= delta), (delta*(Abs(r) - delta/2), True))",
    insight="A bowl that becomes a cone: beyond delta an outlier pulls no harder.",
    source="Huber 1964, doi:10.1214/aoms/1177703732",
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="delta", minimum="0", maximum="oo"
    ),
)
def huber(
    pred: Values,
    target: Values,
    *,
    delta: Annotated[float, Param(r"\delta", 0.05, 10.0, "where the bowl becomes a cone", log=True, domain="(0, inf)")] = 1.0,
) -> Tensor:
    """Half a square up to delta, then a line of slope delta."""
    # torch takes delta as one number; in units of delta it is 1 everywhere, so a tensor of deltas is one call.
    r = (pred - target) / delta
    return delta * delta * F.huber_loss(r, r.new_zeros(()).expand_as(r), reduction="none", delta=1.0)
