"""The goal of a line fit: the lowest point of its loss, with or without a penalty on the slope."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.explore.curves import need_residual_loss
from losscore.record import Loss
from losscore.scenes.points import Points

Penalty = tuple[Loss, Mapping[str, Any]]
_ROUNDS, _CELLS, _KEPT = 14, 61, 10  # of the search: rounds, places along an axis, places kept on either side


def penalised_surface(
    loss: Loss, points: Points, penalty: Penalty | None, slopes: Tensor, levels: Tensor, *, pairs: bool = False
) -> Tensor:
    """The weighted mean loss of lines plus the penalty of their slopes: (B, A) of slopes (A,) and levels (B,).

    pairs: slopes and levels belong together instead, (...) each, and so does the result.
    Raises ValueError for a loss that is not one of the residual.
    """
    need_residual_loss(loss)
    if not pairs:
        levels, slopes = torch.meshgrid(levels, slopes, indexing="ij")
    pred = slopes[..., None] * points.x.to(slopes) + levels[..., None]
    share = points.weight / points.weight.sum()
    each = loss(pred, points.y.to(pred).expand_as(pred), reduction="none")
    mean = (each * share.to(each)).sum(-1)
    return mean if penalty is None else mean + penalty[0](slopes[..., None], reduction="none", **penalty[1])


def lowest_line(loss: Loss, points: Points, penalty: Penalty | None) -> tuple[Tensor, Tensor]:
    """Slope and intercept (2,) with the least sum, and that sum, by looking ever closer; for convex sums.

    Slopes from -2 to 5 and intercepts from -20 to 20 are looked at.
    """
    low, high = (torch.tensor(ends, dtype=torch.float64) for ends in ((-2.0, -20.0), (5.0, 20.0)))
    at, least = low, torch.zeros(())
    for _ in range(_ROUNDS):
        step = (high - low) / (_CELLS - 1)
        slopes, levels = (
            torch.linspace(float(a), float(b), _CELLS, dtype=torch.float64) for a, b in zip(low, high, strict=True)
        )
        height = penalised_surface(loss, points, penalty, slopes, levels)
        row, column = divmod(int(height.argmin()), _CELLS)
        at, least = torch.stack([slopes[column], levels[row]]), height.min()
        low, high = at - _KEPT * step, at + _KEPT * step
    return at, least
