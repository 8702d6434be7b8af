"""A list of five by their scores, where one step of each loss takes them, and the order that it makes."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.ranking import cost, misplaced, places, pulls
from losscore.figures import theme
from losscore.figures.box_drawing import arrows
from losscore.figures.film import Film, pick
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, draw_curves, in_step, second_legend, swept
from losscore.snippet import literal

ITEMS = ("A", "B", "C", "D", "E")  # in the right order
_INKS = (0, 1, 2, 5, 4)  # none that a loss of this list has
SPAN = 2.0  # scores run from minus to plus this
_TITLES = {"rate": "step size", "margin": "margin", **{item: f"score of {item}" for item in ITEMS}}
_HEIGHT, _NARROW = 400, 300


def ranked_list(
    scores: Mapping[str, Number], rate: Number, margin: Number, labels: Mapping[str, str], drawn: Sequence[str]
) -> Film:
    """Scores with an arrow of one step for each loss of `drawn`, the order before and after it, and the loss after it.

    scores: one of each of ITEMS; of them, rate and margin at most one is a tensor (S,), the slider that is swept.
    Slots, behind "rank.": <item>, misplaced; <key>, <key>.after, <key>.misplaced, <key>.<item> (the pull).
    """
    name, steps = swept({"rate": rate, "margin": margin, **scores})
    count = len(steps)
    given = in_step({**scores, "rate": rate, "margin": margin}, count)
    now = torch.stack([given[item] for item in ITEMS], -1)
    found = {key: pulls(key, now, given["margin"]) for key in drawn}
    then = {key: now + given["rate"][:, None] * pull for key, (_, pull) in found.items()}
    after = {key: cost(key, scores, given["margin"]) for key, scores in then.items()}

    panels = Panels(["One step of each", "Place in the list", ""], weights=[1.2, 0.9, 0.9], height=_HEIGHT,
                    narrow_height=_NARROW)  # fmt: skip
    alt = "Five scores with arrows to where one step takes them, their places before and after, curves of the losses."
    film = Film(panels.figure, count, alt, panels.narrow)
    _draw_scores(panels, film, now, then, labels)
    _draw_places(panels, film, [places(now), *(places(scores) for scores in then.values())], labels, drawn)
    draw_curves(
        panels, film, 2, steps, _TITLES[name], after, labels, upright="loss after the step", span=calm(after.values())
    )
    second_legend(panels, 2, _NARROW, 3)
    panels.figure.layout.legend2.update(y=1.01, x=1, xanchor="right")
    panels.narrow["legend2.xanchor"] = "left"

    for item, score in zip(ITEMS, now.unbind(-1), strict=True):
        film.say(f"rank.{item}", score)
    film.say("rank.misplaced", misplaced(now), text=lambda value: f"{value:.0f}")
    for key, (value, pull) in found.items():
        film.say(f"rank.{key}", value)
        film.say(f"rank.{key}.after", after[key])
        _write(film, f"rank.{key}", key, now, given["margin"])
        _write(film, f"rank.{key}.after", key, then[key], given["margin"])
        film.say(f"rank.{key}.misplaced", misplaced(then[key]), text=lambda value: f"{value:.0f}")
        for item, force in zip(ITEMS, pull.unbind(-1), strict=True):
            film.say(f"rank.{key}.{item}", force.where(force.abs() > 1e-12, 0.0))
    first = drawn[0]
    said = zip(steps.tolist(), after[first].tolist(), misplaced(then[first]).tolist(), strict=True)
    what = f"{_TITLES[name]} {{:.3g}}: {labels[first]} {{}} after the step, {{}} of 10 pairs misplaced"
    film.speak([what.format(x, short(value), wrong) for x, value, wrong in said])
    return film


def _draw_scores(
    panels: Panels, film: Film, now: Tensor, then: Mapping[str, Tensor], labels: Mapping[str, str]
) -> None:
    """A row for each item, the right first on top, and arrows to where a step takes it."""
    rows = torch.arange(len(ITEMS), 0, -1, dtype=now.dtype)
    for place, (key, scores) in enumerate(then.items()):
        row = (rows + 0.22 - 0.44 * place).expand_as(now)
        tail, tip = torch.stack([now, row], -1), torch.stack([scores, row], -1)
        x, y = arrows(tail, tip, 0.12)
        line = {"color": theme.colour(key), "width": 2.8}
        trace = go.Scatter(
            x=[0], y=[0], mode="lines", line=line, name=f"{labels[key]} moves", showlegend=False, hoverinfo="skip"
        )
        film.move(panels.add(trace), x=x, y=y)
    for index, item in enumerate(ITEMS):
        style = {"size": 13, "symbol": theme.class_marker(index), "color": theme.class_ink(_INKS[index])}
        marker = style | {"line": {"color": "#ffffff", "width": 1}}
        dot = go.Scatter(x=[0], y=[float(rows[index])], mode="markers", marker=marker, name=item, hoverinfo="skip")
        trace = panels.add(dot)
        film.move(trace, x=now[:, index : index + 1])
        film.handle(trace, x=f"rank_{item.lower()}", point=0, name=f"the score of {item}")
    panels.axes(
        0, {"title": {"text": "score"}, "range": [-SPAN - 0.6, SPAN + 0.6]},
        {"title": {"text": ""}, "range": [0.4, 5.6], "tickvals": rows.tolist(), "ticktext": list(ITEMS)},
    )  # fmt: skip


def _draw_places(
    panels: Panels, film: Film, each: Sequence[Tensor], labels: Mapping[str, str], drawn: Sequence[str]
) -> None:
    """The place of each item now and after the step of each loss, joined by a line."""
    across = torch.arange(len(each), dtype=each[0].dtype)
    for index, item in enumerate(ITEMS):
        up = torch.stack([place[:, index] for place in each], -1)
        style = {"size": 9, "symbol": theme.class_marker(index), "color": theme.class_ink(_INKS[index])}
        line = {"color": theme.class_ink(_INKS[index]), "width": 2}
        trace = go.Scatter(
            x=across.tolist(), y=[0] * len(each), mode="lines+markers", line=line, marker=style, showlegend=False,
            name=f"place of {item}", hoverinfo="skip",
        )  # fmt: skip
        film.move(panels.add(trace, 1), y=up)
    words = ["now", *(labels[key].replace(" ", "<br>") for key in drawn)]
    panels.axes(
        1, {"title": {"text": ""}, "range": [-0.3, len(each) - 0.7], "tickvals": across.tolist(), "ticktext": words},
        {"title": {"text": "place"}, "range": [5.4, 0.6], "tickvals": [1, 2, 3, 4, 5]},
    )  # fmt: skip


def _write(film: Film, slot: str, key: str, scores: Tensor, margin: Tensor) -> None:
    """The lines that give the mean over all pairs."""

    def lines(step: int) -> str:
        ones = "torch.ones_like(above)"
        cost = {
            "logistic_margin": f"F.soft_margin_loss(above - below, {ones})",
            "margin_ranking": f"F.margin_ranking_loss(above, below, {ones}, margin={pick(margin, step)})",
        }[key]
        return (
            f"scores = {literal(scores[step])}  # in the order that they should have\n"
            f"above, below = scores[torch.triu_indices({len(ITEMS)}, {len(ITEMS)}, 1)]  # all pairs\n"
            f"print({cost})"
        )

    film.written(slot, key, lines)
