"""Classification of one thing into yes and no, from a probability: pred lies between 0 and 1."""

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import BinaryTarget, Probability


@loss(
    title="Brier score",
    family="classification",
    formula="(p - y)**2",
    insight="The squared error of a forecast: honest doubt pays best, and even the worst answer costs no more than 1.",
    trap="Behind a sigmoid it has flat ends: sure and wrong gives hardly any gradient.",
    source="Brier 1950, Mon. Weather Rev. 78",
    aliases=("quadratic score", "squared error of probabilities"),
    torch_call="F.mse_loss(pred, target)",
    claims=Claims(
        convex=True, even=True, smooth=True, flat=False, logits=False, slope_bound="2", minimum="0", maximum="1"
    ),
)
def brier_binary(pred: Probability, target: BinaryTarget) -> Tensor:
    """Squared difference of probability and target."""
    p, y = torch.broadcast_tensors(pred, target)
    return F.mse_loss(p, y, reduction="none")


@loss(
    title="Binary cross-entropy of probabilities",
    family="classification",
    formula="-y*Max(-100, log(p)) - (1 - y)*Max(-100, log(1 - p))",
    insight="The price of surprise: each halving of the probability of what happened costs the same again.",
    trap=(
        "The logarithm is infinite at 0 and every library cuts it elsewhere: torch at 100, Keras at 16, scikit-learn"
        " at 36; behind a sigmoid that has reached 0 or 1 there is no gradient left."
    ),
    source="Good 1952, J. R. Stat. Soc. B 14",
    aliases=("BCE", "BCELoss", "log loss", "logarithmic score"),
    variant_of="bce_with_logits",
    torch_call="F.binary_cross_entropy(pred, target)",
    claims=Claims(flat=False, logits=False, slope_bound="oo", minimum="0", maximum="100"),
)
def bce_probs(pred: Probability, target: BinaryTarget) -> Tensor:
    """-y log p - (1 - y) log(1 - p), each logarithm stopped at -100; at p = 0 or 1 the gradient is at most 1e12."""
    p, y = torch.broadcast_tensors(pred, target)
    return F.binary_cross_entropy(p, y, reduction="none")
