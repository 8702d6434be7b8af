"""Two bells on a line with the best critic between them, what divergences say, and the gradient that is left."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.shifted import density, distances, log_ratio, pull_home
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

FARTHEST = 6.0
_NIL = 1e-30  # stands for 0 on a logarithmic axis, far below it
DISTANCES = {"js_divergence": "Jensen-Shannon", "wasserstein1_samples": "Wasserstein-1"}


def two_bells(apart: float | Tensor, width: float, keys: Sequence[str], labels: Mapping[str, str]) -> Film:
    """The true bell at 0 and the made one at `apart`, a number or all steps of its slider (S,).

    keys: generator's losses of `shifted.BEST`. Slots: line.js, line.w1, line.middle (the critic where the made bell
    stands) and <key>.pull. Raises KeyError for an unknown loss.
    """
    at = torch.as_tensor(apart, dtype=torch.float64).reshape(-1)
    panels = Panels(
        ["Points; dotted: best critic D", "Distance", "Gradient left for the generator"], weights=[1.15, 0.8, 1.05],
        height=410, narrow_height=280,
    )  # fmt: skip
    alt = "Two bells on a line with the best critic; two distances and the generator's gradients over how far they are."
    film = Film(panels.figure, len(at), alt, panels.narrow)
    panels.figure.layout.showlegend = False  # named in the figure, and in the table's rows
    x = torch.linspace(-2.5, FARTHEST + 2.5, 181, dtype=torch.float64)
    tall = float(density(torch.zeros(1, dtype=torch.float64), torch.zeros(1), width))
    bells = (
        (torch.zeros(1, 1), "true", theme.TRUTH, "solid", "tozeroy"),
        (at[:, None], "made", theme.PREDICTION, "dash", None),
    )
    for centre, name, ink, dash, fill in bells:
        line = {"color": ink, "width": 3, "dash": dash}
        trace = panels.add(go.Scatter(x=x.numpy(), y=x.numpy(), mode="lines", line=line, name=name, fill=fill), 0)
        film.move(trace, y=density(x, centre, width) / tall)
        word = go.Scatter(x=[0], y=[1.07], mode="text", text=[name], textfont={"color": ink, "size": 14}, name=name)
        film.move(panels.add(word, 0), x=centre)
    critic = log_ratio(x, at[:, None], width).sigmoid()
    line = {"color": theme.NEUTRAL, "width": 2.5, "dash": "dot"}
    best = go.Scatter(x=x.numpy(), y=x.numpy(), mode="lines", line=line, name="best critic")
    film.move(panels.add(best, 0), y=critic)

    grid = torch.linspace(0, FARTHEST, 61, dtype=torch.float64)
    lines, heres = distances(grid, width), distances(at, width)
    for (key, name), curve, here in zip(DISTANCES.items(), lines, heres, strict=True):
        marked_curve(panels, film, 1, key, name, (grid, curve), (at, here))
        _write(panels, 1, key, name, FARTHEST, float(curve[-1]))
    for key in keys:
        curve, here = pull_home(key, grid, width), pull_home(key, at, width)
        drawn = curve.where(curve > 0, torch.nan)
        marked_curve(panels, film, 2, key, labels[key], (grid, drawn), (at, here.clamp(min=_NIL)))
        falls = float(curve[-1]) < float(curve[len(curve) // 3])
        place = len(curve) // 2 if falls else len(curve) - 1
        if float(curve[place]) > 0:
            where = "middle left" if falls else "bottom left" if key in ("wgan_g", "rsgan_g") else "top left"
            _write(panels, 2, key, labels[key], float(grid[place]), float(curve[place]), where)
        film.say(f"{key}.pull", here)
    film.say("line.js", heres[0])
    film.say("line.w1", heres[1])
    film.say("line.middle", log_ratio(at, at, width).sigmoid())
    panels.axes(
        0, {"title": {"text": "place on the line"}, "range": [-2.5, FARTHEST + 2.5]},
        {"title": {"text": "density, share of its highest; D"}, "range": [-0.02, 1.16]},
    )  # fmt: skip
    across = {"title": {"text": "distance of the two"}, "range": [-0.2, FARTHEST + 0.2]}
    panels.axes(1, across, {"title": {"text": "distance"}, "range": [-0.2, FARTHEST + 0.7]})
    panels.axes(
        2, across,
        {"title": {"text": "gradient"}, "type": "log", "range": [-6, 2], "exponentformat": "power", "dtick": 1},
    )  # fmt: skip
    said = zip(at.tolist(), heres[0].tolist(), heres[1].tolist(), strict=True)
    film.speak([f"Distance {d:g}: Jensen-Shannon {short(js)}, Wasserstein {short(w)}" for d, js, w in said])
    return film


def _write(panels: Panels, panel: int, key: str, name: str, x: float, y: float, where: str = "top left") -> None:
    """The name of a curve beside it."""
    ink = {"color": theme.colour(key), "size": 12}
    word = go.Scatter(x=[x], y=[y], mode="text", text=[name], textfont=ink, textposition=where, name=name)
    panels.add(word, panel)
