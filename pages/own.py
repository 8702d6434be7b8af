"""Your own: a loss that you type, and your own numbers."""

from pages.own_data import DESKS
from pages.own_formula import CURVE, FIT
from pages.ui.page import Part, run

VIEWS = (CURVE, FIT)
_HUBER = "where(abs(r) < a, r^2 / 2, a * (abs(r) - a / 2))"

PARTS = [
    Part(
        "curve", "A formula", "You write the loss. Does it do what you meant?", CURVE,
        {
            "Huber, by hand": (
                {"formula": _HUBER, "own_a": 1.0, "own_beside": ["huber"]},
                "Typed and built-in lie on each other: the same loss and the same gradient, and every trial holds.",
            ),
            "Forgiving outliers": (
                {"formula": "log(1 + (r / a)^2)", "own_a": 1.0, "own_beside": ["mse"]},
                "The pull of a far outlier fades, but the curve arches over its chords: more than one resting place "
                "becomes possible.",
            ),
            "A slip of the sign": (
                {"formula": "r^2 - 3 * abs(r)", "own_beside": ["mse"]},
                "It looks like a bowl from afar. Its cheapest error is −1.5, not 0: it pays to be wrong.",
            ),
            "No number there": (
                {"formula": "log(p / y)^2", "own_target": 1.0},
                "For predictions below 0 there is no logarithm: the curve stops at r = −1, and so would a training.",
            ),
            "Dear when too low": (
                {"formula": "max(a * r, -b * r)", "own_a": 0.5, "own_b": 2.0, "own_beside": ["pinball"]},
                "Too low costs four times as much as too high. It is not even, yet convex, and fits a quantile.",
            ),
        },
    ),
    Part(
        "fit", "The line it fits", "Your loss decides: with the outlier, or with the nine?", FIT,
        {
            "Squares": (
                {"formula": "r^2", "own_beside": ["mse"]},
                "By search, without a slope, it finds what MSE's closed form gives: slope 2.64.",
            ),
            "Two valleys": (
                {"formula": "r^2 / (r^2 + a)", "own_a": 0.5, "own_beside": ["geman_mcclure"]},
                "The best line follows the nine points; the picture shows other valleys, where a training could stay.",
            ),
            "The wrong sign": (
                {"formula": "-abs(r)", "own_beside": ["mae"]},
                "The cheapest line is as far away as the search goes: this loss has no minimum.",
            ),
        },
    ),
]  # fmt: skip


def draw() -> None:
    run("own", "Your own", PARTS, DESKS)
