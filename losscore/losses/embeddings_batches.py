"""Embeddings: pick the partner out of the batch. All other members of the batch are the wrong answers."""

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.embeddings_vectors import (
    Embeddings,
    GroupLabels,
    Temperature,
    cosines,
    over,
    partners,
)


def _others(similarities: Tensor) -> Tensor:
    """Log-probability of each partner (..., N, N) for each member, who is not a partner of its own."""
    oneself = torch.eye(similarities.shape[-1], dtype=torch.bool, device=similarities.device)
    rest = similarities.masked_fill(oneself, -torch.inf)
    return similarities - rest.logsumexp(-1, keepdim=True)


@loss(
    title="N-pair",
    family="embeddings",
    latex=r"\frac1N\sum_i\left(\ln\sum_j e^{a_i \cdot p_j} - a_i \cdot p_i\right)",
    insight="Each anchor picks its own positive out of all positives of the batch: N - 1 negatives for nothing.",
    trap="Nothing holds the lengths: once the order is right, longer vectors lower the loss without any learning.",
    source="Sohn 2016, Advances in Neural Information Processing Systems 29",
    aliases=("N-pair-mc", "multi-class N-pair", "in-batch softmax"),
    torch_call="F.cross_entropy(anchor @ positive.T, torch.arange(len(anchor)))",
    claims=Claims(convex=True, smooth=True, flat=False, slope_bound="oo", minimum="0", maximum="oo"),
)
def n_pair(anchor: Embeddings, positive: Embeddings) -> Tensor:
    """A batch of N anchors and their positives (..., N, D) is one sample: (...). Scalar products, not cosines."""
    return -(anchor @ positive.mT).log_softmax(-1).diagonal(dim1=-2, dim2=-1).mean(-1)


@loss(
    title="NT-Xent",
    family="embeddings",
    latex=r"-\frac1{2N}\sum_{i=1}^{2N}\ln\frac{e^{s_{i,j(i)}/\tau}}{\sum_{k \ne i} e^{s_{ik}/\tau}},\quad s = \cos",
    insight="Two views of a picture must find each other among all others; a small tau heeds only the nearest rivals.",
    trap="Its least value is above 0: chance is ln(2N - 1), so numbers of different batch sizes do not compare.",
    source="Chen et al. 2020 (SimCLR), arXiv:2002.05709",
    aliases=("SimCLR loss", "InfoNCE", "normalised temperature-scaled cross-entropy"),
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo"),
)
def nt_xent(anchor: Embeddings, positive: Embeddings, *, temperature: Temperature = 0.1) -> Tensor:
    """A batch of N pairs of views (..., N, D) is one sample: the mean over all 2N views, (...)."""
    views = torch.cat(torch.broadcast_tensors(anchor, positive), -2)
    likely = _others(cosines(views, views) / over(temperature, 2))
    pairs = anchor.shape[-2]
    there, back = (likely.diagonal(shift, -2, -1) for shift in (pairs, -pairs))
    return -(there.mean(-1) + back.mean(-1)) / 2


@loss(
    title="InfoNCE, symmetric",
    family="embeddings",
    latex=(
        r"-\frac1{2N}\sum_i\left(\ln\frac{e^{s_{ii}/\tau}}{\sum_j e^{s_{ij}/\tau}}"
        r" + \ln\frac{e^{s_{ii}/\tau}}{\sum_j e^{s_{ji}/\tau}}\right),\quad s = \cos(a_i, p_j)"
    ),
    insight="A picture finds its caption and the caption its picture: a matching table whose diagonal should win.",
    trap="Members of one side are never compared with each other, as they are in NT-Xent: chance is ln N here.",
    source="Radford et al. 2021 (CLIP), arXiv:2103.00020; van den Oord et al. 2018, arXiv:1807.03748",
    aliases=("CLIP loss", "InfoNCE", "contrastive image-text"),
    variant_of="nt_xent",
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo"),
)
def info_nce_symmetric(anchor: Embeddings, positive: Embeddings, *, temperature: Temperature = 0.1) -> Tensor:
    """A batch of N pairs from two sides (..., N, D) is one sample: the mean of both directions, (...)."""
    table = cosines(anchor, positive) / over(temperature, 2)
    likely = table.log_softmax(-1) + table.log_softmax(-2)
    return -likely.diagonal(dim1=-2, dim2=-1).mean(-1) / 2


@loss(
    title="Supervised contrastive",
    family="embeddings",
    latex=(
        r"\frac1{|A|}\sum_{i \in A}\frac{-1}{|P(i)|}\sum_{p \in P(i)}"
        r"\ln\frac{e^{s_{ip}/\tau}}{\sum_{k \ne i} e^{s_{ik}/\tau}},\quad s = \cos"
    ),
    insight="All members of a class are each other's positives, so that a class becomes one tight bundle.",
    trap="Several positives share one softmax: with n of them the loss cannot go under ln n.",
    source="Khosla et al. 2020, arXiv:2004.11362",
    aliases=("SupCon",),
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo"),
)
def supcon(emb: Embeddings, labels: GroupLabels, *, temperature: Temperature = 0.1) -> Tensor:
    """A batch of embeddings (..., N, D) with labels (..., N) is one sample: (...).

    P(i) are the others of the same label; the mean runs over the members A that have any, and is 0 if none has.
    """
    likely = _others(cosines(emb, emb) / over(temperature, 2))
    same, _ = partners(labels)
    count = same.sum(-1)
    each = -torch.where(same, likely, 0).sum(-1) / count.clamp(min=1)
    return each.sum(-1) / (count > 0).sum(-1).clamp(min=1)
