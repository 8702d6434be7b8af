"""Which loss for which task: questions and rules, read from `assets/choices/`, one file a task.

A rule names a loss, the answers under which it is a candidate, why, its price, and the source of the advice.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

import losscore

_FILES = Path(__file__).parents[1] / "assets" / "choices"

Answers = Mapping[str, str]  # question -> answer


@dataclass(frozen=True)
class Question:
    """key and name of what is asked; `answers` maps what links say to what people read."""

    key: str
    name: str
    ask: str
    answers: dict[str, str]
    default: str


@dataclass(frozen=True)
class Rule:
    """A candidate: the answers it asks for, question by question; what is not named does not matter to it.

    `see` is the address of a view that shows the trade-off, `shows` the numbers of the text by their slots there.
    """

    loss: str
    when: dict[str, list[str]]
    why: str
    price: str
    see: str
    source: str
    shows: dict[str, str] = field(default_factory=dict)

    def stands(self, answers: Answers) -> bool:
        """Whether none of these answers speaks against it."""
        return all(answers[question] in self.when.get(question, [answers[question]]) for question in answers)


@dataclass(frozen=True)
class Task:
    key: str
    title: str
    said: str  # the task in other words
    names: dict[str, str]  # loss -> what it is called here, where its title is long
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]

    def left(self, answers: Answers) -> list[Rule]:
        """The rules that these answers leave, in order of preference."""
        return [rule for rule in self.rules if rule.stands(answers)]

    def losses(self) -> list[str]:
        """The losses it knows, each once."""
        return list(dict.fromkeys(rule.loss for rule in self.rules))

    def name(self, loss: str) -> str:
        """What a loss is called here, short."""
        return self.names.get(loss, losscore.get(loss).title)

    def narrowed(self, answers: Answers) -> list[list[str]]:
        """The losses left after no answer, after the first, after the second, ..."""
        asked = [question.key for question in self.questions]
        steps = [{key: answers[key] for key in asked[:count]} for count in range(len(asked) + 1)]
        return [[loss for loss in self.losses() if loss in {r.loss for r in self.left(step)}] for step in steps]

    def paths(self) -> list[dict[str, str]]:
        """Every way to answer."""
        keys = [question.key for question in self.questions]
        return [dict(zip(keys, way, strict=True)) for way in product(*(q.answers for q in self.questions))]


@cache
def tasks() -> dict[str, Task]:
    """The tasks in teaching order, by their key. KeyError or TypeError for a file that is not as it should be."""
    found = {}
    for path in sorted(_FILES.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        key = path.stem.split("_", 1)[1]
        questions = tuple(Question(**question) for question in data["question"])
        rules = tuple(Rule(**rule) for rule in data["rule"])
        found[key] = Task(key, data["title"], data["said"], data["names"], questions, rules)
    return found
