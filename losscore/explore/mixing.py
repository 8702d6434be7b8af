"""Sums of losses with weights over two numbers: their lowest points, their pulls, and what they trade."""

from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.scenes.mixtures import TASKS

CELLS = 61  # places along an axis


@lru_cache(maxsize=16)
def grids(task: str, keys: tuple[str, ...]) -> Tensor:
    """Each loss over the task's two numbers, (K, B, A): rows go with the second number. KeyError for an unknown one."""
    y, x = torch.meshgrid(_axis(task, "y"), _axis(task, "x"), indexing="ij")
    with torch.no_grad():
        values = [TASKS[task].judge(x.flatten(), y.flatten(), key).double() for key in keys]
    return torch.stack(values).reshape(len(keys), CELLS, CELLS)


def _axis(task: str, name: str) -> Tensor:
    axis = getattr(TASKS[task], name)
    return torch.linspace(axis.low, axis.high, CELLS, dtype=torch.float64)


def lowest(task: str, height: Tensor) -> Tensor:
    """The place (..., 2) of the lowest point of surfaces (..., B, A), between the places of the grid by a parabola."""
    flat = height.flatten(-2).argmin(-1)
    row, column = flat // CELLS, flat % CELLS
    batch = height.flatten(0, -3) if height.ndim > 2 else height[None]
    number = torch.arange(len(batch))
    row, column = row.reshape(-1), column.reshape(-1)

    def off(d_row: int, d_column: int) -> Tensor:
        rows, columns = (row + d_row).clamp(0, CELLS - 1), (column + d_column).clamp(0, CELLS - 1)
        return batch[number, rows, columns]

    slope = torch.stack([off(0, 1) - off(0, -1), off(1, 0) - off(-1, 0)], -1) / 2
    bend_x, bend_y = (off(*step) + off(-step[0], -step[1]) - 2 * off(0, 0) for step in ((0, 1), (1, 0)))
    twist = (off(1, 1) + off(-1, -1) - off(1, -1) - off(-1, 1)) / 4
    whole = bend_x * bend_y - twist.square()
    move = torch.stack([twist * slope[:, 1] - bend_y * slope[:, 0], twist * slope[:, 0] - bend_x * slope[:, 1]], -1)
    bowl = (whole > 0) & (bend_x > 0) & (column > 0) & (column < CELLS - 1) & (row > 0) & (row < CELLS - 1)
    shift = (move / whole.clamp(min=1e-300)[:, None]).where(bowl[:, None], 0.0).clamp(-1.5, 1.5)
    places = [
        (axis[0] + (index + part) * (axis[1] - axis[0])).clamp(axis[0], axis[-1])
        for axis, index, part in zip((_axis(task, "x"), _axis(task, "y")), (column, row), shift.unbind(-1), strict=True)
    ]
    return torch.stack(places, -1).reshape(*height.shape[:-2], 2)


def at_places(task: str, values: Tensor, places: Tensor) -> Tensor:
    """What surfaces (K, B, A) say at places (..., 2): (K, ...), straight between the places of the grid."""
    spans = [(axis.low, axis.high) for axis in (TASKS[task].x, TASKS[task].y)]
    parts = [2 * (places[..., i] - low) / (high - low) - 1 for i, (low, high) in enumerate(spans)]
    grid = torch.stack(parts, -1).reshape(1, 1, -1, 2)
    found = F.grid_sample(values[None], grid, align_corners=True, padding_mode="border")
    return found.reshape(len(values), *places.shape[:-1])


def mixed(values: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """The sum of surfaces (K, B, A) under weights, K tensors that broadcast to (...): (..., B, A)."""
    return sum((w[..., None, None] * surface for w, surface in zip(weights, values, strict=True)), torch.zeros(()))


def pulls(task: str, keys: Sequence[str], places: Tensor) -> tuple[Tensor, Tensor]:
    """Each loss at places (S, 2), (K, S), and its gradient in parts of the axes' lengths, (K, S, 2)."""
    of = TASKS[task]
    spans = torch.tensor([of.x.high - of.x.low, of.y.high - of.y.low], dtype=torch.float64)
    values, slopes = [], []
    for key in keys:
        free = places.double().clone().requires_grad_()
        with torch.enable_grad():
            value = of.judge(free[:, 0], free[:, 1], key)
            (slope,) = torch.autograd.grad(value.sum(), free)
        values.append(value.detach().double())
        slopes.append(slope * spans)
    return torch.stack(values), torch.stack(slopes)


def angle(first: Tensor, second: Tensor) -> Tensor:
    """Degrees between vectors (..., 2): 0 the same way, 180 opposite; 90 where one of them is nothing."""
    size = first.norm(dim=-1) * second.norm(dim=-1)
    cosine = (first * second).sum(-1) / size.clamp(min=1e-300)
    return torch.rad2deg(torch.acos(cosine.where(size > 1e-14, 0.0).clamp(-1, 1)))


def learned(task: str, keys: tuple[str, ...]) -> tuple[Tensor, Tensor]:
    """Where learned weights settle, (2,), and those weights (K,): one over each loss at that place."""
    values = grids(task, keys).clamp(min=1e-9)
    each = values.movedim(0, -1)
    total = losscore.get("uncertainty_weighting")(each, each.log(), reduction="none")
    place = lowest(task, total)
    return place, 1 / at_places(task, values, place)
