"""Embeddings: an anchor, a positive that should be near it and a negative that should not."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.embeddings_vectors import (
    Embedding,
    Embeddings,
    GroupLabels,
    Margin,
    distances,
    over,
    partners,
)
from losscore.params import Param


@loss(
    title="Triplet, squared",
    family="embeddings",
    latex=r"\max\left(0,\ \lVert a - p \rVert^2 - \lVert a - n \rVert^2 + m\right)",
    insight="The negative has to lie farther from the anchor than the positive does, by a margin.",
    trap="With all embeddings in one point it is exactly m and nothing moves: a loss stuck at the margin is collapse.",
    source="Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832",
    aliases=("FaceNet loss", "triplet"),
    claims=Claims(smooth=False, robust=False, flat=False, slope_bound="oo", minimum="0", maximum="oo"),
)
def triplet_squared(anchor: Embedding, positive: Embedding, negative: Embedding, *, margin: Margin = 0.2) -> Tensor:
    """Each triplet of embeddings (..., D): (...). Convex in the anchor, not in the other two."""
    # |a - p|^2 - |a - n|^2 as a product, which keeps its digits where the two are large and close.
    excess = ((negative - positive) * ((anchor - positive) + (anchor - negative))).sum(-1)
    return F.relu(excess + margin)


def _norm(x: Tensor, p: float | Tensor) -> Tensor:
    """The p-norm of x (..., D), p one number or one a sample; the gradient at 0 is 0."""
    size = x.abs()
    largest = size.detach().amax(-1, keepdim=True)
    nothing = largest == 0
    # In units of the largest entry no power overflows.
    unit = torch.where(nothing, 1, largest)
    total = (size / unit).pow(over(p, 1)).sum(-1)
    nothing, unit = nothing[..., 0], unit[..., 0]
    return torch.where(nothing, 0, unit * torch.where(nothing, 1, total) ** (1 / p))


@loss(
    title="Triplet",
    family="embeddings",
    latex=r"\max\left(0,\ \lVert a - p \rVert_p - \lVert a - n \rVert_p + m\right)",
    insight="Distances instead of their squares: far triplets pull no harder than near ones.",
    trap="torch adds 1e-6 to every difference, so that its distance of equal vectors is not 0.",
    source="Balntas et al. 2016, doi:10.5244/C.30.119; Weinberger and Saul 2009",
    aliases=("triplet margin", "Euclidean triplet", "TripletMarginLoss"),
    variant_of="triplet_squared",
    torch_call="F.triplet_margin_loss(anchor, positive, negative, margin={margin}, p={p}, eps=0.0)",
    claims=Claims(convex=False, smooth=False, robust=False, flat=True, slope_bound="2", minimum="0", maximum="oo"),
)
def triplet_euclidean(
    anchor: Embedding,
    positive: Embedding,
    negative: Embedding,
    *,
    margin: Margin = 0.2,
    p: Annotated[float, Param("p", 1.0, 10.0, "which norm the distance is: 2 is Euclidean", domain="[1, inf)")] = 2.0,
) -> Tensor:
    """Each triplet of embeddings (..., D), with distances in the p-norm: (...)."""
    return F.relu(_norm(anchor - positive, p) - _norm(anchor - negative, p) + margin)


@loss(
    title="Triplet, batch hard",
    family="embeddings",
    latex=(
        r"\frac1{|A|}\sum_{a \in A}\max\left(0,\ \max_{p:\,y_p = y_a} d_{ap} - \min_{n:\,y_n \ne y_a} d_{an} + m\right)"
    ),
    insight="Each anchor is held to its farthest positive and its nearest negative, the worst triplet that it has.",
    trap="The worst triplet is often a wrong label, and at the start the quickest way out is to collapse to a point.",
    source="Hermans, Beyer and Leibe 2017, arXiv:1703.07737",
    aliases=("batch-hard mining", "hardest triplet"),
    variant_of="triplet_squared",
    claims=Claims(convex=False, smooth=False, flat=True, minimum="0", maximum="oo"),
)
def triplet_batch_hard(emb: Embeddings, labels: GroupLabels, *, margin: Margin = 0.2) -> Tensor:
    """A batch of embeddings (..., N, D) with labels (..., N) is one sample: (...).

    Euclidean distances; the mean over the anchors A that have both a positive and a negative, 0 if there are none.
    Which triplet is the worst is a constant to the gradient.
    """
    d, (same, other) = distances(emb), partners(labels)
    farthest = torch.where(same, d, -torch.inf).max(-1).values
    nearest = torch.where(other, d, torch.inf).min(-1).values
    counted = same.any(-1) & other.any(-1)
    excess = torch.where(counted, farthest, 0) - torch.where(counted, nearest, 0) + over(margin, 1)
    return torch.where(counted, F.relu(excess), 0).sum(-1) / counted.sum(-1).clamp(min=1)


@loss(
    title="Triplet, all semi-hard",
    family="embeddings",
    latex=(
        r"\frac1{|S|}\sum_{(a,p,n) \in S}\left(d_{ap} - d_{an} + m\right),"
        r"\quad S = \{y_p = y_a \ne y_n,\ d_{ap} < d_{an} < d_{ap} + m\}"
    ),
    insight="Learns from the negatives that are in the right order but too close, and leaves the hopeless ones alone.",
    trap="With no such triplet it reads 0, even when every triplet is in the wrong order or all points coincide.",
    source="Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832",
    aliases=("semi-hard mining", "FaceNet mining"),
    variant_of="triplet_squared",
    claims=Claims(convex=False, smooth=False, minimum="0", maximum="margin"),
)
def triplet_semi_hard_all(emb: Embeddings, labels: GroupLabels, *, margin: Margin = 0.2) -> Tensor:
    """A batch of embeddings (..., N, D) with labels (..., N) is one sample: (...).

    Euclidean distances; the mean over all semi-hard triplets S of the batch, 0 if there are none. Which triplets they
    are is a constant to the gradient.
    """
    d, (same, other) = distances(emb), partners(labels)
    # Indexed by anchor, positive, negative.
    lead = d[..., None, :] - d[..., :, None]
    triplets = same[..., :, None] & other[..., None, :]
    chosen = triplets & (lead > 0) & (lead < over(margin, 3))
    total = torch.where(chosen, over(margin, 3) - lead, 0).sum((-3, -2, -1))
    return total / chosen.sum((-3, -2, -1)).clamp(min=1)
