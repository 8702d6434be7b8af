"""What a typed loss does: its curve, what it keeps of what one expects of a loss, and the line it fits."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from losscore.own import Formula, evaluate, gradient
from losscore.scenes.points import Points

_FAR = 1e3  # an error this large is an outlier
_STEP = 1e-6  # of the finite differences
_WINDOWS, _CELLS, _ZOOM = 22, 15, 0.55  # of the search for a line
_WIDE = 12.0  # half the first window, or as much as the farthest point needs


def own_curve(
    formula: Formula, r: Tensor, target: float | Tensor = 0.0, params: Mapping[str, float | Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """Loss and slope at pred = target + r, r (P,) or (S, P); a parameter or the target may be (S,): then (S, P).

    NaN where they are not finite.
    """
    true, given = _upright(target, params, r.dtype)
    pred = true + r
    value, slope = evaluate(formula, pred, true, **given), gradient(formula, pred, true, **given)
    return value.where(value.isfinite(), torch.nan), slope.where(slope.isfinite(), torch.nan)


def gradient_error(
    formula: Formula, r: Tensor, target: float | Tensor = 0.0, params: Mapping[str, float | Tensor] | None = None
) -> Tensor:
    """The largest distance of autograd's slope from a central difference, (S,), relative to the larger of it and 1.

    Places where the differences to the left and to the right disagree, which are corners and jumps, do not count.
    """
    true, given = _upright(target, params, torch.float64)
    width = _STEP * (1 + r.double().abs())
    pred = true + r.double()
    below, here, above = (evaluate(formula, pred + side * width, true, **given) for side in (-1, 0, 1))
    slope = gradient(formula, pred, true, **given)
    left, right = (here - below) / width, (above - here) / width
    size = slope.abs().clamp(min=1)
    smooth = ((left - right).abs() < 1e-3 * size) & slope.isfinite()
    apart = (((above - below) / (2 * width) - slope).abs() / size).where(smooth, 0.0)
    return apart.reshape(-1, apart.shape[-1]).amax(-1)


@dataclass(frozen=True)
class Verdicts:
    """What was tried over errors r, each (S,); NaN for the place of something that was not found.

    arch: by how much the loss lies above the chord between left and right at its worst; positive: not convex.
    lopsided: the largest difference of the cost of r and of -r, and `side`, that r. lowest: the error that costs least.
    fall: the pull of an error of 1000 against that of an error of 10. gaps: the share of errors without a finite loss.
    """

    arch: Tensor
    left: Tensor
    right: Tensor
    lopsided: Tensor
    side: Tensor
    lowest: Tensor
    fall: Tensor
    gaps: Tensor


def verdicts(
    formula: Formula, r: Tensor, target: float | Tensor = 0.0, params: Mapping[str, float | Tensor] | None = None
) -> Verdicts:
    """Tries out claims on a loss over errors r (P,), which are even steps from -R to R, P odd."""
    value, _ = own_curve(formula, r, target, params)
    value = value.reshape(-1, value.shape[-1])
    size = 1e-9 * (1 + value.abs().nan_to_num(0.0).amax(-1))
    last = len(r) - 1
    one, two = torch.combinations(torch.arange(0, last + 1, 4), 2).unbind(-1)  # every chord whose middle is a step
    over = (value[:, (one + two) // 2] - (value[:, one] + value[:, two]) / 2).nan_to_num(-torch.inf)
    arch, at = _worst(over, size)
    arched = arch > size
    mirror = (value - value.flip(-1)).abs().nan_to_num(0.0)
    lopsided, side = _worst(mirror, size)
    finite = value.isfinite()
    cost = value.nan_to_num(torch.inf)
    cheapest = cost <= cost.amin(-1, keepdim=True) + size[:, None]
    lowest = r[r.abs().where(cheapest, torch.inf).argmin(-1)]  # of several the one nearest to no error
    far = torch.tensor([10.0, _FAR], dtype=torch.float64)
    ends = torch.cat([-far.flip(0), far])
    _, pulls = own_curve(formula, ends, target, params)
    pulls = pulls.reshape(-1, 4).abs()
    near, away = pulls[:, 1:3].amax(-1), pulls[:, ::3].amax(-1)
    return Verdicts(
        arch.where(arched, 0.0), r[one[at]].where(arched, torch.nan), r[two[at]].where(arched, torch.nan),
        lopsided.where(lopsided > size, 0.0), r[side].abs().where(lopsided > size, torch.nan),
        lowest.where(finite.any(-1), torch.nan), away / near, 1 - finite.double().mean(-1),
    )  # fmt: skip


def _worst(tried: Tensor, size: Tensor) -> tuple[Tensor, Tensor]:
    """The largest entry of each row, and the first place where it is reached but for rounding of this size."""
    most = tried.amax(-1)
    return most, (tried >= (most - size)[:, None]).double().argmax(-1)


def fit_by_search(
    formula: Formula, points: Points, params: Mapping[str, float | Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Slope, intercept and mean loss of the line that costs least, each (S,), for points (S, N) or (N,).

    A window of lines is looked through, then a smaller one around the best, and so on: no slope of the loss is used, so
    corners, jumps and plains do not matter; a minimum narrower than the first window's cells may be missed.
    """
    x, y, weight = (t.double().reshape(-1, t.shape[-1]) for t in (points.x, points.y, points.weight))
    share = weight / weight.sum(-1, keepdim=True)
    middle = (x * share).sum(-1, keepdim=True)
    spread = ((x - middle).square() * share).sum(-1, keepdim=True).sqrt().clamp(min=1e-9)
    across = (x - middle) / spread
    _, given = _upright(0.0, params, torch.float64)
    given = {name: value[..., None] if value.ndim else value for name, value in given.items()}
    centre = torch.stack([torch.zeros_like(middle), (y * share).sum(-1, keepdim=True)], -1)[:, 0]  # (S, 2)
    half = (y - centre[:, 1:]).abs().amax(-1, keepdim=True).clamp(min=_WIDE).expand(-1, 2)
    steps = torch.linspace(-1, 1, _CELLS, dtype=torch.float64)
    offsets = torch.cartesian_prod(steps, steps)  # (K, 2)
    for _ in range(_WINDOWS):
        lines = centre[:, None] + half[:, None] * offsets  # (S, K, 2)
        pred = lines[..., :1] * across[:, None] + lines[..., 1:]
        cost = evaluate(formula, pred, y[:, None], **given)
        mean = (cost.where(share[:, None] > 0, 0.0) * share[:, None]).sum(-1).nan_to_num(torch.inf, torch.inf)
        best, at = mean.min(-1)
        centre = lines.expand(len(best), -1, -1)[torch.arange(len(best)), at]
        half = half.expand(len(best), -1) * _ZOOM
    slope = centre[:, 0] / spread[:, 0]
    return slope, centre[:, 1] - slope * middle[:, 0], best


