"""The triangle of three probabilities: a loss as its colour, the gradient as arrows, and one answer that is moved."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.simplex import answers, best, inputs_of, shares
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

CLASSES = ("cat", "dog", "fish")
_WIDE, _HIGH = 120, 104  # pixels of the triangle's picture: very nearly equilateral
_CORNERS = torch.tensor([[_WIDE / 2, 0.0], [0.0, _HIGH], [_WIDE, _HIGH]], dtype=torch.float64)
_EDGE = 0.01  # the least probability that has a colour of its own
_BANDS, _DARK, _PALE = 13, (47, 117, 163), (227, 239, 246)
_CLEAR = _BANDS  # the palette's last entry: outside the triangle
_CELLS = 9  # arrows stand on a lattice of so many rows
_LENGTH = 10  # px of the longest arrow
_PULL = 1.4  # end of the axis of pushes
_STRONG = {"multiclass_hinge_ww": 2.4, "poly1_ce": 2.8}  # ends for those that push harder
_INK = "#1c2430"
_ASIDE = np.array([[4.0, 0.0], [0.0, 0.0], [0.0, 0.0]])  # of the names: on the cat's corner lies the star


def probability_triangle(
    key: str, cat: float | Tensor, odds: float | Tensor, labels: Mapping[str, str],
    params: Mapping[str, Mapping[str, Any]], truth: float | Tensor = 1.0,
) -> Film:  # fmt: skip
    """The loss `key` over all answers, and every loss in `labels` at one answer; a cat is the truth.

    cat: the probability of cat. odds: dog's share of the rest against fish's. truth: cat's share of a soft truth, for
    losses that take one. One of these or one parameter may be a tensor of steps (S,).
    Slots: p.cat, p.dog, p.fish, best (the probability of cat in the cheapest answer under `key`), <key>.loss, and
    <key>.cat, <key>.dog, <key>.fish: how the gradient pushes their logits. Raises KeyError for an unknown loss.
    """
    here = shares(cat, odds)
    told = {name: answers(name, here[:, None], params.get(name, {}), truth) for name in labels}
    given = params.get(key, {})
    panels = Panels(
        [f"{labels[key]}: dark is low", "Push on each logit"], weights=[1.5, 1.0], height=430, narrow_height=320
    )
    alt = (
        f"A triangle of all answers with the corners cat, dog and fish, shaded by {labels[key]}, with arrows where its"
        " gradient moves an answer; beside it the push on each of the three logits."
    )
    film = Film(panels.figure, max(len(here), *(len(at.value) for at in told.values())), alt, panels.narrow)
    panels.figure.update_layout(showlegend=False)
    _shade(panels, film, key, given, truth)
    _arrows(panels, film, key, given, truth)
    cheapest = best(key, given, truth)
    _answer(panels, film, here, cheapest)
    _pushes(panels, film, told[key].push[:, 0], theme.colour(key), _STRONG.get(key, _PULL))
    for index, name in enumerate(CLASSES):
        film.say(f"p.{name}", here[:, index])
    film.say("best", cheapest)
    for name, at in told.items():
        film.say(f"{name}.loss", at.value[:, 0])
        film.given_by(f"{name}.loss", losscore.get(name), inputs_of(name, here, truth), params.get(name, {}))
        for index, of in enumerate(CLASSES):
            film.say(f"{name}.{of}", at.push[:, 0, index])
    costs = film.slots[f"{key}.loss"].tolist()
    places = zip(*(film.slots[f"p.{name}"].tolist() for name in CLASSES), costs, strict=True)
    film.speak([f"Cat {c:.2f}, dog {d:.2f}, fish {f:.2f}: {labels[key]} {short(v)}" for c, d, f, v in places])
    return film


def _shade(panels: Panels, film: Film, key: str, params: Mapping[str, Any], truth: float | Tensor) -> None:
    """The loss at every pixel, in bands from the least (dark) to the most (pale) that the triangle holds."""
    y, x = torch.meshgrid(torch.arange(_HIGH) + 0.5, torch.arange(_WIDE) + 0.5, indexing="ij")
    first = 1 - y / _HIGH
    second = (y / _HIGH + 1) / 2 - x / _WIDE
    p = torch.stack([first, second, 1 - first - second], -1)
    inside = p.amin(-1) > -0.003
    p = p[inside].clamp(min=_EDGE)
    value = answers(key, (p / p.sum(-1, keepdim=True))[None], params, truth).value
    low, high = value.aminmax(dim=-1, keepdim=True)
    band = ((value - low) / (high - low).clamp(min=1e-9) * _BANDS).long().clamp(max=_BANDS - 1)
    picture = torch.full((len(value), _HIGH, _WIDE), _CLEAR, dtype=torch.uint8)
    picture[:, inside] = band.to(torch.uint8)
    shades: list[sprites.RGBA] = []
    for step in range(_BANDS):
        red, green, blue = (
            round(dark + (pale - dark) * step / (_BANDS - 1)) for dark, pale in zip(_DARK, _PALE, strict=True)
        )
        shades.append((red, green, blue, 255))
    film.picture(panels.add_image(0, _HIGH, _WIDE), picture, [*shades, (255, 255, 255, 0)])
    panels.picture_axes(0, _HIGH, _WIDE, "", "")
    panels.axes(0, {"visible": False, "range": [-9, _WIDE + 9]}, {"visible": False, "range": [_HIGH + 9, -5]})
    outline, aside = _CORNERS[[0, 1, 2, 0]].numpy(), _CORNERS.numpy() + _ASIDE
    style: dict[str, Any] = {"hoverinfo": "skip", "cliponaxis": False}
    edge = {"color": theme.NEUTRAL, "width": 4}
    panels.add(go.Scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=edge, **style))
    names = {"mode": "text", "text": CLASSES, "textposition": ["middle right", "bottom center", "bottom center"]}
    panels.add(go.Scatter(x=aside[:, 0], y=aside[:, 1], textfont={"size": 15}, **names, **style))


def _arrows(panels: Panels, film: Film, key: str, params: Mapping[str, Any], truth: float | Tensor) -> None:
    """Where a small step on the logits moves the probabilities; the root of its size, so that small ones are seen."""
    counts = torch.cartesian_prod(*[torch.arange(_CELLS)] * 2)
    counts = counts[counts.sum(-1) < _CELLS]
    first, second = ((counts.double() + 1 / 3) / _CELLS).unbind(-1)
    p = torch.stack([first, second, 1 - first - second], -1)
    way = answers(key, p[None], params, truth).drift @ _CORNERS
    size = way.norm(dim=-1, keepdim=True).clamp(min=1e-9)
    along = way / size * (size / size.amax(1, keepdim=True)).sqrt() * _LENGTH
    side = torch.stack([-along[..., 1], along[..., 0]], -1)
    middle, gap = p @ _CORNERS, torch.full_like(along, math.nan)
    tail, tip = middle - along / 2, middle + along / 2
    head = [tip - 0.35 * along + 0.2 * side, tip, tip - 0.35 * along - 0.2 * side]
    strokes = torch.stack([tail, tip, gap, *head, gap], 2).flatten(1, 2)
    x, y = (strokes * 8).round().div(8).unbind(-1)  # an eighth of a pixel: what moves stays small on the wire
    line = {"color": _INK, "width": 1.2}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, opacity=0.75, hoverinfo="skip"))
    film.move(trace, x=x, y=y)


def _answer(panels: Panels, film: Film, here: Tensor, cheapest: Tensor) -> None:
    """The answer, all answers that give the cat as much, and the cheapest one."""
    cat = here[:, :1]
    ends = torch.stack([torch.cat([cat, 1 - cat, 0 * cat], -1), torch.cat([cat, 0 * cat, 1 - cat], -1)], 1) @ _CORNERS
    style: dict[str, Any] = {"hoverinfo": "skip"}
    dots = {"color": theme.PREDICTION, "width": 2, "dash": "dot"}
    film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=dots, **style)), x=ends[..., 0], y=ends[..., 1])
    looks = (
        (shares(cheapest, 1.0), {"symbol": "star", "color": "#ffffff", "line": {"color": _INK, "width": 1}}),
        (here, {"color": theme.PREDICTION, "line": {"color": "#ffffff", "width": 2}}),
    )
    for place, marker in looks:
        spot = place @ _CORNERS
        dot = go.Scatter(x=[0], y=[0], mode="markers", marker=marker | {"size": 15}, cliponaxis=False, **style)
        trace = panels.add(dot)
        film.move(trace, x=spot[:, :1], y=spot[:, 1:])


def _pushes(panels: Panels, film: Film, push: Tensor, ink: str, end: float) -> None:
    """A bar up or down for every logit."""
    places = torch.arange(3.0)
    gap = torch.full_like(push, math.nan)
    x = torch.stack([places, places, gap[0]], -1).flatten()
    y = torch.stack([torch.zeros_like(push), push, gap], -1).flatten(-2)
    line = {"color": ink, "width": 34}
    film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, hoverinfo="skip"), 1), x=x, y=y)
    ticks = {"tickvals": [0, 1, 2], "ticktext": list(CLASSES), "range": [-0.6, 2.6], "zeroline": False}
    panels.axes(1, ticks | {"title": {"text": "logit"}}, {"title": {"text": "− gradient"}, "range": [-end, end]})
