"""Two domains and a map there and back: where the points land, whether they come home, and what that costs."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch

from losscore.explore.cycles import cycle
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, draw_curves, second_legend, swept
from losscore.scenes.domains import CLUSTERS, TURN, domain, turned

_TITLES = {
    "there": "turn there, G (degrees)", "back": "turn back, F (degrees)", "cycle_consistency": "weight of the cycle",
    "identity_loss": "weight of the identity loss",
}  # fmt: skip
_HEIGHT, _NARROW = 410, 300
_SHAPES = ("circle", "square", "diamond", "triangle-up")
_INKS = (theme.PREDICTION, "#7F6BD6", theme.AGREEMENT, "#B58900")


def cycle_maps(there: Number, back: Number, weights: Mapping[str, Number], labels: Mapping[str, str]) -> Film:
    """The maps turn by `there` and `back` degrees; one of them or a weight may be a tensor, the slider that is swept.

    weights: of cycle_consistency and identity_loss, those of them that are added to the matching of the clouds; labels:
    of these, of "matching" and of "cycle_sum". Slots: cycle.right (percent), cycle.<key> (weighted).
    """
    name, steps = swept({"there": there, "back": back, **weights})
    made = cycle(there, back)
    panels = Panels(["There: G(x)", "And back: F(G(x))", "Cost over this slider"],
                    weights=[1.1, 1.1, 0.9],
                    height=_HEIGHT, narrow_height=_NARROW)  # fmt: skip
    alt = "Four clusters, turned there and back, and the terms of the sum."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    goals = turned(domain().flatten(0, 1), TURN)[0], domain().flatten(0, 1)
    for panel, (points, goal) in enumerate(((made.points, goals[0]), (made.home, goals[1]))):
        for k, (shape, ink) in enumerate(zip(_SHAPES, _INKS, strict=True)):
            part = goal.unflatten(0, (CLUSTERS, -1))[k].mean(0, keepdim=True)
            ring = {"symbol": f"{shape}-open", "size": 44, "color": theme.TRUTH, "line": {"width": 2}}
            panels.add(
                go.Scatter(
                    x=part[:, 0].numpy(), y=part[:, 1].numpy(), mode="markers", marker=ring, hoverinfo="skip",
                    name="where they belong", showlegend=False,
                ),
                panel,
            )  # fmt: skip
            now = points.unflatten(-2, (CLUSTERS, -1))[:, k]
            dots = {"symbol": shape, "size": 7, "color": ink}
            trace = go.Scatter(
                x=[0], y=[0], mode="markers", marker=dots, hoverinfo="skip", name="where they land", showlegend=False,
            )  # fmt: skip
            film.move(panels.add(trace, panel), x=now[..., 0], y=now[..., 1])
        sides = {"range": [-1.5, 1.5], "constrain": "domain", "showgrid": False}
        anchor = panels.axis("x", panel)
        panels.axes(panel, sides | {"title": {"text": "x"}}, sides | {"title": {"text": "y"}, "scaleanchor": anchor})
    parts = {"matching": made.matching} | {
        key: torch.as_tensor(weight, dtype=torch.float64).reshape(-1)
        * (made.cycle if key == "cycle_consistency" else made.identity)
        for key, weight in weights.items()
    }
    total = sum(parts.values(), torch.zeros(1, dtype=torch.float64))
    curves = parts | ({"cycle_sum": total} if len(parts) > 1 else {})
    draw_curves(panels, film, 2, steps, _TITLES[name], curves, labels, upright="cost")
    second_legend(panels, 2, _NARROW, 3)
    panels.figure.layout.legend2.x = 0
    for key, value in ({"cycle_sum": total} | curves).items():
        film.say(f"cycle.{key}", value.where(value > 1e-9, 0.0))  # rounding is no cost
    for key, weight in weights.items():
        _write(film, key, there, back, weight)
    film.say("cycle.right", 100 * made.right, text=lambda v: f"{v:.0f} %")
    told = zip(steps.tolist(), film.slots["cycle.cycle_sum"], film.slots["cycle.right"], strict=True)
    film.speak([f"{_TITLES[name]} {v:g}: cost {c:.3f}, {r:.0f} percent where they belong" for v, c, r in told])
    return film


def _write(film: Film, key: str, there: Number, back: Number, weight: Number) -> None:
    """The lines that map the clouds and give one weighted term."""
    cost = {
        "cycle_consistency": "F.l1_loss(turned(turned(first, there), back), first[None])",
        "identity_loss": (
            "(F.l1_loss(turned(second, there), second[None]) + F.l1_loss(turned(first, back), first[None])) / 2"
        ),
    }[key]

    def lines(step: int) -> str:
        return (
            "first = domain().flatten(0, 1)\n"
            f"second = turned(first, {TURN})[0]\n"
            f"there, back = {pick(there, step)}, {pick(back, step)}  # degrees of the two maps\n"
            f"print({pick(weight, step)} * {cost})"
        )

    film.written(f"cycle.{key}", key, lines, domain, turned)
