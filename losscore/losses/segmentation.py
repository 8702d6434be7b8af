"""Segmentation by overlap: how much of a predicted region and of a true one they do not share."""

from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Mask, ProbabilityMap
from losscore.losses.segmentation_counts import (
    Smooth,
    dice_quotient,
    jaccard_quotient,
    soft_counts,
    tversky_quotient,
)
from losscore.params import Param

AlphaFP = Annotated[float, Param(r"\alpha", 0.0, 1.0, "weight of false positives", domain="[0, inf)")]
BetaFN = Annotated[float, Param(r"\beta", 0.0, 1.0, "weight of false negatives", domain="[0, inf)")]


@loss(
    title="Dice",
    family="segmentation",
    latex=r"1 - \frac{2\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i + s}",
    insight="Only the two regions count, not the picture around them: a small object weighs as much as a large one.",
    trap=(
        "With an empty truth and a small s almost any prediction costs 1 and the gradient nearly vanishes; with s = 0"
        " two empty masks are 0/0, not a number. Honest doubt does not pay: the optimum is 0 or 1."
    ),
    source="Dice 1945, doi:10.2307/1932409; as a loss: Milletari et al. 2016, doi:10.1109/3DV.2016.79",
    aliases=("F1 loss", "Sørensen", "Sorensen-Dice", "DSC", "overlap"),
    claims=Claims(
        convex=False,
        smooth=True,
        flat=False,
        imbalance=True,
        logits=False,
        slope_bound="1/smooth",
        minimum="0",
        maximum="1",
    ),
)
def dice(pred: ProbabilityMap, target: Mask, *, smooth: Smooth = 1e-5) -> Tensor:
    """Soft Dice loss of each picture, (..., H, W) -> (...). Empty prediction and truth: 0, or NaN with smooth = 0."""
    return dice_quotient(soft_counts(pred, target), smooth)


@loss(
    title="Dice with squares",
    family="segmentation",
    latex=r"1 - \frac{2\sum_i p_i y_i + s}{\sum_i p_i^2 + \sum_i y_i^2 + s}",
    insight="Squared areas let faint pixels almost vanish from the bill, so half-hearted false alarms are cheap.",
    trap="Many papers and libraries call this form simply Dice: at p = 0.5 the two differ clearly.",
    source="Milletari et al. 2016 (V-Net), doi:10.1109/3DV.2016.79",
    aliases=("V-Net Dice", "squared Dice", "F1 loss"),
    variant_of="dice",
    claims=Claims(
        convex=False,
        smooth=True,
        flat=False,
        imbalance=True,
        logits=False,
        slope_bound="1/sqrt(smooth)",
        minimum="0",
        maximum="1",
    ),
)
def dice_squared(pred: ProbabilityMap, target: Mask, *, smooth: Smooth = 1e-5) -> Tensor:
    """Dice loss with squared areas, (..., H, W) -> (...). Empty prediction and truth: 0, or NaN with smooth = 0."""
    # The squared difference over the sum of squares: 1 - (2 I + s) / (P + Y + s) without cancellation.
    apart = (pred - target).square().sum((-2, -1))
    return apart / (pred.square().sum((-2, -1)) + target.square().sum((-2, -1)) + smooth)


@loss(
    title="Jaccard",
    family="segmentation",
    latex=r"1 - \frac{\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i - \sum_i p_i y_i + s}",
    insight="The same ranking as Dice on one picture, but sterner: every partial overlap costs more.",
    trap="Averages over pictures can rank two models the other way round than Dice does.",
    source="Rahman & Wang 2016, doi:10.1007/978-3-319-50835-1_22; index: Jaccard 1901",
    aliases=("IoU loss", "soft IoU", "intersection over union", "mask IoU"),
    claims=Claims(
        convex=False,
        smooth=True,
        flat=False,
        imbalance=True,
        logits=False,
        slope_bound="1/smooth",
        minimum="0",
        maximum="1",
    ),
)
def jaccard(pred: ProbabilityMap, target: Mask, *, smooth: Smooth = 1e-5) -> Tensor:
    """Soft Jaccard (IoU) loss of each picture, (..., H, W) -> (...). Empty pair: 0, or NaN with smooth = 0."""
    return jaccard_quotient(soft_counts(pred, target), smooth)


