"""One neuron that learns one sample: a weight, a bias, a sigmoid."""

import torch
from torch import Tensor

from losscore.record import Loss


def learn(
    loss: Loss, start: float | Tensor, rate: float | Tensor, steps: int, *, share: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The neuron's output, and the slope of its cost by the logit, before each of `steps` steps and after the last.

    Weight and bias both start at `start`; the input is 1, the truth 0. The cost is `share` times the loss, which is one
    of a logit or of a probability. start and rate may be tensors (S,): both results are then (S, steps + 1).
    Raises ValueError for negative steps, and as the loss does.
    """
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    first, size = (torch.as_tensor(number, dtype=torch.float32) for number in (start, rate))
    shape = torch.broadcast_shapes(first.shape, size.shape)
    weights = first[..., None].expand(*shape, 2)  # weight and bias
    outputs, slopes = [], []
    for _ in range(steps + 1):
        z = weights.sum(-1).requires_grad_()
        output = z.sigmoid()
        cost = share * loss(
            output if loss.inputs["pred"].high == 1 else z, torch.zeros(shape, dtype=z.dtype), reduction="none"
        )
        (slope,) = torch.autograd.grad(cost.sum(), z)
        outputs.append(output.detach())
        slopes.append(slope)
        weights = weights.detach() - (size * slope)[..., None]  # of input 1, both have the slope of the logit
    return torch.stack(outputs, -1), torch.stack(slopes, -1)
