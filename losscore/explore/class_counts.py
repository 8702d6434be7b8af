"""What good and bad numbers are with C classes: a clueless answer, the best one, and what a mistake leaves of it."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

import losscore

COUNTS = (2, 3, 4, 5, 7, 10, 20, 50, 100, 200, 500, 1000)
WAYS = ("plain", "twice", "smoothed")  # cross-entropy; of a softmax's output; with label smoothing
_SURE = 40.0  # a lead after which float32 knows no doubt


@dataclass(frozen=True)
class Scale:
    """Of one number of classes, by way: the cost at each lead (..., P) and the lowest cost there is, (1,) or (S,).

    divergence: KL of a truth of 0.9, the rest spread evenly, from a uniform guess.
    """

    costs: dict[str, Tensor]
    lowest: dict[str, Tensor]
    divergence: Tensor


def scale(classes: int, lead: Tensor, smoothing: float | Tensor) -> Scale:
    """lead (P,): by how much the true class's logit exceeds all the others, which are 0.

    smoothing, label smoothing's epsilon, may be a tensor (S,); the costs of that way are then (S, P).
    """
    epsilon = torch.as_tensor(smoothing, dtype=lead.dtype).reshape(-1)
    # The best answer to smoothed labels repeats them; without smoothing it is as sure as can be.
    best = (1 + classes * (1 - epsilon) / epsilon).log().clamp(max=_SURE)
    sure = torch.full((1,), _SURE)
    truth = torch.full((classes,), 0.1 / (classes - 1))
    truth[0] = 0.9
    uniform = torch.full_like(truth, 1 / classes)
    return Scale(
        {
            "plain": _cost("cross_entropy", _logits(lead, classes)),
            "twice": _cost("cross_entropy", F.softmax(_logits(lead, classes), -1)),
            "smoothed": _smoothed(_logits(lead, classes), epsilon[:, None]),
        },
        {
            "plain": _cost("cross_entropy", _logits(sure, classes)),
            "twice": _cost("cross_entropy", F.softmax(_logits(sure, classes), -1)),
            "smoothed": _smoothed(_logits(best, classes), epsilon),
        },
        losscore.get("kl_divergence")(uniform, truth),
    )


def _logits(lead: Tensor, classes: int) -> Tensor:
    return F.pad(lead[..., None], (0, classes - 1))


def _cost(key: str, pred: Tensor) -> Tensor:
    return losscore.get(key)(pred, torch.zeros(pred.shape[:-1], dtype=torch.long), reduction="none")


def _smoothed(pred: Tensor, epsilon: Tensor) -> Tensor:
    truth = torch.zeros(pred.shape[:-1], dtype=torch.long)
    return losscore.get("label_smoothing_ce")(pred, truth, reduction="none", label_smoothing=epsilon)
