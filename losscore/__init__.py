"""Loss functions of machine vision as tensors, gradients and cards: the torch core of Loss Explorer.

>>> import torch, losscore
>>> huber = losscore.get("huber")
>>> huber(torch.tensor([3.0]), torch.tensor([0.0]), delta=1.0)
tensor(2.5000)
"""

from losscore import losses as _declared  # importing the families declares them
from losscore.record import Loss
from losscore.registry import families, get, losses

__all__ = ["Loss", "families", "get", "losses"]
