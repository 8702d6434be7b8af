"""An anchor, a positive and a negative in the plane: where losses pull each, and every loss over the slider."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.three_points import ZONES, cost, pulls, zone
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.point_pulls import draw_circle, draw_point, draw_pulls, square
from losscore.figures.sweep_curve import Number, calm, draw_curves, in_step, second_legend, swept
from losscore.losses.embeddings_vectors import cosine_distance
from losscore.snippet import literal

POINTS = ("anchor", "positive", "negative")
_PAIRS = {"near": "positive", "far": "negative"}
ZONED = ("triplet_euclidean", "triplet_squared", "margin_ranking")  # what zones of the negative belong to
SPAN = 2.0  # the plane runs from minus to plus this
_STYLE = {
    "anchor": (theme.TRUTH, "star", 16), "positive": (theme.AGREEMENT, "circle", 13),
    "negative": (theme.PREDICTION, "x", 13),
}  # fmt: skip
_TITLES = {f"{name}_{axis}": f"{name}, {way}" for name in POINTS for axis, way in (("x", "across"), ("y", "up"))} | {
    "margin": "margin", "cosine_margin": "margin of cosine",
}  # fmt: skip
_HEIGHT, _NARROW = 400, 300
_ARROW = 0.9  # of the plane's units: the longest


def three_points(
    places: Mapping[str, Number], margin: Number, cosine_margin: Number, labels: Mapping[str, str], drawn: Sequence[str]
) -> Film:
    """The plane with three points, zones and arrows of the losses in `drawn`, and their curves.

    places: <point>_x and <point>_y of POINTS; of them and the margins at most one is a tensor (S,), the slider that is
    swept. labels: every loss whose value is wanted. Slots, behind "three.": <key>, <key>.<point> (the length of the
    pull) for those drawn, near, far, cos_near, cos_far, zone, margin, cosine_margin.
    """
    name, steps = swept({**places, "margin": margin, "cosine_margin": cosine_margin})
    count = len(steps)
    at = in_step({**places, "margin": margin, "cosine_margin": cosine_margin}, count)
    points = torch.stack([torch.stack([at[f"{point}_x"], at[f"{point}_y"]], -1) for point in POINTS], 1)
    of = {key: at["cosine_margin"] if key == "cosine_embedding" else at["margin"] for key in labels}
    values = {key: cost(key, points, of[key]) for key in labels}
    forces = {key: pulls(key, points, of[key])[1] for key in drawn}
    squared = _squared(drawn)

    panels = Panels(
        ["Where each point is pulled", ""],
        weights=[0.95, 1.05], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "An anchor, a positive and a negative in a plane, arrows where losses pull them; curves of the losses."
    film = Film(panels.figure, count, alt, panels.narrow)
    _draw_zones(panels, film, points, at["margin"], drawn, squared=squared)
    if "cosine_embedding" in drawn:
        _draw_directions(panels, film, points)
    traces = [draw_point(panels, film, 0, points[:, k], point, *_STYLE[point]) for k, point in enumerate(POINTS)]
    draw_pulls(panels, film, 0, points, [(key, labels[key], forces[key]) for key in drawn], _ARROW)
    for point, trace in zip(POINTS, traces, strict=True):
        film.handle(trace, x=f"{point}_x", y=f"{point}_y", point=0, name=f"the {point}")
    square(panels, 0, SPAN + 0.2, "first number", "second number")
    curves = {key: values[key] for key in drawn}
    draw_curves(panels, film, 1, steps, _TITLES[name], curves, labels, span=calm(curves.values()))
    second_legend(panels, 1, _NARROW, 2)
    # In the place of a title, since the row above is full.
    panels.figure.layout.legend2.update(y=1.01, x=1, xanchor="right")
    panels.narrow["legend2.xanchor"] = "left"

    for key, value in values.items():
        film.say(f"three.{key}", value)
        _write(film, key, points, of[key])
    for key, force in forces.items():
        for point, length in zip(POINTS, force.norm(dim=-1).unbind(-1), strict=True):
            film.say(f"three.{key}.{point}", length.where(length > 1e-12, 0.0))
    anchor, positive, negative = points.unbind(1)
    for word, other in (("near", positive), ("far", negative)):
        film.say(f"three.{word}", (anchor - other).norm(dim=-1))
        cosine = 1 - cosine_distance(anchor, other)
        film.say(f"three.cos_{word}", cosine.where(cosine.abs() > 1e-12, 0.0))
    zones = zone(points, at["margin"], squared=squared)
    film.say("three.zone", zones, text=lambda place: ZONES[int(place)])
    for kind in ("margin", "cosine_margin"):
        film.say(f"three.{kind}", at[kind])
    said = zip(steps.tolist(), values[drawn[0]].tolist(), zones.tolist(), strict=True)
    what = labels[drawn[0]]
    film.speak([f"{_TITLES[name]} {x:.3g}: {what} {short(v)}, the negative is {ZONES[z]}" for x, v, z in said])
    return film


def _squared(drawn: Sequence[str]) -> bool:
    """Whether the zones are those of squared distances: of the first loss drawn that has zones."""
    return next((key for key in drawn if key in ZONED), "") == "triplet_squared"


def _draw_zones(
    panels: Panels, film: Film, points: Tensor, margin: Tensor, drawn: Sequence[str], *, squared: bool
) -> None:
    """Where the negative would be hard, and up to where semi-hard; outside, easy. And how far contrastive pushes."""
    anchor = points[:, 0]
    near = (anchor - points[:, 1]).norm(dim=-1)
    wide = (near.square() + margin).sqrt() if squared else near + margin
    if any(key in ZONED for key in drawn):
        for radius, name, dash in ((near, "hard inside", "dot"), (wide, "semi-hard inside", "dash")):
            line = {"color": theme.NEUTRAL, "width": 2, "dash": dash}
            draw_circle(panels, film, 0, anchor, radius, name, line)
    if "contrastive" in drawn:
        line = {"color": theme.colour("contrastive"), "width": 1.5, "dash": "dashdot"}
        draw_circle(panels, film, 0, anchor, margin, "contrastive pushes inside", line, legend=False)


def _write(film: Film, key: str, points: Tensor, margin: Tensor) -> None:
    """The lines that give one loss; one of pairs takes both pairs of the anchor."""

    def lines(step: int) -> str:
        places = [f"{point} = {literal(points[step, place])}\n" for place, point in enumerate(POINTS)]
        option = f"margin={pick(margin, step)}"
        if key.startswith("triplet"):
            cost = f"{key}(anchor, positive, negative, {option})"
        elif key in ("margin_ranking", "logistic_margin"):
            places += [f"{word} = -(anchor - {other}).norm()\n" for word, other in _PAIRS.items()]
            one = "torch.tensor(1.0)"
            cost = f"{key}(near - far, {one})" if key == "logistic_margin" else f"{key}(near, far, {one}, {option})"
        else:
            apart = -1.0 if key == "cosine_embedding" else 0.0
            of = [
                f"{key}(anchor, {other}, torch.tensor({kind}), {option})"
                for other, kind in zip(_PAIRS.values(), (1.0, apart), strict=True)
            ]
            cost = " + ".join(of)
        return f"{''.join(places)}print({cost})"

    film.written(f"three.{key}", key, lines, losscore.get(key))


def _draw_directions(panels: Panels, film: Film, points: Tensor) -> None:
    """From the origin to each point: all that a cosine sees."""
    gap = torch.full_like(points, torch.nan)
    ways = torch.stack([torch.zeros_like(points), points, gap], 2).flatten(1, 2)
    line = {"color": theme.NEUTRAL, "width": 1}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, showlegend=False, hoverinfo="skip"))
    film.move(trace, x=ways[..., 0], y=ways[..., 1])
