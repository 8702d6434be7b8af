"""A loss of the residual as Newton's method needs it: with curvatures, and with its corners rounded off."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class SmoothCost:
    """The cost of residuals (B, S, N), with every corner replaced by a hyperbola.

    raw: the cost itself. kinks, jumps: (B, K), see losscore.explore.kinks; K = 0 leaves the cost as it is.
    width: (B, 1, 1), how far from a corner the hyperbola differs from it.
    """

    raw: Callable[[Tensor], Tensor]
    kinks: Tensor
    jumps: Tensor
    width: Tensor

    def __call__(self, r: Tensor) -> Tensor:
        total = self.raw(r)
        for kink, half in self._corners():
            u = r - kink
            total = total + half * ((u.square() + self.width.square()).sqrt() - u.abs())
        return total

    def slopes(self, r: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """First and second derivative, and the curvature of a parabola that touches the cost at r and lies above it."""
        # Written with |r|, a smooth loss has no second derivative at exactly 0.
        free = r.detach().where(r.abs() > 1e-12, 1e-12).requires_grad_()
        with torch.enable_grad():
            (first,) = torch.autograd.grad(self(free).sum(), free, create_graph=True)
            if first.requires_grad:
                (second,) = torch.autograd.grad(first.sum(), free, materialize_grads=True)
            else:
                second = torch.zeros_like(first)
        first, free = first.detach(), free.detach()
        if not self.kinks.shape[-1]:
            return first, second, (first / free).clamp(min=0.0)
        touching = second
        for kink, half in self._corners():
            root = ((free - kink).square() + self.width.square()).sqrt()
            # |u| costs half, so a hyperbola has this curvature, and the parabola under a chord through 0 that one.
            touching = touching - half * self.width.square() / root**3 + half / root
        return first, second, touching.clamp(min=0.0)

    def _corners(self) -> list[tuple[Tensor, Tensor]]:
        return [
            (kink[:, None, None], 0.5 * jump[:, None, None])
            for kink, jump in zip(self.kinks.unbind(-1), self.jumps.unbind(-1), strict=True)
        ]
