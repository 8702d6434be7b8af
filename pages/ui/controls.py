"""The controls of a view, as data: widgets, links and sweeps derive from these records."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Values = dict[str, Any]


def _always(_: Values) -> bool:
    return True


@dataclass(frozen=True)
class Slider:
    """A number moved in steps.

    steps: how many positions; the default must be one of them. log: steps of equal ratio. stops: positions of any kind.
    live: the figure follows the thumb; else it waits for release. more: folded away. shown: whether it matters now.
    """

    key: str
    label: str
    low: float
    high: float
    default: float
    steps: int = 61
    log: bool = False
    stops: tuple[float, ...] = ()
    live: bool = True
    unit: str = ""
    help: str = ""
    more: bool = False
    shown: Callable[[Values], bool] = field(default=_always)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", len(self.values))
        if self.default not in self.values:
            raise ValueError(f"{self.key}: the default {self.default} is not among the steps {self.values}")

    @cached_property
    def values(self) -> tuple[float, ...]:
        """Every position of the thumb, rounded to what the label shows."""
        if self.stops:
            return self.stops
        last = self.steps - 1
        if not self.log:
            return tuple(round(self.low + (self.high - self.low) * i / last, 6) + 0.0 for i in range(self.steps))
        ratio = math.log(self.high / self.low)

        def place(number: float) -> float:
            return math.log(number / self.low) / ratio * last

        grid = [float(f"{self.low * math.exp(ratio * i / last):.3g}") for i in range(self.steps)]
        # Round numbers, and above all the default, are met exactly: a lesson says "delta 2", not "delta 2.04".
        rounds = [float(f"{digit}e{power}") for power in range(-6, 7) for digit in (1, 2, 3, 5)]
        inside = sorted((n for n in rounds if self.low < n < self.high), key=lambda n: -abs(place(n) - round(place(n))))
        for number in inside:  # the nearest to a step comes last and stays; the ends stay what they are
            grid[min(max(round(place(number)), 1), last - 1)] = number
        if self.low < self.default < self.high:
            grid[min(max(round(place(self.default)), 1), last - 1)] = float(self.default)
        return tuple(grid)

    def read(self, text: str) -> float:
        """The position nearest to a number in a link. Raises ValueError for what is no number in range."""
        value = float(text[:40])
        slack = 1e-9 * max(1.0, abs(self.high))
        if not self.low - slack <= value <= self.high + slack:  # also false for NaN
            raise ValueError(f"{value:g} is not between {self.low:g} and {self.high:g}")
        return min(self.values, key=lambda step: abs(step - value))

    def write(self, value: float) -> str:
        return f"{value:.6g}"


@dataclass(frozen=True)
class Choice:
    """One of a few options, or several of them with `several`; options maps what links say to what labels say."""

    key: str
    label: str
    options: Mapping[str, str]
    default: Any
    several: bool = False
    most: int = 8
    help: str = ""
    more: bool = False
    folded: bool = False  # a drop-down instead of buttons
    shown: Callable[[Values], bool] = field(default=_always)

    def read(self, text: str) -> Any:
        """The option(s) a link names. Raises ValueError for an unknown one."""
        names = text[:2000].split(",") if self.several else [text]
        unknown = [name for name in names if name not in self.options]
        if unknown or len(set(names)) != len(names) or len(names) > self.most:
            raise ValueError(f"{(unknown or names)[0][:40]!r} is not an option")
        return names if self.several else text

    def write(self, value: Any) -> str:
        return ",".join(value) if self.several else str(value)


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    key: str
    label: str
    default: bool = False
    help: str = ""
    more: bool = False
    shown: Callable[[Values], bool] = field(default=_always)

    def read(self, text: str) -> bool:
        """Raises ValueError for anything but yes and no."""
        if text not in ("yes", "no"):
            raise ValueError(f"{text[:40]!r} is neither yes nor no")
        return text == "yes"

    def write(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Text:
    """A few words. check: raises ValueError, with a sentence, for words that a link must not bring."""

    key: str
    label: str
    default: str = ""
    longest: int = 80
    hint: str = ""
    help: str = ""
    more: bool = False
    check: Callable[[str], object] = field(default=str)
    shown: Callable[[Values], bool] = field(default=_always)

    def read(self, text: str) -> str:
        """Raises ValueError for more than the longest text, and for what `check` refuses."""
        if len(text) > self.longest:
            raise ValueError(f"{len(text)} characters are more than {self.longest}")
        self.check(text)
        return text

    def write(self, value: str) -> str:
        return value


Control = Slider | Choice | Switch | Text


def read(controls: tuple[Control, ...], query: Mapping[str, str]) -> tuple[Values, list[str]]:
    """The values a query sets, defaults elsewhere; and the labels of what could not be read."""
    values: Values = {}
    unread: list[str] = []
    for control in controls:
        values[control.key] = control.default
        if control.key in query:
            try:
                values[control.key] = control.read(query[control.key])
            except ValueError:
                unread.append(control.label.lower())
    return values, unread


def nearest(controls: tuple[Control, ...], query: Mapping[str, str]) -> list[str]:
    """A sentence for each number of a query that lies between two steps of its slider, and so was moved to one."""
    said: list[str] = []
    for control in controls:
        if isinstance(control, Slider) and control.key in query:
            try:
                taken = control.read(query[control.key])
            except ValueError:
                continue  # out of range: `read` names it
            asked = float(query[control.key][:40])
            if not math.isclose(asked, taken, rel_tol=1e-5, abs_tol=1e-9):  # links are written with six digits
                name = control.label[:1].upper() + control.label[1:]
                said.append(f"{name} {asked:.6g} lies between two steps; {control.write(taken)} was taken.")
    return said


def write(controls: tuple[Control, ...], values: Values) -> dict[str, str]:
    """The query of these values; what stands at its default is left out."""
    return {
        control.key: control.write(values[control.key])
        for control in controls
        if values[control.key] != control.default and control.shown(values)
    }
