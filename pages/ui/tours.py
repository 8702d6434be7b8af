"""Tours: lessons in a row over the real pages; and where a visitor is in one.

`assets/tours/<number>_<key>.toml` names a tour and its lessons. The lessons of one page are a tour of their own, which
links call on-<page>.
"""

import csv
import io
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pages.ui.lessons import MOST, Lesson, lessons

_FILES = Path(__file__).parents[2] / "assets" / "tours"
_PAGE = "on-"
_LETTERS = (string.digits + string.ascii_letters)[: MOST + 1]  # which answer was given, 0 for none


@dataclass(frozen=True)
class Tour:
    key: str
    title: str
    about: str
    steps: tuple[Lesson, ...]


@cache
def tours() -> dict[str, Tour]:
    """The tours over several pages by their key, as their files are numbered. KeyError for a lesson that is not."""
    found = [_read(path) for path in sorted(_FILES.glob("*.toml"))]
    return {tour.key: tour for tour in found}


def _read(path: Path) -> Tour:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = tuple(lessons()[key] for key in fields.pop("lessons"))
    return Tour(path.stem.split("_", 1)[1], steps=steps, **fields)


@cache
def _of_pages() -> dict[str, Tour]:
    from pages.table import PAGES  # the table names the pages, which offer tours

    found: dict[str, Tour] = {}
    for page in PAGES:
        steps = tuple(lesson for lesson in lessons().values() if lesson.page == page.path)
        if steps:
            found[page.path] = Tour(_PAGE + page.path, f"{page.title}: predict and see", page.about, steps)
    return found


def of_page(path: str) -> Tour | None:
    """The lessons of a page in a row; None for a page without any."""
    return _of_pages().get(path)


@dataclass(frozen=True)
class Place:
    """Where a visitor is: at a step, from 1, or behind the last one; `answers` has a letter a step, 0 for none."""

    tour: Tour
    step: int
    answers: str

    @property
    def done(self) -> bool:
        return self.step > len(self.tour.steps)

    @property
    def now(self) -> Lesson:
        """The step that stands; behind the end, the last one."""
        return self.tour.steps[min(self.step, len(self.tour.steps)) - 1]

    @property
    def answer(self) -> int:
        """What was answered here, from 1; 0 for nothing yet."""
        return self.given()[self.tour.steps.index(self.now)]

    def given(self) -> list[int]:
        """What was answered at every step."""
        return [_LETTERS.index(letter) for letter in self.answers]

    def answered(self, answer: int) -> "Place":
        """The same place once this was answered."""
        given = self.answers[: self.step - 1] + _LETTERS[answer] + self.answers[self.step :]
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

    def verdicts(self) -> list[tuple[Lesson, bool | None]]:
        """Every step, and whether it was answered right; None where it was not answered."""
        return [
            (step, step.asks.holds(given) if given else None)
            for given, step in zip(self.given(), self.tour.steps, strict=True)
        ]

    def right(self) -> int:
        """How many answers were right."""
        return sum(bool(right) for _, right in self.verdicts())

    def table(self) -> str:
        """The visitor's own answers, as CSV."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["step", "question", "your answer", "answer", "right"])
        for number, (given, (step, right)) in enumerate(zip(self.given(), self.verdicts(), strict=True), start=1):
            yours = step.asks.said(given) if given else ""
            rows.writerow([number, step.ask, yours, step.asks.truth, {True: "yes", False: "no", None: ""}[right]])
        return text.getvalue()


def begin(tour: Tour) -> Place:
    return Place(tour, 1, "0" * len(tour.steps))


def located(query: Mapping[str, str]) -> tuple[Place | None, str]:
    """Where a link says that a visitor is, and a line on what of it could not be taken."""
    key = query["tour"]
    tour = of_page(key.removeprefix(_PAGE)) if key.startswith(_PAGE) else tours().get(key)
    if not tour:
        return None, "The link names a tour that is not here."
    place, count = begin(tour), len(tour.steps)
    step, answers = query.get("step", "1"), query.get("answers", place.answers)
    steps = {str(number): number for number in range(1, count + 2)}
    fits = len(answers) == count and all(
        letter in _LETTERS[: one.asks.count + 1] for letter, one in zip(answers, tour.steps, strict=True)
    )
    line = "" if step in steps and fits else "The link could not be read whole: where the tour stands, or its answers."
    return Place(tour, steps.get(step, 1), answers if fits else place.answers), line
