"""A bank of fixed 3 x 3 filters, written down and not learned: edges in eight directions, bright and dark spots."""

from functools import lru_cache

import torch
from torch import Tensor

_EAST = ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))  # brighter on the right: Sobel's
_NORTH_EAST = ((0.0, 1.0, 2.0), (-1.0, 0.0, 1.0), (-2.0, -1.0, 0.0))
_SPOT = ((-1.0, -1.0, -1.0), (-1.0, 8.0, -1.0), (-1.0, -1.0, -1.0))
FILTERS = (
    "brighter right", "brighter up right", "brighter up", "brighter up left", "bright spot",
    "brighter left", "brighter down left", "brighter down", "brighter down right", "dark spot",
)  # fmt: skip


@lru_cache
def filter_bank() -> Tensor:
    """The kernels of FILTERS, (10, 3, 3) float32: each sums to 0 and answers 1 to an edge, or a spot, of height 1."""
    plain, slanted = torch.tensor(_EAST), torch.tensor(_NORTH_EAST)
    edges = [torch.rot90(kernel, turn) / 4 for turn in range(4) for kernel in (plain, slanted)]
    spot = torch.tensor(_SPOT) / 8
    return torch.stack([*edges[:4], spot, *edges[4:], -spot])
