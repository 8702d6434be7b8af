"""Small pictures as data URIs: indexed PNGs, as few bits a pixel as their palette needs."""

import base64
import io
from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor

RGBA = tuple[int, int, int, int]


def rgba(colour: str, alpha: float = 1.0) -> RGBA:
    """ "#RRGGBB" and an opacity in [0, 1] as bytes."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * alpha)


def indexed(picture: Tensor, palette: Sequence[RGBA]) -> str:
    """A (H, W) map of palette indices as a PNG data URI."""
    image = Image.fromarray(picture.to(torch.uint8).cpu().numpy(), "P")
    image.putpalette([channel for entry in palette for channel in entry[:3]])
    bits = next(b for b in (1, 2, 4, 8) if len(palette) <= 2**b)
    return _uri(image, bits=bits, transparency=bytes(entry[3] for entry in palette), optimize=False)


def photograph(picture: Tensor) -> str:
    """A (H, W, 3) or (H, W) picture of bytes as a PNG data URI."""
    return _uri(Image.fromarray(picture.to(torch.uint8).cpu().numpy()))


def _uri(image: Image.Image, **options: object) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def diverging(levels: int, negative: str, positive: str) -> list[RGBA]:
    """A palette from one colour over nothing (transparent) to another; `levels` is odd, the middle is empty."""
    half = levels // 2
    cold = [rgba(negative, (half - i) / half) for i in range(half)]
    warm = [rgba(positive, (i + 1) / half) for i in range(half)]
    return [*cold, (255, 255, 255, 0), *warm]


def diverging_index(values: Tensor, levels: int, scale: Tensor | float) -> Tensor:
    """Indices into `diverging` for values in -scale..scale; a square root keeps small values visible."""
    half = levels // 2
    share = (values / scale).clamp(-1, 1)
    return (share.sign() * share.abs().sqrt() * half).round() + half
