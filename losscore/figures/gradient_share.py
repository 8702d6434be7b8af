"""Many easy samples, a few hard ones: the pull of one sample, and who owns the sum."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.crowds import HARD, crowds, easy_logit, singly
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

Number = float | Tensor
# slot -> (the loss, its name); the weighted one weighs the hard samples
ROWS = {
    "ce": ("bce_with_logits", "CE"),
    "weighted": ("bce_with_logits", "Weighted CE"),
    "focal": ("focal_binary", "Focal"),
    "asymmetric": ("asymmetric_loss", "Asymmetric"),
}
_MODULATED = ("focal", "asymmetric")  # one of these is drawn
DIVIDED = (0.1, 0.9, 0.968)  # probabilities of the truth at which that one is held against cross-entropy
_HARD_ONES = 100
_HEIGHTS = (6.2, 5.2, 3.9, 2.9, 1.6, 0.6)  # of the bars, two for each row
_EASY, _HARD = theme.NEUTRAL, theme.FALSE_NEGATIVE


def rows(modulated: str) -> dict[str, tuple[str, str]]:
    """Those of ROWS that are drawn where `modulated`, a loss by its key, is the one that silences the easy samples."""
    return {row: told for row, told in ROWS.items() if row not in _MODULATED or told[0] == modulated}


def gradient_share(modulated: str, params: Mapping[str, Any], weight: Number, easy: Number, easy_cost: Number) -> Film:
    """`easy` samples of cross-entropy `easy_cost` against a hundred hard ones, under three losses.

    modulated: the loss that silences the easy ones, and its parameters; weight that of a hard sample under weighted
    cross-entropy. One number may be a tensor of steps (S,). Slots: owner.<row>.<loss or pull>, how many times as much
    the easy samples have together; owner.<row>.<loss or pull>.hard, the share of the hard ones; owner.divided.<p>.
    """
    params = {
        name: v if v is None else torch.as_tensor(v, dtype=torch.float32).reshape(-1) for name, v in params.items()
    }
    drawn = rows(modulated)
    third = list(drawn)[-1]
    given: dict[str, Mapping[str, Any]] = {"ce": {}, "weighted": {"pos_weight": weight}, third: params}
    sums = {
        row: crowds(losscore.get(key), easy_cost, easy, float(_HARD_ONES), **given[row])
        for row, (key, _) in drawn.items()
    }
    numbers = [value for value in params.values() if value is not None]
    count = max(torch.as_tensor(value).numel() for value in (*numbers, weight, easy, easy_cost))
    panels = Panels(["Pull of one sample; diamond: a hard one", "Who owns the sum"], weights=[0.85, 1.15], height=410)
    alt = "The gradient of one sample by the probability of its truth; shares of easy and hard samples in all."
    film = Film(panels.figure, count, alt, panels.narrow)
    panels.figure.layout.xaxis.domain = [0, 0.35]  # the names of the bars stand between the panels
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines, the axis says whose part is where
    for row in ("ce", third):
        _one_sample(panels, film, row, easy_cost, given[row])
    panels.axes(
        0, {"title": {"text": "probability of the truth"}, "range": [-0.02, 1.02]},
        {"title": {"text": "| d loss / d z |"}, "range": [-0.03, 1.3]},
    )  # fmt: skip
    _shares(panels, film, sums)
    for row, parts in sums.items():
        for name, part in zip(("loss", "pull"), parts, strict=True):
            film.say(f"owner.{row}.{name}", part[:, 0] / part[:, 1], _to_one)
            film.say(f"owner.{row}.{name}.hard", part[:, 1] / part.sum(-1), _percent)
        _write(film, row, easy, easy_cost, given[row])
    z = -torch.logit(torch.tensor(DIVIDED))[None]
    plain, less = (singly(losscore.get(ROWS[row][0]), z, torch.tensor(0.0), **given[row])[0] for row in ("ce", third))
    ratios = plain / less.abs()  # a loss of minus 0 divides by infinity too
    for p, ratio in zip(DIVIDED, ratios.unbind(-1), strict=True):
        film.say(f"owner.divided.{p}", ratio)
    told = zip(*(film.slots[f"owner.{row}.pull.hard"].tolist() for row in drawn), strict=True)
    film.speak([
        f"The hard samples have {_percent(a)} of the pull of cross-entropy, {_percent(b)} weighted,"
        f" {_percent(c)} under {drawn[third][1].lower()}"
        for a, b, c in told
    ])  # fmt: skip
    return film


def _write(film: Film, row: str, easy: Number, easy_cost: Number, params: Mapping[str, Any]) -> None:
    """The lines that give how many times as much the easy samples have, in the loss and in the pull."""
    loss = losscore.get(ROWS[row][0])
    uses = [loss] if row in _MODULATED else []

    def lines(step: int, ratio: str) -> str:
        if row in _MODULATED:
            numbers = "".join(f", {name}={None if of is None else pick(of, step)}" for name, of in params.items())
            apart = "[:, None]" if row == "asymmetric" else ""  # one label a sample
            cost = f"{loss.key}(logits{apart}, truth{apart}{numbers})"
        else:
            of_hard = f", pos_weight=torch.tensor({pick(params['pos_weight'], step)})" if params else ""
            cost = f'F.binary_cross_entropy_with_logits(logits, truth, reduction="none"{of_hard})'
        return (
            f"count = torch.tensor([{pick(easy, step)}, {_HARD_ONES}])  # easy samples, each a no, and hard ones\n"
            f"easy = torch.tensor({pick(easy_cost, step)}).expm1().log()  # the logit of so much cross-entropy\n"
            f"hard = torch.logit(torch.tensor({HARD}))\n"
            "logits = torch.stack([easy, hard]).requires_grad_()\n"
            "truth = torch.tensor([0.0, 1.0])\n"
            f"total = count * {cost}\n"
            f"{ratio}"
        )

    by_loss = "print(total[0] / total[1])"
    by_pull = "(pull,) = torch.autograd.grad(total.sum(), logits)\nprint((pull[0] / pull[1]).abs())"
    film.written(f"owner.{row}.loss", loss.key, lambda step: lines(step, by_loss), *uses)
    film.written(f"owner.{row}.pull", loss.key, lambda step: lines(step, by_pull), *uses)


def _one_sample(panels: Panels, film: Film, row: str, easy_cost: Number, params: Mapping[str, Any]) -> None:
    """How hard a loss pulls a no, with a marker at an easy one; and a diamond at a hard yes.

    Where a yes is pulled otherwise, a thin line says how.
    """
    key, name = ROWS[row]
    loss, grid = losscore.get(key), torch.linspace(0.002, 0.998, 167)
    no, yes = torch.tensor(0.0), torch.tensor(1.0)
    pull_of_no, pull_of_yes = (
        singly(loss, sign * torch.logit(grid)[None], truth, **params)[1].abs() for sign, truth in ((-1, no), (1, yes))
    )
    easy = easy_logit(easy_cost)[:, None]
    here = singly(loss, easy, no, **params)[1].abs().reshape(-1)
    marked_curve(panels, film, 0, key, name, (grid, pull_of_no), (torch.sigmoid(-easy)[:, 0], here))
    if row == "asymmetric":
        thin = {"color": theme.colour(key), "width": 1.5}
        line = go.Scatter(x=[0], y=[0], mode="lines", line=thin, name=f"{name}, a yes", hoverinfo="skip")
        film.move(panels.add(line), x=grid, y=pull_of_yes)
    there = singly(loss, torch.logit(torch.tensor([[HARD]])), yes, **params)[1].abs().reshape(-1)
    marker = {"size": 13, "symbol": "diamond-open", "color": _HARD, "line": {"width": 3}}
    dot = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip"))
    film.move(dot, x=torch.tensor([[HARD]]), y=there[:, None])


def _shares(panels: Panels, film: Film, sums: dict[str, tuple[Tensor, Tensor]]) -> None:
    """A bar for the loss and one for the pull of each row: the easy samples' part, then the hard ones'."""
    names = [f"{ROWS[row][1]}: {part}" for row in sums for part in ("loss", "pull")]
    for number, parts in enumerate(sums.values()):
        for height, part in zip(_HEIGHTS[2 * number :], parts, strict=False):
            share = 100 * part[:, 0] / part.sum(-1)
            ends = (torch.zeros_like(share), share), (share, torch.full_like(share, 100))
            for who, ink, (left, right) in zip(("easy", "hard"), (_EASY, _HARD), ends, strict=True):
                line = {"color": ink, "width": 17}
                bar = panels.add(
                    go.Scatter(
                        x=[0, 0], y=[height, height], mode="lines", line=line, name=f"{who} samples",
                        showlegend=height == _HEIGHTS[0], hoverinfo="skip",
                    ),
                    1,
                )  # fmt: skip
                film.move(bar, x=torch.stack([left, right], -1))
    panels.axes(
        1, {"title": {"text": "share of the easy (left) and the hard (right), %"}, "range": [-1, 101]},
        {"range": [0, 6.8], "tickvals": _HEIGHTS, "ticktext": names, "showgrid": False, "zeroline": False},
    )  # fmt: skip


def _to_one(ratio: float) -> str:
    return f"{short(ratio)} : 1"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
