"""Classification by margins: pred is a score, target -1 or +1, and only their product m decides what is paid."""

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Score, Sign


@loss(
    title="Hinge",
    family="classification",
    formula="Max(0, 1 - p*y)",
    insight="Right by a margin of 1 is good enough: from there on a point is free and only the others hold the line.",
    trap="The kink lies at a margin of 1, not at 0: a point that is right by less still pays.",
    source="Cortes and Vapnik 1995, doi:10.1007/BF00994018",
    aliases=("SVM loss", "margin loss", "soft margin SVM", "support vector machine"),
    claims=Claims(
        convex=True,
        even=False,
        smooth=False,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def hinge(pred: Score, target: Sign) -> Tensor:
    """What the margin lacks to 1; the gradient at a margin of 1 is 0."""
    return F.relu(1 - target * pred)


@loss(
    title="Squared hinge",
    family="classification",
    formula="Max(0, 1 - p*y)**2",
    insight="The hinge without its kink: the pull starts at nothing and grows with every step on the wrong side.",
    trap="A single point far on the wrong side counts by its square.",
    source="Chang et al. 2008, J. Mach. Learn. Res. 9",
    aliases=("L2-SVM", "quadratic hinge"),
    variant_of="hinge",
    claims=Claims(
        convex=True,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def squared_hinge(pred: Score, target: Sign) -> Tensor:
    """Square of what the margin lacks to 1."""
    return F.relu(1 - target * pred).square()


@loss(
    title="Logistic",
    family="classification",
    formula="log(1 + exp(-p*y))",
    insight="No margin is ever enough: even a point that is right still pulls a little, less the safer it is.",
    trap="It is binary cross-entropy with -1 for no, and has to be divided by ln 2 to lie above the 0-1 loss.",
    source="Cox 1958, J. R. Stat. Soc. B 20",
    aliases=("deviance", "soft margin", "logistic regression", "log loss", "SoftMarginLoss"),
    torch_call="F.soft_margin_loss(pred, target)",
    claims=Claims(
        convex=True,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="1",
        minimum="0",
        maximum="oo",
    ),
)
def logistic_margin(pred: Score, target: Sign) -> Tensor:
    """softplus(-m) for the margin m; torch's soft_margin_loss overflows beyond -88 in float32, this one does not."""
    return -F.logsigmoid(target * pred)


@loss(
    title="Modified Huber",
    family="classification",
    formula="Piecewise((Max(0, 1 - p*y)**2, p*y >= -1), (-4*p*y, True))",
    insight="A squared hinge that turns into a straight line: no point, however wrong, pulls harder than 4.",
    trap="It is no Huber of the residual: the name speaks of the shape only.",
    source="Zhang 2004, doi:10.1214/aos/1079120130",
    aliases=("robust squared hinge", "modified_huber SGD"),
    claims=Claims(
        convex=True,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="4",
        minimum="0",
        maximum="oo",
    ),
)
def modified_huber(pred: Score, target: Sign) -> Tensor:
    """Squared hinge down to a margin of -1, below it a line of slope 4."""
    margin = target * pred
    return torch.where(margin >= -1, F.relu(1 - margin).square(), -4 * margin)


@loss(
    title="Exponential",
    family="classification",
    formula="exp(-p*y)",
    insight="Each step on the wrong side multiplies the bill, so one mislabelled point soon outvotes all the others.",
    trap="At a margin of -10 a point already costs 22,026: wrong labels ruin the fit.",
    source="Freund and Schapire 1997, doi:10.1006/jcss.1997.1504; Friedman et al. 2000, doi:10.1214/aos/1016218223",
    aliases=("AdaBoost loss", "boosting loss"),
    infinite="Below a margin of -709 (-88 in float32) it exceeds the largest number.",
    claims=Claims(
        convex=True,
        even=False,
        smooth=True,
        robust=False,
        flat=False,
        logits=False,
        slope_bound="oo",
        minimum="0",
        maximum="oo",
    ),
)
def exponential(pred: Score, target: Sign) -> Tensor:
    """exp(-m) for the margin m."""
    return torch.exp(-target * pred)


@loss(
    title="Savage",
    family="classification",
    formula="(1 + exp(2*p*y))**(-2)",
    insight="A point that is hopelessly wrong is given up: it costs 1 at most and stops pulling.",
    trap="A start far on the wrong side gets no gradient, so it may never recover.",
    source="Masnadi-Shirazi and Vasconcelos 2008 (SavageBoost), NIPS 21",
    aliases=("SavageBoost", "robust boosting"),
    claims=Claims(
        convex=False,
        even=False,
        smooth=True,
        robust=True,
        flat=True,
        logits=False,
        slope_bound="Rational(16, 27)",
        minimum="0",
        maximum="1",
    ),
)
def savage(pred: Score, target: Sign) -> Tensor:
    """Square of the sigmoid of -2m for the margin m."""
    return torch.sigmoid(-2 * target * pred).square()


@loss(
    title="Zero-one loss",
    family="classification",
    formula="Piecewise((1, p*y <= 0), (0, True))",
    insight="Right or wrong and nothing between: what one wants to know, and no slope to learn from.",
    trap="A score of exactly 0 counts as wrong here; libraries differ on it.",
    source="Wald 1950, Statistical Decision Functions",
    aliases=("0-1 loss", "0/1 loss", "error rate", "misclassification", "accuracy"),
    claims=Claims(convex=False, even=False, flat=True, logits=False, homogeneous=0, minimum="0", maximum="1"),
)
def zero_one(pred: Score, target: Sign) -> Tensor:
    """1 where the margin is 0 or less, else 0; the gradient is 0."""
    return (target * pred <= 0).to(pred.dtype)
