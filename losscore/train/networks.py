"""Small networks whose first weights come from a generator of their own."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn


def layers(
    sizes: Sequence[int], generator: torch.Generator, between: Callable[[], nn.Module] = nn.ReLU
) -> nn.Sequential:
    """Linear layers from sizes[0] to sizes[-1] numbers with `between` after all but the last; weights as torch's own.

    torch.nn.Linear would draw its first weights from the global generator.
    """
    modules: list[nn.Module] = []
    for size, following in pairwise(sizes):
        linear = nn.utils.skip_init(nn.Linear, size, following)
        bound = size**-0.5
        for weights in (linear.weight, linear.bias):
            nn.init.uniform_(weights, -bound, bound, generator=generator)
        modules += [linear, between()]
    return nn.Sequential(*modules[:-1])
