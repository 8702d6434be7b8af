"""Ridge regression: the coefficients of a linear fit under a squared penalty, for whole paths of penalties at once."""

import torch
from torch import Tensor


def ridge_weights(X: Tensor, y: Tensor, lam: float | Tensor) -> Tensor:
    """The w that minimises ||y - X w||^2 + lam ||w||^2.

    X: design, (..., N, P); y: (..., N); lam: a number or a tensor, 0 or more, that broadcasts against the batch, so
    that a path of penalties is one call. Returns (..., P). Of several minimisers (lam = 0 and dependent columns) it is
    the shortest. Raises ValueError where N differs between X and y or a lam is negative.
    Source: Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634.
    """
    if X.ndim < 2 or y.ndim < 1 or X.shape[-2] != y.shape[-1]:
        shapes = f"{tuple(X.shape)} and {tuple(y.shape)}"
        raise ValueError(f"ridge_weights: X must be (..., N, P) and y (..., N) with the same N, got {shapes}")
    penalty = torch.as_tensor(lam, dtype=X.dtype, device=X.device)[..., None]
    if (penalty < 0).any():
        raise ValueError(f"ridge_weights: lam must be 0 or more, got {penalty.min().item():g}")
    left, spread, right = torch.linalg.svd(X, full_matrices=False)
    # A direction that rounding alone gives a spread to has none: its coefficient is 0, as in the shortest solution.
    tiny = spread <= spread[..., :1] * max(X.shape[-2:]) * torch.finfo(X.dtype).eps
    shrunk = (spread / (spread.square() + penalty).masked_fill(tiny, 1.0)).masked_fill(tiny, 0.0)
    return (right.mT @ (shrunk * (left.mT @ y[..., None]).squeeze(-1))[..., None]).squeeze(-1)
