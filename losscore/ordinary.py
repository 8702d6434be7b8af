"""Ordinary inputs for any loss: numbers between 0 and 1, spread over what its record accepts."""

from collections.abc import Mapping

import torch
from torch import Tensor

from losscore.inputs import Input
from losscore.record import Loss

OTHERWISE = 3  # the size of a dimension that nobody gives a size
LABELS = 2  # how many labels there are where none of the inputs says it: few enough that some recur


def dimensions(loss: Loss, usual: Mapping[str, int]) -> dict[str, int]:
    """The size of each dimension of one sample: as `usual` says, and large enough for the loss."""
    sizes: dict[str, int] = {}
    for kind in loss.inputs.values():
        for dim in kind.dims:
            least = max(usual.get(dim, OTHERWISE), kind.least, kind.ample, sizes.get(dim, 0))
            sizes[dim] = int(dim) if dim.isdigit() else least
    return sizes


def ordinary(kind: Input, shares: Tensor, sizes: Mapping[str, int]) -> Tensor:
    """Values of this kind, one for each share in [0, 1), which has the shape of the input."""
    low, high = kind.typical
    if kind.integer:
        least = int(kind.low)
        count = sizes[kind.labels_of] if kind.labels_of else LABELS
        return least + (shares * (count - least)).long()
    if kind.only:
        return torch.tensor(kind.only, dtype=shares.dtype)[(shares * len(kind.only)).long()]
    if kind.kind == "mask" or kind.kind.startswith("binary target"):
        return shares.round()
    if kind.corners:
        corner, size = shares.split(2, -1)
        # Any two of them overlap.
        return high * torch.cat([0.3 * corner, 0.3 * corner + 0.4 + 0.3 * size], -1)
    if kind.simplex:
        heights = 0.1 + shares
        return heights / heights.sum(-1, keepdim=True)
    return low + (high - low) * (0.02 + 0.96 * shares)
