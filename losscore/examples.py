"""A few small tensors for any loss, as lines of plain PyTorch that a person can read, copy and change."""

import math

import torch
from torch import Tensor

from losscore.inputs import Input
from losscore.ordinary import dimensions, ordinary
from losscore.record import Loss

SIZES = {"N": 4, "M": 4, "C": 3, "D": 2, "H": 4, "W": 4, "T": 5, "K": 4, "L": 2}
LONGEST_LITERAL = 40  # numbers; more of them are computed instead of written
GOLDEN = (math.sqrt(5) - 1) / 2  # multiples of it spread evenly over 0..1, whatever their count


def example_lines(record: Loss) -> dict[str, str]:
    """For each input of the loss an expression of plain torch, such as "torch.tensor([0.5, -1.2])"."""
    sizes = dimensions(record, SIZES)
    longest = max(math.prod(sizes[dim] for dim in kind.dims) for kind in record.inputs.values())
    batch = (4,) if longest == 1 else (2,) if longest <= 4 else ()
    return {
        name: _line(kind, (*batch, *(sizes[dim] for dim in kind.dims)), sizes, at)
        for at, (name, kind) in enumerate(record.inputs.items())
    }


def example(record: Loss) -> tuple[Tensor, ...]:
    """The tensors of `example_lines`, in the order of the loss's inputs."""
    return tuple(eval(line, {"torch": torch}) for line in example_lines(record).values())


def _line(kind: Input, shape: tuple[int, ...], sizes: dict[str, int], at: int) -> str:
    count, start = math.prod(shape), 0.31 + 0.27 * at
    if count > LONGEST_LITERAL:
        low, width = kind.typical[0], kind.typical[1] - kind.typical[0]
        if kind.kind == "image" and at:  # the same texture, fainter
            low, width, at, start = 0.2, 0.6, 0, 0.31
        line = f"(torch.arange({count}) * {GOLDEN + 0.11 * at:.2f} + {start:.2f}) % 1"
        line = line if (low, width) == (0, 1) else f"{low:g} + {width:g} * ({line})"
        return f"({line}).reshape{shape}"
    shares = (torch.arange(count, dtype=torch.float64) * GOLDEN + start) % 1
    if kind.kind == "mask" and kind.dims == ("H", "W"):  # a block, each input's one row lower than the one's before
        block = torch.zeros(shape, dtype=torch.float64)
        block[..., at : at + shape[-2] // 2, 1 : 1 + shape[-1] // 2] = 1
        return f"torch.tensor({block.tolist()})"
    values = ordinary(kind, shares.reshape(shape), sizes)
    if not kind.integer:
        values = torch.tensor([round(value, 2) for value in values.flatten().tolist()]).double().reshape(shape)
    if kind.simplex:  # what was lost by rounding goes to the last share
        values[..., -1] = 1 - values[..., :-1].sum(-1)
    numbers = values if kind.integer else torch.round(values, decimals=2)
    return f"torch.tensor({numbers.tolist()})"
