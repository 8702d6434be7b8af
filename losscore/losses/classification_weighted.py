"""Cross-entropy with a weight for each class, given by hand or by how often the class occurs."""

from collections.abc import Sequence
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassLogits, Input, Label
from losscore.losses.classification_labels import surprise
from losscore.params import Param, Vector

LogitRows = Annotated[Tensor, Input("class logits", dims=("N", "C"), typical=(-4.0, 4.0))]
Labels = Annotated[Tensor, Input("labels", dims=("N",), low=0, integer=True, labels_of="C")]


def _of_each_class(values: Sequence[float] | Tensor, name: str, pred: Tensor) -> Tensor:
    """One number for each class of pred, as a float64 tensor. Raises ValueError for any other count."""
    numbers = torch.as_tensor(values, dtype=torch.float64, device=pred.device)
    if len(numbers) != pred.shape[-1]:
        raise ValueError(f"{name} must have one number for each of the {pred.shape[-1]} classes, got {len(numbers)}")
    return numbers


@loss(
    title="Class-weighted cross-entropy",
    family="classification",
    latex=r"\frac{\sum_i w_{y_i}\left(\log\sum_c e^{z_{i,c}} - z_{i,y_i}\right)}{\sum_i w_{y_i}}",
    insight="A rare class is made to count by hand: the border between two classes moves by the log of their ratio.",
    trap=(
        "The mean divides by the weights met in the batch, not by its rows: the same row pulls differently in another"
        " batch. Weighted outputs are no longer probabilities."
    ),
    source="King and Zeng 2001, doi:10.1093/oxfordjournals.pan.a004868",
    aliases=("balanced cross-entropy", "weighted CE", "class weights"),
    variant_of="cross_entropy",
    claims=Claims(
        convex=True,
        smooth=True,
        robust=False,
        flat=False,
        imbalance=True,
        logits=True,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def weighted_cross_entropy(
    pred: LogitRows,
    target: Labels,
    *,
    weight: Annotated[Sequence[float] | Tensor | None, Vector("w", 0.0, 10.0, "weight of each class")] = None,
) -> Tensor:
    """Weighted mean of the cross-entropy over the N rows of a batch; logits (..., N, C), labels (..., N) -> (...).

    The batch is the sample, since its weights are its normaliser. weight: one number a class, None for 1 each.
    A batch whose rows all have weight 0 costs 0. Raises ValueError for a number of weights other than C.
    """
    each = surprise(pred, target)
    if weight is None:
        return each.mean(-1)
    of_row = _of_each_class(weight, "weight", pred).to(pred.dtype)[target.long()]
    total = of_row.sum(-1)
    return (of_row * each).sum(-1) / torch.where(total > 0, total, 1)


@loss(
    title="Class-balanced cross-entropy",
    family="classification",
    latex=(
        r"w_y\left(\log\sum_c e^{z_c} - z_y\right),\quad w_c \propto \frac{1 - \beta}{1 - \beta^{n_c}},"
        r"\quad \sum_c w_c = C"
    ),
    insight="The thousandth example of a class says little new: weights follow what is new, between equal and 1/count.",
    trap="With beta = 0 nothing is weighted; near 1 a class seen five times may outweigh all the others together.",
    source="Cui et al. 2019, arXiv:1901.05555",
    aliases=("effective number of samples", "CB loss", "effective-number CE"),
    claims=Claims(
        convex=True, smooth=True, robust=False, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"
    ),
)
def class_balanced_ce(
    pred: ClassLogits,
    target: Label,
    *,
    beta: Annotated[
        float,
        Param(
            r"\beta",
            0.0,
            0.9999,
            "how slowly new examples stop to tell more",
            domain="[0, 1)",
            stops=(0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999),
        ),
    ] = 0.999,
    counts: Annotated[
        Sequence[float] | Tensor | None, Vector("n", 1.0, 1000.0, "examples of each class", domain="[1, inf)")
    ] = None,
) -> Tensor:
    """Cross-entropy times the weight of the true class; logits (..., C) and labels (...) -> (...).

    counts: how many examples each class has, None for equally many. The weights add up to C, and the mean is over
    rows. Raises ValueError for a number of counts other than C.
    """
    each = surprise(pred, target)
    if counts is None:
        return each
    # In float64: 1 - beta**n would keep few digits of a beta near 1.
    kept = torch.as_tensor(beta, dtype=torch.float64, device=pred.device)[..., None]
    rarity = -1 / torch.expm1(_of_each_class(counts, "counts", pred) * kept.log())
    weights = (rarity * pred.shape[-1] / rarity.sum(-1, keepdim=True)).to(pred.dtype)
    return (weights * F.one_hot(target.long(), pred.shape[-1])).sum(-1) * each