@loss(
    title="Tversky",
    family="segmentation",
    latex=r"1 - \frac{TP + s}{TP + \alpha\,FP + \beta\,FN + s}",
    insight="A dial between precision and recall: with a large beta it is better to mark too much than to miss.",
    trap="Here alpha weighs false positives and beta false negatives; some libraries have them the other way round.",
    source="Salehi et al. 2017, doi:10.1007/978-3-319-67389-9_44; index: Tversky 1977",
    aliases=("recall precision trade-off", "asymmetric Dice"),
    claims=Claims(
        convex=False,
        smooth=True,
        imbalance=True,
        logits=False,
        slope_bound="Max(1, alpha, beta)/smooth",
        minimum="0",
        maximum="1",
    ),
)
def tversky(
    pred: ProbabilityMap, target: Mask, *, alpha: AlphaFP = 0.3, beta: BetaFN = 0.7, smooth: Smooth = 1e-5
) -> Tensor:
    """Tversky loss of each picture, (..., H, W) -> (...).

    alpha = beta = 0.5 is Dice (with half its smooth), alpha = beta = 1 is Jaccard.
    """
    return tversky_quotient(soft_counts(pred, target), alpha, beta, smooth)


@loss(
    title="Focal Tversky",
    family="segmentation",
    latex=r"\left(1 - \frac{TP + s}{TP + \alpha\,FP + \beta\,FN + s}\right)^{1/\gamma}",
    insight="A root over the Tversky loss: pictures that are almost right keep pulling, down to the last pixels.",
    trap=(
        "The exponent is 1/gamma as in the paper; some libraries take gamma itself. For gamma above 1 the slope grows"
        " without bound towards a perfect overlap; exactly there the gradient is taken as 0."
    ),
    source="Abraham & Khan 2019, doi:10.1109/ISBI.2019.8759329",
    aliases=("FTL",),
    claims=Claims(convex=False, smooth=False, imbalance=True, logits=False, slope_bound="oo", minimum="0", maximum="1"),
)
def focal_tversky(
    pred: ProbabilityMap,
    target: Mask,
    *,
    gamma: Annotated[float, Param(r"\gamma", 1.0, 3.0, "root over the Tversky loss", domain="(0, inf)")] = 4 / 3,
    alpha: AlphaFP = 0.3,
    beta: BetaFN = 0.7,
    smooth: Smooth = 1e-5,
) -> Tensor:
    """Tversky loss to the power 1/gamma, (..., H, W) -> (...); value and gradient 0 at a perfect overlap."""
    missed = tversky_quotient(soft_counts(pred, target), alpha, beta, smooth)
    # The root has no finite slope at 0: the power never sees a number that small, so no infinity enters the gradient.
    perfect = missed < torch.finfo(missed.dtype).tiny
    rooted = torch.where(perfect, 1, missed) ** (1 / gamma)
    return torch.where(perfect, 0, rooted)


@loss(
    title="Log-cosh Dice",
    family="segmentation",
    latex=r"\log\cosh\left(1 - \frac{2\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i + s}\right)",
    insight="Dice with a rounded foot: the closer the overlap, the softer the pull.",
    trap="It never exceeds log cosh 1 = 0.434, so its numbers can't be set beside Dice's.",
    source="Jadon 2020, doi:10.1109/CIBCB48159.2020.9277638",
    aliases=("log cosh Dice",),
    variant_of="dice",
    claims=Claims(
        convex=False,
        smooth=True,
        flat=False,
        imbalance=True,
        logits=False,
        slope_bound="tanh(1)/smooth",
        minimum="0",
        maximum="log(cosh(1))",
    ),
)
def log_cosh_dice(pred: ProbabilityMap, target: Mask, *, smooth: Smooth = 1e-5) -> Tensor:
    """log cosh of the Dice loss, (..., H, W) -> (...), in [0, log cosh 1]."""
    # log cosh d = log(1 + sinh^2 d) / 2 keeps its digits where cosh d rounds to 1.
    return dice_quotient(soft_counts(pred, target), smooth).sinh().square().log1p() / 2
