"""How good a classifier's scores are on weighted points: accuracy, F1, ROC curve and its area, calibration."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Roc:
    """false, true: (S, M + 1), shares of no and of yes found as the threshold falls. area: (S,)."""

    false: Tensor
    true: Tensor
    area: Tensor


@dataclass(frozen=True)
class Reliability:
    """said, seen: (S, K), mean probability and share of yes in each bin; NaN in an empty one. error: (S,), the ECE."""

    said: Tensor
    seen: Tensor
    error: Tensor


def accuracy_and_f1(score: Tensor, label: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Both at the threshold 0, (S,); F1 of yes. score: (S, M). label: (M,) of 0 and 1. weight: (S or 1, M).

    F1 is 0 where no yes is found.
    """
    yes = (score > 0).to(weight)
    right = (torch.where(label == 1, yes, 1 - yes) * weight).sum(-1) / weight.sum(-1)
    hit = (yes * label * weight).sum(-1)
    return right, 2 * hit / ((yes + label) * weight).sum(-1)


def roc(score: Tensor, label: Tensor) -> Roc:
    """Points of the curve at every score, highest first; the area counts a tie as half. Shapes as above."""
    order = score.argsort(dim=-1, descending=True)
    sorted_label = label.expand_as(score).gather(-1, order)
    false, true = (
        torch.nn.functional.pad(found.cumsum(-1) / found.sum(-1, keepdim=True), (1, 0))
        for found in (1 - sorted_label, sorted_label)
    )
    lead = score[:, label == 1][:, :, None] - score[:, label == 0][:, None]
    return Roc(false, true, ((lead > 0).double() + (lead == 0).double() / 2).mean((1, 2)))


def reliability(said: Tensor, label: Tensor, weight: Tensor, bins: int) -> Reliability:
    """Bins of equal width from 0 to 1 over the said probabilities (S, M). Shapes as above.

    The expected calibration error is the mean gap between said and seen, each bin with the weight of its points.
    """
    place = (said * bins).long().clamp(max=bins - 1)
    member = torch.nn.functional.one_hot(place, bins).to(weight) * weight[..., None]  # (S, M, K)
    mass = member.sum(1)
    mean, seen = ((member * number[..., None]).sum(1) / mass for number in (said, label.expand_as(said)))
    gap = ((mean - seen).abs() * mass).nan_to_num(nan=0.0)
    return Reliability(mean, seen, gap.sum(-1) / mass.sum(-1))
