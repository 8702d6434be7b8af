"""How the estimates of a centre scatter over many samples, and which loss scatters least under which noise."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.noise import Noise, spread
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

DRAWS = 1000
_BINS = 40
# The median's efficiency against the mean in large samples is 4 f(0)^2 times the variance of the noise of density f
# (van der Vaart 1998, chapter 5). Student's t of 3 degrees of freedom has f(0) = 2 / (pi sqrt(3)) and the variance 3.
MEDIAN = {
    "gaussian": 2 / math.pi,
    "laplace": 2.0,
    "student": 16 / math.pi**2,
    "contaminated": 4 * (0.9 + 0.1 * 10**2) * ((0.9 + 0.1 / 10) / math.sqrt(2 * math.pi)) ** 2,
}
_TOPS = {"gaussian": 1.4, "laplace": 3.0, "student": 3.4, "contaminated": 17.0}  # the first samples' ratios too


def noise_spread(
    noise: Noise, n: int, draws: float | Tensor, keys: Sequence[str], params: Mapping[str, Mapping[str, Any]],
    seed: int = 0,
) -> Film:  # fmt: skip
    """Histograms of the estimates of the first `draws` samples of n values, and their efficiency against the mean.

    draws, at most DRAWS, may be a tensor of steps. Slots: draws, theory, <key>.variance (times n) and <key>.efficiency.
    Raises KeyError for an unknown loss and ValueError for unknown noise.
    """
    losses = {key: (losscore.get(key), params.get(key, {})) for key in dict.fromkeys(["mse", *keys])}
    estimates = {key: value.double() for key, value in spread(losses, noise, n, DRAWS, seed).estimate.items()}
    seen = torch.as_tensor(draws).round().long().clamp(2, DRAWS).reshape(-1)
    variances = {key: _running_variance(estimates[key]) for key in estimates}

    panels = Panels(["Estimates so far", "Efficiency against the mean"], height=430)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    alt = f"Estimates of a centre under {noise} noise: their histograms, and the efficiency of each loss."
    film = Film(panels.figure, len(seen), alt, panels.narrow)
    reach = 3.5 * max(float(value.std()) for key, value in estimates.items() if key in keys)
    edges = torch.linspace(-reach, reach, _BINS + 1, dtype=torch.float64)
    count, top = torch.arange(1, DRAWS + 1), 0.0
    theory = {"color": theme.NEUTRAL, "width": 2, "dash": "dash"}
    panels.add(
        go.Scatter(
            x=[0, DRAWS], y=[MEDIAN[noise]] * 2, mode="lines", line=theory, hoverinfo="skip",
            name=f"MAE in theory, large n: {MEDIAN[noise]:.3f}",
        ),
        1,
    )  # fmt: skip
    for key in keys:
        title = label(key)
        line = {"width": 2.5, "dash": theme.dash(key), "color": theme.colour(key)}
        piles = _histogram(estimates[key], edges)[seen - 1]
        top = max(top, float(_histogram(estimates[key], edges)[-1].max()))
        trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=title, hoverinfo="skip"))
        film.move(trace, x=edges.repeat_interleave(2)[1:-1], y=piles.repeat_interleave(2, dim=1))
        efficiency = variances["mse"] / variances[key]
        so_far = torch.minimum(count, seen[:, None])
        trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, showlegend=False, hoverinfo="skip"), 1)
        some = slice(9, None, 10)  # every tenth draw is enough for the eye
        film.move(trace, x=so_far[:, some], y=efficiency[so_far[:, some] - 1])
        film.say(f"{key}.variance", variances[key][seen - 1] * n)
        film.say(f"{key}.efficiency", efficiency[seen - 1])
    panels.axes(
        0, {"title": {"text": "estimate of the centre, 0 is right"}, "range": [-reach, reach]},
        {"title": {"text": "samples in a bin"}, "range": [0, 1.1 * top]},
    )  # fmt: skip
    panels.axes(
        1, {"title": {"text": "samples drawn"}, "range": [0, DRAWS]},
        {"title": {"text": "efficiency (the mean has 1)"}, "range": [0, _TOPS[noise]]},
    )  # fmt: skip
    film.say("draws", seen.float(), text=lambda v: f"{v:.0f}")
    film.say("theory", MEDIAN[noise])
    steps = zip(seen.tolist(), *(film.slots[f"{key}.efficiency"].tolist() for key in keys), strict=True)
    titles = [label(key) for key in keys]
    film.speak(
        [
            f"{number} samples. Efficiency: " + ", ".join(f"{t} {short(e)}" for t, e in zip(titles, each, strict=True))
            for number, *each in steps
        ]
    )
    return film


def _running_variance(estimate: Tensor) -> Tensor:
    """The variance of the first 1, 2, ..., D estimates, (D,); 0 / 0 for a single one."""
    count = torch.arange(1, len(estimate) + 1)
    mean = estimate.cumsum(0) / count
    return (estimate.square().cumsum(0) - count * mean.square()) / (count - 1)


def _histogram(estimate: Tensor, edges: Tensor) -> Tensor:
    """How many of the first 1, 2, ..., D estimates fall between the edges: (D, bins)."""
    place = torch.bucketize(estimate, edges) - 1
    return (place[:, None] == torch.arange(len(edges) - 1)).cumsum(0).float()
