"""Counts of people: what the same error costs where few are expected and where many are."""

import torch
from torch import Tensor

import losscore

LOSSES = ("mse", "poisson_nll")


def missed(key: str, error: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    """What predicting `error` too many costs above predicting what is true, and its gradient; both broadcast, (...)."""
    loss = losscore.get(key)
    pred, onto = (side.contiguous() for side in torch.broadcast_tensors(true + error, true))
    cost = loss(pred, onto, reduction="none") - loss(onto, onto, reduction="none")
    return cost, loss.gradient(pred, onto, reduction="sum")
