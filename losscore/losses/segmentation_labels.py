"""Class labels of pixels as one mask a class."""

import torch
import torch.nn.functional as F
from torch import Tensor


def check_labels(labels: Tensor, classes: int) -> None:
    """Raises ValueError where a label has no class."""
    if (highest := int(labels.max())) >= classes:
        raise ValueError(f"target must hold labels from 0 to {classes - 1} (pred has {classes} classes), got {highest}")


def one_hot_maps(labels: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Labels (..., H, W) as masks (..., C, H, W) of 0 and 1. Raises ValueError for a label of C or more."""
    check_labels(labels, classes)
    return F.one_hot(labels.long(), classes).movedim(-1, -3).to(dtype)
