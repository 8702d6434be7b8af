"""A quiet and a busy square with the same error in people: what two losses say of either."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch

from losscore.explore.counts import LOSSES, missed
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept

SQUARES = ("quiet", "busy")
LEAST, MOST = -1.0, 30.0  # people too many
_STYLES = ((theme.AGREEMENT, "solid", "circle"), (theme.class_ink(3), "dash", "square"))


def two_counts(moved: Mapping[str, Number]) -> Film:
    """Squares under `moved`: error, quiet and busy, in people, at most one a tensor (S,).

    Slots: <square>.true, .pred, .chance (the usual scatter of a count), .<loss> and .<loss>.slope.
    """
    _, steps = swept(moved)
    error = torch.as_tensor(moved["error"]).double().reshape(-1)
    titles = ["True, predicted, and chance (±√n)", "MSE of this error", "Poisson of this error"]
    panels = Panels(titles, height=400, narrow_height=280)
    alt = "A quiet and a busy square, true and predicted; what the same error costs each under MSE and under Poisson."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    reach = torch.linspace(LEAST, MOST, 63, dtype=torch.float64)
    for place, (square, (ink, dash, marker)) in enumerate(zip(SQUARES, _STYLES, strict=True)):
        true = torch.as_tensor(moved[square]).double().reshape(-1)
        pred, chance = true + error, true.sqrt()
        _bars(panels, film, place, {"true": true, "pred": pred, "chance": chance})
        for name, value in (("true", true), ("pred", pred), ("chance", chance)):
            film.say(f"{square}.{name}", value)
        for panel, key in enumerate(LOSSES, start=1):
            curve, _ = missed(key, reach, true[:, None])
            cost, slope = missed(key, error, true)
            line = go.Scatter(x=[0], y=[0], mode="lines", line={"color": ink, "dash": dash, "width": 3}, name=square)
            film.move(panels.add(line.update(showlegend=panel == 1), panel), x=reach, y=curve)
            dot = {"color": ink, "symbol": marker, "size": 12 if place else 16, "line": {"color": "white", "width": 1}}
            here = go.Scatter(x=[0], y=[0], mode="markers", marker=dot, name=square, showlegend=False)
            film.move(panels.add(here, panel), x=error[:, None], y=cost[:, None])
            film.say(f"{square}.{key}", cost)
            film.say(f"{square}.{key}.slope", slope)
            _write(film, square, key, pred, true)
    panels.axes(
        0, {"tickvals": [0, 1], "ticktext": [f"{square} square" for square in SQUARES], "range": [-0.5, 1.5]},
        {"title": {"text": "people"}, "range": [-4, 136]},
    )  # fmt: skip
    across = {"title": {"text": "people too many"}, "range": [LEAST - 1, MOST + 1]}
    panels.axes(1, across, {"title": {"text": "loss above its lowest"}, "range": [-30, 950]})
    panels.axes(2, across, {"title": {"text": "loss above its lowest"}, "range": [-0.8, 25]})
    costs = [[film.slots[f"{square}.{key}"].tolist() for square in SQUARES] for key in LOSSES]
    film.speak([
        f"MSE quiet {short(a)}, busy {short(b)}; Poisson quiet {short(c)}, busy {short(d)}"
        for a, b, c, d in zip(*costs[0], *costs[1], strict=True)
    ])  # fmt: skip
    return film


def _bars(panels: Panels, film: Film, place: int, of: Mapping[str, torch.Tensor]) -> None:
    """Bars of a square from 0, and from true - chance to true + chance: lines, which follow a drag."""
    gap = torch.full_like(of["true"], torch.nan)
    nil = torch.zeros_like(gap)
    true, pred, chance = of["true"], of["pred"], of["chance"]
    kinds = {
        "true": (theme.TRUTH, 26, "solid", -0.17, [nil, true, gap]),
        "predicted": (theme.PREDICTION, 26, "solid", 0.17, [nil, pred, gap]),
        "chance": (theme.NEUTRAL, 4, "solid", -0.17, [true - chance, true + chance, gap]),
    }
    for name, (ink, width, dash, aside, ends) in kinds.items():
        y = torch.stack(torch.broadcast_tensors(*ends), -1)
        line = {"color": ink, "width": width, "dash": dash}
        trace = go.Scatter(x=[place + aside] * 3, y=[0] * 3, mode="lines", line=line, name=name, showlegend=place == 0)
        film.move(panels.add(trace, 0), y=y)


def _write(film: Film, square: str, key: str, pred: torch.Tensor, true: torch.Tensor) -> None:
    """The lines that give what an error costs above none."""
    call = {"mse": "F.mse_loss({}, true)", "poisson_nll": "F.poisson_nll_loss({}, true, log_input=False)"}[key]

    def lines(step: int) -> str:
        return (
            f"pred, true = torch.tensor([[{pick(pred, step)}], [{pick(true, step)}]], dtype=torch.float64)\n"
            f"print({call.format('pred')} - {call.format('true')})"
        )

    film.written(f"{square}.{key}", key, lines)
