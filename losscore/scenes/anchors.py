"""Anchors of a detector over a picture with several objects, and what it says of them."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from losscore.scenes.boxes import boxes_of, centred
from losscore.scenes.pictures import scene

_SIDES = (20.0, 36.0, 50.0)  # px of the square anchors at each place


@dataclass(frozen=True)
class AnchorScene:
    """A picture (H, W, 3), its true boxes (N, 4), anchors (A, 4), and for each anchor the object that it overlaps most.

    owner: (A,) int64, an index into the boxes. overlap: (A,), the IoU with that box.
    """

    picture: Tensor
    truth: Tensor
    anchors: Tensor
    owner: Tensor
    overlap: Tensor
    credit: str


@lru_cache
def coin_anchors(stride: int) -> AnchorScene:
    """The four coins under square anchors of three sizes, every `stride` px. The tensors are read, never written."""
    shown = scene("coins")
    height, width = shown.truth.shape
    x, y, side = torch.meshgrid(
        *(torch.arange(stride / 2, n, stride, dtype=torch.float64) for n in (width, height)),
        torch.tensor(_SIDES, dtype=torch.float64), indexing="ij",
    )  # fmt: skip
    anchors = centred(x.flatten(), y.flatten(), side.flatten(), side.flatten())
    truth = boxes_of(shown)
    common = torch.minimum(anchors[:, None, 2:], truth[:, 2:]) - torch.maximum(anchors[:, None, :2], truth[:, :2])
    inside = common.clamp(min=0).prod(-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(-1) for boxes in (anchors, truth)]
    overlap, owner = (inside / (areas[0][:, None] + areas[1] - inside)).max(-1)
    return AnchorScene(shown.picture, truth, anchors, owner, overlap, shown.credit)
