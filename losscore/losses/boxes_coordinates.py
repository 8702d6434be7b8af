"""Boxes by their four numbers, each on its own: corners in pixels, or the encoded offsets that a detector predicts."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input

Coordinates = Annotated[Tensor, Input("box coordinates", dims=("4",), typical=(0.0, 10.0))]


@loss(
    title="L1 of box coordinates",
    family="boxes",
    latex=r"\sum_{k=1}^{4} |b_k - b_{t,k}|",
    insight="Each side of the box pays for its own distance, knowing nothing of the others or of the size of the box.",
    trap="The same overlap costs ten times as much on a box ten times as large.",
    source="Girshick 2015, doi:10.1109/ICCV.2015.169",
    aliases=("box regression", "box MAE"),
    torch_call="4 * F.l1_loss(pred, target)",
    claims=Claims(
        convex=True,
        even=True,
        smooth=False,
        robust=False,
        flat=False,
        logits=False,
        homogeneous=1,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def box_l1(pred: Coordinates, target: Coordinates) -> Tensor:
    """Sum of the four absolute errors, in the unit of the coordinates; (..., 4) -> (...)."""
    return (pred - target).abs().sum(-1)


@loss(
    title="L2 of box coordinates",
    family="boxes",
    latex=r"\sum_{k=1}^{4} (b_k - b_{t,k})^2",
    insight="The side that is furthest off gets nearly all the attention.",
    trap="Boxes with one and the same value can overlap well or hardly at all.",
    source="Girshick et al. 2014 (R-CNN), arXiv:1311.2524",
    aliases=("box regression", "box MSE"),
    torch_call="4 * F.mse_loss(pred, target)",
    claims=Claims(
        convex=True,
        even=True,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        homogeneous=2,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def box_l2(pred: Coordinates, target: Coordinates) -> Tensor:
    """Sum of the four squared errors, in the squared unit of the coordinates; (..., 4) -> (...)."""
    return (pred - target).square().sum(-1)


@loss(
    title="Smooth L1 of box coordinates",
    family="boxes",
    latex=(
        r"\sum_{k=1}^{4} \begin{cases} \tfrac12 r_k^2 & |r_k| < 1 \\ |r_k| - \tfrac12 & \text{otherwise} \end{cases}"
        r",\quad r_k = b_k - b_{t,k}"
    ),
    insight="A wild box pulls no harder than a bad one, and the last unit before the fit is a gentle bowl.",
    trap="The bowl ends at an error of 1 in the unit of the coordinates, a pixel or the whole picture.",
    source="Girshick 2015, doi:10.1109/ICCV.2015.169",
    aliases=("box regression", "Fast R-CNN box loss", "box Huber"),
    torch_call="4 * F.smooth_l1_loss(pred, target)",
    claims=Claims(
        convex=True,
        even=True,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def box_smooth_l1(pred: Coordinates, target: Coordinates) -> Tensor:
    """Sum of smooth L1 (beta = 1) over the four numbers; (..., 4) -> (...)."""
    r = pred - target
    return F.smooth_l1_loss(r, torch.zeros_like(r), reduction="none").sum(-1)
