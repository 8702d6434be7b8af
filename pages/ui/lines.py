"""The PyTorch behind a figure: lines that print the numbers shown, and the other losses as they are set."""

from dataclasses import dataclass

import losscore
from losscore.figures.film import Film
from losscore.figures.labels import label
from pages.ui import loss_controls
from pages.ui.controls import Values


@dataclass(frozen=True)
class Program:
    """Lines of plain PyTorch: the loss they are of, what they print, and the lines."""

    title: str
    says: str
    text: str


def programs(film: Film, step: int, values: Values, heads: dict[str, str]) -> list[Program]:
    """First what the film itself can write out, then every other loss whose number is shown, on example tensors.

    heads: what the page calls each slot.
    """
    exact = film.programs(step)
    made = [
        Program(label(key), f"They print {film.text(slot, step)}, as shown: {heads[slot]}.", text)
        for slot, (key, text) in exact.items()
    ]
    known = {loss.key for loss in losscore.losses()}
    written = {key for key, _ in exact.values()}
    others = dict.fromkeys(slot.split(".")[0] for slot in film.slots)
    for key in others:
        if key in known - written:
            text = losscore.get(key).snippet(**loss_controls.params([key], values)[key])
            made.append(Program(label(key), "The loss with the settings of this figure, on example tensors.", text))
    return made
