"""How many people a network should paint so that a sum of losses is the least, if it cannot place them any better."""

import torch
from torch import Tensor

import losscore
from losscore.scenes.people import HEADS, PEOPLE, SPREAD, density

TERMS = ("pixel", "count", "structure")
PAINTED = torch.arange(1, 43, dtype=torch.float64)  # how many people a network may paint


def truth() -> Tensor:
    """The true density, people a pixel, (TALL, WIDE)."""
    return density(HEADS, SPREAD)


def terms(pred: Tensor) -> dict[str, Tensor]:
    """By term, what a density (S, TALL, WIDE) of all people costs, were it painted for each number PAINTED: (S, L).

    pixel: the mean squared error over that of an empty picture. count: the absolute error of the number of people over
    the true number. structure: 1 - structural similarity.
    """
    painted = (PAINTED / PEOPLE)[:, None, None] * pred[:, None]
    onto = truth().expand_as(painted)
    squared = losscore.get("mse")(painted, onto, reduction="none").mean((-2, -1))
    number = painted.sum((-2, -1)) / PEOPLE
    # In single precision: here are hundreds of pictures, and three digits are shown.
    alike = losscore.get("ssim")(
        painted.float(), onto.float(), data_range=float(truth().max()), win=7, reduction="none"
    )  # fmt: skip
    return {
        "pixel": squared / truth().square().mean(),
        "count": losscore.get("mae")(number, torch.ones_like(number), reduction="none"),
        "structure": alike.double(),
    }


def weighed(costs: dict[str, Tensor], weights: dict[str, float | Tensor]) -> Tensor:
    """The sum of the terms (S, L) by weights that are numbers or (S,)."""
    return torch.stack(
        torch.broadcast_tensors(*(torch.as_tensor(weights[key]).reshape(-1, 1) * cost for key, cost in costs.items()))
    ).sum(0)
