"""Newton's method for a batch of small fits: all moves of a round are tried in one call, the best of them is made."""

import torch
from torch import Tensor

from losscore.explore.linear import Problem, solve
from losscore.explore.rounding import SmoothCost

_NEWTON = torch.tensor([1.0, 0.4, 0.15, 0.04, 0.01], dtype=torch.float64)  # lengths of a Newton move
_REWEIGHTED = torch.tensor([1.0, 1.8], dtype=torch.float64)  # lengths of a move of reweighted least squares
_LENGTHS = torch.cat([_NEWTON, _REWEIGHTED])[:, None]


def descend_to_rest(
    problem: Problem, theta: Tensor, width: Tensor | None = None, rounds: int = 60
) -> tuple[Tensor, Tensor]:
    """Goes down from theta (B, S, P) until no move lowers a value any more; coefficients and their values (B, S).

    width: (B, 1, 1), over which corners of the loss are rounded off; None leaves the loss as it is.
    """
    theta = theta.clone()
    value = problem.mean(problem.smooth(width)(problem.residual(theta)))
    rows = torch.arange(len(theta))
    part, part_width = problem, width
    for _ in range(rounds):
        moved, moved_value = _best_move(part, theta[rows], part.smooth(part_width))
        better = value[rows] - moved_value > 1e-15 * value[rows].abs()
        theta[rows], value[rows] = moved.where(better[..., None], theta[rows]), moved_value.where(better, value[rows])
        going = better.any(1)
        if not going.any():
            break
        if 2 * going.sum() < len(rows):  # few fits are left: go on with those alone
            rows = rows[going]
            part, part_width = problem.rows(rows), width if width is None else width[rows]
    return _settle(problem, theta, value, problem.smooth(width))


def _best_move(problem: Problem, theta: Tensor, cost: SmoothCost) -> tuple[Tensor, Tensor]:
    """The best of all moves from theta (B, S, P), and its value (B, S)."""
    b, s, p = theta.shape
    gradient, hessian, chords = problem.derivatives(theta, cost)
    newton, reweighted = solve(hessian, -gradient), solve(chords, -gradient)
    moves = _LENGTHS * torch.stack([newton] * len(_NEWTON) + [reweighted] * len(_REWEIGHTED), dim=2)
    tried = theta[:, :, None] + moves
    least, at = problem.mean(cost(problem.residual(tried.flatten(1, 2)))).view(b, s, -1).min(-1)
    return tried.gather(2, at[..., None, None].expand(b, s, 1, p)).squeeze(2), least


def _settle(problem: Problem, theta: Tensor, value: Tensor, cost: SmoothCost) -> tuple[Tensor, Tensor]:
    """One more Newton move where it lessens the gradient, because values are blind to half of the digits."""
    gradient, hessian, _ = problem.derivatives(theta, cost)
    moved = theta + solve(hessian, -gradient)
    moved_value = problem.mean(cost(problem.residual(moved)))
    lessened = problem.derivatives(moved, cost)[0].norm(dim=-1) < gradient.norm(dim=-1)
    better = lessened & (moved_value <= value + 1e-12 * value.abs())
    return moved.where(better[..., None], theta), moved_value.where(better, value)


def descend_sharpening(problem: Problem, theta: Tensor, smallest: float, widest: float) -> tuple[Tensor, Tensor]:
    """The same for a loss with corners: they are rounded off over a width that shrinks a hundredfold at a time.

    smallest, widest: the first and the last width, in units of the typical residual at theta.
    """
    typical = (problem.residual(theta).abs() * problem.weight[:, None]).sum(-1).amin(1)[:, None, None].clamp(min=1e-6)
    width = widest
    while width >= smallest:
        theta, _ = descend_to_rest(problem, theta, width * typical, rounds=20)
        width /= 100
    return theta, problem.value(theta)
