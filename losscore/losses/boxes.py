"""Boxes by their overlap: intersection over union, its logarithm and powers, and the hull that still sees boxes apart.

All of them are free of scale: the same boxes in pixels or in metres cost the same.
"""

from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.boxes_geometry import Box, area, hull_sides, intersection_and_union, overlap, share
from losscore.params import Param


@loss(
    title="IoU of boxes",
    family="boxes",
    latex=r"1 - \frac{|B \cap B_t|}{|B \cup B_t|}",
    insight="What both boxes cover over what either covers: the overlap itself, whatever the size of the boxes.",
    trap="Boxes that do not touch all cost 1, near or far, and get no gradient.",
    source="Yu et al. 2016 (UnitBox), arXiv:1608.01471",
    aliases=("IoU loss", "Jaccard of boxes", "box IoU"),
    claims=Claims(
        convex=False, smooth=False, flat=True, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="1"
    ),
)
def iou(pred: Box, target: Box) -> Tensor:
    """1 minus intersection over union, (..., 4) -> (...); 1 for two boxes without area."""
    return 1 - overlap(pred, target)


@loss(
    title="Logarithmic IoU",
    family="boxes",
    latex=r"-\ln \frac{|B \cap B_t|}{|B \cup B_t|}",
    insight="The less two boxes overlap, the harder the pull, without end as the overlap vanishes.",
    trap="Some libraries call this one the IoU loss; on boxes that do not touch it is infinite.",
    source="Yu et al. 2016 (UnitBox), arXiv:1608.01471",
    aliases=("UnitBox", "log IoU", "-ln IoU"),
    variant_of="iou",
    infinite="Boxes that share no area have an IoU of 0, and its logarithm has no end.",
    claims=Claims(convex=False, smooth=False, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="oo"),
)
def iou_log(pred: Box, target: Box) -> Tensor:
    """Minus the logarithm of the IoU, (..., 4) -> (...); infinite, with a gradient of 0, where no area is shared."""
    inside, union = intersection_and_union(pred, target)
    apart = inside == 0
    # What is covered but not shared, so that a close fit keeps its digits.
    return torch.log1p((union - inside) / inside.masked_fill(apart, 1.0)).masked_fill(apart, torch.inf)


@loss(
    title="Alpha-IoU",
    family="boxes",
    latex=r"1 - \left(\frac{|B \cap B_t|}{|B \cup B_t|}\right)^{\alpha}",
    insight="A power above 1 pulls hardest on boxes that nearly fit, one below 1 on those that barely touch.",
    trap="As under the plain IoU, boxes that do not touch get no gradient at any power.",
    source="He et al. 2021, arXiv:2110.13675",
    aliases=("power IoU", "α-IoU"),
    claims=Claims(
        convex=False, smooth=False, flat=True, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="1"
    ),
)
def alpha_iou(
    pred: Box,
    target: Box,
    *,
    alpha: Annotated[float, Param(r"\alpha", 0.5, 5.0, "power of the overlap", domain="(0, inf)")] = 3.0,
) -> Tensor:
    """1 minus the IoU to the power alpha, (..., 4) -> (...)."""
    quotient = overlap(pred, target)
    # At 0 a power below 1 has an infinite slope, which times the overlap's own slope of 0 is no number.
    apart = quotient == 0
    return 1 - torch.where(apart, 0.0, quotient.masked_fill(apart, 1.0) ** alpha)


@loss(
    title="Generalised IoU",
    family="boxes",
    latex=r"1 - \frac{|B \cap B_t|}{|B \cup B_t|} + \frac{|C| - |B \cup B_t|}{|C|},\quad C = \text{hull of both}",
    insight="The empty part of the smallest box around both tells boxes that do not touch which way to go.",
    trap="While one box lies inside the other the hull is all filled: the value is that of the IoU wherever it lies.",
    source="Rezatofighi et al. 2019, arXiv:1902.09630",
    aliases=("GIoU", "generalized IoU"),
    claims=Claims(convex=False, smooth=False, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="2"),
)
def giou(pred: Box, target: Box) -> Tensor:
    """1 minus the IoU plus the share of the hull that neither box covers, (..., 4) -> (...)."""
    inside, union = intersection_and_union(pred, target)
    hull = area(hull_sides(pred, target))
    return 1 - share(inside, union) + share(hull - union, hull)
