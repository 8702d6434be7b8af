"""Class labels of pixels as one mask a class."""

import torch
import torch.nn.functional as F
from torch import Tensor


def one_hot_maps(labels: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Labels (..., H, W) as masks (..., C, H, W) of 0 and 1."""
    return F.one_hot(labels.long(), classes).movedim(-1, -3).to(dtype)
