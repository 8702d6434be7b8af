"""Grey pictures that change with a slider."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import sprites
from losscore.figures.film import Film
from losscore.figures.panels import Panels

LEVELS = 32  # greys that a moving picture is shown in
GREYS: list[sprites.RGBA] = [(*(round(255 * level / (LEVELS - 1)),) * 3, 255) for level in range(LEVELS)]
_NOTHING: sprites.RGBA = (0, 0, 0, 0)
GAP = 18  # px under each row of a mosaic, for its names
_BETWEEN = 4  # px between its columns


def grey_index(picture: Tensor) -> Tensor:
    """Which grey each pixel of a picture is shown in, 0 (black) to LEVELS - 1; what leaves 0..1 is shown as its end."""
    return (picture.clamp(0, 1) * (LEVELS - 1)).round().to(torch.uint8)


def bare_axes(panels: Panels, panel: int, height: int, width: int) -> None:
    """Square pixels without numbers or lines: what the picture is stands in its title."""
    panels.picture_axes(panel, height, width, "", "")
    plain = {"showticklabels": False, "ticks": "", "automargin": False}
    panels.axes(panel, plain, plain)
    # Plotly draws no picture where there is no trace: a point off it.
    panels.add(go.Scatter(x=[-9], y=[-9], mode="markers", showlegend=False, hoverinfo="skip"), panel)


def draw_grey(panels: Panels, film: Film, panel: int, picture: Tensor) -> None:
    """The moving picture (S, H, W), from 0 (black) to 1 (white), over a panel of its own."""
    height, width = picture.shape[-2:]
    bare_axes(panels, panel, height, width)
    film.picture(panels.add_image(panel, height, width), grey_index(picture), GREYS)


def corner(place: int, columns: int, height: int, width: int) -> tuple[int, int]:
    """Column and row where a picture of that place in a mosaic begins."""
    row, column = divmod(place, columns)
    return column * (width + _BETWEEN), row * (height + GAP)


def draw_mosaic(panels: Panels, film: Film, panel: int, index: Tensor, names: list[str], columns: int,
                palette: list[sprites.RGBA] | None = None) -> None:  # fmt: skip
    """Pictures of palette indices (S, K, H, W) in rows of `columns`, each over its name; greys by default.

    A last row that is not full stays empty at its end. Pictures that never change are sent once, as a picture of
    their own. An index beyond the palette shows nothing.
    """
    shades = GREYS if palette is None else palette
    steps, number, height, width = index.shape
    tall, wide = -(-number // columns) * (height + GAP), columns * (width + _BETWEEN) - _BETWEEN
    moving = torch.full((steps, tall, wide), len(shades), dtype=torch.uint8)
    still = moving[:1].clone()
    x, y = [], []
    for place, tile in enumerate(index.unbind(1)):
        left, top = corner(place, columns, height, width)
        whole = still if bool((tile == tile[:1]).all()) else moving
        whole[:, top : top + height, left : left + width] = tile[: len(whole)]
        x.append(left + width / 2)
        y.append(top + height + GAP / 2)
    bare_axes(panels, panel, tall, wide)
    for whole in (still, moving):
        film.picture(panels.add_image(panel, tall, wide), whole, [*shades, _NOTHING])
    panels.add(
        go.Scatter(x=x, y=y, mode="text", text=names, textfont={"size": 12}, showlegend=False, hoverinfo="skip"), panel
    )
