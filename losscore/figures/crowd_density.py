"""A true crowd, what a network paints for it, and what each term of a sum says of how many people to paint."""

from collections.abc import Mapping

import plotly.graph_objects as go
from torch import Tensor

import losscore
from losscore.explore.people import PAINTED, terms, truth, weighed
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import marked_curve
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, swept
from losscore.scenes.people import HEADS, PEOPLE, SPREAD, TALL, WIDE, density, drawn, predicted

SUM = "crowd_sum"
_SHADES, _CELL = 48, 4  # px of the screen's picture for one of the density: a browser would blur a single one
_TRUE, _PRED = (0, 114, 178), (213, 94, 0)


def crowd_density(moved: Mapping[str, Number], labels: Mapping[str, str]) -> Film:
    """A crowd under `moved`, off, spread, count and structure, of which at most one is a tensor (S,).

    off: px that each painted head is away; spread: its width in px; count, structure: weights beside 1 for the pixels.
    labels: names of TERMS and SUM. Slots: crowd.<term or SUM>.best, the people it would have painted, and
    crowd.<term or SUM>, its cost where the sum is the least. Raises ValueError for a spread that is not positive.
    """
    _, steps = swept(moved)
    pred = predicted(moved["off"], moved["spread"])
    costs = terms(pred)
    total = weighed(costs, {"pixel": 1.0, "count": moved["count"], "structure": moved["structure"]})
    best = total.argmin(-1)
    panels = Panels(
        [f"True: {PEOPLE} people", "Painted, at the least sum", "Cost, by people painted"], weights=[1.2, 1.2, 1],
        height=400, narrow_height=280,
    )  # fmt: skip
    alt = "A true and a painted crowd as densities, and the terms of a sum over the number of people painted."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    brightest = float(truth().max())
    painted = (PAINTED[best] / PEOPLE)[:, None, None] * pred
    for panel, (picture, ink) in enumerate(((truth()[None], _TRUE), (painted, _PRED))):
        shade = ((picture / brightest).clamp(0, 1).sqrt() * (_SHADES - 1)).round().long()  # faint heads are seen too
        image = panels.add_image(panel, TALL, WIDE)
        palette = [(*ink, round(255 * step / (_SHADES - 1))) for step in range(_SHADES)]
        film.picture(image, shade.repeat_interleave(_CELL, -2).repeat_interleave(_CELL, -1), palette)
        dots = {"color": theme.NEUTRAL, "size": 4, "symbol": "cross-thin", "line": {"color": theme.NEUTRAL, "width": 1}}
        heads = go.Scatter(
            x=HEADS[:, 0].numpy(), y=HEADS[:, 1].numpy(), mode="markers", marker=dots, name="true heads",
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
        panels.add(heads, panel)
        panels.picture_axes(panel, TALL, WIDE, "px", "px")
    for key, cost in (costs | {SUM: total}).items():
        _curve(panels, film, key, labels[key], cost, best)
    line = {"color": theme.TRUTH, "width": 2, "dash": "dot"}
    panels.add(go.Scatter(x=[PEOPLE, PEOPLE], y=[0, 9], mode="lines", line=line, name="true", showlegend=False), 2)
    panels.axes(
        2, {"title": {"text": "people painted"}, "range": [0, 43]},
        {"title": {"text": "cost"}, "range": calm([*costs.values(), total])},
    )  # fmt: skip
    _write(film, moved, PAINTED[best])
    film.speak([f"The sum is least with {n:.0f} of {PEOPLE} people painted" for n in PAINTED[best].tolist()])
    return film


def _curve(panels: Panels, film: Film, key: str, name: str, cost: Tensor, best: Tensor) -> None:
    """A term (S, L) over the people painted, with a marker at its own lowest point."""
    low = cost.argmin(-1)
    marked_curve(panels, film, 2, key, name, (PAINTED, cost), (PAINTED[low], cost.amin(-1)))
    panels.figure.data[-2].showlegend = True
    film.say(f"crowd.{key}.best", PAINTED[low], lambda people: f"{people:.0f}")
    film.say(f"crowd.{key}", cost.expand(len(best), -1).gather(-1, best[:, None])[:, 0])


def _write(film: Film, moved: Mapping[str, Number], best: Tensor) -> None:
    """The lines that draw both crowds and give the sum, and each of its terms, with `best` people painted."""
    costs = {
        "pixel": ("mse", "pixel"), "count": ("mae", "count"), "structure": ("ssim", "structure"),
        SUM: ("mse", "pixel + {count} * count + {structure} * structure"),
    }  # fmt: skip
    for slot, (key, cost) in costs.items():

        def lines(step: int, cost: str = cost) -> str:
            now = {name: pick(value, step) for name, value in moved.items()}
            return (
                "heads, ways = drawn()\n"
                f"true = density(heads, {SPREAD})\n"
                f"painted = {pick(best, step):.0f} / {PEOPLE} * density(heads + {now['off']} * ways, {now['spread']})\n"
                "pixel = F.mse_loss(painted, true) / true.square().mean()\n"
                f"count = (painted.sum() / {PEOPLE} - 1).abs()\n"
                "structure = ssim(painted.float(), true.float(), data_range=float(true.max()), win=7)\n"
                f"print({cost.format(**now)})"
            )

        film.written(f"crowd.{slot}", key, lines, drawn, density, losscore.get("ssim"))
