"""What fixed filters find in a picture, in its changed copy and in another one; and which of them answer together."""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.explore.judged import judge
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.greys import GREYS, draw_mosaic, grey_index
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept
from losscore.losses.reconstruction_features import gram, responses
from losscore.scenes.distortions import distort, shuffled
from losscore.scenes.filters import FILTERS, filter_bank
from losscore.scenes.photographs import SIDE, photograph

KEYS = ("mse", "ssim", "perceptual_fixed_filters", "gram_style")
_SHADES = 10
_HEAT = [sprites.rgba(theme.PREDICTION, level / (_SHADES - 1)) for level in range(_SHADES)]
_PALETTE = [*GREYS, *_HEAT]
_FULL = 0.4  # the answer that is drawn in full colour
_CELL = SIDE // len(FILTERS)  # px of one number of a Gram matrix


def feature_maps(
    picture: str, other: str, amounts: Mapping[str, Number], filters: Sequence[str], labels: Mapping[str, str], *,
    mixed: bool,
) -> Film:  # fmt: skip
    """The photograph, its copy under `amounts`, one of which may be a tensor (S,), and the photograph `other`.

    mixed: the copy's tiles have changed places. filters: those of FILTERS whose answers are shown. labels: a name for
    each of KEYS. Slots: features.<key>.now, .other and .share (of the other, in %). Raises KeyError for an unknown
    picture, amount or filter.
    """
    shown, stranger = photograph(picture), photograph(other)
    name, steps = swept(amounts)
    now = distort(shown.whole, **amounts)
    now = shuffled(now) if mixed else now
    rows = {"truth": shown.shown[None], "changed": now, stranger.title: stranger.shown[None]}
    with torch.no_grad():
        said = judge(now, shown.shown, KEYS)
        beside = judge(stranger.shown[None], shown.shown, KEYS)
        answers = [responses(each, filter_bank()) for each in rows.values()]
    chosen = [FILTERS.index(each) for each in filters]
    panels = Panels(["Found where, and found together"], height=440, narrow_height=270)
    alt = (
        f"Three rows: {shown.title}, a changed copy and {stranger.title}. In each the picture, what filters find in it,"
        " and how strongly each two filters answer together."
    )
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    largest = gram(answers[0].flatten(-2)).max()
    tiles = [
        tile.expand(len(now), -1, -1)
        for each, found in zip(rows.values(), answers, strict=True)
        for tile in (grey_index(each), *(_map(found[:, at]) for at in chosen), _gram(found, largest))
    ]
    heads = [head for row in rows for head in (row, *(each.removeprefix("brighter ") for each in filters), "together")]
    draw_mosaic(panels, film, 0, torch.stack(tiles, 1), heads, len(chosen) + 2, _PALETTE)
    for key in KEYS:
        value, apart = said[key].where(said[key].abs() > 1e-12, 0.0), beside[key]
        film.say(f"features.{key}.now", value)
        film.say(f"features.{key}.other", apart)
        film.say(f"features.{key}.share", 100 * value / apart)
    pixels, style = (film.slots[f"features.{key}.share"].tolist() for key in ("mse", "gram_style"))
    film.speak(
        [f"{name} {step:.3g}: {short(a)} % of {stranger.title} by {labels['mse']}, {short(b)} % by style"
         for step, a, b in zip(steps.tolist(), pixels, style, strict=True)]
    )  # fmt: skip
    return film


def _heat(share: Tensor) -> Tensor:
    """Indices into the palette for shares of the full colour; a square root keeps what is small to be seen."""
    return (len(GREYS) + (share.clamp(0, 1).sqrt() * (_SHADES - 1)).round()).to(torch.uint8)


def _map(found: Tensor) -> Tensor:
    """One filter's answers (S, SIDE - 2, SIDE - 2), as large as the picture."""
    return _heat(F.pad(found / _FULL, (1, 1, 1, 1)))


def _gram(found: Tensor, largest: Tensor) -> Tensor:
    """Gram matrices of answers (S, F, h, w), a square for each number, as large as the picture."""
    cells = _heat(gram(found.flatten(-2)) / largest)
    left = SIDE - _CELL * len(FILTERS)
    squares = cells.repeat_interleave(_CELL, -1).repeat_interleave(_CELL, -2)
    return F.pad(squares, (left // 2, left - left // 2) * 2, value=len(_PALETTE))
