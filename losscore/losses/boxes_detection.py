"""What a detector is trained with beside the overlap of its boxes: focal sums, soft labels, edges as distributions."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import BinaryTarget, Input, Logit, ProbabilityMap
from losscore.params import Param

AnchorLogits = Annotated[Tensor, Input("anchor logits", dims=("A",), typical=(-4.0, 4.0))]
AnchorTargets = Annotated[Tensor, Input("binary targets", dims=("A",), low=0.0, high=1.0, typical=(0.0, 1.0))]
PositiveMarks = Annotated[Tensor, Input("marks of positive anchors", dims=("A",), low=0.0, high=1.0, only=(0.0, 1.0))]
Deltas = Annotated[Tensor, Input("box deltas", dims=("A", "4"), typical=(-1.0, 1.0))]
BinLogits = Annotated[Tensor, Input("bin logits", dims=("K",), least=2, typical=(-4.0, 4.0))]
BinPosition = Annotated[Tensor, Input("position among bins", low=0.0, labels_of="K", typical=(0.0, 3.0))]
HeatMap = Annotated[Tensor, Input("heat map", dims=("H", "W"), low=0.0, high=1.0, typical=(0.0, 1.0))]


def focusing_power(base: Tensor, exponent: float | Tensor) -> Tensor:
    """base ** exponent for base >= 0; its slope is 0 where base vanishes, as that of a power below 1 would overflow."""
    vanishing = base < torch.finfo(base.dtype).tiny
    return torch.where(vanishing, base.detach() ** exponent, base.masked_fill(vanishing, 1.0) ** exponent)


def of_anchor(value: float | Tensor) -> float | Tensor:
    """A parameter of each picture, laid out for every anchor of it."""
    return value[..., None] if isinstance(value, Tensor) else value


def of_pixel(value: float | Tensor) -> float | Tensor:
    """A parameter of each picture, laid out for every pixel of it."""
    return value[..., None, None] if isinstance(value, Tensor) else value


@loss(
    title="Detection sum (RetinaNet)",
    family="boxes",
    latex=(
        r"\frac{1}{\max(1, n_+)}\left[\sum_{i} \alpha_i\,(1 - p_{t,i})^{\gamma}\,(-\ln p_{t,i})"
        r" + \lambda \sum_{i \in +} \left\|\Delta_i - \Delta_{t,i}\right\|_1\right]"
    ),
    insight="Every anchor is judged, only those on an object have a box to mend, and both are shared among the latter.",
    trap="The divisor is the number of positive anchors, not of all of them; without any it is 1.",
    source="Lin et al. 2017, arXiv:1708.02002",
    aliases=("RetinaNet loss", "classification plus box", "cls + box"),
    claims=Claims(smooth=True, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"),
)
def retinanet_sum(
    cls: AnchorLogits,
    cls_target: AnchorTargets,
    box: Deltas,
    box_target: Deltas,
    positive: PositiveMarks,
    *,
    gamma: Annotated[float, Param(r"\gamma", 0.0, 5.0, "how soon sure anchors fall silent", domain="[0, inf)")] = 2.0,
    alpha: Annotated[float, Param(r"\alpha", 0.0, 1.0, "weight of the anchors on an object", domain="[0, 1]")] = 0.25,
    lam: Annotated[float, Param(r"\lambda", 0.0, 5.0, "weight of the boxes", domain="[0, inf)")] = 1.0,
) -> Tensor:
    """Focal loss of all anchors plus lam times L1 of the positive ones' deltas, over the number of positive anchors.

    cls: logits (..., A); cls_target: (..., A) in [0, 1]; box, box_target: (..., A, 4); positive: 0 or 1, (..., A).
    Returns (...): the anchors of one picture are one sample.
    """
    log_p, log_q = F.logsigmoid(cls), F.logsigmoid(-cls)
    # The powers as exponentials: of a power below 1 the slope at 0 would be infinite.
    hit = cls_target * torch.exp(of_anchor(gamma) * log_q) * -log_p
    false_alarm = (1 - cls_target) * torch.exp(of_anchor(gamma) * log_p) * -log_q
    focal = (of_anchor(alpha) * hit + (1 - of_anchor(alpha)) * false_alarm).sum(-1)
    off = (positive * (box - box_target).abs().sum(-1)).sum(-1)
    return (focal + lam * off) / positive.sum(-1).clamp(min=1.0)


@loss(
    title="Distribution focal loss",
    family="boxes",
    latex=r"-(k + 1 - t)\,\ln S_k - (t - k)\,\ln S_{k+1},\quad k = \left[t\right],\ S = \mathrm{softmax}(z)",
    insight="An edge is a distribution over places, so a blurred border may stay undecided between two of them.",
    trap="Between two bins the best value is not 0 but the entropy of being torn between them.",
    source="Li et al. 2020 (GFL), arXiv:2006.04388",
    aliases=("DFL",),
    claims=Claims(convex=True, smooth=True, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"),
)
def distribution_focal(pred: BinLogits, target: BinPosition) -> Tensor:
    """Cross-entropy against the two bins around each target, by nearness; (..., K) and (...) -> (...).

    Bins stand at 0, 1, ..., K - 1. Raises ValueError for a target outside [0, K - 1] or fewer than two bins.
    """
    bins = torch.arange(pred.shape[-1], dtype=pred.dtype, device=pred.device)
    # The last bin has none to its right: there it is the right one of its pair.
    left = target.floor().clamp(max=pred.shape[-1] - 2)[..., None]
    fraction = target[..., None] - left
    weights = (1 - fraction) * (bins == left) + fraction * (bins == left + 1)
    return -(weights * F.log_softmax(pred, -1)).sum(-1)


@loss(
    title="Quality focal loss",
    family="boxes",
    formula="Abs(y - 1/(1 + exp(-p)))**beta*(log(1 + exp(p)) - y*p)",
    insight="The focal idea for labels between 0 and 1: what counts is how far the score is from the box's quality.",
    trap="It is 0 where the score equals the label, although the cross-entropy inside is not.",
    source="Li et al. 2020 (GFL), arXiv:2006.04388",
    aliases=("QFL",),
    claims=Claims(convex=False, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"),
)
def quality_focal(
    pred: Logit,
    target: BinaryTarget,
    *,
    beta: Annotated[float, Param(r"\beta", 0.0, 4.0, "how soon near hits fall silent", domain="[0, inf)")] = 2.0,
) -> Tensor:
    """Binary cross-entropy of each logit times its distance from the target, as probabilities, to the power beta."""
    z, y = torch.broadcast_tensors(pred, target)
    off = (y * torch.sigmoid(-z) - (1 - y) * torch.sigmoid(z)).abs()
    return focusing_power(off, beta) * F.binary_cross_entropy_with_logits(z, y, reduction="none")


@loss(
    title="Gaussian focal loss",
    family="boxes",
    latex=(
        r"\frac{1}{\max(1, n)} \sum_{ij} \begin{cases} -(1 - p_{ij})^{\alpha} \ln p_{ij} & y_{ij} = 1 \\"
        r" -(1 - y_{ij})^{\beta}\, p_{ij}^{\alpha} \ln(1 - p_{ij}) & \text{otherwise} \end{cases},\quad"
        r" n = \#\{y_{ij} = 1\}"
    ),
    insight="Only the very peak must be found, and false alarms close to it are nearly free.",
    trap="A pixel counts as a peak only at exactly 1, and torch stops each logarithm at -100.",
    source="Law and Deng 2018 (CornerNet), arXiv:1808.01244; Zhou et al. 2019 (CenterNet), arXiv:1904.07850",
    aliases=("CenterNet loss", "CornerNet loss", "heatmap focal", "penalty-reduced focal"),
    claims=Claims(flat=False, imbalance=True, logits=False, minimum="0", maximum="oo"),
)
def gaussian_focal(
    pred: ProbabilityMap,
    target: HeatMap,
    *,
    alpha: Annotated[float, Param(r"\alpha", 0.0, 5.0, "how soon sure pixels fall silent", domain="[0, inf)")] = 2.0,
    beta: Annotated[float, Param(r"\beta", 0.0, 8.0, "how wide a peak forgives", domain="[0, inf)")] = 4.0,
) -> Tensor:
    """Focal loss of a heat map of probabilities over its number of peaks, (..., H, W) -> (...)."""
    peak = target == 1
    log_hit = F.binary_cross_entropy(pred, torch.ones_like(pred), reduction="none")
    log_miss = F.binary_cross_entropy(pred, torch.zeros_like(pred), reduction="none")
    found = focusing_power(1 - pred, of_pixel(alpha)) * log_hit
    false_alarm = focusing_power(1 - target, of_pixel(beta)) * focusing_power(pred, of_pixel(alpha)) * log_miss
    return torch.where(peak, found, false_alarm).sum((-2, -1)) / peak.sum((-2, -1)).clamp(min=1)
