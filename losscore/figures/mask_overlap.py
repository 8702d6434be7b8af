"""A prediction edited by hand over its picture, every loss of it, and each loss against the slider that moves."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from losscore.explore.masks import binary_losses, reported
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_outline, draw_overlay, draw_photograph, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, axis_title, draw_curves, second_legend, swept
from losscore.scenes.edits import predict, threshold
from losscore.scenes.pictures import scene

METRICS = (
    "metric_dice", "metric_iou", "metric_precision", "metric_recall", "metric_accuracy", "metric_hd95", "metric_nsd",
)  # fmt: skip
TOLERANCE = 2.0  # px of metric_nsd
_HEIGHT, _NARROW = 400, 260


def mask_overlap(
    picture: str,
    edits: Mapping[str, Number],
    at: Number,
    labels: Mapping[str, str],
    curves: list[str],
    *,
    own_scale: bool = False,
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> Film:
    """Overlay and curves of one scene under these edits, reported at the threshold `at`.

    Of the edits and the threshold at most one is a tensor (S,), the slider that is swept. labels: every loss whose
    value is wanted, by key; curves: the keys among them that are drawn.
    """
    shown = scene(picture)
    name, steps = swept({**edits, "threshold": at})
    prediction = predict(shown.truth, **edits)
    losses = binary_losses(prediction, shown.truth, labels, params)
    metrics = reported(threshold(prediction.probability, at), shown.truth, METRICS, tau=TOLERANCE)

    title = "loss, from its lowest (0) to its highest (1)" if own_scale else "loss"
    panels = Panels(
        ["Prediction over the picture", "Loss against this slider"],
        weights=[0.9, 1.1], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"{shown.title} with its true outline and the predicted mask; curves of the chosen losses."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_photograph(panels, 0, shown.picture)
    draw_overlay(panels, film, 0, shades(prediction.probability, shown.truth, at))
    draw_outline(panels, 0, shown.truth)
    drawn = {key: losses[key] for key in curves}
    across = axis_title(name, {"threshold": "threshold of the reported mask"})
    draw_curves(
        panels, film, 1, steps, across, drawn, labels,
        own_scale=own_scale, upright=title, logarithmic=name == "softness",
    )  # fmt: skip
    second_legend(panels, 1, _NARROW, 2)
    for key, value in (losses | metrics).items():
        film.say(f"overlap.{key}", value)
    for key, value in drawn.items() if own_scale else ():
        film.say(f"overlap.{key}.low", value.min())
        film.say(f"overlap.{key}.high", value.max())
    film.speak(_sentences(across, steps, labels[curves[0]], losses[curves[0]]))
    return film


def _sentences(slider: str, steps: Tensor, label: str, values: Tensor) -> list[str]:
    pairs = zip(steps.tolist(), values.expand(len(steps)).tolist(), strict=True)
    return [f"{slider} {step:.3g}: {label} {short(value)}" for step, value in pairs]
