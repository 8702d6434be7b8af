"""Combining: how the losses of several tasks become one number."""

from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input

TaskLosses = Annotated[Tensor, Input("task losses", dims=("K",), typical=(0.1, 3.0))]
# exp of the ends stays finite in float32, with room for a large loss and a sum.
TaskLogVariances = Annotated[
    Tensor, Input("task log-variances", dims=("K",), low=-50.0, high=50.0, typical=(-5.0, 5.0))
]


@loss(
    title="Uncertainty weighting",
    family="combining",
    latex=r"\sum_{i=1}^{K} e^{-s_i} L_i + s_i,\quad s_i = \log \sigma_i^2",
    insight="Each task learns its own weight, and it settles at one over its loss: loud tasks are turned down.",
    trap="A task whose loss nears 0 gets a weight without end, and with a negative loss there is no minimum at all.",
    source="Kendall et al. 2018, arXiv:1705.07115",
    aliases=("multi-task", "homoscedastic uncertainty", "Kendall"),
    claims=Claims(smooth=True, robust=False, flat=False, slope_bound="oo", minimum="-oo", maximum="oo"),
)
def uncertainty_weighting(losses: TaskLosses, log_var: TaskLogVariances) -> Tensor:
    """Sum over K tasks of exp(-log_var) times the loss, plus log_var, (..., K) and (..., K) -> (...).

    Best at log_var = log(loss), where the sum is that of 1 + log(loss). Log-variances from -50 to 50 are accepted.
    """
    return (torch.exp(-log_var) * losses + log_var).sum(-1)
