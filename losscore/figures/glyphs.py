"""Digits drawn as lines, as on a calculator: lines follow a drag, which letters do not."""

import torch
from torch import Tensor

# Corners as (x, y) from -1 to 1; the way through them, a gap where it lifts.
_GAP = (float("nan"), float("nan"))
_A, _B, _C, _D, _E, _F = (-0.5, 1.0), (0.5, 1.0), (-0.5, 0.0), (0.5, 0.0), (-0.5, -1.0), (0.5, -1.0)
_WAYS = (
    (_A, _B, _F, _E, _A),
    (_B, _F),
    (_A, _B, _D, _C, _E, _F),
    (_A, _B, _F, _E, _GAP, _C, _D),
    (_A, _C, _D, _GAP, _B, _F),
    (_B, _A, _C, _D, _F, _E),
    (_B, _A, _E, _F, _D, _C),
    (_A, _B, _F),
    (_A, _B, _F, _E, _A, _GAP, _C, _D),
    (_D, _C, _A, _B, _F, _E),
)


def glyphs(middle: Tensor, size: float) -> Tensor:
    """The digits 0 to 9, twice `size` high, around their middles (S, 10, 2): (S, 10, P, 2), NaN where the pen lifts."""
    longest = max(map(len, _WAYS))
    ways = torch.tensor([way + (_GAP,) * (longest - len(way)) for way in _WAYS])
    return middle[:, :, None] + size * ways
