"""What class logits say of the true class: how surprised they are by it, and its odds against all the others."""

import torch
import torch.nn.functional as F
from torch import Tensor


def surprise(pred: Tensor, target: Tensor) -> Tensor:
    """-log p of the true class; logits (..., C) and labels (...) -> (...)."""
    batch = torch.broadcast_shapes(pred.shape[:-1], target.shape)
    # torch wants exactly one batch dimension, before the classes.
    rows = pred.expand(*batch, pred.shape[-1]).reshape(-1, pred.shape[-1])
    return F.cross_entropy(rows, target.long().expand(batch).reshape(-1), reduction="none").reshape(batch)


def leads_of_rivals(pred: Tensor, target: Tensor, own: float) -> Tensor:
    """How far each class lies above the true one, and `own` in the place of that; (..., C) and (...) -> (..., C)."""
    truth = F.one_hot(target.long(), pred.shape[-1]).bool()
    return torch.where(truth, own, pred - torch.where(truth, pred, 0).sum(-1, keepdim=True))


def log_odds(pred: Tensor, target: Tensor) -> Tensor:
    """log p - log(1 - p) of the true class; logits (..., C) and labels (...) -> (...).

    p is its sigmoid and 1 - p the sigmoid of its negative, so that no digits are lost however near p is to 0 or 1.
    """
    # The lowest finite number: of a single class there are no rivals, and -inf would turn 0 * inf into NaN.
    return -leads_of_rivals(pred, target, torch.finfo(pred.dtype).min).logsumexp(-1)
