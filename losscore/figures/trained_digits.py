"""Handwritten digits as two trained networks lay them out, epoch by epoch, and how well each finds a digit's like."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.glyphs import glyphs
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import draw_curves
from losscore.scenes.handwritten import HELD
from losscore.train import Run
from losscore.train.digits import ON_CIRCLE

BESIDE = {"recall": "Recall@1", "loss": "Loss", "starts": "Twelve starts"}
_HEIGHT, _NARROW = 400, 240


def trained_digits(
    sides: Sequence[Run], starts: Mapping[str, Run], wide: Mapping[str, Run], epoch: float | Tensor, beside: str,
    labels: Mapping[str, str],
) -> Film:  # fmt: skip
    """Two runs of `digits_plane` side by side after `epoch` epochs, a number or a tensor (S,), and a panel of BESIDE.

    starts, wide: runs of `digits_spread` by loss, into two dimensions and into more. Slots: "digits.<left or
    right>.<loss, recall or spread>"; "digits.<key>.<mean, low, high or wide>" over the twelve starts.
    """
    at = torch.as_tensor(epoch, dtype=torch.float64).reshape(-1)
    index = at.round().long()
    names = [labels[run.settings["loss"]] for run in sides]
    panels = Panels(
        [*names, BESIDE[beside]], height=_HEIGHT, narrow_height=_NARROW, abreast=2
    )  # fmt: skip
    alt = f"Held-out digits in the plane, left under {names[0]}, right under {names[1]}; beside them {BESIDE[beside]}."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    for panel, (run, side) in enumerate(zip(sides, ("left", "right"), strict=True)):
        _draw_plane(panels, film, panel, run, index)
        film.say(f"digits.{side}.loss", run.frames["loss"][index])
        film.say(f"digits.{side}.recall", run.frames["recall"][index], text=_share)
        film.say(f"digits.{side}.spread", _spread(run)[index])
    for key, run in starts.items():
        recall = run.frames["recall"][index]
        for name, values in (("mean", recall.mean(-1)), ("low", recall.amin(-1)), ("high", recall.amax(-1))):
            film.say(f"digits.{key}.{name}", values, text=_share)
        film.say(f"digits.{key}.wide", wide[key].frames["recall"][index].mean(-1), text=_share)
    if beside == "starts":
        _draw_starts(panels, film, starts, index, labels)
    else:
        curves = {run.settings["loss"]: run.frames[beside][index] for run in sides}
        upright = "share found" if beside == "recall" else "from its lowest to its highest"
        span = (-0.04, 1.04)
        draw_curves(
            panels, film, 2, at, "epoch", curves, labels, own_scale=beside == "loss", upright=upright, span=span
        )
        _place_legend(panels, low=beside == "recall")
    said = zip(at.tolist(), *(film.slots[f"digits.{side}.recall"].tolist() for side in ("left", "right")), strict=True)
    film.speak([f"Epoch {k:.0f}: {names[0]} finds {a:.0%}, {names[1]} {b:.0%}" for k, a, b in said])
    return film


def _place_legend(panels: Panels, *, low: bool) -> None:
    """Into the corner of the third panel that its curves leave free."""
    panels.figure.layout.legend2 = {
        "x": 1, "xanchor": "right", "y": 0.02 if low else 0.98, "yanchor": "bottom" if low else "top",
        "orientation": "v", "bgcolor": "rgba(0,0,0,0)", "font": {"size": 12},
    }  # fmt: skip
    if not low:
        panels.narrow["legend2.y"] = panels.narrow["yaxis3.domain"][1] - 0.02


def _share(value: float) -> str:
    return f"{value:.3f}"


def _spread(run: Run) -> Tensor:
    """Root of the mean squared distance of all places from their middle, at every epoch: (E + 1,)."""
    places = run.frames["points"].float()
    return (places - places.mean(1, keepdim=True)).square().sum(-1).mean(-1).sqrt()


def _draw_plane(panels: Panels, film: Film, panel: int, run: Run, index: Tensor) -> None:
    """Ten digits of HELD places each; every digit has its colour, its marker, and stands written at its middle."""
    every = run.frames["points"].float()
    round_about = run.settings["loss"] in ON_CIRCLE
    low, high = every.amin((0, 1)), every.amax((0, 1))
    centre, half = (low + high) / 2, float((high - low).max()) / 2 * 1.08
    if round_about:
        centre, half = torch.zeros(2), 1.3
    places = every[index].unflatten(1, (10, HELD))
    middles = places.mean(2)
    if round_about:  # beside the circle, not on it
        middles = 1.17 * middles / middles.norm(dim=-1, keepdim=True).clamp(min=1e-6)
    ways = glyphs(middles, 0.055 * half)
    for digit in range(10):
        marker = {"size": 5, "symbol": theme.class_marker(digit), "color": theme.class_ink(digit), "opacity": 0.65}
        dots = go.Scatter(
            x=[0] * HELD, y=[0] * HELD, mode="markers", marker=marker, name=f"{digit}", showlegend=False
        )  # fmt: skip
        film.move(panels.add(dots, panel), x=places[:, digit, :, 0], y=places[:, digit, :, 1])
    for digit in range(10):
        line = go.Scatter(
            x=[0], y=[0], mode="lines", line={"color": theme.class_ink(digit), "width": 3}, showlegend=False,
            hoverinfo="skip", name=f"digit {digit}",
        )  # fmt: skip
        film.move(panels.add(line, panel), x=ways[:, digit, :, 0], y=ways[:, digit, :, 1])
    x, y = ([float(middle) - half, float(middle) + half] for middle in centre)
    square = {"scaleanchor": panels.axis("x", panel), "constrain": "domain"}
    panels.axes(
        panel, {"title": {"text": "first number"}, "range": x, "constrain": "domain"},
        {"title": {"text": "second number" if panel == 0 else ""}, "range": y} | square,
    )  # fmt: skip


def _draw_starts(
    panels: Panels, film: Film, starts: Mapping[str, Run], index: Tensor, labels: Mapping[str, str]
) -> None:
    """A row of twelve dots for every loss, and a stroke at their mean."""
    rows = len(starts)
    for place, (key, run) in enumerate(starts.items()):
        recall, row = run.frames["recall"][index], torch.tensor(float(rows - 1 - place))
        marker = {"size": 8, "symbol": theme.marker(key), "color": theme.colour(key), "opacity": 0.7}
        dots = go.Scatter(x=[0] * 12, y=[0] * 12, mode="markers", marker=marker, name=labels[key], showlegend=False)
        film.move(panels.add(dots, 2), x=recall, y=row.expand(1, recall.shape[1]))
        stroke = go.Scatter(
            x=[0], y=[0], mode="lines", line={"color": theme.colour(key), "width": 3}, showlegend=False,
            hoverinfo="skip",
        )  # fmt: skip
        mean = recall.mean(-1, keepdim=True).expand(-1, 2)
        film.move(panels.add(stroke, 2), x=mean, y=row + torch.tensor([[-0.3, 0.3]]))
        panels.add(
            go.Scatter(
                x=[0.1], y=[float(row) + 0.42], mode="text", text=[labels[key]], textposition="middle right",
                textfont={"size": 11}, showlegend=False, hoverinfo="skip",
            ),
            2,
        )  # fmt: skip
    panels.axes(
        2, {"title": {"text": "share found"}, "range": [0.1, 1.02]}, {"range": [-0.6, rows - 0.2], "visible": False}
    )
