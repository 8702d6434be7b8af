"""Classification under wrong labels: losses over C classes that are bounded, and so give up on a hopeless row."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import ClassLogits, Label
from losscore.losses.classification_labels import log_odds
from losscore.params import Param


@loss(
    title="Generalised cross-entropy",
    family="classification",
    latex=r"\frac{1 - p_y^q}{q}",
    insight="One slider from cross-entropy to absolute error: the larger q, the less a wrong label is believed.",
    trap="A row that is sure and wrong hardly pulls: a bad start stays bad.",
    source="Zhang and Sabuncu 2018, arXiv:1805.07836",
    aliases=("GCE", "L_q loss", "noise-robust cross-entropy"),
    claims=Claims(
        convex=False,
        smooth=True,
        robust=True,
        flat=True,
        logits=True,
        slope_bound="(q/(1 + q))**q/(1 + q)",
        minimum="0",
        maximum="1/q",
    ),
)
def generalized_ce(
    pred: ClassLogits,
    target: Label,
    *,
    q: Annotated[float, Param("q", 0.01, 1.0, "from cross-entropy (0) to absolute error (1)", domain="(0, 1]")] = 0.7,
) -> Tensor:
    """(1 - p**q)/q for the probability p of the true class; logits (..., C) and labels (...) -> (...)."""
    return -torch.expm1(q * F.logsigmoid(log_odds(pred, target))) / q


@loss(
    title="Absolute error of probabilities",
    family="classification",
    latex=r"\sum_c\left|p_c - [c = y]\right| = 2(1 - p_y)",
    insight="Summed over all labels it is the same number for any answer, so labels wrong at random cancel out.",
    trap="With many classes it starts almost flat, and training may not get going.",
    source="Ghosh et al. 2017, arXiv:1712.09482",
    aliases=("MAE for classification", "unhinged", "L1 of probabilities"),
    claims=Claims(
        convex=False, smooth=True, robust=True, flat=True, logits=True, slope_bound="1/2", minimum="0", maximum="2"
    ),
)
def mae_probs(pred: ClassLogits, target: Label) -> Tensor:
    """2(1 - p) for the probability p of the true class, softmax inside; logits (..., C) and labels (...) -> (...)."""
    return 2 * torch.sigmoid(-log_odds(pred, target))
