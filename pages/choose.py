"""Choose a loss: a few questions about the task, and the losses that are left."""

import streamlit as st

from losscore.choices import Question, Rule, Task, tasks
from losscore.figures.decision_map import decision_map
from pages.choose_candidates import candidates, table_of_rules
from pages.ui import page, reading, tour
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

_TASKS = {task.key: task.title for task in tasks().values()}
_MOST = max(len(task.questions) for task in tasks().values())


def _question(task: Task, question: Question) -> Choice:
    return Choice(
        f"{task.key}_{question.key}", question.ask, question.answers, question.default,
        shown=lambda values: values["task"] == task.key,
    )  # fmt: skip


def answers_of(values: Values) -> dict[str, str]:
    """The answers to the questions of the chosen task."""
    task = tasks()[values["task"]]
    return {question.key: values[f"{task.key}_{question.key}"] for question in task.questions}


def _reading(values: Values) -> str:
    task, answers = tasks()[values["task"]], answers_of(values)
    rows = [[task.name(loss), reading.slot(f"choose.{loss}"), *_against(task, loss, answers)]
            for loss in task.losses()]  # fmt: skip
    rows.append(["Losses left", reading.slot("choose.left"), ""])
    return reading.table(["Loss", "so far", "ruled out by"], rows)


def _against(task: Task, loss: str, answers: dict[str, str]) -> list[str]:
    """The first answer after which a loss is out, by its question; none where it stays."""
    for count, question in enumerate(task.questions, start=1):
        given = {asked.key: answers[asked.key] for asked in task.questions[:count]}
        if loss not in {rule.loss for rule in task.left(given)}:
            return [question.name]
    return [""]


MAP = View(
    "choose/map",
    (
        Choice("task", "What do you predict?", _TASKS, "mask", folded=True),
        *(_question(task, question) for task in tasks().values() for question in task.questions),
        Slider("counted", "Answers counted", 0, _MOST, _MOST, steps=_MOST + 1, help="Fewer: see what each ruled out."),
    ),
    lambda values: decision_map(values["task"], answers_of(values), values["counted"]),
    _reading,
)  # fmt: skip
VIEWS = (MAP,)


def left_of(values: Values) -> list[Rule]:
    """The candidates after all answers."""
    return tasks()[values["task"]].left(answers_of(values))


QUESTION = "What is your task, and what goes wrong in it?"


def draw() -> None:
    st.title("Choose a loss", anchor=False)
    page.bench("choose", QUESTION, MAP, below=_below)


def _below(values: Values) -> None:
    candidates(left_of(values))
    table_of_rules()
    st.markdown("## Tours over the live pages", anchors=False)
    tour.offer()
