"""A few small tensors for any loss, as lines of plain PyTorch that a person can read, copy and change."""

import math

import torch
from torch import Tensor

from losscore.inputs import Input
from losscore.record import Loss

SIZES = {"N": 4, "M": 4, "C": 3, "D": 2, "H": 4, "W": 4, "T": 5, "K": 4, "L": 2}
OTHERS = 3
LONGEST_LITERAL = 40  # numbers; more of them are computed instead of written
GOLDEN = (math.sqrt(5) - 1) / 2  # multiples of it spread evenly over 0..1, whatever their count


def example_lines(record: Loss) -> dict[str, str]:
    """For each input of the loss an expression of plain torch, such as "torch.tensor([0.5, -1.2])"."""
    sizes: dict[str, int] = {}
    for kind in record.inputs.values():
        for dim in kind.dims:
            sizes[dim] = int(dim) if dim.isdigit() else max(SIZES.get(dim, OTHERS), kind.least, sizes.get(dim, 0))
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
    count = math.prod(shape)
    start, low, width = 0.31 + 0.27 * at, kind.typical[0], kind.typical[1] - kind.typical[0]
    if count > LONGEST_LITERAL:
        step = round(GOLDEN + 0.11 * at, 2)
        line = f"(torch.arange({count}) * {step} + {start:.2f}) % 1"
        line = line if (low, width) == (0, 1) else f"{low:g} + {width:g} * ({line})"
        return f"({line}).reshape{shape}"
    shares = (torch.arange(count, dtype=torch.float64) * GOLDEN + start) % 1
    if kind.integer:
        least = int(kind.low)
        labels = least + (shares * (sizes.get(kind.labels_of or "", 2) - least)).long()
        return f"torch.tensor({labels.reshape(shape).tolist()})"
    if kind.only:
        values = torch.tensor(kind.only, dtype=torch.float64)[(shares * len(kind.only)).long()]
    elif kind.kind == "mask":
        values = shares.round()
    elif kind.simplex:
        # Twentieths, the last entry what is missing to one: the sums are exact to the eye.
        parts = (shares.reshape(-1, shape[-1]) * 12 / shape[-1]).round() + 1
        parts[:, -1] += 20 - parts.sum(-1)
        values = parts / 20
    elif kind.corners:
        corners = (low + width * shares).reshape(-1, 4)
        values = torch.cat([corners[:, :2] / 2, corners[:, :2] / 2 + corners[:, 2:] / 2 + 1], -1)
    else:
        values = low + width * (0.02 + 0.96 * shares)
    rounded = [round(value, 2) for value in values.flatten().tolist()]
    return f"torch.tensor({torch.tensor(rounded, dtype=torch.float64).reshape(shape).tolist()})"
