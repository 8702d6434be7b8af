"""Maximum mean discrepancy: two samples are alike if, seen through a Gaussian of width sigma, they look alike."""

from typing import Annotated

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input
from losscore.losses.embeddings_vectors import Embeddings, over
from losscore.params import Param

OtherEmbeddings = Annotated[Tensor, Input("embeddings", dims=("M", "D"), typical=(-1.0, 1.0))]
Width = Annotated[float, Param(r"\sigma", 0.01, 10.0, "width of the kernel", log=True, domain="(0, inf)")]


def _kernel(x: Tensor, y: Tensor, sigma: float | Tensor) -> Tensor:
    """Gaussian kernel of each pair, (..., N, D) and (..., M, D) -> (..., N, M)."""
    # By differences: |x|^2 + |y|^2 - 2 x y loses every digit far from the origin.
    gaps = ((x[..., :, None, :] - y[..., None, :, :]) / over(sigma, 3)).square().sum(-1)
    return (-gaps / 2).exp()


@loss(
    title="MMD, biased",
    family="distributions",
    latex=(
        r"\frac1{n^2}\sum_{i,j} k(x_i, x_j) + \frac1{m^2}\sum_{i,j} k(y_i, y_j) - \frac2{nm}\sum_{i,j} k(x_i, y_j),"
        r"\quad k(x, y) = e^{-\lVert x - y \rVert^2 / 2\sigma^2}"
    ),
    insight="Compares all moments at once without a model, but only as far as the kernel sees.",
    trap="Samples many sigmas apart have no gradient at all; the median distance is a usual sigma.",
    source="Gretton et al. 2012, Journal of Machine Learning Research 13",
    aliases=("maximum mean discrepancy", "kernel two-sample", "MMD squared"),
    claims=Claims(convex=False, smooth=True, flat=True, slope_bound="2*exp(-1/2)/sigma", minimum="0", maximum="2"),
)
def mmd_rbf_biased(x: Embeddings, y: OtherEmbeddings, *, sigma: Width = 1.0) -> Tensor:
    """Squared MMD of samples (..., N, D) and (..., M, D), pairs of a point with itself included: (...), 0 or more."""
    inside = _kernel(x, x, sigma).mean((-2, -1)) + _kernel(y, y, sigma).mean((-2, -1))
    return inside - 2 * _kernel(x, y, sigma).mean((-2, -1))


def _mean_of_different(kernel: Tensor) -> Tensor:
    """Mean over the pairs of two different points; the kernel of a point with itself is 1."""
    count = kernel.shape[-1]
    return (kernel.sum((-2, -1)) - count) / (count * (count - 1))


@loss(
    title="MMD, unbiased",
    family="distributions",
    latex=(
        r"\frac1{n(n-1)}\sum_{i \ne j} k(x_i, x_j) + \frac1{m(m-1)}\sum_{i \ne j} k(y_i, y_j)"
        r" - \frac2{nm}\sum_{i,j} k(x_i, y_j),\quad k(x, y) = e^{-\lVert x - y \rVert^2 / 2\sigma^2}"
    ),
    insight="Right on average whatever the sample size, at the price that a single estimate may be negative.",
    trap="A value below 0 is no bug: two samples of one distribution give about as many as above.",
    source="Gretton et al. 2012, Journal of Machine Learning Research 13",
    aliases=("maximum mean discrepancy", "U-statistic MMD"),
    variant_of="mmd_rbf_biased",
    claims=Claims(convex=False, smooth=True, flat=True, slope_bound="2*exp(-1/2)/sigma", maximum="2"),
)
def mmd_rbf_unbiased(x: Embeddings, y: OtherEmbeddings, *, sigma: Width = 1.0) -> Tensor:
    """Unbiased estimate of the squared MMD of samples (..., N, D) and (..., M, D): (...).

    Raises ValueError for a sample of fewer than two points.
    """
    if min(x.shape[-2], y.shape[-2]) < 2:
        raise ValueError(f"each sample must have two or more points, got {x.shape[-2]} and {y.shape[-2]}")
    inside = _mean_of_different(_kernel(x, x, sigma)) + _mean_of_different(_kernel(y, y, sigma))
    return inside - 2 * _kernel(x, y, sigma).mean((-2, -1))
