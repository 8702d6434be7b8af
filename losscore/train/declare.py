"""`@training`: turns a generator function with annotated settings into a record of the registry."""

import inspect
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, get_type_hints

from losscore.params import Choice, Param
from losscore.train.record import Frames, Training, Whole

_records: dict[str, Training] = {}


def training(*, title: str, seconds: float) -> Callable[[Callable[..., Iterator[Frames]]], Training]:
    """Declare a training: the decorated function's name is its key, its keyword-only arguments are its settings.

    Each is annotated with `Param`, `Choice` or `Whole` and has a default; `epochs` and `seed` are among them. The
    function yields, before its first step and after every epoch, tensors of the same names, shapes and dtypes, as
    exact as the eye needs them: float16 for places, uint8 for pictures. It draws every random number from a
    `torch.Generator` of its own. seconds: about how long an epoch takes on one core.
    """

    def declare(function: Callable[..., Iterator[Frames]]) -> Training:
        hints = get_type_hints(function, include_extras=True)
        accepts: dict[str, Any] = {}
        arguments = inspect.signature(function).parameters
        for name, argument in arguments.items():
            notes = getattr(hints.get(name), "__metadata__", ())
            kind = next((note for note in notes if isinstance(note, (Param, Choice, Whole))), None)
            if kind is None or argument.kind is not argument.KEYWORD_ONLY or argument.default is argument.empty:
                raise TypeError(f"{function.__name__}: {name!r} must be keyword-only, annotated and have a default")
            accepts[name] = kind
        if not {"epochs", "seed"} <= accepts.keys():
            raise TypeError(f"{function.__name__}: a training has the settings epochs and seed")
        if function.__name__ in _records:
            raise ValueError(f"two trainings are declared as {function.__name__!r}")
        defaults = {name: argument.default for name, argument in arguments.items()}
        record = Training(function.__name__, title, function, accepts, defaults, seconds)
        object.__setattr__(record, "__doc__", function.__doc__)
        _records[record.key] = record
        return record

    return declare


def get(key: str) -> Training:
    """The training of that key. Raises KeyError naming the nearest keys."""
    if key in _records:
        return _records[key]
    near = get_close_matches(str(key)[:80], _records, n=3, cutoff=0.4) or list(_records)
    raise KeyError(f"no training {str(key)[:80]!r}; nearest: {', '.join(near)}")


def trainings() -> list[Training]:
    """All trainings, in the order of their declaration."""
    return list(_records.values())
