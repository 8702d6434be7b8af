"""What stands in the place of a visitor's own data until there is some."""

import torch
from torch import Tensor

from losscore.own.tables import Table
from losscore.scenes.edits import predict
from losscore.scenes.pictures import scene
from losscore.scenes.points import diabetes

SLIPPED = 48  # the patient whose decimal point has slipped; the first row of a file has the names


def example_table() -> Table:
    """Eighty patients, predicted by the best line in MSE; the target of one has slipped by a decimal point."""
    points = diabetes()
    x, y = points.x.double(), points.y.double()
    design = torch.stack([x, torch.ones_like(x)], -1)
    pred = design @ torch.linalg.lstsq(design, y[:, None]).solution[:, 0]
    target = y.clone()
    target[SLIPPED] *= 10
    return Table("values", pred, target, torch.arange(len(x)) + 2)


def example_masks() -> tuple[Tensor, Tensor]:
    """A predicted mask of probabilities, and the true one: a horse, predicted a little to the right and too soft."""
    truth = scene("horse").truth
    return predict(truth, shift_x=4.0, softness=2.0).probability.double().reshape(truth.shape), truth.double()
