"""Loss and gradient over the residual, with a marker at the error of the moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.curves import residual_curve
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels
from losscore.record import Loss

REACH = 6.0  # residuals are drawn from minus to plus this
_TOP, _PULL = 9.0, 4.2  # ends of the axes of loss and gradient
_AWAY = -1e4  # where a marker lies whose loss is not defined


def one_error(
    keys: Sequence[str], residual: float | Tensor, params: Mapping[str, Mapping[str, Any]],
    target: float | Tensor = 2.0, var: float | Tensor = 1.0,
) -> Film:  # fmt: skip
    """Curves of the losses in `keys` and of their slopes, and a marker at `residual`.

    residual, target, var or one parameter may be a tensor of steps (S,). target and var count for the losses that are
    not of the residual alone. Slots: r, p, y, <key>.loss, <key>.slope and <key>.<parameter>.
    Raises KeyError for an unknown loss, and as the losses do.
    """
    at, true, spread = (torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (residual, target, var))
    grid = torch.linspace(-REACH, REACH, 241, dtype=torch.float64)
    steps = max(len(at), len(true), len(spread), *(_count(params.get(key, {})) for key in keys))
    panels = Panels(["Loss", "Gradient: which way and how hard it pulls"], height=420)
    film = Film(panels.figure, steps, "Loss and gradient of the chosen losses over the residual.", panels.narrow)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    thin = {"color": theme.NEUTRAL, "width": 1}
    for panel in range(2):
        upright = {"y": [-2 * _TOP, 2 * _TOP], "mode": "lines", "line": thin, "hoverinfo": "skip", "showlegend": False}
        follow = panels.add(go.Scatter(x=[0, 0], **upright), panel)
        film.move(follow, x=torch.stack([at, at], -1))
    for key in keys:
        loss = losscore.get(key)
        given = dict(params.get(key, {})) | ({"var": spread} if "var" in loss.inputs else {})
        aim = 0.0 if loss.of_residual else true[:, None]
        curves = residual_curve(loss, grid, target=aim, **given)
        heres = residual_curve(loss, at[:, None], target=aim, **given)
        for panel, (name, curve, here) in enumerate(zip(("loss", "slope"), curves, heres, strict=True)):
            _draw(panels, film, panel, loss, (grid, curve), (at, here.reshape(-1)))
            film.say(f"{key}.{name}", here.reshape(-1))
        level = torch.zeros(1, 1, dtype=torch.float64) if loss.of_residual else true[:, None]
        asked = {"pred": level + at[:, None], "target": level, "var": spread[:, None]}
        film.given_by(f"{key}.loss", loss, {name: asked[name] for name in loss.inputs}, params.get(key, {}))
        for name, value in (loss.defaults | dict(params.get(key, {}))).items():
            if isinstance(value, (float, Tensor)):
                film.say(f"{key}.{name}", value, text=bracketed)
    for panel, (title, span) in enumerate((("loss", [-0.4, _TOP]), ("gradient", [-_PULL, _PULL]))):
        panels.axes(
            panel, {"title": {"text": "residual r = prediction − target"}, "range": [-REACH, REACH]},
            {"title": {"text": title}, "range": span},
        )  # fmt: skip
    for slot, values in (("r", at), ("y", true), ("p", true + at)):
        film.say(slot, values, text=bracketed)
    film.speak(_sentences(film, losscore.get(keys[0])))
    return film


def _count(params: Mapping[str, Any]) -> int:
    return max((value.numel() for value in params.values() if isinstance(value, Tensor)), default=1)


def _draw(
    panels: Panels, film: Film, panel: int, loss: Loss, curve: tuple[Tensor, Tensor], here: tuple[Tensor, Tensor]
) -> None:
    """A curve, and the marker on it."""
    ink = {"color": theme.colour(loss.key)}
    line = panels.add(
        go.Scatter(
            x=[0], y=[0], mode="lines", line={"width": 3, "dash": theme.dash(loss.key)} | ink, name=label(loss.key),
            showlegend=panel == 0,
        ),
        panel,
    )  # fmt: skip
    film.move(line, x=curve[0], y=curve[1])
    marker = {"size": 12, "symbol": theme.marker(loss.key), "line": {"color": "#ffffff", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), panel)
    film.move(dot, x=here[0][:, None], y=here[1].nan_to_num(nan=_AWAY)[:, None])


def _sentences(film: Film, first: Loss) -> list[str]:
    steps = zip(film.slots["r"].tolist(), film.slots[f"{first.key}.loss"].tolist(), strict=True)
    return [f"Residual {short(r)}: {label(first.key)} {short(value)}" for r, value in steps]
