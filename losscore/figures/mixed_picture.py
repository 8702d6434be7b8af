"""What a model of two numbers makes: a mask over its truth, or a picture in greys."""

import torch
from torch import Tensor

from losscore.figures import sprites
from losscore.figures.film import Film
from losscore.figures.panels import Panels

_LEVELS = 12
_WHITE, _BLUE, _VERMILION = (246, 248, 250), (0, 114, 178), (213, 94, 0)


def _between(start: tuple[int, int, int], end: tuple[int, int, int], part: float) -> sprites.RGBA:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
    return red, green, blue, 255


def draw_made(panels: Panels, film: Film, panel: int, made: Tensor, truth: Tensor | None) -> None:
    """A picture (S, H, W) from 0 to 1 in a panel.

    Over a truth (H, W) of 0 and 1 it is a probability: the truth is blue, and the surer the mask, the more vermilion.
    """
    height, width = made.shape[1:]
    level = (made * _LEVELS).floor().clamp(0, _LEVELS - 1).long()
    parts = [step / (_LEVELS - 1) for step in range(_LEVELS)]
    if truth is None:
        palette = [_between((0, 0, 0), (255, 255, 255), part) for part in parts]
    else:
        palette = [_between(ground, _VERMILION, 0.75 * part) for ground in (_WHITE, _BLUE) for part in parts]
        level = level + _LEVELS * truth.long()
    index = panels.add_image(panel, height, width)
    film.picture(index, level.to(torch.uint8), palette)
    what = "horse blue, disc red" if truth is not None else "the picture made"
    panels.picture_axes(panel, height, width, what, "")
    panels.figure.layout[panels.axis("xaxis", panel)].showticklabels = False
    panels.figure.layout[panels.axis("yaxis", panel)].showticklabels = False
