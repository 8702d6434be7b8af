"""Segmentation with several classes: logits of every class at every pixel, softmax inside, one loss a picture."""

from collections.abc import Sequence
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassLogitMap, LabelMap
from losscore.losses.segmentation_counts import Counts, Smooth, dice_quotient, jaccard_quotient, soft_counts
from losscore.losses.segmentation_labels import one_hot_maps
from losscore.params import Vector


def _pixel_losses(pred: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of every pixel and the label it was taken for, both (..., H, W) over the broadcast batch."""
    batch = torch.broadcast_shapes(pred.shape[:-3], target.shape[:-2])
    logits = pred.expand(*batch, *pred.shape[-3:])
    labels = target.long().expand(*batch, *target.shape[-2:])
    # torch wants exactly one batch dimension, before the classes.
    each = F.cross_entropy(
        logits.reshape(-1, *pred.shape[-3:]), labels.reshape(-1, *target.shape[-2:]), reduction="none"
    )
    return each.reshape(labels.shape), labels


def _class_counts(pred: Tensor, target: Tensor) -> Counts:
    """Soft counts of every class, each (..., C)."""
    p = pred.softmax(-3)
    return soft_counts(p, one_hot_maps(target, p.shape[-3], p.dtype))


@loss(
    title="Pixel-wise cross-entropy",
    family="segmentation",
    latex=r"\frac{\sum_i w_{y_i}\left(\log\sum_c e^{z_{i,c}} - z_{i,y_i}\right)}{\sum_i w_{y_i}}",
    insight="Every pixel votes alike: where 99 % are background, an all-background answer looks nearly perfect.",
    trap=(
        "With weights the sum is divided by the weights met, not by the pixels. A class of weight 0 is never asked"
        " about: false alarms on it are free."
    ),
    source="Long et al. 2015 (FCN), doi:10.1109/CVPR.2015.7298965",
    aliases=("CE", "log loss", "weighted cross-entropy", "zero-weight background", "ignore background"),
    claims=Claims(
        convex=True,
        smooth=True,
        robust=False,
        flat=False,
        imbalance=False,
        logits=True,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def pixel_cross_entropy(
    pred: ClassLogitMap,
    target: LabelMap,
    *,
    weight: Annotated[Sequence[float] | Tensor | None, Vector("w", 0.0, 10.0, "weight of each class")] = None,
) -> Tensor:
    """Cross-entropy over the pixels of each picture; logits (..., C, H, W) and labels (..., H, W) -> (...).

    weight: one number a class; the mean is then weighted. A picture whose pixels all have weight 0 costs 0.
    Raises ValueError for a label of C or more, or for a number of weights other than C.
    """
    each, labels = _pixel_losses(pred, target)
    if weight is None:
        return each.mean((-2, -1))
    weights = torch.as_tensor(weight, dtype=pred.dtype, device=pred.device)
    if len(weights) != pred.shape[-3]:
        raise ValueError(f"weight must have one number for each of the {pred.shape[-3]} classes, got {len(weights)}")
    of_pixel = weights[labels]
    total = of_pixel.sum((-2, -1))
    return (of_pixel * each).sum((-2, -1)) / torch.where(total > 0, total, 1)


@loss(
    title="Dice over classes",
    family="segmentation",
    latex=r"\frac1C\sum_c\left(1 - \frac{2\sum_i p_{i,c}\,y_{i,c} + s}{\sum_i p_{i,c} + \sum_i y_{i,c} + s}\right)",
    insight="One Dice a class, then the mean: a class of ten pixels counts as much as the background.",
    trap="A class that the truth lacks still counts: almost any probability for it costs nearly a whole class.",
    source="Dice 1945; Milletari et al. 2016, doi:10.1109/3DV.2016.79",
    aliases=("macro Dice", "softmax Dice", "F1 loss"),
    variant_of="dice",
    claims=Claims(convex=False, smooth=True, imbalance=True, logits=True, minimum="0", maximum="1"),
)
def dice_multiclass(pred: ClassLogitMap, target: LabelMap, *, smooth: Smooth = 1e-5) -> Tensor:
    """Mean soft Dice loss over all classes; logits (..., C, H, W) and labels (..., H, W) -> (...).

    Raises ValueError for a label of C or more.
    """
    return dice_quotient(_class_counts(pred, target), _each_class(smooth)).mean(-1)


@loss(
    title="Jaccard over classes",
    family="segmentation",
    latex=(
        r"\frac1C\sum_c\left(1 - \frac{\sum_i p_{i,c}\,y_{i,c} + s}"
        r"{\sum_i p_{i,c} + \sum_i y_{i,c} - \sum_i p_{i,c}\,y_{i,c} + s}\right)"
    ),
    insight="The soft mean IoU: the number most benchmarks report, made differentiable.",
    trap="A class that the truth lacks still counts here; most benchmarks leave it out.",
    source="Rahman & Wang 2016, doi:10.1007/978-3-319-50835-1_22",
    aliases=("mIoU loss", "mean IoU", "softmax IoU"),
    variant_of="jaccard",
    claims=Claims(convex=False, smooth=True, imbalance=True, logits=True, minimum="0", maximum="1"),
)
def jaccard_multiclass(pred: ClassLogitMap, target: LabelMap, *, smooth: Smooth = 1e-5) -> Tensor:
    """Mean soft Jaccard loss over all classes; logits (..., C, H, W) and labels (..., H, W) -> (...).

    Raises ValueError for a label of C or more.
    """
    return jaccard_quotient(_class_counts(pred, target), _each_class(smooth)).mean(-1)


@loss(
    title="Generalised Dice",
    family="segmentation",
    latex=(
        r"1 - \frac{2\sum_c w_c\sum_i p_{i,c}\,y_{i,c} + s}{\sum_c w_c\sum_i (p_{i,c} + y_{i,c}) + s},"
        r"\quad w_c = \frac1{\left(\sum_i y_{i,c}\right)^2}"
    ),
    insight="Classes are weighed by one over their squared size, so a class of a single pixel rules the loss.",
    trap="A class that the truth lacks would weigh infinitely; it gets the largest weight among those present.",
    source="Sudre et al. 2017, doi:10.1007/978-3-319-67558-9_28; Crum et al. 2006",
    aliases=("GDL", "generalized Dice"),
    claims=Claims(convex=False, smooth=True, imbalance=True, logits=True, minimum="0", maximum="1"),
)
def generalized_dice(pred: ClassLogitMap, target: LabelMap, *, smooth: Smooth = 1e-5) -> Tensor:
    """Dice loss of weighted classes pooled; logits (..., C, H, W) and labels (..., H, W) -> (...).

    Raises ValueError for a label of C or more.
    """
    p = pred.softmax(-3)
    y = one_hot_maps(target, p.shape[-3], p.dtype)
    tp, fp, fn = soft_counts(p, y)
    size = y.sum((-2, -1))
    present = size > 0
    weight = torch.where(present, size, torch.inf).square().reciprocal()
    weight = torch.where(present, weight, weight.amax(-1, keepdim=True))
    return dice_quotient(Counts((weight * tp).sum(-1), (weight * fp).sum(-1), (weight * fn).sum(-1)), smooth)


@loss(
    title="Cross-entropy and IoU",
    family="segmentation",
    latex=r"\tfrac12\left(\mathrm{CE} + \frac1C\sum_c\left(1 - \mathrm{IoU}_c\right)\right)",
    insight="The mean of a loss that counts pixels and a loss that counts regions.",
    trap="The wiki that names it calls the second half a box regression loss; it compares masks.",
    source="CrossEntropyIoULoss2D, CloudFactory computer vision wiki (no paper known)",
    aliases=("CrossEntropyIoULoss2D", "CE-IoU"),
    claims=Claims(smooth=True, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"),
)
def cross_entropy_iou_2d(pred: ClassLogitMap, target: LabelMap, *, smooth: Smooth = 1e-5) -> Tensor:
    """Mean of cross-entropy and mean-class Jaccard; logits (..., C, H, W) and labels (..., H, W) -> (...).

    Raises ValueError for a label of C or more.
    """
    region = jaccard_quotient(_class_counts(pred, target), _each_class(smooth)).mean(-1)
    return (_pixel_losses(pred, target)[0].mean((-2, -1)) + region) / 2


@loss(
    title="Dice and cross-entropy",
    family="segmentation",
    latex=r"\mathrm{CE} + \frac1C\sum_c\left(1 - \mathrm{Dice}_c\right)",
    insight="The workhorse of medical segmentation: cross-entropy for a steady start, Dice for small classes.",
    trap="A plain sum, not a mean: early in training the cross-entropy is the larger part.",
    source="Isensee et al. 2021 (nnU-Net), doi:10.1038/s41592-020-01008-z",
    aliases=("DiceCE", "nnU-Net loss", "Combo loss"),
    claims=Claims(smooth=True, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"),
)
def dice_ce(pred: ClassLogitMap, target: LabelMap, *, smooth: Smooth = 1e-5) -> Tensor:
    """Cross-entropy plus mean-class Dice; logits (..., C, H, W) and labels (..., H, W) -> (...).

    Raises ValueError for a label of C or more.
    """
    region = dice_quotient(_class_counts(pred, target), _each_class(smooth)).mean(-1)
    return _pixel_losses(pred, target)[0].mean((-2, -1)) + region


def _each_class(value: float | Tensor) -> float | Tensor:
    """A parameter of each picture, laid out for every class of it."""
    return value[..., None] if isinstance(value, Tensor) else value
