"""Linear classifiers trained to the end under losses of the margin, for a whole drag at once, and how well they do."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.explore.rounding import SmoothCost
from losscore.scenes.digits import TwoClasses

WEIGHING = ("weighted_cross_entropy", "class_balanced_ce")  # cross-entropy in which the classes count unlike
RIDGE = 1e-3  # half of it times the squared slopes is added, so that there is a best line even without any overlap
_LENGTHS = torch.tensor([1.0, 0.5, 0.2, 0.05, 0.01], dtype=torch.float64)[:, None]
_WIDTHS = (0.3, 0.03, 3e-3, 3e-4, 3e-5)  # over which the hinge's corner is rounded off, one after the other
_ENOUGH = 1e-12  # where a step lowers the value by less than this part of it, it is the last


@dataclass(frozen=True)
class _Fit:
    """B classifiers of P numbers, the last one a constant, on N points.

    design: (B, N, P), each row times its label -1 or +1, so that it gives margins. weight: (B, N), rows sum to 1.
    """

    design: Tensor
    weight: Tensor
    ridge: Tensor

    def margin(self, theta: Tensor) -> Tensor:
        """(B, L, N) for candidates (B, L, P)."""
        return theta @ self.design.mT

    def value(self, theta: Tensor, cost: SmoothCost) -> Tensor:
        """The weighted mean cost and the penalty, (B, L)."""
        each = cost(self.margin(theta))
        return (each * self.weight[:, None]).sum(-1) + (self.ridge * theta.square()).sum(-1) / 2


def train(key: str, scene: TwoClasses, **params: Any) -> Tensor:
    """The two slopes and the constant of the classifier with the least mean loss and a little ridge, (S, 3).

    key: a loss of logits or of scores, or one of WEIGHING. It is trained on margins: label (-1 or +1) times score. A
    parameter may be a tensor (S,). Convex losses are within 1e-5 of their minimiser; focal, which is not, is followed
    down from 0.
    Raises KeyError for an unknown loss and ValueError for one that takes neither logits nor scores.
    """
    sign = 2 * scene.label - 1
    design = torch.cat([scene.x, torch.ones_like(scene.x[..., :1])], -1) * sign[..., None]
    of_class = class_weights(key, scene, params.pop("beta", 0.0))
    weight = scene.weight * torch.where(scene.label == 1, of_class[:, 1:], of_class[:, :1])
    swept = {name: value[:, None, None] if isinstance(value, Tensor) else value for name, value in params.items()}
    count = max(len(weight), *(len(value) for value in swept.values() if isinstance(value, Tensor)), 1)
    ridge = torch.tensor([RIDGE, RIDGE, 0.0], dtype=torch.float64)
    share = (weight / weight.sum(-1, keepdim=True)).expand(count, -1)
    fit = _Fit(design.expand(count, -1, -1), share, ridge)
    theta = torch.zeros(count, 1, design.shape[-1], dtype=torch.float64)
    raw = _MarginCost(key, swept)
    corner = torch.ones(count, 1, dtype=torch.float64)[:, : key == "hinge"]
    for width in _WIDTHS if key == "hinge" else (1.0,):
        theta = _descend(fit, theta, SmoothCost(raw, corner, corner, design.new_tensor(width)))
    return theta[:, 0]


def class_weights(key: str, scene: TwoClasses, beta: float | Tensor = 0.0) -> Tensor:
    """What a no and a yes count for under this loss, (S, 2): alike, unless it is one of WEIGHING.

    beta: of class-balanced cross-entropy, a number or a tensor (S,).
    """
    yes = scene.label == 1
    counts = torch.stack([(scene.weight * of).sum(-1) for of in (~yes, yes)], -1).clamp(min=1)
    if key == "weighted_cross_entropy":  # both classes the same in all
        return counts.sum(-1, keepdim=True) / (2 * counts)
    if key != "class_balanced_ce":
        return torch.ones_like(counts)
    loss, nothing = losscore.get(key), torch.zeros(2, 2, dtype=torch.float64)  # which costs ln 2, times its weight
    steps = zip(*torch.broadcast_tensors(torch.as_tensor(beta).reshape(-1, 1), counts), strict=True)
    of_step = [loss(nothing, torch.arange(2), beta=b[0].item(), counts=n, reduction="none") for b, n in steps]
    return torch.stack(of_step) / math.log(2)


@dataclass(frozen=True)
class _MarginCost:
    """What a margin costs under a loss."""

    key: str
    params: Mapping[str, Any]

    def __call__(self, margin: Tensor) -> Tensor:
        loss = losscore.get("bce_with_logits" if self.key in WEIGHING else self.key)
        if loss.inputs["pred"].dims or loss.inputs["pred"].low > -torch.inf:
            raise ValueError(f"{self.key}: a linear classifier needs a loss of one logit or score")
        return loss(margin, torch.ones_like(margin), reduction="none", **self.params)


def _descend(fit: _Fit, theta: Tensor, cost: SmoothCost, rounds: int = 60) -> Tensor:
    """Newton's method from theta (B, 1, P), all lengths of a step tried in one call, until no step lowers a value."""
    value = fit.value(theta, cost)
    outer = (fit.design[..., :, None] * fit.design[..., None, :]).flatten(-2)
    for _ in range(rounds):
        first, second, _ = cost.slopes(fit.margin(theta))
        share = fit.weight[:, None]
        gradient = (share * first) @ fit.design + fit.ridge * theta
        # Where the loss bends down, its curvature would lead uphill: there it counts as none.
        curved = ((share * second.clamp(min=0)) @ outer).unflatten(-1, (theta.shape[-1],) * 2)
        hessian = curved + torch.diag(fit.ridge + 1e-12)
        step = -torch.linalg.solve(hessian, gradient)
        # A step of ten is as far as a flat place may throw a classifier of points within five.
        step = step * (10 / step.norm(dim=-1, keepdim=True).clamp(min=10))
        tried = theta + _LENGTHS * step
        least, at = fit.value(tried, cost).min(-1, keepdim=True)
        better = value - least > _ENOUGH * value.abs()
        theta = tried.gather(1, at[..., None].expand(-1, -1, theta.shape[-1])).where(better[..., None], theta)
        value = least.where(better, value)
        if not better.any():
            break
    return theta


def scores(theta: Tensor, x: Tensor) -> Tensor:
    """The score of each of M places (M, 2) under each of S classifiers (S, 3): (S, M)."""
    return theta[:, :2] @ x.mT + theta[:, 2:]


SAYS_NOTHING = ("hinge",)  # losses whose scores stand for no probability


def said(key: str, score: Tensor) -> Tensor | None:
    """The probability of yes that a score stands for; None for a loss whose scores stand for none.

    Trained on -1 and +1, least squares estimate twice the probability minus one.
    """
    if key in SAYS_NOTHING:
        return None
    return ((1 + score) / 2).clamp(0, 1) if key == "mse" else score.sigmoid()
