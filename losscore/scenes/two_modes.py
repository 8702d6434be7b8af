"""Densities on a line, as shares of narrow cells: a bell, and a mixture of two equal ones."""

import torch
from torch import Tensor

FARTHEST = 3.0  # of the modes from 0
NARROWEST, WIDEST = 0.4, 1.2  # of each mode
CELL = 0.1
LINE = torch.linspace(-12, 12, 241, dtype=torch.float64)  # the cells' middles


def bell(place: Tensor | float, width: Tensor | float) -> Tensor:
    """Shares (..., 241) of a bell on LINE; place and width are numbers or (...)."""
    middle, wide = (torch.as_tensor(number).double()[..., None] for number in (place, width))
    # Not below what a double holds: a share that underflows costs infinity, and its slope is no number.
    return torch.softmax((-((LINE - middle) / wide).square() / 2).clamp(min=-600), -1)


def two_modes(apart: Tensor | float, width: Tensor | float, right: Tensor | float) -> Tensor:
    """Shares (..., 241) of bells at -apart and apart, of which the right one holds the part `right`."""
    part, far = torch.as_tensor(right).double()[..., None], torch.as_tensor(apart)
    return part * bell(far, width) + (1 - part) * bell(-far, width)
