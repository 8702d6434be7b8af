"""Metrics of hard masks by counting pixels: what is reported once training is done. 0.5 and more is foreground."""

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Mask
from losscore.losses.segmentation_counts import Counts

_SHARE = Claims(smooth=False, flat=True, logits=False, minimum="0", maximum="1")


def _hard_counts(pred: Tensor, target: Tensor) -> Counts:
    """Whole pixels by outcome, over (H, W), in the dtype of pred."""
    p, y = pred >= 0.5, target >= 0.5
    tp, fp, fn = ((outcome).sum((-2, -1)).to(pred.dtype) for outcome in (p & y, p & ~y, ~p & y))
    return Counts(tp, fp, fn)


@loss(
    title="Dice score",
    family="metrics",
    latex=r"\frac{2\,TP}{2\,TP + FP + FN}",
    insight="The harmonic mean of precision and recall: it does not know how much background there is.",
    trap="Two empty masks are 0/0: not a number here, 1 or 0 elsewhere. Ask which before comparing averages.",
    source="Dice 1945, doi:10.2307/1932409",
    aliases=("F1", "Sørensen", "DSC"),
    differentiable=False,
    claims=_SHARE,
)
def metric_dice(pred: Mask, target: Mask) -> Tensor:
    """Dice score, (..., H, W) -> (...), in [0, 1], 1 is best; NaN where both masks are empty."""
    tp, fp, fn = _hard_counts(pred, target)
    return 2 * tp / (2 * tp + fp + fn)


@loss(
    title="Intersection over union",
    family="metrics",
    latex=r"\frac{TP}{TP + FP + FN}",
    insight="Shared area over covered area: D / (2 - D) of the Dice score D, so always the sterner number.",
    trap="Two empty masks are 0/0: not a number. A mean of IoUs can rank models unlike a mean of Dice scores.",
    source="Jaccard 1901",
    aliases=("IoU", "Jaccard"),
    differentiable=False,
    claims=_SHARE,
)
def metric_iou(pred: Mask, target: Mask) -> Tensor:
    """Intersection over union, (..., H, W) -> (...), in [0, 1], 1 is best; NaN where both masks are empty."""
    tp, fp, fn = _hard_counts(pred, target)
    return tp / (tp + fp + fn)


@loss(
    title="Precision",
    family="metrics",
    latex=r"\frac{TP}{TP + FP}",
    insight="Of what was marked, how much is right: marking a single sure pixel gives 1.",
    trap="An empty prediction marks nothing: 0/0, not a number.",
    source="van Rijsbergen 1979",
    aliases=("positive predictive value", "PPV"),
    differentiable=False,
    claims=_SHARE,
)
def metric_precision(pred: Mask, target: Mask) -> Tensor:
    """Share of predicted pixels that are true, (..., H, W) -> (...), in [0, 1]; NaN where the prediction is empty."""
    tp, fp, _ = _hard_counts(pred, target)
    return tp / (tp + fp)


@loss(
    title="Recall",
    family="metrics",
    latex=r"\frac{TP}{TP + FN}",
    insight="Of what is there, how much was found: marking everything gives 1.",
    trap="With an empty truth there is nothing to find: 0/0, not a number.",
    source="van Rijsbergen 1979",
    aliases=("sensitivity", "true positive rate", "TPR"),
    differentiable=False,
    claims=_SHARE,
)
def metric_recall(pred: Mask, target: Mask) -> Tensor:
    """Share of true pixels that are predicted, (..., H, W) -> (...), in [0, 1]; NaN where the truth is empty."""
    tp, _, fn = _hard_counts(pred, target)
    return tp / (tp + fn)


@loss(
    title="Pixel accuracy",
    family="metrics",
    latex=r"\frac{TP + TN}{N}",
    insight="The share of pixels called rightly: on a picture of background, an empty mask scores nearly 1.",
    trap="It rises with the size of the picture around the object, and 0.97 can go with an IoU of 0.",
    source="Long et al. 2015, doi:10.1109/CVPR.2015.7298965",
    aliases=("accuracy", "pixel accuracy"),
    differentiable=False,
    claims=_SHARE,
)
def metric_accuracy(pred: Mask, target: Mask) -> Tensor:
    """Share of pixels whose kind is right, (..., H, W) -> (...), in [0, 1]; defined for every pair of masks."""
    right = (pred >= 0.5) == (target >= 0.5)
    return right.to(pred.dtype).mean((-2, -1))
