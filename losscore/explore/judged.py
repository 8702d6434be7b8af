"""Pictures judged by pixel, by window, by step and by feature: whole sweeps of them against one truth."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from torch import Tensor

import losscore
from losscore.losses.reconstruction_features import responses
from losscore.record import Loss
from losscore.scenes.filters import filter_bank

# What can be said of a picture and its truth, in teaching order.
JUDGES = (
    "mse", "mae", "charbonnier", "psnr", "ssim", "ms_ssim", "gradient_difference", "perceptual_fixed_filters",
    "gram_style",
)  # fmt: skip
BETTER_HIGH = ("psnr", "ms_ssim")  # similarities: training would minimise minus these
_SCALES = (0.0448, 0.2856, 0.3001, 0.2363)  # of the published five those that fit into 96 px, made to sum to 1


def judge(
    pred: Tensor, truth: Tensor, keys: Iterable[str] = JUDGES, params: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Tensor]:
    """What each of `keys` says of pictures (S, H, W) against a truth (H, W): {key: (S,)}.

    A loss of single numbers is averaged over the pixels; perceptual and style see the fixed filters; MS-SSIM has four
    scales. params: by key, numbers or tensors (S,). Raises KeyError for an unknown key.
    """
    return {key: _judged(losscore.get(key), pred, truth, dict((params or {}).get(key, {}))) for key in keys}


@lru_cache
def _scales() -> tuple[float, ...]:
    return tuple(weight / sum(_SCALES) for weight in _SCALES)


def _judged(loss: Loss, pred: Tensor, truth: Tensor, params: dict[str, Any]) -> Tensor:
    if loss.key == "gram_style":
        found, wanted = (responses(picture, filter_bank().to(picture)).flatten(-2) for picture in (pred, truth))
        return loss(found, wanted, reduction="none")
    if loss.key == "perceptual_fixed_filters":
        return loss(pred, truth, filter_bank().to(pred), reduction="none")
    if loss.key == "ms_ssim":
        params = {"weights": _scales()} | params
    if next(iter(loss.inputs.values())).dims:
        return loss(pred, truth, reduction="none", **params)
    each = {name: value[..., None, None] if isinstance(value, Tensor) else value for name, value in params.items()}
    return loss(pred, truth, reduction="none", **each).mean((-2, -1))
