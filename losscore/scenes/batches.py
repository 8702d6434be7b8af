"""A small batch of embeddings in the plane: three classes of three, one of them among strangers."""

import torch
from torch import Tensor

CLASSES = 3
# One row a class; the very first is the one that is moved.
_PLACES = (
    ((-1.0, 0.8), (1.33, 0.27), (1.02, -0.54)),
    ((-0.47, 1.31), (-1.29, 0.88), (-1.24, 0.21)),
    ((-0.38, -1.22), (0.43, -1.03), (-1.07, -0.96)),
)
LABELS = torch.arange(CLASSES).repeat_interleave(3)
MOVED = _PLACES[0][0]


def batch(x: Tensor, y: Tensor) -> Tensor:
    """The batch (S, 9, 2) with its first embedding at x, y (S,)."""
    places = torch.tensor(_PLACES, dtype=torch.float64).reshape(-1, 2).repeat(len(x), 1, 1)
    places[:, 0] = torch.stack([x, y], -1)
    return places


def proxies() -> Tensor:
    """A learned point for each class (3, 2): the direction of its other two members."""
    places = torch.tensor(_PLACES, dtype=torch.float64)
    middle = torch.cat([places[:1, 1:].mean(1), places[1:].mean(1)])
    return middle / middle.norm(dim=-1, keepdim=True)
