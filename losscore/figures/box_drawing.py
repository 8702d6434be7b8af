"""Boxes and the pulls on their edges as lines, which follow a drag."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels

_CASING = "rgba(255,255,255,0.85)"


def outline(box: Tensor) -> tuple[Tensor, Tensor]:
    """The way around boxes (S, 4), as the x and y (S, 5) of a line."""
    x1, y1, x2, y2 = box.unbind(-1)
    return torch.stack([x1, x2, x2, x1, x1], -1), torch.stack([y1, y1, y2, y2, y1], -1)


def draw_box(
    panels: Panels, film: Film, panel: int, box: Tensor, name: str, colour: str, *, dash: str = "solid",
    width: float = 2.5, casing: bool = False, legend: str | None = "legend",
) -> int:  # fmt: skip
    """Boxes (S, 4) or one box (4,), by name and colour; casing: on a light line, to stand on a dark picture.

    The index of the trace; its point 2 is the lower right corner.
    """
    lines = [(_CASING, width + 2, "solid"), (colour, width, dash)] if casing else [(colour, width, dash)]
    x, y = outline(box.reshape(-1, 4))
    for ink, thick, kind in lines:
        line = {"color": ink, "width": thick, "dash": kind}
        trace = panels.add(
            go.Scatter(
                x=[0], y=[0], mode="lines", line=line, name=name, hoverinfo="skip", legend=legend,
                showlegend=legend is not None and ink == colour,
            ),
            panel,
        )  # fmt: skip
        film.move(trace, x=x, y=y)
    return trace


def arrows(tail: Tensor, tip: Tensor, head: float) -> tuple[Tensor, Tensor]:
    """Arrows (S, N, 2) from tail to tip as the x and y (S, 7 N) of one line; none where they have no length.

    head: the longest that an arrow's head may be.
    """
    way = tip - tail
    length = way.norm(dim=-1, keepdim=True)
    along = way / length.clamp(min=1e-9)
    size = torch.minimum(length / 2, torch.full_like(length, head))
    side = torch.stack([-along[..., 1], along[..., 0]], -1)
    left, right = (tip - size * along + sign * 0.6 * size * side for sign in (1, -1))
    gap = torch.full_like(tail, torch.nan)
    strokes = torch.stack([tail, tip, gap, left, tip, right, gap], -2)
    strokes = strokes.masked_fill((length < 1e-6)[..., None], torch.nan).flatten(-3, -2)
    return strokes[..., 0], strokes[..., 1]


def edge_arrows(box: Tensor, push: Tensor, share: float, head: float) -> tuple[Tensor, Tensor]:
    """Arrows on the four edges of boxes (S, 4), as long as `push` (S, 4) says, along the axis of each coordinate.

    share: where along its edge an arrow stands, from 0 to 1.
    """
    x1, y1, x2, y2 = box.unbind(-1)
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    tails = torch.stack([torch.stack(p, -1) for p in ((x1, y), (x, y1), (x2, y), (x, y2))], -2)
    nothing = torch.zeros_like(push[..., 0])
    ways = torch.stack(
        [torch.stack([push[..., k], nothing] if k % 2 == 0 else [nothing, push[..., k]], -1) for k in range(4)], -2
    )
    tails, ways = torch.broadcast_tensors(tails, ways)
    return arrows(tails, tails + ways, head)


def draw_pull(panels: Panels, film: Film, panel: int, key: str, strokes: tuple[Tensor, Tensor], name: str) -> None:
    """The arrows of one loss, in its colour on a light ground."""
    for ink, width in ((_CASING, 5.0), (theme.colour(key), 2.8)):
        line = {"color": ink, "width": width}
        trace = panels.add(
            go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name, showlegend=False, hoverinfo="skip"), panel
        )
        film.move(trace, x=strokes[0], y=strokes[1])
