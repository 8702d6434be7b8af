"""False alarm or miss: what growing and shrinking a mask costs under Tversky's weights, and without a background."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.masks import binary_losses
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.mask_lines import write_masks
from losscore.figures.mask_overlay import draw_outline, draw_overlay, draw_photograph, frame, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, second_legend, swept
from losscore.scenes.cases import case
from losscore.scenes.edits import EDITS, predict
from losscore.scenes.masks import sure
from losscore.scenes.pictures import scene

_HEIGHT, _NARROW = 390, 260
_GRID = torch.linspace(-8, 8, 33)


def tversky_trade(grown: Number, alpha: Number, beta: Number, labels: Mapping[str, str], curves: list[str]) -> Film:
    """A disc grown by `grown` px, and the losses against growth for alpha and beta; at most one of the three a tensor.

    labels: every loss whose value is wanted, by key; curves: the keys among them that are drawn.
    """
    shown = scene("disc")
    _, steps = swept({"grown": grown, "alpha": alpha, "beta": beta})
    here = predict(shown.truth, dilate=grown, softness=0.5)
    given = {"alpha": alpha, "beta": beta}
    weights = {name: torch.as_tensor(value, dtype=_GRID.dtype).reshape(-1) for name, value in given.items()}
    now = binary_losses(here, shown.truth, labels, {"tversky": weights})
    rows = {"tversky": {name: value[:, None] for name, value in weights.items()}}
    over = binary_losses(predict(shown.truth, dilate=_GRID, softness=0.5), shown.truth, curves, rows)

    panels = Panels(
        ["A disc, and two squares off by 90 px", "Loss of the disc against its growth"],
        weights=[1.05, 0.95], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = (
        "A disc and its grown or shrunken prediction; two squares of 900 px, one with 90 px too many and one with 90"
        " too few; losses against how far the disc has grown."
    )
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_photograph(panels, 0, shown.picture)
    squares = _draw_pair(panels, len(shown.truth))
    disc = shades(here.probability, shown.truth)
    draw_overlay(panels, film, 0, torch.cat([disc, squares.expand(len(disc), -1, -1)], -1))
    draw_outline(panels, 0, shown.truth)
    at = torch.as_tensor(grown, dtype=_GRID.dtype).reshape(-1)
    for key in curves:
        _draw(panels, film, key, labels[key], over[key].reshape(-1, len(_GRID)), at, now[key])
    across = {"title": {"text": f"← misses    {EDITS['dilate'].meaning} (px)    false alarms →"}, "range": [-8.4, 8.4]}
    panels.axes(1, across, {"title": {"text": "loss"}, "range": [-0.03, 0.8]})
    second_legend(panels, 1, _NARROW, 2)
    for key, value in now.items():
        film.say(f"trade.{key}", value)
    _say_pair(film, labels, weights)
    film.speak([f"Tversky loss {short(value)}" for value in film.slots["trade.tversky"].tolist()])
    return film


def _draw(panels: Panels, film: Film, key: str, label: str, curve: Tensor, at: Tensor, value: Tensor) -> None:
    """A loss's curve over growth (S or 1, n), and the marker at the growth of the moment."""
    ink = {"color": theme.colour(key)}
    line = {"width": 2.5, "dash": theme.dash(key)} | ink
    index = panels.add(
        go.Scatter(x=_GRID.numpy(), y=curve[0].numpy(), mode="lines", line=line, name=label, legend="legend2"), 1
    )
    if len(curve) > 1:
        film.move(index, x=_GRID, y=curve)
    marker = {"size": 11, "symbol": theme.marker(key), "line": {"color": "white", "width": 1}} | ink
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False), 1)
    film.move(dot, x=at[:, None], y=value[:, None])


def _draw_pair(panels: Panels, across: int) -> Tensor:
    """Outlines and names of two squares, one over the other, beside a picture `across` px wide: their shades (H, W)."""
    pair = case("alarm_or_miss")
    height, width = pair.truth.shape[-2:]
    frame(panels, 0, 2 * height, across + width)
    for number, text in enumerate(("90 too many", "90 too few")):
        draw_outline(panels, 0, pair.truth[number], legend=False, offset=(height * number, across))
        panels.figure.add_annotation(
            text=text, x=across + width / 2, y=height * number + 9, xref="x", yref="y", showarrow=False,
            font={"size": 12},
        )  # fmt: skip
    return shades(sure(pair.probability).probability, pair.truth).reshape(-1, width)


def _say_pair(film: Film, labels: Mapping[str, str], weights: Mapping[str, Tensor]) -> None:
    """The losses of ninety pixels too many and of ninety too few."""
    pair = case("alarm_or_miss")
    for number, name in enumerate(("alarm", "miss")):
        prediction = sure(pair.probability[number, None], 0.95)
        values = binary_losses(prediction, pair.truth[number], labels, {"tversky": weights})
        for key, value in values.items():
            film.say(f"trade.{name}.{key}", value)
            params = weights if key == "tversky" else {}
            write_masks(film, f"trade.{name}.{key}", key, prediction, pair.truth[number], params)
