"""Real photographs in greys, small, with a margin around what is shown; and a few that are drawn here."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

_FOLDER = Path(__file__).parents[2] / "assets" / "photographs"
SIDE, MARGIN = 96, 8  # px that are shown, and px around them that a shift may bring in


def snapped(grey: Tensor) -> Tensor:
    """The nearest multiples of 2^-16: sums and differences of such greys are exact in float32."""
    return (grey * 65536).round() / 65536


@dataclass(frozen=True)
class Photograph:
    """whole: (SIDE + 2 MARGIN,) * 2 float32 from 0 (black) to 1 (white)."""

    key: str
    title: str
    whole: Tensor
    credit: str

    @property
    def shown(self) -> Tensor:
        """What stands inside the margin, (SIDE, SIDE)."""
        return self.whole[MARGIN:-MARGIN, MARGIN:-MARGIN]


_KNOWN = {
    "camera": ("Camera", "A photographer, by Lav Varshney. CC0."),
    "portrait": ("Portrait", "Eileen Collins, NASA. Public domain."),
    "cat": ("Cat", "Chelsea, by Stefan van der Walt. CC0."),
    "bricks": ("Bricks", "Bricks25 of CC0Textures. CC0."),
    "gravel": ("Gravel", "Gravel04 of CC0Textures. CC0."),
}
PHOTOGRAPHS = tuple(_KNOWN)
_COLUMNS = torch.arange(SIDE + 2 * MARGIN).float()
# The title, one row, and what all rows show.
_DRAWN = {
    "stripes": ("Stripes (synthetic)", _COLUMNS % 2, "columns of 1 px, black and white by turns."),
    "step": ("Step (synthetic)", (_COLUMNS > 55).float(), "black, and white from one column on."),
    "ramp": ("Ramp (synthetic)", snapped(((_COLUMNS - 50) / 10).clamp(0, 1)), "from black to white in ten steps."),
}
SYNTHETIC = tuple(_DRAWN)


@lru_cache
def photograph(key: str) -> Photograph:
    """The picture of that key, of PHOTOGRAPHS or SYNTHETIC. Raises KeyError naming them. It is read, never written."""
    if key in _DRAWN:
        title, row, credit = _DRAWN[key]
        return Photograph(key, title, row.expand(len(row), -1).contiguous(), f"Synthetic: {credit}")
    if key not in _KNOWN:
        raise KeyError(f"no photograph {key!r}; there are: {', '.join((*PHOTOGRAPHS, *SYNTHETIC))}")
    with Image.open(_FOLDER / f"{key}.png") as picture:
        whole = snapped(torch.from_numpy(np.array(picture)).float() / 255)
    title, credit = _KNOWN[key]
    return Photograph(key, title, whole, credit)
