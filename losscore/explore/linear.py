"""A batch of small weighted linear models under one loss: their residuals, derivatives and normal equations."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from losscore.explore.rounding import SmoothCost
from losscore.record import Loss


@dataclass(frozen=True)
class Problem:
    """B fits of P coefficients to N points; coefficients are (B, S, P), S candidates for each fit.

    params: all parameters of the loss, numbers or tensors (B, 1, 1). design: (B, N, P). y: (B, N).
    weight: (B, N), rows sum to 1. kinks, jumps: (B, K), see losscore.explore.kinks.
    """

    loss: Loss
    params: dict[str, Any]
    design: Tensor
    y: Tensor
    weight: Tensor
    kinks: Tensor
    jumps: Tensor

    def residual(self, theta: Tensor) -> Tensor:
        """design @ coefficients - y, (B, S, N)."""
        return theta @ self.design.mT - self.y[:, None]

    def cost(self, r: Tensor) -> Tensor:
        """The loss of every residual."""
        return self.loss.function(r, r.new_zeros(()).expand_as(r), **self.params)

    def smooth(self, width: Tensor | None = None) -> SmoothCost:
        """The loss of every residual, its corners rounded off over this width (B, 1, 1), or left as they are."""
        corners = self.kinks.shape[-1] if width is not None else 0
        blank = self.y[:, :1, None] if width is None else width
        return SmoothCost(self.cost, self.kinks[:, :corners], self.jumps[:, :corners], blank)

    def rows(self, which: Tensor) -> "Problem":
        """Some of the fits."""
        params = {
            name: value[which] if isinstance(value, Tensor) and value.ndim else value
            for name, value in self.params.items()
        }
        tensors = (self.design, self.y, self.weight, self.kinks, self.jumps)
        return Problem(self.loss, params, *(tensor[which] for tensor in tensors))

    def mean(self, cost: Tensor) -> Tensor:
        """The weighted mean (B, S); inf where it can't be told, so that nothing is ever chosen there."""
        return (cost @ self.weight[..., None]).squeeze(-1).nan_to_num(nan=torch.inf)

    def value(self, theta: Tensor) -> Tensor:
        """The weighted mean loss of these coefficients, (B, S)."""
        return self.mean(self.cost(self.residual(theta)))

    def derivatives(self, theta: Tensor, cost: SmoothCost) -> tuple[Tensor, Tensor, Tensor]:
        """Gradient (B, S, P), Hessian (B, S, P, P) of the mean cost, and the Hessian of reweighted least squares."""
        first, second, chord = cost.slopes(self.residual(theta))
        weight = self.weight[:, None]
        outer = (self.design[..., :, None] * self.design[..., None, :]).flatten(-2)  # (B, N, P * P)
        shape = (*theta.shape, theta.shape[-1])
        hessian, chords = ((weight * curve) @ outer for curve in (second, chord))
        return (weight * first) @ self.design, hessian.view(shape), chords.view(shape)

    def least_squares(self) -> Tensor:
        """The least-squares coefficients, (B, 1, P)."""
        weighted = self.design * self.weight[..., None]
        return solve(weighted.mT @ self.design, (weighted.mT @ self.y[..., None]).squeeze(-1))[:, None]


def solve(matrix: Tensor, right: Tensor) -> Tensor:
    """The solution of matrix @ x = right for 1 x 1 and 2 x 2 matrices, (..., P, P) and (..., P).

    A singular matrix gets a trace of ridge: where the solution is not unique, a finite one comes out.
    """
    size = matrix.diagonal(dim1=-2, dim2=-1).abs().sum(-1, keepdim=True)
    ridge = 1e-13 * size + 1e-300
    if matrix.shape[-1] == 1:
        return right / (matrix[..., 0] + ridge)
    a, b = matrix[..., 0, :1] + ridge, matrix[..., 0, 1:]
    c, d = matrix[..., 1, :1], matrix[..., 1, 1:] + ridge
    u, v = right[..., :1], right[..., 1:]
    return torch.cat([d * u - b * v, a * v - c * u], dim=-1) / (a * d - b * c)


def keep_best(theta: Tensor, value: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The `count` candidates of each fit with the least values: (B, count, P) and (B, count)."""
    least, at = value.topk(min(count, value.shape[1]), dim=1, largest=False)
    return theta.gather(1, at[..., None].expand(*at.shape, theta.shape[-1])), least
