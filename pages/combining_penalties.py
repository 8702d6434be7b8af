"""Penalties on weights: the ball and the rings, and two columns that say nearly the same."""

import losscore
from losscore.figures.penalty_balls import penalty_balls
from losscore.figures.ridge_clouds import NAMES, ridge_clouds
from losscore.scenes.designs import MEASURES, diabetes_ten
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

PENALTIES = {"l1_penalty": "L1 (lasso)", "l2_penalty": "L2 (ridge)", "elastic_net_penalty": "Elastic net"}
PAIRS = {"bmi-s3": "Body mass, HDL", "bmi-s5": "Body mass, triglycerides", "s1-s2": "Cholesterol, LDL"}
_STRENGTH = Slider("penalty_strength", "Strength λ", 0.001, 10, 0.6, steps=61, log=True)


def _pair(values: Values) -> tuple[str, str]:
    first, second = values["penalty_pair"].split("-")
    return first, second


def _penalty_reading(values: Values) -> str:
    first, second = _pair(values)
    sums = reading.table(
        ["", "mean squared error", "penalty", "sum"],
        [
            [
                reading.swatch(values["penalty"], "Two measures"),
                *(reading.slot(f"penalty.{n}") for n in ("loss", "cost", "sum")),
            ]
        ],
    )
    weights = reading.table(
        ["", MEASURES[first], MEASURES[second]],
        [["Weights of the two", reading.slot("penalty.first"), reading.slot("penalty.second")]],
    )
    ten = reading.table(
        ["", "exactly 0", "mean squared error"],
        [["All ten measures", reading.slot("penalty.zeros"), reading.slot("penalty.ten.loss")]],
    )
    written = losscore.get(values["penalty"]).latex
    slots = tuple((name, f"penalty.{name}") for name in ("loss", "cost", "sum"))
    now = r" = \text{@loss} + \text{@cost} = \text{@sum}"
    said = reading.formula(rf"\text{{MSE}} + {written}{now}", slots)
    return said + sums + weights + ten + reading.note(diabetes_ten().credit)


PENALTY = View(
    "combining/penalty",
    (
        _STRENGTH,
        Choice("penalty", "Penalty", PENALTIES, "l1_penalty"),
        Slider(
            "penalty_ratio", "Share of the absolute value", 0, 1, 0.5, steps=21,
            shown=lambda values: values["penalty"] == "elastic_net_penalty",
        ),
        Choice("penalty_pair", "Two measures", PAIRS, "bmi-s3", folded=True),
    ),
    lambda v: penalty_balls(v["penalty"], _pair(v), v["penalty_strength"], v["penalty_ratio"], _STRENGTH.values),
    _penalty_reading,
)  # fmt: skip

_CORRELATIONS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9996, 0.9998, 0.9999)


def _ridge_reading(values: Values) -> str:
    parts = ("error", "expected", "first", "second", "fit")
    rows = [
        [reading.swatch(key, NAMES[key]), *(reading.slot(f"ridge.{key}.{part}") for part in parts)]
        for key in fits_of(values)
    ]
    heads = ["", "squared error, 500 draws", "its exact mean", "first draw: w1", "w2", "its least sum"]
    note = "20 rows, truth (1, 1), noise of spread 1, seeded. Curves are exact, marks are the 500 draws. Synthetic."
    return reading.table(heads, rows) + reading.note(note)


def fits_of(values: Values) -> list[str]:
    """The fits that are drawn, at least one."""
    return list(values["ridge_fits"]) or ["ridge_fit"]


RIDGE = View(
    "combining/ridge",
    (
        Slider(
            "ridge_correlation",
            "Correlation of the two columns",
            0,
            0.9999,
            0.9996,
            steps=len(_CORRELATIONS),
            stops=_CORRELATIONS,
        ),
        Slider("ridge_lam", "Strength λ of ridge", 0.001, 100, 1.0, steps=61, log=True),
        Choice("ridge_fits", "Fits", dict(NAMES), ["least_squares", "ridge_fit"], several=True),
    ),
    lambda v: ridge_clouds(fits_of(v), v["ridge_correlation"], v["ridge_lam"], _CORRELATIONS),
    _ridge_reading,
)
