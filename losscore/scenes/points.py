"""Points to fit a line or a constant to, with outliers that a hand can drag.

Every number of a scene may be a tensor: x, y and count broadcast, and their dimensions lead the dimensions of the
points, so that a whole drag of an outlier is one batch.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_ASSETS = Path(__file__).parents[2] / "assets" / "points"
_GOLDEN_ANGLE = 2.399963229728653  # radians: successive turns by it never fall on each other


@dataclass(frozen=True)
class Points:
    """N points of a plane, possibly many versions of them.

    x, y: (..., N). weight: (..., N), 1 where the point is there and 0 where it is not. outlier: (N,) bool, the points
    that do not follow the rest. truth: slope and intercept of the line the other points were made from, None for real
    data.
    """

    x: Tensor
    y: Tensor
    weight: Tensor
    outlier: Tensor
    x_label: str
    y_label: str
    title: str
    truth: tuple[float, float] | None = None


def line_with_outliers(
    x: float | Tensor = 9.0, y: float | Tensor = 39.0, count: int | Tensor = 1, *, added: bool = False
) -> Points:
    """The line y = x at x = 0, 1, ..., 9, and `count` outliers at (x, y).

    added: False replaces the last point of the line by the outliers, True keeps it and adds them.
    The first outlier lies exactly at (x, y), the others so near that they can still be told apart.
    Raises ValueError for a negative count.
    """
    kept = torch.arange(10.0 if added else 9.0)
    return _with_outliers(
        kept, kept, torch.zeros(len(kept), dtype=torch.bool), x, y, count, (0.12, 0.5), "x", "y",
        title="A line with outliers", truth=(1.0, 0.0),
    )  # fmt: skip


def stereo_row(x: float | Tensor = 480.0, y: float | Tensor = 20.0, count: int | Tensor = 0) -> Points:
    """Disparity against image row along one column of a stereo picture: a flat floor is a straight line.

    x in rows, y in pixels of disparity. The pixels of a motorcycle standing on the floor are the outliers of the scene;
    `count` more at (x, y) are added. Raises ValueError for a negative count.
    """
    row, disparity, outlier = _table("stereo_row")
    return _with_outliers(
        row, disparity, outlier > 0, x, y, count, (1.5, 0.5), "image row", "disparity (px)",
        title="Floor and motorcycle in a stereo picture",
    )  # fmt: skip


def diabetes(x: float | Tensor = 42.0, y: float | Tensor = 0.0, count: int | Tensor = 0) -> Points:
    """Disease progression over one year (hundreds of points of its score) against body mass index (kg/m2), 80 patients.

    `count` outliers at (x, y) are added. Raises ValueError for a negative count.
    """
    index, progression, _ = _table("diabetes")
    return _with_outliers(
        index, progression, torch.zeros(len(index), dtype=torch.bool), x, y, count, (0.25, 0.06),
        "body mass index (kg/m²)", "progression (hundreds)", title="Diabetes: progression against body mass index",
    )  # fmt: skip


def values(last: float | Tensor = 100.0) -> Points:
    """The values 1, 2, 3, 4 and a last one, to be summed up by a single number; x merely counts them."""
    end = torch.as_tensor(last, dtype=_dtype(last)).unsqueeze(-1)
    y = torch.cat([torch.arange(1.0, 5.0).to(end).expand(*end.shape[:-1], 4), end], dim=-1)
    return Points(
        x=torch.arange(1.0, 6.0).to(end).expand_as(y),
        y=y,
        weight=torch.ones_like(y),
        outlier=torch.tensor([False] * 4 + [True]),
        x_label="number of the value",
        y_label="value",
        title="Five values, one number",
    )


def _with_outliers(
    base_x: Tensor, base_y: Tensor, base_outlier: Tensor, x: float | Tensor, y: float | Tensor, count: int | Tensor,
    spread: tuple[float, float], x_label: str, y_label: str, *, title: str, truth: tuple[float, float] | None = None,
) -> Points:  # fmt: skip
    """The base points followed by the outliers, as many as the largest count; weights tell which of them are there."""
    dtype = _dtype(x, y)
    counts = torch.as_tensor(count)
    if (counts < 0).any():
        raise ValueError(f"count must not be negative, got {counts.min().item()}")
    at_x, at_y, counts = torch.broadcast_tensors(
        torch.as_tensor(x, dtype=dtype), torch.as_tensor(y, dtype=dtype), counts
    )
    number = torch.arange(int(counts.max()))
    turn = number * _GOLDEN_ANGLE
    radius = number.sqrt()
    x_offset, y_offset = radius * turn.cos() * spread[0], radius * turn.sin() * spread[1]
    here = number < counts.unsqueeze(-1)
    lead = (*counts.shape, len(base_x))
    return Points(
        x=torch.cat([base_x.to(dtype).expand(lead), at_x.unsqueeze(-1) + x_offset.to(dtype)], dim=-1),
        y=torch.cat([base_y.to(dtype).expand(lead), at_y.unsqueeze(-1) + y_offset.to(dtype)], dim=-1),
        weight=torch.cat([torch.ones(lead, dtype=dtype), here.to(dtype)], dim=-1),
        outlier=torch.cat([base_outlier, torch.ones(len(number), dtype=torch.bool)]),
        x_label=x_label,
        y_label=y_label,
        title=title,
        truth=truth,
    )


def _dtype(*numbers: float | Tensor) -> torch.dtype:
    """The widest floating-point type among the tensors, the default type where there is none."""
    given = [n.dtype for n in numbers if isinstance(n, Tensor) and n.is_floating_point()]
    return torch.float64 if torch.float64 in given else given[0] if given else torch.get_default_dtype()


@cache
def _table(name: str) -> tuple[Tensor, Tensor, Tensor]:
    """The three columns x, y, outlier of a file in assets/points."""
    columns = np.loadtxt(_ASSETS / f"{name}.csv", delimiter=",", skiprows=1, unpack=True)
    x, y, outlier = (torch.from_numpy(column.copy()) for column in columns)
    return x, y, outlier
