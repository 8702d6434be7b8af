"""Regression with outliers: losses whose pull fades far away, and the one that holds them all.

Two scales are in use. Here the names without `_classic` have Barron's: curvature 1/c^2 at 0 and a value without units.
"""

from typing import Annotated, Any

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Values
from losscore.params import Param

Scale = Annotated[float, Param("c", 0.1, 10.0, "how large an error is still ordinary", log=True, domain="(0, inf)")]


def _expm1(x: Tensor) -> Tensor:
    """exp(x) - 1 with all the digits of a small x, and of the slope where exp(x) vanishes.

    torch takes the slope of expm1 from its value, as value + 1: below x = -36 nothing is left of it in float64.
    """
    return torch.where(x < -1, torch.exp(x.clamp(max=-1.0)) - 1, torch.expm1(x.clamp(min=-1.0)))


@loss(
    title="Barron's general robust loss",
    family="regression",
    formula=(
        "Piecewise((1 - exp(-((r/c)**2/2)), Eq(alpha, -oo)), (log((r/c)**2/2 + 1), Eq(alpha, 0)), "
        "((r/c)**2/2, Eq(alpha, 2)), (Abs(alpha - 2)/alpha*(((r/c)**2/Abs(alpha - 2) + 1)**(alpha/2) - 1), True))"
    ),
    insight="One slider walks through them all: alpha says how loudly a far point may still speak.",
    trap="The written formula divides by zero at alpha = 0 and 2: those are limits, and close to them digits go.",
    source="Barron 2019, arXiv:1701.03077",
    aliases=("general adaptive robust loss", "alpha loss"),
    claims=Claims(
        even=True,
        smooth=True,
        slope_bound=(
            "Piecewise((oo, alpha > 1), (1/c, Eq(alpha, 1)), (exp(-1/2)/c, Eq(alpha, -oo)), "
            "(((2 - alpha)/(1 - alpha))**((alpha - 1)/2)/c, True))"
        ),
        minimum="0",
        maximum="Piecewise((1 - 2/alpha, alpha < 0), (oo, True))",
    ),
)
def barron(
    pred: Values,
    target: Values,
    *,
    alpha: Annotated[float, Param(r"\alpha", -10.0, 3.0, "how loudly far points speak", domain="[-inf, inf)")] = 1.0,
    c: Scale = 1.0,
) -> Tensor:
    """2: half the square; 1: Charbonnier; 0: Cauchy; -2: Geman-McClure; -inf: Welsch. Convex from alpha = 1 on."""
    square = ((pred - target) / c).square()
    # Nearer to a limit than this the limit itself is exact to the last digit, and dividing by alpha is not.
    tiny = torch.finfo(square.dtype).eps ** 2
    sweep: Any = alpha
    if not isinstance(sweep, Tensor):  # one number: only its own form is evaluated
        if abs(alpha) < tiny:
            return torch.log1p(square / 2)
        if alpha == 2:
            return square / 2
        return -_expm1(-square / 2) if alpha < -1 / tiny else _barron_general(square, float(alpha))
    shape = sweep.to(square)
    cauchy_limit, square_limit, welsch_limit = shape.abs() < tiny, shape == 2, shape < -1 / tiny
    # The general form gets a harmless alpha where a limit is taken: NaN gradients pass through torch.where.
    value = _barron_general(square, shape.masked_fill(cauchy_limit | square_limit | welsch_limit, 1.0))
    value = torch.where(cauchy_limit, torch.log1p(square / 2), value)
    value = torch.where(square_limit, square / 2, value)
    return torch.where(welsch_limit, -_expm1(-square / 2), value)


def _barron_general(square: Tensor, alpha: Any) -> Tensor:
    """Barron's form away from its limits."""
    b = abs(alpha - 2)
    power = alpha / 2 * torch.log1p(square / b)
    rising = not isinstance(alpha, Tensor) and alpha > 0
    return b / alpha * (torch.expm1(power) if rising else _expm1(power))


@loss(
    title="Cauchy",
    family="regression",
    formula="log(1 + (r/c)**2/2)",
    insight="A far point is never forgotten, but the farther it lies the more softly it speaks.",
    trap="Not convex: where the fit ends may depend on where it starts.",
    source="Black and Anandan 1996, doi:10.1006/cviu.1996.0006; Barron 2019, arXiv:1701.03077",
    aliases=("Lorentzian", "Student t"),
    claims=Claims(
        convex=False,
        even=True,
        smooth=True,
        robust=True,
        flat=False,
        slope_bound="sqrt(2)/(2*c)",
        minimum="0",
        maximum="oo",
    ),
)
def cauchy(pred: Values, target: Values, *, c: Scale = 1.0) -> Tensor:
    """Logarithmic growth; the pull is strongest at sqrt(2) c."""
    return torch.log1p(((pred - target) / c).square() / 2)


