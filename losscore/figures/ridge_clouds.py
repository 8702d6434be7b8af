"""Two columns that say nearly the same: where 500 fits land with and without a penalty, and how far off they are."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.collinear import TRUTH, expected_error, first_draw, repeated_fits
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number

SPAN = 6.0  # of the weights' plane, on either side of the truth
_SHOWN = 200  # fits of the cloud that are drawn
NAMES: Mapping[str, str] = {"least_squares": "Least squares", "ridge_fit": "Ridge"}


def ridge_clouds(keys: Sequence[str], correlation: Number, lam: Number, stops: Sequence[float]) -> Film:
    """Fits to 500 draws of noise; correlation or lam may be a tensor (S,). stops: correlations of the curves.

    keys: of NAMES. Slots, behind "ridge.": <key>.error (squared distance of the weights from the truth, mean over the
    draws), .expected (its exact mean), .first and .second (weights of the first draw), .fit (its least sum).
    """
    rho, size = torch.broadcast_tensors(*(torch.as_tensor(v).double().reshape(-1) for v in (correlation, lam)))
    panels = Panels(
        ["Each point is one fit", "Squared error of the weights"], weights=[1.0, 1.1], height=420, narrow_height=330
    )
    alt = "Clouds of weights around the truth, long for least squares, small for ridge; error over the correlation."
    film = Film(panels.figure, len(rho), alt, panels.narrow)
    curve_at = torch.tensor(stops, dtype=torch.float64)
    away = 1 - curve_at
    fit = losscore.get("ridge_fit")
    for key in keys:
        strength = size if key == "ridge_fit" else torch.zeros_like(size)
        w, error, least = repeated_fits(rho, strength)
        drawn = w[:, :_SHOWN]
        marker = {"size": 5, "symbol": theme.marker(key), "color": theme.colour(key), "opacity": 0.6}
        cloud = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, name=NAMES[key], hoverinfo="skip"))
        film.move(cloud, x=drawn[..., 0].clamp(-99, 99), y=drawn[..., 1].clamp(-99, 99))
        line = {"color": theme.colour(key), "dash": theme.dash(key), "width": 3}
        curve = expected_error(curve_at, strength[:, None] if key == "ridge_fit" else torch.zeros(1, 1))
        trace = panels.add(go.Scatter(x=[0], y=[1], mode="lines", line=line, showlegend=False, hoverinfo="skip"), 1)
        film.move(trace, x=away, y=curve)
        big = {
            "size": 13,
            "symbol": theme.marker(key),
            "color": theme.colour(key),
            "line": {"color": "#fff", "width": 1.5},
        }
        here = panels.add(go.Scatter(x=[0], y=[1], mode="markers", marker=big, showlegend=False, hoverinfo="skip"), 1)
        film.move(here, x=(1 - rho)[:, None], y=error[:, None])
        film.say(f"ridge.{key}.error", error)
        film.say(f"ridge.{key}.expected", expected_error(rho, strength))
        film.say(f"ridge.{key}.first", w[:, 0, 0])
        film.say(f"ridge.{key}.second", w[:, 0, 1])
        film.say(f"ridge.{key}.fit", least)
        inputs = dict(zip(fit.inputs, first_draw(rho), strict=True))
        film.given_by(f"ridge.{key}.fit", fit, inputs, {"lam": strength})
    star = {
        "size": 16,
        "symbol": "star-open",
        "color": theme.AGREEMENT,
        "line": {"color": theme.AGREEMENT, "width": 2.5},
    }
    panels.add(go.Scatter(x=TRUTH[:1].numpy(), y=TRUTH[1:].numpy(), mode="markers", marker=star, name="truth (1, 1)"))
    x, y = ({"title": {"text": f"weight {n}"}, "range": [1 - SPAN, 1 + SPAN]} for n in (1, 2))
    panels.axes(0, x | {"constrain": "domain"}, y | {"scaleanchor": "x", "constrain": "domain"})
    panels.axes(
        1,
        {"type": "log", "title": {"text": "1 − correlation"}, "range": [0.1, -4.1], "dtick": 1}
        | {"exponentformat": "power"},
        {"type": "log", "title": {"text": "squared error"}, "range": [-2, 3], "dtick": 1, "exponentformat": "power"},
    )  # fmt: skip
    film.speak(_sentences(film, rho, keys))
    return film


def _sentences(film: Film, rho: Tensor, keys: Sequence[str]) -> list[str]:
    errors = zip(*(film.slots[f"ridge.{key}.error"].tolist() for key in keys), strict=True)
    return [
        f"Correlation {at:.4g}: "
        + ", ".join(f"{NAMES[key]} {short(value)}" for key, value in zip(keys, each, strict=True))
        for at, each in zip(rho.tolist(), errors, strict=True)
    ]
