"""Ten noisy points of a wave to learn from, and two hundred to be judged by."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

NOISE = 0.2
SEEDS = tuple(range(8))


class Sample(NamedTuple):
    """x, y: the ten points learned from; new_x, new_y: those kept back. All float64, x from -1 to 1."""

    x: Tensor
    y: Tensor
    new_x: Tensor
    new_y: Tensor


def wave(x: Tensor) -> Tensor:
    """What is to be found: one period of a sine from -1 to 1."""
    return torch.sin(math.pi * x)


def ten_points(seed: int) -> Sample:
    """Points of the wave at ten places, one in each tenth of the way, with normal noise of spread NOISE."""
    draw = torch.Generator().manual_seed(seed)
    x = 2 * (torch.arange(10) + torch.rand(10, generator=draw, dtype=torch.float64)) / 10 - 1
    new_x = (2 * torch.rand(200, generator=draw, dtype=torch.float64) - 1).sort().values
    y, new_y = (wave(at) + NOISE * torch.randn(len(at), generator=draw, dtype=torch.float64) for at in (x, new_x))
    return Sample(x, y, new_x, new_y)
