"""Pictures with a true mask: real ones read from small files, synthetic ones drawn here and named so."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

_FOLDER = Path(__file__).parents[2] / "assets" / "pictures"
_SIDE = 128


@dataclass(frozen=True)
class MaskScene:
    """A picture (H, W, 3) uint8 and its true mask (H, W) float32 of 0 and 1."""

    key: str
    title: str
    picture: Tensor
    truth: Tensor
    credit: str


@dataclass(frozen=True)
class LabelScene:
    """A picture (H, W, 3) uint8 and its true label map (H, W) int64; names[k] is what label k means."""

    key: str
    title: str
    picture: Tensor
    labels: Tensor
    names: tuple[str, ...]
    credit: str


_REAL = {
    "coins": ("Coins", "Greek coins from Pompeii, Brooklyn Museum. No known copyright restrictions."),
    "cell": ("Cell", "Phase image of a cell, Müller et al. 2018, doi:10.1364/OE.26.010729. CC0."),
    "horse": ("Horse", "Silhouette by Andreas Preuss, openclipart. CC0."),
    "optic_disc": ("Optic disc", "Retina by Mikael Häggström, doi:10.15347/wjm/2014.008. CC0."),
    "lesions": ("Small lesions", "Microaneurysms, Budai et al. 2013, doi:10.1155/2013/154860. CC0."),
}
_SYNTHETIC = "Synthetic: drawn by this program."


def _distance(row: float, column: float) -> Tensor:
    """Distance in px of every pixel from a place, (SIDE, SIDE)."""
    along = torch.arange(_SIDE, dtype=torch.float32)
    return torch.hypot(along[:, None] - row, along - column)


def _disc() -> Tensor:
    return _distance(63.5, 63.5) < 24


def _ring() -> Tensor:
    away = _distance(63.5, 63.5)
    return (away < 32) & (away > 20)


def _blobs() -> Tensor:
    return (_distance(46, 42) < 20) | (_distance(86, 90) < 13)


def _pixel() -> Tensor:
    return _distance(58, 70) < 0.5


_DRAWN: dict[str, tuple[str, Callable[[], Tensor]]] = {
    "disc": ("Disc (synthetic)", _disc),
    "ring": ("Ring (synthetic)", _ring),
    "blobs": ("Two blobs (synthetic)", _blobs),
    "pixel": ("One pixel (synthetic)", _pixel),
}

SCENES = (*_REAL, *_DRAWN)
LABEL_SCENES = ("coins", "nucleus")


@lru_cache
def scene(key: str) -> MaskScene:
    """The scene of that key, one of SCENES. Raises KeyError naming them. The tensors are read, never written."""
    if key in _REAL:
        title, credit = _REAL[key]
        picture, labels = _read(key)
        return MaskScene(key, title, picture, (labels > 0).float(), credit)
    if key in _DRAWN:
        title, draw = _DRAWN[key]
        truth = draw().float()
        return MaskScene(key, title, _textured(truth), truth, _SYNTHETIC)
    raise KeyError(f"no mask scene {key!r}; there are: {', '.join(SCENES)}")


@lru_cache
def label_scene(key: str) -> LabelScene:
    """The scene with several classes of that key, one of LABEL_SCENES. Raises KeyError naming them."""
    if key == "coins":
        picture, labels = _read("coins")
        return LabelScene(key, "Coins of two sizes", picture, labels, ("background", "small", "large"), _REAL[key][1])
    if key == "nucleus":
        body, nucleus = _distance(63.5, 63.5) < 40, _distance(56, 72) < 13
        labels = body.long() + nucleus.long()
        names = ("background", "cell body", "nucleus")
        return LabelScene(key, "Cell (synthetic)", _textured(labels / 2), labels, names, _SYNTHETIC)
    raise KeyError(f"no scene with several classes {key!r}; there are: {', '.join(LABEL_SCENES)}")


def _read(name: str) -> tuple[Tensor, Tensor]:
    """Picture (H, W, 3) uint8 and labels (H, W) int64 from the files of that name."""
    with Image.open(_FOLDER / f"{name}.png") as picture, Image.open(_FOLDER / f"{name}_mask.png") as mask:
        return torch.from_numpy(np.array(picture.convert("RGB"))), torch.from_numpy(np.array(mask)).long()


def _textured(truth: Tensor) -> Tensor:
    """A grey picture in which the object (1) is brighter than its ground (0), under the same grain for every scene."""
    noise = torch.randn(1, 1, _SIDE, _SIDE, generator=torch.Generator().manual_seed(1))
    coarse = F.avg_pool2d(F.pad(noise, (4, 4, 4, 4), mode="reflect"), 9, stride=1)[0, 0]
    grey = 90 + 110 * truth + 60 * coarse + 4 * noise[0, 0]
    return grey.clamp(0, 255).round().to(torch.uint8)[..., None].expand(-1, -1, 3).contiguous()
