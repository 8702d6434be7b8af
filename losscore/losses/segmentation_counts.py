"""Soft counts of true and false pixels, and the overlap quotients made of them.

The quotients are written as misses over everything counted, (a FP + b FN) / (TP + a FP + b FN + s), which is
1 - (TP + s) / (TP + a FP + b FN + s) without a difference of nearly equal numbers close to a perfect overlap.
"""

from typing import Annotated, NamedTuple

from torch import Tensor

from losscore.params import Param

Smooth = Annotated[
    float,
    Param("s", 1e-6, 10.0, "added above and below, so that empty masks are defined", log=True, domain="[0, inf)"),
]


class Counts(NamedTuple):
    """Pixels of one picture by outcome; fractions count as fractions. Each has the shape of the batch dimensions."""

    tp: Tensor
    fp: Tensor
    fn: Tensor


def soft_counts(pred: Tensor, target: Tensor) -> Counts:
    """Counts over (H, W) for pred and target in [0, 1], shape (..., H, W)."""
    return Counts(_area(pred * target), _area(pred * (1 - target)), _area((1 - pred) * target))


def _area(pixels: Tensor) -> Tensor:
    return pixels.sum((-2, -1))


def dice_quotient(counts: Counts, smooth: float | Tensor) -> Tensor:
    """1 - (2 TP + s) / (2 TP + FP + FN + s)."""
    tp, fp, fn = counts
    return (fp + fn) / (2 * tp + fp + fn + smooth)


def jaccard_quotient(counts: Counts, smooth: float | Tensor) -> Tensor:
    """1 - (TP + s) / (TP + FP + FN + s)."""
    tp, fp, fn = counts
    return (fp + fn) / (tp + fp + fn + smooth)


def tversky_quotient(counts: Counts, alpha: float | Tensor, beta: float | Tensor, smooth: float | Tensor) -> Tensor:
    """1 - (TP + s) / (TP + alpha FP + beta FN + s)."""
    tp, fp, fn = counts
    misses = alpha * fp + beta * fn
    return misses / (tp + misses + smooth)
