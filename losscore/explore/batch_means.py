"""Ten samples, nine common and one rare: the mean of their losses in three ways, and how many are right."""

from dataclasses import dataclass

import torch
from torch import Tensor

import losscore

SIZE = 10


@dataclass(frozen=True)
class Means:
    """probability, cost: (S, SIZE), the rare sample last. mean, accuracy, by_weight, by_rows: (S,).

    by_weight divides the weighted costs by the sum of the weights, by_rows by the number of samples.
    """

    probability: Tensor
    cost: Tensor
    mean: Tensor
    accuracy: Tensor
    by_weight: Tensor
    by_rows: Tensor


def batch_means(common: float | Tensor, rare: float | Tensor, weight: float | Tensor) -> Means:
    """common, rare: the probability of the truth, in (0, 1), of nine samples and of the tenth, which has `weight`.

    Each may be a tensor (S,). A sample is right where its truth has more than one half.
    """
    nine, tenth, heavy = torch.broadcast_tensors(
        *(torch.as_tensor(value, dtype=torch.float32).reshape(-1) for value in (common, rare, weight))
    )
    probability = torch.stack([nine] * (SIZE - 1) + [tenth], -1)
    weights = torch.stack([torch.ones_like(heavy)] * (SIZE - 1) + [heavy], -1)
    yes = torch.ones_like(probability)
    cost = losscore.get("bce_probs")(probability, yes, reduction="none")
    wrong = losscore.get("zero_one")(torch.logit(probability), yes, reduction="none")
    total = (weights * cost).sum(-1)
    return Means(probability, cost, cost.mean(-1), 1 - wrong.mean(-1), total / weights.sum(-1), total / SIZE)
