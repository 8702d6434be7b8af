"""A loss as a few lines of plain PyTorch: torch's own call where it has one, else the code of the core itself."""

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.examples import example, example_lines
from losscore.record import Loss

IMPORTS = {
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "math": "import math",
    "Tensor": "from torch import Tensor",
    "namedtuple": "from collections import namedtuple",
}
IMPORTED = (torch, F, math, torch.Tensor)
_COUNTED = 6  # numbers to each run of equal ones: from there on the runs are written


def snippet(record: Loss, inputs: Mapping[str, Tensor] | None = None, /, **params: Any) -> str:
    """A program that needs nothing but torch and prints the mean loss of these inputs at these parameters.

    inputs: every input by its name, written out number by number; None takes a few example tensors.
    Raises TypeError or ValueError for a parameter or an input that the loss refuses.
    """
    given = example(record) if inputs is None else tuple(inputs[name] for name in record.inputs)
    mean, each = (record(*given, reduction=how, **params) for how in ("mean", "none"))  # refuses what the loss refuses
    # A call of torch counts on a batch: one vector alone is a batch of one.
    depths = {len(kind.dims) for kind in record.inputs.values()}
    alone = bool(record.torch_call) and each.ndim == 0 and max(depths) == 1
    typed = {name: one[None] if alone else one for name, one in zip(record.inputs, given, strict=True)}
    lines = example_lines(record) if inputs is None else {name: literal(one) for name, one in typed.items()}
    tensors = "\n".join(f"{name} = {line}" for name, line in lines.items())
    numbers = {name: _written(value) for name, value in (record.defaults | params).items()}
    if record.torch_call:
        uses, result = [], record.torch_call.format(**numbers)
    else:
        uses, result = [record], _call(record, numbers, reduced=mean.shape != each.shape)
    return program(f"{tensors}\nprint({result})", uses)


def program(lines: str, uses: Iterable[Loss | Callable[..., Any]] = ()) -> str:
    """A program that needs nothing but torch: imports, what these lines use of the core, the lines.

    A loss is called by its key, and gives the loss of each sample.
    """
    parts: dict[str, str] = {}
    for used in uses:
        function = used.function if isinstance(used, Loss) else used
        _collect(function.__name__, function, parts)
    code = "\n\n\n".join(parts.values())
    code = re.sub(r"(?m)^(\w+ = .*)\n\n\n(?=\w+ = )", r"\1\n", code)  # constants stand together
    whole = f"{code}\n\n{lines}\n"
    named = {node.id for node in ast.walk(ast.parse(whole)) if isinstance(node, ast.Name)}
    imports = "\n".join(sorted(line for name, line in IMPORTS.items() if name in named))
    return f"{imports}\n\n{whole.lstrip()}"


def literal(values: Tensor) -> str:
    """A tensor as it is typed, with seven digits of each number; many of a kind, one after the other, are counted."""
    numbers = values.detach()
    if numbers.is_floating_point():
        digits = [float(f"{number:.7g}") for number in numbers.double().reshape(-1).tolist()]
        numbers = torch.tensor(digits, dtype=torch.float64).reshape(numbers.shape)
    runs, counts = torch.unique_consecutive(numbers.reshape(-1), return_counts=True)
    if numbers.numel() < _COUNTED * len(runs):
        return f"torch.tensor({numbers.tolist()})"
    if len(runs) == 1:
        return f"torch.full({tuple(numbers.shape)}, {runs.item()})"
    line = f"torch.tensor({runs.tolist()}).repeat_interleave(torch.tensor({counts.tolist()}))"
    return line if numbers.ndim == 1 else f"{line}.reshape{tuple(numbers.shape)}"


def _call(record: Loss, numbers: dict[str, str], *, reduced: bool) -> str:
    given = ", ".join([*record.inputs, *(f"{name}={value}" for name, value in numbers.items())])
    return f"{record.key}({given})" + (".mean()" if reduced else "")


def _written(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    return f'float("{value}")' if isinstance(value, float) and not math.isfinite(value) else repr(value)


def _collect(name: str, thing: Any, parts: dict[str, str]) -> None:
    """Add the definition of `thing`, known as `name`, and of whatever it needs before it."""
    if name in parts:
        return
    if isinstance(thing, (bool, int, float, str, tuple)):
        parts[name] = f"{name} = {thing!r}"
        return
    if isinstance(thing, dict):
        for part in thing.values():
            _collect(part.__name__, part, parts)
        parts[name] = f"{name} = {{{', '.join(f'{key!r}: {part.__name__}' for key, part in thing.items())}}}"
        return
    if hasattr(thing, "_fields"):
        parts[name] = f"{name} = namedtuple({name!r}, {' '.join(thing._fields)!r})"
        return
    thing = inspect.unwrap(thing)
    tree = _Plain().visit(ast.parse(textwrap.dedent(inspect.getsource(thing))))
    around = vars(inspect.getmodule(thing))
    for other in sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & set(around) - {name}):
        found = around[other]
        if isinstance(found, Loss):
            raise ValueError(f"{name} calls the record {other}; share a plain function instead")
        if isinstance(found, ModuleType) and found not in IMPORTED:
            raise ValueError(f"{name} needs the module {other}, which a snippet cannot import")
        if found not in IMPORTED:
            _collect(other, found, parts)
    parts[name] = ast.unparse(ast.fix_missing_locations(tree))


class _Plain(ast.NodeTransformer):
    """Leaves of a definition what plain PyTorch needs."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.decorator_list = [one for one in node.decorator_list if not _declares(one)]
        node.returns = None
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        return node if node.value is None else ast.Assign(targets=[node.target], value=node.value)


def _declares(decorator: ast.expr) -> bool:
    """Whether this is the core's `@loss(...)`."""
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "loss"
