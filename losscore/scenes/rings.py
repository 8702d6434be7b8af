"""Two clouds of points that a generator is to make: a ring of eight Gaussians, and two moons in eight pieces."""

import math

import torch
from torch import Tensor

import losscore

PIECES = 8
CLOUDS = {"ring": "Ring of eight", "moons": "Two moons"}
SPREAD = {"ring": 0.12, "moons": 0.1}  # of the noise
REACH = {"ring": 0.4, "moons": 0.5}  # how near a point lies to the piece it belongs to


def _moon(piece: Tensor, along: Tensor) -> Tensor:
    """Places on two half circles of radius 1.2: pieces 0 to 3 lie on the upper one; along: 0 to 1 in the piece."""
    angle = math.pi * ((piece % 4) + along) / 4
    upper = torch.stack([1.2 * angle.cos() - 0.6, 1.2 * angle.sin() - 0.3], -1)
    lower = torch.stack([0.6 - 1.2 * angle.cos(), 0.3 - 1.2 * angle.sin()], -1)
    return torch.where((piece < 4)[..., None], upper, lower)


def centres(cloud: str) -> Tensor:
    """The middle (8, 2) of each piece. Raises KeyError for an unknown cloud."""
    piece = torch.arange(PIECES)
    if cloud == "ring":
        angle = 2 * math.pi * piece / PIECES
        return 2 * torch.stack([angle.cos(), angle.sin()], -1)
    if cloud == "moons":
        return _moon(piece, torch.full((PIECES,), 0.5))
    raise KeyError(f"no cloud {cloud!r}; there are: {', '.join(CLOUDS)}")


def draw(cloud: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Points (*shape, 2), every piece as likely as the others. Raises KeyError for an unknown cloud."""
    piece = torch.randint(0, PIECES, shape, generator=generator)
    noise = SPREAD[cloud] * torch.randn(*shape, 2, generator=generator)
    if cloud == "moons":
        return _moon(piece, torch.rand(shape, generator=generator)) + noise
    return centres(cloud)[piece] + noise


def found(points: Tensor, cloud: str) -> Tensor:
    """How many of the eight pieces (..., N, 2) points cover: each with a quarter of its share, at least; (...)."""
    near = torch.cdist(points, centres(cloud).to(points.dtype)) < REACH[cloud]
    return (near.float().mean(-2) >= 1 / (4 * PIECES)).sum(-1)


def away(points: Tensor, truth: Tensor) -> Tensor:
    """How far (..., N, 2) points lie from as many true ones: sliced Wasserstein-1 over 16 directions; (...)."""
    angle = math.pi * torch.arange(16) / 16
    ways = torch.stack([angle.cos(), angle.sin()]).to(points.dtype)
    lines = ((cloud @ ways).mT.contiguous() for cloud in (points, truth))
    return losscore.get("wasserstein1_samples")(*lines, reduction="none").mean(-1)
