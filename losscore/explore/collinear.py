"""Least squares and ridge on two columns that say nearly the same, over many draws of the noise."""

import torch
from torch import Tensor

import losscore
from losscore.explore.ridge import ridge_weights
from losscore.scenes.designs import noises, twin_columns

TRUTH = torch.tensor([1.0, 1.0], dtype=torch.float64)


def repeated_fits(correlation: Tensor, lam: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Fits of y = X (1, 1) + noise for 500 draws of standard normal noise.

    correlation, lam: (S,). Returns the weights (S, draws, 2), the mean squared distance from the truth (S,), and the
    least penalised sum of squares of the first draw (S,).
    """
    X = twin_columns(correlation)
    y = (X @ TRUTH)[:, None] + noises()
    w = ridge_weights(X[:, None], y, lam[:, None])
    least = losscore.get("ridge_fit")(*first_draw(correlation), reduction="none", lam=lam)
    return w, (w - TRUTH).square().sum(-1).mean(-1), least


def first_draw(correlation: Tensor) -> tuple[Tensor, Tensor]:
    """X (S, rows, 2) and y (S, rows) of the first draw of the noise."""
    X = twin_columns(correlation)
    return X, X @ TRUTH + noises()[0]


def expected_error(correlation: Tensor, lam: Tensor) -> Tensor:
    """The exact mean over all noise of that squared distance; correlation and lam broadcast.

    The columns' sum and difference are uncorrelated: their squared lengths are rows * (1 +- correlation), each adds its
    variance, and only the sum, along which the truth lies, adds a bias.
    """
    rows = noises().shape[-1]
    lam = lam.double()
    along, across = rows * (1 + correlation.double()), rows * (1 - correlation.double())
    bias = 2 * (lam / (along + lam)).square()
    return along / (along + lam).square() + across / (across + lam).square() + bias
