"""Nothing to find, nothing found, nothing shared: what each loss says, and where its gradient still points."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.explore.masks import binary_losses
from losscore.explore.pixels import pixel_gradient
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_outline, draw_overlay, frame, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.pixel_push import draw_gradient
from losscore.figures.sweep_curve import Number, draw_curves, second_legend, swept
from losscore.scenes.edits import Prediction
from losscore.scenes.masks import rectangle, sure

_SIDE = 64
_HEIGHT, _NARROW = 340, 260
_SURE = 15.0  # the logit that stands for a probability of 0 or 1
SMOOTHED = ("dice", "jaccard", "tversky", "focal_tversky", "combo_bce_dice", "bce_jaccard")
_TITLES = {"smooth": "smooth", "doubt": "doubt", "gap": "gap (px)", "extent": "side of the false square (px)"}


def empty_masks(
    kind: str, sliders: Mapping[str, Number], labels: Mapping[str, str], pushed: str, curves: list[str]
) -> Film:
    """One of the kinds "empty_truth", "empty_prediction" and "disjoint" under the sliders smooth, doubt, gap, extent.

    At most one slider is a tensor (S,). labels: the losses whose value is wanted; pushed: the one whose gradient is
    shown; curves: those drawn against the slider.
    """
    name, steps = swept(sliders)
    truth, hard = _masks(kind, *(torch.as_tensor(sliders[key]).reshape(-1) for key in ("gap", "extent")))
    doubt = torch.as_tensor(sliders["doubt"], dtype=torch.float32).reshape(-1)
    prediction = sure(hard, 1 - doubt)
    smooth = sliders["smooth"]
    params: dict[str, dict[str, Any]] = {key: {"smooth": smooth} for key in labels if key in SMOOTHED}
    losses = binary_losses(prediction, truth, labels, params)
    certain = Prediction((2 * hard - 1) * _SURE, hard)
    of_mask = binary_losses(certain, truth, labels, params)

    panels = Panels(
        ["Prediction", f"{labels[pushed]} pushes here", "Loss now" if name == "doubt" else "Loss of the sure mask"],
        weights=[0.9, 0.9, 1.2], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = f"Masks without overlap, the gradient of {labels[pushed]} as a picture, and curves of the losses."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    for panel in (0, 1):
        frame(panels, panel, _SIDE, _SIDE)
        draw_outline(panels, panel, truth, legend=False)
    draw_overlay(panels, film, 0, shades(prediction.probability, truth))
    for key in labels:
        # The prediction is repeated where only a parameter of the loss is swept: one gradient a step.
        gradient = pixel_gradient(key, _repeated(prediction, len(steps)), truth, **params.get(key, {}))
        _say_pull(film, f"empty.{key}", gradient, truth, hard)
        if key == pushed:
            draw_gradient(panels, film, 1, gradient)
    # A sure mask shows what smoothing does; the doubt of so many pixels would drown it.
    drawn = {key: (losses if name == "doubt" else of_mask)[key] for key in curves}
    draw_curves(panels, film, 2, steps, _TITLES[name], drawn, labels, logarithmic=name in ("smooth", "doubt"))
    second_legend(panels, 2, _NARROW, 3)
    for key in labels:
        film.say(f"empty.{key}", losses[key])
        film.say(f"empty.{key}.mask", of_mask[key])
    film.speak([f"{labels[pushed]} {short(value)}" for value in film.slots[f"empty.{pushed}"].tolist()])
    return film


def _masks(kind: str, gap: Tensor, extent: Tensor) -> tuple[Tensor, Tensor]:
    """Truth (H, W) and hard prediction (S, H, W)."""
    nothing = torch.zeros(_SIDE, _SIDE)
    if kind == "empty_truth":
        return nothing, rectangle(torch.tensor([40]), torch.tensor([24]), extent, extent, _SIDE)
    place, wide = torch.tensor([26]), torch.tensor([12])
    if kind == "empty_prediction":
        return rectangle(place, place, wide, wide, _SIDE)[0], nothing[None]
    return rectangle(place, torch.tensor([4]), wide, wide, _SIDE)[0], rectangle(place, 16 + gap, wide, wide, _SIDE)


def _repeated(prediction: Prediction, steps: int) -> Prediction:
    shape = (steps, _SIDE, _SIDE)
    return Prediction(prediction.logits.expand(shape), prediction.probability.expand(shape))


def _say_pull(film: Film, name: str, gradient: Tensor, truth: Tensor, hard: Tensor) -> None:
    """How hard the loss pulls up the object's pixels, pulls down the false ones, and in all."""
    film.say(f"{name}.up", -(gradient * truth).sum((-2, -1)))
    film.say(f"{name}.down", (gradient * hard * (1 - truth)).sum((-2, -1)))
    film.say(f"{name}.total", gradient.abs().sum((-2, -1)))
