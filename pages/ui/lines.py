"""The PyTorch behind a figure: lines that print the numbers shown, and the other losses as they are set."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import losscore
from losscore.figures.film import Film
from losscore.figures.labels import label
from pages.ui import loss_controls
from pages.ui.controls import Choice, Values
from pages.ui.views import View

MOST = 12  # programs of one figure


@dataclass(frozen=True)
class Program:
    """Lines of plain PyTorch: the loss they are of, what they print, and the lines."""

    title: str
    says: str
    text: str


def programs(film: Film, step: int, view: View, values: Values, heads: Mapping[str, str]) -> list[Program]:
    """First what the film itself can write out, then the chosen losses and those whose numbers are shown, on examples.

    heads: what the page calls each slot, and the lines of one of several numbers by the same loss.
    """
    exact = film.programs(step)
    named = Counter(key for key, _ in exact.values())
    made = [
        Program(
            label(key) if named[key] == 1 else heads[slot],
            f"They print {film.text(slot, step)}, as shown: {heads[slot]}.",
            text,
        )
        for slot, (key, text) in exact.items()
    ]
    written, ready = {key for key, _ in exact.values()}, film.examples(step)
    others = [key for key in dict.fromkeys([*_chosen(view, values), *ready, *_told(film)]) if key not in written]
    for key in others[: max(0, MOST - len(made))]:
        text = ready.get(key) or losscore.get(key).snippet(**loss_controls.params([key], values)[key])
        made.append(Program(label(key), "The loss with the settings of this figure, on example tensors.", text))
    return made


def _chosen(view: View, values: Values) -> list[str]:
    """The losses that the view's controls stand at."""
    known = {loss.key for loss in losscore.losses()}
    chosen = [values[c.key] for c in view.controls if isinstance(c, Choice) and c.shown(values)]
    keys = [key for value in chosen for key in (value if isinstance(value, list) else [value])]
    return [key for key in keys if key in known]


def _told(film: Film) -> list[str]:
    """The losses that the film's slots are named by, such as boxes.iou.left."""
    known = {loss.key for loss in losscore.losses()}
    return [word for slot in film.slots for word in slot.split(".") if word in known]
