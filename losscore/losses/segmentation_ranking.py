"""Lovász losses: sort the pixels by their error, then charge each rank what it costs the Jaccard index.

Source of both: Berman et al. 2018, arXiv:1705.08790; Yu & Blaschko 2015, arXiv:1502.02206.
"""

from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassLogitMap, LabelMap, LogitMap, Mask
from losscore.losses.segmentation_labels import one_hot_maps
from losscore.params import Choice


def _lovasz_extension(errors: Tensor, foreground: Tensor) -> Tensor:
    """The Jaccard loss, a function of the set of wrong pixels, extended to real errors.

    errors: (..., N), foreground: bool (..., N), of one shape. Returns (...).
    """
    ranked, order = errors.sort(dim=-1, descending=True)
    hit = foreground.gather(-1, order).to(errors.dtype)
    total = hit.sum(-1, keepdim=True)
    # With the k worst pixels wrong: this many of the object are left, and this many are predicted or true.
    left = total - hit.cumsum(-1)
    union = total + (1 - hit).cumsum(-1)
    loss_of_worst = 1 - left / union
    price = loss_of_worst.diff(dim=-1, prepend=torch.zeros_like(total))
    return (ranked * price).sum(-1)


@loss(
    title="Lovász hinge",
    family="segmentation",
    latex=(
        r"\sum_k \max(0, e_{\pi_k})\left[\Delta(\{\pi_1..\pi_k\}) - \Delta(\{\pi_1..\pi_{k-1}\})\right],"
        r"\quad e_i = 1 - (2y_i - 1)z_i,\ e_{\pi_1} \ge e_{\pi_2} \ge \dots,\ \Delta = 1 - \mathrm{IoU}"
    ),
    insight="Each wrong pixel pays what it costs the IoU given the pixels that are worse: a convex stand-in for IoU.",
    trap="On an empty truth only the single highest score is pushed down; the rest gets no gradient in that step.",
    source="Yu & Blaschko 2015, arXiv:1502.02206; Berman et al. 2018, arXiv:1705.08790",
    aliases=("Lovasz hinge", "IoU surrogate", "Jaccard surrogate"),
    claims=Claims(
        convex=True,
        smooth=False,
        robust=False,
        flat=False,
        imbalance=True,
        logits=True,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def lovasz_hinge(pred: LogitMap, target: Mask) -> Tensor:
    """Lovász hinge of each picture on logits, (..., H, W) -> (...). The target is foreground from 0.5 up."""
    z, y = torch.broadcast_tensors(pred, target)
    foreground = (y >= 0.5).flatten(-2)
    z = z.flatten(-2)
    return _lovasz_extension((1 - torch.where(foreground, z, -z)).relu(), foreground)


@loss(
    title="Lovász softmax",
    family="segmentation",
    latex=(
        r"\frac1{|C|}\sum_{c \in C}\sum_k e^c_{\pi_k}"
        r"\left[\Delta_c(\{\pi_1..\pi_k\}) - \Delta_c(\{\pi_1..\pi_{k-1}\})\right],"
        r"\quad e^c_i = \left|[y_i = c] - p_{i,c}\right|"
    ),
    insight="Trains towards the mean IoU: the price of a pixel follows its rank, so the pull jumps when ranks swap.",
    trap="Averages the classes that the truth has; with all, an absent class costs its highest probability.",
    source="Berman et al. 2018, arXiv:1705.08790",
    aliases=("Lovasz softmax", "mIoU surrogate"),
    claims=Claims(convex=False, smooth=False, imbalance=True, logits=True, minimum="0", maximum="1"),
)
def lovasz_softmax(
    pred: ClassLogitMap,
    target: LabelMap,
    *,
    classes: Annotated[str, Choice(("present", "all"), "classes that the mean runs over")] = "present",
) -> Tensor:
    """Lovász softmax of each picture; logits (..., C, H, W) and labels (..., H, W) -> (...).

    classes: "present" averages the classes that the truth of the picture has, "all" every class.
    Raises ValueError for a label of C or more.
    """
    p = pred.softmax(-3)
    p, y = torch.broadcast_tensors(p, one_hot_maps(target, p.shape[-3], p.dtype))
    p, foreground = p.flatten(-2), y.flatten(-2) > 0
    each = _lovasz_extension(torch.where(foreground, 1 - p, p), foreground)
    if classes == "all":
        return each.mean(-1)
    present = foreground.any(-1)
    return torch.where(present, each, 0).sum(-1) / present.sum(-1)
