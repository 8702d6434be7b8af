"""A typed formula written for people (LaTeX) and for PyTorch (a program)."""

import ast
from collections.abc import Mapping

import torch

from losscore.own.evaluate import evaluate
from losscore.own.grammar import FUNCTIONS, PARAMS, Formula

_SUM, _TIMES, _SIGN, _POWER, _WHOLE = range(5)  # how tightly a piece holds together
_SIGNS: dict[type, str] = {ast.Lt: "<", ast.LtE: r"\le", ast.Gt: ">", ast.GtE: r"\ge"}
_CALLED = {"p": "pred", "y": "target", "pi": "math.pi"}  # what a program calls them
_UPRIGHT = {"log": r"\ln", "sin": r"\sin", "cos": r"\cos", "tanh": r"\tanh", "cosh": r"\cosh"}


def latex(formula: Formula, **shown: str) -> str:
    """LaTeX of the formula, with given texts in the place of names, such as r="1.5"."""
    return _tex(formula.tree, shown)[0]


def program(formula: Formula, pred: float, target: float, params: Mapping[str, float]) -> str:
    """A program in plain PyTorch that prints the loss and its gradient at one prediction."""
    at = torch.tensor(0.0).requires_grad_()
    sloped = evaluate(formula, at, torch.tensor(0.0)).requires_grad  # a loss that only jumps has no gradient to ask for
    end = ["loss.backward()", "print(loss.item(), pred.grad.item())"] if sloped else ["print(loss.item(), 0.0)"]
    needed = [name for name in PARAMS if name in formula.names]
    given = [f"{name} = torch.tensor({float(params[name])!r}, dtype=torch.float64)" for name in needed]
    return "\n".join(
        [
            *(["import math", ""] if "pi" in formula.names else []),
            "import torch",
            "",
            *given,
            f"pred = torch.tensor({float(pred)!r}, dtype=torch.float64, requires_grad=True)",
            f"target = torch.tensor({float(target)!r}, dtype=torch.float64)",
            *(["r = pred - target"] if "r" in formula.names else []),
            f"loss = {ast.unparse(_Torch().visit(_copy(formula.tree)))}",
            *end,
            "",
        ]
    )


def _copy(tree: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(tree), mode="eval").body


class _Torch(ast.NodeTransformer):
    """Puts torch's names in the place of the formula's."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(_CALLED.get(node.id, node.id), mode="eval").body

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(node.value))  # type: ignore[arg-type]

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left = self._argument(node.left) if isinstance(node.op, ast.Pow) else self.visit(node.left)
        return ast.BinOp(left, node.op, self.visit(node.right))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        called = ast.parse(FUNCTIONS[node.func.id][2], mode="eval").body
        return ast.Call(func=called, args=[self._argument(argument) for argument in node.args], keywords=[])

    def _argument(self, node: ast.expr) -> ast.expr:
        """What torch's functions take: a number of Python's becomes a tensor."""
        inner = self.visit(node)
        return _tensor(inner) if _plain(node) else inner


def _plain(node: ast.expr) -> bool:
    """Whether a piece is a number of Python's in the program: nothing in it is a tensor."""
    return not any(
        isinstance(inner, (ast.Name, ast.Call)) and getattr(inner, "id", "") != "pi" for inner in ast.walk(node)
    )


def _tensor(node: ast.expr) -> ast.expr:
    wrapped = ast.parse("torch.tensor(0, dtype=torch.float64)", mode="eval").body
    assert isinstance(wrapped, ast.Call)
    wrapped.args = [node]
    return wrapped


def _tex(node: ast.expr, shown: Mapping[str, str]) -> tuple[str, int]:
    """LaTeX of a piece, and how tightly it holds together."""
    match node:
        case ast.Constant(value=number):
            return f"{float(number):g}", _WHOLE  # type: ignore[arg-type]
        case ast.Name(id=name):
            return shown.get(name, r"\pi" if name == "pi" else name), _WHOLE
        case ast.UnaryOp(op=op, operand=inner):
            return f"{'-' if isinstance(op, ast.USub) else '+'}{_held(inner, _POWER, shown)}", _SIGN
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_tex(left, shown)[0]}}}{{{_tex(right, shown)[0]}}}", _WHOLE
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base = _held(left, _WHOLE, shown)
            if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div):
                base = rf"\left({base}\right)"
            return f"{{{base}}}^{{{_tex(right, shown)[0]}}}", _POWER
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return rf"{_held(left, _TIMES, shown)} \cdot {_held(right, _POWER, shown)}", _TIMES
        case ast.BinOp(left=left, op=op, right=right):
            sign = "+" if isinstance(op, ast.Add) else "-"
            return f"{_held(left, _SUM, shown)} {sign} {_held(right, _TIMES, shown)}", _SUM
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"{_tex(left, shown)[0]} {_SIGNS[type(op)]} {_tex(right, shown)[0]}", _SUM
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [_tex(argument, shown)[0] for argument in arguments])
    raise TypeError(f"no piece of a formula: {ast.dump(node)}")


def _called(name: str, inner: list[str]) -> tuple[str, int]:
    if name == "abs":
        return rf"\left|{inner[0]}\right|", _WHOLE
    if name == "sqrt":
        return rf"\sqrt{{{inner[0]}}}", _WHOLE
    if name == "exp":
        return f"e^{{{inner[0]}}}", _POWER
    if name == "where":
        lines = rf"{inner[1]} & \text{{for}}\: {inner[0]} \\ {inner[2]} & \text{{otherwise}}"
        return rf"\begin{{cases}} {lines} \end{{cases}}", _WHOLE
    head = _UPRIGHT.get(name, rf"\text{{{name}}}")
    return rf"{head}\left({', '.join(inner)}\right)", _WHOLE


def _held(node: ast.expr, least: int, shown: Mapping[str, str]) -> str:
    """LaTeX of a piece, in brackets where it would fall apart."""
    text, held = _tex(node, shown)
    return text if held >= least else rf"\left({text}\right)"
