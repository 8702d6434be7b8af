"""Regression's view of a batch: what its squared errors come to, put together in four ways."""

from losscore.explore.reductions import OTHER
from losscore.figures.batch_reductions import NAMES, batch_reductions
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

_CURVES = {way: name for way, (name, _) in NAMES.items()}
_MEAN = r"\text{MSE} = \frac{1}{n} \sum_i r_i^2 = \frac{\text{@sum}}{\text{@n}} = \text{@mean}"


def _reading(_: Values) -> str:
    rows = [
        [reading.swatch(way, name), *(reading.slot(f"{way}.{what}") for what in ("value", "one", "all"))]
        for way, name in _CURVES.items()
    ]
    heads = ["Squares put together", "value", "gradient by the first prediction", "by an offset that all share"]
    slots = (("sum", "squares_sum.value"), ("n", "n"), ("mean", "squares_mean.value"))
    return reading.table(heads, rows) + reading.formula(_MEAN, slots)


REDUCTION = View(
    "regression/reduction",
    (
        Slider("reduced_count", "Samples in the batch", 2, 16, 2, steps=8),
        Slider("reduced_first", "First of each two errors", -6, 6, 3, steps=49, help=f"The second is {OTHER:g}."),
        Choice("reduced", "Curves", _CURVES, list(_CURVES), several=True),
    ),
    lambda v: batch_reductions(v["reduced_count"], v["reduced_first"], v["reduced"]),
    _reading,
)
