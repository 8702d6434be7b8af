"""Exact Euclidean distances between the pixels of masks, for whole batches, in pixels.

Separable: each column finds its nearest foreground pixel by looking 1, 2, 4, ... rows up and down; the nearest of the
picture is then the best of the columns, min over i of (g_i^2 + (x - i)^2).
Source: Felzenszwalb & Huttenlocher 2012, doi:10.4086/toc.2012.v008a019.
Distances are constants: no gradient passes through them.
"""

import torch
from torch import Tensor

# Candidates held at a time: about what the cache of one core keeps, so memory stays small for any batch.
_CANDIDATES = 2**18
# Up to here float32 holds every whole number, so squared distances in it are exact (to about 2900 pixels a side).
_EXACT_FLOAT32 = 2**24


@torch.no_grad()
def distance_to(mask: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Distance of every pixel to the nearest foreground pixel of its picture; infinite where the mask has none.

    mask: bool, shape (..., H, W). Returns the same shape in the given dtype.
    Raises TypeError for a mask that is not bool.
    """
    if mask.dtype is not torch.bool:
        raise TypeError(f"distance_to: mask must be bool, got {mask.dtype}")
    height, width = mask.shape[-2:]
    exact = torch.float32 if height**2 + width**2 <= _EXACT_FLOAT32 else torch.float64
    column = _along_columns(mask, exact).square().reshape(-1, 1, width)
    x = torch.arange(width, dtype=exact, device=mask.device)
    across = (x[:, None] - x).square()
    rows = max(1, _CANDIDATES // max(1, width * width))
    nearest = torch.cat([(part + across).amin(-1) for part in column.split(rows)])
    return nearest.to(dtype).sqrt().reshape(mask.shape)


def _along_columns(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Distance to the nearest foreground pixel of the same column; infinite where the column has none."""
    near = torch.zeros(mask.shape, dtype=dtype, device=mask.device).masked_fill_(~mask, torch.inf)
    reach = 1
    while reach < mask.shape[-2]:  # each round doubles how far a column's foreground has been heard of
        far = near + reach
        near[..., reach:, :] = torch.minimum(near[..., reach:, :], far[..., :-reach, :])
        near[..., :-reach, :] = torch.minimum(near[..., :-reach, :], far[..., reach:, :])
        reach *= 2
    return near


def distance_to_other(mask: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Distance of every pixel to the nearest pixel of the other kind: 1 on both sides of an edge, more further away.

    mask: bool, shape (..., H, W). An empty or full mask has no other kind and gives zeros.
    """
    both = distance_to(torch.stack([mask, ~mask]), dtype)
    return torch.where(mask, both[1], both[0]).nan_to_num(posinf=0.0)


def signed_distance(mask: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Signed distance to the edge: d outside, -(d - 1) inside, so the object's own edge pixels lie at 0.

    mask: bool, shape (..., H, W). An empty or full mask has no edge and gives zeros.
    Source: Kervadec et al. 2019, arXiv:1812.07032.
    """
    away = distance_to_other(mask, dtype)
    return torch.where(mask, (1 - away).clamp(max=0), away)
