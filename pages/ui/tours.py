"""Tours: questions over the real pages, as `assets/tours/<number>_<key>.md` has them; and where a visitor is in one.

A file is a head and steps, each fenced by lines of `+++` (TOML), and under each step what is then seen and, under a
line of dashes, why. A step's `at` is the address of its question, `shown` that of its answer, `shows` the numbers of
the text by their slots there.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILES = Path(__file__).parents[2] / "assets" / "tours"
_FENCE = "+++\n"


@dataclass(frozen=True)
class Step:
    at: str
    ask: str
    answers: list[str]
    right: int  # counted from 1, as in a link
    shown: str
    shows: dict[str, str]
    seen: str
    why: str


@dataclass(frozen=True)
class Tour:
    key: str
    title: str
    about: str
    steps: tuple[Step, ...]


@cache
def tours() -> dict[str, Tour]:
    """All tours by their key, as their files are numbered. ValueError for a file that is not as it should be."""
    found = [_read(path) for path in sorted(_FILES.glob("*.md"))]
    return {tour.key: tour for tour in found}


def _read(path: Path) -> Tour:
    before, head, *rest = path.read_text(encoding="utf-8").split(_FENCE)
    if before.strip() or len(rest) % 2 != 1 or rest[0].strip():
        raise ValueError(f"{path.name}: a head and steps, each between two lines of +++")
    steps = []
    for number, (fields, text) in enumerate(zip(rest[1::2], rest[2::2], strict=True), start=1):
        seen, dashes, why = text.partition("\n---\n")
        if not dashes:
            raise ValueError(f"{path.name}: step {number} has no line of dashes before its why")
        steps.append(Step(**tomllib.loads(fields), seen=seen.strip(), why=why.strip()))
    return Tour(path.stem.split("_", 1)[1], **tomllib.loads(head), steps=tuple(steps))


@dataclass(frozen=True)
class Place:
    """Where a visitor is: at a step, from 1, or behind the last one; `answers` has a digit a step, 0 for none."""

    tour: Tour
    step: int
    answers: str

    @property
    def done(self) -> bool:
        return self.step > len(self.tour.steps)

    @property
    def now(self) -> Step:
        """The step that stands; behind the end, the last one."""
        return self.tour.steps[min(self.step, len(self.tour.steps)) - 1]

    @property
    def answer(self) -> int:
        """What was answered here; 0 for nothing yet."""
        return int(self.answers[self.tour.steps.index(self.now)])

    def answered(self, answer: int) -> "Place":
        """The same place once this was answered."""
        given = self.answers[: self.step - 1] + str(answer) + self.answers[self.step :]
        return Place(self.tour, self.step, given)

    def moved(self, by: int) -> "Place":
        return Place(self.tour, self.step + by, self.answers)

    def address(self) -> str:
        """The view that belongs here: that of the question, or once it was answered that of the answer."""
        return self.now.shown if self.answer or self.done else self.now.at

    def query(self) -> dict[str, str]:
        """What the address says of it."""
        given = {"answers": self.answers} if set(self.answers) != {"0"} else {}
        return {"tour": self.tour.key, "step": str(self.step)} | given

    def right(self) -> int:
        """How many answers were right."""
        return sum(int(given) == step.right for given, step in zip(self.answers, self.tour.steps, strict=True))

    def table(self) -> str:
        """The visitor's own answers, as CSV."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["step", "question", "your answer", "answer", "right"])
        for number, (given, step) in enumerate(zip(self.answers, self.tour.steps, strict=True), start=1):
            yours = step.answers[int(given) - 1] if int(given) else ""
            verdict = ("yes" if int(given) == step.right else "no") if int(given) else ""
            rows.writerow([number, step.ask, yours, step.answers[step.right - 1], verdict])
        return text.getvalue()


def begin(tour: Tour) -> Place:
    return Place(tour, 1, "0" * len(tour.steps))


def located(query: Mapping[str, str]) -> tuple[Place | None, str]:
    """Where a link says that a visitor is, and a line on what of it could not be taken."""
    tour = tours().get(query["tour"])
    if not tour:
        return None, "The link names a tour that is not here."
    place, count = begin(tour), len(tour.steps)
    step, answers = query.get("step", "1"), query.get("answers", place.answers)
    steps = {str(number): number for number in range(1, count + 2)}
    fits = len(answers) == count and all(
        given in "0123456789"[: len(one.answers) + 1] for given, one in zip(answers, tour.steps, strict=True)
    )
    line = "" if step in steps and fits else "The link could not be read whole: where the tour stands, or its answers."
    return Place(tour, steps.get(step, 1), answers if fits else place.answers), line
