"""A detector on a picture with several objects: its anchors and boxes, and who owns the loss it is trained with."""

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.detector import PARTS, POSITIVE, SUMS, detector_terms
from losscore.figures import theme
from losscore.figures.box_drawing import draw_box
from losscore.figures.film import Film, pick
from losscore.figures.mask_overlay import draw_photograph
from losscore.figures.panels import Panels
from losscore.scenes.anchors import AnchorScene, coin_anchors
from losscore.snippet import literal

STRIDE = 8
NAMES = {"plain": "CE + weight × MSE", "modern": "Focal + weight × GIoU"}
_COLOURS = {"background": theme.NEUTRAL, "object": theme.AGREEMENT, "box": theme.PREDICTION}
_WORDS = {"background": "background anchors", "object": "anchors on objects", "box": "boxes"}
# The loss of one anchor, and the mean of the boxes, as they are written.
_CALLS = {
    "plain": (
        "F.binary_cross_entropy_with_logits({}, torch.tensor({}))", "F.mse_loss(true + {shift}, true)",
    ),
    "modern": ("focal_binary({}, torch.tensor({}), gamma={gamma})", "giou(true + {shift}, true).mean()"),
}  # fmt: skip
_HEIGHT, _NARROW = 400, 280
Number = float | Tensor


def detector_sum(background: Number, found: Number, shift: Number, weight: Number, gamma: Number = 2.0) -> Film:
    """The coins with anchors and predicted boxes, and the shares of three parts in two sums.

    The arguments of `detector_terms`, and the weight of the boxes; at most one is a tensor (S,). Slots, behind
    "detector.": <plain, modern>.<background, object, box> (the box's part with its weight), .total and
    .<part>.share (percent); count, positives.
    """
    scene = coin_anchors(STRIDE)
    scale = torch.as_tensor(weight, dtype=torch.float64).reshape(-1)
    terms = detector_terms(scene, background, found, shift, gamma)
    steps = max(torch.as_tensor(v).numel() for v in (background, found, shift, weight, gamma))
    panels = Panels(["Anchors and boxes", "Who owns the loss"], height=_HEIGHT, narrow_height=_NARROW)
    alt = "Four coins with true and predicted boxes and the centres of anchors; two bars with the parts of a loss."
    film = Film(panels.figure, steps, alt, panels.narrow)
    draw_photograph(panels, 0, scene.picture)
    on = scene.overlap >= POSITIVE
    for mask, size, name in ((~on, 3, "background"), (on, 7, "object")):
        centres = (scene.anchors[mask, :2] + scene.anchors[mask, 2:]) / 2
        marker = {"size": size, "color": _COLOURS[name], "symbol": "diamond" if name == "object" else "circle"}
        x, y = centres.T.numpy()
        panels.add(go.Scatter(x=x, y=y, mode="markers", marker=marker, showlegend=False, hoverinfo="skip"))
    push = torch.as_tensor(shift, dtype=torch.float64).reshape(-1, 1)
    for index, truth in enumerate(scene.truth):
        legend = "legend" if index == 0 else None
        draw_box(panels, film, 0, truth, "true box", theme.TRUTH, casing=True, legend=legend)
        draw_box(
            panels, film, 0, truth + push, "predicted box", theme.PREDICTION, dash="dash", casing=True, legend=legend
        )
    for row, (name, parts) in enumerate(terms.items()):
        given = {part: value * scale if part == "box" else value for part, value in parts.items()}
        _bar(panels, film, 1 - row, name, torch.stack(torch.broadcast_tensors(*given.values()), -1))
    layout = panels.figure.layout
    layout.legend2 = {
        "orientation": "h", "xanchor": "left", "yanchor": "bottom", "y": layout.legend.y, "bgcolor": "rgba(0,0,0,0)",
        "x": layout.xaxis2.domain[0],
    }  # fmt: skip
    panels.narrow |= {"legend2.x": 0, "legend2.yanchor": "top", "legend2.y": -0.12, "height": 2 * _NARROW + 70}
    panels.axes(
        1, {"title": {"text": "share of the sum (%)"}, "range": [0, 100]},
        {"range": [-0.5, 1.6], "showticklabels": False, "showgrid": False, "zeroline": False},
    )  # fmt: skip
    panels.add(
        go.Scatter(
            x=[1, 1], y=[1.34, 0.34], text=list(NAMES.values()), mode="text", textposition="middle right",
            showlegend=False, hoverinfo="skip",
        ),
        1,
    )  # fmt: skip
    film.say("detector.count", float(len(on)), text=lambda n: f"{n:.0f}")
    film.say("detector.positives", float(on.sum()), text=lambda n: f"{n:.0f}")
    _write(film, scene, {"background": background, "found": found, "shift": shift, "weight": weight, "gamma": gamma})
    shares = zip(*(film.slots[f"detector.{name}.background.share"].tolist() for name in NAMES), strict=True)
    film.speak([f"Share of the background: {one:.0f} % of CE, {other:.0f} % of focal" for one, other in shares])
    return film


def _bar(panels: Panels, film: Film, height: int, name: str, parts: Tensor) -> None:
    """Three pieces (S, 3), one behind the other, as shares of their sum."""
    total = parts.sum(-1, keepdim=True)
    shares = 100 * parts / total
    ends = shares.cumsum(-1)
    for index, part in enumerate(PARTS):
        line = {"color": _COLOURS[part], "width": 38 - 7 * index}  # told by height too
        piece = go.Scatter(
            x=[0, 0], y=[height, height], mode="lines", line=line, name=_WORDS[part], legend="legend2",
            showlegend=height == 1, hoverinfo="skip",
        )  # fmt: skip
        begin = ends[:, index] - shares[:, index]
        film.move(panels.add(piece, 1), x=torch.stack([begin, ends[:, index]], -1))
        film.say(f"detector.{name}.{part}", parts[:, index])
        film.say(f"detector.{name}.{part}.share", shares[:, index], text=lambda value: f"{value:.0f}")
    film.say(f"detector.{name}.total", total)


def _write(film: Film, scene: AnchorScene, settings: dict[str, Number]) -> None:
    """The lines that give either sum."""
    on = scene.overlap >= POSITIVE
    owners = scene.owner[on].sort().values
    for name, (of_class, of_box) in SUMS.items():
        uses = [losscore.get(key) for key in (of_class, of_box)] if name == "modern" else []

        def lines(step: int, name: str = name) -> str:
            now = {key: pick(value, step) for key, value in settings.items()}
            each, boxes = _CALLS[name]
            return (
                f"on, off = {int(on.sum())}, {int((~on).sum())}  # anchors on the objects and off them\n"
                f"found, background = torch.logit(torch.tensor([{now['found']}, {now['background']}]))\n"
                f"missed = on * {each.format('found', 1.0, **now)}\n"
                f"alarms = off * {each.format('background', 0.0, **now)}\n"
                f"true = {literal(scene.truth)}\n"
                f"true = true[{literal(owners)}]  # of each anchor on an object\n"
                f"boxes = on * {boxes.format(**now)}\n"
                f"print((missed + alarms + {now['weight']} * boxes) / on)"
            )

        film.written(f"detector.{name}.total", of_class, lines, *uses)
