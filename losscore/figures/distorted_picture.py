"""A photograph made worse: the picture, where a loss finds what it counts, and every loss over the slider."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from losscore.explore.error_maps import error_map
from losscore.explore.judged import JUDGES, judge
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.greys import bare_axes, draw_grey
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, draw_curves, second_legend, swept
from losscore.scenes.distortions import DISTORTIONS, distort
from losscore.scenes.photographs import photograph

_SHADES = 12
_HEAT = [sprites.rgba(theme.PREDICTION, level / (_SHADES - 1)) for level in range(_SHADES)]
_NARROW = 280


def distorted_picture(
    picture: str, amounts: Mapping[str, Number], mapped: str, drawn: Sequence[str],
    bars: Mapping[str, tuple[str, float]],
) -> Film:  # fmt: skip
    """The picture under `amounts` of DISTORTIONS, one of which may be a tensor (S,), judged by all JUDGES.

    mapped: the loss whose map is shown. drawn: those with a curve. bars: key -> (name, the value drawn as 1).
    Slots: distorted.<key>. Raises KeyError for an unknown picture, amount or loss.
    """
    shown = photograph(picture)
    name, steps = swept(amounts)
    changed = distort(shown.whole, **amounts)
    with torch.no_grad():
        said = {key: value.where(value.abs() > 1e-12, 0.0) for key, value in judge(changed, shown.shown).items()}
        heat = error_map(mapped, changed, shown.shown)
    panels = Panels(
        ["The picture", f"What {bars[mapped][0]} counts, and where", "Losses over this slider"],
        weights=[1, 1, 1.1], height=360, narrow_height=_NARROW, abreast=2,
    )  # fmt: skip
    alt = f"{shown.title}, distorted; where {bars[mapped][0]} finds its errors; and curves of losses over the slider."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_grey(panels, film, 0, changed)
    _draw_heat(panels, film, 1, heat)
    labels = {key: full[0] for key, full in bars.items()}
    curves = {key: (said[key] / bars[key][1]).where(said[key].isfinite(), torch.nan) for key in drawn}
    draw_curves(
        panels, film, 2, steps, axis(name), curves, labels, upright="share of a full bar below", span=(-0.04, 1.06)
    )
    second_legend(panels, 2, _NARROW, 2)
    panels.figure.layout.legend2.x = 0  # over the curves alone its long names would take room from them
    for key in JUDGES:
        film.say(f"distorted.{key}", said[key])
    film.speak(
        [f"{axis(name)} {step:.3g}: " + ", ".join(f"{labels[key]} {short(float(said[key][at]))}" for key in drawn)
         for at, step in enumerate(steps.tolist())]
    )  # fmt: skip
    return film


def axis(name: str) -> str:
    """What stands under the axis of a distortion's slider."""
    kind = DISTORTIONS[name]
    return f"{kind.title} ({kind.unit})" if kind.unit else kind.title


def _draw_heat(panels: Panels, film: Film, panel: int, heat: Tensor) -> None:
    """A map (S, H, W), full at the film's largest; a square root keeps what is small to be seen."""
    bare_axes(panels, panel, *heat.shape[-2:])
    frame = {"showline": True, "mirror": True}
    panels.axes(panel, frame, frame)
    share = (heat / heat.max().clamp(min=1e-12)).sqrt()
    index = (share * (_SHADES - 1)).round().to(torch.uint8)
    film.picture(panels.add_image(panel, *heat.shape[-2:]), index, _HEAT)
