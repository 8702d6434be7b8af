"""Metrics of the distance between two outlines, in pixels. 0.5 and more is foreground.

An outline is the foreground without its erosion by a cross (4 neighbours); outside the picture counts as background.
Without an outline on both sides nothing can be measured: all four are NaN where a mask is empty.
"""

from typing import Annotated, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.distance import distance_to
from losscore.inputs import Mask
from losscore.params import Param

_LENGTH = Claims(smooth=False, flat=True, logits=False, minimum="0", maximum="oo")
_TRAP = "Undefined, so not a number, where prediction or truth is empty; libraries give infinity or an error."


class _Gaps(NamedTuple):
    """The distances from one outline to the other: per pixel (..., H * W), meaningful where `here`."""

    distance: Tensor
    here: Tensor


def _outline(mask: Tensor) -> Tensor:
    inside = F.pad(mask, (1, 1, 1, 1))
    core = inside[..., :-2, 1:-1] & inside[..., 2:, 1:-1] & inside[..., 1:-1, :-2] & inside[..., 1:-1, 2:]
    return mask & ~core


def _both_ways(pred: Tensor, target: Tensor) -> tuple[_Gaps, _Gaps]:
    """Gaps from the prediction's outline to the truth's, and back, over the broadcast batch."""
    edges = [_outline(mask >= 0.5) for mask in (pred, target)]
    away = [distance_to(edge, pred.dtype) for edge in edges]
    from_pred = torch.broadcast_tensors(away[1], edges[0])
    from_target = torch.broadcast_tensors(away[0], edges[1])
    return _Gaps(*(t.flatten(-2) for t in from_pred)), _Gaps(*(t.flatten(-2) for t in from_target))


def _defined(there: _Gaps, back: _Gaps) -> Tensor:
    return there.here.any(-1) & back.here.any(-1)


def _quantile(gaps: _Gaps, q: float) -> Tensor:
    """Quantile of the gaps of each picture, linear between neighbours; NaN where there are none."""
    ranked = torch.where(gaps.here, gaps.distance, torch.inf).sort(dim=-1).values
    count = gaps.here.sum(-1, keepdim=True)
    place = q * (count - 1).clamp(min=0).to(ranked.dtype)
    low, high = (ranked.gather(-1, end.long()) for end in (place.floor(), place.ceil()))
    # An infinite pair of ends would give inf - inf; such pictures have no gaps and are undefined anyway.
    between = torch.where(low == high, low, low + (high - low) * (place - place.floor()))
    return torch.where(count > 0, between, torch.nan).squeeze(-1)


@loss(
    title="Hausdorff distance",
    family="metrics",
    latex=r"\max\left(\max_{a\in A}\min_{b\in B}\|a-b\|,\ \max_{b\in B}\min_{a\in A}\|a-b\|\right)",
    insight="The worst pixel decides: one stray speck and everything else is forgotten.",
    trap=_TRAP,
    source="Hausdorff 1914; Huttenlocher et al. 1993, doi:10.1109/34.232073",
    aliases=("HD", "maximum surface distance"),
    differentiable=False,
    claims=_LENGTH,
)
def metric_hausdorff(pred: Mask, target: Mask) -> Tensor:
    """Largest gap between the outlines in pixels, (..., H, W) -> (...), 0 is best; NaN where a mask is empty."""
    there, back = _both_ways(pred, target)
    worst = torch.maximum(*(torch.where(gaps.here, gaps.distance, 0).amax(-1) for gaps in (there, back)))
    return torch.where(_defined(there, back), worst, torch.nan)


@loss(
    title="Hausdorff distance, 95th percentile",
    family="metrics",
    latex=r"\max\left(P_{95}\{d(a, B)\}_{a\in A},\ P_{95}\{d(b, A)\}_{b\in B}\right)",
    insight="The worst gap after the worst twentieth of each outline is forgiven, so one speck no longer decides.",
    trap="The larger of two percentiles; some libraries pool both outlines first and get less. " + _TRAP,
    source="Huttenlocher et al. 1993, doi:10.1109/34.232073",
    aliases=("HD95", "robust Hausdorff"),
    differentiable=False,
    claims=_LENGTH,
)
def metric_hd95(pred: Mask, target: Mask) -> Tensor:
    """The larger directed 95th percentile of the gaps in pixels, (..., H, W) -> (...); NaN where a mask is empty."""
    there, back = _both_ways(pred, target)
    worst = torch.maximum(_quantile(there, 0.95), _quantile(back, 0.95))
    return torch.where(_defined(there, back), worst, torch.nan)


@loss(
    title="Average symmetric surface distance",
    family="metrics",
    latex=r"\frac{\sum_{a\in A} d(a, B) + \sum_{b\in B} d(b, A)}{|A| + |B|}",
    insight="How far the outlines run apart on average: a stray speck is one voice among many.",
    trap=_TRAP,
    source="Heimann et al. 2009, doi:10.1109/TMI.2009.2013851",
    aliases=("ASSD", "ASD", "mean surface distance"),
    differentiable=False,
    claims=_LENGTH,
)
def metric_assd(pred: Mask, target: Mask) -> Tensor:
    """Mean gap over the pixels of both outlines in pixels, (..., H, W) -> (...); NaN where a mask is empty."""
    there, back = _both_ways(pred, target)
    total = sum(torch.where(gaps.here, gaps.distance, 0).sum(-1) for gaps in (there, back))
    count = there.here.sum(-1) + back.here.sum(-1)
    return torch.where(_defined(there, back), total / count, torch.nan)


@loss(
    title="Normalised surface Dice",
    family="metrics",
    latex=r"\frac{|\{a\in A: d(a, B)\le\tau\}| + |\{b\in B: d(b, A)\le\tau\}|}{|A| + |B|}",
    insight="The share of both outlines that needs no correction, if tau pixels are close enough.",
    trap="Without its tolerance the number means nothing. " + _TRAP,
    source="Nikolov et al. 2018, arXiv:1809.04430",
    aliases=("NSD", "surface Dice"),
    differentiable=False,
    claims=Claims(smooth=False, flat=True, logits=False, minimum="0", maximum="1"),
)
def metric_nsd(
    pred: Mask,
    target: Mask,
    *,
    tau: Annotated[float, Param(r"\tau", 0.0, 5.0, "tolerated gap", domain="[0, inf)", unit="px")] = 1.0,
) -> Tensor:
    """Share of outline pixels within tau of the other outline, (..., H, W) -> (...); NaN where a mask is empty."""
    there, back = _both_ways(pred, target)
    limit = tau[..., None] if isinstance(tau, Tensor) else tau
    close = sum((gaps.here & (gaps.distance <= limit)).sum(-1) for gaps in (there, back))
    count = (there.here.sum(-1) + back.here.sum(-1)).to(pred.dtype)
    return torch.where(_defined(there, back), close / count, torch.nan)
