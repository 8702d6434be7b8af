"""A curve, and the marker on it that follows the slider."""

from typing import Any, NamedTuple

import plotly.graph_objects as go
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels


class Look(NamedTuple):
    """How a curve and its marker are drawn."""

    ink: str
    dash: str
    symbol: str


def marked_curve(
    panels: Panels, film: Film, panel: int, key: str, name: str, curve: tuple[Tensor, Tensor],
    here: tuple[Tensor, Tensor],
) -> None:  # fmt: skip
    """The loss `key`, called `name`: a curve x (P,), y (P,) or (S, P), and one marker at x, y of (1,) or (S,).

    Only the first panel's curves stand in the legend.
    """
    ink = {"color": theme.colour(key)}
    style = {"width": 3, "dash": theme.dash(key)} | ink
    line = panels.add(go.Scatter(x=[0], y=[1], mode="lines", line=style, name=name, showlegend=panel == 0), panel)
    film.move(line, x=curve[0], y=curve[1])
    marker = {"size": 12, "symbol": theme.marker(key), "line": {"color": "#ffffff", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[1], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=here[0][:, None], y=here[1][:, None])


def walked_curve(
    panels: Panels, film: Film, panel: int, name: str, look: Look, over: tuple[Tensor, Tensor], **trace: Any
) -> None:  # fmt: skip
    """A curve x (S,), y (S,) over the steps of the slider itself, which stays, and one marker, which walks along it.

    trace: more of the curve, such as its legend.
    """
    x, y = over
    line = {"color": look.ink, "dash": look.dash, "width": 3}
    panels.add(go.Scatter(x=x.numpy(), y=y.numpy(), mode="lines", line=line, name=name, **trace), panel)
    marker = {"size": 12, "symbol": look.symbol, "color": look.ink, "line": {"color": "#ffffff", "width": 1}}
    dot = panels.add(go.Scatter(x=[0], y=[1], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=x[:, None], y=y[:, None])
