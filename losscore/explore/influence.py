"""How far outliers move an estimate: by their size, and by their number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from losscore.explore.fits import fit_constant, fit_line
from losscore.record import Loss
from losscore.scenes.points import Points

Kind = Literal["constant", "line"]
Class = Literal["unbounded", "bounded", "redescending"]

_CLEAN = 15  # points beside the outlier


@dataclass(frozen=True)
class Influence:
    """Estimates by label: with an outlier of each size, (S,), and without it, 0-dim. sizes: (S,)."""

    sizes: Tensor
    estimate: dict[str, Tensor]
    clean: dict[str, Tensor]


def estimate_against_outlier(
    losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], sizes: Tensor, kind: Kind = "constant"
) -> Influence:
    """What each loss takes for the centre (kind "constant") or the slope (kind "line") as one outlier moves away.

    losses: label -> (loss, parameters). sizes: (S,), the distance of the outlier from where a good point would be.
    The good points are 15 quantiles of a standard normal distribution, about 0 or about the line y = x at x = 0, 1,
    ..., 14; the outlier lies at the right end of the line. Raises ValueError for an unknown kind, and as the fits do.
    """
    noise = _quantiles(_CLEAN, sizes)
    # A fixed shuffle: noise that grew from left to right would be a slope of its own.
    noise = noise[torch.randperm(_CLEAN, generator=torch.Generator().manual_seed(0))]
    x = torch.arange(float(_CLEAN)).to(sizes)
    level = x if kind == "line" else torch.zeros_like(x)
    at = x[-1:] if kind == "line" else x[:1]
    y = torch.cat([(level + noise).expand(len(sizes), -1), (at * (kind == "line") + sizes[:, None])], dim=-1)
    points = _points(torch.cat([x, at]).expand_as(y), y)
    there = torch.ones_like(y[0])
    there[-1] = 0.0
    without = Points(points.x[0], points.y[0], there, points.outlier, "x", "y", "Without the outlier")
    return Influence(sizes, _estimates(losses, points, kind), _estimates(losses, without, kind))


def classify(influence: Influence) -> dict[str, Class]:
    """Whether an outlier's influence grows for ever, stays, or fades, measured over the last decade of its size.

    Raises ValueError where the sizes do not reach from 10 or less to 1000 or more.
    """
    sizes = influence.sizes
    if sizes.max() < 1000 or sizes.min() > 10:
        raise ValueError(f"sizes must reach from 10 or less to 1000 or more, got {sizes.min():g} to {sizes.max():g}")
    last = sizes.argmax()
    before = (sizes - sizes[last] / 10).abs().argmin()
    classes: dict[str, Class] = {}
    for label, estimate in influence.estimate.items():
        shift = (estimate - influence.clean[label]).abs()
        growth = shift[last] / shift[before].clamp(min=1e-12)
        if shift[last] < 1e-3 * shift.max() or growth < 0.9:
            classes[label] = "redescending"
        else:
            classes[label] = "unbounded" if growth > 1.1 else "bounded"
    return classes


def breakdown(
    losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], fractions: Tensor, kind: Kind = "constant", *,
    n: int = 40, size: float = 100.0,
) -> dict[str, Tensor]:  # fmt: skip
    """What each loss takes for the centre or the slope, (F,), as a growing share of n points lies `size` too high.

    fractions: (F,) in [0, 1], rounded to whole points. The good points are as in `estimate_against_outlier`; the
    points of a line go astray from its right end. Raises ValueError for a fraction outside [0, 1] or an unknown kind.
    """
    if fractions.min() < 0 or fractions.max() > 1:
        raise ValueError(f"fractions must lie in [0, 1], got {fractions.min():g} to {fractions.max():g}")
    order = torch.randperm(n, generator=torch.Generator().manual_seed(0))
    noise = _quantiles(n, fractions)[order]
    x = torch.arange(float(n)).to(fractions) * (_CLEAN - 1) / (n - 1)
    astray = torch.arange(n) >= n - (fractions * n).round()[:, None]
    y = (x if kind == "line" else torch.zeros_like(x)) + noise + size * astray
    return _estimates(losses, _points(x.expand_as(y), y), kind)


def _estimates(losses: Mapping[str, tuple[Loss, Mapping[str, Any]]], points: Points, kind: Kind) -> dict[str, Tensor]:
    if kind not in ("constant", "line"):
        raise ValueError(f"kind must be 'constant' or 'line', got {kind!r}")
    if kind == "line":
        return {label: fit_line(loss, points, **params).slope for label, (loss, params) in losses.items()}
    return {label: fit_constant(loss, points, **params).intercept for label, (loss, params) in losses.items()}


def _quantiles(n: int, like: Tensor) -> Tensor:
    """n values that stand for a standard normal sample, evenly spaced in probability."""
    return torch.special.ndtri((torch.arange(n, dtype=torch.float64) + 0.5) / n).to(like)


def _points(x: Tensor, y: Tensor) -> Points:
    good = torch.zeros(y.shape[-1], dtype=torch.bool)
    return Points(x, y, torch.ones_like(y), good, "x", "y", "Good points and outliers")
