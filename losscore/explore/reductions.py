"""The squares of a small batch of errors, put together in four ways, and what each of them pulls with."""

from collections.abc import Callable

import torch
from torch import Tensor

import losscore

OTHER = 4.0  # every second error of the batch


def _squares(errors: Tensor) -> Tensor:
    return losscore.get("mse")(errors, torch.zeros_like(errors), reduction="none")


WAYS: dict[str, Callable[[Tensor], Tensor]] = {
    "squares_sum": lambda errors: _squares(errors).sum(-1),
    "squares_half": lambda errors: _squares(errors).sum(-1) / 2,
    "squares_mean": lambda errors: _squares(errors).mean(-1),
    "squares_norm": lambda errors: _squares(errors).sum(-1).sqrt(),
}


def reductions(first: Tensor, count: int) -> dict[str, tuple[Tensor, Tensor, Tensor]]:
    """Each of WAYS for a batch of `count` errors, an even number, that are `first` (S,) and OTHER by turns.

    Its value, its gradient by the first prediction, and that by an offset which all predictions share: (S,) each.
    """
    errors = torch.stack([first, torch.full_like(first, OTHER)], -1).repeat(1, count // 2).requires_grad_()
    found = {}
    for key, way in WAYS.items():
        value = way(errors)
        (slopes,) = torch.autograd.grad(value.sum(), errors)
        found[key] = (value.detach(), slopes[:, 0], slopes.sum(-1))
    return found
