"""Loss and gradient over one logit whose truth is yes, with a marker at the logit of the moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.logits import logit_curve, pulled
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

NEAR, FAR = 12.0, 200.0  # how far the two sliders go
_DEEP = {"squared_hinge", "exponential", "modified_huber"}  # these pull harder than 1
_SIZES = (-6.0, 2.0)  # powers of ten on the logarithmic axis of the gradient
_END = 1e9  # far outside every axis: a browser draws no infinity
_NIL = 1e-12  # stands for 0 where the axis is logarithmic


def one_logit(
    keys: Sequence[str], z: float | Tensor, params: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str],
    *, far: bool = False, logarithmic: bool = False,
) -> Film:  # fmt: skip
    """Curves of the losses in `keys` and of their slopes by the logit, and a marker at `z`, in float32 as in training.

    z or one parameter may be a tensor of steps (S,). far: the axis goes to 200 instead of 12. logarithmic: the size of
    the gradient on a logarithmic axis. Slots: z, p (its sigmoid), <key>.loss, <key>.slope, <key>.low and <key>.high
    (the ends of where it pulls) and <key>.<parameter>. Raises KeyError for an unknown loss, and as the losses do.
    """
    at = torch.as_tensor(z, dtype=torch.float32).reshape(-1)
    steps = max(len(at), *(_count(params.get(key, {})) for key in keys))
    reach = 1.05 * (FAR if far else NEAR)
    grid = torch.linspace(-reach, reach, 253)
    panels = Panels(["Loss", "Size of the gradient" if logarithmic else "Gradient by the logit"], height=410)
    film = Film(panels.figure, steps, "Loss and gradient of the chosen losses over one logit.", panels.narrow)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    for panel in range(2):
        thin = {"color": theme.NEUTRAL, "width": 1}
        upright = {"y": [_NIL if logarithmic and panel else -1e4, 1e4], "mode": "lines", "line": thin}
        follow = panels.add(go.Scatter(x=[0, 0], hoverinfo="skip", showlegend=False, **upright), panel)
        film.move(follow, x=torch.stack([at, at], -1))
    for key in keys:
        loss, given = losscore.get(key), dict(params.get(key, {}))
        curves = logit_curve(loss, grid, **given)
        heres = tuple(part.reshape(-1) for part in logit_curve(loss, at[:, None], **given))
        for panel in range(2):
            curve, here = (
                _size(part[panel]) if logarithmic and panel else part[panel].clamp(-_END, _END)
                for part in (curves, heres)
            )
            marked_curve(panels, film, panel, key, labels[key], (grid, curve), (at, here))
        low, high = pulled(loss, **given)
        for slot, value in (("loss", heres[0]), ("slope", heres[1]), ("low", low), ("high", high)):
            film.say(f"{key}.{slot}", value)
        pred = (at.sigmoid() if loss.inputs["pred"].high == 1 else at)[:, None]
        film.given_by(f"{key}.loss", loss, {"pred": pred, "target": torch.ones(1, 1)}, given)
        for name, value in (loss.defaults | given).items():
            if isinstance(value, (float, Tensor)):
                film.say(f"{key}.{name}", value)
    span = {"title": {"text": "← wrong    logit z (the truth is yes)    right →"}, "range": [-reach, reach]}
    floor = -4.4 if _deep(keys, params) else -1.2
    slopes: dict[str, Any] = {"title": {"text": "gradient d loss / d z"}, "range": [floor, 0.15]}
    if logarithmic:
        slopes = {
            "title": {"text": "| d loss / d z |"}, "type": "log", "range": list(_SIZES), "exponentformat": "power",
            "dtick": 1,
        }  # fmt: skip
    panels.axes(0, span, {"title": {"text": "loss"}, "range": [-0.04 * reach, 1.04 * reach]})
    panels.axes(1, span, slopes)
    film.say("z", at, text=lambda v: f"({short(v)})" if v < 0 else short(v))
    film.say("p", at.sigmoid())
    told = zip(*(film.slots[name].tolist() for name in ("z", f"{keys[0]}.loss", f"{keys[0]}.slope")), strict=True)
    film.speak([f"Logit {v:g}: {labels[keys[0]]} {short(cost)}, gradient {short(slope)}" for v, cost, slope in told])
    return film


def _count(params: Mapping[str, Any]) -> int:
    return max((value.numel() for value in params.values() if isinstance(value, Tensor)), default=1)


def _deep(keys: Sequence[str], params: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a pull goes, or may go, beyond 1."""
    weight = params.get("bce_with_logits", {}).get("pos_weight", 1.0)
    return not _DEEP.isdisjoint(keys) or isinstance(weight, Tensor) or weight > 1


def _size(slope: Tensor) -> Tensor:
    return slope.abs().clamp(_NIL, _END)
