"""Where in the picture a segmentation loss pulls: the gradient of every pixel, and how much of it the object gets."""

from typing import Any, Literal

import torch
from torch import Tensor

from losscore.explore.masks import loss_of, resolve, takes_logits
from losscore.scenes.edits import Prediction


def pixel_gradient(
    key: str, prediction: Prediction, truth: Tensor, *, wrt: Literal["logit", "probability"] = "logit", **params: Any
) -> Tensor:
    """d loss / d pixel of each of S predictions: (S, H, W), negative where the loss wants more foreground.

    key: a loss or a variant of `losscore.explore.masks`. wrt="logit" goes through the sigmoid for losses of
    probabilities, so that every loss stands on the scale a network is trained on; wrt="probability" goes through its
    inverse for losses of logits. Raises KeyError for an unknown key; ValueError for another `wrt` and, with
    wrt="probability" and a loss of logits, where a probability is 0 or 1 and has no finite logit.
    """
    record, given = resolve(key, params)
    if wrt not in ("logit", "probability"):
        raise ValueError(f"wrt must be 'logit' or 'probability', got {wrt!r}")
    with torch.enable_grad():
        if wrt == "logit":
            pixels = prediction.logits.detach().clone().requires_grad_()
            free = Prediction(pixels, torch.sigmoid(pixels))
        else:
            if takes_logits(record) and not torch.logit(prediction.probability).isfinite().all():
                raise ValueError(f"{key}: takes logits, and a probability of exactly 0 or 1 has none")
            pixels = prediction.probability.detach().clone().requires_grad_()
            free = Prediction(torch.logit(pixels), pixels)
        value = loss_of(record, free, truth, **given).sum()
        (gradient,) = torch.autograd.grad(value, pixels, materialize_grads=True)
    return gradient


def share_on_object(gradient: Tensor, truth: Tensor) -> Tensor:
    """Share (S,) of the absolute gradient (S, H, W) that falls on the object of `truth` (H, W); NaN for no gradient.

    With one probability everywhere the share is the same for gradients by logit and by probability.
    """
    size = gradient.abs()
    return (size * (truth > 0.5)).sum((-2, -1)) / size.sum((-2, -1))
