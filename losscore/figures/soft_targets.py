"""A detector's targets that are no 0 and no 1: a score of quality, an edge among bins, a heat map of centres."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.boxes import box_score
from losscore.explore.soft_targets import BINS, CENTRE, SIDE, bin_logits, bump, edge_terms, map_terms, rests
from losscore.figures import theme
from losscore.figures.box_drawing import draw_box
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.mask_overlay import draw_photograph
from losscore.figures.numbers import bracketed, short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, in_step, swept
from losscore.scenes.boxes import box_scene

# Losses of a score: what each is called, and whether it is told the IoU, or only that there is an object.
SCORES = {
    "quality_focal": ("Quality focal, label IoU", True),
    "bce_with_logits": ("Cross-entropy, label IoU", True),
    "focal_binary": ("Focal, label 1", False),
}
MAPS = {"gaussian_focal": "Gaussian focal", "beta_0": "The same with beta 0"}
_HEIGHT, _NARROW = 400, 290
_TRUE_WIDTH, _SAID_WIDTH = 3.0, 1.5  # px of the two bells


def a_score(moved: Mapping[str, Number]) -> Film:
    """What a score costs under SCORES, over all scores, and the box that it is about.

    moved: score, shift (px to the right), beta; at most one a tensor (S,). Slots, behind "soft.": iou, score, logit,
    beta; <key>.loss, .slope (by the logit) and .rests (the score at which it is lowest).
    """
    now, count = _settled(moved)
    shown = box_scene("coin")
    pred = shown.truth + now["shift"][:, None] * torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    iou, logit = box_score(pred, shown.truth), torch.logit(now["score"])
    panels = Panels(["Loss over the score", "Its box"], weights=[1.2, 0.8], height=_HEIGHT, narrow_height=_NARROW)
    alt = "Losses of a predicted box's score, over all scores; a coin with its true box and the predicted one."
    film = Film(panels.figure, count, alt, panels.narrow)
    grid = torch.linspace(0.005, 0.995, 199, dtype=torch.float64)
    _upright(panels, film, 0, iou, theme.TRUTH, "dot", "IoU of the box")
    given: dict[str, dict[str, Any]] = {
        "quality_focal": {"beta": now["beta"]}, "focal_binary": {"gamma": now["beta"], "alpha": None},
    }  # fmt: skip
    for key, (title, soft) in SCORES.items():
        label, loss, params = iou if soft else torch.ones_like(iou), losscore.get(key), given.get(key, {})
        many = {name: v[:, None] if isinstance(v, Tensor) else v for name, v in params.items()}
        curve = loss(
            torch.logit(grid).expand(count, -1), label[:, None].expand(-1, len(grid)), reduction="none", **many
        )
        cost = loss(logit, label, reduction="none", **params)
        marked_curve(panels, film, 0, key, title, (grid, curve), (now["score"], cost))
        slope = loss.gradient(logit, label, reduction="sum", **params)
        for told, number in (("loss", cost), ("slope", slope), ("rests", rests(key, label, params))):
            film.say(f"soft.{key}.{told}", number)
        film.given_by(f"soft.{key}.loss", loss, {"pred": logit, "target": label}, params)
    panels.axes(
        0, {"title": {"text": "score: the probability that is said"}, "range": [-0.02, 1.02]},
        {"title": {"text": "loss"}, "range": [-0.04, 1.5]},
    )  # fmt: skip
    draw_photograph(panels, 1, shown.picture)
    draw_box(panels, film, 1, shown.truth, "true box", theme.TRUTH, casing=True)
    draw_box(panels, film, 1, pred, "predicted box", theme.PREDICTION, dash="dash", casing=True)
    for told, number in (("iou", iou), ("score", now["score"]), ("logit", logit), ("beta", now["beta"])):
        film.say(f"soft.{told}", number, text=bracketed)
    _tell(film, "score", now["score"], "gradient of quality focal", "soft.quality_focal.slope")
    return film


def an_edge(moved: Mapping[str, Number]) -> Film:
    """A distribution over the places where an edge may lie, the two bins its loss wants, and the pull on every bin.

    moved: edge, place and spread, in bins; at most one a tensor (S,). Slots, behind "edge.": loss, least (the least
    there is), mean, off (of the mean from the edge); left and right (shares of the two bins that count) and
    left_weight, right_weight.
    """
    now, count = _settled(moved)
    logits, edge = bin_logits(now["place"], now["spread"]), now["edge"]
    terms = edge_terms(logits, edge)
    titles = ["Where the edge is said to be", "Pull on each bin's logit"]
    panels = Panels(titles, height=_HEIGHT, narrow_height=_NARROW)
    alt = (
        "Bars of the share that each of eight bins is given for an edge, rings for what the loss wants; pulls on them."
    )
    film = Film(panels.figure, count, alt, panels.narrow)
    bins = torch.arange(BINS, dtype=torch.float64)
    _stems(panels, film, 0, bins, terms["share"], theme.PREDICTION, 16, "predicted share")
    ring = {"symbol": "circle-open", "size": 13, "color": theme.TRUTH, "line": {"width": 3}}
    rings = panels.add(go.Scatter(x=[0] * BINS, y=[0] * BINS, mode="markers", marker=ring, name="wanted"), 0)
    film.move(rings, x=bins, y=terms["wanted"])
    _upright(panels, film, 0, edge, theme.TRUTH, "dot", "true edge")
    _upright(panels, film, 0, terms["mean"], theme.PREDICTION, "dash", "predicted edge: the mean")
    _stems(panels, film, 1, bins, terms["pull"], theme.colour("distribution_focal"), 12, "pull")
    across = {"title": {"text": "bin"}, "range": [-0.6, BINS - 0.4], "tickvals": bins.tolist()}
    panels.axes(0, across, {"title": {"text": "share"}, "range": [-0.04, 1.05]})
    panels.axes(1, across, {"title": {"text": "minus the gradient"}, "range": [-1.05, 1.05]})
    at = edge.floor().clamp(max=BINS - 2).long()
    for side, bin_ in (("left", at), ("right", at + 1)):
        for slot, of in ((side, terms["share"]), (f"{side}_weight", terms["wanted"])):
            film.say(f"edge.{slot}", of.gather(-1, bin_[:, None])[:, 0])
    for slot in ("loss", "least", "mean"):
        film.say(f"edge.{slot}", terms[slot])
    off = (terms["mean"] - edge).abs()
    film.say("edge.off", off.where(off > 1e-9, 0.0))
    loss = losscore.get("distribution_focal")
    film.given_by("edge.loss", loss, {"pred": logits, "target": edge}, {})
    _tell(film, "true edge", edge, "loss", "edge.loss")
    return film


def a_centre(moved: Mapping[str, Number]) -> Film:
    """The row through the centre of a heat map, true and predicted, and what each of its pixels costs under MAPS.

    moved: off (px to the right) and height of the predicted bell, alpha, beta; at most one a tensor (S,). Slots, behind
    "map.<key>.": loss, centre and others, which add up to it.
    """
    now, count = _settled(moved)
    target, pred = bump(torch.zeros(1), 1.0, _TRUE_WIDTH), bump(now["off"], now["height"], _SAID_WIDTH)
    panels = Panels(
        ["The row through the centre", "What each pixel of it costs"], height=_HEIGHT, narrow_height=_NARROW
    )
    alt = "A bell on a heat map and the predicted one, along the row through the centre; the cost of each pixel."
    film = Film(panels.figure, count, alt, panels.narrow)
    x = torch.arange(SIDE, dtype=torch.float64) - CENTRE
    for bell, name, ink, dash in (
        (target, "true heat map", theme.TRUTH, "solid"), (pred, "predicted", theme.PREDICTION, "dash"),
    ):  # fmt: skip
        line = {"color": ink, "width": 3, "dash": dash, "shape": "hvh"}
        film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=name)), x=x, y=bell[:, CENTRE])
    for key, title in MAPS.items():
        params = {"alpha": now["alpha"], "beta": now["beta"] if key == "gaussian_focal" else torch.zeros(1).double()}
        terms = map_terms(pred, target, params)
        line = {"color": theme.colour(key), "width": 3, "dash": theme.dash(key), "shape": "hvh"}
        film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name=title), 1), x=x, y=terms["row"])
        for told in ("loss", "centre", "others"):
            film.say(f"map.{key}.{told}", terms[told])
    film.made_with(losscore.get("gaussian_focal"), {name: now[name] for name in ("alpha", "beta")})
    across = {"title": {"text": "px from the centre"}, "range": [-CENTRE - 0.5, CENTRE + 0.5]}
    panels.axes(0, across, {"title": {"text": "probability of a centre"}, "range": [-0.04, 1.05]})
    panels.axes(1, across, {"title": {"text": "loss of the pixel"}, "range": [-0.08, 3]})
    _tell(film, "off by", now["off"], "Gaussian focal", "map.gaussian_focal.loss")
    return film


def _settled(moved: Mapping[str, Number]) -> tuple[dict[str, Tensor], int]:
    """Every number at each of S steps, and S."""
    count = len(swept(moved)[1])
    return in_step(moved, count), count


def _upright(panels: Panels, film: Film, panel: int, at: Tensor, ink: str, dash: str, name: str) -> None:
    line = {"color": ink, "width": 2, "dash": dash}
    trace = panels.add(go.Scatter(x=[0, 0], y=[-9, 9], mode="lines", line=line, name=name, hoverinfo="skip"), panel)
    film.move(trace, x=torch.stack([at, at], -1))


def _stems(panels: Panels, film: Film, panel: int, x: Tensor, height: Tensor, ink: str, width: int, name: str) -> None:
    """A thick stroke from 0 to each height (S, N)."""
    gap = torch.full_like(height, torch.nan)
    foot = x.expand_as(height)
    trace = go.Scatter(x=[0], y=[0], mode="lines", line={"color": ink, "width": width}, name=name, hoverinfo="skip")
    film.move(
        panels.add(trace, panel), x=torch.stack([foot, foot, gap], -1).flatten(1),
        y=torch.stack([0 * height, height, gap], -1).flatten(1),
    )  # fmt: skip


def _tell(film: Film, name: str, at: Tensor, what: str, slot: str) -> None:
    told = zip(at.tolist(), film.slots[slot].tolist(), strict=True)
    film.speak([f"{name.capitalize()} {x:.3g}: {what} {short(value)}" for x, value in told])
