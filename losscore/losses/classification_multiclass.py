"""Classification into one of C classes by the surprise about the true one: logits in, softmax inside."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassLogits, Distribution, Label
from losscore.losses.classification_labels import surprise
from losscore.params import Param


@loss(
    title="Cross-entropy",
    family="classification",
    latex=r"\log\sum_c e^{z_c} - z_y",
    insight="Only the probability of the true class is paid for, and what it lacks is taken from the rivals in turn.",
    trap="Takes raw scores: after a softmax of your own the loss can't come near 0.",
    source="Good 1952, J. R. Stat. Soc. B 14; Bridle 1990 (softmax)",
    aliases=("CE", "categorical cross-entropy", "sparse cross-entropy", "softmax loss", "log loss", "NLL"),
    torch_call="F.cross_entropy(pred, target)",
    claims=Claims(
        convex=True,
        smooth=True,
        robust=False,
        flat=False,
        imbalance=False,
        logits=True,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def cross_entropy(pred: ClassLogits, target: Label) -> Tensor:
    """-log p of the true class; logits (..., C) and labels (...) -> (...). The gradient is p minus 1 at the truth."""
    return surprise(pred, target)


@loss(
    title="Label smoothing",
    family="classification",
    latex=r"-(1 - \epsilon)\log p_y - \frac{\epsilon}{C}\sum_c\log p_c",
    insight="A little of the truth goes to every class, so being too sure costs again and scores stay moderate.",
    trap="The best value is not 0 but the entropy of the smoothed truth: 0.50 with 10 classes and 0.1.",
    source="Szegedy et al. 2016, arXiv:1512.00567; Müller et al. 2019, arXiv:1906.02629",
    aliases=("LS-CE", "smoothed cross-entropy", "label smoothed NLL"),
    torch_call="F.cross_entropy(pred, target, label_smoothing={label_smoothing})",
    claims=Claims(convex=True, smooth=True, robust=False, flat=False, logits=True, slope_bound="1", maximum="oo"),
)
def label_smoothing_ce(
    pred: ClassLogits,
    target: Label,
    *,
    label_smoothing: Annotated[
        float, Param(r"\epsilon", 0.0, 0.5, "share of the truth spread over all classes", domain="[0, 1)")
    ] = 0.1,
) -> Tensor:
    """Cross-entropy against a truth of which the share epsilon is spread evenly; (..., C) and labels (...) -> (...)."""
    over_all = -pred.log_softmax(-1).mean(-1)
    return (1 - label_smoothing) * surprise(pred, target) + label_smoothing * over_all


@loss(
    title="Cross-entropy with soft labels",
    family="classification",
    latex=r"-\sum_c t_c\log p_c",
    insight="The truth may be undecided too: the best answer repeats its shares and still pays their entropy.",
    trap="An undecided truth puts 0 out of reach; what exceeds its entropy is the Kullback-Leibler divergence.",
    source="Hinton et al. 2015 (distillation), arXiv:1503.02531",
    aliases=("soft targets", "distillation loss", "categorical cross-entropy"),
    variant_of="cross_entropy",
    torch_call="F.cross_entropy(pred, target)",
    claims=Claims(
        convex=True, smooth=True, robust=False, flat=False, logits=True, slope_bound="1", minimum="0", maximum="oo"
    ),
)
def soft_cross_entropy(pred: ClassLogits, target: Distribution) -> Tensor:
    """Mean surprise if the classes come in the shares of target; logits (..., C) and shares (..., C) -> (...)."""
    z, t = torch.broadcast_tensors(pred, target)
    classes = z.shape[-1]
    return F.cross_entropy(z.reshape(-1, classes), t.reshape(-1, classes), reduction="none").reshape(z.shape[:-1])
