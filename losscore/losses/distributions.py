"""Distributions: which way a vector points, and how far mass has to travel, on a line or from bin to bin."""

from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input, ValueVector
from losscore.losses.embeddings_vectors import Embedding, cosine_distance

OtherValues = Annotated[Tensor, Input("values", dims=("M",))]
Histogram = Annotated[Tensor, Input("histogram", dims=("K",), low=0.0, high=1.0, simplex=True, typical=(0.0, 1.0))]


@loss(
    title="Cosine proximity",
    family="distributions",
    latex=r"-\frac{x_1 \cdot x_2}{\lVert x_1 \rVert\,\lVert x_2 \rVert}",
    insight="Asks only for the direction: a vector and a hundred times the same vector are a perfect match.",
    trap="Some libraries report 1 - cos, others cos with the minus sign already in it.",
    source="Salton and McGill 1983; Keras documentation of CosineSimilarity",
    aliases=("cosine similarity loss", "negative cosine similarity"),
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo", minimum="-1", maximum="1"),
)
def cosine_proximity(x1: Embedding, x2: Embedding) -> Tensor:
    """Minus the cosine of each pair of vectors (..., D): (...). With a vector of no length it is 0, as its gradient."""
    return cosine_distance(x1, x2) - 1


@loss(
    title="Wasserstein-1 of samples",
    family="distributions",
    latex=r"\frac1n\sum_i\left|x_{(i)} - y_{(i)}\right|",
    insight="Sort both samples and pair them off: how far a grain travels on average, and it never loses its way.",
    trap="A critic's objective, also called Wasserstein loss, is something to maximise; this is the distance itself.",
    source="Vallender 1974, doi:10.1137/1118101",
    aliases=("earth mover", "Wasserstein-1", "Kantorovich", "EMD of samples"),
    torch_call="F.l1_loss(pred.sort(-1).values, target.sort(-1).values)",
    claims=Claims(
        convex=False, smooth=False, robust=False, flat=False, homogeneous=1, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def wasserstein1_samples(pred: ValueVector, target: ValueVector) -> Tensor:
    """Two samples of N numbers each (..., N) are one sample of the loss: (...)."""
    return (pred.sort(-1).values - target.sort(-1).values).abs().mean(-1)


@loss(
    title="Wasserstein-2 of samples, squared",
    family="distributions",
    latex=r"\frac1n\sum_i\left(x_{(i)} - y_{(i)}\right)^2",
    insight="The mean squared error of the sorted numbers: who belongs to whom does not matter, only the shape.",
    trap="This is the square; the distance itself is its root.",
    source="Vallender 1974, doi:10.1137/1118101; Villani 2009, doi:10.1007/978-3-540-71050-9",
    aliases=("earth mover", "Wasserstein-2", "quantile matching"),
    variant_of="wasserstein1_samples",
    torch_call="F.mse_loss(pred.sort(-1).values, target.sort(-1).values)",
    claims=Claims(
        convex=False,
        smooth=False,
        robust=False,
        flat=False,
        homogeneous=2,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def wasserstein2sq_samples(pred: ValueVector, target: ValueVector) -> Tensor:
    """Two samples of N numbers each (..., N) are one sample of the loss: (...)."""
    return (pred.sort(-1).values - target.sort(-1).values).square().mean(-1)


def _mean_gap(x: Tensor, y: Tensor) -> Tensor:
    return (x[..., :, None] - y[..., None, :]).abs().mean((-2, -1))


@loss(
    title="Energy distance, squared",
    family="distributions",
    latex=(r"\frac2{nm}\sum_{i,j}|x_i - y_j| - \frac1{n^2}\sum_{i,j}|x_i - x_j| - \frac1{m^2}\sum_{i,j}|y_i - y_j|"),
    insight="The sample is drawn to the other one and spreads its own points apart, so that it takes the whole shape.",
    trap="Some libraries return the root; and points that coincide get one and the same pull and never part.",
    source="Székely 2003; Cramér 1928",
    aliases=("Cramér distance", "energy statistic"),
    claims=Claims(convex=False, smooth=False, flat=True, homogeneous=1, slope_bound="2", minimum="0", maximum="oo"),
)
def energy_distance_sq(pred: ValueVector, target: OtherValues) -> Tensor:
    """Samples of N and of M numbers, (..., N) and (..., M): (...). Pairs of a number with itself are counted."""
    return 2 * _mean_gap(pred, target) - _mean_gap(pred, pred) - _mean_gap(target, target)


@loss(
    title="Earth mover's distance of histograms",
    family="distributions",
    latex=r"\sum_k\left|\sum_{j \le k}(p_j - t_j)\right|",
    insight="Mass three bins away costs three times as much as mass one bin away; to KL both are just wrong.",
    trap="The bins must be in order, and the numbers must be shares: a lack of mass counts as if it lay past the end.",
    source="Vallender 1974, doi:10.1137/1118101; Rubner et al. 2000, doi:10.1023/A:1026543900054",
    aliases=("EMD", "Wasserstein-1 of histograms", "match distance"),
    claims=Claims(convex=True, even=True, smooth=False, flat=False, minimum="0"),
)
def emd_histogram(pred: Histogram, target: Histogram) -> Tensor:
    """Histograms over K ordered bins one apart, (..., K): (...), in bins."""
    crossing = (pred - target).cumsum(-1)
    # What is nothing but rounding must not pull: past the last bin that of shares that were made in single precision.
    bins = crossing.shape[-1]
    rounding = crossing.new_full((bins,), bins * torch.finfo(crossing.dtype).eps)
    rounding[-1] = 1e-6
    return torch.where(crossing.abs() <= rounding, 0, crossing).abs().sum(-1)


@loss(
    title="Squared earth mover's distance",
    family="distributions",
    latex=r"\sum_k\left(\sum_{j \le k}(p_j - t_j)\right)^2",
    insight="Squares what crosses each border between bins, so that the pull fades as the histograms come to agree.",
    trap="It is not the square of the earth mover's distance: the squares are taken border by border.",
    source="Hou, Yu and Samaras 2016, arXiv:1611.05916",
    aliases=("EMD squared", "ordinal loss", "ranked probability score", "Cramér-von Mises of histograms"),
    variant_of="emd_histogram",
    claims=Claims(convex=True, even=True, smooth=True, flat=False, minimum="0"),
)
def emd_squared_cdf(pred: Histogram, target: Histogram) -> Tensor:
    """Histograms over K ordered bins, (..., K): (...)."""
    return (pred - target).cumsum(-1).square().sum(-1)
