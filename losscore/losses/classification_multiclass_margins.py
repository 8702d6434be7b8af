"""Classification into one of C classes by margins: scores in, the true class should lead its rivals by 1."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassScores, Label
from losscore.losses.classification_labels import leads_of_rivals


@loss(
    title="Multiclass hinge",
    family="classification",
    latex=r"\max\left(0,\; 1 + \max_{j\ne y} f_j - f_y\right)",
    insight="Only the strongest rival matters: the truth has to lead it by 1 and the others are not looked at.",
    trap="Where no class holds more than half of the cases, its best answer may name the wrong class.",
    source="Crammer and Singer 2001, J. Mach. Learn. Res. 2",
    aliases=("Crammer-Singer", "categorical hinge", "multiclass SVM"),
    claims=Claims(
        convex=True, smooth=False, robust=False, flat=False, logits=False, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def multiclass_hinge_cs(pred: ClassScores, target: Label) -> Tensor:
    """What the lead over the strongest rival lacks to 1, of equal rivals one; (..., C) and labels (...) -> (...)."""
    return F.relu(1 + leads_of_rivals(pred, target, -math.inf).max(-1).values)


@loss(
    title="Multiclass hinge over all rivals",
    family="classification",
    latex=r"\sum_{j\ne y}\max\left(0,\; 1 + f_j - f_y\right)",
    insight="Every rival that comes within 1 of the truth is pushed back, not the strongest one alone.",
    trap="torch's multi_margin_loss is this divided by the number of classes.",
    source="Weston and Watkins 1999, ESANN",
    aliases=("Weston-Watkins", "multi-margin", "MultiMarginLoss"),
    variant_of="multiclass_hinge_cs",
    torch_call="pred.shape[-1] * F.multi_margin_loss(pred, target)",
    claims=Claims(convex=True, smooth=False, robust=False, flat=False, logits=False, minimum="0", maximum="oo"),
)
def multiclass_hinge_ww(pred: ClassScores, target: Label) -> Tensor:
    """Sum over the rivals of what the lead over each lacks to 1; scores (..., C) and labels (...) -> (...)."""
    batch, classes = torch.broadcast_shapes(pred.shape[:-1], target.shape), pred.shape[-1]
    rows, labels = pred.expand(*batch, classes).reshape(-1, classes), target.long().expand(batch).reshape(-1)
    return classes * F.multi_margin_loss(rows, labels, reduction="none").reshape(batch)


@loss(
    title="Zero-one loss over classes",
    family="classification",
    latex=r"\left[\,f_y \le \max_{j\ne y} f_j\,\right]",
    insight="The first place is all that counts: accuracy looks at nothing else, and there is no slope to it.",
    trap="A tie for the first place counts as wrong here; an argmax may call it right.",
    source="Wald 1950, Statistical Decision Functions",
    aliases=("0-1 loss", "top-1 error", "error rate", "accuracy", "misclassification"),
    variant_of="zero_one",
    claims=Claims(convex=False, flat=True, logits=False, homogeneous=0, minimum="0", maximum="1"),
)
def zero_one_multiclass(pred: ClassScores, target: Label) -> Tensor:
    """1 where some rival scores as much as the true class or more, else 0; (..., C) -> (...); the gradient is 0."""
    return (leads_of_rivals(pred, target, -math.inf).max(-1).values >= 0).to(pred.dtype)
