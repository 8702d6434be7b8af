"""The way from a task through its answers to the losses that are left, as a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.choices import Answers, tasks
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels

_HEIGHT, _NARROW = 440, 480
_EDGE, _NARROW_EDGE = 0.75, 0.48  # room beside the outer columns, in columns


@dataclass(frozen=True)
class _Column:
    """One question: its possible answers from top to bottom, and which one was given."""

    head: str
    names: Sequence[str]
    given: int = 0

    def heights(self) -> list[float]:
        """Where each stands, from 1 at the top to 0."""
        return [1 - (place + 0.5) / len(self.names) for place in range(len(self.names))]


def decision_map(task: str, answers: Answers, counted: float | Tensor) -> Film:
    """All tasks, the questions of one of them, its losses, and the way through; KeyError for an unknown task.

    counted: how many answers count, a number or all steps of its slider (S,); more than there are count as all.
    Slots: choose.left, how many losses are left; choose.<loss>, 1 for a loss that is left and 0 for one that is not.
    """
    chosen, at = tasks()[task], torch.as_tensor(counted).reshape(-1).round().long()
    given = [question.answers for question in chosen.questions]
    columns = [_Column("Task", [one.title for one in tasks().values()], list(tasks()).index(task))] + [
        _Column(question.name, list(options.values()), list(options).index(answers[question.key]))
        for question, options in zip(chosen.questions, given, strict=True)
    ]
    keys, narrowed = chosen.losses(), chosen.narrowed(answers)
    ends = _Column("Losses", [chosen.name(key) for key in keys])
    steps = at.clamp(0, len(narrowed) - 1)
    stays = torch.tensor([[key in left for key in keys] for left in narrowed])[steps]  # (S, losses)

    panels = Panels([""], height=_HEIGHT, narrow_height=_NARROW)
    alt = (
        f"A map in columns: tasks, the questions {', '.join(q.name.lower() for q in chosen.questions)}, and losses."
        " The given answers are joined by a thick line with filled squares; thin lines lead to the losses that are"
        " left, marked by filled diamonds; what is ruled out is an open circle."
    )
    film = Film(panels.figure, len(at), alt, panels.narrow)
    across = len(columns)
    _names(panels, film, [*columns, ends])
    _fan(panels, film, columns, ends, steps, stays)
    _nodes(panels, film, columns, ends, steps, stays)
    bare = {"visible": False, "fixedrange": True}
    panels.axes(0, bare | {"range": [-_EDGE, across + _EDGE]}, bare | {"range": [-0.03, 1.09]})
    panels.figure.update_layout(margin={"l": 8, "r": 8, "b": 8, "t": 44})
    film.say("choose.left", stays.sum(1), lambda value: f"{value:.0f}")
    for place, key in enumerate(keys):
        film.say(f"choose.{key}", stays[:, place].double(), lambda value: "left" if value else "ruled out")
    names = [[name for name, stay in zip(ends.names, row, strict=True) if stay] for row in stays.tolist()]
    film.speak([f"After {step} answers {len(row)} losses are left: {', '.join(row)}"
                for step, row in zip(steps.tolist(), names, strict=True)])  # fmt: skip
    return film


def _names(panels: Panels, film: Film, columns: Sequence[_Column]) -> None:
    """What each node is, above it, and each column at its head; in narrow columns short lines."""
    words: list[dict[str, Any]] = []
    for place, column in enumerate(columns):
        over = {"xanchor": "center", "yanchor": "bottom", "font": {"size": 13}}
        words.append({"text": f"<b>{column.head}</b>", "x": place, "y": 1.03} | over)
        for row, name in zip(column.heights(), column.names, strict=True):
            given = place < len(columns) - 1 and name == column.names[column.given]
            text = f"<b>{name}</b>" if given else name
            words.append({"text": text, "x": place, "y": row, "font": {"size": 13}} | _beside(columns, place, given))
    for number, word in enumerate(words):
        word |= {"showarrow": False, "xref": "x", "yref": "y"}
        plain = word["text"].removeprefix("<b>").removesuffix("</b>")
        lines = "<br>".join(wrap(plain, 14))
        film.narrow[f"annotations.{number}"] = word | {
            "text": f"<b>{lines}</b>" if plain != word["text"] else lines, "font": {"size": 10},
            "xanchor": "center", "xshift": 0, "yanchor": "top" if word["yanchor"] == "top" else "bottom",
            "yshift": word.get("yshift") or 7,
        }  # fmt: skip
    film.narrow["xaxis.range"] = [-_NARROW_EDGE, len(columns) - 1 + _NARROW_EDGE]
    panels.figure.update_layout(annotations=words)


def _beside(columns: Sequence[_Column], place: int, given: bool) -> dict[str, Any]:
    """Where a name stands so that no line runs through it: outside the outer columns, else over or under its node."""
    if place in (0, len(columns) - 1):
        side = -1 if place == 0 else 1
        return {"xanchor": "right" if place == 0 else "left", "xshift": 11 * side, "yanchor": "middle", "yshift": 0}
    heights = [column.heights()[column.given] for column in columns[place - 1 : place + 2]]
    under = given and heights[1] < (heights[0] + heights[2]) / 2
    return {"xanchor": "center", "yanchor": "top" if under else "bottom", "yshift": -8 if under else 8}


def _fan(
    panels: Panels, film: Film, columns: Sequence[_Column], ends: _Column, steps: Tensor, stays: Tensor
) -> None:  # fmt: skip
    """Thin lines from where the way has come to, to every loss that is left."""
    rows = torch.tensor([column.heights()[column.given] for column in columns])[steps]  # (S,)
    line = {"color": theme.AGREEMENT, "width": 1.5, "dash": "dot"}
    fan = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name="still possible"))
    targets = _gathered(torch.tensor(ends.heights()), stays)
    there = torch.full_like(targets, len(columns))
    here, row = steps[:, None].float().expand_as(targets), rows[:, None].expand_as(targets)
    film.move(fan, x=torch.stack([here, there], 2).flatten(1), y=torch.stack([row, targets], 2).flatten(1))


def _nodes(
    panels: Panels, film: Film, columns: Sequence[_Column], ends: _Column, steps: Tensor, stays: Tensor
) -> None:  # fmt: skip
    """Open circles for all there is, and over them the way and the losses that are left."""
    ground = [(place, row) for place, column in enumerate([*columns, ends]) for row in column.heights()]
    open_ = {"symbol": "circle-open", "size": 9, "color": theme.NEUTRAL, "line": {"width": 1.5}}
    x, y = zip(*ground, strict=True)
    panels.add(go.Scatter(x=x, y=y, mode="markers", marker=open_, name="not taken, ruled out"))
    reached = torch.arange(len(columns)).minimum(steps[:, None])  # (S, columns): what is not reached lies on the last
    rows = torch.tensor([column.heights()[column.given] for column in columns])[reached]
    way = go.Scatter(
        x=[0], y=[0], mode="lines+markers", name="your answers",
        line={"color": theme.TRUTH, "width": 4}, marker={"symbol": "square", "size": 12, "color": theme.TRUTH},
    )  # fmt: skip
    film.move(panels.add(way), x=reached.float(), y=rows)
    filled = {"symbol": "diamond", "size": 13, "color": theme.AGREEMENT}
    left = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=filled, name="left"))
    targets = _gathered(torch.tensor(ends.heights()), stays)
    film.move(left, x=torch.full_like(targets, len(columns)), y=targets)


def _gathered(heights: Tensor, stays: Tensor) -> Tensor:
    """(S, losses): where each loss stands; one that is ruled out lies on the first that is left."""
    first = heights[stays.int().argmax(1)]
    return torch.where(stays, heights, first[:, None])
