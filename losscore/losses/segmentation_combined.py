"""Binary segmentation losses that add a pixel's loss to a region's: one speaks where the other is silent."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import LogitMap, Mask, ProbabilityMap
from losscore.losses.segmentation_counts import Smooth, dice_quotient, jaccard_quotient, soft_counts
from losscore.params import Param


@loss(
    title="Combo (binary cross-entropy and Dice)",
    family="segmentation",
    latex=(
        r"\alpha\,\frac1N\sum_i -\left[y_i\log p_i + (1 - y_i)\log(1 - p_i)\right]"
        r" + (1 - \alpha)\left(1 - \frac{2\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i + s}\right)"
    ),
    insight="Cross-entropy still speaks on an empty mask, Dice still hears a tiny object: together they cover both.",
    trap="On probabilities torch stops each logarithm at -100: a pixel that is sure and wrong costs 100, not infinity.",
    source="Taghanaki et al. 2019, doi:10.1016/j.compmedimag.2019.04.005 (without its class weight)",
    aliases=("Combo loss", "BCE-Dice", "DiceBCE"),
    claims=Claims(
        convex=False, flat=False, imbalance=True, logits=False, slope_bound="oo", minimum="0", maximum="99*alpha + 1"
    ),
)
def combo_bce_dice(
    pred: ProbabilityMap,
    target: Mask,
    *,
    alpha: Annotated[float, Param(r"\alpha", 0.0, 1.0, "share of the cross-entropy", domain="[0, 1]")] = 0.5,
    smooth: Smooth = 1e-5,
) -> Tensor:
    """alpha times the mean binary cross-entropy plus 1 - alpha times Dice, on probabilities; (..., H, W) -> (...)."""
    p, y = torch.broadcast_tensors(pred, target)
    per_pixel = F.binary_cross_entropy(p, y, reduction="none").mean((-2, -1))
    return alpha * per_pixel + (1 - alpha) * dice_quotient(soft_counts(pred, target), smooth)


@loss(
    title="Binary cross-entropy and Jaccard",
    family="segmentation",
    latex=(
        r"\tfrac12\,\frac1N\sum_i\left[\log(1 + e^{z_i}) - y_i z_i\right]"
        r" + \tfrac12\left(1 - \frac{\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i - \sum_i p_i y_i + s}\right),"
        r"\quad p_i = \sigma(z_i)"
    ),
    insight="Half the bill for each pixel's certainty, half for the overlap of the whole region.",
    trap="Takes raw scores: the squashing to probabilities is inside.",
    source="two-class form of CrossEntropyIoULoss2D (CloudFactory computer vision wiki)",
    aliases=("BCE-IoU", "BCE Jaccard"),
    variant_of="cross_entropy_iou_2d",
    claims=Claims(smooth=True, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"),
)
def bce_jaccard(pred: LogitMap, target: Mask, *, smooth: Smooth = 1e-5) -> Tensor:
    """Mean of the binary cross-entropy and the soft Jaccard loss, on logits; (..., H, W) -> (...)."""
    z, y = torch.broadcast_tensors(pred, target)
    per_pixel = F.binary_cross_entropy_with_logits(z, y, reduction="none").mean((-2, -1))
    return (per_pixel + jaccard_quotient(soft_counts(pred.sigmoid(), target), smooth)) / 2
