"""Masks drawn to a measure: squares that slip, faint objects, a speck that wanders, two classes mixed up."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.scenes.edits import Prediction, predict


class Pair(NamedTuple):
    """A truth of 0 and 1 and the prediction made of it; both (..., H, W)."""

    truth: Tensor
    prediction: Prediction


def sure(mask: Tensor, probability: float | Tensor = 0.95) -> Prediction:
    """The prediction that says `probability` on the mask (..., H, W) of 0 and 1, and 1 - probability elsewhere.

    probability: a number or a tensor (S,), strictly between 0 and 1.
    """
    level = torch.as_tensor(probability, dtype=mask.dtype)
    logit = torch.logit(level)[..., None, None] if level.ndim else torch.logit(level)
    logits = (2 * mask - 1) * logit
    return Prediction(logits, torch.sigmoid(logits))


def rectangle(top: Tensor, left: Tensor, height: Tensor, width: Tensor, side: int) -> Tensor:
    """Filled rectangles (..., side, side) of whole pixels, one for each entry of the broadcast of the four (...)."""
    place = torch.arange(side)
    edges = (top, top + height, left, left + width)
    first_row, last_row, first_column, last_column = (edge[..., None] for edge in torch.broadcast_tensors(*edges))
    rows = (place >= first_row) & (place < last_row)
    columns = (place >= first_column) & (place < last_column)
    return (rows[..., :, None] & columns[..., None, :]).float()


def slipped_squares(sides: Tensor, slip: Tensor, picture: int = 64) -> Pair:
    """Squares of N sides (px) at one place, and what S slips (px) to the right make of them.

    truth: (N, H, W). prediction: (S, N, H, W), sure to 0.95.
    """
    corner = torch.full((len(sides),), 6)
    truth = rectangle(corner, corner, sides, sides, picture)
    return Pair(truth, sure(rectangle(corner, corner + slip[:, None], sides, sides, picture)))


def faint_square(side: Tensor, probability: Tensor, picture: int = 100) -> Pair:
    """A square of `side` px amid the picture, and a prediction of one probability everywhere; each (S,) or (1,)."""
    corner = (picture - side) // 2
    truth = rectangle(corner, corner, side, side, picture)
    level = probability[:, None, None].expand(-1, picture, picture)
    return Pair(truth, Prediction(torch.logit(level), level))


def wandering_speck(truth: Tensor, speck: Tensor, away: Tensor) -> Tensor:
    """A speck (H, W) carried `away` px (S,) up and to the left, and the rest of the mask `truth` (H, W): (S, H, W)."""
    rows, columns = torch.nonzero(speck, as_tuple=True)
    moved = torch.zeros(len(away), *truth.shape)
    steps = torch.arange(len(away))[:, None]
    moved[steps, rows - away[:, None].long(), columns - away[:, None].long()] = 1
    return torch.maximum(truth, moved)


def predict_classes(labels: Tensor, classes: int, *, mixed: float | Tensor = 0.0, **edits: float | Tensor) -> Tensor:
    """Class logits (S, C, H, W) that the label map (H, W) becomes under the edits of `predict`.

    mixed: how far class 1 is taken for class 2, from 0 (told apart) to 1 (always); a number or a tensor (S,).
    """
    objects = [predict((labels == kind).float(), **edits).logits for kind in range(1, classes)]
    ground = -predict((labels > 0).float(), **edits).logits
    share = torch.as_tensor(mixed, dtype=ground.dtype).reshape(-1, 1, 1)
    first, second = objects[0], objects[1]
    taken = (1 - share) * second + share * torch.maximum(first, second)
    objects[:2] = [(1 - share) * first + share * torch.minimum(first, second), taken]
    return torch.stack(torch.broadcast_tensors(ground, *objects), dim=-3)


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Masks (..., C, H, W) of 0 and 1, one a class, of a label map (..., H, W)."""
    return F.one_hot(labels, classes).movedim(-1, -3).float()
