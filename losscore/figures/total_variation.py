"""A noisy picture smoothed under several forms of total variation, and one of its rows."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.denoise import ABSOLUTE, denoise, smooth, weight_that_takes_off
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.greys import corner, draw_mosaic, grey_index
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept
from losscore.scenes.distortions import distort
from losscore.scenes.photographs import photograph

FORMS = ("tv_squared", *ABSOLUTE)
_CUT = slice(16, 80)  # rows and columns of a photograph: its middle, so that a pixel can be seen
SIDE = 64


def total_variation(
    picture: str, noise: Number, weight: Number, row: Number, forms: Sequence[str], labels: Mapping[str, str]
) -> Film:
    """The minimisers for a noisy picture under each of `forms`; of noise, weight and row one may be a tensor (S,).

    The absolute forms have `weight`; the squared one has the weight at which it takes off as much as the first of them,
    or as the anisotropic form where none is chosen. labels: a name for each of FORMS. Slots: tv.<who>.row.<form>,
    tv.<who>.psnr and tv.<form>.weight, for who of truth, noisy and the forms. Raises KeyError for an unknown picture.
    """
    shown = photograph(picture)
    truth = shown.shown[_CUT, _CUT]
    name, steps = swept({"weight": weight, "noise": noise, "row": row})
    noisy = distort(shown.whole, noise=noise)[:, _CUT, _CUT]
    weights = torch.as_tensor(weight, dtype=noisy.dtype).reshape(-1)
    place = torch.as_tensor(row).reshape(-1).round().long()
    results, used = _solved(noisy, weights, forms)
    chosen = [form for form in FORMS if form in forms]
    pictures = {"truth": truth[None], "noisy": noisy} | {form: results[form] for form in chosen}
    names = {"truth": "truth", "noisy": "noisy", **labels}
    panels = Panels(["One picture, smoothed", "One row of all"], height=430, narrow_height=320)
    alt = f"{shown.title} with noise, smoothed under {' and '.join(labels[f] for f in chosen)}; and one row as lines."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    _draw_pictures(panels, film, pictures, place, names)
    _draw_row(panels, film, pictures, place, names)
    _say(film, pictures, place, truth, used)
    last = chosen[-1]
    film.speak(
        [f"{name} {step:.3g}: {labels[last]} PSNR {short(float(value))} dB"
         for step, value in zip(steps.tolist(), film.slots[f"tv.{last}.psnr"].tolist(), strict=True)]
    )  # fmt: skip
    return film


def _solved(noisy: Tensor, weights: Tensor, forms: Sequence[str]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The smoothed pictures (S, H, W) by form, and their weights (S,)."""
    absolute = [form for form in ABSOLUTE if form in forms] or ["tv_anisotropic"]
    results = {form: denoise(noisy, weights, form) for form in absolute}
    used = dict.fromkeys(absolute, weights)
    removed = (results[absolute[0]] - noisy).square().sum((-2, -1))
    used["tv_squared"] = weight_that_takes_off(noisy, removed)
    results["tv_squared"] = smooth(noisy, used["tv_squared"])
    return results, used


def _draw_pictures(
    panels: Panels, film: Film, pictures: Mapping[str, Tensor], place: Tensor, names: Mapping[str, str]
) -> None:
    """All pictures (S, H, W) side by side and one under the other, and a line along the row at `place` (S,) of each."""
    steps = max(map(len, pictures.values()))
    index = torch.stack([grey_index(picture).expand(steps, -1, -1) for picture in pictures.values()], 1)
    columns = 2 if len(pictures) < 5 else 3
    draw_mosaic(panels, film, 0, index, [names[who] for who in pictures], columns)
    x, y = [], []
    for at in range(len(pictures)):
        left, top = corner(at, columns, SIDE, SIDE)
        x.append(torch.tensor([[left, left + SIDE, torch.nan]]))
        y.append(torch.stack([place + top + 0.5] * 2 + [torch.full_like(place, torch.nan, dtype=torch.float32)], -1))
    line = {"color": theme.FALSE_NEGATIVE, "width": 1.5}
    trace = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, showlegend=False, hoverinfo="skip"), 0)
    film.move(trace, x=torch.cat(x, 1), y=torch.cat(y, 1))


def _draw_row(
    panels: Panels, film: Film, pictures: Mapping[str, Tensor], place: Tensor, names: Mapping[str, str]
) -> None:
    """A line for each picture (S, H, W), along the row at `place` (S,)."""
    looks = {"truth": (theme.TRUTH, "solid", 4.0), "noisy": (theme.NEUTRAL, "dot", 1.0)}
    for who, picture in pictures.items():
        ink, dash, width = looks.get(who) or (theme.colour(who), theme.dash(who), 2.2)
        trace = panels.add(
            go.Scatter(
                x=torch.arange(SIDE).numpy(), y=[0] * SIDE, mode="lines", name=names[who],
                line={"color": ink, "dash": dash, "width": width},
            ),
            1,
        )  # fmt: skip
        film.move(trace, y=_row(picture, place))
    panels.axes(
        1,
        {"title": {"text": "column (px)"}, "range": [0, SIDE - 1]},
        {"title": {"text": "grey, from 0 (black) to 1 (white)"}, "range": [-0.3, 1.3]},
    )


def _row(picture: Tensor, place: Tensor) -> Tensor:
    """One row of each of pictures (S, H, W), at rows (S,), one of the two perhaps of one step: (S, W)."""
    steps = max(len(picture), len(place))
    return picture.expand(steps, -1, -1)[torch.arange(steps), place.expand(steps)]


def _say(film: Film, pictures: Mapping[str, Tensor], place: Tensor, truth: Tensor, used: Mapping[str, Tensor]) -> None:
    for who, picture in pictures.items():
        for form in ("tv_squared", "tv_anisotropic"):
            row = _row(picture, place)[:, None]
            film.say(f"tv.{who}.row.{form}", losscore.get(form)(row, reduction="none"))
            film.given_by(f"tv.{who}.row.{form}", losscore.get(form), {"pred": row}, {})
        film.say(f"tv.{who}.psnr", losscore.get("psnr")(picture, truth, reduction="none"))
    for form, weight in used.items():
        if form in pictures:
            film.say(f"tv.{form}.weight", weight)
