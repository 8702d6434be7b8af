"""Boxes x1, y1, x2, y2: true ones around the objects of real pictures, drawn ones that a person can check by counting.

The origin is at the top left and y points down.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.scenes.pictures import MaskScene, scene

Number = float | Tensor


@dataclass(frozen=True)
class BoxScene:
    """A picture (H, W, 3) uint8 and the true box (4,) of one object in it, in px."""

    key: str
    title: str
    picture: Tensor
    truth: Tensor
    credit: str


# key -> (title, picture, which object of it from top to bottom)
_OBJECTS = {
    "coin": ("A coin", "coins", 1),
    "horse": ("A horse", "horse", 0),
    "disc": ("The optic disc of an eye", "optic_disc", 0),
    "lesion": ("A lesion of 6 x 5 px", "lesions", 0),
}
OBJECTS = tuple(_OBJECTS)
# Where a box may start on its way to the true box (0, 0, 1, 1), in widths of the latter.
STARTS = {
    "apart": ("Apart", (1.6, 0.5, 2.4, 1.3)),
    "inside": ("Inside, in a corner", (0.1, 0.1, 0.45, 0.4)),
    "overlapping": ("Overlapping", (0.5, 0.45, 1.7, 1.3)),
    "thin": ("Thin and apart", (1.3, -0.6, 1.42, 1.6)),
}


def edges(left: Number, top: Number, width: Number, height: Number, stretch: Number = 1.0) -> Tensor:
    """The box of a corner and two sides, (S, 4) in float64; each a number or a tensor (S,).

    stretch: by how much width / height grows about the box's centre while its area stays.
    """
    given = [torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (left, top, width, height, stretch)]
    x, y, w, h, times = torch.broadcast_tensors(*given)
    wider, higher = (times.sqrt() - 1) * w / 2, (times.rsqrt() - 1) * h / 2
    return torch.stack([x - wider, y - higher, x + w + wider, y + h + higher], -1)


def centred(x: Number, y: Number, width: Number, height: Number) -> Tensor:
    """The box of a centre and two sides, (S, 4) in float64; each a number or a tensor (S,)."""
    box = edges(0.0, 0.0, width, height)
    place = edges(x, y, 0.0, 0.0)
    return box + place - box[:, [2, 3, 2, 3]] / 2


@lru_cache
def box_scene(key: str) -> BoxScene:
    """The scene of that key, one of OBJECTS. Raises KeyError naming them. The tensors are read, never written."""
    if key not in _OBJECTS:
        raise KeyError(f"no box scene {key!r}; there are: {', '.join(OBJECTS)}")
    title, picture, index = _OBJECTS[key]
    shown = scene(picture)
    return BoxScene(key, title, shown.picture, boxes_of(shown)[index], shown.credit)


def boxes_of(shown: MaskScene) -> Tensor:
    """The smallest box around each object of a true mask, (N, 4) in float64, sorted by their upper edge."""
    names = _objects(shown.truth > 0.5)
    found = []
    for name in names.unique()[1:]:  # 0 is the background
        rows, columns = torch.nonzero(names == name, as_tuple=True)
        found.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    boxes = torch.tensor(found, dtype=torch.float64)
    return boxes[boxes[:, 1].argsort()]


def _objects(inside: Tensor) -> Tensor:
    """A number for each connected object of a mask (H, W), the same in all its pixels; 0 outside."""
    names = torch.arange(1, inside.numel() + 1, dtype=torch.float32).reshape(inside.shape) * inside
    while True:  # the largest number of an object spreads over it
        wider = F.max_pool2d(names[None], 3, stride=1, padding=1)[0] * inside
        if torch.equal(wider, names):
            return names
        names = wider


def same_distance(size: Number) -> Tensor:
    """Three predictions of the true box (0, 0, 10, 10) with one root of summed squared edge errors, (S, 3, 4).

    size: that root, 0 to 10; the box is pushed along both axes, made taller, made lower.
    """
    zero = torch.zeros_like(torch.as_tensor(size, dtype=torch.float64).reshape(-1))
    push = zero + torch.as_tensor(size, dtype=torch.float64).reshape(-1)
    half = push / 2
    moves = [[half, half, half, half], [zero, zero, zero, push], [zero, zero, zero, -push]]
    errors = torch.stack([torch.stack(move, -1) for move in moves], 1)
    return torch.tensor([0.0, 0.0, 10.0, 10.0], dtype=torch.float64) + errors
