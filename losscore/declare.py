"""`@loss`: turns a function with annotated inputs and parameters into a record of the registry."""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from torch import Tensor

from losscore.claims import Claims
from losscore.inputs import Input
from losscore.params import Choice, Param, Vector
from losscore.record import Loss
from losscore.registry import register


def loss(
    *,
    title: str,
    family: str,
    insight: str,
    source: str,
    claims: Claims,
    formula: str | None = None,
    latex: str | None = None,
    aliases: tuple[str, ...] = (),
    variant_of: str | None = None,
    trap: str = "",
    infinite: str = "",
    torch_call: str = "",
    differentiable: bool = True,
) -> Callable[[Callable[..., Tensor]], Loss]:
    """Declare a loss: the decorated function's name is its key, its signature its inputs and parameters.

    Positional arguments are inputs, annotated with a kind of `losscore.inputs`; keyword-only arguments are parameters,
    annotated with `Param`, `Choice` or `Vector`, each with a default. The function returns the loss of each sample.
    `torch_call`: the mean of the loss as one call of torch that gives the same number, where torch has it, such as
    "F.huber_loss(pred, target, delta={delta})". `infinite`: where and why the value is infinite, if it is somewhere.
    Give `formula` (SymPy text) for a loss of a scalar, where r is pred - target, or `latex` for a loss of a tensor.
    """
    if (formula is None) == (latex is None):
        raise ValueError(f"{title}: give either formula (a loss of a scalar) or latex (a loss of a tensor)")

    def declare(function: Callable[..., Tensor]) -> Loss:
        hints = get_type_hints(function, include_extras=True)
        signature = inspect.signature(function).parameters
        inputs: dict[str, Input] = {}
        params: dict[str, Any] = {}
        for name, argument in signature.items():
            notes = getattr(hints.get(name), "__metadata__", ())
            kind = next((note for note in notes if isinstance(note, (Input, Param, Choice, Vector))), None)
            is_param = argument.kind is argument.KEYWORD_ONLY
            if kind is None or isinstance(kind, Input) is is_param or (is_param and argument.default is argument.empty):
                raise TypeError(f"{function.__name__}: {name!r} needs an annotation (and, as a parameter, a default)")
            if isinstance(kind, Input):
                inputs[name] = kind
            else:
                params[name] = kind
        record = Loss(
            key=function.__name__,
            title=title,
            family=family,
            function=function,
            inputs=inputs,
            params=params,
            defaults={name: signature[name].default for name in params},
            insight=insight,
            source=source,
            claims=claims,
            formula=formula,
            written=latex,
            aliases=aliases,
            variant_of=variant_of,
            trap=trap,
            infinite=infinite,
            torch_call=torch_call,
            differentiable=differentiable,
        )
        object.__setattr__(record, "__doc__", function.__doc__)
        register(record)
        return record

    return declare
