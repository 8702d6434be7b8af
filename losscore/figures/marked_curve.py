"""A loss's curve, and the marker on it that follows the slider."""

import plotly.graph_objects as go
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.panels import Panels


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
