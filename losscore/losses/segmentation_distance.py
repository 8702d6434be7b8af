"""Segmentation losses that know how far a pixel lies from the edge, in pixels."""

from typing import Annotated

from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.distance import distance_to_other, signed_distance
from losscore.inputs import Mask, ProbabilityMap
from losscore.params import Param


@loss(
    title="Boundary",
    family="segmentation",
    latex=(
        r"\frac1N\sum_i p_i\,\phi_i,\quad \phi_i = \begin{cases} -(d_i - 1) & y_i = 1 \\ d_i & y_i = 0 \end{cases},"
        r"\ d_i\ \text{to the other side}"
    ),
    insight="Probability outside costs its distance to the object; this map of prices never changes during training.",
    trap=(
        "It can be negative, grows with the size of the picture and does not care about the object's rim: use it beside"
        " a region loss. An empty or full truth has no edge and costs 0."
    ),
    source="Kervadec et al. 2019, arXiv:1812.07032",
    aliases=("surface loss", "Kervadec"),
    claims=Claims(
        convex=True,
        smooth=True,
        flat=False,
        imbalance=True,
        logits=False,
        slope_bound="1",
        minimum="-oo",
        maximum="oo",
    ),
)
def boundary_loss(pred: ProbabilityMap, target: Mask) -> Tensor:
    """Mean of probability times signed distance in pixels, (..., H, W) -> (...). Target: foreground from 0.5 up."""
    prices = signed_distance(target >= 0.5, pred.dtype)
    return (pred * prices).mean((-2, -1))


@loss(
    title="Hausdorff by distance transforms",
    family="segmentation",
    latex=(
        r"\frac1N\sum_i (p_i - y_i)^2\left(D_p(i)^\alpha + D_y(i)^\alpha\right),"
        r"\quad D = \text{distance to the edge of } [p > \tfrac12]\ \text{and of } y"
    ),
    insight="A wrong pixel costs more the further it lies from the edges: a stray speck hurts, a fuzzy rim hardly.",
    trap=(
        "No gradient passes through the distances, and the value jumps where a pixel crosses 0.5. With an empty truth"
        " and no p above 0.5 there is no edge at all: loss and gradient are exactly 0."
    ),
    source="Karimi & Salcudean 2019, doi:10.1109/TMI.2019.2930068",
    aliases=("Hausdorff loss", "HD loss", "distance transform"),
    claims=Claims(convex=False, smooth=False, logits=False, minimum="0", maximum="oo"),
)
def hausdorff_dt(
    pred: ProbabilityMap,
    target: Mask,
    *,
    alpha: Annotated[float, Param(r"\alpha", 0.5, 3.0, "power of the distance", domain="(0, inf)")] = 2.0,
) -> Tensor:
    """Mean squared error weighed by distances to both edges (pixels to the power alpha); (..., H, W) -> (...).

    The prediction is foreground above 0.5, the target from 0.5 up; an empty or full one of them adds no distance.
    """
    of_pixel = alpha[..., None, None] if isinstance(alpha, Tensor) else alpha
    to_pred = distance_to_other(pred > 0.5, pred.dtype) ** of_pixel
    to_target = distance_to_other(target >= 0.5, pred.dtype) ** of_pixel
    return ((pred - target).square() * (to_pred + to_target)).mean((-2, -1))
