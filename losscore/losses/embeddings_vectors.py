"""Embeddings as inputs, their directions, and the distances and angles between them.

The cosine with a vector of no length is 0, and such a vector gets no gradient.
"""

from typing import Annotated

import torch
from torch import Tensor

from losscore.inputs import Input
from losscore.params import Param

# One embedding a sample, and a whole batch of them.
Embedding = Annotated[Tensor, Input("embedding", dims=("D",), typical=(-1.0, 1.0))]
Embeddings = Annotated[Tensor, Input("embeddings", dims=("N", "D"), typical=(-1.0, 1.0))]
GroupLabels = Annotated[Tensor, Input("group labels", dims=("N",), low=0, integer=True)]
# One vector for each class, and which class one embedding belongs to.
ClassVectors = Annotated[Tensor, Input("class vectors", dims=("C", "D"), typical=(-1.0, 1.0))]

Margin = Annotated[float, Param("m", 0.0, 2.0, "by how much farther the negative must lie", domain="[0, inf)")]
Temperature = Annotated[
    float, Param(r"\tau", 0.01, 1.0, "how little differences in cosine count", log=True, domain="(0, inf)")
]


def unit(x: Tensor) -> Tensor:
    """x (..., D) at length 1; all zeros, and without a gradient, where x has next to no length."""
    length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    # Below this the squares underflow and the length is noise.
    nothing = length < torch.finfo(x.dtype).tiny ** 0.5
    return torch.where(nothing, 0, x / torch.where(nothing, 1, length))


def cosines(x: Tensor, y: Tensor) -> Tensor:
    """Cosine of each of x (..., N, D) with each of y (..., M, D): (..., N, M)."""
    return unit(x) @ unit(y).mT


def cosine_distance(x: Tensor, y: Tensor) -> Tensor:
    """1 - cos of x and y (..., D), without a difference of nearly equal numbers where they point the same way."""
    u, v = unit(x), unit(y)
    known = u.any(-1) & v.any(-1)
    return torch.where(known, (u - v).square().sum(-1) / 2, 1)


def distances(x: Tensor) -> Tensor:
    """Euclidean distance of each pair of x (..., N, D): (..., N, N); the gradient of a distance 0 is 0."""
    return torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")


def partners(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Which pairs share a label, oneself left out, and which do not: bool (..., N, N) each."""
    same = labels[..., :, None] == labels[..., None, :]
    return same & ~torch.eye(labels.shape[-1], dtype=torch.bool, device=labels.device), ~same


def over(value: float | Tensor, dims: int) -> float | Tensor:
    """A parameter of each sample, laid out over so many dimensions of it."""
    return value[(..., *[None] * dims)] if isinstance(value, Tensor) else value
