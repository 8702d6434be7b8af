"""Four predictions of one Dice score: the same pixels wrong in number, and outlines far from each other or near."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.masks import binary_losses, reported
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_key, draw_outline, draw_overlay, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, second_legend, swept
from losscore.scenes.cases import case
from losscore.scenes.masks import sure, wandering_speck

LOSSES = ("dice", "boundary_loss", "hausdorff_dt")
METRICS = ("metric_dice", "metric_hausdorff", "metric_hd95", "metric_assd", "metric_nsd")
# Key -> name, symbol, colour of what is measured in px.
_DISTANCES = {
    "metric_hausdorff": ("largest gap (Hausdorff)", "diamond", "#CC79A7"),
    "metric_hd95": ("95th percentile", "square", "#0072B2"),
    "metric_assd": ("mean gap", "circle", "#009E73"),
}
_HEIGHT, _NARROW = 400, 330
_FARTHEST = 38  # px between the speck's places beside the object and in the picture's corner


def same_dice(tau: Number, away: Number) -> Film:
    """The four predictions of equal Dice; `tau` is surface Dice's tolerance, `away` the speck's distance, both in px."""
    shown = case("equal_dice")
    _, steps = swept({"tau": tau, "away": away})
    masks = _with_speck(shown.probability, shown.truth[0], torch.as_tensor(away).reshape(-1))
    tolerance = torch.as_tensor(tau).reshape(-1)[:, None]
    scores = reported(masks, shown.truth[0], METRICS, tau=tolerance)
    losses = binary_losses(sure(masks), shown.truth[0], LOSSES)

    panels = Panels(
        ["Four predictions, one Dice score", "How far apart the outlines are"],
        weights=[0.95, 1.05], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "Four masks with 36 false and 36 missed pixels each, and the distances between their outlines and the truth's."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    _mosaic(panels, film, shown.truth[0], masks)
    names = [f"{number} {name}" for number, name in enumerate(shown.names, start=1)]
    for key, (label, symbol, colour) in _DISTANCES.items():
        marker = {"size": 12, "symbol": symbol, "color": colour, "line": {"color": "white", "width": 1}}
        dots = panels.add(
            go.Scatter(x=[0] * 4, y=[4, 3, 2, 1], mode="markers", marker=marker, name=label, legend="legend2"), 1
        )
        film.move(dots, x=scores[key], y=torch.tensor([4.0, 3.0, 2.0, 1.0]))
    panels.axes(
        1,
        {"title": {"text": "distance between the outlines (px)"}, "range": [-2, 60]},
        {"title": {"text": "prediction"}, "range": [0.4, 4.6], "tickvals": [4, 3, 2, 1], "ticktext": names},
    )
    second_legend(panels, 1, _NARROW, 2)
    for key, value in (losses | scores).items():
        for number in range(4):
            film.say(f"shape.{number + 1}.{key}", value[:, number])
    spoken = zip(*(film.slots[f"shape.4.{key}"].tolist() for key in ("metric_dice", "metric_hausdorff")), strict=True)
    film.speak([f"Far blob: Dice {short(d)}, Hausdorff distance {short(h)} px" for d, h in spoken])
    return film


def _with_speck(masks: Tensor, truth: Tensor, away: Tensor) -> Tensor:
    """The four masks (4, H, W), the last one's speck at `away` px (S,) from the object's corner: (S, 4, H, W)."""
    body = masks[3] * truth
    start = torch.roll((masks[3] - body), (_FARTHEST - 6, _FARTHEST - 6), (0, 1))
    last = wandering_speck(body, start, away)
    return torch.cat([masks[:3].expand(len(last), -1, -1, -1), last[:, None]], 1)


def _mosaic(panels: Panels, film: Film, truth: Tensor, masks: Tensor) -> None:
    """Four pictures (S, 4, H, W) as one, two by two, numbered."""
    height, width = truth.shape
    rows = shades(sure(masks.flatten(0, 1)).probability, truth).unflatten(0, (-1, 2, 2)).permute(0, 1, 3, 2, 4)
    panels.picture_axes(0, 2 * height, 2 * width, "column (px)", "row (px)")
    draw_overlay(panels, film, 0, rows.reshape(-1, 2 * height, 2 * width), legend=False)
    draw_key(panels, 0)
    for place in range(4):
        corner = (height * (place // 2), width * (place % 2))
        draw_outline(panels, 0, truth, legend=place == 0, offset=corner)
        panels.figure.add_annotation(
            text=str(place + 1), x=corner[1] + width - 10, y=corner[0] + 12, xref="x", yref="y", showarrow=False,
            font={"size": 18},
        )  # fmt: skip
