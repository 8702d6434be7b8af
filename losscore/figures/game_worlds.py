"""Two games from one start: made points over the critic's map, the gradient that reaches them, distances."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore import train
from losscore.figures import sprites, theme
from losscore.figures.box_drawing import arrows
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import draw_curves, second_legend
from losscore.scenes.rings import centres
from losscore.train.game import ALONE, EDGE, STEPS

ONWARDS = {
    "none": "Nobody: the gradient as arrows", "maker": f"The generator alone, {ALONE} steps",
    "critic": f"The critic alone, {ALONE} steps",
}  # fmt: skip
_LEVELS = 16
_LONGEST = 0.7  # an arrow's length, of a plane 6 wide
_HEIGHT, _NARROW = 410, 300


def game_worlds(runs: Mapping[str, train.Run], step: float | Tensor, onwards: str, labels: Mapping[str, str]) -> Film:
    """One or two runs of `game` by their losses' keys, at `step`, a number or (S,); onwards: a key of `ONWARDS`.

    Slots, behind "<key>.": pieces, distance, told and pull (of the first game), mean (distance over all games).
    """
    at = torch.as_tensor(step, dtype=torch.float64).reshape(-1)
    epoch = (at / STEPS).round().long()
    panels = Panels(
        [*(f"{labels[key]}: made points" for key in runs), "Distance, mean of eight games"],
        weights=[1.1] * len(runs) + [0.9], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    film = Film(panels.figure, len(at), "Made points over the critic's map for each loss; distances.", panels.narrow)
    palette = [sprites.rgba(theme.TRUTH, 0.5 * level / (_LEVELS - 1)) for level in range(_LEVELS)]
    lines: dict[str, Tensor] = {}
    for panel, (key, run) in enumerate(runs.items()):
        frames = {name: values[epoch] for name, values in run.frames.items()}
        image = panels.add_image(panel, 1, 1)
        panels.figure.layout.images[image].update(x=-EDGE, y=EDGE, sizex=2 * EDGE + 1e-6 * panel, sizey=2 * EDGE)
        film.picture(image, frames["critic_after" if onwards == "critic" else "critic"] // (256 // _LEVELS), palette)
        goal = centres(run.settings["cloud"])
        ring = {"symbol": "circle-open", "size": 15, "color": theme.TRUTH, "line": {"width": 2}}
        panels.add(
            go.Scatter(
                x=goal[:, 0].numpy(), y=goal[:, 1].numpy(), mode="markers", marker=ring, hoverinfo="skip",
                name="pieces of the data", showlegend=panel == 0,
            ),
            panel,
        )  # fmt: skip
        points = frames["after" if onwards == "maker" else "points"].float()
        dots = {"size": 5, "color": theme.PREDICTION, "symbol": "diamond"}
        made = go.Scatter(
            x=[0], y=[0], mode="markers", marker=dots, hoverinfo="skip", name="made", showlegend=panel == 0
        )
        film.move(panels.add(made, panel), x=points[..., 0], y=points[..., 1])
        if onwards == "none":
            pull = frames["arrows"].float()
            tails = points[:, : pull.shape[1]]
            size = pull.norm(dim=-1, keepdim=True)
            x, y = arrows(tails, tails + pull * (_LONGEST / size.clamp(min=_LONGEST)), 0.12)
            line = {"color": theme.PREDICTION, "width": 1.2}
            stroke = go.Scatter(x=[0], y=[0], mode="lines", line=line, hoverinfo="skip", showlegend=False)
            film.move(panels.add(stroke, panel), x=x, y=y)
        sides = {"range": [-EDGE, EDGE], "constrain": "domain", "showgrid": False, "zeroline": False}
        panels.axes(
            panel, sides | {"title": {"text": "x"}},
            sides | {"title": {"text": "y"}, "scaleanchor": panels.axis("x", panel)},
        )  # fmt: skip
        lines[key] = run.frames["distance"].mean(-1)
        film.say(f"{key}.pieces", frames["pieces"][:, 0].float(), text=lambda v: f"{v:.0f} of 8")
        film.say(f"{key}.distance", frames["distance"][:, 0])
        film.say(f"{key}.told", 100 * frames["told"][:, 0], text=lambda v: f"{v:.0f} %")
        film.say(f"{key}.pull", frames["arrows"].float().norm(dim=-1).mean(-1))
        film.say(f"{key}.mean", lines[key][epoch])
    _curves(panels, film, len(runs), at, lines, labels)
    first = next(iter(runs))
    said = zip(at.tolist(), film.slots[f"{first}.pieces"], film.slots[f"{first}.distance"], strict=True)
    film.speak([f"Step {k:.0f}: {labels[first]} finds {p:.0f} of 8, distance {short(d)}" for k, p, d in said])
    return film


def _curves(
    panels: Panels, film: Film, panel: int, at: Tensor, lines: Mapping[str, Tensor], labels: Mapping[str, str]
) -> None:
    """Where only one step is asked for, its marker alone."""
    index = (at / STEPS).round().long()
    curves = {key: line[index] for key, line in lines.items()}
    draw_curves(panels, film, panel, at, "step of the generator", curves, labels, upright="distance", span=(0, 1.6))
    second_legend(panels, panel, _NARROW, panel + 1)
