"""Regression: rounded tips, sharpened tips and steep far ends, made for one kind of picture task each."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Values
from losscore.params import Param


def _sqrt1p_minus_1(square: Tensor) -> Tensor:
    """sqrt(1 + square) - 1 with all the digits of a small square."""
    return square / (torch.sqrt(1 + square) + 1)


@loss(
    title="Charbonnier",
    family="regression",
    formula="sqrt(r**2 + eps**2)",
    insight="An absolute error whose tip is rounded just enough to have a slope everywhere.",
    trap="A perfect fit still costs eps: this loss never reaches zero.",
    source="Charbonnier et al. 1994, doi:10.1109/ICIP.1994.413553; Lai et al. 2017, arXiv:1704.03915",
    aliases=("pseudo-L1", "smoothed L1", "super-resolution"),
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="1", minimum="eps", maximum="oo"
    ),
)
def charbonnier(
    pred: Values,
    target: Values,
    *,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-6, 1.0, "radius of the rounded tip", log=True, domain="(0, inf)")
    ] = 1e-3,
) -> Tensor:
    """Length of the vector (residual, eps)."""
    r = pred - target
    return torch.hypot(r, torch.as_tensor(eps, dtype=r.dtype, device=r.device))


@loss(
    title="Charbonnier, Barron's scale",
    family="regression",
    formula="sqrt((r/c)**2 + 1) - 1",
    insight="Errors are counted in units of c and the tip is brought down to zero.",
    trap="The value has no units and the far slope is 1 / c.",
    source="Charbonnier et al. 1994, doi:10.1109/ICIP.1994.413553; Barron 2019, arXiv:1701.03077",
    aliases=("pseudo-L1",),
    variant_of="charbonnier",
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="1/c", minimum="0", maximum="oo"
    ),
)
def charbonnier_barron(
    pred: Values,
    target: Values,
    *,
    c: Annotated[
        float, Param("c", 0.1, 10.0, "how large an error is still ordinary", log=True, domain="(0, inf)")
    ] = 1.0,
) -> Tensor:
    """Barron's general loss at alpha = 1."""
    return _sqrt1p_minus_1(((pred - target) / c).square())


@loss(
    title="Pseudo-Huber",
    family="regression",
    formula="delta**2*(sqrt(1 + (r/delta)**2) - 1)",
    insight="Huber's bowl and cone melted into one curve, with every derivative.",
    trap="Its far line lies lower than Huber's: delta squared below delta times the error, not half of that.",
    source="Charbonnier et al. 1997, doi:10.1109/83.551699",
    aliases=("smooth Huber",),
    variant_of="charbonnier",
    claims=Claims(
        convex=True, even=True, smooth=True, robust=False, flat=False, slope_bound="delta", minimum="0", maximum="oo"
    ),
)
def pseudo_huber(
    pred: Values,
    target: Values,
    *,
    delta: Annotated[
        float, Param(r"\delta", 0.1, 10.0, "where the bowl turns into a cone", log=True, domain="(0, inf)")
    ] = 1.0,
) -> Tensor:
    """Half the square near 0, slope delta far away."""
    return delta * (delta * _sqrt1p_minus_1(((pred - target) / delta).square()))


@loss(
    title="Wing",
    family="regression",
    formula="Piecewise((w*log(1 + Abs(r)/eps), Abs(r) < w), (Abs(r) - w + w*log(1 + w/eps), True))",
    insight="Small errors pull harder than large ones: made for landmarks that are almost in place.",
    trap="The slope jumps from -w / eps to w / eps at zero, and to 1 at w.",
    source="Feng et al. 2018, arXiv:1711.06753",
    aliases=("landmarks", "face alignment"),
    claims=Claims(
        convex=False,
        even=True,
        smooth=False,
        robust=False,
        flat=False,
        slope_bound="Max(1, w/eps)",
        minimum="0",
        maximum="oo",
    ),
)
def wing(
    pred: Values,
    target: Values,
    *,
    w: Annotated[float, Param("w", 1.0, 20.0, "half width of the curved part", domain="(0, inf)", unit="px")] = 10.0,
    eps: Annotated[
        float, Param(r"\epsilon", 0.1, 5.0, "roundness of the tip", log=True, domain="(0, inf)", unit="px")
    ] = 2.0,
) -> Tensor:
    """A logarithm up to w, then a line of slope 1; the gradient at 0 is 0."""
    size = (pred - target).abs()
    return w * torch.log1p(size.clamp(max=w) / eps) + F.relu(size - w)


@loss(
    title="BerHu",
    family="regression",
    formula="Piecewise((Abs(r), Abs(r) <= c), ((r**2 + c**2)/(2*c), True))",
    insight="Huber turned around: a sharp tip for small errors, and far points pull ever harder.",
    trap="In depth estimation c is often a fifth of the batch's largest error: the loss then changes with every batch.",
    source="Owen 2007, doi:10.1090/conm/443/08555; Laina et al. 2016, arXiv:1606.00373",
    aliases=("reverse Huber", "depth"),
    claims=Claims(
        convex=True, even=True, smooth=False, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def berhu(
    pred: Values,
    target: Values,
    *,
    c: Annotated[float, Param("c", 0.1, 5.0, "where the cone becomes a bowl", log=True, domain="(0, inf)")] = 1.0,
) -> Tensor:
    """The absolute residual up to c, a square beyond; the gradient at 0 is 0."""
    size = (pred - target).abs()
    return size + F.relu(size - c).square() / (2 * c)
