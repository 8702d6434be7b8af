"""Two models on two objects: which is the better one, by which mean score."""

from losscore.figures.two_models import SCORES, SIDE, two_models
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View


def _reading(values: Values) -> str:
    chosen = {key: SCORES[key] for key in SCORES if key in values["ranked"]}
    means = [
        [f"Mean {name}", *(reading.slot(f"{key}.{of}") for of in ("a", "b", "ahead"))] for key, name in chosen.items()
    ]
    each = [[name, *(reading.slot(f"{key}.{of}") for of in ("a1", "a2", "b1", "b2"))] for key, name in chosen.items()]
    return reading.table(["Of the two objects", "model A", "model B", "ahead"], means) + reading.table(
        ["Of each object", "A, first", "A, second", "B, first", "B, second"], each
    )


RANKING = View(
    "segmentation/ranking",
    (
        Slider("found_first", "B finds of the first object", 0, SIDE, 4, steps=SIDE + 1, unit="columns of 20"),
        Slider("found_second", "B finds of the second object", 0, SIDE, 17, steps=SIDE + 1, unit="columns of 20"),
        Choice("ranked", "Scores", SCORES, list(SCORES), several=True),
    ),
    lambda v: two_models(v["found_first"], v["found_second"], v["ranked"]),
    _reading,
)
