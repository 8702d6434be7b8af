"""The scale of cross-entropy with C classes: where a clueless answer lies, and how low a sure one can get."""

import math

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.class_counts import COUNTS, WAYS, scale
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

Number = float | Tensor
# way -> (the loss it looks like, its name)
NAMES = {
    "plain": ("cross_entropy", "Cross-entropy"),
    "twice": ("softmax_twice", "Softmax before it"),
    "smoothed": ("label_smoothing_ce", "Label smoothing"),
}
LEADS = (-4.0, 16.0)


def class_scale(classes: Number, lead: Number, smoothing: Number) -> Film:
    """Costs against the true class's lead at `classes`, and the lowest cost of each way against their number.

    One of the three may be a tensor of steps (S,). Slots: scale.chance, scale.p, scale.<way>, scale.<way>.lowest,
    scale.kl.batchmean and scale.kl.mean.
    """
    counts, leads, epsilon = (torch.as_tensor(v, dtype=torch.float32).reshape(-1) for v in (classes, lead, smoothing))
    grid = torch.linspace(*LEADS, 161)
    places = torch.cat([grid, leads])
    # Each number of classes makes tensors of another shape, so they can't be one batch.
    wanted = [int(count) for count in counts.tolist()]
    scales = {count: scale(count, places, epsilon) for count in {*wanted, *COUNTS}}
    steps = max(len(counts), len(leads), len(epsilon))
    panels = Panels(["Cost of an answer", "Lowest cost there is"], height=410)
    alt = "Cost against the true class's lead, and the lowest cost against the number of classes, for three ways."
    film = Film(panels.figure, steps, alt, panels.narrow)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    across = torch.tensor(COUNTS, dtype=torch.float32)
    for way in WAYS:
        key, name = NAMES[way]
        costs = torch.cat([scales[count].costs[way].reshape(-1, len(places)) for count in wanted])
        curve, now = costs.split([len(grid), len(leads)], -1)
        marked_curve(panels, film, 0, key, name, (grid, curve), (leads, now.reshape(-1)))
        lowest = torch.stack([scales[count].lowest[way] for count in COUNTS], -1)
        here = torch.cat([scales[count].lowest[way] for count in wanted])
        marked_curve(panels, film, 1, key, name, (across, lowest), (counts, here))
        film.say(f"scale.{way}", now.reshape(-1))
        film.say(f"scale.{way}.lowest", here)
        _write(film, way, classes, lead, smoothing)
    chance = torch.cat([scale(count, torch.zeros(1), 0.0).costs["plain"] for count in wanted])
    _clueless(panels, film, counts, chance)
    _write_divergence(film, classes)
    _say(film, counts, leads, chance, torch.stack([scales[count].divergence for count in wanted]))
    panels.axes(
        0, {"title": {"text": "lead of the true class's logit"}, "range": list(LEADS)},
        {"title": {"text": "loss"}, "range": [-0.2, 8]},
    )  # fmt: skip
    panels.axes(
        1, {"title": {"text": "classes"}, "type": "log", "range": [0.2, 3.1], "tickvals": [2, 10, 100, 1000]},
        {"title": {"text": "loss"}, "range": [-0.2, 8]},
    )  # fmt: skip
    return film


def _write(film: Film, way: str, classes: Number, lead: Number, smoothing: Number) -> None:
    """The lines that give one way's cost."""

    def lines(step: int) -> str:
        given = "logits.softmax(-1)" if way == "twice" else "logits"
        option = f", label_smoothing={pick(smoothing, step)}" if way == "smoothed" else ""
        return (
            f"logits = torch.zeros(1, {pick(classes, step):.0f})\n"
            f"logits[0, 0] = {pick(lead, step)}  # the true class leads by this\n"
            f"print(F.cross_entropy({given}, torch.tensor([0]){option}))"
        )

    film.written(f"scale.{way}", "label_smoothing_ce" if way == "smoothed" else "cross_entropy", lines)


def _write_divergence(film: Film, classes: Number) -> None:
    """The lines that give KL as one meant it, and as torch divides it if nothing is said."""
    for reduction in ("batchmean", "mean"):

        def lines(step: int, reduction: str = reduction) -> str:
            count = round(pick(classes, step))
            return (
                f"truth = torch.full((1, {count}), 0.1 / {count - 1})\n"
                "truth[0, 0] = 0.9\n"
                f"guess = torch.full((1, {count}), 1 / {count})\n"
                f'print(F.kl_div(guess.log(), truth, reduction="{reduction}"))'
            )

        film.written(f"scale.kl.{reduction}", "kl_divergence", lines)


def _clueless(panels: Panels, film: Film, counts: Tensor, chance: Tensor) -> None:
    """A dotted line at the cost of a clueless answer on the left, and that cost against the classes on the right."""
    line = {"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"}
    at = panels.add(go.Scatter(x=list(LEADS), y=[0, 0], mode="lines", line=line, showlegend=False, hoverinfo="skip"))
    film.move(at, x=torch.tensor(LEADS), y=chance[:, None].expand(-1, 2))
    panels.add(
        go.Scatter(x=COUNTS, y=[math.log(c) for c in COUNTS], mode="lines", line=line, name="Clueless: ln C"), 1
    )  # fmt: skip
    marker = {"size": 11, "symbol": "circle-open", "color": theme.NEUTRAL, "line": {"width": 2}}
    dot = panels.add(go.Scatter(x=[2], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"), 1)
    film.move(dot, x=counts[:, None], y=chance[:, None])


def _say(film: Film, counts: Tensor, leads: Tensor, chance: Tensor, divergence: Tensor) -> None:
    film.say("scale.chance", chance)
    film.say("scale.p", leads.exp() / (leads.exp() + counts - 1), lambda p: f"{p:.4f}")
    film.say("scale.kl.batchmean", divergence, lambda v: f"{v:.4f}")
    film.say("scale.kl.mean", divergence / counts, lambda v: f"{v:.4f}")
    names = ("scale.plain", "scale.twice", "scale.smoothed", "scale.chance")
    told = zip(counts.expand(film.steps).tolist(), *(film.slots[name].tolist() for name in names), strict=True)
    film.speak([
        f"{count:g} classes: cross-entropy {short(a)}, with a softmax before it {short(b)}, smoothed {short(c)}; "
        f"clueless {short(d)}"
        for count, a, b, c, d in told
    ])  # fmt: skip
