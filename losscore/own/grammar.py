"""What may stand in a typed formula. Everything else is refused with a sentence that points at the place."""

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

LONGEST = 160  # characters
_MOST, _DEEPEST = 80, 24  # pieces of a formula, and how deep they lie in each other
_LARGEST, _STEEPEST = 1e6, 12.0  # numbers, and those in an exponent

PARAMS = ("a", "b", "c")
NAMES = {  # what a formula may name, and what it means
    "r": "the error, prediction − target", "p": "the prediction", "y": "the target",
    **dict.fromkeys(PARAMS, "a number that a slider moves"), "pi": "3.14159…",
}  # fmt: skip
_ALSO = {"pred": "p", "target": "y"}


def _where(condition: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    return torch.where(condition, yes, no)


# name -> what torch computes, how many arguments it takes, and how a program calls it
FUNCTIONS: dict[str, tuple[Callable[..., Tensor], int, str]] = {
    "abs": (torch.abs, 1, "torch.abs"),
    "sqrt": (torch.sqrt, 1, "torch.sqrt"),
    "exp": (torch.exp, 1, "torch.exp"),
    "log": (torch.log, 1, "torch.log"),
    "log1p": (torch.log1p, 1, "torch.log1p"),
    "sin": (torch.sin, 1, "torch.sin"),
    "cos": (torch.cos, 1, "torch.cos"),
    "atan": (torch.atan, 1, "torch.atan"),
    "tanh": (torch.tanh, 1, "torch.tanh"),
    "cosh": (torch.cosh, 1, "torch.cosh"),
    "sigmoid": (torch.sigmoid, 1, "torch.sigmoid"),
    "softplus": (F.softplus, 1, "torch.nn.functional.softplus"),
    "relu": (torch.relu, 1, "torch.relu"),
    "sign": (torch.sign, 1, "torch.sign"),
    "min": (torch.minimum, 2, "torch.minimum"),
    "max": (torch.maximum, 2, "torch.maximum"),
    "where": (_where, 3, "torch.where"),
}
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_COMPARED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Refused(ValueError):
    """A formula that is not accepted; `place` is the character, from 0, that the sentence is about."""

    def __init__(self, said: str, place: int) -> None:
        super().__init__(said)
        self.place = place


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text, its tree of accepted pieces, and the names that occur in it."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    @property
    def of_residual(self) -> bool:
        """Whether it depends on prediction and target through their difference r alone."""
        return not self.names & {"p", "y"}


def parse(text: str) -> Formula:
    """Read a formula of r (prediction − target), or p (prediction) and y (target), and of the parameters a, b, c.

    Arithmetic is + − * / and ** or ^ for a power; FUNCTIONS lists what may be called; `where(condition, yes, no)` takes
    a comparison by < <= > >=. Nothing of it is ever run: it is read into a tree whose pieces are all looked at.
    Raises Refused (a ValueError) for anything else, and for what is too long, too deep or too large.
    """
    if len(text) > LONGEST:
        raise Refused(f"A formula has at most {LONGEST} characters; this one has {len(text)}.", LONGEST)
    if not text.strip():
        raise Refused("There is no formula yet. Try abs(r) or r**2 / 2.", 0)
    for place, letter in enumerate(text):
        if not (" " <= letter <= "~"):
            raise Refused(f"The character {letter!r} cannot stand in a formula; write - for minus, * for times.", place)
    powers = [place for place, letter in enumerate(text) if letter == "^"]
    source = text.replace("^", "**")

    def at(column: int) -> int:
        """The place in the text of a column of the source, where every ^ has become two characters."""
        return column - sum(place + shift < column for shift, place in enumerate(powers))

    indent = len(source) - len(source.lstrip())
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        column = (getattr(error, "offset", None) or 1) - 1 + indent
        place = min(at(column), len(text) - 1)
        raise Refused(f"This cannot be read on from “{text[place : place + 8]}”.", place) from None
    reader = _Reader(lambda node: at(node.col_offset + indent))
    reader.check(tree)
    if not reader.names & {"r", "p", "y"}:
        raise Refused("A loss depends on the error r, or on the prediction p and the target y; none is named.", 0)
    return Formula(text, tree, frozenset(reader.names))


class _Reader:
    """Looks at every piece of a tree and raises at the first that is not accepted."""

    def __init__(self, place: Callable[[ast.expr], int]) -> None:
        self._place, self._pieces = place, 0
        self.names: set[str] = set()

    def check(self, node: ast.expr, depth: int = 1, *, truth: bool = False) -> None:
        """`truth`: a comparison is wanted here; elsewhere it is a number."""
        self._pieces += 1
        if self._pieces > _MOST or depth > _DEEPEST:
            limit = f"{_MOST} pieces" if self._pieces > _MOST else f"{_DEEPEST} levels"
            self._refuse(node, f"A formula has at most {limit}; here this one has more.")
        if truth is not isinstance(node, ast.Compare):
            wanted = "a comparison such as abs(r) < a" if truth else "a number; a comparison belongs into where(…)"
            self._refuse(node, f"Here should stand {wanted}.")
        if isinstance(node, ast.Compare):
            if len(node.ops) != 1 or not isinstance(node.ops[0], _COMPARED):
                self._refuse(node, "A condition compares two numbers by <, <=, > or >=.")
            self.check(node.left, depth + 1)
            self.check(node.comparators[0], depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
            self.check(node.left, depth + 1)
            self.check(node.right, depth + 1)
            if isinstance(node.op, ast.Pow):
                self._exponent(node.right)
            if isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant) and node.right.value == 0:
                self._refuse(node.right, "Nothing can be divided by 0.")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            self.check(node.operand, depth + 1)
        elif isinstance(node, ast.Call):
            self._call(node, depth)
        elif isinstance(node, ast.Name):
            self._name(node)
        elif isinstance(node, ast.Constant):
            self._number(node)
        else:
            self._refuse(node, "This is no arithmetic. Accepted: + − * / **, numbers, names and the listed functions.")

    def _call(self, node: ast.Call, depth: int) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            self._refuse(node, f"No such function: “{name or 'this'}”. There are {', '.join(FUNCTIONS)}.")
        takes = FUNCTIONS[name][1]
        if len(node.args) != takes or node.keywords:
            self._refuse(node, f"{name} takes {takes} argument{'s' * (takes > 1)}, got {len(node.args)}.")
        for index, argument in enumerate(node.args):
            self.check(argument, depth + 1, truth=name == "where" and index == 0)

    def _name(self, node: ast.Name) -> None:
        name = node.id = _ALSO.get(node.id, node.id)
        if name not in NAMES:
            hint = "; a function needs its brackets" if name in FUNCTIONS else ""
            self._refuse(node, f"No such name: “{name}”{hint}. There are {', '.join(NAMES)}.")
        self.names.add(name)

    def _number(self, node: ast.Constant) -> None:
        number = node.value
        if type(number) not in (int, float):
            self._refuse(node, "Only plain numbers can stand here.")
        if not (abs(number) <= _LARGEST and math.isfinite(number)):  # type: ignore[arg-type]
            self._refuse(node, f"Numbers go up to {_LARGEST:,.0f}.")

    def _exponent(self, node: ast.expr) -> None:
        for piece in ast.walk(node):
            if isinstance(piece, ast.BinOp) and isinstance(piece.op, ast.Pow):
                self._refuse(node, "An exponent holds no power of its own; put brackets around the base.")
            if isinstance(piece, ast.Constant) and abs(piece.value) > _STEEPEST:  # type: ignore[arg-type]
                self._refuse(node, f"Numbers in an exponent go up to {_STEEPEST:g}.")

    def _refuse(self, node: ast.expr, said: str) -> None:
        raise Refused(said, self._place(node))


def names_in(text: str) -> frozenset[str]:
    """The names in a formula; none where it cannot be read."""
    try:
        return parse(text).names
    except Refused:
        return frozenset()
