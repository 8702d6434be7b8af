"""Directions on a circle: where losses turn each, which rival bears the push, and every loss over the slider."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.circle import WITH_MARGIN, directions, pulls, shares, weights, written
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels
from losscore.figures.point_pulls import draw_circle, draw_point, draw_pulls, square
from losscore.figures.sweep_curve import Number, calm, draw_curves, in_step, second_legend, swept
from losscore.snippet import literal

RIVALS = 5
SETTINGS = ("temperature", "margin", "cosine_margin")
_TITLES = {
    "temperature": "temperature", "margin": "margin", "cosine_margin": "margin of cosine",
    "positive": "positive (°)", **{f"n{k}": f"negative {k} (°)" for k in range(1, RIVALS + 1)},
}  # fmt: skip
_HEIGHT, _NARROW = 400, 300
_ARROW = 0.7
_APART = 7.0  # degrees between the bars of two losses


def on_a_circle(
    angles: Mapping[str, Number], settings: Mapping[str, Number], labels: Mapping[str, str], drawn: Sequence[str]
) -> Film:
    """A circle with an anchor at 0 degrees, a bar for each rival's part of the push, and curves of the losses `drawn`.

    angles: positive, n1, n2, ... in degrees; settings: SETTINGS; of all these at most one is a tensor (S,), the slider
    that is swept. Slots, behind "circle.": for those drawn <key>, <key>.anchor, <key>.positive and <key>.push (lengths
    of the pulls, the last of all rivals together) <key>.n1, ... (shares), and the numbers of
    `circle.FORMULAS` by their symbols.
    """
    name, steps = swept({**settings, **angles})
    count = len(steps)
    given = in_step({**settings, **angles}, count)
    at = torch.stack([given[key] for key in angles], -1)
    how = {key: given[key] for key in SETTINGS}
    found = {key: pulls(key, at, how) for key in drawn}
    parts = {key: shares(weights(key, at, how)) for key in drawn}

    panels = Panels(
        ["Where each is turned", "Part of the push", ""], weights=[1.3, 1.1, 0.8], height=_HEIGHT, narrow_height=_NARROW
    )
    alt = "Directions on a circle with arrows, bars for the part of the push that each rival has, curves of the losses."
    film = Film(panels.figure, count, alt, panels.narrow)
    points = directions(torch.cat([torch.zeros_like(at[:, :1]), at], -1))
    _draw_circle(panels, film, points)
    draw_pulls(panels, film, 0, points, [(key, labels[key], found[key][1]) for key in drawn], _ARROW)
    _draw_shares(panels, film, at, parts, labels)
    curves = {key: found[key][0] for key in drawn}
    logarithmic = name == "temperature"
    low = min(0.0, *(float(curve.min()) for curve in curves.values()))
    bottom, top = calm([curve - low for curve in curves.values()])
    draw_curves(
        panels, film, 2, steps, _TITLES[name], curves, labels, logarithmic=logarithmic, span=(bottom + low, top + low)
    )
    second_legend(panels, 2, _NARROW, 3)
    panels.figure.layout.legend2.update(y=1.01, x=1, xanchor="right")
    panels.narrow["legend2.xanchor"] = "left"
    if logarithmic:
        panels.axes(2, {"range": [-1.75, 0.05], "tickvals": [0.02, 0.1, 0.5], "ticktext": ["0.02", "0.1", "0.5"]}, {})

    for key, (value, _) in found.items():
        film.say(f"circle.{key}", value)
    for symbol, number in written(at, how).items():
        film.say(f"circle.{symbol}", number, text=bracketed)
        _write(film, key, at, how)
    for key, part in parts.items():
        size = found[key][1].norm(dim=-1)
        for who, length in (("anchor", size[:, 0]), ("positive", size[:, 1]), ("push", size[:, 2:].sum(-1))):
            film.say(f"circle.{key}.{who}", length.where(length > 1e-9, 0.0))
        for k, share in enumerate(part.unbind(-1), start=1):
            film.say(f"circle.{key}.n{k}", share, text=lambda value: f"{100 * value:.1f} %")
    first, most = drawn[0], parts[drawn[0]].max(-1).values
    said = zip(steps.tolist(), curves[first].tolist(), most.tolist(), strict=True)
    what = f"{_TITLES[name]} {{:.3g}}: {labels[first]} {{}}, one negative has {{:.0%}} of the push"
    film.speak([what.format(x, short(v), m) for x, v, m in said])
    return film


def _write(film: Film, key: str, at: Tensor, how: Mapping[str, Tensor]) -> None:
    """The lines that give one loss of the anchor among the others."""
    costs = {
        "cosine_proximity": "cosine_proximity(anchor, others[0])",
        "cosine_embedding": (
            "cosine_embedding(anchor, others, torch.tensor([1.0] + [-1.0] * {rivals}), margin={cosine_margin}).sum()"
        ),
        "info_nce_symmetric": "F.cross_entropy(others @ anchor / {temperature}, torch.tensor(0))",
        "margin": "{key}(anchor, others, torch.tensor(0), margin={margin}, scale=1 / {temperature})",
        "proxies": "{key}(anchor, others, torch.tensor(0))",
    }
    kind = key if key in costs else "margin" if key in WITH_MARGIN else "proxies"

    def lines(step: int) -> str:
        now = {name: pick(value, step) for name, value in how.items()}
        return (
            "anchor = torch.tensor([1.0, 0.0])\n"
            f"angles = {literal(at[step])}.deg2rad()  # the positive first\n"
            "others = torch.stack([angles.cos(), angles.sin()], -1)\n"
            f"print({costs[kind].format(key=key, rivals=at.shape[-1] - 1, **now)})"
        )

    film.written(f"circle.{key}", key, lines, *([] if key == "info_nce_symmetric" else [losscore.get(key)]))


def _draw_circle(panels: Panels, film: Film, points: Tensor) -> None:
    centre = torch.zeros(1, 2, dtype=points.dtype)
    line = {"color": theme.NEUTRAL, "width": 1}
    draw_circle(panels, film, 0, centre, torch.ones(1, dtype=points.dtype), "circle", line, legend=False)
    draw_point(panels, film, 0, points[:, 0], "anchor", theme.TRUTH, "star", 16)
    draw_point(panels, film, 0, points[:, 1], "positive", theme.AGREEMENT, "circle")
    marker = {"size": 11, "symbol": "x", "color": theme.PREDICTION, "line": {"color": "#ffffff", "width": 1}}
    trace = panels.add(
        go.Scatter(
            x=[0] * RIVALS, y=[0] * RIVALS, mode="markers", marker=marker, name="negatives", hoverinfo="skip"
        )
    )  # fmt: skip
    film.move(trace, x=points[:, 2:, 0], y=points[:, 2:, 1])
    square(panels, 0, 1.35, "first number", "second number")


def _draw_shares(
    panels: Panels, film: Film, at: Tensor, parts: Mapping[str, Tensor], labels: Mapping[str, str]
) -> None:
    """A bar for each rival at its angle, one a loss beside each other; under them what can be dragged."""
    for index, (key, share) in enumerate(parts.items()):
        x = at[:, 1:] + _APART * (index - (len(parts) - 1) / 2)
        gap = torch.full_like(x, torch.nan)
        across, up = torch.stack([x, x, gap], -1).flatten(1), torch.stack([0 * share, share, gap], -1).flatten(1)
        line = {"color": theme.colour(key), "width": 5}
        bar = go.Scatter(
            x=[0], y=[0], mode="lines", line=line, name=f"{labels[key]}: part", showlegend=False, hoverinfo="skip"
        )  # fmt: skip
        film.move(panels.add(bar, 1), x=across, y=up)
    for k, angle in enumerate(at.unbind(-1)):
        row = torch.full_like(angle, -0.16 if k % 2 else -0.06)  # two rows, so that neighbours can be told apart
        place, name = torch.stack([angle, row], -1), f"negative {k}" if k else "positive"
        colour, symbol = (theme.PREDICTION, "x") if k else (theme.AGREEMENT, "circle")
        trace = draw_point(panels, film, 1, place, f"{name}, angle", colour, symbol, 11)
        panels.figure.data[trace].showlegend = False
        film.handle(trace, x=f"circle_{f'n{k}' if k else 'positive'}", point=0, name=f"the {name}")
    panels.axes(
        1, {"title": {"text": "angle from the anchor (°)"}, "range": [-190, 190], "tickvals": [-180, -90, 0, 90, 180]},
        {"title": {"text": ""}, "range": [-0.22, 1.05], "tickformat": ".0%", "tickvals": [0, 0.5, 1]},
    )  # fmt: skip
