"""Regression's views of lines: the one each loss fits to points with outliers, and the way down to it."""

from collections.abc import Callable

import losscore
from losscore.figures.film import Film
from losscore.figures.fitted_lines import fitted_lines
from losscore.figures.labels import label
from losscore.figures.line_surface import MOST_STEPS, descent_on_surface
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.loss_controls import on_release
from pages.ui.views import View

FITTED = {loss.key: label(loss.key) for loss in losscore.losses("regression") if loss.of_residual}

# Which sliders hold the dragged outlier's place among which points.
PLACES = {"line": ("x", "y"), "leverage": ("far", "y"), "stereo": ("row", "disparity"), "diabetes": ("bmi", "score")}
ARROWS = {"none": "none"} | FITTED
POINTS = {
    "line": "Ten points, the last one is dragged",
    "leverage": "Ten points and one more",
    "stereo": "Motorcycle on a floor (real)",
    "diabetes": "Patients with diabetes (real)",
}


def when(key: str, *options: str) -> Callable[[Values], bool]:
    return lambda values: values[key] in options


def _drawn(values: Values) -> list[str]:
    """The chosen losses, and the one whose residuals are drawn."""
    return list(dict.fromkeys([*values["losses"], *([values["arrows"]] if values["arrows"] != "none" else [])]))


def _outliers_film(values: Values) -> Film:
    x, y = (values[key] for key in PLACES[values["points"]])
    keys = _drawn(values)
    params = loss_controls.params(keys, values)
    return fitted_lines(values["points"], x, y, values["count"], keys, params, values["arrows"])


def _outliers_reading(values: Values) -> str:
    told = ("slope", "intercept", "distance")
    rows = [
        [reading.swatch(key, FITTED[key]), *(reading.slot(f"{key}.{name}") for name in told)] for key in _drawn(values)
    ]
    return reading.table(["Loss function", "slope", "intercept", "gap to band"], rows)


OUTLIERS = View(
    "regression/outliers",
    (
        Slider("y", "Dragged outlier: height y", -10, 40, 39, steps=51, shown=when("points", "line", "leverage")),
        Slider("disparity", "Dragged outlier: disparity", 0, 80, 72, 21, unit="px", shown=when("points", "stereo")),
        Slider("score", "Dragged outlier: progression", 0, 6, 6, 25, unit="hundreds", shown=when("points", "diabetes")),
        Slider("x", "Dragged outlier: place x", 0, 12, 9, steps=49, shown=when("points", "line")),
        Slider("far", "Dragged outlier: place x", 0, 30, 30, steps=61, shown=when("points", "leverage")),
        Slider("row", "Dragged outlier: image row", 280, 500, 480, steps=23, shown=when("points", "stereo")),
        Slider(
            "bmi", "Dragged outlier: body mass index", 19, 44, 42, 26, unit="kg/m²", shown=when("points", "diabetes")
        ),
        Slider("count", "Dragged outliers", 0, 10, 1, steps=11),
        Choice("losses", "Losses", FITTED, ["mse", "mae", "huber", "tukey_biweight"], several=True),
        Choice("points", "Points", POINTS, "line", folded=True),
        Choice("arrows", "Residuals as arrows, to the line of", ARROWS, "mse", folded=True, more=True),
        *loss_controls.sliders(FITTED, "losses"),
    ),
    _outliers_film,
    _outliers_reading,
)


def _surface_film(values: Values) -> Film:
    key = values["surface_loss"]
    start = (values["w0"], values["b0"]) if values["landscape"] == "line" else (0.0, values["start"])
    return descent_on_surface(
        key, loss_controls.params([key], values)[key], values["method"], values["rate"], values["steps"], start,
        data=values["landscape"], height=values["height"], space=values["space"] == "3d", field=values["field"],
    )  # fmt: skip


def _surface_reading(values: Values) -> str:
    told = ("w", "b", "loss", "course", "gradient")
    now = [f"after {reading.slot('step')} steps", *(reading.slot(name) for name in told)]
    best = ["minimum", *(reading.slot(f"best.{name}") for name in ("w", "b", "loss")), "", ""]
    head = ["", "slope w", "intercept b", "loss", "against the start", "gradient's length"]
    key = values["surface_loss"]
    name = rf"\text{{{FITTED[key]} of one point, }} r = \text{{prediction − target}}:\quad "
    return reading.table(head, [now, best]) + reading.formula(name + losscore.get(key).latex)


LANDSCAPES = {"line": "Ten points, one of them far out", "one": "One point at the origin"}

SURFACE = View(
    "regression/surface",
    (
        Slider("steps", "Steps taken", 0, MOST_STEPS, 30, steps=MOST_STEPS + 1),
        Slider("rate", "Learning rate", 0.001, 1.0, 0.03, log=True),
        Choice("method", "Method", {"gradient": "Gradient", "momentum": "Momentum", "adam": "Adam"}, "gradient"),
        Choice("surface_loss", "Loss", FITTED, "mse", folded=True),
        Choice("space", "Drawn as", {"contours": "Contours", "3d": "3-D"}, "contours"),
        Slider("w0", "Start: slope w", -1, 4, -0.5, steps=51, more=True, shown=when("landscape", "line")),
        Slider("b0", "Start: intercept b", -9, 9, 7, steps=73, more=True, shown=when("landscape", "line")),
        Slider("start", "Start: intercept b", -1.5, 1.5, 1, steps=61, more=True, shown=when("landscape", "one")),
        Slider(
            "height", "Outlier's height y", -10, 40, 39, 51, live=False, more=True, shown=when("landscape", "line"),
        ),
        Choice("landscape", "Points", LANDSCAPES, "line", folded=True, more=True),
        Switch("field", "Arrows downhill", True, more=True),
        *on_release(loss_controls.sliders(FITTED, "surface_loss")),
    ),
    _surface_film,
    _surface_reading,
)  # fmt: skip
