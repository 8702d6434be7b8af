"""The gradient of a loss at every pixel, as a picture: where a loss wants more foreground, and where less."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
from torch import Tensor

from losscore.explore.pixels import pixel_gradient, share_on_object
from losscore.figures import sprites, theme
from losscore.figures.film import Film
from losscore.figures.mask_overlay import draw_outline, draw_overlay, draw_photograph, frame, shades, sharp
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept
from losscore.scenes.edits import predict, threshold
from losscore.scenes.pictures import scene

_LEVELS = 15
PUSH = sprites.diverging(_LEVELS, theme.TRUTH, theme.PREDICTION)
# A quarter of the strongest pull has half of its colour: the pictures show the square root.
_TICKS = {"tickvals": [-1, -0.5, 0, 0.5, 1], "ticktext": ["more", "¼", "0", "¼", "less"], "tickangle": 0}
_FOOT = 62  # px under the axis titles for the colour bar, its numbers and its name
_LEGEND = 70  # px that a second legend takes at the foot of a narrow screen


def draw_gradient(panels: Panels, film: Film, panel: int, gradient: Tensor) -> None:
    """The moving gradient (S, H, W): blue for more foreground, vermilion for less, strongest at the film's largest."""
    height, width = gradient.shape[-2:]
    largest = gradient.abs().max().clamp(min=1e-30)
    shade = sprites.diverging_index(gradient, _LEVELS, largest)
    film.picture(panels.add_image(panel, height, width), sharp(shade), PUSH)


def draw_scale(panels: Panels, first: int, last: int) -> None:
    """What the colours of `draw_gradient` mean: a bar under panels `first` to `last`; a narrow screen's last line.

    To be called after every legend has its place.
    """
    layout, narrow = panels.figure.layout, panels.narrow
    left = layout[panels.axis("xaxis", first)].domain[0]
    right = layout[panels.axis("xaxis", last)].domain[1]
    title = {"text": "pull towards more object, or less", "side": "bottom", "font": {"size": 13}}
    bar = {
        "orientation": "h", "x": (left + right) / 2, "len": right - left, "thickness": 10, "yanchor": "top",
        "y": -48 / (layout.height - 100), "title": title, **_TICKS,
    }  # fmt: skip
    colours = [f"rgba({red},{green},{blue},{alpha / 255:.3f})" for red, green, blue, alpha in PUSH]
    layout.coloraxis = {"cmin": -1, "cmax": 1, "colorscale": colours, "colorbar": bar}
    # The bar stands where there is a trace that uses it: a point off the picture.
    point = {"color": [0], "coloraxis": "coloraxis"}
    panels.add(go.Scatter(x=[-1], y=[-1], mode="markers", marker=point, showlegend=False, hoverinfo="skip"), first)
    legend = _LEGEND if "legend2.y" in narrow else 0
    narrow |= {
        "coloraxis.colorbar.x": 0.5, "coloraxis.colorbar.len": 1,
        "coloraxis.colorbar.y": -(52 + legend) / (narrow["height"] - legend - 112), "height": narrow["height"] + _FOOT,
    }  # fmt: skip
    layout.height += _FOOT
    layout.margin.b = 48 + _FOOT


def pixel_push(
    picture: str,
    edits: Mapping[str, Number],
    keys: list[str],
    labels: Mapping[str, str],
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> Film:
    """The prediction, and d loss / d logit of each of `keys` at every pixel; one of the edits may be a tensor (S,)."""
    shown = scene(picture)
    _, steps = swept(edits)
    prediction = predict(shown.truth, **edits)
    wrong = (threshold(prediction.probability) != shown.truth).float()
    titles = ["Prediction", *(f"{labels[key]} pushes here" for key in keys)]
    panels = Panels(titles, height=340, narrow_height=240, abreast=2)
    alt = f"{shown.title}: the prediction, and the gradient of {' and '.join(labels[key] for key in keys)} as pictures."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_photograph(panels, 0, shown.picture)
    draw_overlay(panels, film, 0, shades(prediction.probability, shown.truth))
    draw_outline(panels, 0, shown.truth)
    for panel, key in enumerate(keys, start=1):
        gradient = pixel_gradient(key, prediction, shown.truth, **(params or {}).get(key, {}))
        frame(panels, panel, *shown.truth.shape)
        draw_gradient(panels, film, panel, gradient)
        draw_outline(panels, panel, shown.truth, legend=False)
        say_push(film, f"push.{key}", gradient)
        film.say(f"push.{key}.object", share_on_object(gradient, shown.truth), _percent)
        film.say(f"push.{key}.wrong", share_on_object(gradient, wrong), _percent)
    draw_scale(panels, 1, len(keys))
    shares = film.slots[f"push.{keys[0]}.wrong"].tolist()
    film.speak([f"{_percent(share)} of the pull of {labels[keys[0]]} falls on wrong pixels" for share in shares])
    return film


def say_push(film: Film, name: str, gradient: Tensor) -> None:
    """The largest pull of one pixel and the sum of all pulls, (S, H, W)."""
    size = gradient.abs()
    film.say(f"{name}.largest", size.amax((-2, -1)))
    film.say(f"{name}.total", size.sum((-2, -1)))


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.1f} %"
