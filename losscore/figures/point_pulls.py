"""Points in the plane that a hand can drag, and where losses pull each of them."""

from collections.abc import Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import theme
from losscore.figures.box_drawing import arrows
from losscore.figures.film import Film
from losscore.figures.panels import Panels

_FULL = 4.0  # the pull at which an arrow is as long as it gets


def pull_arrows(at: Tensor, pull: Tensor, reach: float, aside: float = 0.0) -> tuple[Tensor, Tensor]:
    """Arrows at points (S, N, 2) along their pulls (S, N, 2), as the x and y of one line.

    Their length is the square root of the pull and `reach` at a pull of 4 or more; aside: how far to the left of its
    point an arrow stands, so that those of several losses do not cover each other.
    """
    size = pull.norm(dim=-1, keepdim=True)
    there = size > 1e-9  # rounding is no pull
    along = torch.where(there, pull / size.clamp(min=1e-9), 0.0)
    tail = at + aside * torch.stack([-along[..., 1], along[..., 0]], -1)
    return arrows(tail, tail + reach * (size / _FULL).clamp(max=1).sqrt() * along, reach / 5)


def draw_pulls(
    panels: Panels, film: Film, panel: int, at: Tensor, pulls: Sequence[tuple[str, str, Tensor]], reach: float
) -> None:
    """The arrows of losses given by key, name and pulls (S, N, 2) on points (S, N, 2), side by side."""
    for place, (key, name, pull) in enumerate(pulls):
        aside = (place - (len(pulls) - 1) / 2) * reach / 9
        x, y = pull_arrows(at, pull, reach, aside)
        line = {"color": theme.colour(key), "width": 2.8}
        trace = panels.add(
            go.Scatter(x=[0], y=[0], mode="lines", line=line, name=f"{name} pulls", showlegend=False, hoverinfo="skip"),
            panel,
        )
        film.move(trace, x=x, y=y)


def draw_point(
    panels: Panels, film: Film, panel: int, at: Tensor, name: str, colour: str, symbol: str, size: int = 13
) -> int:  # fmt: skip
    """A named point (S, 2); the index of its trace."""
    marker = {"size": size, "symbol": symbol, "color": colour, "line": {"color": "#ffffff", "width": 1}}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, name=name, hoverinfo="skip"), panel)
    film.move(trace, x=at[:, :1], y=at[:, 1:])
    return trace


def draw_circle(
    panels: Panels, film: Film, panel: int, centre: Tensor, radius: Tensor, name: str, line: dict[str, object],
    *, legend: bool = True,
) -> None:  # fmt: skip
    """A circle around (S, 2) of radius (S,)."""
    turn = torch.linspace(0, 2 * torch.pi, 73, dtype=centre.dtype)
    trace = panels.add(
        go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name, showlegend=legend, hoverinfo="skip"), panel
    )
    film.move(trace, x=centre[:, :1] + radius[:, None] * turn.cos(), y=centre[:, 1:] + radius[:, None] * turn.sin())


def square(panels: Panels, panel: int, span: float, x_title: str, y_title: str) -> None:
    """Axes from minus to plus `span`, with one length for a unit on both."""
    same = {"range": [-span, span], "constrain": "domain"}
    panels.axes(
        panel, same | {"title": {"text": x_title}},
        same | {"title": {"text": y_title}, "scaleanchor": panels.axis("x", panel)},
    )  # fmt: skip
