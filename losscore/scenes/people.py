"""A made-up crowd seen from above: seeded places of heads, and their density as pictures."""

import torch
from torch import Tensor

PEOPLE = 30
TALL, WIDE = 28, 40  # px
SPREAD = 1.0  # px: of each head in the true density
SEED = 7


def drawn() -> tuple[Tensor, Tensor]:
    """Places (PEOPLE, 2), x and y in px, ever denser towards the lower right; and a direction for each."""
    draw = torch.Generator().manual_seed(SEED)
    part = torch.rand(PEOPLE, 2, generator=draw, dtype=torch.float64).sqrt()
    angle = 2 * torch.pi * torch.rand(PEOPLE, generator=draw, dtype=torch.float64)
    ways = torch.stack([angle.cos(), angle.sin()], -1)
    return 4 + part * (torch.tensor([WIDE, TALL]) - 8), ways


HEADS, WAYS = drawn()


def density(places: Tensor, spread: Tensor | float) -> Tensor:
    """People a pixel (..., TALL, WIDE) for heads (..., N, 2) of that spread in px, a number or (...)."""
    wide = torch.as_tensor(spread).double()[..., None, None]
    across, down = (
        torch.exp(-((torch.arange(size) + 0.5 - places[..., k : k + 1]) / wide).square() / 2)
        for k, size in ((0, WIDE), (1, TALL))
    )
    return torch.einsum("...ny,...nx->...yx", down, across) / (2 * torch.pi * wide.square())


def predicted(off: Tensor | float, spread: Tensor | float) -> Tensor:
    """The density (S, TALL, WIDE) of all heads, each `off` px away from its place in a direction of its own."""
    far, wide = (torch.as_tensor(number).double().reshape(-1) for number in (off, spread))
    return density(HEADS + far[:, None, None] * WAYS, wide)
