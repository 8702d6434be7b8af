"""Two domains of points without pairs: four clusters each, the second one turned by 25 degrees."""

import math

import torch
from torch import Tensor

TURN = 25.0  # degrees: the true way from one domain to the other
CLUSTERS, EACH = 4, 12


def turned(points: Tensor, degrees: Tensor | float) -> Tensor:
    """Points (..., N, 2) turned about 0 by one angle or by (S,) of them, counter-clockwise: (S, N, 2)."""
    angle = torch.as_tensor(degrees, dtype=points.dtype).reshape(-1, 1) * math.pi / 180
    x, y = points.unbind(-1)
    return torch.stack([angle.cos() * x - angle.sin() * y, angle.sin() * x + angle.cos() * y], -1)


def domain() -> Tensor:
    """The first domain (4, 12, 2): clusters of one shape, so that turned by 90 degrees it is the same cloud."""
    draw = torch.Generator().manual_seed(3)
    cluster = torch.tensor([1.0, 0.0], dtype=torch.float64) + 0.11 * torch.randn(
        EACH, 2, generator=draw, dtype=torch.float64
    )
    quarters = 90.0 * torch.arange(CLUSTERS, dtype=torch.float64)
    return turned(cluster, quarters)
