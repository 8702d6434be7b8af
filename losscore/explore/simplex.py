"""A loss over all answers to a question of three classes: what one costs, and where its gradient leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

import losscore

LEAST = 1e-6  # no probability is smaller: its logit would have no end


@dataclass(frozen=True)
class Answers:
    """value: (S, N), the loss. push: (S, N, 3), minus the gradient by the logits. drift: (S, N, 3), where the push
    moves the probabilities; its entries add up to 0."""

    value: Tensor
    push: Tensor
    drift: Tensor


def shares(first: float | Tensor, odds: float | Tensor) -> Tensor:
    """Three probabilities, (S, 3): the first, and the rest split between the others as odds : 1."""
    one, ratio = torch.broadcast_tensors(*(torch.as_tensor(v, dtype=torch.float64).reshape(-1) for v in (first, odds)))
    rest = (1 - one) / (1 + ratio)
    return torch.stack([one, rest * ratio, rest], -1)


def answers(key: str, p: Tensor, params: Mapping[str, Any], truth: float | Tensor = 1.0) -> Answers:
    """A loss of class logits or of a distribution at each of the probabilities p (S or 1, N, 3); the first is true.

    truth: the first class's share of the truth, the others divide the rest evenly; only for a loss that takes a
    distribution as target. It or a parameter may be a tensor (S,). Raises KeyError for an unknown loss.
    """
    loss = losscore.get(key)
    swept = {name: value[:, None] if isinstance(value, Tensor) else value for name, value in params.items()}
    whole = shares(truth, 1.0).to(p.dtype)
    counts = [len(value) for value in (p, whole, *swept.values()) if isinstance(value, Tensor)]
    logits = p.clamp(min=LEAST).log().expand(max(counts), -1, -1).clone().requires_grad_()
    labelled = loss.inputs["target"].integer
    target = torch.zeros(logits.shape[:-1], dtype=torch.long) if labelled else whole[:, None].expand_as(logits)
    with torch.enable_grad():
        pred = logits.softmax(-1) if loss.inputs["pred"].simplex else logits
        value = loss(pred, target, reduction="none", **swept)
        # A count of errors has no slope anywhere.
        slope = torch.autograd.grad(value.sum(), logits)[0] if value.requires_grad else torch.zeros_like(logits)
    now = logits.detach().softmax(-1)
    return Answers(value.detach(), -slope, -now * (slope - (now * slope).sum(-1, keepdim=True)))


def inputs_of(key: str, p: Tensor, truth: float | Tensor = 1.0) -> dict[str, Tensor]:
    """What the loss takes for answers p (S, 3): their logarithms are logits."""
    kinds = losscore.get(key).inputs
    pred = p if kinds["pred"].simplex else p.clamp(min=LEAST).log()
    target = torch.zeros(1, dtype=torch.long) if kinds["target"].integer else shares(truth, 1.0)
    return {"pred": pred, "target": target}


def best(key: str, params: Mapping[str, Any], truth: float | Tensor = 1.0) -> Tensor:
    """The first class's share in the cheapest answer that treats the others alike, (S,), to 1e-3."""
    p = shares(torch.linspace(0, 1, 1001, dtype=torch.float64), 1.0)
    return p[answers(key, p[None], params, truth).value.argmin(-1), 0]
