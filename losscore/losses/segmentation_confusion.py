"""Segmentation losses that look at the background too: all four outcomes of a pixel count."""

from typing import Annotated

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Mask, ProbabilityMap
from losscore.losses.segmentation_counts import Smooth
from losscore.params import Param


@loss(
    title="Sensitivity-specificity",
    family="segmentation",
    latex=(
        r"\lambda\,\frac{\sum_i (y_i - p_i)^2\,y_i}{\sum_i y_i + s}"
        r" + (1 - \lambda)\,\frac{\sum_i (y_i - p_i)^2 (1 - y_i)}{\sum_i (1 - y_i) + s}"
    ),
    insight="Object and background are each averaged by themselves, then mixed: the object's size drops out.",
    trap="lambda weighs the object (sensitivity), and the usual value is small: 0.05.",
    source="Brosch et al. 2015, doi:10.1007/978-3-319-24574-4_1",
    aliases=("SS loss", "sensitivity", "specificity"),
    claims=Claims(convex=True, smooth=True, imbalance=True, logits=False, slope_bound="2", minimum="0", maximum="1"),
)
def sensitivity_specificity(
    pred: ProbabilityMap,
    target: Mask,
    *,
    lam: Annotated[float, Param(r"\lambda", 0.0, 1.0, "weight of the object", domain="[0, 1]")] = 0.05,
    smooth: Smooth = 1e-5,
) -> Tensor:
    """Mean squared error on the object and on the background, mixed by lam; (..., H, W) -> (...)."""
    wrong, background = (pred - target).square(), 1 - target
    on_object = (wrong * target).sum((-2, -1)) / (target.sum((-2, -1)) + smooth)
    on_background = (wrong * background).sum((-2, -1)) / (background.sum((-2, -1)) + smooth)
    return lam * on_object + (1 - lam) * on_background


@loss(
    title="Matthews correlation",
    family="segmentation",
    latex=r"1 - \frac{TP\cdot TN - FP\cdot FN}{\sqrt{(TP + FP)(TP + FN)(TN + FP)(TN + FN)}}",
    insight="A correlation of prediction and truth: swap object and background and nothing changes.",
    trap=(
        "Each count gets a small eps, so an empty prediction of an empty truth costs 0.5 (undecided), not 0; from 1 on"
        " the prediction is no better than chance."
    ),
    source="Abhishek & Hamarneh 2021, doi:10.1109/ISBI48211.2021.9433782; coefficient: Matthews 1975",
    aliases=("MCC", "phi coefficient"),
    claims=Claims(convex=False, smooth=True, imbalance=True, logits=False, minimum="0", maximum="2"),
)
def mcc_loss(
    pred: ProbabilityMap,
    target: Mask,
    *,
    eps: Annotated[
        float, Param(r"\epsilon", 1e-7, 1.0, "added to each of the four counts", log=True, domain="(0, inf)")
    ] = 1e-5,
) -> Tensor:
    """One minus the Matthews correlation of soft counts, each count plus eps; (..., H, W) -> (...)."""
    tp = (pred * target).sum((-2, -1)) + eps
    fp = (pred * (1 - target)).sum((-2, -1)) + eps
    fn = ((1 - pred) * target).sum((-2, -1)) + eps
    tn = ((1 - pred) * (1 - target)).sum((-2, -1)) + eps
    # Two roots instead of one keep the product of four counts inside float32.
    spread = ((tp + fp) * (tn + fn)).sqrt() * ((tp + fn) * (tn + fp)).sqrt()
    return 1 - (tp * tn - fp * fn) / spread
