"""Regression's views of errors: what one costs, what one does to an estimate, and which noise wants which loss."""

import losscore
from losscore.figures.film import Film
from losscore.figures.influence_curves import influence_curves
from losscore.figures.labels import label
from losscore.figures.noise_spread import DRAWS, noise_spread
from losscore.figures.one_error import REACH, one_error
from pages.regression_lines import FITTED, when
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.loss_controls import on_release
from pages.ui.views import View

ALL = {loss.key: label(loss.key) for loss in losscore.losses("regression")}
ADJUSTED = ("huber", "smooth_l1", "barron", "pinball", "epsilon_insensitive")  # their sliders stand open


def _needs_target(values: Values) -> bool:
    return any(key not in FITTED and key != "rmse" for key in values["curves"])


def _predicts_variance(values: Values) -> bool:
    return "gaussian_nll" in values["curves"]


def _one_film(values: Values) -> Film:
    params = loss_controls.params(values["curves"], values)
    return one_error(values["curves"], values["r"], params, values["target"], values["var"])


def _with_numbers(key: str) -> str:
    """The formula with the numbers of the moment; the formula as it is where it has no single numbers."""
    loss = losscore.get(key)
    if loss.formula is None:
        return reading.formula(loss.latex)
    # A parameter that picks the line of the formula stays a letter there: "for 0.5 = 0" would help nobody.
    numbers = [name for name, value in loss.defaults.items() if isinstance(value, float)]
    names = ["r", "p", "y", *(name for name in numbers if f"Eq({name}," not in loss.formula)]
    written = loss.latex_with(**{name: rf"\text{{@{name}}}" for name in names}) + r" = \text{@value}"
    slots = [(name, name if name in ("r", "p", "y") else f"{key}.{name}") for name in names]
    return reading.formula(written, (*slots, ("value", f"{key}.loss")))


def _one_reading(values: Values) -> str:
    names = {key: reading.swatch(key, ALL[key]) for key in values["curves"]}
    told = [[name, reading.slot(f"{key}.loss"), reading.slot(f"{key}.slope")] for key, name in names.items()]
    formulas = [[name, _with_numbers(key)] for key, name in names.items()]
    return reading.table(["Loss function", "loss at r", "gradient at r"], told) + reading.table(
        ["Loss function", "its formula with these numbers"], formulas
    )


ONE_ERROR = View(
    "regression/one-error",
    (
        Slider("r", "Residual r", -REACH, REACH, 2.5, steps=121),
        Choice("curves", "Losses", ALL, ["mse", "mae", "huber", "cauchy"], several=True),
        *loss_controls.sliders(ADJUSTED, "curves", more=False),
        Slider("target", "Target y", 0.5, 6, 2.0, steps=56, shown=_needs_target),
        Slider("var", "Predicted variance", 0.1, 4, 1.0, steps=40, shown=_predicts_variance),
        *loss_controls.sliders([key for key in ALL if key not in ADJUSTED], "curves"),
    ),
    _one_film,
    _one_reading,
)


def _influence_film(values: Values) -> Film:
    keys = values["estimators"]
    size = values["outlier_size"] if values["values"] == "fifteen" else values["last"]
    return influence_curves(values["values"], keys, loss_controls.params(keys, values), size, values["outlier_share"])


def _influence_reading(values: Values) -> str:
    rows = [
        [reading.swatch(key, FITTED[key]), *(reading.slot(f"{key}.{name}") for name in ("estimate", "broken", "class"))]
        for key in values["estimators"]
    ]
    return reading.table(["Loss function", "one outlier: estimate", "many: estimate", "influence"], rows)


VALUES = {"fifteen": "Fifteen near 0", "five": "1, 2, 3, 4 and one more"}

INFLUENCE = View(
    "regression/influence",
    (
        Slider("outlier_size", "Outlier's size", 0, 20, 5, steps=81, shown=when("values", "fifteen")),
        Slider("last", "The last value", 0, 100, 100, steps=101, shown=when("values", "five")),
        Slider("outlier_share", "Share of outliers", 0, 60, 30, steps=25, unit="%"),
        Choice("estimators", "Losses", FITTED, ["mse", "mae", "huber", "cauchy", "tukey_biweight"], several=True),
        Choice("values", "Values", VALUES, "fifteen", folded=True),
        *on_release(loss_controls.sliders(FITTED, "estimators")),
    ),
    _influence_film,
    _influence_reading,
)


def _noise_film(values: Values) -> Film:
    keys = values["centres"]
    params = loss_controls.params(keys, values)
    return noise_spread(values["noise"], int(values["per_sample"]), values["draws"], keys, params)


def _noise_reading(values: Values) -> str:
    rows = [
        [reading.swatch(key, FITTED[key]), reading.slot(f"{key}.variance"), reading.slot(f"{key}.efficiency")]
        for key in values["centres"]
    ]
    rows.append(["MAE in theory, large n", "", reading.slot("theory")])
    return reading.table(["Loss function", "n × variance", "efficiency"], rows)


NOISES = {"gaussian": "Gaussian", "laplace": "Laplace", "student": "Student t", "contaminated": "Contaminated"}
CENTRES = {key: FITTED[key] for key in ("mse", "mae", "huber")}

NOISE = View(
    "regression/noise",
    (
        Slider("draws", "Samples drawn", 20, DRAWS, DRAWS, steps=50),
        Choice("noise", "Noise", NOISES, "laplace", folded=True),
        Choice("per_sample", "Values in a sample, n", {"11": "11", "31": "31", "101": "101"}, "101"),
        Choice("centres", "Losses", CENTRES, list(CENTRES), several=True),
        *on_release(loss_controls.sliders(CENTRES, "centres", more=False)),
    ),
    _noise_film,
    _noise_reading,
)
