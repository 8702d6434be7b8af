"""Seven pictures of one mean squared error, and the order in which another loss puts them."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.equal_mse import equals
from losscore.explore.judged import BETTER_HIGH
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.greys import draw_mosaic, grey_index
from losscore.figures.panels import Panels
from losscore.scenes.photographs import photograph

NAMES = {
    "shift": "shifted", "blur": "blurred", "noise": "noisy", "brightness": "brighter", "contrast": "paler",
    "blocks": "in blocks", "patch": "covered",
}  # fmt: skip
_TIED = 200  # of so many parts of the largest value, those in the same part share their order


def equal_pictures(picture: str, level: Tensor | float, ranked_by: str, labels: Mapping[str, str]) -> Film:
    """The photograph and its seven distortions of mean squared error `level`, one number or all steps of its slider.

    ranked_by: the loss that orders them. labels: by key, every loss whose value is told. Slots: equal.<name>.amount,
    equal.<name>.<key>, equal.<name>.rank, equal.level. Raises KeyError for an unknown picture or loss.
    """
    shown = photograph(picture)
    levels = tuple(torch.as_tensor(level, dtype=torch.float32).reshape(-1).tolist())
    found = equals(picture, levels)
    panels = Panels(
        ["Seven pictures of equal MSE", f"Ranked by {labels[ranked_by]}, best first"],
        weights=[1.8, 1], height=400, narrow_height=290,
    )  # fmt: skip
    alt = f"{shown.title}: the original, and seven distortions of equal mean squared error, ranked by another loss."
    film = Film(panels.figure, len(levels), alt, panels.narrow)
    original = shown.shown.expand(len(levels), 1, -1, -1)
    names = ["original", *(NAMES[name] for name in found.names)]
    draw_mosaic(panels, film, 0, grey_index(torch.cat([original, found.pictures], 1)), names, 4)
    value = found.said[ranked_by]
    rank = _draw_ranks(panels, film, 1, value, ranked_by, labels[ranked_by])
    film.say("equal.level", torch.tensor(levels))
    for at, name in enumerate(found.names):
        film.say(f"equal.{name}.amount", found.amounts[:, at])
        film.say(f"equal.{name}.rank", rank[:, at], text=lambda place: f"{place:.0f}")
        for key in labels:
            said = found.said[key][:, at]
            film.say(f"equal.{name}.{key}", said.where(said.abs() > 1e-12, 0.0))
    first, last = (rank.sort(1).indices[:, end].tolist() for end in (0, -1))
    film.speak(
        [f"MSE {mse:.3g}: {labels[ranked_by]} finds the {names[a + 1]} picture best and the {names[z + 1]} one worst"
         for mse, a, z in zip(levels, first, last, strict=True)]
    )  # fmt: skip
    return film


def _draw_ranks(panels: Panels, film: Film, panel: int, value: Tensor, key: str, label: str) -> Tensor:
    """Marks at the values (S, K), one under the other by rank, each with its name; the ranks from 1, (S, K)."""
    most = float(value.max().clamp(min=1e-12))
    coarse = (value / most * _TIED).round() * (-1 if key in BETTER_HIGH else 1)
    rank = coarse.argsort(stable=True, dim=1).argsort(1) + 1
    number, ink = value.shape[1], theme.colour(key)
    nothing = torch.full_like(value, torch.nan)
    stems = panels.add(
        go.Scatter(
            x=[0], y=[0], mode="lines", line={"color": ink, "width": 2}, showlegend=False,
            hoverinfo="skip",
        ),
        panel,
    )  # fmt: skip
    film.move(
        stems,
        x=torch.stack([torch.zeros_like(value), value, nothing], -1).flatten(1),
        y=torch.stack([rank, rank, nothing], -1).flatten(1),
    )
    marker = {"size": 11, "symbol": theme.marker(key), "color": ink, "line": {"color": "white", "width": 1}}
    marks = panels.add(
        go.Scatter(
            x=[0] * number, y=[0] * number, mode="markers+text", marker=marker, textposition="middle right",
            text=[f"  {name}" for name in NAMES.values()], showlegend=False, hoverinfo="skip", cliponaxis=False,
        ),
        panel,
    )  # fmt: skip
    film.move(marks, x=value, y=rank.to(value.dtype))
    panels.axes(
        panel,
        {"title": {"text": label}, "range": [0, 1.42 * most], "nticks": 4},
        {"title": {"text": "rank"}, "range": [number + 0.6, 0.4], "tickvals": list(range(1, number + 1))},
    )
    return rank
