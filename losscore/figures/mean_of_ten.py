"""Ten samples: their probabilities, their losses, and the means that are made of them."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.batch_means import SIZE, Means, batch_means
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

Number = float | Tensor
HESITANT = 0.51
# slot -> (name, colour, dash)
MEANS = {
    "mean": ("Plain mean", theme.TRUTH, "solid"),
    "by_weight": ("Weighted: by the weights", theme.AGREEMENT, "dash"),
    "by_rows": ("Weighted: by the samples", theme.FALSE_NEGATIVE, "dot"),
}
_AWAY = -1e4


def mean_of_ten(common: Number, rare: Number, weight: Number) -> Film:
    """Nine samples whose truth is given `common`, and a rare tenth of weight `weight` that is given `rare`.

    One of the three may be a tensor of steps (S,). Slots: ten.<mean or accuracy> and hesitant.<the same>: of ten
    samples at HESITANT.
    """
    now, hesitant = batch_means(common, rare, weight), batch_means(HESITANT, HESITANT, weight)
    panels = Panels(["Probability of each sample's truth", "Loss of each sample, and three means"], height=410)
    alt = "The probability of the truth of ten samples; the loss of each, and its mean taken in three ways."
    film = Film(panels.figure, len(now.mean), alt, panels.narrow)
    _samples(panels, film, now)
    for slot, (name, ink, dash) in MEANS.items():
        line = {"color": ink, "dash": dash, "width": 3}
        level = panels.add(go.Scatter(x=[0, 11], y=[1, 1], mode="lines", line=line, name=name), 1)
        film.move(level, x=torch.tensor([0.0, SIZE + 1]), y=getattr(now, slot)[:, None].expand(-1, 2))
    for name, means in (("ten", now), ("hesitant", hesitant)):
        for slot in MEANS:
            film.say(f"{name}.{slot}", getattr(means, slot))
        film.say(f"{name}.accuracy", means.accuracy, lambda share: f"{100 * share:.0f} %")
    _write(film, common, rare, weight)
    number = {"title": {"text": "sample; the tenth is of the rare class"}, "range": [0.2, 10.8], "dtick": 1}
    panels.axes(0, number, {"title": {"text": "probability"}, "range": [-0.04, 1.04]})
    panels.axes(
        1, number,
        {"title": {"text": "loss"}, "type": "log", "range": [-2.2, 2.0], "tickvals": [0.01, 0.1, 1, 10, 100]},
    )  # fmt: skip
    told = zip(film.slots["ten.mean"].tolist(), film.slots["ten.accuracy"].tolist(), strict=True)
    film.speak([f"Mean loss {short(cost)}, accuracy {100 * right:.0f} %" for cost, right in told])
    return film


def _write(film: Film, common: Number, rare: Number, weight: Number) -> None:
    """The lines that give each mean of the ten."""
    means = {
        "mean": "cost.mean()", "by_weight": "(weight * cost).sum() / weight.sum()", "by_rows": "(weight * cost).mean()",
    }  # fmt: skip
    for slot, mean in means.items():

        def lines(step: int, mean: str = mean) -> str:
            rows = [
                f"pred = torch.tensor([{pick(common, step)}] * {SIZE - 1} + [{pick(rare, step)}])  # of the truth\n",
                f"weight = torch.tensor([1.0] * {SIZE - 1} + [{pick(weight, step)}])\n" if "weight" in mean else "",
                'cost = F.binary_cross_entropy(pred, torch.ones_like(pred), reduction="none")\n',
                f"print({mean})",
            ]
            return "".join(rows)

        film.written(f"ten.{slot}", "bce_probs", lines)


def _samples(panels: Panels, film: Film, now: Means) -> None:
    """Each sample as a marker in both panels, a circle where it is right and a cross where it is wrong."""
    place = torch.arange(1.0, SIZE + 1)
    half = {"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"}
    panels.add(go.Scatter(x=[0, 11], y=[0.5, 0.5], mode="lines", line=half, showlegend=False, hoverinfo="skip"))
    right = now.probability > 0.5
    for name, shown, symbol, ink in (
        ("right", right, "circle", theme.TRUE_POSITIVE), ("wrong", ~right, "x", theme.FALSE_POSITIVE),
    ):  # fmt: skip
        for panel, values in enumerate((now.probability, now.cost)):
            marker = {"size": 12, "symbol": symbol, "color": ink}
            at = torch.arange(SIZE).tolist()
            dots = panels.add(
                go.Scatter(x=at, y=at, mode="markers", marker=marker, name=name, showlegend=panel == 0), panel
            )
            film.move(dots, x=place.where(shown, _AWAY), y=values)
