"""A critic whose only freedom is its slope: without the gradient penalty its loss has no floor."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

import losscore
from losscore.explore.duel import penalised
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept

STEEPEST = 6.0
_TITLES = {"slope": "slope of the critic", "apart": "distance", "lam": "weight λ of the penalty"}


def critic_slope(slope: Number, apart: Number, lam: Number, keys: Sequence[str], labels: Mapping[str, str]) -> Film:
    """The critic's WGAN loss, its penalty and their sum over its slope; one of the three numbers may be (S,).

    keys: those of wgan_critic and wgan_gp_penalty that are in the sum. Slots, behind "slope.": the keys,
    penalised_sum, best (the
    slope of the lowest sum, infinite where there is none) and says (how far apart the critic says the points are).
    """
    name, steps = swept({"slope": slope, "apart": apart, "lam": lam})
    at, distance, weight = (torch.as_tensor(v, dtype=torch.float64).reshape(-1, 1) for v in (slope, apart, lam))
    grid = torch.linspace(0, STEEPEST, 601, dtype=torch.float64)
    panels = Panels(["What the critic minimises, over its slope"], height=410)
    film = Film(panels.figure, len(steps), "The critic's loss, its gradient penalty and their sum.", panels.narrow)
    lines, heres = _parts(grid, distance, weight, keys), _parts(at, distance, weight, keys)
    thin = slice(None, None, 10)
    alone = len(keys) == 1  # then the sum is that term
    for key, line in lines.items():
        film.say(f"slope.{key}", heres[key][:, 0])
        if alone and key == "penalised_sum":
            continue
        marked_curve(panels, film, 0, key, labels[key], (grid[thin], line[:, thin]), (at[:, 0], heres[key][:, 0]))
    made = {"real": torch.zeros(1, 1, dtype=torch.float64), "fake": -at * distance}
    norms = {"grad_norms": at.abs()}
    for key, inputs, params in (("wgan_critic", made, {}), ("wgan_gp_penalty", norms, {"lam": weight})):
        if key in keys:
            film.given_by(f"slope.{key}", losscore.get(key), inputs, params)
    lowest = lines["penalised_sum"].argmin(-1)
    film.say("slope.best", grid[lowest].where(lowest < len(grid) - 1, torch.inf))
    film.say("slope.says", (at * distance)[:, 0])
    panels.axes(
        0, {"title": {"text": "slope of the critic"}, "range": [-0.1, STEEPEST + 0.1]},
        {"title": {"text": "loss"}, "range": [-21, 21]},
    )  # fmt: skip
    told = zip(steps.tolist(), film.slots["slope.penalised_sum"], strict=True)
    film.speak([f"{_TITLES[name]} {v:g}: sum {total:.3f}" for v, total in told])
    return film


def _parts(slope: Tensor, apart: Tensor, lam: Tensor, keys: Sequence[str]) -> dict[str, Tensor]:
    """The terms in `keys` and their sum, of one shape."""
    both = dict(zip(("wgan_critic", "wgan_gp_penalty"), penalised(slope, apart, lam), strict=True))
    parts = {key: both[key] for key in keys}
    return parts | {"penalised_sum": sum(parts.values(), torch.zeros_like(both["wgan_critic"]))}
