"""Two classes of points, the boundary that each loss draws between them, and how far its probabilities hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.boundaries import SAYS_NOTHING, class_weights, said, scores, train
from losscore.explore.judging import accuracy_and_f1, reliability, roc
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.scenes.digits import TwoClasses, two_classes

_X, _Y = (-4.6, 4.6), (-2.4, 2.4)
_AWAY = -1e3  # where markers lie that are not there
_BINS = 5
_FAR = 30.0  # how far beyond the axes boundaries are drawn


def class_boundary(
    data: str, labels: Mapping[str, str], params: Mapping[str, Mapping[str, Any]], share: float | Tensor,
    flipped: float | Tensor, strays: float | Tensor, at: float | Tensor, judged: str,
) -> Film:  # fmt: skip
    """Linear classifiers trained to the end under each loss, one tensor of steps at most among all the numbers.

    data, share, flipped, strays, at: as `two_classes` takes them. labels: the losses by key, params: theirs.
    judged: "reliability" or "roc", what the second panel shows of the held-out points.
    Slots: <key>.accuracy, <key>.f1, <key>.auc, <key>.weight, of a yes against a no, <key>.calibration and <key>.blind,
    the best probability to say of what is not seen (both NaN for a loss whose scores are no probabilities).
    Raises as `two_classes` and `train` do.
    """
    scene = two_classes(data, share, flipped, strays, at)
    lines = {key: train(key, scene, **params.get(key, {})) for key in labels}
    second = "Do the probabilities hold?" if judged == "reliability" else "ROC on held-out pictures"
    panels = Panels([scene.title, second], weights=[1.5, 1.0], height=430, narrow_height=310)
    alt = (
        f"{scene.title} as points on their first two principal components, the boundary each loss draws between them,"
        f" and {'how often yes is right where a probability is said' if judged == 'reliability' else 'the ROC curves'}."
    )
    film = Film(panels.figure, max(len(scene.x), *(len(theta) for theta in lines.values())), alt, panels.narrow)
    _points(panels, film, scene)
    for key, theta in lines.items():
        x, y = _across(theta)
        line = {"color": theme.colour(key), "dash": theme.dash(key), "width": 3}
        trace = go.Scatter(x=[0], y=[0], mode="lines", line=line, name=labels[key], showlegend=False, hoverinfo="skip")
        film.move(panels.add(trace), x=x, y=y)
    panels.axes(
        0,
        {"title": {"text": "first principal component (SD)"}, "range": list(_X), "zeroline": False},
        {"title": {"text": "second (SD)"}, "range": list(_Y), "zeroline": False},
    )
    _judge(panels, film, scene, lines, labels, judged)
    nothing = replace(scene, x=torch.zeros_like(scene.x))
    for key in labels:
        level = None if key in SAYS_NOTHING else said(key, train(key, nothing, **params.get(key, {}))[:, 2])
        film.say(f"{key}.blind", torch.nan if level is None else level)
        weights = class_weights(key, scene, params.get(key, {}).get("beta", 0.0))
        film.say(f"{key}.weight", weights[:, 1] / weights[:, 0])
    film.speak(_sentences(film, labels))
    return film


def _points(panels: Panels, film: Film, scene: TwoClasses) -> None:
    """Both classes as they are labelled, rings round wrong labels, and the strays."""
    own, there = ~scene.stray, scene.weight > 0
    base = scene.x[0, own]
    no, yes = scene.names
    clear, thin = "rgba(0,0,0,0)", {"width": 1.5}
    looks: list[tuple[str, Tensor, dict[str, Any]]] = [
        (no, scene.label[:, own] == 0, {"symbol": "circle-open", "color": theme.NEUTRAL, "size": 6, "line": thin}),
        (yes, scene.label[:, own] == 1, {"symbol": "diamond", "color": theme.FALSE_NEGATIVE, "size": 7}),
        (
            "wrong label", scene.flipped[:, own],
            {"symbol": "circle", "color": clear, "size": 13, "line": {"color": theme.NEUTRAL, "width": 2}},
        ),
    ]  # fmt: skip
    style: dict[str, Any] = {"mode": "markers", "hoverinfo": "skip"}
    for name, of, marker in looks:
        trace = panels.add(go.Scatter(x=[0], y=[0], marker=marker, name=name, **style))
        film.move(trace, x=base[None, :, 0], y=base[:, 1].where(of & there[:, own], _AWAY))
    far = {"symbol": "diamond", "color": theme.FALSE_NEGATIVE, "size": 10, "line": {"color": "#ffffff", "width": 1}}
    trace = panels.add(go.Scatter(x=[0], y=[0], marker=far, name=f"far {yes}", **style))
    film.move(trace, **{
        name: scene.x[:, scene.stray, axis].where(there[:, scene.stray], _AWAY) for axis, name in enumerate("xy")
    })  # fmt: skip


def _across(theta: Tensor) -> tuple[Tensor, Tensor]:
    """Two points of each line where the score is 0, far outside the axes on either side."""
    slopes, constant = theta[:, :2], theta[:, 2:]
    size = slopes.norm(dim=-1, keepdim=True).clamp(min=1e-6)
    foot = (-constant * slopes / size.square()).clamp(-_FAR, _FAR)
    along = torch.stack([-slopes[:, 1], slopes[:, 0]], -1) / size * _FAR
    ends = torch.stack([foot - along, foot + along], 1)
    return ends[..., 0], ends[..., 1]


def _judge(
    panels: Panels, film: Film, scene: TwoClasses, lines: Mapping[str, Tensor], labels: Mapping[str, str], judged: str
) -> None:
    """The second panel, and the numbers of the held-out points."""
    grey = {"color": theme.NEUTRAL, "width": 1, "dash": "dot"}
    straight = {"mode": "lines", "line": grey, "showlegend": False, "hoverinfo": "skip"}
    panels.add(go.Scatter(x=[0, 1], y=[0, 1], **straight), 1)
    label, weight = scene.held_label, scene.held_weight
    for key, theta in lines.items():
        score = scores(theta, scene.held_x)
        accuracy, f1 = accuracy_and_f1(score, label, weight)
        curve = roc(score, label)
        probability = said(key, score)
        gap = torch.tensor(torch.nan)
        if judged == "roc":
            here = [((score > 0).double() * (label == of)).sum(-1) / (label == of).sum() for of in (0, 1)]
            _curve(panels, film, key, labels[key], (curve.false, curve.true), (here[0][:, None], here[1][:, None]))
        if probability is not None:
            bins = reliability(probability, label, weight, _BINS)
            gap = bins.error
            if judged == "reliability":
                dots = bins.said.nan_to_num(nan=_AWAY), bins.seen.nan_to_num(nan=_AWAY)
                _curve(panels, film, key, labels[key], (bins.said, bins.seen), dots)
        for name, value in (("accuracy", accuracy), ("f1", f1), ("auc", curve.area), ("calibration", gap)):
            film.say(f"{key}.{name}", value)
    no, yes = scene.names
    titles = {
        "reliability": (f"said probability of {yes}", f"share that is {yes}"),
        "roc": (f"share of {no} taken for {yes}", f"share of {yes} found"),
    }[judged]
    across, up = ({"title": {"text": title}, "range": [-0.03, 1.03]} for title in titles)
    panels.axes(1, across, up)


def _curve(
    panels: Panels, film: Film, key: str, name: str, line: tuple[Tensor, Tensor], dots: tuple[Tensor, Tensor]
) -> None:
    """A loss's curve on the second panel, and its markers."""
    ink = {"color": theme.colour(key)}
    common: dict[str, Any] = {"name": name, "showlegend": False, "hoverinfo": "skip"}
    style = {"dash": theme.dash(key), "width": 2} | ink
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=style, **common), 1)
    film.move(trace, x=line[0], y=line[1])
    marker = {"symbol": theme.marker(key), "size": 9, "line": {"color": "#ffffff", "width": 1}} | ink
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, **common), 1)
    film.move(trace, x=dots[0], y=dots[1])


def _sentences(film: Film, labels: Mapping[str, str]) -> list[str]:
    each: Sequence[tuple[float, ...]] = list(
        zip(*(film.slots[f"{key}.accuracy"].tolist() for key in labels), strict=True)
    )
    return [
        "Accuracy: " + ", ".join(f"{name} {short(value)}" for name, value in zip(labels.values(), step, strict=True))
        for step in each
    ]
