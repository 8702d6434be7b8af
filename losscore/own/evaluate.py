"""The value and the gradient of a typed formula, by torch."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.own.grammar import FUNCTIONS, PARAMS, Formula

_TWO: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def evaluate(formula: Formula, pred: Tensor, target: Tensor, **params: float | Tensor) -> Tensor:
    """The loss of every prediction: pred, target and parameters (a, b, c; 1 where not given) broadcast.

    NaN or infinite where the formula has no finite number, such as log(r) at r < 0. Raises TypeError for an unknown
    parameter.
    """
    unknown = set(params) - set(PARAMS)
    if unknown:
        raise TypeError(f"a formula has the parameters {', '.join(PARAMS)}, got {', '.join(sorted(unknown))}")
    given: dict[str, Tensor] = {"p": pred, "y": target, "r": pred - target}
    for name in PARAMS:
        given[name] = torch.as_tensor(params.get(name, 1.0), dtype=pred.dtype)
    given["pi"] = torch.tensor(math.pi, dtype=pred.dtype)
    shape = torch.broadcast_shapes(*(given[name].shape for name in formula.names | {"r"}))
    return _value(formula.tree, given, pred.dtype).expand(shape)


def gradient(formula: Formula, pred: Tensor, target: Tensor, **params: float | Tensor) -> Tensor:
    """d loss / d pred of every prediction, by automatic differentiation; shaped like `evaluate`'s result."""
    shape = evaluate(formula, pred, target, **params).shape
    free = pred.detach().expand(shape).clone().requires_grad_()
    with torch.enable_grad():
        total = evaluate(formula, free, target, **params).sum()
        if not total.requires_grad:
            return torch.zeros_like(free, requires_grad=False)
        (slope,) = torch.autograd.grad(total, free, materialize_grads=True)
    return slope


def _value(node: ast.expr, given: Mapping[str, Tensor], dtype: torch.dtype) -> Tensor:
    """A piece that `parse` has let through."""
    match node:
        case ast.Constant(value=number):
            return torch.tensor(float(number), dtype=dtype)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return given[name]
        case ast.UnaryOp(op=sign, operand=inner):
            value = _value(inner, given, dtype)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            result: Tensor = _TWO[type(op)](_value(left, given, dtype), _value(right, given, dtype))
            return result
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            truth: Tensor = _TWO[type(op)](_value(left, given, dtype), _value(right, given, dtype))
            return truth
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name][0](*(_value(argument, given, dtype) for argument in arguments))
    raise TypeError(f"no piece of a formula: {ast.dump(node)}")
