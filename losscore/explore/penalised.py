"""Linear fits under a penalty: the weights with the least mean squared error plus penalty, for whole paths at once."""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.scenes.designs import diabetes_ten

_ROUNDS = 1500
_FAR = 1e3


def strengths(key: str, strength: Tensor, l1_ratio: float | Tensor) -> dict[str, Any]:
    """The parameters of a penalty that is `strength` strong; l1_ratio matters to the elastic net alone."""
    if key == "elastic_net_penalty":
        return {"alpha": strength, "l1_ratio": l1_ratio}
    return {"lam": strength}


def _corner_and_bowl(key: str, strength: Tensor, l1_ratio: Tensor) -> tuple[Tensor, Tensor]:
    """The slope of the penalty just beside 0, and its second derivative."""
    nothing = torch.zeros_like(strength)
    if key == "l1_penalty":
        return strength, nothing
    if key == "l2_penalty":
        return nothing, 2 * strength
    if key == "elastic_net_penalty":
        return strength * l1_ratio, strength * (1 - l1_ratio)
    raise KeyError(f"no penalty {key!r}")


def penalised_weights(X: Tensor, y: Tensor, key: str, strength: Tensor, l1_ratio: float | Tensor = 0.5) -> Tensor:
    """The w (S, P) that minimise mean((y - X w)^2) + penalty, by accelerated proximal steps with restarts.

    X: (N, P); y: (N,); key: l1_penalty, l2_penalty or elastic_net_penalty; strength and l1_ratio: (S,) or one number.
    What the proximal step sets to 0 is exactly 0. Raises KeyError for another key.
    Source: Beck & Teboulle 2009, doi:10.1137/080716542; restarts:
    O'Donoghue & Candes 2015, doi:10.1007/s10208-013-9150-3.
    """
    size, ratio = torch.broadcast_tensors(
        *(torch.as_tensor(v, dtype=X.dtype).reshape(-1) for v in (strength, l1_ratio))
    )
    gram, toward = 2 * X.T @ X / len(X), 2 * X.T @ y / len(X)
    step = 1 / torch.linalg.eigvalsh(gram)[-1]
    corner, bowl = (step * part[:, None] for part in _corner_and_bowl(key, size, ratio))
    w = ahead = torch.zeros(len(size), X.shape[1], dtype=X.dtype)
    speed = torch.ones(len(size), 1, dtype=X.dtype)
    for _ in range(_ROUNDS):
        raw = ahead - step * (ahead @ gram - toward)
        new = raw.sign() * (raw.abs() - corner).clamp(min=0) / (1 + bowl)
        change = new - w
        against = ((ahead - new) * change).sum(-1, keepdim=True) > 0
        speed = torch.where(against, 1.0, speed)
        faster = (1 + (1 + 4 * speed.square()).sqrt()) / 2
        ahead = new + (speed - 1) / faster * change
        w, speed = new, faster
        if change.abs().max() < 1e-12:
            break
    return w


@lru_cache(maxsize=64)
def path_of(columns: tuple[int, ...], key: str, strength: tuple[float, ...], l1_ratio: float) -> Tensor:
    """`penalised_weights` of these columns of the diabetes table, (S, P)."""
    data = diabetes_ten()
    return penalised_weights(
        data.X[:, list(columns)], data.y, key, torch.tensor(strength, dtype=torch.float64), l1_ratio
    )


def ball(key: str, level: Tensor, params: dict[str, Any], turns: Tensor) -> Tensor:
    """The outline of the weights (two of them) that cost `level` (S,), (S, T, 2), in the directions `turns` (T,).

    params: of the penalty, (S,) or numbers. Found by halving, from the loss itself.
    """
    loss, way = losscore.get(key), torch.stack([turns.cos(), turns.sin()], -1)
    numbers = {name: v[:, None] if isinstance(v, Tensor) and v.ndim else v for name, v in params.items()}
    low = torch.zeros(len(level), len(turns), dtype=way.dtype)
    high = torch.full_like(low, _FAR)
    for _ in range(50):
        middle = (low + high) / 2
        beyond = loss(middle[..., None] * way, reduction="none", **numbers) > level[:, None]
        low, high = torch.where(beyond, low, middle), torch.where(beyond, middle, high)
    return low[..., None] * way


def ring(X: Tensor, y: Tensor, level: Tensor, turns: Tensor) -> Tensor:
    """The outline of the weights (two) whose mean squared error is `level` (S,): an ellipse, (S, T, 2)."""
    best = torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
    gram = X.T @ X / len(X)
    least = losscore.get("mse")(X @ best, y)
    half = torch.linalg.cholesky(gram)
    circle = torch.stack([turns.cos(), turns.sin()])
    shape = torch.linalg.solve_triangular(half.T, circle, upper=True).T
    return best + (level - least).clamp(min=0).sqrt()[:, None, None] * shape
