"""Cross-entropy over C classes, bent by how probable the true class already is."""

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
    title="Focal over classes",
    family="classification",
    latex=r"-(1 - p_y)^\gamma\log p_y",
    insight="Rows that are already right fade from the bill: an easy one at 0.9 counts a hundredth of what it did.",
    trap="Some libraries divide by N and C, or sum yes-or-no focal losses over the classes under the same name.",
    source="Lin et al. 2017 (RetinaNet), arXiv:1708.02002",
    aliases=("softmax focal loss", "multiclass focal"),
    variant_of="focal_binary",
    claims=Claims(
        convex=False, smooth=True, robust=False, flat=False, imbalance=True, logits=True, minimum="0", maximum="oo"
    ),
)
def focal_multiclass(
    pred: ClassLogits,
    target: Label,
    *,
    gamma: Annotated[float, Param(r"\gamma", 0.0, 5.0, "how fast easy rows fade", domain="[0, inf)")] = 2.0,
) -> Tensor:
    """Cross-entropy times (1 - p of the true class)**gamma; logits (..., C) and labels (...) -> (...)."""
    odds = log_odds(pred, target)
    # The power as an exponential: of a power below 1 the slope at 0 would be infinite.
    return -torch.exp(gamma * F.logsigmoid(-odds)) * F.logsigmoid(odds)


@loss(
    title="Poly-1",
    family="classification",
    latex=r"-\log p_y + \epsilon_1 (1 - p_y)",
    insight="Cross-entropy is a series in 1 - p, and turning its first term up or down is often the whole trick.",
    trap="The best epsilon differs from task to task, even in sign.",
    source="Leng et al. 2022 (PolyLoss), arXiv:2204.12511",
    aliases=("PolyLoss", "Poly-1 cross-entropy"),
    claims=Claims(
        smooth=True,
        robust=False,
        flat=False,
        logits=True,
        slope_bound="Piecewise((1, epsilon <= 1), ((1 + epsilon)**2/(4*epsilon), True))",
        minimum="0",
        maximum="oo",
    ),
)
def poly1_ce(
    pred: ClassLogits,
    target: Label,
    *,
    epsilon: Annotated[
        float, Param(r"\epsilon_1", -1.0, 5.0, "what is added to the first term", domain="[-1, inf)")
    ] = 1.0,
) -> Tensor:
    """Cross-entropy plus epsilon times (1 - p of the true class); logits (..., C) and labels (...) -> (...)."""
    odds = log_odds(pred, target)
    return epsilon * torch.sigmoid(-odds) - F.logsigmoid(odds)
