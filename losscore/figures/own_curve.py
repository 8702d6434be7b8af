"""A typed loss over the error, beside known ones, and what was found when its claims were tried."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.curves import residual_curve
from losscore.explore.own_loss import gradient_error, own_curve, verdicts
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels
from losscore.own import PARAMS, Formula

OWN = "own"  # what slots and colours call the typed loss
REACH = 6.0  # errors are drawn, and tried, from minus to plus this
_TOP, _PULL = 9.0, 4.2
_AWAY = -1e4  # where a marker lies whose loss has no number
Number = float | Tensor


def own_loss_curve(
    formula: Formula | None, residual: Number, target: Number, params: Mapping[str, Number], beside: Sequence[str]
) -> Film:
    """Loss and slope of a typed formula (None: only the others) and of the losses `beside` it, over the residual.

    residual, target or one parameter may be a tensor of steps (S,). Slots: r, p, y, a, b, c, and <key>.loss and
    <key>.slope for "own" and the others; of the typed one check, arch, left, right, lopsided, side, lowest, fall, gaps.
    """
    at, true = (torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (residual, target))
    given = {name: torch.as_tensor(value, dtype=torch.float64).reshape(-1) for name, value in params.items()}
    steps = max(len(at), len(true), *(len(value) for value in given.values()))
    grid = torch.arange(-120, 121, dtype=torch.float64) * (REACH / 120)  # through 0 exactly
    panels = Panels(["Loss", "Gradient: which way and how hard it pulls"], height=400)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    film = Film(panels.figure, steps, "Your loss and its gradient over the residual, beside known ones.", panels.narrow)
    thin = {"color": theme.NEUTRAL, "width": 1}
    for panel in range(2):
        upright = {"y": [-2 * _TOP, 2 * _TOP], "mode": "lines", "line": thin, "hoverinfo": "skip", "showlegend": False}
        film.move(panels.add(go.Scatter(x=[0, 0], **upright), panel), x=torch.stack([at, at], -1))
    drawn = {key: (residual_curve(losscore.get(key), grid), residual_curve(losscore.get(key), at)) for key in beside}
    for key in beside:
        level = torch.zeros(1, 1, dtype=torch.float64)
        film.given_by(f"{key}.loss", losscore.get(key), {"pred": at[:, None], "target": level}, {})
    if formula is not None:
        drawn[OWN] = own_curve(formula, grid, true, given), own_curve(formula, at[:, None], true, given)
        _try(film, formula, grid, true, given)
    for key, (curves, heres) in drawn.items():
        for panel, (name, curve, here) in enumerate(zip(("loss", "slope"), curves, heres, strict=True)):
            _draw(panels, film, panel, key, (grid, curve), (at, here.reshape(-1)))
            film.say(f"{key}.{name}", here.reshape(-1))
    for panel, (title, span) in enumerate((("loss", [-0.06 * _TOP, _TOP]), ("gradient", [-_PULL, _PULL]))):
        panels.axes(
            panel, {"title": {"text": "residual r = prediction − target"}, "range": [-REACH, REACH]},
            {"title": {"text": title}, "range": span},
        )  # fmt: skip
    for slot, values in {"r": at, "y": true, "p": true + at, **{name: given[name] for name in PARAMS}}.items():
        film.say(slot, values, text=bracketed)
    film.speak(_sentences(film))
    return film


def called(key: str) -> str:
    """What a legend says for a loss of this figure."""
    return "Yours" if key == OWN else label(key)


def _try(film: Film, formula: Formula, grid: Tensor, true: Tensor, given: Mapping[str, Tensor]) -> None:
    found = verdicts(formula, grid, true, given)
    film.say("own.check", gradient_error(formula, grid[::4], true, given), text=_agrees)
    film.say("own.arch", found.arch, text=lambda by: "holds so far" if by == 0 else f"no: by {short(by)}")
    film.say("own.lopsided", found.lopsided, text=lambda by: "holds so far" if by == 0 else f"no: by {short(by)}")
    film.say("own.fall", found.fall, text=_pulls)
    film.say("own.gaps", found.gaps, text=lambda share: "everywhere" if share == 0 else f"not at {share:.0%} of r")
    for name in ("left", "right", "side", "lowest"):
        film.say(f"own.{name}", getattr(found, name), text=lambda at: "–" if math.isnan(at) else short(at))


def _agrees(error: float) -> str:
    return f"agrees to {max(error, 1e-12):.0e}" if error < 1e-3 else f"differs by {short(error)}"


def _pulls(times: float) -> str:
    """How an outlier's pull at an error of 1000 compares with that at 10."""
    if math.isnan(times) or math.isinf(times):
        return "–"
    if times > 1.01:
        return f"grows, × {short(times)}"
    return "stays the same" if times > 0.99 else "vanishes" if times < 1e-9 else f"fades, × {short(times)}"


def _draw(
    panels: Panels, film: Film, panel: int, key: str, curve: tuple[Tensor, Tensor], here: tuple[Tensor, Tensor]
) -> None:
    """A curve, and the marker on it."""
    ink = {"color": theme.colour(key)}
    style = {"width": 4 if key == OWN else 2.5, "dash": theme.dash(key)} | ink
    shown = panel == 0
    line = panels.add(
        go.Scatter(x=[0], y=[0], mode="lines", line=style, name=called(key), showlegend=shown), panel
    )  # fmt: skip
    film.move(line, x=curve[0], y=curve[1])
    marker = {"size": 12, "symbol": theme.marker(key), "line": {"color": "#ffffff", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=here[0][:, None], y=here[1].nan_to_num(nan=_AWAY)[:, None])


def _sentences(film: Film) -> list[str]:
    if "own.loss" not in film.slots:
        return ["The formula cannot be read."] * film.steps
    steps = zip(*(film.slots[name].tolist() for name in ("r", "own.loss", "own.slope")), strict=True)
    return [f"Residual {short(r)}: your loss {short(value)}, gradient {short(slope)}" for r, value, slope in steps]