def line_costs(
    formula: Formula, points: Points, slopes: Tensor, intercepts: Tensor,
    params: Mapping[str, float | Tensor] | None = None,
) -> Tensor:  # fmt: skip
    """The mean loss of every line of a grid, (S, B, A) for slopes (A,) and intercepts (B,); NaN where not finite."""
    x, y, weight = (t.double().reshape(-1, 1, 1, t.shape[-1]) for t in (points.x, points.y, points.weight))
    pred = slopes[:, None] * x + intercepts[:, None, None]
    _, given = _upright(0.0, params, torch.float64)
    given = {name: value[..., None, None] if value.ndim else value for name, value in given.items()}
    cost = evaluate(formula, pred, y, **given).where(weight > 0, 0.0)
    mean = (cost * weight).sum(-1) / weight.sum(-1)
    return mean.where(mean.isfinite(), torch.nan)


def _upright(
    target: float | Tensor, params: Mapping[str, float | Tensor] | None, dtype: torch.dtype
) -> tuple[Tensor, dict[str, Tensor]]:
    """Target and parameters with one trailing dimension, against which errors lie, where they are swept."""
    true = torch.as_tensor(target, dtype=dtype)
    given = {name: torch.as_tensor(value, dtype=dtype) for name, value in (params or {}).items()}
    given = {name: value[:, None] if value.ndim == 1 else value for name, value in given.items()}
    return true[:, None] if true.ndim == 1 else true, given
