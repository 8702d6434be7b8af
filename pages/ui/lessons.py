"""Lessons: a belief, a question to commit to, the address that answers it, and why it is so.

A file, `assets/lessons/<page>/<number>_<name>.md`, is a head between two lines of `+++` (TOML) and, under it, what is
then seen and, under a line of dashes, why. `at` is the address of the question, `shown` that of the answer, `shows` the
numbers of the text by their slots there. The question has `answers`, of which one is `right`, or a `guess`: a slider.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

_FILES = Path(__file__).parents[2] / "assets" / "lessons"
_FENCE = "+++\n"
MOST = 61  # answers to a question, so that one letter of a link says which was given


@dataclass(frozen=True)
class Choices:
    """A few answers to choose from; one is right, counted from 1."""

    answers: list[str]
    right: int

    @property
    def count(self) -> int:
        return len(self.answers)

    @property
    def truth(self) -> str:
        return self.said(self.right)

    def said(self, answer: int) -> str:
        return self.answers[answer - 1]

    def holds(self, answer: int) -> bool:
        return answer == self.right


@dataclass(frozen=True)
class Guess:
    """A number to commit to on a slider; it is right within `near` of the truth, the number that its slot shows."""

    label: str
    low: float
    high: float
    step: float
    near: float
    slot: str
    truth: str
    unit: str = ""

    def __post_init__(self) -> None:
        if not 1 < self.count <= MOST:
            raise ValueError(f"{self.label}: {self.count} steps; a guess has from 2 to {MOST}")

    @property
    def count(self) -> int:
        return round((self.high - self.low) / self.step) + 1

    @property
    def digits(self) -> int:
        """Decimals of a step."""
        return len(f"{self.step:g}".partition(".")[2])

    def number(self, answer: int) -> float:
        return round(float(self.low + (answer - 1) * self.step), self.digits)

    def answer(self, number: float) -> int:
        """The answer that a position of the slider stands for."""
        return round((number - self.low) / self.step) + 1

    def said(self, answer: int) -> str:
        return f"{self.number(answer):.{self.digits}f}{f' {self.unit}' if self.unit else ''}".replace("-", "−")

    def holds(self, answer: int) -> bool:
        return abs(self.number(answer) - self.true) <= self.near + 1e-9

    @cached_property
    def true(self) -> float:
        return read_number(self.truth)


@dataclass(frozen=True)
class Lesson:
    key: str
    belief: str
    at: str
    ask: str
    asks: Choices | Guess
    shown: str
    shows: dict[str, str]
    seen: str
    why: str

    @property
    def page(self) -> str:
        """The path of the page that asks it."""
        return self.key.split("/")[0]


def read_number(text: str) -> float:
    """The number that a text begins with, as pages write it: −0.154, 8.3 %. ValueError where there is none."""
    found = re.match(r"[−-]?\d+(\.\d+)?", text)
    if not found:
        raise ValueError(f"no number at the start of {text!r}")
    return float(found[0].replace("−", "-"))


@cache
def lessons() -> dict[str, Lesson]:
    """All lessons by their key, <page>/<name>, in the order of their files. ValueError for a file that is not right."""
    found = [_read(path) for path in sorted(_FILES.glob("*/*.md"), key=_place)]
    return {lesson.key: lesson for lesson in found}


def _place(path: Path) -> tuple[str, int]:
    return path.parent.name, int(path.stem.split("_")[0])


def _read(path: Path) -> Lesson:
    before, head, text = path.read_text(encoding="utf-8").split(_FENCE)
    seen, dashes, why = text.partition("\n---\n")
    if before.strip() or not dashes:
        raise ValueError(f"{path.name}: a head between two lines of +++, what is seen, a line of dashes, why")
    fields = tomllib.loads(head)
    asks = _asks(fields)
    key = f"{path.parent.name}/{path.stem.split('_', 1)[1]}"
    return Lesson(key, asks=asks, seen=seen.strip(), why=why.strip(), **fields)


def _asks(fields: dict[str, Any]) -> Choices | Guess:
    """The question of a head, taken out of it."""
    if "guess" not in fields:
        return Choices(fields.pop("answers"), fields.pop("right"))
    guess = fields.pop("guess")
    return Guess(**guess, truth=fields["shows"][guess["slot"]])
