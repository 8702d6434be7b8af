"""Polynomials of every degree through a few points, plain or penalised."""

import torch
from torch import Tensor

from losscore.explore.ridge import ridge_weights

DEGREES = 10  # 0 to 9


def powers(x: Tensor) -> Tensor:
    """1, x, x^2, ..., x^9: (N, 10)."""
    return x[:, None] ** torch.arange(DEGREES)


def polynomial_weights(x: Tensor, y: Tensor, lam: Tensor) -> Tensor:
    """Coefficients (S, 10 degrees, 10) that minimise the sum of squares plus lam (S,) times their own squares.

    Coefficients beyond a degree are 0. x, y: (N,), float64.
    """
    table = powers(x)
    held = torch.tril(torch.ones(DEGREES, DEGREES, dtype=table.dtype))  # row d keeps the powers up to d
    design = table * held[:, None, :]
    # A column of nothing has the coefficient 0 in the shortest solution.
    return ridge_weights(design, y.expand(DEGREES, -1), lam.to(table.dtype)[:, None])
