"""A small batch in the plane under two losses: which pairs each pulls together or pushes apart, and where all go."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.batch_terms import terms
from losscore.explore.ties import PROXIES, asked, cost, pulls, ties
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels
from losscore.figures.point_pulls import draw_point, pull_arrows, square
from losscore.figures.sweep_curve import Number, in_step, swept
from losscore.scenes.batches import CLASSES, LABELS, batch, proxies

SIDES = ("left", "right")
_TITLES = {"x": "moved, across", "y": "moved, up", "margin": "margin", "temperature": "temperature"}
_WEAK, _STRONG = 0.05, 0.35  # of the strongest tie: from where a line is drawn, and drawn thick
_LINES = ((1, "pulled together", theme.AGREEMENT, "solid"), (-1, "pushed apart", theme.PREDICTION, "dot"))
_HEIGHT, _NARROW = 400, 320
_ARROW = 1.2


def batch_ties(settings: Mapping[str, Number], losses: Sequence[str], labels: Mapping[str, str]) -> Film:
    """The batch with lines between tied pairs and an arrow for each member, under the loss of each of SIDES.

    settings: x, y of the one that is moved, margin and temperature; at most one is a tensor (S,), the slider that is
    swept. Slots, behind "batch.<side>.": loss, moved (its pull), share (of all ties, those of the moved one, in
    percent), pulled and pushed (numbers of lines), and the numbers of `batch_terms.FORMULAS` by their symbols.
    """
    name, steps = swept(settings)
    count = len(steps)
    given = in_step(settings, count)
    emb, fixed = batch(given["x"], given["y"]), proxies()
    panels = Panels([labels[key] for key in losses], height=_HEIGHT, narrow_height=_NARROW)
    alt = "Nine embeddings in a plane, three of each class, under two losses: lines between pairs, and arrows."
    film = Film(panels.figure, count, alt, panels.narrow)
    for panel, (side, key) in enumerate(zip(SIDES, losses, strict=True)):

        def value(points: Tensor, middles: Tensor, key: str = key) -> Tensor:
            return cost(key, points, LABELS, middles, given["margin"], given["temperature"])

        found, pull = pulls(lambda points, value=value: value(points, fixed), emb)  # type: ignore[misc]
        every = torch.cat([emb, fixed.expand(count, -1, -1)], 1)
        tie = ties(value, emb, fixed) * torch.cdist(emb, every)
        numbers = _draw_ties(panels, film, panel, every, tie)
        x, y = pull_arrows(emb, pull, _ARROW)
        line = {"color": theme.NEUTRAL, "width": 4}
        arrow = go.Scatter(x=[0], y=[0], mode="lines", line=line, name="where it goes", showlegend=False)
        film.move(panels.add(arrow, panel), x=x, y=y)
        _draw_members(panels, film, panel, emb, fixed if key in PROXIES else None, side)
        square(panels, panel, 2.1, "first number", "second number" if panel == 0 else "")
        film.say(f"batch.{side}.loss", found)
        for symbol, number in terms(key, emb, LABELS, fixed, given["margin"], given["temperature"], found).items():
            film.say(f"batch.{side}.{symbol}", number, text=bracketed)
        loss = losscore.get(key)
        inputs, how = asked(key, emb, LABELS, fixed, given["margin"], given["temperature"])
        typed = [tensor if len(tensor) == count else tensor[None] for tensor in inputs]  # proxies are the same
        film.given_by(f"batch.{side}.loss", loss, dict(zip(loss.inputs, typed, strict=True)), how)
        length = pull[:, 0].norm(dim=-1)
        film.say(f"batch.{side}.moved", length.where(length > 1e-9, 0.0))
        film.say(f"batch.{side}.share", 100 * _share(tie), text=lambda number: f"{number:.0f} %")
        for word, number in numbers.items():
            film.say(f"batch.{side}.{word}", number, text=lambda number: f"{number:.0f}")
    said = zip(steps.tolist(), *(film.slots[f"batch.{side}.loss"].tolist() for side in SIDES), strict=True)
    names = [labels[key] for key in losses]
    film.speak(
        [f"{_TITLES[name]} {x:.3g}: {names[0]} {short(a)}, {names[1]} {short(b)}" for x, a, b in said]
    )  # fmt: skip
    return film


def _share(tie: Tensor) -> Tensor:
    """What part of all ties (S, N, N + C) is tied to the first member, (S,)."""
    size, count = tie.abs(), tie.shape[1]
    among, to_proxies = size[..., :count].triu(), size[..., count:]
    own = among[:, 0].sum(-1) + to_proxies[:, 0].sum(-1)
    total = among.sum((-2, -1)) + to_proxies.sum((-2, -1))
    return torch.where(total > 1e-9, own / total.clamp(min=1e-300), 0.0)


def _draw_ties(panels: Panels, film: Film, panel: int, every: Tensor, tie: Tensor) -> dict[str, Tensor]:
    """Lines between tied pairs, thick where a tie is strong; how many pull and how many push, (S,) each."""
    count = tie.shape[1]
    # A pair of members once; to a proxy only its member is drawn.
    near, far = torch.triu_indices(count, tie.shape[2], 1)
    ends = torch.stack([every[:, near], every[:, far], torch.full_like(every[:, near], torch.nan)], 2)
    size = tie[:, near, far]
    part = size / size.abs().amax(-1, keepdim=True).clamp(min=1e-9)
    numbers = {}
    for sign, name, colour, dash in _LINES:
        for strong in (True, False):
            there = (sign * part >= _STRONG) if strong else (sign * part >= _WEAK) & (sign * part < _STRONG)
            way = ends.where(there[..., None, None], torch.nan).flatten(1, 2)
            line: dict[str, Any] = {"color": colour, "dash": dash, "width": 2.6 if strong else 1}
            trace = panels.add(
                go.Scatter(
                    x=[0], y=[0], mode="lines", line=line, name=name, hoverinfo="skip", showlegend=False, opacity=0.75
                ),
                panel,
            )
            film.move(trace, x=way[..., 0], y=way[..., 1])
        numbers["pulled" if sign > 0 else "pushed"] = (sign * part >= _WEAK).sum(-1)
        if panel == 0:  # a line of its own for the legend: the others may have nothing to draw
            line = {"color": colour, "dash": dash, "width": 2.6}
            panels.add(go.Scatter(x=[None], y=[None], mode="lines", line=line, name=name, hoverinfo="skip"), panel)
    return numbers


def _draw_members(panels: Panels, film: Film, panel: int, emb: Tensor, fixed: Tensor | None, side: str) -> None:
    """The members by their classes, the moved one larger and to be dragged; proxies as stars."""
    for label in range(CLASSES):
        style = {"symbol": theme.class_marker(label), "color": theme.class_ink((4, 5, 6)[label])}
        marker = style | {"size": 12, "line": {"color": "#ffffff", "width": 1}}
        rest = emb[:, label == LABELS][:, 1 if label == 0 else 0 :]
        points = go.Scatter(
            x=[0] * rest.shape[1], y=[0] * rest.shape[1], mode="markers", marker=marker, name=f"class {label + 1}",
            showlegend=panel == 0, hoverinfo="skip",
        )  # fmt: skip
        film.move(panels.add(points, panel), x=rest[..., 0], y=rest[..., 1])
        if fixed is not None:
            star = style | {"symbol": "star", "size": 15, "line": {"color": "#1c2430", "width": 1}}
            panels.add(
                go.Scatter(
                    x=fixed[label, :1].numpy(), y=fixed[label, 1:].numpy(), mode="markers", marker=star,
                    name=f"proxy of class {label + 1}", showlegend=False, hoverinfo="skip",
                ),
                panel,
            )  # fmt: skip
    moved = draw_point(panels, film, panel, emb[:, 0], "class 1, moved", theme.class_ink(4), theme.class_marker(0), 15)
    panels.figure.data[moved].showlegend = False
    film.handle(moved, x="batch_x", y="batch_y", point=0, name=f"the moved one on the {side}")
