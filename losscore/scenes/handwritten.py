"""Handwritten digits, 8 x 8 pixels: some to train on, some held out."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

_FILE = Path(__file__).parents[2] / "assets" / "digits" / "digits.npz"
HELD = 30  # of each digit are held out


class Digits(NamedTuple):
    """pictures: (N, 8, 8) float32 from 0 (paper) to 1 (ink). labels: (N,) int64, 0 to 9."""

    pictures: Tensor
    labels: Tensor


@cache
def digits() -> tuple[Digits, Digits]:
    """Those to train on (1497) and those held out: the last 30 of each digit, sorted by digit."""
    with np.load(_FILE) as parts:
        pictures = torch.from_numpy(parts["pictures"]).float() / 16
        labels = torch.from_numpy(parts["labels"]).long()
    held = torch.cat([(labels == digit).nonzero()[-HELD:, 0] for digit in range(10)])
    rest = torch.ones(len(labels), dtype=torch.bool)
    rest[held] = False
    return Digits(pictures[rest], labels[rest]), Digits(pictures[held], labels[held])
