"""Regularisers: what large weights cost, and what that does to a linear fit."""

from typing import Annotated

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.explore.ridge import ridge_weights
from losscore.inputs import Input, ValueVector
from losscore.params import Param

Weights = Annotated[Tensor, Input("weights", dims=("N",))]
Design = Annotated[Tensor, Input("design matrix", dims=("N", "P"))]
Strength = Annotated[float, Param(r"\lambda", 1e-5, 10.0, "how much the weights cost", log=True, domain="[0, inf)")]


@loss(
    title="L1 penalty",
    family="regularisers",
    latex=r"\lambda \sum_i \left|w_i\right|",
    insight="Every weight is pushed to zero with the same strength, and the small ones arrive.",
    trap="Plain gradient steps jump about zero; exact zeros come from soft-thresholding, the proximal step.",
    source="Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x",
    aliases=("lasso", "L1 regularisation", "sparsity penalty"),
    claims=Claims(
        convex=True,
        smooth=False,
        robust=False,
        flat=False,
        homogeneous=1,
        slope_bound="lam",
        minimum="0",
        maximum="oo",
    ),
)
def l1_penalty(w: Weights, *, lam: Strength = 1.0) -> Tensor:
    """lam times the sum of the absolute weights, (..., N) -> (...); the gradient at 0 is 0."""
    return lam * w.abs().sum(-1)


@loss(
    title="L2 penalty",
    family="regularisers",
    latex=r"\lambda \sum_i w_i^2",
    insight="A weight is pushed to zero in proportion to its size: all shrink and none arrives.",
    trap="No half here: an optimiser's weight_decay of 2 lambda has the same gradient.",
    source="Tikhonov 1943; Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634",
    aliases=("weight decay", "ridge penalty", "L2 regularisation", "Tikhonov"),
    claims=Claims(
        convex=True, smooth=True, robust=False, flat=False, homogeneous=2, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def l2_penalty(w: Weights, *, lam: Strength = 1.0) -> Tensor:
    """lam times the sum of the squared weights, (..., N) -> (...)."""
    return lam * w.square().sum(-1)


@loss(
    title="Elastic net penalty",
    family="regularisers",
    latex=r"\alpha \left(\rho \sum_i \left|w_i\right| + \frac{1 - \rho}{2} \sum_i w_i^2\right)",
    insight="The corner of L1 picks weights, the bowl of L2 lets alike columns share instead of picking one of them.",
    trap="The square carries a half and the absolute value none, so rho = 0 is half the L2 penalty.",
    source="Zou & Hastie 2005, doi:10.1111/j.1467-9868.2005.00503.x",
    aliases=("elastic net", "L1 and L2"),
    claims=Claims(convex=True, smooth=False, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"),
)
def elastic_net_penalty(
    w: Weights,
    *,
    alpha: Annotated[
        float, Param(r"\alpha", 1e-5, 10.0, "how much the weights cost", log=True, domain="[0, inf)")
    ] = 1.0,
    l1_ratio: Annotated[float, Param(r"\rho", 0.0, 1.0, "share of the absolute value", domain="[0, 1]")] = 0.5,
) -> Tensor:
    """alpha times the mix of the absolute sum and half the squared sum, (..., N) -> (...); the gradient at 0 is 0."""
    return alpha * (l1_ratio * w.abs().sum(-1) + (1 - l1_ratio) / 2 * w.square().sum(-1))


@loss(
    title="Ridge fit",
    family="regularisers",
    latex=r"\min_w \left\| y - X w \right\|^2 + \lambda \left\| w \right\|^2",
    insight="Weights of two columns that say nearly the same run away against each other; a little cost stops them.",
    trap="It is a sum and not a mean, so the same lambda weighs less with more rows.",
    source="Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634",
    aliases=("ridge regression", "Tikhonov", "multicollinearity", "OLS"),
    claims=Claims(convex=False, smooth=True, flat=True, slope_bound="oo", minimum="0", maximum="oo"),
)
def ridge_fit(
    X: Design,
    y: ValueVector,
    *,
    lam: Annotated[
        float, Param(r"\lambda", 1e-3, 100.0, "how much the weights cost", log=True, domain="[0, inf)")
    ] = 1.0,
) -> Tensor:
    """The least penalised sum of squares that any w reaches, (..., N, P) and (..., N) -> (...).

    `losscore.explore.ridge.ridge_weights` gives that w. At lam = 0 it is ordinary least squares.
    """
    # At its minimum the cost does not change with w, so w is held still and the gradient is exact all the same.
    w = ridge_weights(X.detach(), y.detach(), lam).detach()
    residual = y - (X @ w[..., None]).squeeze(-1)
    return residual.square().sum(-1) + lam * w.square().sum(-1)
