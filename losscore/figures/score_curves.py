"""Losses of a game over the score of one made or one true sample, their gradients, and a marker at the moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.duel import duel, scores
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels

REACH = 6.0  # how far the scores go
_TITLES = {
    "fake": "score of the made sample   (taken for true →)",
    "real": "score of the true sample   (taken for true →)",
}


def score_curves(
    keys: Sequence[str], real: float | Tensor, fake: float | Tensor, labels: Mapping[str, str],
    params: Mapping[str, Mapping[str, Any]],
) -> Film:  # fmt: skip
    """Curves of the losses in `keys` and of their gradients by the score that is swept; real or fake may be (S,).

    Slots: duel.d_fake and duel.d_real (sigmoids), and behind "<key>.": loss, negative, fake, real (the gradients), its
    parameters, and r and f (the scores as it takes them).
    Raises KeyError for an unknown loss, and as the losses do.
    """
    swept = "real" if isinstance(real, Tensor) else "fake"
    at = torch.as_tensor(real if swept == "real" else fake, dtype=torch.float64).reshape(-1)
    grid = torch.linspace(-REACH, REACH, 241, dtype=torch.float64)
    panels = Panels(["Loss", f"Gradient by the {'true' if swept == 'real' else 'made'} sample's score"], height=410)
    film = Film(panels.figure, len(at), "Losses of a game over one score, and their gradients.", panels.narrow)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    for panel in range(2):
        thin = {"color": theme.NEUTRAL, "width": 1}
        upright = go.Scatter(x=[0, 0], y=[-99, 99], mode="lines", line=thin, hoverinfo="skip", showlegend=False)
        film.move(panels.add(upright, panel), x=torch.stack([at, at], -1))
    for key in keys:
        given = params.get(key, {})
        inside = scores(key, grid) == grid
        curve = duel(key, grid, fake, given) if swept == "real" else duel(key, real, grid, given)
        here = duel(key, real, fake, given)
        seen = scores(key, at)
        for panel, part in enumerate((0, 1 if swept == "real" else 2)):
            line = curve[part].where(inside, torch.nan)
            marked_curve(panels, film, panel, key, labels[key], (grid, line), (seen, here[part]))
        for name, value in (("loss", here[0]), ("negative", -here[0]), ("real", here[1]), ("fake", here[2])):
            film.say(f"{key}.{name}", value)
        for name, score in (("r", real), ("f", fake)):
            film.say(
                f"{key}.{name}", scores(key, torch.as_tensor(score, dtype=torch.float64).reshape(-1)), text=bracketed
            )
        for name, number in (losscore.get(key).defaults | dict(given)).items():
            film.say(f"{key}.{name}", number)
        asked = {
            name: scores(key, torch.as_tensor(score, dtype=torch.float64).reshape(-1, 1))
            for name, score in (("real", real), ("fake", fake))
        }
        film.given_by(f"{key}.loss", losscore.get(key), asked, given)
    film.say("duel.d_fake", torch.as_tensor(fake, dtype=torch.float64).reshape(-1).sigmoid())
    film.say("duel.d_real", torch.as_tensor(real, dtype=torch.float64).reshape(-1).sigmoid())
    across = {"title": {"text": _TITLES[swept]}, "range": [-1.05 * REACH, 1.05 * REACH]}
    panels.axes(0, across, {"title": {"text": "loss"}, "range": [-6.5, 10.5]})
    panels.axes(1, across, {"title": {"text": "gradient d loss / d score"}, "range": [-2.6, 2.6]})
    if keys:
        first = (film.slots[f"{keys[0]}.{name}"].tolist() for name in ("loss", swept))
        told = zip(at.tolist(), *first, strict=True)
        said = f"{labels[keys[0]]} {{}}, gradient {{}}"
        film.speak([f"Score {v:g}: {said.format(short(cost), short(slope))}" for v, cost, slope in told])
    else:
        film.speak([f"Score {v:g}: no loss is chosen" for v in at.tolist()])
    return film
