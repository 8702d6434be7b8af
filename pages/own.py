"""Your own: a loss that you type, and your own numbers."""

from pages.own_data import DESKS
from pages.own_formula import CURVE, FIT
from pages.ui.page import Part, run

VIEWS = (CURVE, FIT)
_HUBER = "where(abs(r) < a, r^2 / 2, a * (abs(r) - a / 2))"

PARTS = [
    Part("curve", "A formula", "You write the loss. Does it do what you meant?", CURVE),
    Part("fit", "The line it fits", "Your loss decides: with the outlier, or with the nine?", FIT),
]


def draw() -> None:
    run("own", "Your own", PARTS, DESKS)
