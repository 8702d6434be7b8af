"""What losses of distributions say of two histograms, what each asks of every bin, and the cheapest way to move one."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.losses.distributions_transport import sinkhorn_plan
from losscore.scenes.histograms import grains

REVERSED = "kl_reversed"  # the divergence with its two sides exchanged
BY_BIN = (
    "kl_divergence", REVERSED, "js_divergence", "soft_cross_entropy", "emd_histogram", "emd_squared_cdf",
    "sinkhorn_transport_cost",
)  # fmt: skip
# These take samples and not shares: they see each histogram as GRAINS numbers.
BY_GRAIN = (
    "wasserstein1_samples", "wasserstein2sq_samples", "energy_distance_sq", "mmd_rbf_biased", "mmd_rbf_unbiased",
)  # fmt: skip
GRAINS = 100
Params = Mapping[str, Mapping[str, Any]]


def distance_of_bins(bins: int) -> Tensor:
    """How far apart two bins are, in bins, (bins, bins)."""
    place = torch.arange(bins, dtype=torch.float64)
    return (place[:, None] - place).abs()


def inputs_of(key: str, pred: Tensor, truth: Tensor) -> tuple[str, tuple[Tensor, ...], str]:
    """The loss that is asked, its inputs, and which of them the prediction is."""
    onto = truth.expand_as(pred).contiguous()
    if key == REVERSED:
        return "kl_divergence", (onto, pred), "target"
    if key == "soft_cross_entropy":
        return key, (pred.log(), onto), "pred"
    if key == "sinkhorn_transport_cost":
        return key, (distance_of_bins(pred.shape[-1]).expand(len(pred), -1, -1), pred, onto), "a"
    if key in BY_GRAIN:
        moved, fixed = grains(pred, GRAINS), grains(onto, GRAINS)
        column = key.startswith("mmd")  # which takes points of any number of dimensions
        return key, (moved[..., None], fixed[..., None]) if column else (moved, fixed), ""
    return key, (pred, onto), "pred"


def compared(pred: Tensor, truth: Tensor, keys: Iterable[str], params: Params) -> dict[str, Tensor]:
    """Each loss of histograms (S, K) against one (K,), by key: (S,). Raises KeyError for an unknown key."""
    found = {}
    for key in keys:
        name, inputs, _ = inputs_of(key, pred, truth)
        found[key] = losscore.get(name)(*inputs, reduction="none", **params.get(key, {}))
    return found


def wishes(key: str, pred: Tensor, truth: Tensor, params: Params) -> Tensor:
    """Which bins of `pred` (S, K) a loss of BY_BIN wants more in, positive, or less: (S, K), its largest size 1.

    The downhill gradient along shares that keep their sum: what all bins have in common moves nothing.
    """
    name, inputs, wrt = inputs_of(key, pred, truth)
    slope = losscore.get(name).gradient(*inputs, wrt=wrt, reduction="sum", **params.get(key, {}))
    if key == "soft_cross_entropy":  # it takes logarithms: d/dp = (d/d ln p) / p
        slope = slope / pred
    downhill = slope.mean(-1, keepdim=True) - slope
    size = downhill.abs().amax(-1, keepdim=True)
    return torch.where(size > 1e-9, downhill / size.clamp(min=1e-300), 0.0)


def blurred_plan(pred: Tensor, truth: Tensor, reg: float | Tensor) -> Tensor:
    """The entropic plan (S, K, K) of the same move; reg: a number or (S,)."""
    return sinkhorn_plan(distance_of_bins(pred.shape[-1]), pred, truth, reg)


def parcels(pred: Tensor, truth: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Bin numbers (S, count) from where and to where each of `count` equal parts of the mass goes at the least cost."""
    start, end = grains(pred, count), grains(truth, count)
    return start, end.expand_as(start)
