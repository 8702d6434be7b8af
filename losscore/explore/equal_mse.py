"""One photograph distorted in seven ways, each until its mean squared error is the same."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

import losscore
from losscore.explore.judged import judge
from losscore.scenes.distortions import DISTORTIONS, distort
from losscore.scenes.photographs import photograph

# The most of each distortion that is tried; the error grows on the way there.
_MOST = {name: kind.far for name, kind in DISTORTIONS.items()} | {"blur": 12.0, "blocks": 3.0}
_HALVINGS = 22


@dataclass(frozen=True)
class Equals:
    """Pictures (S, K, H, W) of S levels and K distortions, how much was done (S, K), and what each loss says (S, K)."""

    names: tuple[str, ...]
    pictures: Tensor
    amounts: Tensor
    said: dict[str, Tensor]


@lru_cache(maxsize=32)
def equals(picture: str, levels: tuple[float, ...]) -> Equals:
    """The photograph `picture` under every one of DISTORTIONS at each mean squared error of `levels`.

    Raises KeyError for an unknown picture.
    """
    shown, wanted = photograph(picture), torch.tensor(levels)
    with torch.no_grad():
        amounts = {name: _solved(shown.whole, name, wanted) for name in DISTORTIONS}
        made = torch.stack([distort(shown.whole, **{name: at}) for name, at in amounts.items()], 1)
        said = judge(made.flatten(0, 1), shown.shown)
    each = {key: value.unflatten(0, made.shape[:2]) for key, value in said.items()}
    return Equals(tuple(DISTORTIONS), made, torch.stack(list(amounts.values()), 1), each)


def _solved(whole: Tensor, name: str, wanted: Tensor) -> Tensor:
    """How much of a distortion costs the `wanted` errors (S,): the interval that it lies in is halved each time."""
    mse = losscore.get("mse")
    truth = distort(whole)
    low, high = (torch.full_like(wanted, end) for end in (DISTORTIONS[name].none, _MOST[name]))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        error = mse(distort(whole, **{name: middle}), truth, reduction="none").mean((-2, -1))
        low, high = torch.where(error < wanted, middle, low), torch.where(error < wanted, high, middle)
    return (low + high) / 2
