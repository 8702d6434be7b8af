"""The lines of PyTorch behind a loss of a drawn mask: a rectangle on plain ground, for prediction and truth."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.explore.masks import pixel_kinds, resolve, takes_logits
from losscore.figures.film import Film, pick
from losscore.scenes.edits import Prediction


def write_masks(
    film: Film, slot: str, name: str, prediction: Prediction, truth: Tensor, params: Mapping[str, Any] | None = None
) -> None:
    """The lines that give a slot's number, the loss or variant `name` of one prediction.

    prediction: (S or 1, H, W); truth: (H, W); either is a rectangle, or nothing, that leaves the picture's corner free.
    """
    record, given = resolve(name, params)
    kind, aim = pixel_kinds(record)
    pred = prediction.logits if takes_logits(record) or kind.dims == ("C", "H", "W") else prediction.probability
    source = "torch.stack([torch.zeros_like(pred), pred])" if kind.dims == ("C", "H", "W") else "pred"

    def lines(step: int) -> str:
        options = "".join(
            f", {key}={pick(value, step) if isinstance(value, Tensor) else value!r}" for key, value in given.items()
        )
        cost = f"{record.key}({source}, target{'.long()' if aim.integer else ''}{options})"
        here = _rectangle("pred", pred[step if len(pred) > 1 else 0])
        return f"{here}{_rectangle('target', truth)}print({cost}{'' if kind.dims else '.mean()'})"

    film.written(slot, record.key, lines, record)


def _rectangle(name: str, picture: Tensor) -> str:
    """Lines that fill a picture of one number, with a rectangle of another in it if there is one."""
    ground = picture[0, 0]
    digits = 12 if picture.dtype is torch.float64 else 7
    lines = f"{name} = torch.full({tuple(picture.shape)}, {ground.item():.{digits}g}, dtype={picture.dtype})\n"
    rows, columns = (picture != ground).nonzero(as_tuple=True)
    if len(rows):
        inside = picture[rows[0], columns[0]].item()
        lines += f"{name}[{rows.min()}:{rows.max() + 1}, {columns.min()}:{columns.max() + 1}] = {inside:.{digits}g}\n"
    return lines
