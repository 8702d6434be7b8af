"""Counts: the same error where few and where many are expected, and a crowd that is painted and counted."""

from losscore.figures.crowd_density import SUM, crowd_density
from losscore.figures.two_counts import LEAST, MOST, SQUARES, two_counts
from losscore.scenes.people import PEOPLE
from pages.ui import reading
from pages.ui.controls import Slider, Values
from pages.ui.views import View

TERMS = {"pixel": "Pixels (MSE)", "count": "Count (MAE)", "structure": "Structure (SSIM)", SUM: "Sum"}


def _counts_reading(_: Values) -> str:
    parts = ("true", "pred", "chance", "mse", "mse.slope", "poisson_nll", "poisson_nll.slope")
    rows = [[f"{square} square", *(reading.slot(f"{square}.{part}") for part in parts)] for square in SQUARES]
    heads = ["", "true", "predicted", "chance ±", "MSE", "its gradient", "Poisson", "its gradient"]
    note = "Losses above what a right prediction costs; Poisson is the negative log-likelihood of a count by its rate."
    return reading.table(heads, rows) + reading.note(note)


COUNTS = View(
    "distributions/counts",
    (
        Slider("count_error", "Both predicted too high by", LEAST, MOST, 10.0, steps=63, unit="people"),
        Slider("count_quiet", "Quiet square", 2, 20, 2.0, steps=19, unit="people"),
        Slider("count_busy", "Busy square", 20, 100, 50.0, steps=17, unit="people"),
    ),
    lambda v: two_counts({name: v[f"count_{name}"] for name in ("error", *SQUARES)}),
    _counts_reading,
)


def _crowd_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, name), reading.slot(f"crowd.{key}"), reading.slot(f"crowd.{key}.best")]
        for key, name in TERMS.items()
    ]
    heads = ["Term", "cost of what is painted", f"is least with (of {PEOPLE} people)"]
    note = (
        "A made-up crowd, seeded; crosses are its true heads. Pixels: over what an empty picture costs. Count: over "
        "the true number. Structure: 1 − SSIM. The network cannot place its heads any better, only paint more or fewer."
    )
    return reading.table(heads, rows) + reading.note(note)


CROWD = View(
    "distributions/crowd",
    (
        Slider("crowd_off", "Each head painted off by", 0, 3, 2.0, steps=13, unit="px"),
        Slider("crowd_count", "Weight of the count", 0, 2, 0.0, steps=41, help="Beside 1 for the pixels."),
        Slider("crowd_structure", "Weight of the structure", 0, 2, 0.0, steps=41, help="Beside 1 for the pixels."),
        Slider("crowd_spread", "Width of a painted head", 0.5, 2, 1.0, steps=7, unit="px", help="The true ones: 1 px."),
    ),
    lambda v: crowd_density({name: v[f"crowd_{name}"] for name in ("off", "spread", "count", "structure")}, TERMS),
    _crowd_reading,
)
