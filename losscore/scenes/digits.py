"""Two classes of real things in a plane, to be told apart: made rare, labelled wrongly, joined by strays.

Every number of a scene may be a tensor (S,), so that a whole drag is one batch.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_ASSETS = Path(__file__).parents[2] / "assets" / "points"
_GOLDEN = 0.6180339887498949  # its multiples spread evenly over 0 to 1, wherever one stops
MOST_STRAYS = 12
STRAY_HEIGHT = 1.6  # where strays lie on the second axis

# What each file tells apart: the name of its no, the name of its yes, and of the pictures.
_NAMES = {
    "digits": ("three", "eight", "Handwritten threes and eights"),
    "faces": ("background", "face", "Faces and pieces of background"),
}
SCENES = {key: names[2] for key, names in _NAMES.items()}
YES = {key: names[1] for key, names in _NAMES.items()}


@dataclass(frozen=True)
class TwoClasses:
    """N points to train on, of which some are there, and M held out.

    x: (..., N, 2), standard deviations of the first principal component. label: (..., N), 0 or 1 as the training set
    has it. flipped, stray: (..., N) and (N,) bool. weight: (..., N), 1 where the point is there.
    held_x: (M, 2). held_label: (M,), all right. held_weight: (..., M), so that yes has the same share as in training.
    """

    x: Tensor
    label: Tensor
    flipped: Tensor
    stray: Tensor
    weight: Tensor
    held_x: Tensor
    held_label: Tensor
    held_weight: Tensor
    names: tuple[str, str]
    title: str


def two_classes(
    data: str, share: float | Tensor = 0.5, flipped: float | Tensor = 0.0, strays: float | Tensor = 0.0,
    at: float | Tensor = 3.0,
) -> TwoClasses:  # fmt: skip
    """Points of `data`, "digits" or "faces", in float64.

    share: of yes among the points, 0 < share <= 0.5. flipped: share of each class that is labelled as the other,
    0 to 1. strays: how many points labelled yes lie around (at, 1.6), 0 to 12.
    Raises KeyError for unknown data and ValueError for numbers out of those ranges.
    """
    no, yes, title = _NAMES[data]
    numbers = (torch.as_tensor(value, dtype=torch.float64).reshape(-1, 1) for value in (share, flipped, strays, at))
    part, wrong, count, place = torch.broadcast_tensors(*numbers)
    _check("share", part, 0.01, 0.5)
    _check("flipped", wrong, 0.0, 1.0)
    _check("strays", count, 0.0, MOST_STRAYS)
    table = _table(data)
    (x, label), (held_x, held_label) = (_columns(table[table[:, 3] == kept]) for kept in (1.0, 0.0))
    odds = part / (1 - part)

    rank = torch.cat([torch.arange(int(n)) for n in ((label == 0).sum(), (label == 1).sum())]).double()
    there = (label == 0) | (rank < (odds * (label == 0).sum()).round())
    flip = ((rank + 1) * _GOLDEN).remainder(1) < wrong
    number = torch.arange(MOST_STRAYS, dtype=torch.float64)
    radius, turn = 0.1 * number.sqrt(), number * 2 * torch.pi * _GOLDEN
    height = (STRAY_HEIGHT + radius * turn.sin()).expand(len(place), -1)
    strayed = torch.stack([place + radius * turn.cos(), height], -1)
    return TwoClasses(
        x=torch.cat([x.expand(len(place), -1, -1), strayed], 1),
        label=torch.cat([torch.where(flip, 1 - label, label), torch.ones_like(height)], 1),
        flipped=torch.cat([flip, torch.zeros_like(height, dtype=torch.bool)], 1),
        stray=torch.arange(len(x) + MOST_STRAYS) >= len(x),
        weight=torch.cat([there.double(), (number < count).double()], 1),
        held_x=held_x,
        held_label=held_label,
        held_weight=torch.where(held_label == 1, odds * (held_label == 0).sum() / (held_label == 1).sum(), 1.0),
        names=(no, yes),
        title=title,
    )


def _check(name: str, numbers: Tensor, low: float, high: float) -> None:
    if not ((numbers >= low) & (numbers <= high)).all():  # also for NaN
        raise ValueError(f"{name} must be {low:g} to {high:g}, got {numbers.min():g} to {numbers.max():g}")


def _columns(rows: Tensor) -> tuple[Tensor, Tensor]:
    return rows[:, :2], rows[:, 2]


@cache
def _table(name: str) -> Tensor:
    """Columns x, y, label, trained of a file in assets/points; the rows of each class in the order they are taken."""
    return torch.from_numpy(np.loadtxt(_ASSETS / f"{name}.csv", delimiter=",", skiprows=1))
