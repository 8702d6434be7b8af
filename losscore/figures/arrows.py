"""Residuals as arrows, drawn as one line with gaps, so that they follow a drag like any line."""

import torch
from torch import Tensor


def residual_arrows(
    x: Tensor, target: Tensor, fitted: Tensor, width: float, height: float, there: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Arrows from the targets to what was fitted, (S, N) each, as the x and y of one line.

    width, height: the spans of the axes, by which the heads are sized; there: where False, no arrow is drawn.
    """
    rise = fitted - target
    wide = 0.006 * width
    tall = rise.sign() * (rise.abs() / 2).clamp(max=0.025 * height)
    gap = torch.full_like(fitted, torch.nan)
    across, start = x.expand_as(fitted), target.expand_as(fitted)
    along = torch.stack([across, across, gap, across - wide, across, across + wide, gap], -1)
    up = torch.stack([start, fitted, gap, fitted - tall, fitted, fitted - tall, gap], -1)
    if there is not None:
        up = up.where(there.expand_as(fitted)[..., None], torch.nan)
    return along.flatten(-2), up.flatten(-2)
