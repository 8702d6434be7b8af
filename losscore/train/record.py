"""`Training`: a small network's way through its epochs, declared once; `Run`: what one such way left behind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from losscore.params import Choice, Param

Frames = dict[str, Tensor]


@dataclass(frozen=True)
class Whole:
    """A setting that is a whole number from low to high."""

    low: int
    high: int
    meaning: str

    def check(self, training: str, name: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{training}: {name} must be a whole number, got {type(value).__name__} {value!r:.60}")
        if not self.low <= value <= self.high:
            raise ValueError(f"{training}: {name} must lie in [{self.low}, {self.high}], got {value}")


Setting = Param | Choice | Whole


@dataclass(frozen=True, eq=False)
class Training:
    """One training and its settings. Made by `losscore.train.training`; found by `losscore.train.get`.

    `function` yields a frame before the first step and one after every epoch. `seconds`: about how long an epoch takes
    on one core.
    """

    key: str
    title: str
    function: Callable[..., Iterator[Frames]]
    accepts: dict[str, Setting]
    defaults: dict[str, Any]
    seconds: float

    def settings(self, **given: Any) -> dict[str, Any]:
        """All settings in the order of their names, those not given at their defaults.

        Raises TypeError for an unknown setting or one of a wrong kind, ValueError for one out of its range.
        """
        for name, value in given.items():
            if name not in self.accepts:
                accepted = ", ".join(sorted(self.accepts))
                raise TypeError(f"{self.key}: unknown setting {name!r}; accepted: {accepted}")
            if isinstance(value, Tensor):
                raise TypeError(f"{self.key}: {name} must be one plain value, got a tensor")
            self.accepts[name].check(self.key, name, value)
        whole = {name: float(value) for name, value in given.items() if isinstance(self.accepts[name], Param)}
        return dict(sorted((self.defaults | given | whole).items()))

    def about(self, settings: dict[str, Any]) -> float:
        """About how many seconds a run takes on one core."""
        return float(self.seconds * settings["epochs"])


@dataclass(frozen=True, eq=False)
class Run:
    """What a training left behind: frames[name] is (E + 1, ...), the state before the first step first.

    settings: all of them. versions: of the programs that computed it.
    """

    key: str
    settings: dict[str, Any]
    frames: Frames
    versions: dict[str, str]

    @cached_property
    def name(self) -> str:
        """What the run is known by."""
        return called(self.key, self.settings)


def called(key: str, settings: dict[str, Any]) -> str:
    """The name of a run whose settings are whole: "key?epochs=40&rate=0.01&seed=0"."""
    return f"{key}?" + "&".join(f"{name}={value}" for name, value in sorted(settings.items()))
