"""Segmentation losses and reported metrics of whole sweeps of predictions, each loss fed the input it asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

import losscore
from losscore.inputs import Input
from losscore.losses.metrics_surface import SURFACE, surface_metrics
from losscore.record import Loss
from losscore.scenes.edits import Prediction

# The metrics that a paper or a competition reports, in the order of a table.
REPORTED = (
    "metric_dice", "metric_iou", "metric_precision", "metric_recall", "metric_accuracy",
    "metric_hausdorff", "metric_hd95", "metric_assd", "metric_nsd",
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """A loss under fixed parameters that has a name of its own in the field."""

    title: str
    key: str
    params: dict[str, Any] = field(default_factory=dict)


VARIANTS = {
    "pixel_weighted_ce": Variant("Weighted CE", "pixel_cross_entropy", {"weight": [1.0, 10.0]}),
    "pixel_ce_zero_background": Variant("CE, no background", "pixel_cross_entropy", {"weight": [0.0, 1.0]}),
    "dice_unsmoothed": Variant("Dice, unsmoothed", "dice", {"smooth": 0.0}),
}


def resolve(name: str, params: Mapping[str, Any] | None = None) -> tuple[Loss, dict[str, Any]]:
    """The record behind the key of a loss or of a variant, and its parameters with `params` on top.

    Raises KeyError for a name that is neither.
    """
    variant = VARIANTS.get(name)
    if variant is None:
        return losscore.get(name), dict(params or {})
    return losscore.get(variant.key), variant.params | dict(params or {})


def title(name: str) -> str:
    """What a legend calls that loss or variant."""
    return VARIANTS[name].title if name in VARIANTS else losscore.get(name).title


def takes_logits(record: Loss) -> bool:
    """Whether the first input is a raw score instead of a probability."""
    pred = next(iter(record.inputs.values()))
    return (pred.low, pred.high) != (0.0, 1.0)


def loss_of(record: Loss, prediction: Prediction, truth: Tensor, **params: Any) -> Tensor:
    """One loss of each of S predictions of a picture: (S,).

    A record of maps gets the probability, the logits, or the two-class logits [0, z] with labels, as its first input
    asks. A record of single numbers (such as focal of one logit against 0 or 1) is averaged over the pixels.
    Raises ValueError for a record that takes none of these.
    """
    pred, target = pixel_kinds(record)
    aim = (truth > 0.5).long() if target.integer else truth
    if pred.dims == ("C", "H", "W"):
        scores = torch.stack([torch.zeros_like(prediction.logits), prediction.logits], dim=-3)
        return record(scores, aim, reduction="none", **params)
    source = prediction.logits if takes_logits(record) else prediction.probability
    if pred.dims:
        return record(source, aim, reduction="none", **params)
    each = {name: _over_pixels(value) for name, value in params.items()}
    return record(source, aim, reduction="none", **each).mean((-2, -1))


def binary_losses(
    prediction: Prediction,
    truth: Tensor,
    keys: Iterable[str],
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Tensor]:
    """Every loss named in `keys` (a loss or one of VARIANTS) for each of S predictions: {key: (S,)}.

    truth: (H, W), or (S, H, W) for one truth a prediction. params: parameters by key; a number or a tensor (S,).
    Raises KeyError for an unknown key, TypeError or ValueError as the losses do.
    """
    given = params or {}
    values = {}
    for key in keys:
        record, fixed = resolve(key, given.get(key))
        values[key] = loss_of(record, prediction, truth, **fixed)
    return values


def reported(
    hard: Tensor, truth: Tensor, keys: Iterable[str] = REPORTED, tau: float | Tensor = 2.0
) -> dict[str, Tensor]:
    """What would be reported of hard masks (S, H, W) against `truth` (H, W) or (S, H, W): {key: (S,)}.

    NaN where a metric is undefined. tau: tolerance of metric_nsd in px, a number or a tensor (S,).
    """
    wanted = list(keys)
    of_outlines = [key for key in wanted if key in SURFACE]
    values = surface_metrics(hard, truth, of_outlines, tau=tau) if of_outlines else {}
    of_regions = {key: losscore.get(key)(hard, truth, reduction="none") for key in wanted if key not in SURFACE}
    return {key: (values | of_regions)[key] for key in wanted}


def _over_pixels(value: Any) -> Any:
    """A parameter (S,) shaped to go with pixels (S, H, W)."""
    return value[..., None, None] if isinstance(value, Tensor) and value.ndim else value


def pixel_kinds(record: Loss) -> tuple[Input, Input]:
    """The kinds of a record's prediction and truth. Raises ValueError where pixels can't be fed to it."""
    kinds = list(record.inputs.values())
    if len(kinds) == 2 and kinds[1].low == 0.0:
        pred, target = kinds
        known_scale = not takes_logits(record) or record.claims.logits is True
        if pred.dims in (("H", "W"), ("C", "H", "W")) or (pred.dims == () and known_scale):
            return pred, target
    raise ValueError(f"{record.key}: takes {', '.join(record.inputs)}, which is no prediction and truth of pixels")
