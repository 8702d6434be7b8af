"""Histograms over ten bins: one that is moved and spread, and a true one that stays."""

from collections.abc import Sequence

import torch
from torch import Tensor

BINS = 10
FLOOR = 1e-3  # the share that every bin has at least, so that no divergence is infinite
SPIKE = 0.1  # bins: a spread that leaves all but the floor in one bin
# key -> (title, its humps as place and spread in bins)
TRUTHS: dict[str, tuple[str, tuple[tuple[float, float], ...]]] = {
    "spike": ("A spike in bin 1", ((1.0, SPIKE),)),
    "bell": ("A bell about bin 4", ((4.0, 1.0),)),
    "humps": ("Humps in bins 2 and 9", ((2.0, 0.6), (9.0, 0.6))),
}


def humps(pairs: Sequence[tuple[Tensor | float, Tensor | float]], floor: float = FLOOR) -> Tensor:
    """Shares (S, BINS) of equally heavy humps, each a place and a spread in bins, numbers or (S,); float64.

    floor: what every bin has at least. The rest of a hump falls off as a bell does and is cut off at the last bins.
    """
    bins = torch.arange(1, BINS + 1, dtype=torch.float64)
    shares = []
    for place, spread in pairs:
        middle, wide = (torch.as_tensor(number).double().reshape(-1, 1) for number in (place, spread))
        shares.append(torch.softmax(-((bins - middle) / wide).square() / 2, -1))
    mean = torch.stack(torch.broadcast_tensors(*shares)).mean(0)
    return floor + (1 - BINS * floor) * mean


def true_histogram(key: str, floor: float = FLOOR) -> Tensor:
    """The true histogram of that key, one of TRUTHS, (BINS,). Raises KeyError."""
    return humps(TRUTHS[key][1], floor)[0]


def grains(shares: Tensor, count: int) -> Tensor:
    """A sample (..., count) of bin numbers as the histogram (..., BINS) has them: one grain at each percentile."""
    levels = (torch.arange(count, dtype=shares.dtype) + 0.5) / count
    edges = shares.cumsum(-1).contiguous()
    wanted = levels.expand(*shares.shape[:-1], count).contiguous()
    return 1.0 + torch.searchsorted(edges, wanted).clamp(max=BINS - 1).to(shares.dtype)
