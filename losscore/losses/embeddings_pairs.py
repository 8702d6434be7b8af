"""Embeddings: what the distance, the angle or the order of two of them costs. One pair is one sample."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import BinaryTarget, Score, Sign
from losscore.losses.embeddings_vectors import Embedding, cosine_distance
from losscore.params import Param


@loss(
    title="Contrastive",
    family="embeddings",
    latex=r"\tfrac12\left[y\,d^2 + (1 - y)\max(0, m - d)^2\right],\quad d = \lVert x_1 - x_2 \rVert",
    insight="Similar pairs are springs that pull together, dissimilar ones push apart until m lies between them.",
    trap="Here y = 1 means similar; the paper has it the other way round, and some libraries leave d unsquared.",
    source="Hadsell, Chopra and LeCun 2006, doi:10.1109/CVPR.2006.100",
    aliases=("siamese", "pairwise contrastive"),
    claims=Claims(
        convex=False, even=True, smooth=False, robust=False, flat=True, slope_bound="oo", minimum="0", maximum="oo"
    ),
)
def contrastive(
    x1: Embedding,
    x2: Embedding,
    target: BinaryTarget,
    *,
    margin: Annotated[
        float, Param("m", 0.1, 5.0, "how far apart dissimilar pairs are wanted", domain="[0, inf)")
    ] = 1.0,
) -> Tensor:
    """Each pair x1, x2 (..., D) with target (...), 1 for similar and 0 for not: (...).

    A dissimilar pair at distance 0 costs m^2 / 2 and has no gradient: there is no direction to part in.
    """
    d = torch.linalg.vector_norm(x1 - x2, dim=-1)
    return (target * d.square() + (1 - target) * F.relu(margin - d).square()) / 2


@loss(
    title="Margin ranking",
    family="embeddings",
    latex=r"\max\left(0,\ -y\,(x_1 - x_2) + m\right)",
    insight="Only the order of two scores counts: once the right one leads by m, the pair is silent.",
    trap="With m = 0 giving all items the same score is perfect.",
    source="Herbrich, Graepel and Obermayer 2000",
    aliases=("pairwise hinge", "RankSVM", "ranking hinge"),
    torch_call="F.margin_ranking_loss(x1, x2, target, margin={margin})",
    claims=Claims(
        convex=True, even=False, smooth=False, robust=False, flat=False, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def margin_ranking(
    x1: Score,
    x2: Score,
    target: Sign,
    *,
    margin: Annotated[float, Param("m", 0.0, 2.0, "by how much the right one has to lead", domain="[0, inf)")] = 0.0,
) -> Tensor:
    """Each pair of scores x1, x2 (...); target is 1 where x1 should be the larger, -1 where x2 should."""
    # torch takes one margin; moved into the second score it may be a tensor.
    lead, aim = torch.broadcast_tensors(x1 - x2, target)
    lead, aim, wanted = torch.broadcast_tensors(lead, aim, aim * margin)
    return F.margin_ranking_loss(lead, wanted, aim, reduction="none")


@loss(
    title="Cosine embedding",
    family="embeddings",
    latex=r"\begin{cases} 1 - \cos & y = 1 \\ \max(0, \cos - m) & y = -1 \end{cases}",
    insight="Only the angle counts: making a vector longer changes nothing but how fast it turns.",
    trap="torch adds 1e-12 to the squared lengths: at a length of 1e-6 its cosine is far too small.",
    source="PyTorch documentation of CosineEmbeddingLoss (no paper known)",
    aliases=("cosine embedding loss", "angular contrastive"),
    claims=Claims(convex=False, smooth=False, flat=True, homogeneous=0, slope_bound="oo", minimum="0", maximum="2"),
)
def cosine_embedding(
    x1: Embedding,
    x2: Embedding,
    target: Sign,
    *,
    margin: Annotated[float, Param("m", -1.0, 1.0, "cosine that is still far enough apart", domain="[-1, 1]")] = 0.0,
) -> Tensor:
    """Each pair x1, x2 (..., D) with target (...), 1 for similar and -1 for not: (...).

    The cosine with a vector of no length is 0, and that vector has no gradient.
    """
    gap = cosine_distance(x1, x2)
    return torch.where(target > 0, gap, F.relu(1 - gap - margin))
