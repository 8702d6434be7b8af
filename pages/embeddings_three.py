"""An anchor, a positive and a negative: which of them a loss moves, and when it falls silent."""

from losscore.figures import theme
from losscore.figures.three_points import POINTS, SPAN, three_points
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

NAMES = {
    "triplet_euclidean": "Triplet",
    "triplet_squared": "Triplet, squared",
    "contrastive": "Contrastive",
    "margin_ranking": "Margin ranking",
    "logistic_margin": "Soft triplet",
    "cosine_embedding": "Cosine embedding",
}
_LEAD = r"\text{@near} - \text{@far}"
FORMULAS = {
    "triplet_euclidean": rf"\max(0, {_LEAD} + \text{{@margin}})",
    "triplet_squared": r"\max(0, \text{@near}^2 - \text{@far}^2 + \text{@margin})",
    "contrastive": r"\tfrac12 \cdot \text{@near}^2 + \tfrac12 \cdot \max(0, \text{@margin} - \text{@far})^2",
    "margin_ranking": rf"\max(0, {_LEAD} + \text{{@margin}})",
    "logistic_margin": rf"\ln(1 + e^{{{_LEAD}}})",
    "cosine_embedding": r"1 - (\text{@cos_near}) + \max(0, (\text{@cos_far}) - (\text{@cosine_margin}))",
}
SLOTS = ("near", "far", "margin", "cos_near", "cos_far", "cosine_margin")
_FULL = 4  # where a bar is full
_START = {"anchor": (0.2, -0.2), "positive": (1.4, 0.3), "negative": (-1.0, 1.3)}
_ARROWS = (
    "Pull: length of the gradient at a point. Arrows point downhill, the way the point would go. Their length follows "
    "the square root of the pull and is full at 4. Contrastive pushes the negative only inside the thin ring around "
    "the anchor."
)


def _place(point: str, axis: int, *, more: bool) -> Slider:
    key, way = (("x", "across"), ("y", "up"))[axis]
    label = f"{point.capitalize()}, {way}"
    return Slider(f"{point}_{key}", label, -SPAN, SPAN, _START[point][axis], steps=41, more=more)


def _margin_matters(values: Values) -> bool:
    return any(key not in ("cosine_embedding", "logistic_margin") for key in values["three_losses"])


def _written(key: str) -> str:
    """The loss with the numbers of the moment."""
    slots = tuple((name, f"three.{name}") for name in SLOTS)
    return reading.formula(
        rf"\text{{{NAMES[key]}}} = {FORMULAS[key]} = \text{{@value}}", (*slots, ("value", f"three.{key}"))
    )


def _reading(values: Values) -> str:
    drawn = values["three_losses"]
    bars = [reading.meter(name, f"three.{key}", theme.colour(key), 0, _FULL) for key, name in NAMES.items()]
    rows = [[reading.swatch(key, NAMES[key]), *(reading.slot(f"three.{key}.{p}") for p in POINTS)] for key in drawn]
    pairs = [
        [f"anchor – {other}", reading.slot(f"three.{word}"), reading.slot(f"three.cos_{word}"), zone]
        for word, other, zone in (("near", "positive", ""), ("far", "negative", reading.slot("three.zone")))
    ]
    return (
        "".join(_written(key) for key in drawn)
        + reading.table(["Pair", "distance", "cosine", "zone"], pairs)
        + reading.table(["Pull on the", *POINTS], rows)
        + reading.meters(bars) + reading.note(f"Bars: losses, from 0 and full at {_FULL}. {_ARROWS}")
    )  # fmt: skip


VIEW = View(
    "embeddings/three",
    (
        _place("negative", 0, more=False),
        _place("negative", 1, more=False),
        Slider(
            "three_margin", "Margin", 0.1, 2, 0.5, steps=39, shown=_margin_matters,
            help="By how much farther than the positive the negative has to be.",
        ),
        Choice(
            "three_losses", "Arrows and curves", NAMES, ["triplet_euclidean", "contrastive"], several=True, most=3
        ),
        _place("positive", 0, more=True),
        _place("positive", 1, more=True),
        _place("anchor", 0, more=True),
        _place("anchor", 1, more=True),
        Slider(
            "cosine_margin", "Margin of cosine embedding", -1, 1, 0, steps=41, more=True,
            shown=lambda values: "cosine_embedding" in values["three_losses"],
            help="The cosine at which the negative is far enough.",
        ),
    ),
    lambda v: three_points(
        {f"{point}_{axis}": v[f"{point}_{axis}"] for point in POINTS for axis in "xy"},
        v["three_margin"], v["cosine_margin"], NAMES, v["three_losses"],
    ),
    _reading,
)  # fmt: skip

THREE = Part("three", "Three points", "The positive is far from its anchor. Why does the triplet loss not care?", VIEW)
