"""Who owns a loss: which rows of a table, or pixels of a mask, it and its gradient come from."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.own.tables import Table
from losscore.record import Loss
from losscore.registry import losses

_FAMILY = {"values": "regression", "logit": "classification", "probability": "classification",
           "classes": "classification"}  # fmt: skip
_EDGE = 1e-7  # how near to 0 and 1 a probability may come before its logit is taken


@dataclass(frozen=True)
class Owned:
    """One loss of the data: its value; the share of each row or pixel in it, and in the length of its gradient.

    Shares sum to 1; None where the loss is no sum of rows, or has negative parts, or no gradient at all.
    `refused`: why this loss cannot be had of these numbers, else "".
    """

    loss: Loss
    value: float
    shares: Tensor | None
    pulls: Tensor | None
    refused: str = ""


def own_rows(table: Table) -> list[Owned]:
    """Every loss of the table's family that takes such numbers, in teaching order."""
    found = []
    for loss in losses(_FAMILY[table.task]):
        given = _inputs(loss, table)
        if given is not None:
            found.append(_owned(loss, *given))
    return found


def own_pixels(pred: Tensor, truth: Tensor) -> tuple[list[Owned], list[Owned]]:
    """The losses of a predicted mask (H, W) of probabilities and a true one of 0 and 1; and the metrics of both.

    Losses of several classes are left out. Raises ValueError for masks of different size.
    """
    if pred.shape != truth.shape:
        sizes = " and ".join(f"{mask.shape[1]} by {mask.shape[0]}" for mask in (truth, pred))
        raise ValueError(f"The two masks must have one size; they have {sizes} pixels.")
    kinds = {"probability map": pred, "logit map": torch.logit(pred, _EDGE)}
    found = [
        _owned(loss, kinds[kind], truth)
        for loss in losses("segmentation")
        if (kind := loss.inputs["pred"].kind) in kinds and list(loss.inputs) == ["pred", "target"]
    ]
    hard = (pred >= 0.5).to(pred.dtype)
    metrics = [Owned(metric, float(metric(hard, truth)), None, None) for metric in losses("metrics")]
    return found, metrics


def half_of(shares: Tensor) -> float:
    """The smallest part of all rows or pixels that holds half of these shares together."""
    sorted_shares = shares.flatten().sort(descending=True).values.cumsum(0)
    return (int((sorted_shares < 0.5 - 1e-12).sum()) + 1) / shares.numel()


def _inputs(loss: Loss, table: Table) -> tuple[Tensor, Tensor] | None:
    """The table's columns as this loss takes them; None where it takes something else."""
    if list(loss.inputs) != ["pred", "target"]:
        return None
    kind, aim = loss.inputs["pred"].kind, loss.inputs["target"].kind
    pred, target = table.pred, table.target
    if table.task == "values":
        return pred, target
    if table.task == "classes":
        if aim not in ("label", "labels"):
            return None
        return (F.softmax(pred, -1) if kind == "distribution" else pred), target
    logit = pred if table.task == "logit" else torch.logit(pred, _EDGE)
    given = {"logit": logit, "score": logit, "probability": pred if table.task == "probability" else logit.sigmoid()}
    return (given[kind], 2 * target - 1 if aim == "sign" else target) if kind in given else None


def _owned(loss: Loss, pred: Tensor, target: Tensor) -> Owned:
    try:
        value = float(loss(pred, target))
        each = loss(pred, target, reduction="none")
        slope = loss.gradient(pred, target, reduction="sum") if loss.differentiable else torch.zeros_like(pred)
    except ValueError as error:
        return Owned(loss, float("nan"), None, None, str(error).partition(": ")[2])
    rows = target.ndim > 1 or pred.ndim == 1  # one gradient entry a row or pixel; else one a class of each row
    pulls = slope.abs() if rows else slope.norm(dim=-1)
    shares = each if each.shape == target.shape and bool((each >= 0).all()) else None
    return Owned(loss, value, _parts(shares), _parts(pulls))


def _parts(sizes: Tensor | None) -> Tensor | None:
    """Sizes as parts of their sum; None where there is nothing to share out."""
    if sizes is None:
        return None
    total = sizes.sum()
    return sizes / total if total > 0 and total.isfinite() else None
