"""The lattice of a word with all ways through it, what each frame is asked for, and CTC over a slider."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.spelling import Spelt, spelt
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, draw_curves, second_legend, swept
from losscore.scenes.spelling import LONGEST, SYMBOLS, rows, spoken
from losscore.scenes.spelling import labels as numbers_of

TITLES = {"frames": "frames", "sure": "how sure each frame is", "when": "first letter in frame"}
_AWAY = -1e9  # a place outside every axis
_SHADES, _CELL = 40, 12
_NARROW = 290
_SEEN = (0, 114, 178)
_PALETTE = [(*_SEEN, round(170 * shade / (_SHADES - 1))) for shade in range(_SHADES)] + [(127, 135, 144, 60)]
_INKS = (
    (theme.NEUTRAL, "dot", "circle"), (theme.AGREEMENT, "solid", "square"), (theme.class_ink(3), "dash", "diamond"),
)  # fmt: skip


def infinite(value: float) -> str:
    """A loss, and the word where it has no end."""
    return "infinite" if value == float("inf") else short(value)


def ctc_lattice(word: str, moved: Mapping[str, Number], drawn: Sequence[str], labels: Mapping[str, str]) -> Film:
    """One of WORDS under `moved`: frames, sure and when, at most one a tensor (S,).

    drawn: "ctc" for all ways, "ctc_best" for the best. Slots: ctc.loss, ctc.best, ctc.ways, ctc.share.
    """
    name, steps = swept(moved)
    logits = spoken(word, moved["frames"], moved["sure"], moved["when"]).expand(len(steps), -1, -1)
    told = spelt(word, logits)
    frames = torch.as_tensor(moved["frames"]).double().reshape(-1, 1).expand(len(steps), 1)
    panels = Panels(
        ["Ways to write the word", "What each frame should say", "Loss over this slider"],
        weights=[1.25, 1.0, 1.0], height=410, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "Frames by symbols of the word with every way through; by frame, the pull on each; losses over a slider."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    _lattice(panels, film, word, told, frames, drawn)
    _asked(panels, film, told.push, frames)
    values = {key: {"ctc": told.loss, "ctc_best": told.best}[key] for key in drawn}
    shown = {key: value.where(value.isfinite(), torch.nan) for key, value in values.items()}
    span = calm(value.nan_to_num(0) for value in shown.values())
    draw_curves(panels, film, 2, steps, TITLES[name], shown, labels, span=span)
    middle = float(steps.min() + steps.max()) / 2
    words = go.Scatter(x=[middle], y=[0], mode="text", text=["infinite here"], name="infinite", showlegend=False)
    film.move(panels.add(words, 2), y=torch.where(told.loss.isfinite(), _AWAY, 0.97 * span[1])[:, None])
    second_legend(panels, 1, _NARROW, 3)
    film.say("ctc.loss", told.loss, infinite)
    film.given_by("ctc.loss", losscore.get("ctc"), {"pred": logits, "target": numbers_of(word)[None]}, {})
    film.say("ctc.best", told.best, infinite)
    film.say("ctc.ways", told.ways, lambda number: f"{number:.0f}")
    film.say("ctc.share", 100 * torch.where(told.ways > 0, (told.loss - told.best).exp(), 0), lambda v: f"{v:.1f} %")
    film.speak([
        f"{TITLES[name]} {step:.3g}: {count} ways, loss {infinite(loss)}, best way alone {infinite(best)}"
        for step, count, loss, best in zip(
            steps.tolist(), told.ways.tolist(), told.loss.tolist(), told.best.tolist(), strict=True
        )
    ])  # fmt: skip
    return film


def _lattice(panels: Panels, film: Film, word: str, told: Spelt, frames: Tensor, drawn: Sequence[str]) -> None:
    symbols = rows(word)
    tall = len(symbols)
    time = torch.arange(LONGEST, dtype=torch.float64)
    shade = (told.seen.clamp(0, 1).sqrt() * (_SHADES - 1)).round().long()
    cells = torch.where(time >= frames[..., None], _SHADES, shade)
    picture = panels.add_image(0, tall, LONGEST)
    film.picture(picture, cells.repeat_interleave(_CELL, -2).repeat_interleave(_CELL, -1), _PALETTE)
    edges = [(t, i, j) for t in range(LONGEST - 1) for i in range(tall) for j in range(i, min(i + 3, tall))]
    if "ctc" in drawn:
        t, i, j = torch.tensor(edges).T
        taken = told.steps[:, t, i, j] & (t + 1 < frames)
        gap = torch.full((len(edges),), torch.nan, dtype=torch.float64)
        y = torch.stack([i + 0.5, j + 0.5, gap], -1).expand(len(taken), -1, -1)
        y = y.masked_fill(~taken[..., None], torch.nan)
        line = {"color": theme.colour("ctc"), "width": 1.6}
        lines = go.Scatter(x=[0], y=[0], mode="lines", line=line, name="a way", hoverinfo="skip", showlegend=False)
        film.move(panels.add(lines, 0), x=torch.stack([t + 0.5, t + 1.5, gap], -1).flatten(), y=y.flatten(-2))
    if "ctc_best" in drawn:
        inside = (time < frames) & (told.ways > 0)[:, None]
        line = {"color": theme.colour("ctc_best"), "width": 4, "dash": theme.dash("ctc_best")}
        best = go.Scatter(x=[0], y=[0], mode="lines", line=line, name="the best way", showlegend=False)
        film.move(panels.add(best, 0), x=time + 0.5, y=(told.path + 0.5).masked_fill(~inside, torch.nan))
    sentence = go.Scatter(
        x=[LONGEST / 2], y=[0], mode="text", text=["no way: too few frames"], name="no way", showlegend=False
    )
    film.move(panels.add(sentence, 0), y=torch.where(told.ways > 0, _AWAY, tall / 2)[:, None])
    panels.picture_axes(0, tall, LONGEST, "frame", "symbol")
    across = {"tickvals": (time + 0.5).tolist(), "ticktext": [str(t + 1) for t in range(LONGEST)]}
    down = {"tickvals": [r + 0.5 for r in range(tall)], "ticktext": [SYMBOLS[s] for s in symbols]}
    panels.axes(0, across, down)


def _asked(panels: Panels, film: Film, push: Tensor, frames: Tensor) -> None:
    """The downhill gradient by logit (S, T, 3), a line a symbol."""
    time = torch.arange(1, LONGEST + 1, dtype=torch.float64)
    for symbol, (ink, dash, marker) in enumerate(_INKS):
        name = f"“{SYMBOLS[symbol]}”" if symbol else "blank “–”"
        value = push[..., symbol]
        line = go.Scatter(mode="lines", line={"color": ink, "dash": dash, "width": 2}, name=name)
        dots = go.Scatter(mode="markers", marker={"color": ink, "symbol": marker, "size": 8}, name=name)
        for trace, out in ((line, torch.nan), (dots, _AWAY)):
            added = panels.add(trace.update(x=[0], y=[0], showlegend=out == _AWAY), 1)
            film.move(added, x=time, y=value.masked_fill(time > frames, out))
    panels.axes(
        1, {"title": {"text": "frame"}, "range": [0.5, LONGEST + 0.5], "dtick": 1, "tickangle": 0},
        {"title": {"text": "less ← → more (−gradient by logit)"}, "range": [-1.08, 1.08], "dtick": 0.5},
    )  # fmt: skip
