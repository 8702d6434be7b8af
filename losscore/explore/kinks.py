"""Where a loss of the residual has a corner, read off the formula of its record.

A best line often runs exactly through points, and it does so where the loss has a corner that points down.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sympy
import torch
from sympy.core.relational import Relational
from torch import Tensor

from losscore import typeset
from losscore.explore.curves import against_points
from losscore.record import Loss

_NEAR = 1e-7  # how far beside a place its two slopes are compared
_NEARER = _NEAR / 64


def kinks(loss: Loss, params: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """The residuals at which the loss has a corner that points down, and by how much the slope jumps there.

    params: numbers or tensors (...). Both results are (..., K) in float64, K being the number of corners there are
    for any of these parameters; where one of them is missing for some, its jump is 0. Raises as a call of the loss
    does.
    """
    numbers = {
        name: torch.as_tensor(value, dtype=torch.float64)
        for name, value in (loss.defaults | dict(params)).items()
        if isinstance(value, (int, float, Tensor))
    }
    shape = torch.broadcast_shapes(*(value.shape for value in numbers.values()))
    places = [torch.as_tensor(place(numbers), dtype=torch.float64).expand(shape) for place in _breakpoints(loss)]
    at = torch.stack(places, dim=-1) if places else torch.empty(*shape, 0, dtype=torch.float64)
    if not at.numel():
        return at, at
    at = at.nan_to_num(0.0, 0.0, 0.0)
    sides = at[..., None, None] + at.new_tensor([[-_NEAR, _NEAR], [-_NEARER, _NEARER]])
    slope = loss.gradient(sides, torch.zeros_like(sides), reduction="sum", **against_points(loss, params, 3))
    jump = slope[..., 1] - slope[..., 0]
    # A corner keeps its jump however near one looks; anything smoother loses it.
    corner = (jump[..., 1] > 1e-9) & (jump[..., 1] > 0.5 * jump[..., 0])
    # Where places fall together, such as eps and -eps at eps = 0, one of them stands for all.
    together = (at[..., :, None] - at[..., None, :]).abs() <= _NEAR
    corner = corner & ~(together & corner[..., None, :]).tril(-1).any(-1)
    somewhere = corner.reshape(-1, corner.shape[-1]).any(0)
    return at[..., somewhere], (jump[..., 1] * corner)[..., somewhere]


@lru_cache(maxsize=256)
def _breakpoints(loss: Loss) -> tuple[Callable[[Mapping[str, Tensor]], Any], ...]:
    """The residuals at which the formula changes its course, as functions of the parameters."""
    formula = typeset.expression(loss.formula or "").doit()
    symbols = {symbol.name: symbol for symbol in formula.free_symbols}
    if "r" not in symbols:
        return ()
    r = symbols.pop("r")
    borders = {inner.args[0] for inner in formula.atoms(sympy.Abs, sympy.sign)}
    borders |= {relation.lhs - relation.rhs for relation in formula.atoms(Relational)}
    for extreme in formula.atoms(sympy.Max, sympy.Min):
        borders |= {a - b for a in extreme.args for b in extreme.args if a != b}
    places: set[sympy.Expr] = set()
    for border in borders:
        for sign in (1, -1):  # |r| is r on one side and -r on the other
            straight = border.subs(sympy.Abs(r), sign * r)
            if r in straight.free_symbols:
                places |= set(sympy.solve(straight, r))
    arguments = list(symbols.values())
    ordered = sorted(places, key=str)
    return tuple(_function(list(symbols), sympy.lambdify(arguments, place)) for place in ordered)


def _function(names: list[str], place: Callable[..., Any]) -> Callable[[Mapping[str, Tensor]], Any]:
    return lambda numbers: place(*(numbers[name] for name in names))
