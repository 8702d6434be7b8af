"""Newton's method for a batch of small fits: all moves of a round are tried in one call, the best of them is made."""

import torch
from torch import Tensor

from losscore.explore.linear import Cost, Problem, solve

_NEWTON = torch.tensor([1.0, 0.4, 0.15, 0.04, 0.01], dtype=torch.float64)  # lengths of a Newton move
_REWEIGHTED = torch.tensor([1.0, 1.8], dtype=torch.float64)  # lengths of a move of reweighted least squares
_LENGTHS = torch.cat([_NEWTON, _REWEIGHTED])[:, None]


def descend_to_rest(problem: Problem, theta: Tensor, cost: Cost, rounds: int = 60) -> tuple[Tensor, Tensor]:
    """Goes down from theta (B, S, P) until no move lowers a value any more; coefficients and their values (B, S)."""
    b, s, p = theta.shape
    value = problem.mean(cost(problem.residual(theta)))
    for _ in range(rounds):
        gradient, hessian, chords = problem.derivatives(theta, cost)
        newton, reweighted = solve(hessian, -gradient), solve(chords, -gradient)
        moves = _LENGTHS * torch.stack([newton] * len(_NEWTON) + [reweighted] * len(_REWEIGHTED), dim=2)
        tried = theta[:, :, None] + moves
        least, at = problem.mean(cost(problem.residual(tried.flatten(1, 2)))).view(b, s, -1).min(-1)
        chosen = tried.gather(2, at[..., None, None].expand(b, s, 1, p)).squeeze(2)
        better = value - least > 1e-15 * value.abs()
        if not better.any():
            break
        theta, value = chosen.where(better[..., None], theta), least.where(better, value)
    return _settle(problem, theta, value, cost)


def _settle(problem: Problem, theta: Tensor, value: Tensor, cost: Cost) -> tuple[Tensor, Tensor]:
    """One more Newton move where it lessens the gradient, because values are blind to half of the digits."""
    gradient, hessian, _ = problem.derivatives(theta, cost)
    moved = theta + solve(hessian, -gradient)
    moved_value = problem.mean(cost(problem.residual(moved)))
    lessened = problem.derivatives(moved, cost)[0].norm(dim=-1) < gradient.norm(dim=-1)
    better = lessened & (moved_value <= value + 1e-12 * value.abs())
    return moved.where(better[..., None], theta), moved_value.where(better, value)


def descend_sharpening(problem: Problem, theta: Tensor, smallest: float, widest: float) -> tuple[Tensor, Tensor]:
    """The same for a loss with corners: they are rounded off over a width that shrinks a tenfold at a time.

    smallest, widest: the first and the last width, in units of the typical residual at theta.
    """
    typical = (problem.residual(theta).abs() * problem.weight[:, None]).sum(-1).amin(1)[:, None, None].clamp(min=1e-6)
    width = widest
    while width >= smallest:
        theta, _ = descend_to_rest(problem, theta, _rounded(problem, width * typical), rounds=20)
        width /= 10
    return theta, problem.value(theta)


def _rounded(problem: Problem, width: Tensor) -> Cost:
    def cost(r: Tensor) -> Tensor:
        total = problem.cost(r)
        for kink, jump in zip(problem.kinks.unbind(-1), problem.jumps.unbind(-1), strict=True):
            u = r - kink[:, None, None]
            # A corner is half its jump times |u|; a hyperbola takes the place of |u|.
            total = total + 0.5 * jump[:, None, None] * ((u.square() + width.square()).sqrt() - u.abs())
        return total

    return cost
