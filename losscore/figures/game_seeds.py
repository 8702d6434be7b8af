"""Every loss from eight starts: a dot for each game, by its distance to the data or the pieces it has found."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore import train
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.train.game import SEEDS, STEPS


def game_seeds(runs: Mapping[str, train.Run], step: float | Tensor, labels: Mapping[str, str]) -> Film:
    """Runs of `game` by their losses' keys at `step`, a number or (S,).

    Slots, behind "<key>.": mean and spread (standard deviation) of the distance, pieces (mean), all (games that found
    all eight pieces).
    """
    at = torch.as_tensor(step, dtype=torch.float64).reshape(-1)
    epoch = (at / STEPS).round().long()
    panels = Panels(["Distance to the data", "Pieces found"], weights=[1.2, 0.8], height=430, narrow_height=330)
    film = Film(panels.figure, len(at), "A dot for each of eight games under every loss.", panels.narrow)
    panels.figure.layout.showlegend = False
    farthest = max(float(run.frames["distance"].max()) for run in runs.values())
    shift = torch.linspace(-0.28, 0.28, SEEDS)
    for row, (key, run) in enumerate(runs.items()):
        distance, pieces = run.frames["distance"][epoch], run.frames["pieces"][epoch].float()
        dots = {"size": 9, "symbol": theme.marker(key), "color": theme.colour(key), "opacity": 0.8}
        for panel, values in enumerate((distance, pieces)):
            trace = go.Scatter(
                x=[0], y=(row + shift).numpy(), mode="markers", marker=dots, name=labels[key], hoverinfo="skip"
            )
            film.move(panels.add(trace, panel), x=values)
        middle = distance.mean(-1, keepdim=True)
        bar = {"size": 24, "symbol": "line-ns", "line": {"width": 3, "color": theme.colour(key)}}
        mean = go.Scatter(x=[0], y=[row], mode="markers", marker=bar, name="mean", hoverinfo="skip")
        film.move(panels.add(mean, 0), x=middle)
        film.say(f"{key}.mean", middle[:, 0])
        film.say(f"{key}.spread", distance.std(-1))
        film.say(f"{key}.pieces", pieces.mean(-1), text=lambda v: f"{v:.2f}")
        film.say(f"{key}.all", (pieces == 8).sum(-1).float(), text=lambda v: f"{v:.0f} of {SEEDS}")
    names = {
        "tickvals": list(range(len(runs))), "ticktext": [labels[key] for key in runs], "range": [len(runs) - 0.4, -0.6],
        "title": {"text": ""}, "zeroline": False,
    }  # fmt: skip
    panels.axes(0, {"title": {"text": "sliced Wasserstein distance"}, "range": [0, 1.05 * farthest]}, names)
    panels.axes(1, {"title": {"text": "of eight"}, "range": [-0.4, 8.4]}, names | {"showticklabels": False})
    panels.narrow["yaxis2.showticklabels"] = True
    best = [min(runs, key=lambda key: film.slots[f"{key}.mean"][k]) for k in range(len(at))]
    said = zip(at.tolist(), best, strict=True)
    film.speak(
        [f"Step {k:.0f}: nearest {labels[b]}, {short(film.slots[f'{b}.mean'][i])}" for i, (k, b) in enumerate(said)]
    )
    return film
