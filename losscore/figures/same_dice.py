"""Four predictions of one Dice score: the same pixels wrong in number, and outlines far from each other or near."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.masks import binary_losses, reported
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_mosaic, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, second_legend, swept
from losscore.scenes.cases import case
from losscore.scenes.masks import sure, wandering_speck

LOSSES = ("dice", "boundary_loss", "hausdorff_dt")
METRICS = ("metric_dice", "metric_hausdorff", "metric_hd95", "metric_assd", "metric_nsd")
# Key -> name, symbol, colour of what is measured in px.
_DISTANCES = {
    "metric_hausdorff": ("Hausdorff", "diamond", "#CC79A7"),
    "metric_hd95": ("HD95", "square", "#0072B2"),
    "metric_assd": ("ASSD", "circle", "#009E73"),
}
_HEIGHT, _NARROW = 400, 270
_SHOWN = 94  # px of each picture from its top left corner: all that happens
_FAR = 32  # px along either axis from the object's corner to the far blob of the case


def same_dice(tau: Number, away: Number) -> Film:
    """The four predictions of equal Dice; `tau`: surface Dice's tolerance, `away`: the speck's distance, both in px."""
    shown = case("equal_dice")
    _, steps = swept({"tau": tau, "away": away})
    truth, fixed = shown.truth[0], shown.probability[None, :3]
    last = _with_speck(shown.probability[3], truth, torch.as_tensor(away).reshape(-1))[:, None]
    masks = torch.cat([fixed.expand(len(last), -1, -1, -1), last], 1)
    tolerance = torch.as_tensor(tau, dtype=masks.dtype).reshape(-1)[:, None]
    measured = [_measured(part, truth, tolerance) for part in (fixed, last)]
    values = {key: _side_by_side(measured[0][key], measured[1][key]) for key in measured[0]}

    panels = Panels(
        ["Four predictions, one Dice score", "How far apart the outlines are"],
        weights=[0.95, 1.05], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "Four masks with 36 false and 36 missed pixels each, and the distances of their outlines from the truth's."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    near = (..., slice(_SHOWN), slice(_SHOWN))
    four = shades(sure(masks.flatten(0, 1)).probability, truth)[near].unflatten(0, (-1, 4))
    draw_mosaic(panels, film, 0, four, truth[near].expand(4, -1, -1), fine=True)
    for place in range(4):
        panels.figure.add_annotation(
            text=f"<b>{place + 1}</b>", x=_SHOWN * (place % 2 + 1) - 7, y=_SHOWN * (place // 2) + 8, xref="x", yref="y",
            showarrow=False, font={"size": 16},
        )  # fmt: skip
    names = [f"{number} {name}".replace(" for ", "<br>for ") for number, name in enumerate(shown.names, start=1)]
    for key, (label, symbol, colour) in _DISTANCES.items():
        marker = {"size": 12, "symbol": symbol, "color": colour, "line": {"color": "white", "width": 1}}
        dots = panels.add(
            go.Scatter(x=[0] * 4, y=[4, 3, 2, 1], mode="markers", marker=marker, name=label, legend="legend2"), 1
        )
        film.move(dots, x=values[key], y=torch.tensor([4.0, 3.0, 2.0, 1.0]))
    panels.axes(
        1,
        {"title": {"text": "distance between the outlines (px)"}, "range": [-2, 60]},
        {"range": [0.4, 4.6], "tickvals": [4, 3, 2, 1], "ticktext": names},
    )
    second_legend(panels, 1, _NARROW, 2)
    for key, value in values.items():
        for number in range(4):
            film.say(f"shape.{number + 1}.{key}", value[:, number])
    spoken = zip(*(film.slots[f"shape.4.{key}"].tolist() for key in ("metric_dice", "metric_hausdorff")), strict=True)
    film.speak([f"Far blob: Dice score {short(d)}, Hausdorff distance {short(h)} px" for d, h in spoken])
    return film


def _measured(masks: Tensor, truth: Tensor, tau: Tensor) -> dict[str, Tensor]:
    """Scores and losses of masks (S, N, H, W) of 0 and 1, taken for sure: (S, N) each."""
    return binary_losses(sure(masks), truth, LOSSES) | reported(masks, truth, METRICS, tau=tau)


def _side_by_side(three: Tensor, one: Tensor) -> Tensor:
    """(S or 1, 3) and (S or 1, 1) as (S, 4)."""
    steps = max(len(three), len(one))
    return torch.cat([three.expand(steps, -1), one.expand(steps, -1)], 1)


def _with_speck(mask: Tensor, truth: Tensor, away: Tensor) -> Tensor:
    """The mask (H, W) with its blob `away` px (S,) from the object's corner instead of _FAR: (S, H, W)."""
    body = mask * truth
    start = torch.roll(mask - body, (_FAR, _FAR), (0, 1))
    return wandering_speck(body, start, away)
