"""Nothing to find, nothing found, nothing shared: what each loss says, and where its gradient still points."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from losscore.explore.masks import binary_losses
from losscore.explore.pixels import pixel_gradient
from losscore.figures.film import Film
from losscore.figures.mask_lines import write_masks
from losscore.figures.mask_overlay import draw_outline, draw_overlay, frame, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.pixel_push import draw_gradient, draw_scale
from losscore.figures.sweep_curve import Number, draw_curves, second_legend, swept
from losscore.scenes.edits import Prediction
from losscore.scenes.masks import rectangle, sure

_SIDE = 64  # px of the picture
_SIDE_EMPTY = 24  # where one single pixel is to be seen
_HEIGHT, _NARROW = 340, 240
# The probability of a sure mask is that of this logit, 2e-9 from 0 or 1, for losses of either: every logarithm is then
# the same 20, whether it is taken of a probability or of a logit.
SURE = 20.0
SMOOTHED = ("dice", "jaccard", "tversky", "focal_tversky", "combo_bce_dice", "bce_jaccard")
_TITLES = {"smooth": "smooth", "doubt": "doubt", "gap": "gap (px)", "extent": "side of the false square (px)"}


def empty_masks(
    kind: str, sliders: Mapping[str, Number], labels: Mapping[str, str], pushed: str, curves: list[str]
) -> Film:
    """One of the kinds "empty_truth", "empty_prediction" and "disjoint" under the sliders smooth, doubt, gap, extent.

    At most one slider is a tensor (S,). labels: the losses whose value is wanted; pushed: the one whose gradient is
    shown; curves: those drawn against the slider. All in float64: with a small smooth the pulls are differences of
    nearly equal numbers.
    """
    name, steps = swept(sliders)
    whole = (torch.as_tensor(sliders[key]).reshape(-1) for key in ("gap", "extent"))
    truth, hard = (mask.double() for mask in _masks(kind, *whole))
    doubt = torch.as_tensor(sliders["doubt"], dtype=torch.float64).reshape(-1)
    prediction = sure(hard, 1 - doubt)
    smooth = torch.as_tensor(sliders["smooth"], dtype=torch.float64).reshape(-1)
    params: dict[str, dict[str, Any]] = {key: {"smooth": smooth} for key in labels if key in SMOOTHED}
    losses = binary_losses(prediction, truth, labels, params)
    of_mask = binary_losses(_certain(hard), truth, labels, params)

    charged = "Loss with doubt" if name == "doubt" else "Loss of the sure mask"
    panels = Panels(
        ["Prediction", f"{labels[pushed]} pushes here", charged],
        weights=[0.9, 0.9, 1.2], height=_HEIGHT, narrow_height=_NARROW, abreast=2,
    )  # fmt: skip
    alt = f"Masks without overlap, the gradient of {labels[pushed]} as a picture, and curves of the losses."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    for panel in (0, 1):
        frame(panels, panel, *truth.shape)
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
    second_legend(panels, 2, _NARROW, 2)
    draw_scale(panels, 1, 1)
    for key in labels:
        film.say(f"empty.{key}", losses[key])
        film.say(f"empty.{key}.mask", of_mask[key])
        write_masks(film, f"empty.{key}.mask", key, _certain(hard), truth, params.get(key))
    film.speak([f"{labels[pushed]} {short(value)}" for value in film.slots[f"empty.{pushed}"].tolist()])
    return film


def _masks(kind: str, gap: Tensor, extent: Tensor) -> tuple[Tensor, Tensor]:
    """Truth (H, W) and hard prediction (S, H, W)."""
    if kind == "empty_truth":
        corner = torch.tensor([6])
        return torch.zeros(_SIDE_EMPTY, _SIDE_EMPTY), rectangle(corner, corner, extent, extent, _SIDE_EMPTY)
    place, wide = torch.tensor([26]), torch.tensor([12])
    if kind == "empty_prediction":
        return rectangle(place, place, wide, wide, _SIDE)[0], torch.zeros(1, _SIDE, _SIDE)
    return rectangle(place, torch.tensor([4]), wide, wide, _SIDE)[0], rectangle(place, 16 + gap, wide, wide, _SIDE)


def _certain(hard: Tensor) -> Prediction:
    """The prediction that is sure of a mask of 0 and 1."""
    logits = (2 * hard - 1) * SURE
    return Prediction(logits, torch.sigmoid(logits))


def _repeated(prediction: Prediction, steps: int) -> Prediction:
    shape = (steps, *prediction.logits.shape[-2:])
    return Prediction(prediction.logits.expand(shape), prediction.probability.expand(shape))


def _say_pull(film: Film, name: str, gradient: Tensor, truth: Tensor, hard: Tensor) -> None:
    """How hard the loss pulls up the object's pixels, pulls down the false ones, and in all."""
    film.say(f"{name}.up", -(gradient * truth).sum((-2, -1)))
    film.say(f"{name}.down", (gradient * hard * (1 - truth)).sum((-2, -1)))
    film.say(f"{name}.total", gradient.abs().sum((-2, -1)))
