"""A small batch of errors: the sum of its squares, half of it, the mean and the norm, and how hard each pulls."""

from collections.abc import Sequence

import torch
from torch import Tensor

from losscore.explore.reductions import OTHER, WAYS, reductions
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import Look, walked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, calm, in_step, swept, wider

# way -> (name, how it is written of pred and target)
NAMES = {
    "squares_sum": ("Sum of squares", 'F.mse_loss(pred, target, reduction="sum")'),
    "squares_half": ("Half the sum", '0.5 * F.mse_loss(pred, target, reduction="sum")'),
    "squares_mean": ("Mean: MSE", "F.mse_loss(pred, target)"),
    "squares_norm": ("Norm", "torch.linalg.vector_norm(pred - target)"),
}
_TITLES = {"count": "samples in the batch", "first": "first of each two errors"}
_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
_TOLD = ("value", "one", "all")


def batch_reductions(count: Number, first: Number, drawn: Sequence[str]) -> Film:
    """A batch of `count` errors that are `first` and 4 by turns; one of the two may be a tensor of steps (S,).

    drawn: those of NAMES that have a curve. Slots: n, and behind each of NAMES value, one (the gradient by the first
    prediction) and all (that by an offset which all predictions share).
    """
    name, steps = swept({"count": count, "first": first})
    now = in_step({"count": count, "first": first}, len(steps))
    told = _told(now)
    panels = Panels(["Value", "Pull on an offset that all share"], height=390, narrow_height=280)
    alt = "What four ways to put squares together come to, and how hard each pulls on all predictions at once."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    for panel, what in enumerate(("value", "all")):
        for way in drawn:
            look = Look(theme.colour(way), theme.dash(way), theme.marker(way))
            over = now[name], told[way, what]
            walked_curve(panels, film, panel, NAMES[way][0], look, over, showlegend=panel == 0)
    values, pulls = (torch.stack([told[way, what] for way in drawn]) for what in ("value", "all"))
    ends = torch.stack([values.min() / 1.3, values.max() * 1.3]).log10().tolist()
    across = {"title": {"text": _TITLES[name]}, "range": wider(float(steps.min()), float(steps.max()))}
    panels.axes(0, across, {"title": {"text": "value"}, "type": "log", "range": ends, "tickvals": _TICKS})
    low, high = calm([pulls.abs()])
    panels.axes(1, across, {"title": {"text": "gradient"}, "range": [min(low, 1.1 * float(pulls.min())), high]})
    for (way, what), values in told.items():
        film.say(f"{way}.{what}", values)
    film.say("n", now["count"], text=lambda number: f"{number:.0f}")
    for way, (_, call) in NAMES.items():

        def lines(step: int, call: str = call) -> str:
            errors = f"[{pick(first, step)}, {OTHER}]"
            batch = f"pred = torch.tensor({errors}).repeat({round(pick(count, step)) // 2})\n"
            return f"{batch}target = torch.zeros_like(pred)\nprint({call})"

        film.written(f"{way}.value", "mse", lines)
    spoken = zip(*(told[way, "value"].tolist() for way in ("squares_sum", "squares_mean")), strict=True)
    film.speak([f"Sum of squares {short(whole)}, mean {short(mean)}" for whole, mean in spoken])
    return film


def _told(now: dict[str, Tensor]) -> dict[tuple[str, str], Tensor]:
    """Every number, (S,), by its way and by what it is."""
    each = [reductions(one[None], round(count)) for one, count in zip(now["first"], now["count"].tolist(), strict=True)]
    return {(way, what): torch.cat([step[way][at] for step in each]) for way in WAYS for at, what in enumerate(_TOLD)}
