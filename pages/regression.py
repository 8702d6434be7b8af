"""Regression: what an error costs, and who pulls the line."""

from pages.regression_batch import REDUCTION
from pages.regression_errors import INFLUENCE, NOISE, ONE_ERROR
from pages.regression_lines import OUTLIERS, SURFACE
from pages.ui.page import Part, run

VIEWS = (OUTLIERS, ONE_ERROR, SURFACE, INFLUENCE, NOISE, REDUCTION)

PARTS = [
    Part("outliers", "Outliers", "Some points lie off the line. Which line does each loss take?", OUTLIERS),
    Part("one-error", "One error", "Twice the error: twice the loss, four times, or hardly more?", ONE_ERROR),
    Part("surface", "Surface", "Downhill step by step: does it arrive?", SURFACE),
    Part("influence", "Influence", "One value goes away for ever. Does the estimate go with it?", INFLUENCE),
    Part("noise", "Which noise", "A thousand samples: whose estimates scatter least?", NOISE),
    Part("reduction", "A batch", "Two errors, 3 and 4. Is their L2 loss 25, 12.5 or 5?", REDUCTION),
]


def draw() -> None:
    run("regression", "Regression", PARTS)
