"""What training is after: losses on points not seen, and loss, optimiser and regulariser told apart."""

from losscore.figures.polynomial_fits import polynomial_fits
from losscore.figures.three_things import METHODS, STEPS, three_things
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View


def _degree_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, f"{key.title()} loss"), reading.slot(f"poly.{key}")] for key in ("training", "validation")
    ]
    rest = reading.table(
        ["", "degree", "validation loss"],
        [["Best on points kept back", reading.slot("poly.best"), reading.slot("poly.least")]],
    )
    names = (
        ("largest", "Largest coefficient"),
        ("penalty", "λ × squared coefficients"),
        ("objective", "Sum that is minimised"),
    )
    inner = reading.table(["Inside the fit", ""], [[name, reading.slot(f"poly.{slot}")] for slot, name in names])
    note = (
        "Losses below the axis stand at its edge. 200 points are kept back. Synthetic: a sine with noise of spread 0.2."
    )
    return reading.table(["", "mean squared error"], rows) + rest + inner + reading.note(note)


_STRENGTHS = (0.0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
DEGREE = View(
    "combining/degree",
    (
        Slider("poly_degree", "Degree", 0, 9, 9, steps=10, help="How many bends the curve may have."),
        Slider("poly_lam", "Penalty λ on the coefficients", 0, 10, 0.0, steps=len(_STRENGTHS), stops=_STRENGTHS),
        Slider("poly_seed", "Seed", 0, 39, 29, steps=40, live=False, help="One seed, the same points."),
    ),
    lambda v: polynomial_fits(v["poly_degree"], v["poly_lam"], int(v["poly_seed"])),
    _degree_reading,
)  # fmt: skip


def _three_reading(values: Values) -> str:
    where = reading.table(
        ["", "slope w", "intercept b", "sum"],
        [
            ["Where the way has come", *(reading.slot(f"three.{name}") for name in ("w", "b", "sum"))],
            ["Goal", *(reading.slot(f"three.goal.{name}") for name in ("w", "b", "sum"))],
            ["Goal of the loss alone", *(reading.slot(f"three.plain.{name}") for name in ("w", "b")), ""],
        ],
    )
    rows = [[name, reading.slot(f"three.{method}.above")] for method, name in METHODS.items()]
    return where + reading.table(["Optimiser", "above the goal at this step"], rows)


THREE = View(
    "combining/three",
    (
        Slider("three_step", "Step", 0, STEPS, STEPS, steps=STEPS // 2 + 1),
        Choice("three_loss", "Loss", {"mse": "MSE", "mae": "MAE", "huber": "Huber"}, "mse"),
        Choice("three_way", "Optimiser", METHODS, "gradient"),
        Choice(
            "three_penalty", "Regulariser, on the slope", {"none": "None", "l1_penalty": "L1", "l2_penalty": "L2"},
            "none",
        ),
        Slider(
            "three_strength", "Strength λ", 0.1, 100, 10, steps=31, log=True, live=False,
            shown=lambda values: values["three_penalty"] != "none",
        ),
        Slider("three_pace", "Pace: times the step size", 0.1, 2, 1.0, steps=20, more=True),
    ),
    lambda v: three_things(
        v["three_loss"], v["three_way"], v["three_penalty"], v["three_strength"], v["three_step"], v["three_pace"]
    ),
    _three_reading,
)  # fmt: skip
