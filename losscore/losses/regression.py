"""Regression: what an error of r = pred - target costs. Here the convex losses: bowls, cones and the shapes between."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Values
from losscore.params import Param

Tube = Annotated[float, Param(r"\epsilon", 0.0, 2.0, "half width of the tube of free errors", domain="[0, inf)")]


@loss(
    title="Mean squared error",
    family="regression",
    formula="r**2",
    insight="Every error counts by its square: one far point outvotes many near ones, and the mean wins.",
    trap="There is no half here; texts that write half the square have half the gradient.",
    source="Legendre 1805; Gauss 1809",
    torch_call="F.mse_loss(pred, target)",
    aliases=("MSE", "L2 loss", "quadratic", "least squares"),
    claims=Claims(
        convex=True,
        even=True,
        smooth=True,
        robust=False,
        flat=False,
        homogeneous=2,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def mse(pred: Values, target: Values) -> Tensor:
    """Squared residual, without a half."""
    return (pred - target).square()


@loss(
    title="Mean absolute error",
    family="regression",
    formula="Abs(r)",
    insight="Every point pulls with the same strength, however far away it lies, and the median wins.",
    trap="The pull does not weaken near the minimum: with a fixed step, descent jumps to and fro for ever.",
    source="Boscovich 1757; Laplace 1774",
    torch_call="F.l1_loss(pred, target)",
    aliases=("MAE", "L1 loss", "LAD", "least absolute deviations", "Laplace"),
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
def mae(pred: Values, target: Values) -> Tensor:
    """Absolute residual; the gradient at 0 is 0."""
    return (pred - target).abs()


@loss(
    title="Huber",
    family="regression",
    formula="Piecewise((r**2/2, Abs(r) <= delta), (delta*(Abs(r) - delta/2), True))",
    insight="A bowl that becomes a cone: beyond delta an outlier pulls no harder.",
    trap="A very large delta gives half the mean squared error, a very small one delta times the mean absolute error.",
    source="Huber 1964, doi:10.1214/aoms/1177703732",
    torch_call="F.huber_loss(pred, target, delta={delta})",
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="delta", minimum="0", maximum="oo"
    ),
)
def huber(
    pred: Values,
    target: Values,
    *,
    delta: Annotated[
        float, Param(r"\delta", 0.05, 10.0, "where the bowl becomes a cone", log=True, domain="(0, inf)")
    ] = 1.0,
) -> Tensor:
    """Half a square up to delta, then a line of slope delta."""
    # torch takes delta as one number; in units of delta it is 1 everywhere, so a tensor of deltas is one call.
    r = (pred - target) / delta
    return delta * (delta * F.huber_loss(r, r.new_zeros(()).expand_as(r), reduction="none", delta=1.0))


@loss(
    title="Smooth L1",
    family="regression",
    formula="Piecewise((r**2/(2*beta), Abs(r) < beta), (Abs(r) - beta/2, True))",
    insight="An absolute error with a rounded tip: beta rounds the tip, and far away the slope is always 1.",
    trap="It is Huber divided by beta: the two agree only at beta = delta = 1.",
    source="Girshick 2015, doi:10.1109/ICCV.2015.169",
    torch_call="F.smooth_l1_loss(pred, target, beta={beta})",
    aliases=("Fast R-CNN box loss", "Huber over beta"),
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def smooth_l1(
    pred: Values,
    target: Values,
    *,
    beta: Annotated[float, Param(r"\beta", 0.01, 5.0, "how far the tip is rounded", log=True, domain="[0, inf)")] = 1.0,
) -> Tensor:
    """A square up to beta, then a line of slope 1; beta = 0 is the absolute error, with its kink."""
    r = pred - target
    bend = torch.as_tensor(beta, dtype=r.dtype, device=r.device)
    sharp = bend == 0
    unit = bend.masked_fill(sharp, 1.0)
    scaled = r / unit
    rounded = unit * F.smooth_l1_loss(scaled, scaled.new_zeros(()).expand_as(scaled), reduction="none")
    return torch.where(sharp, r.abs(), rounded)


@loss(
    title="Log-cosh",
    family="regression",
    formula="log(cosh(r))",
    insight="Huber without a seam: a parabola near zero that turns into a straight line by itself.",
    trap="Computed as it is written, cosh overflows at an error of 89 in float32.",
    source="Green 1990, doi:10.1109/42.52985",
    aliases=("logcosh", "smooth MAE"),
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def log_cosh(pred: Values, target: Values) -> Tensor:
    """Logarithm of the hyperbolic cosine of the residual; the slope is tanh(r)."""
    size = (pred - target).abs()
    # Near 0 the far form subtracts nearly equal numbers, far away the near form overflows.
    near = torch.log1p(size.clamp(max=1.0).sinh().square()) / 2
    far = size + torch.log1p(torch.exp(-2 * size)) - math.log(2)
    return torch.where(size < 1, near, far)


@loss(
    title="Pinball",
    family="regression",
    formula="Max(-tau*r, (1 - tau)*r)",
    insight="Too low and too high cost differently, so the fit settles on a quantile and not in the middle.",
    trap="At tau = 0.5 it is half the mean absolute error.",
    source="Koenker and Bassett 1978, doi:10.2307/1913643",
    aliases=("quantile", "check", "tilted"),
    claims=Claims(
        convex=True,
        even=False,
        smooth=False,
        robust=False,
        flat=False,
        homogeneous=1,
        slope_bound="Max(tau, 1 - tau)",
        minimum="0",
        maximum="oo",
    ),
)
def pinball(
    pred: Values,
    target: Values,
    *,
    tau: Annotated[float, Param(r"\tau", 0.01, 0.99, "the quantile that wins", domain="(0, 1)")] = 0.5,
) -> Tensor:
    """tau for each unit that pred is too low, 1 - tau for each unit too high; the gradient at 0 is 0."""
    r = pred - target
    return tau * F.relu(-r) + (1 - tau) * F.relu(r)


@loss(
    title="Epsilon-insensitive",
    family="regression",
    formula="Max(0, Abs(r) - eps)",
    insight="Errors inside the tube are free: only the points outside hold the fit.",
    trap="The minimum is a whole stretch, so different fits can be equally good.",
    source="Vapnik 1995, doi:10.1007/978-1-4757-2440-0",
    aliases=("SVR", "tube loss", "support vector regression"),
    claims=Claims(
        convex=True, even=True, smooth=False, robust=False, flat=False, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def epsilon_insensitive(pred: Values, target: Values, *, eps: Tube = 0.1) -> Tensor:
    """What the absolute residual exceeds eps by."""
    return F.relu((pred - target).abs() - eps)


@loss(
    title="Squared epsilon-insensitive",
    family="regression",
    formula="Max(0, Abs(r) - eps)**2",
    insight="The tube of free errors with soft walls: the pull starts at nothing on its edge and grows without end.",
    trap="Outside the tube an outlier counts by its square, as under the mean squared error.",
    source="Vapnik 1995, doi:10.1007/978-1-4757-2440-0",
    aliases=("L2-SVR", "squared tube loss"),
    variant_of="epsilon_insensitive",
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def squared_epsilon_insensitive(pred: Values, target: Values, *, eps: Tube = 0.1) -> Tensor:
    """Square of what the absolute residual exceeds eps by."""
    return F.relu((pred - target).abs() - eps).square()
