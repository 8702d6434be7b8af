"""Linear problems with several columns: real measures of patients, and two columns that say nearly the same."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_TABLE = Path(__file__).parents[2] / "assets" / "points" / "diabetes_ten.csv"
_SEED = 0
# What some of the measures are, by their names in the table.
MEASURES = {"bmi": "body mass", "s1": "cholesterol", "s2": "LDL", "s3": "HDL", "s5": "triglycerides"}


@dataclass(frozen=True)
class Design:
    """A table X (N, P), what it is to explain, y (N,), both with mean 0 and variance 1, and the columns' names."""

    X: Tensor
    y: Tensor
    names: tuple[str, ...]
    credit: str


@cache
def diabetes_ten() -> Design:
    """Ten measures of 442 patients and the progression of their diabetes one year later, in float64."""
    with _TABLE.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")[:-1]
    table = torch.from_numpy(np.loadtxt(_TABLE, delimiter=",", skiprows=1))
    table = (table - table.mean(0)) / table.std(0, correction=0)  # the file is rounded
    credit = "442 patients: Efron, Hastie, Johnstone & Tibshirani 2004, as carried by scikit-learn. BSD 3-Clause."
    return Design(table[:, :-1], table[:, -1], tuple(names), credit)


def twin_columns(correlation: Tensor, rows: int = 20) -> Tensor:
    """Two columns with exactly that correlation (S,), each with mean square 1: (S, rows, 2), seeded, float64."""
    draw = torch.Generator().manual_seed(_SEED)
    base = torch.linalg.qr(torch.randn(rows, 2, generator=draw, dtype=torch.float64)).Q * rows**0.5
    rho = correlation.double()[:, None]
    return torch.stack([base[:, 0].expand(len(rho), -1), rho * base[:, 0] + (1 - rho.square()).sqrt() * base[:, 1]], -1)


def noises(draws: int = 500, rows: int = 20) -> Tensor:
    """Draws of standard normal noise, (draws, rows), seeded, float64."""
    return torch.randn(draws, rows, generator=torch.Generator().manual_seed(_SEED + 1), dtype=torch.float64)
