"""A photograph made worse in seven ways, each by one number; all steps of a number at once.

Greys that leave 0..1 stay as they are: what a loss is given is what it counts. They are multiples of 2^-16, so that
what is equal in two pictures is equal to the last bit, also after both have been made brighter.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.scenes.photographs import MARGIN, SIDE, snapped

Number = float | Tensor
BLOCK = 8  # px, as in JPEG
PATCH = (41.5, 41.5)  # row and column of its middle


@dataclass(frozen=True)
class Distortion:
    """none: the number that changes nothing; far: the most of it."""

    title: str
    unit: str
    none: float
    far: float


DISTORTIONS = {
    "shift": Distortion("shift to the right", "px", 0, 8),
    "blur": Distortion("blur: sigma", "px", 0, 4),
    "noise": Distortion("noise: standard deviation", "", 0, 0.3),
    "brightness": Distortion("brightness added", "", 0, 0.4),
    "contrast": Distortion("contrast: factor", "", 1, 0),
    "blocks": Distortion("blocks: step of the rounding", "", 0, 1.5),
    "patch": Distortion("patch: side", "px", 0, 90),
}


def distort(whole: Tensor, **amounts: Number) -> Tensor:
    """The inner SIDE x SIDE px of a photograph (H, W) under `amounts`, numbers or tensors (S,): (S, SIDE, SIDE).

    Blur and shift come first and take in the margin; then blocks, contrast, brightness, noise and the patch.
    Raises KeyError for an amount that is none of DISTORTIONS.
    """
    unknown = amounts.keys() - DISTORTIONS.keys()
    if unknown:
        raise KeyError(f"no distortion {min(unknown)!r}; there are: {', '.join(DISTORTIONS)}")
    given = {name: torch.as_tensor(amount, dtype=whole.dtype).reshape(-1) for name, amount in amounts.items()}
    used = {name: at for name, at in given.items() if bool((at != DISTORTIONS[name].none).any())}
    picture = whole[None]
    if "blur" in used:
        picture = _blurred(picture, used["blur"])
    picture = _shifted(picture, used.get("shift", torch.zeros(1, dtype=whole.dtype)))
    for name, change in _INSIDE.items():
        if name in used:
            picture = change(picture, used[name][:, None, None])
    return snapped(picture).expand(max([1, *map(len, given.values())]), -1, -1)


def _blurred(picture: Tensor, sigma: Tensor) -> Tensor:
    """Rows and columns weighted by Gaussians (S,), each of which sums to 1 inside the picture."""
    along = torch.arange(picture.shape[-1], dtype=picture.dtype)
    apart = (along[:, None] - along) / sigma.clamp(min=1e-2)[:, None, None]
    weights = torch.softmax(-apart.square() / 2, -1)
    return weights @ picture @ weights.mT


def _shifted(picture: Tensor, shift: Tensor) -> Tensor:
    """What stands `shift` px (S,) to the left of each inner pixel; cubic between pixels."""
    if not bool(shift.any()):
        return picture[..., MARGIN:-MARGIN, MARGIN:-MARGIN]
    steps = max(len(shift), len(picture))
    row, column = torch.meshgrid(*(torch.arange(SIDE, dtype=picture.dtype) + MARGIN,) * 2, indexing="ij")
    x = column - shift[:, None, None]
    places = torch.stack([x, row.expand_as(x)], -1) * (2 / (picture.shape[-1] - 1)) - 1
    moved = F.grid_sample(
        picture[:, None].expand(steps, -1, -1, -1), places.expand(steps, -1, -1, -1), "bicubic", align_corners=True
    )
    return moved[:, 0]


@lru_cache
def _cosines(dtype: torch.dtype) -> Tensor:
    """The orthonormal cosine transform of BLOCK numbers, (BLOCK, BLOCK)."""
    at = torch.arange(BLOCK, dtype=torch.float64)
    waves = torch.cos(math.pi / BLOCK * at[:, None] * (at + 0.5)) * math.sqrt(2 / BLOCK)
    waves[0] /= math.sqrt(2)
    return waves.to(dtype)


def _rounded(picture: Tensor, step: Tensor) -> Tensor:
    """Each block's waves rounded to multiples of a step, as JPEG does, but one step for all of them."""
    waves = _cosines(picture.dtype)
    blocks = picture.unflatten(-2, (-1, BLOCK)).unflatten(-1, (-1, BLOCK)).transpose(-3, -2)
    size = step[..., None, None].clamp(min=1e-6)
    heard = (waves @ blocks @ waves.mT / size).round() * size
    return (waves.mT @ heard @ waves).transpose(-3, -2).flatten(-2).flatten(-3, -2)


def _contrast(picture: Tensor, factor: Tensor) -> Tensor:
    middle = picture.mean((-2, -1), keepdim=True)
    return middle + factor * (picture - middle)


@lru_cache
def grain() -> Tensor:
    """Normal noise (SIDE, SIDE) of mean 0 and variance 1, the same for every step and picture."""
    noise = torch.randn(SIDE, SIDE, generator=torch.Generator().manual_seed(7))
    return (noise - noise.mean()) / noise.std(correction=0)


def _covered(picture: Tensor, side: Tensor) -> Tensor:
    """A square in the picture's mean grey over it; pixels on its rim are covered in part."""
    along = torch.arange(SIDE, dtype=picture.dtype)
    down, across = ((side / 2 - (along - middle).abs() + 0.5).clamp(0, 1) for middle in PATCH)
    cover = down.mT * across
    return picture + cover * (picture.mean((-2, -1), keepdim=True) - picture)


_INSIDE: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "blocks": _rounded,
    "contrast": _contrast,
    "brightness": lambda picture, added: picture + snapped(added),
    "noise": lambda picture, size: picture + size * grain().to(picture),
    "patch": _covered,
}


_TILE = 24  # px


def shuffled(picture: Tensor) -> Tensor:
    """Pictures (S, SIDE, SIDE) cut into square tiles, which change places, the same way every time."""
    across = SIDE // _TILE
    order = torch.randperm(across * across, generator=torch.Generator().manual_seed(3))
    tiles = picture.unflatten(-1, (across, _TILE)).unflatten(-3, (across, _TILE)).transpose(-3, -2)
    mixed = tiles.flatten(-4, -3)[..., order, :, :].unflatten(-3, (across, across))
    return mixed.transpose(-3, -2).flatten(-2).flatten(-3, -2)
