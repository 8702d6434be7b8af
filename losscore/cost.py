"""What a loss costs to compute: measured once in a while and kept, never guessed."""

import json
import math
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from losscore.ordinary import dimensions, ordinary
from losscore.record import Loss

KEPT = Path(__file__).parents[1] / "assets" / "costs.json"
NUMBERS = 2**16  # how many numbers the first input holds
# The size of one sample along each of its dimensions: what is usual in training.
USUAL = {"N": 64, "M": 64, "A": 256, "C": 16, "D": 32, "K": 16, "H": 64, "W": 64, "T": 64, "L": 8, "P": 8}


@dataclass(frozen=True)
class Costs:
    """When and on what they were measured; by key the time of value and gradient over that of MSE on as much."""

    date: str
    machine: str
    ratios: dict[str, float]

    def of(self, key: str) -> float:
        """The cost of a loss; infinite, so that it comes last, for one that has not been measured yet."""
        return self.ratios.get(key, math.inf)


@cache
def costs() -> Costs:
    """The costs as they were measured last."""
    return Costs(**json.loads(KEPT.read_text(encoding="utf-8")))


def milliseconds(loss: Loss, repeats: int = 5) -> float:
    """The shortest time of value and gradient for a first input of about 65 536 numbers in float32.

    The inputs are ordinary values; a loss without a gradient is timed for its value alone.
    """
    inputs = _inputs(loss)
    best = math.inf
    for _ in range(repeats):
        began = time.perf_counter()
        if loss.differentiable:
            loss.gradient(*inputs)
        else:
            loss(*inputs)
        best = min(best, time.perf_counter() - began)
    return best * 1000


def _inputs(loss: Loss) -> list[Tensor]:
    sizes = dimensions(loss, USUAL)
    first = next(iter(loss.inputs.values()))
    batch = max(1, NUMBERS // math.prod(sizes[dim] for dim in first.dims))
    rng = torch.Generator().manual_seed(0)
    shapes = {name: (batch, *(sizes[dim] for dim in kind.dims)) for name, kind in loss.inputs.items()}
    return [ordinary(kind, torch.rand(shapes[name], generator=rng), sizes) for name, kind in loss.inputs.items()]
