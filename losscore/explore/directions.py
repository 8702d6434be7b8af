"""A vector that is turned and stretched away from the true one: what losses of direction and of distance say."""

from dataclasses import dataclass

import torch
from torch import Tensor

import losscore

TRUE = torch.tensor([3.0, 4.0], dtype=torch.float64)


@dataclass(frozen=True)
class Told:
    """value; along, across: the gradient's parts along the predicted vector and a quarter turn left of it, all (S,)."""

    value: Tensor
    along: Tensor
    across: Tensor


def turned(stretch: float | Tensor, angle: float | Tensor) -> Tensor:
    """TRUE, `stretch` times as long and turned left by `angle` degrees, (S, 2)."""
    times, turn = (torch.as_tensor(number).double().reshape(-1) for number in (stretch, angle))
    turn = turn.deg2rad()
    rows = torch.stack([torch.stack([turn.cos(), -turn.sin()], -1), torch.stack([turn.sin(), turn.cos()], -1)], -2)
    return times[:, None] * (rows @ TRUE)


def told(key: str, pred: Tensor) -> Told:
    """What a loss says of predicted vectors (S, 2) against TRUE; a loss of numbers is averaged over both."""
    loss, onto = losscore.get(key), TRUE.expand_as(pred).contiguous()
    value, slope = loss(pred, onto, reduction="none"), loss.gradient(pred, onto, reduction="sum")
    if value.ndim > 1:
        value, slope = value.mean(-1), slope / pred.shape[-1]
    ahead = pred / pred.norm(dim=-1, keepdim=True)
    left = torch.stack([-ahead[:, 1], ahead[:, 0]], -1)
    return Told(value, (slope * ahead).sum(-1), (slope * left).sum(-1))
