"""Regression: what an error costs, and who pulls the line."""

from losscore.figures.one_error import one_error
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part, run
from pages.ui.views import View

ONE = View(
    "regression/one-error",
    (
        Slider("r", "Residual", -6, 6, 3.0, steps=121),
        Slider("delta", "Huber's delta", 0.05, 10, 1.0, log=True),
        Choice("losses", "Losses", {"mse": "MSE", "huber": "Huber"}, ["mse", "huber"], several=True),
    ),
    lambda v: one_error(v["losses"], v["r"], {"huber": {"delta": v["delta"]}}),
    lambda v: reading.meters(reading.meter(k, f"{k}.loss", "#0072B2", 0, 10) for k in v["losses"]),
)
VIEWS = (ONE,)
PARTS = [Part("one", "One error", "How much does one error cost?", ONE, "because")]


def draw() -> None:
    run("regression", "Regression", PARTS)