@loss(
    title="Cauchy, classic scale",
    family="regression",
    formula="c**2/2*log(1 + (r/c)**2)",
    insight="The same curve in the older scale: near zero it is half the square, whatever c is.",
    trap="Its c is sqrt(2) times the c of the other scale for the same shape, and its value c^2 / 2 times as large.",
    source="Holland and Welsch 1977, doi:10.1080/03610927708827533",
    aliases=("Lorentzian", "Student t"),
    variant_of="cauchy",
    claims=Claims(
        convex=False, even=True, smooth=True, robust=True, flat=False, slope_bound="c/2", minimum="0", maximum="oo"
    ),
)
def cauchy_classic(pred: Values, target: Values, *, c: Scale = 1.0) -> Tensor:
    """Logarithmic growth, in squared units of the residual; the pull is strongest at c."""
    return c * (c * torch.log1p(((pred - target) / c).square())) / 2


@loss(
    title="Geman-McClure",
    family="regression",
    formula="2*(r/c)**2/((r/c)**2 + 4)",
    insight="Past a few c a point has spent its whole vote: moving it farther changes almost nothing.",
    trap="A cluster of outliers makes a minimum of its own: start the fit from both sides.",
    source="Geman and McClure 1985; Barron 2019, arXiv:1701.03077",
    claims=Claims(
        convex=False,
        even=True,
        smooth=True,
        robust=True,
        flat=False,
        slope_bound="3*sqrt(3)/(8*c)",
        minimum="0",
        maximum="2",
    ),
)
def geman_mcclure(pred: Values, target: Values, *, c: Scale = 1.0) -> Tensor:
    """Rises to 2; the pull is strongest at 2c / sqrt(3)."""
    # 2s / (s + 4) as 2 (1 - 1 / (1 + s/4)): the slope of the quotient loses all its digits far away.
    return -2 * _expm1(-torch.log1p(((pred - target) / c).square() / 4))


@loss(
    title="Geman-McClure, classic scale",
    family="regression",
    formula="r**2/(r**2 + sigma**2)",
    insight="A point costs the share of its square in the sum of that square and sigma squared, so never more than 1.",
    trap="It is half of the other scale's loss with c = sigma / 2.",
    source="Geman and McClure 1985",
    variant_of="geman_mcclure",
    claims=Claims(
        convex=False,
        even=True,
        smooth=True,
        robust=True,
        flat=False,
        slope_bound="3*sqrt(3)/(8*sigma)",
        minimum="0",
        maximum="1",
    ),
)
def geman_mcclure_classic(
    pred: Values,
    target: Values,
    *,
    sigma: Annotated[
        float, Param(r"\sigma", 0.1, 10.0, "the error that costs a half", log=True, domain="(0, inf)")
    ] = 1.0,
) -> Tensor:
    """Rises to 1, one half at sigma; the pull is strongest at sigma / sqrt(3)."""
    return -_expm1(-torch.log1p(((pred - target) / sigma).square()))


@loss(
    title="Welsch",
    family="regression",
    formula="1 - exp(-((r/c)**2/2))",
    insight="A point beyond a few c falls silent: the fit no longer knows that it is there.",
    trap="Far away the slope is smaller than any floating-point number, so a fit that starts there never moves.",
    source="Dennis and Welsch 1978, doi:10.1080/03610917808812083; Leclerc 1989, doi:10.1007/BF00054839",
    aliases=("Leclerc", "correntropy", "Gaussian kernel"),
    claims=Claims(
        convex=False, even=True, smooth=True, robust=True, slope_bound="exp(-1/2)/c", minimum="0", maximum="1"
    ),
)
def welsch(pred: Values, target: Values, *, c: Scale = 1.0) -> Tensor:
    """An upturned Gaussian bell; the pull is strongest at c."""
    return -_expm1(-((pred - target) / c).square() / 2)


@loss(
    title="Tukey biweight",
    family="regression",
    formula="Piecewise((c**2/6*(1 - (1 - (r/c)**2)**3), Abs(r) <= c), (c**2/6, True))",
    insight="Beyond c a point is thrown out altogether: its slope is exactly zero.",
    trap="A fit that starts farther than c from all its points never moves.",
    source="Beaton and Tukey 1974, doi:10.1080/00401706.1974.10489171",
    aliases=("bisquare",),
    claims=Claims(
        convex=False,
        even=True,
        smooth=True,
        robust=True,
        flat=True,
        slope_bound="16*c/(25*sqrt(5))",
        minimum="0",
        maximum="c**2/6",
    ),
)
def tukey_biweight(
    pred: Values,
    target: Values,
    *,
    c: Annotated[
        float, Param("c", 0.5, 10.0, "beyond it a point has no pull; 4.685 keeps 95 % efficiency", domain="(0, inf)")
    ] = 4.685,
) -> Tensor:
    """Rises to c^2 / 6 at c and stays there; the pull is strongest at c / sqrt(5)."""
    # 1 - (1 - s)^3 multiplied out, which keeps the digits of a small s.
    s = ((pred - target) / c).square().clamp(max=1.0)
    return c * (c * (s * ((s - 3) * s + 3))) / 6
