"""A sum of losses over two numbers in shades, the way of its lowest point as a weight moves, and what is traded."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import torch
import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.explore.mixing import angle, at_places, grids, learned, lowest, mixed, pulls
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.mixed_picture import draw_made
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number
from losscore.scenes.mixtures import TASKS, Task

_SIDE, _LEVELS = 122, 12  # px of the shaded picture, and its shades
_DEEP, _PALE = (128, 139, 152), (244, 246, 248)
_SUM = "#E69F00"
_WAY = torch.logspace(-2, 2, 61, dtype=torch.float64)  # weights along the path
_REACH = 0.27  # length of the longest arrow, in parts of an axis
_HEIGHT, _NARROW = 410, 300


def mixed_losses(task: str, keys: Sequence[str], weights: Sequence[Number], share: Sequence[Number]) -> Film:
    """The sum of the chosen losses, the first of them with weight 1.

    keys: one to three losses of TASKS[task]. weights: of the second and the third. share: where one stands, in parts
    (0 to 1) of the two axes. At most one of these numbers is a tensor (S,). Slots, behind "mix.": x, y (where one
    stands), low.x, low.y (the lowest point), total, angle (degrees between the first two pulls), and of each loss
    <key>.here, .low, .weight, .part (weight times loss here), .learned (the weight that learning would settle at).
    Raises KeyError for an unknown task or loss.
    """
    of, chosen = TASKS[task], tuple(keys)
    numbers = [torch.as_tensor(number).double().reshape(-1) for number in (1.0, *weights, *share)]
    steps = max(map(len, numbers))
    weight = [number.expand(steps) if len(number) > 1 else number for number in numbers[: len(chosen)]]
    place = _place(of, torch.stack(torch.broadcast_tensors(*numbers[-2:]), -1))
    values = grids(task, chosen)
    height = mixed(values, weight)
    low = lowest(task, height)
    path = lowest(task, mixed(values, [weight[0], _WAY, *(w[:, None] for w in weight[2:])])) if chosen[1:] else low
    path = path.reshape(-1, path.shape[-2], 2)

    titles = ["The sum", "What is traded", *(["At the lowest sum"] if of.picture else [])]
    panels = Panels(titles, weights=[1.25, 1.0, 0.8][: len(titles)], height=_HEIGHT, narrow_height=_NARROW)
    names = " + ".join(of.labels[key] for key in chosen)
    alt = f"{of.title}. {names} over two numbers in shades, dark is low, with its lowest point, the path that it takes "
    film = Film(panels.figure, steps, alt + "as the weight moves, and an arrow of each loss.", panels.narrow)
    each, slopes = pulls(task, chosen, place)
    parts = torch.stack(torch.broadcast_tensors(*(w * value for w, value in zip(weight, each, strict=True))))
    _shades(panels, film, of, height)
    _way(panels, film, path, low)
    _alone(panels, of, chosen, torch.stack([lowest(task, surface) for surface in values]))
    _arrows(panels, film, of, place, chosen, [w[:, None] * s for w, s in zip(weight, slopes, strict=True)])
    if of.picture:
        draw_made(panels, film, 2, *of.picture(low[:, 0], low[:, 1]))
    _trade(panels, film, of, chosen, at_places(task, values, path), at_places(task, values, low), each)
    _say(film, of, chosen, weight, place, low)
    for key, here, part, below in zip(chosen, each, parts, at_places(task, values, low), strict=True):
        film.say(f"mix.{key}.here", here)
        film.say(f"mix.{key}.part", part)
        film.say(f"mix.{key}.low", below)
        if of.typed:
            film.given_by(f"mix.{key}.here", losscore.get(key), of.typed(*place.unbind(-1)), {})
    for key in of.behind:
        film.made_with(losscore.get(key))
    for key, settled in zip(chosen, learned(task, chosen)[1], strict=True):
        film.say(f"mix.{key}.learned", settled)
    film.say("mix.total", parts.sum(0))
    film.say("mix.angle", angle(slopes[0], slopes[1]) if chosen[1:] else torch.zeros(1), text=lambda it: f"{it:.0f}")
    return film


def _place(of: Task, share: Tensor) -> Tensor:
    low = torch.tensor([of.x.low, of.y.low], dtype=torch.float64)
    high = torch.tensor([of.x.high, of.y.high], dtype=torch.float64)
    return low + share * (high - low)


def _shades(panels: Panels, film: Film, of: Task, height: Tensor) -> None:
    """The surfaces (S, B, A), dark where they are low; the shades are closest together near the lowest point."""
    fine = F.interpolate(height[:, None], (_SIDE, _SIDE), mode="bilinear", align_corners=True)[:, 0]
    low, high = fine.amin((1, 2), keepdim=True), fine.amax((1, 2), keepdim=True)
    part = ((fine - low) / (high - low).clamp(min=1e-300)).sqrt()
    index = (part * _LEVELS).floor().clamp(0, _LEVELS - 1).flip(1)
    shades: list[sprites.RGBA] = []
    for level in range(_LEVELS):
        red, green, blue = (round(a + (b - a) * level / (_LEVELS - 1)) for a, b in zip(_DEEP, _PALE, strict=True))
        shades.append((red, green, blue, 255))
    panels.figure.add_layout_image(
        source="", xref="x", yref="y", x=of.x.low, y=of.y.high, sizex=of.x.high - of.x.low,
        sizey=of.y.high - of.y.low, sizing="stretch", layer="below",
    )  # fmt: skip
    film.picture(0, index, shades)
    plain = {"showgrid": False, "zeroline": False}
    x, y = (plain | {"title": {"text": axis.title}, "range": [axis.low, axis.high]} for axis in (of.x, of.y))
    panels.axes(0, x, y)


def _way(panels: Panels, film: Film, path: Tensor, low: Tensor) -> None:
    """Where the lowest point goes (S, P, 2) as the second weight runs from 0.01 to 100, and where it is now (S, 2)."""
    casing = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line={"color": "#ffffff", "width": 6}, opacity=0.8,
                                   showlegend=False, hoverinfo="skip"))  # fmt: skip
    line = {"color": _SUM, "width": 3, "dash": "dot"}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name="its way as the weight moves"))
    star = {"size": 19, "symbol": "star", "color": _SUM, "line": {"color": "#1c2430", "width": 1.5}}
    now = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=star, name="lowest sum"))
    for one in (casing, trace):
        film.move(one, x=path[..., 0], y=path[..., 1])
    film.move(now, x=low[:, :1], y=low[:, 1:])


def _alone(panels: Panels, of: Task, keys: Sequence[str], spots: Tensor) -> None:
    """The lowest point of each loss by itself, (K, 2), with its name on the side away from the others."""
    middle = float(spots[:, 0].mean())
    for key, (x, y) in zip(keys, spots.tolist(), strict=True):
        style = {"size": 15, "symbol": theme.marker(key), "color": theme.colour(key)}
        part = (x - of.x.low) / (of.x.high - of.x.low)
        side = "middle right" if part < 0.15 or (x > middle and part < 0.85) else "middle left"
        side = "bottom center" if 0.7 < part < 0.85 else side  # there is no room for a long name on the right
        panels.add(
            go.Scatter(
                x=[x], y=[y], mode="markers+text", marker=style | {"line": {"color": "#ffffff", "width": 1.5}},
                text=f" {of.labels[key]} ", textposition=side, textfont={"color": "#1c2430", "size": 13},
                showlegend=False, hoverinfo="skip", cliponaxis=False,
            )
        )  # fmt: skip


def _arrows(panels: Panels, film: Film, of: Task, place: Tensor, keys: Sequence[str], slopes: Sequence[Tensor]) -> None:
    """From where one stands (S, 2), an arrow downhill of each weighted loss and of their sum."""
    falls = [-slope for slope in slopes]
    falls.append(sum(falls[1:], falls[0]))
    longest = torch.stack(torch.broadcast_tensors(*falls)).norm(dim=-1).amax(0).clamp(min=1e-300)[:, None]
    spans = torch.tensor([of.x.high - of.x.low, of.y.high - of.y.low], dtype=torch.float64)
    named: list[tuple[str, dict[str, Any]]] = [
        (f"{of.labels[key]} pulls", {"color": theme.colour(key), "dash": theme.dash(key)}) for key in keys
    ]
    named.append(("the sum pulls", {"color": _SUM, "dash": "solid"}))
    for (name, ink), fall in zip(named, falls, strict=True):
        along = _REACH * fall / longest
        side = torch.stack([-along[:, 1], along[:, 0]], -1)
        gap = torch.full_like(along, torch.nan)
        head = [along - 0.18 * along + 0.09 * side, along, along - 0.18 * along - 0.09 * side]
        stroke = torch.stack([torch.zeros_like(along), along, gap, *head], 1) * spans + place[:, None]
        for width, line in ((6, {"color": "#ffffff", "dash": "solid"}), (3, ink)):
            trace = panels.add(
                go.Scatter(
                    x=[0], y=[0], mode="lines", line=line | {"width": width}, name=name, showlegend=width == 3,
                    hoverinfo="skip",
                )
            )  # fmt: skip
            film.move(trace, x=stroke[..., 0], y=stroke[..., 1])
    dot = {"size": 11, "symbol": "circle", "color": "#1c2430", "line": {"color": "#ffffff", "width": 2}}
    here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=dot, name="you stand here"))
    film.move(here, x=place[:, :1], y=place[:, 1:])


def _trade(panels: Panels, film: Film, of: Task, keys: Sequence[str], way: Tensor, low: Tensor, here: Tensor) -> None:
    """The first two losses against each other: along the way (K, S, P), at the lowest sum (K, S), where one stands."""
    second = 1 if keys[1:] else 0
    line = {"color": _SUM, "width": 3, "dash": "dot"}
    quiet: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, **quiet), 1)
    film.move(trace, x=way[0], y=way[second])
    star = {"size": 19, "symbol": "star", "color": _SUM, "line": {"color": "#1c2430", "width": 1.5}}
    dot = {"size": 11, "symbol": "circle", "color": "#1c2430", "line": {"color": "#ffffff", "width": 2}}
    for marker, values in ((star, low), (dot, here)):
        spot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, **quiet), 1)
        film.move(spot, x=values[0][:, None], y=values[second][:, None])
    for index, name in ((0, "x"), (second, "y")):
        ends = torch.stack([way[index].min(), way[index].max()])
        wide = (ends[1] - ends[0]).clamp(min=1e-3)
        span = [float(ends[0] - 0.12 * wide), float(ends[1] + 0.6 * wide)]
        axis = panels.figure.layout[panels.axis(f"{name}axis", 1)]
        axis.update({"title": {"text": of.labels[keys[index]]}, "range": span})


def _say(film: Film, of: Task, keys: Sequence[str], weight: Sequence[Tensor], place: Tensor, low: Tensor) -> None:
    for name, spot in (("mix.", place), ("mix.low.", low)):
        film.say(f"{name}x", spot[:, 0])
        film.say(f"{name}y", spot[:, 1])
    for key, number in zip(keys, weight, strict=True):
        film.say(f"mix.{key}.weight", number)
    weights = zip(*(w.expand(film.steps).tolist() for w in weight), strict=True)
    spots = low.expand(film.steps, 2).tolist()
    film.speak(
        [
            " + ".join(f"{short(w)} {of.labels[key]}" for w, key in zip(each, keys, strict=True))
            + f": lowest at {of.x.title} {short(x)}, {of.y.title} {short(y)}"
            for each, (x, y) in zip(weights, spots, strict=True)
        ]
    )
