"""Optimal transport with an entropy: the plan that moves one histogram onto another, blurred by reg."""

import math
from typing import Annotated

import torch
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input
from losscore.params import Param

Cost = Annotated[Tensor, Input("cost", dims=("N", "M"), typical=(0.0, 3.0))]
From = Annotated[Tensor, Input("mass", dims=("N",), low=0.0, high=1.0, simplex=True, typical=(0.0, 1.0))]
To = Annotated[Tensor, Input("mass", dims=("M",), low=0.0, high=1.0, simplex=True, typical=(0.0, 1.0))]

SHRINK = 0.75  # of the blur, round by round, on its way from the spread of the costs down to reg
POLISH = 8  # rounds at reg itself
REACHES = (1e300, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.0)  # how far a step may go, in units of the blur: all are tried
NO_MASS = 1e-100  # stands for an exact zero
RIDGE = 1e-12  # where hardly any mass links two groups, their offset hardly matters and cannot be computed


def _shares(mass: Tensor) -> Tensor:
    return (mass + NO_MASS) / (mass + NO_MASS).sum(-1, keepdim=True)


def _columns(rows: Tensor, cost: Tensor, b: Tensor, reg: Tensor) -> Tensor:
    """The potential of each column that makes the columns of the plan sum to b; (..., N) -> (..., M)."""
    return reg[..., 0] * (b.log() - ((rows[..., None] - cost) / reg).logsumexp(-2))


def _plan(rows: Tensor, cost: Tensor, b: Tensor, reg: Tensor) -> Tensor:
    return ((rows[..., None] + _columns(rows, cost, b, reg)[..., None, :] - cost) / reg).exp()


def _newton_step(plan: Tensor, a: Tensor, reg: Tensor) -> Tensor:
    """The change of the potentials of the rows after which their sums are a, were the plan linear in them."""
    fixed = plan.detach().clamp(min=NO_MASS)
    root = fixed.sum(-1).sqrt()
    link = fixed / root[..., None] / fixed.sum(-2, keepdim=True).sqrt()
    bend = (1 + RIDGE) * torch.eye(root.shape[-1], dtype=root.dtype, device=root.device) - link @ link.mT
    missing = (a - plan.sum(-1)) / root
    return reg[..., 0] * torch.linalg.solve(bend, missing[..., None])[..., 0] / root


@torch.no_grad()
def _rows(cost: Tensor, a: Tensor, b: Tensor, reg: Tensor) -> Tensor:
    """The potentials of the rows: those that maximise the dual, sum a f + sum b g(f), which is concave."""
    spread = (cost.amax((-2, -1), keepdim=True) - cost.amin((-2, -1), keepdim=True)).clamp(min=NO_MASS)
    rows = torch.zeros_like(cost[..., 0] + a + reg[..., 0])
    reaches = torch.tensor(REACHES, dtype=cost.dtype, device=cost.device).reshape(-1, *(1 for _ in rows.shape))
    # As many as this problem needs, whatever else is in the batch.
    rounds = POLISH + ((reg / spread).log() / math.log(SHRINK)).ceil().clamp(min=0)
    for done in range(int(rounds.max())):
        # Straight at a small reg both methods would creep: each round starts from the solution of a blurrier one.
        blur = torch.maximum(reg, spread * SHRINK**done)
        columns = _columns(rows, cost, b, blur)
        fitted = blur[..., 0] * (a.log() - ((columns[..., None, :] - cost) / blur).logsumexp(-1))
        step = _newton_step(_plan(fitted, cost, b, blur), a, blur)
        length = step.abs().amax(-1, keepdim=True) / blur[..., 0]
        tried = fitted + step * (reaches / length.clamp(min=NO_MASS)).clamp(max=1)
        dual = (a * tried).sum(-1) + (b * _columns(tried, cost, b, blur)).sum(-1)
        # Of those that cannot be told from the best, the longest step.
        best = dual >= dual.amax(0) - 1e-14 * spread[..., 0, 0]
        first = (best.cumsum(0) == 0).sum(0)
        fitted = tried.gather(0, first[None, ..., None].expand(1, *rows.shape))[0]
        rows = torch.where(done < rounds[..., 0], fitted, rows)
    return rows


def sinkhorn_plan(cost: Tensor, a: Tensor, b: Tensor, reg: float | Tensor) -> Tensor:
    """The entropic plan itself: how much goes from i to j; cost (..., N, M), a (..., N) and b (..., M) -> (..., N, M).

    a and b are taken as shares of their sums. In float64, solved to rounding; the gradient is that of the solution.
    """
    wide, mass, onto = cost.double(), _shares(a.double()), _shares(b.double())
    blur = torch.as_tensor(reg, dtype=wide.dtype, device=wide.device)[..., None, None]
    rows = _rows(wide, mass, onto, blur)
    # A step of no length whose derivative is that of the solution.
    step = _newton_step(_plan(rows, wide, onto, blur), mass, blur)
    return _plan(rows + step - step.detach(), wide, onto, blur)


@loss(
    title="Sinkhorn transport cost",
    family="distributions",
    latex=(
        r"\sum_{i,j} P_{ij} C_{ij},\quad P = \arg\min_{P\mathbf 1 = a,\ P^\top\mathbf 1 = b}"
        r"\ \sum_{i,j} P_{ij} C_{ij} + \varepsilon \sum_{i,j} P_{ij}(\ln P_{ij} - 1)"
    ),
    insight="A little entropy makes the best transport plan unique and smooth in its costs, and blurs it.",
    trap="It is not 0 between a histogram and itself, and exp(-C/reg) underflows unless one stays in logarithms.",
    source="Cuturi 2013, arXiv:1306.0895",
    aliases=("Sinkhorn", "entropic optimal transport", "regularised OT", "Sinkhorn distance"),
    claims=Claims(smooth=True),
)
def sinkhorn_transport_cost(
    cost: Cost,
    a: From,
    b: To,
    *,
    reg: Annotated[
        float, Param(r"\varepsilon", 0.002, 100.0, "weight of the entropy", log=True, domain="(0, inf)")
    ] = 0.1,
) -> Tensor:
    """Cost of the entropic plan without the entropy; cost (..., N, M), a (..., N) and b (..., M) -> (...).

    a and b are taken as shares of their sums. Solved to rounding in float64 by Newton steps on the logarithmic
    potentials, at ever less blur; the gradient is that of the solution, whichever way it was found.
    """
    return (sinkhorn_plan(cost, a, b, reg) * cost.double()).sum((-2, -1)).to(cost.dtype)
