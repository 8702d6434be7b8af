"""Directions on a circle: a positive, five rivals, and which of them a loss minds."""

from losscore.explore.circle import FORMULAS, WITH_MARGIN, WITH_TEMPERATURE
from losscore.figures.on_a_circle import RIVALS, SETTINGS, on_a_circle
from losscore.typeset import names as symbols
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

NAMES = {
    "info_nce_symmetric": "InfoNCE",
    "cosine_embedding": "Cosine embedding",
    "arcface": "ArcFace",
    "cosface": "CosFace",
    "proxy_nca": "Proxy-NCA",
    "proxy_nca_softmax": "Proxy-NCA, softmax",
    "cosine_proximity": "Cosine proximity",
}
_START = {"positive": 40, "n1": 60, "n2": 80, "n3": 130, "n4": -100, "n5": -150}
_NOTE = (
    "Part of the push: of all that the negatives add to the loss's derivative by the anchor's cosines. Pull: length of "
    "the gradient. Arrows point downhill along the circle, as long as the square root of the pull, full at 4. "
    "InfoNCE is that of this one anchor, a batch has the mean over all. ArcFace and CosFace take 1 / temperature for "
    "their scale."
)


def _angle(key: str) -> Slider:
    name = f"Negative {key[1:]}" if key != "positive" else "Positive"
    more = key not in ("positive", "n1")
    return Slider(f"circle_{key}", name, -180, 180, _START[key], steps=73, unit="°", more=more)


def _reading(values: Values) -> str:
    drawn, every = values["circle_losses"], [f"n{k}" for k in range(1, RIVALS + 1)]
    rows = [
        [reading.swatch(key, NAMES[key]), *(reading.slot(f"circle.{key}.{name}") for name in every)] for key in drawn
    ]
    sums = [
        [reading.swatch(key, NAMES[key]), reading.slot(f"circle.{key}")]
        + [reading.slot(f"circle.{key}.{name}") for name in ("anchor", "positive", "push")]
        for key in drawn
    ]
    formulas = [
        [
            reading.swatch(key, NAMES[key]),
            reading.worked(FORMULAS[key], {s: f"circle.{s}" for s in symbols(FORMULAS[key])}, f"circle.{key}"),
        ]
        for key in drawn
    ]
    return (
        reading.table(["Part of the push", *(f"negative {k}" for k in range(1, RIVALS + 1))], rows)
        + reading.table(["Pull on the", "loss", "anchor", "positive", "negatives, summed"], sums)
        + reading.table(["Loss", "its formula with these cosines"], formulas)
        + reading.note(_NOTE)
    )  # fmt: skip


VIEW = View(
    "embeddings/circle",
    (
        Slider(
            "circle_temperature", "Temperature", 0.02, 1, 0.1, steps=41, log=True,
            shown=lambda values: any(key in WITH_TEMPERATURE for key in values["circle_losses"]),
            help="The cosines are divided by it before they compete.",
        ),
        _angle("n1"),
        _angle("positive"),
        Choice(
            "circle_losses", "Bars, arrows and curves", NAMES, ["info_nce_symmetric", "cosine_embedding"], several=True,
            most=3,
        ),
        Slider(
            "circle_margin", "Margin", 0, 1, 0.5, steps=41,
            shown=lambda values: any(key in WITH_MARGIN for key in values["circle_losses"]),
            help="Added to the angle in radians (ArcFace), taken off the cosine (CosFace).",
        ),
        Slider(
            "circle_cosine_margin", "Margin of cosine embedding", -1, 1, 0, steps=41, more=True,
            shown=lambda values: "cosine_embedding" in values["circle_losses"],
            help="The cosine at which a negative is far enough.",
        ),
        *(_angle(f"n{k}") for k in range(2, RIVALS + 1)),
    ),
    lambda v: on_a_circle(
        {key: v[f"circle_{key}"] for key in _START}, {key: v[f"circle_{key}"] for key in SETTINGS}, NAMES,
        v["circle_losses"],
    ),
    _reading,
)  # fmt: skip

CIRCLE = Part("circle", "On a circle", "Five negatives, one push. Who bears it?", VIEW)
