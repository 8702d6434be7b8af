"""Small digits in greys, in rows and columns, as one picture of a panel."""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from losscore.figures.film import Film
from losscore.figures.mask_overlay import sharp
from losscore.figures.panels import Panels
from losscore.figures.sprites import RGBA

_LEVELS, _EDGE = 16, 1  # px of paper round every digit
GREYS: list[RGBA] = [(c, c, c, 255) for c in (round(255 * (1 - k / (_LEVELS - 1))) for k in range(_LEVELS))]


def board(tiles: Tensor) -> Tensor:
    """Digits (S, R, C, h, w) from 0 to 1 as one picture each step, in the levels of GREYS."""
    apart = F.pad(tiles, (_EDGE, _EDGE, _EDGE, _EDGE))
    return levels(apart.transpose(2, 3).flatten(3, 4).flatten(1, 2))


def levels(pictures: Tensor) -> Tensor:
    """Pictures (..., H, W) from 0 to 1, large enough to stay square, in the levels of GREYS."""
    return sharp((pictures * (_LEVELS - 1)).round())


def draw_picture(panels: Panels, film: Film, panel: int, pictures: Tensor) -> None:
    """A picture (S, H, W) from 0 to 1 in a panel of its own."""
    _draw(panels, film, panel, pictures.shape[1], pictures.shape[2], levels(pictures))


def draw_board(panels: Panels, film: Film, panel: int, tiles: Tensor, columns: Sequence[str]) -> None:
    """Digits (S, R, C, h, w) in a panel of their own, with the columns' names under them."""
    _, rows, across, height, width = tiles.shape
    side = width + 2 * _EDGE
    _draw(panels, film, panel, rows * (height + 2 * _EDGE), across * side, board(tiles))
    panels.figure.layout[panels.axis("xaxis", panel)].update(
        showticklabels=True,
        tickvals=[side * (k + 0.5) for k in range(across)],
        ticktext=list(columns),
        tickangle=0,
        tickfont={"size": 11},
    )


def _draw(panels: Panels, film: Film, panel: int, height: int, width: int, shown: Tensor) -> None:
    film.picture(panels.add_image(panel, height, width), shown, GREYS)
    panels.picture_axes(panel, height, width, "", "")
    for name in ("xaxis", "yaxis"):
        panels.figure.layout[panels.axis(name, panel)].update(showticklabels=False, ticks="", showline=False)
