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
NAMES = {
    "plain": "CE + weight × MSE", "modern": "Focal + weight × GIoU",
    "retinanet_sum": "RetinaNet: focal + L1",
}  # fmt: skip
_COLOURS = {"background": theme.NEUTRAL, "object": theme.AGREEMENT, "box": theme.PREDICTION}
_WORDS = {"background": "background anchors", "object": "anchors on objects", "box": "boxes"}
# The loss of one anchor, and the mean of the boxes, as they are written.
_CALLS = {
    "plain": (
        "F.binary_cross_entropy_with_logits({}, torch.tensor({}))", "F.mse_loss(true + {shift}, true)",
    ),
    "modern": ("focal_binary({}, torch.tensor({}), gamma={gamma})", "giou(true + {shift}, true).mean()"),
    "retinanet_sum": (
        "focal_binary({}, torch.tensor({}), gamma={gamma})", "({shift} / sides).sum(-1).mean()",
    ),
}  # fmt: skip
_HEIGHT, _NARROW = 400, 280
Number = float | Tensor


def detector_sum(
    background: Number, found: Number, shift: Number, weight: Number, gamma: Number = 2.0, below: str = "modern"
) -> Film:
    """The coins with anchors and predicted boxes, and the shares of three parts in two sums.

    The arguments of `detector_terms`, and the weight of the boxes; at most one is a tensor (S,). below: the sum under
    the plain one. Slots, behind "detector.": <plain or below>.<background, object, box> (the box's part with its
    weight), .total and .<part>.share (percent); count, positives.
    """
    scene = coin_anchors(STRIDE)
    scale = torch.as_tensor(weight, dtype=torch.float64).reshape(-1)
    every = detector_terms(scene, background, found, shift, gamma)
    terms = {name: every[name] for name in ("plain", below)}
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
            x=[1, 1], y=[1.34, 0.34], text=[NAMES[name] for name in terms], mode="text", textposition="middle right",
            showlegend=False, hoverinfo="skip",
        ),
        1,
    )  # fmt: skip
    film.say("detector.count", float(len(on)), text=lambda n: f"{n:.0f}")
    film.say("detector.positives", float(on.sum()), text=lambda n: f"{n:.0f}")
    settings = {"background": background, "found": found, "shift": shift, "weight": weight, "gamma": gamma}
    for name in terms:
        _write(film, scene, name, settings)
    shares = zip(*(film.slots[f"detector.{name}.background.share"].tolist() for name in terms), strict=True)
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


def _write(film: Film, scene: AnchorScene, name: str, settings: dict[str, Number]) -> None:
    """The lines that give one of the sums."""
    on = scene.overlap >= POSITIVE
    owners, sides = scene.owner[on].sort().values, (scene.anchors[:, 2:] - scene.anchors[:, :2])[on]
    of_class, of_box = SUMS[name]
    uses = {"plain": [], "modern": [of_class, of_box], "retinanet_sum": [of_class]}[name]
    boxes_of = {"retinanet_sum": f"sides = {literal(sides)}  # of each anchor on an object\n"}
    true = f"true = {literal(scene.truth)}\ntrue = true[{literal(owners)}]  # of each anchor on an object\n"

    def lines(step: int) -> str:
        now = {key: pick(value, step) for key, value in settings.items()}
        each, boxes = _CALLS[name]
        return (
            f"on, off = {int(on.sum())}, {int((~on).sum())}  # anchors on the objects and off them\n"
            f"found, background = torch.logit(torch.tensor([{now['found']}, {now['background']}]))\n"
            f"missed = on * {each.format('found', 1.0, **now)}\n"
            f"alarms = off * {each.format('background', 0.0, **now)}\n"
            f"{boxes_of.get(name, true)}"
            f"boxes = on * {boxes.format(**now)}\n"
            f"print((missed + alarms + {now['weight']} * boxes) / on)"
        )

    film.written(f"detector.{name}.total", of_class, lines, *map(losscore.get, uses))
