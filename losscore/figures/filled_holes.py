"""Holes in digits, filled by networks of different losses, and what their fills are worth over the epochs."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.figures import theme
from losscore.figures.digit_board import draw_board
from losscore.figures.film import Film
from losscore.figures.panels import Panels
from losscore.scenes.handwritten import digits
from losscore.train import Run
from losscore.train.inpainting import INSIDE, SHOWN, TERMS, masked

MEASURES = {
    "pixel": "Pixel error", "perceptual": "Feature error", "contrast": "Contrast", "read": "Read right",
}  # fmt: skip
_UPRIGHT = {
    "pixel": "mean squared error in the hole", "perceptual": "squared distance of features, a px",
    "contrast": "share of the true contrast", "read": "share of 300 digits",
}  # fmt: skip
_TOPS = {"pixel": 0.45, "perceptual": 1.6, "contrast": 1.6, "read": 1.0}
_HEIGHT, _NARROW = 430, 330


def filled_holes(
    runs: Mapping[str, Run], epoch: float | Tensor, measure: str, labels: Mapping[str, str], short: Mapping[str, str]
) -> Film:
    """Runs of `inpainting` by a name after `epoch` epochs, a number or a tensor (S,); measure: one of MEASURES.

    labels: what the names are called; short: in a few letters, over a column. Slots: "fill.<name>.<measure>" and
    "fill.weight.<term>", of the first run.
    """
    at = torch.as_tensor(epoch, dtype=torch.float64).reshape(-1)
    index = at.round().long()
    panels = Panels(["Held-out digits", f"{MEASURES[measure]} over the epochs"], weights=[1, 0.9], height=_HEIGHT,
                    narrow_height=_NARROW)  # fmt: skip
    alt = f"Six digits, their holes, and the fills of {len(runs)} networks; beside them {MEASURES[measure].lower()}."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    truth = digits()[1].pictures[list(SHOWN)]
    hidden = masked(truth)
    hidden[:, *INSIDE] = 0.5
    columns = [truth.expand(len(at), -1, -1, -1), hidden.expand(len(at), -1, -1, -1)]
    for run in runs.values():
        whole = truth.repeat(len(at), 1, 1, 1)
        whole[..., *INSIDE] = run.frames["hole"][index].float() / 255
        columns.append(whole)
    draw_board(panels, film, 0, torch.stack(columns, 2), ["digit", "hole", *(short[name] for name in runs)])
    for name, run in runs.items():
        _draw_curve(panels, film, run.frames[measure], index, f"filled_{name}", labels[name])
        for part in MEASURES:
            film.say(f"fill.{name}.{part}", run.frames[part][index], text=_three)
    last = max(len(run.frames[measure]) for run in runs.values()) - 1
    panels.axes(
        1, {"title": {"text": "epoch"}, "range": [-0.02 * last, 1.02 * last]},
        {"title": {"text": _UPRIGHT[measure]}, "range": [-0.03 * _TOPS[measure], 1.05 * _TOPS[measure]]},
    )  # fmt: skip
    for key in ("mse", "perceptual_fixed_filters", "gan_g_nonsaturating", "gan_d"):
        film.made_with(losscore.get(key))
    mine = next(iter(runs))
    for term in TERMS:
        film.say(f"fill.weight.{term}", runs[mine].settings[term], text=lambda weight: f"{weight:g}")
    numbers = [film.slots[f"fill.{mine}.{part}"].tolist() for part in ("pixel", "contrast", "read")]
    film.speak(
        [
            f"Epoch {k:.0f}, {labels[mine]}: pixel error {p:.3f}, contrast {c:.0%}, read right {r:.0%}"
            for k, p, c, r in zip(at.tolist(), *numbers, strict=True)
        ]
    )
    return film


def _three(value: float) -> str:
    return f"{value:.3f}"


def _draw_curve(panels: Panels, film: Film, values: Tensor, index: Tensor, seat: str, label: str) -> None:
    line = {"color": theme.colour(seat), "dash": theme.dash(seat), "width": 2.5}
    panels.add(go.Scatter(x=list(range(len(values))), y=values.numpy(), mode="lines", line=line, name=label), 1)
    marker = {"size": 11, "symbol": theme.marker(seat), "color": line["color"], "line": {"color": "white", "width": 1}}
    here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, name=label), 1)
    film.move(here, x=index[:, None].float(), y=values[index][:, None])
