"""Two histograms with the cheapest moves between them, which bins each loss wants filled, and losses over a slider."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.histograms import BY_BIN, blurred_plan, compared, inputs_of, parcels, wishes
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.histogram_drawing import PARCELS, bin_axes, draw_grip, draw_moves, draw_predicted, draw_true
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, draw_curves, second_legend, swept
from losscore.scenes.histograms import BINS, humps, true_histogram

TITLES = {"place": "predicted: place (bin)", "spread": "predicted: spread (bins)", "reg": "Sinkhorn: regularisation"}
MIDDLE = {"wishes": "Where each loss wants more", "plan": "Sinkhorn's plan"}
_HEIGHT, _NARROW = 420, 280
_SHADES, _CELL = 40, 12  # px of a cell: a browser would blur a single one
_CLEAR = (0, 158, 115, 0)
_PALETTE = [_CLEAR, *((*_CLEAR[:3], 25 + round(230 * shade / (_SHADES - 1))) for shade in range(_SHADES))]


def two_histograms(
    truth: str, moved: Mapping[str, Number], labels: Mapping[str, str], drawn: Sequence[str],
    params: Mapping[str, Mapping[str, Any]], *, floor: float, middle: str = "wishes", own_scale: bool = False,
) -> Film:  # fmt: skip
    """The histograms, the wishes or the plan, and the curves of the losses in `drawn`.

    truth: one of TRUTHS. moved: place and spread of the predicted hump and Sinkhorn's reg, at most one a tensor (S,).
    labels: every loss whose value is wanted. params: of the others. middle: one of MIDDLE. Slots: hist.<key>.
    Raises KeyError for an unknown truth or loss.
    """
    name, steps = swept(moved)
    target = true_histogram(truth, floor)
    pred = humps([(moved["place"], moved["spread"])], floor).expand(len(steps), -1)
    reg = torch.as_tensor(moved["reg"]).double().expand(len(steps))
    settings = {**params, "sinkhorn_transport_cost": {"reg": reg}}
    values = compared(pred, target, labels, settings)
    panels = Panels(
        ["What moves, 5 % a path", MIDDLE[middle], "Loss over this slider"],
        weights=[1.2, 1.0, 1.0], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "A true and a predicted histogram with paths of what moves between them; by loss, which bins want more, or "
    alt += "Sinkhorn's plan, how much goes from which bin to which; and losses over the slider."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_true(panels, 0, target)
    draw_predicted(panels, film, 0, pred, target)
    grip = draw_grip(panels, film, 0, torch.as_tensor(moved["place"]), pred)
    film.handle(grip, x="hist_place", point=0, name="the predicted histogram")
    draw_moves(panels, film, 0, *parcels(pred, target, PARCELS))
    bin_axes(panels, 0, 1.0)
    if middle == "plan":
        _plan(panels, film, blurred_plan(pred, target, reg))
    else:
        _wishes(panels, film, {key: wishes(key, pred, target, settings) for key in drawn if key in BY_BIN}, labels)
    curves = {key: values[key] for key in drawn}
    upright = "loss, from its lowest (0) to its highest (1)" if own_scale else "loss"
    span = None if own_scale else calm(curves.values())
    draw_curves(
        panels, film, 2, steps, TITLES[name], curves, labels, own_scale=own_scale, upright=upright, span=span,
        logarithmic=name == "reg",
    )  # fmt: skip
    second_legend(panels, 0, _NARROW, 3)  # of all three: the first names its two in the figure
    for key, value in values.items():
        film.say(f"hist.{key}", value)
        asked, inputs, _ = inputs_of(key, pred, target)
        loss = losscore.get(asked)
        film.given_by(f"hist.{key}", loss, dict(zip(loss.inputs, inputs, strict=True)), settings.get(key, {}))
    told = zip(steps.tolist(), *(values[key].tolist() for key in drawn), strict=True)
    film.speak([
        f"{TITLES[name]} {step:.3g}: " + ", ".join(f"{labels[k]} {short(v)}" for k, v in zip(drawn, row, strict=True))
        for step, *row in told
    ])  # fmt: skip
    return film


def _wishes(panels: Panels, film: Film, asked: Mapping[str, Tensor], labels: Mapping[str, str]) -> None:
    """By loss, which bins (S, BINS) want more."""
    if not asked:  # without a trace a panel has no axes either
        words = go.Scatter(x=[(BINS + 1) / 2], y=[0.15], mode="text", text=["chosen: losses of samples only"], name="")
        panels.add(words.update(showlegend=False), 1)
    for key, wish in asked.items():
        ink = {"color": theme.colour(key)}
        line, marker = {"dash": theme.dash(key), "width": 2} | ink, {"symbol": theme.marker(key), "size": 8} | ink
        for drawn in (go.Scatter(mode="lines", line=line), go.Scatter(mode="markers", marker=marker)):
            trace = panels.add(drawn.update(x=[0], y=[0], name=labels[key], showlegend=False), 1)
            film.move(trace, x=torch.arange(1.0, BINS + 1), y=wish)
    panels.axes(
        1, {"title": {"text": "bin"}, "range": [0.4, BINS + 0.6], "dtick": 1, "tickangle": 0},
        {"title": {"text": "less ← → more, largest = 1"}, "range": [-1.12, 1.12], "tickvals": [-1, 0, 1]},
    )  # fmt: skip


def _plan(panels: Panels, film: Film, plan: Tensor) -> None:
    """How much goes (S, BINS, BINS) from each predicted bin, a row, to each true one, a column."""
    # By the root, so that what is little can be seen too; below a ten-thousandth nothing is drawn.
    shade = ((plan / plan.amax((-2, -1), keepdim=True)).sqrt() * (_SHADES - 1)).round().long() + 1
    cells = torch.where(plan < 1e-4, 0, shade)
    picture = panels.add_image(1, BINS, BINS)
    film.picture(picture, cells.repeat_interleave(_CELL, -2).repeat_interleave(_CELL, -1), _PALETTE)
    panels.picture_axes(1, BINS, BINS, "to the true bin", "from the predicted bin")
    ticks = {"tickvals": [place + 0.5 for place in range(BINS)], "ticktext": [str(place + 1) for place in range(BINS)]}
    panels.axes(1, ticks, ticks)
