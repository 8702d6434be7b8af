"""Boxes by overlap and more: how far apart the centres lie, and how the sides differ."""

import math
from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.boxes_geometry import Box, centre_offset, hull_sides, overlap, share, sides
from losscore.params import Param


def iou_and_centres(pred: Tensor, target: Tensor) -> Tensor:
    """1 minus the IoU, plus the squared distance of the centres over the squared diagonal of the hull."""
    diagonal = hull_sides(pred, target).square().sum(-1)
    return 1 - overlap(pred, target) + share(centre_offset(pred, target).square().sum(-1), diagonal)


@loss(
    title="Distance IoU",
    family="boxes",
    latex=r"1 - \mathrm{IoU} + \frac{\rho^2}{c_w^2 + c_h^2}",
    insight="The distance of the centres counts too, so a box inside the other one is still moved to the middle.",
    trap="With the centres in one place it is the plain IoU: nothing is said about the shape.",
    source="Zheng et al. 2020, arXiv:1911.08287",
    aliases=("DIoU",),
    claims=Claims(convex=False, smooth=False, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="2"),
)
def diou(pred: Box, target: Box) -> Tensor:
    """1 - IoU + rho^2 / (cw^2 + ch^2), (..., 4) -> (...); rho between the centres, cw and ch the sides of the hull."""
    return iou_and_centres(pred, target)


@loss(
    title="Complete IoU",
    family="boxes",
    latex=(
        r"1 - \mathrm{IoU} + \frac{\rho^2}{c_w^2 + c_h^2} + \alpha v,\quad"
        r" v = \frac{4}{\pi^2}\left(\arctan\frac{w_t}{h_t} - \arctan\frac{w}{h}\right)^2,\quad"
        r" \alpha = \frac{v}{1 - \mathrm{IoU} + v}"
    ),
    insight="Overlap, distance and aspect ratio in one number, the last counting more the better the boxes overlap.",
    trap="In the gradient alpha counts as a constant; two boxes of one aspect ratio and different sizes have v = 0.",
    source="Zheng et al. 2020, arXiv:1911.08287; Zheng et al. 2021, arXiv:2005.03572",
    aliases=("CIoU",),
    claims=Claims(
        convex=False, smooth=False, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="5/2"
    ),
)
def ciou(pred: Box, target: Box) -> Tensor:
    """DIoU plus alpha times the gap v of the aspect ratios, (..., 4) -> (...).

    alpha is held fixed in the gradient, as in the authors' code. A box without height has the angle of an infinite
    aspect ratio, a point the angle 0.
    """
    (width, height), (true_width, true_height) = sides(pred).unbind(-1), sides(target).unbind(-1)
    turn = torch.atan2(true_width, true_height) - torch.atan2(width, height)
    v = 4 / math.pi**2 * turn.square()
    alpha = share(v, 1 - overlap(pred, target) + v).detach()
    return iou_and_centres(pred, target) + alpha * v


@loss(
    title="Efficient IoU",
    family="boxes",
    latex=(
        r"1 - \mathrm{IoU} + \frac{\rho^2}{c_w^2 + c_h^2}"
        r" + \frac{(w - w_t)^2}{c_w^2} + \frac{(h - h_t)^2}{c_h^2}"
    ),
    insight="Width and height each answer for their own error, where an aspect ratio would play one off on the other.",
    trap="Another loss, Extended IoU, goes by the same short name.",
    source="Zhang et al. 2022, arXiv:2101.08158",
    aliases=("EIoU",),
    claims=Claims(
        convex=False, smooth=False, logits=False, homogeneous=0, slope_bound="oo", minimum="0", maximum="13/4"
    ),
)
def eiou(pred: Box, target: Box) -> Tensor:
    """DIoU plus the squared errors of width and height in units of the hull, (..., 4) -> (...)."""
    misfit = share(sides(pred) - sides(target), hull_sides(pred, target))
    return iou_and_centres(pred, target) + misfit.square().sum(-1)


@loss(
    title="SIoU",
    family="boxes",
    latex=(
        r"1 - \mathrm{IoU} + \frac{\Delta + \Omega}{2},\quad"
        r" \Delta = \sum_{k \in \{x, y\}} \left(1 - e^{-(2 - \sin 2\varphi)\,(\delta_k / c_k)^2}\right),\quad"
        r" \Omega = \sum_{s \in \{w, h\}} \left(1 - e^{-|s - s_t| / \max(s, s_t)}\right)^{\theta}"
    ),
    insight="The angle phi of the line between the centres counts: a box is drawn along one axis first.",
    trap="At equal centres there is no angle: here the distance cost and its gradient are 0 there.",
    source="Gevorgyan 2022, arXiv:2205.12740",
    aliases=("SCYLLA-IoU",),
    claims=Claims(
        convex=False,
        smooth=False,
        logits=False,
        homogeneous=0,
        slope_bound="oo",
        minimum="0",
        maximum="2 - exp(-2) + (1 - exp(-1))**theta",
    ),
)
def siou(
    pred: Box,
    target: Box,
    *,
    theta: Annotated[float, Param(r"\theta", 2.0, 6.0, "power of the shape cost", domain="[1, inf)")] = 4.0,
) -> Tensor:
    """1 - IoU plus half the distance cost (with its angle) plus half the shape cost, (..., 4) -> (...)."""
    offset = centre_offset(pred, target).abs()
    # The sine of twice an angle from its tangent, which has no trouble with small offsets.
    tangent = share(offset.amin(-1), offset.amax(-1))
    angle = 2 * tangent / (1 + tangent.square())
    reach = share(offset, hull_sides(pred, target)).square()
    distance = -torch.expm1((angle - 2)[..., None] * reach).sum(-1)
    longer = torch.maximum(sides(pred), sides(target))
    misfit = share((sides(pred) - sides(target)).abs(), longer)
    power = theta[..., None] if isinstance(theta, Tensor) else theta
    shape = ((-torch.expm1(-misfit)) ** power).sum(-1)
    return 1 - overlap(pred, target) + (distance + shape) / 2
