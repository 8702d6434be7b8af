"""Axis-aligned boxes x1, y1, x2, y2: their sides, areas, hull and centres.

A quotient whose whole is nothing, as of two boxes without area, counts as 0.
"""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.inputs import Input

Box = Annotated[Tensor, Input("box", dims=("4",), corners=True, typical=(0.0, 10.0))]


def sides(box: Tensor) -> Tensor:
    """Width and height, (..., 4) -> (..., 2)."""
    return box[..., 2:] - box[..., :2]


def hull_sides(pred: Tensor, target: Tensor) -> Tensor:
    """Width and height of the smallest box around both, (..., 2)."""
    return torch.maximum(pred[..., 2:], target[..., 2:]) - torch.minimum(pred[..., :2], target[..., :2])


def centre_offset(pred: Tensor, target: Tensor) -> Tensor:
    """From the centre of the target to that of the prediction, (..., 2)."""
    return (pred[..., :2] + pred[..., 2:] - target[..., :2] - target[..., 2:]) / 2


def area(lengths: Tensor) -> Tensor:
    """Width times height, (..., 2) -> (...)."""
    return lengths[..., 0] * lengths[..., 1]


def intersection_and_union(pred: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Area of what both boxes cover and of what either covers, each (...)."""
    shared = torch.minimum(pred[..., 2:], target[..., 2:]) - torch.maximum(pred[..., :2], target[..., :2])
    inside = area(F.relu(shared))
    return inside, area(sides(pred)) + area(sides(target)) - inside


def share(part: Tensor, whole: Tensor) -> Tensor:
    """part / whole; 0 where whole is 0, and part with it."""
    return part / whole.masked_fill(whole == 0, 1.0)


def overlap(pred: Tensor, target: Tensor) -> Tensor:
    """Intersection over union, in [0, 1]; 0 for two boxes without area."""
    return share(*intersection_and_union(pred, target))
