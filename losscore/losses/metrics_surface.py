"""Metrics of the distance between two outlines, in pixels. 0.5 and more is foreground.

An outline is the foreground without its erosion by a cross (4 neighbours); outside the picture counts as background.
Without an outline on both sides nothing can be measured: all four are NaN where a mask is empty.
"""

from collections.abc import Callable, Iterable
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


class Gaps(NamedTuple):
    """The distances from one outline to the other: per pixel (..., H * W), meaningful where `here`."""

    distance: Tensor
    here: Tensor


Pair = tuple[Gaps, Gaps]  # from the prediction's outline to the truth's, and back


def _outline(mask: Tensor) -> Tensor:
    inside = F.pad(mask, (1, 1, 1, 1))
    core = inside[..., :-2, 1:-1] & inside[..., 2:, 1:-1] & inside[..., 1:-1, :-2] & inside[..., 1:-1, 2:]
    return mask & ~core


def _both_ways(pred: Tensor, target: Tensor) -> Pair:
    """The gaps of masks (..., H, W) over the broadcast batch."""
    edges = [_outline(mask >= 0.5) for mask in (pred, target)]
    away = [distance_to(edge, pred.dtype) for edge in edges]
    from_pred = torch.broadcast_tensors(away[1], edges[0])
    from_target = torch.broadcast_tensors(away[0], edges[1])
    return Gaps(*(t.flatten(-2) for t in from_pred)), Gaps(*(t.flatten(-2) for t in from_target))


def _quantile(gaps: Gaps, q: float) -> Tensor:
    """Quantile of the gaps of each picture, linear between neighbours; NaN where there are none."""
    count = gaps.here.sum(-1, keepdim=True)
    most = max(1, int(count.max()))  # an outline is few of the picture's pixels: only so many need sorting
    ranked = torch.where(gaps.here, gaps.distance, torch.inf).topk(most, largest=False).values
    place = q * (count - 1).clamp(min=0).to(ranked.dtype)
    low, high = (ranked.gather(-1, end.long()) for end in (place.floor(), place.ceil()))
    # An infinite pair of ends would give inf - inf; such pictures have no gaps and are undefined anyway.
    between = torch.where(low == high, low, low + (high - low) * (place - place.floor()))
    return torch.where(count > 0, between, torch.nan).squeeze(-1)


def _largest(pair: Pair, _: float | Tensor) -> Tensor:
    return torch.maximum(*(torch.where(gaps.here, gaps.distance, 0).amax(-1) for gaps in pair))


def _hd95(pair: Pair, _: float | Tensor) -> Tensor:
    return torch.maximum(*(_quantile(gaps, 0.95) for gaps in pair))


def _mean(pair: Pair, _: float | Tensor) -> Tensor:
    there, back = (torch.where(gaps.here, gaps.distance, 0).sum(-1) for gaps in pair)
    return (there + back) / _count(pair)


def _within(pair: Pair, tau: float | Tensor) -> Tensor:
    limit = tau[..., None] if isinstance(tau, Tensor) else tau
    there, back = ((gaps.here & (gaps.distance <= limit)).sum(-1) for gaps in pair)
    return (there + back) / _count(pair).to(pair[0].distance.dtype)


def _count(pair: Pair) -> Tensor:
    there, back = pair
    return there.here.sum(-1) + back.here.sum(-1)


# Each metric of the gaps of a pair of masks and the tolerance, which only the last one asks for.
_MEASURES: dict[str, Callable[[Pair, float | Tensor], Tensor]] = {
    "metric_hausdorff": _largest,
    "metric_hd95": _hd95,
    "metric_assd": _mean,
    "metric_nsd": _within,
}
SURFACE = tuple(_MEASURES)


def surface_metrics(
    pred: Tensor, target: Tensor, keys: Iterable[str] = SURFACE, *, tau: float | Tensor = 1.0
) -> dict[str, Tensor]:
    """Metrics of this module for masks (..., H, W), all from one pass over the distances: {key: (...)}.

    keys: those wanted, of SURFACE. tau: tolerance of metric_nsd in px, a number or a tensor (...). NaN where a mask is
    empty. Raises KeyError for a key that is not in SURFACE.
    """
    there, back = pair = _both_ways(pred, target)
    defined = there.here.any(-1) & back.here.any(-1)
    return {key: torch.where(defined, _MEASURES[key](pair, tau), torch.nan) for key in keys}


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
    return surface_metrics(pred, target, ["metric_hausdorff"])["metric_hausdorff"]


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
    return surface_metrics(pred, target, ["metric_hd95"])["metric_hd95"]


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
    return surface_metrics(pred, target, ["metric_assd"])["metric_assd"]


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
    return surface_metrics(pred, target, ["metric_nsd"], tau=tau)["metric_nsd"]
