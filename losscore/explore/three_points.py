"""An anchor, a positive and a negative in the plane: what they cost, and where each would go."""

import torch
from torch import Tensor

import losscore

ZONES = ("easy", "semi-hard", "hard")


def cost(key: str, points: Tensor, margin: float | Tensor) -> Tensor:
    """The loss (S,) of points (S, 3, 2), anchor, positive, negative; a loss of pairs takes both pairs of the anchor.

    logistic_margin knows no margin.
    """
    loss = losscore.get(key)
    anchor, positive, negative = points.unbind(-2)
    if key.startswith("triplet"):
        return loss(anchor, positive, negative, margin=margin, reduction="none")
    one = points.new_ones(points.shape[:-2])
    if key in ("margin_ranking", "logistic_margin"):  # the score of a pair is how near it is
        near, far = (-torch.linalg.vector_norm(anchor - other, dim=-1) for other in (positive, negative))
        if key == "logistic_margin":
            return loss(near - far, one, reduction="none")
        return loss(near, far, one, margin=margin, reduction="none")
    apart = -one if key == "cosine_embedding" else 0 * one
    alike = loss(anchor, positive, one, margin=margin, reduction="none")
    return alike + loss(anchor, negative, apart, margin=margin, reduction="none")


def pulls(key: str, points: Tensor, margin: float | Tensor) -> tuple[Tensor, Tensor]:
    """The loss (S,) and the negative gradient on each point (S, 3, 2)."""
    points = points.detach().requires_grad_()
    value = cost(key, points, margin)
    (slope,) = torch.autograd.grad(value.sum(), points)
    return value.detach(), -slope


def zone(points: Tensor, margin: float | Tensor, *, squared: bool) -> Tensor:
    """Which of ZONES (S,) the negative lies in: beyond the margin, inside it, or nearer than the positive."""
    anchor, positive, negative = points.unbind(-2)
    near, far = (torch.linalg.vector_norm(anchor - other, dim=-1) for other in (positive, negative))
    near, far = (near.square(), far.square()) if squared else (near, far)
    return torch.where(far <= near, 2, torch.where(far < near + margin, 1, 0))
