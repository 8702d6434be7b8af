"""A predicted mask over a picture: hits, false alarms and misses by colour and pattern, the truth as an outline."""

from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels
from losscore.scenes.edits import categories

_TP, _FP, _FN = theme.TRUE_POSITIVE, theme.FALSE_POSITIVE, theme.FALSE_NEGATIVE
# An unsure call is pale, a sure one strong. False positives are striped, false negatives chequered.
PALETTE: list[sprites.RGBA] = [
    (0, 0, 0, 0), sprites.rgba(_FP, 0.14),
    sprites.rgba(_TP, 0.3), sprites.rgba(_TP, 0.55),
    sprites.rgba(_FP, 0.3), sprites.rgba(_FP, 0.55), sprites.rgba(_FP, 0.55), sprites.rgba(_FP, 0.95),
    sprites.rgba(_FN, 0.3), sprites.rgba(_FN, 0.6), sprites.rgba(_FN, 0.55), sprites.rgba(_FN, 0.95),
]  # fmt: skip
_KEYS = (("right", _TP, ""), ("false alarm", _FP, "/"), ("miss", _FN, "x"))
_CASING = ("rgba(255,255,255,0.75)", 3.5)
_LINE = (theme.TRUTH, 1.7)
_SHARP = 128  # rows that a picture is handed over with, or nearly so many


def shades(probability: Tensor, truth: Tensor, at: Tensor | float = 0.5) -> Tensor:
    """Indices into PALETTE (S, H, W) for probabilities (S, H, W) cut at `at`, a number or a tensor (S,).

    A call is sure where the probability is more than half-way from the threshold to 0 or 1.
    """
    level = at.to(probability.dtype)[:, None, None] if isinstance(at, Tensor) else at
    said = probability > level
    sure = torch.where(said, (probability - level) / (1 - level), (level - probability) / level) > 0.5
    kind = categories(said.to(probability.dtype), truth)
    row, column = torch.meshgrid(*(torch.arange(n) for n in probability.shape[-2:]), indexing="ij")
    stripe = (row + column) % 4 < 2
    chequer = (row // 2 + column // 2) % 2 == 0
    outcomes = (~sure, 2 + 1 * sure, 4 + 2 * sure + stripe, 8 + 2 * sure + chequer)
    index = torch.zeros_like(kind)
    for outcome, shade in enumerate(outcomes):
        index = torch.where(kind == outcome, shade.to(torch.uint8), index)
    return index


def outline(mask: Tensor) -> tuple[Tensor, Tensor]:
    """The border of a mask (H, W) along its pixels' edges, as x and y of a line with NaN between its pieces."""
    level = _runs(mask > 0.5)
    upright = _runs((mask > 0.5).T)
    gap = torch.full((len(level) + len(upright),), torch.nan)
    x = torch.stack([torch.cat([level[:, 1], upright[:, 0]]), torch.cat([level[:, 2], upright[:, 0]]), gap], -1)
    y = torch.stack([torch.cat([level[:, 0], upright[:, 1]]), torch.cat([level[:, 0], upright[:, 2]]), gap], -1)
    return x.flatten(), y.flatten()


def _runs(inside: Tensor) -> Tensor:
    """Straight pieces (n, 3) between rows of pixels that differ: between which rows, from and to which column."""
    height, width = inside.shape
    framed = torch.zeros(height + 2, width + 2, dtype=torch.bool)
    framed[1:-1, 1:-1] = inside
    edge = framed[1:] ^ framed[:-1]
    begins = torch.nonzero(edge[:, 1:] & ~edge[:, :-1])
    ends = torch.nonzero(edge[:, :-1] & ~edge[:, 1:])
    return torch.stack([begins[:, 0], begins[:, 1], ends[:, 1]], -1).float()


def draw_outline(
    panels: Panels,
    panel: int,
    mask: Tensor,
    *,
    legend: bool = True,
    offset: tuple[int, int] = (0, 0),
    fine: bool = False,
) -> None:
    """The outline of a mask (H, W), moved by `offset` rows and columns: a blue line that stands on light and on dark.

    fine: without the light casing, for outlines as dense as the pixels.
    """
    x, y = outline(mask)
    if not len(x):  # Plotly draws no axes where there is no trace: a point off the picture
        x, y = torch.tensor([-1.0]), torch.tensor([-1.0])
    x, y = x + offset[1], y + offset[0]
    for colour, width in (_LINE,) if fine else (_CASING, _LINE):
        line = {"color": colour, "width": width}
        panels.add(
            go.Scatter(
                x=x.numpy(), y=y.numpy(), mode="lines", line=line, name="truth", hoverinfo="skip",
                showlegend=legend and colour == theme.TRUTH,
            ),
            panel,
        )  # fmt: skip


def frame(panels: Panels, panel: int, height: int, width: int) -> None:
    """Axes in pixels and a line around the picture."""
    panels.picture_axes(panel, height, width, "column (px)", "row (px)")
    line = {"showline": True, "mirror": True}
    panels.axes(panel, line, line)


def draw_photograph(panels: Panels, panel: int, picture: Tensor) -> None:
    """The picture (H, W, 3) over the whole panel, and axes in its pixels."""
    height, width = picture.shape[:2]
    frame(panels, panel, height, width)
    grey = bool((picture == picture[..., :1]).all())  # a third of the bytes
    panels.add_image(panel, height, width, sprites.photograph(picture[..., 0] if grey else picture))


def sharp(picture: Tensor) -> Tensor:
    """A small picture (S, H, W) with each pixel repeated: browsers blur between pixels; one should stay square."""
    times = max(1, _SHARP // picture.shape[-2])
    return picture.repeat_interleave(times, -2).repeat_interleave(times, -1)


def draw_overlay(panels: Panels, film: Film, panel: int, shade: Tensor, *, legend: bool = True) -> None:
    """The moving overlay (S, H, W) of `shades`, with a word for each colour and pattern."""
    height, width = shade.shape[-2:]
    film.picture(panels.add_image(panel, height, width), sharp(shade), PALETTE)
    if legend:
        draw_key(panels, panel)


def draw_key(panels: Panels, panel: int) -> None:
    """Legend entries for the three outcomes; they draw nothing in the panel."""
    for name, colour, pattern in _KEYS:
        hatch = {"shape": pattern, "fgcolor": "white", "bgcolor": colour, "solidity": 0.35, "size": 5}
        marker: dict[str, Any] = {"color": colour, "pattern": hatch}
        panels.add(go.Bar(x=[None], y=[None], marker=marker, name=name, hoverinfo="skip"), panel)


def draw_mosaic(panels: Panels, film: Film, panel: int, shade: Tensor, truths: Tensor, *, fine: bool = False) -> None:
    """Four overlays (S, 4, H, W) of `shades` as one picture, two by two, with the outlines of `truths` (4, H, W)."""
    height, width = shade.shape[-2:]
    frame(panels, panel, 2 * height, 2 * width)
    tiles = shade.unflatten(1, (2, 2)).permute(0, 1, 3, 2, 4).reshape(-1, 2 * height, 2 * width)
    draw_overlay(panels, film, panel, tiles)
    line = {"color": theme.NEUTRAL, "width": 1}
    x, y = [width, width, None, 0, 2 * width], [0, 2 * height, None, height, height]
    panels.add(go.Scatter(x=x, y=y, mode="lines", line=line, showlegend=False, hoverinfo="skip"), panel)
    for place, truth in enumerate(truths):
        corner = (height * (place // 2), width * (place % 2))
        draw_outline(panels, panel, truth, legend=place == 0, offset=corner, fine=fine)
