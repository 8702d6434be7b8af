"""Holes in digits, filled by a network: pixels, features and a critic, alone and together."""

from losscore.figures.filled_holes import MEASURES, filled_holes
from losscore.train.inpainting import TERMS
from pages.ui import reading, runs
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

_LABELS = {"mix": "Your sum", "pixel": "Pixels alone", "perceptual": "Features alone", "adversarial": "Critic alone"}
_SHORT = {
    "mix": "your<br>sum", "pixel": "pixels<br>alone", "perceptual": "features<br>alone",
    "adversarial": "critic<br>alone",
}  # fmt: skip


def _needs(values: Values) -> dict[str, runs.Need]:
    """Which run each name means."""
    alone: dict[str, runs.Need] = {
        name: ("inpainting", {term: 1.0 if term == name else 0.0 for term in TERMS}) for name in TERMS
    }
    return {"mix": ("inpainting", {term: float(values[f"fill_{term}"]) for term in TERMS})} | alone


def _reading(_: Values) -> str:
    terms = ("pixels", "features", "critic")
    written = reading.formula(
        "L = " + " + ".join(rf"\text{{@{name}}} \cdot L_{{\text{{{name}}}}}" for name in terms),
        tuple((name, f"fill.weight.{term}") for name, term in zip(terms, TERMS, strict=True)),
    )
    rows = [
        [reading.swatch(f"filled_{name}", label), *(reading.slot(f"fill.{name}.{part}") for part in MEASURES)]
        for name, label in _LABELS.items()
    ]
    note = (
        "Of 300 held-out digits. Contrast: the variance within the fills, 1 as in the digits themselves. Read right: "
        "the nearest of the digits trained on is the same digit. Features: edges in eight directions and spots. "
        "Critic: a second network that learns to tell fills from digits."
    )
    credit = "Digits: E. Alpaydin, C. Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0."
    table = reading.table(["Trained with", *MEASURES.values()], rows)
    return written + table + reading.note(note) + reading.note(credit)


VIEW = View(
    "reconstruction/inpainting",
    (
        Slider("fill_epoch", "Epoch", 0, 40, 40, steps=41, help="The training set of 1497 digits, gone through once."),
        Slider("fill_pixel", "Weight of pixels", 0, 3, 1, stops=(0, 0.3, 1, 3), live=False, help="Squared error."),
        Slider(
            "fill_perceptual", "Weight of features", 0, 3, 1, stops=(0, 0.3, 1, 3), live=False,
            help="The perceptual loss, of fixed filters.",
        ),
        Slider(
            "fill_adversarial", "Weight of the critic", 0, 1, 0.3, stops=(0, 0.03, 0.1, 0.3, 1), live=False,
            help="The adversarial loss, non-saturating.",
        ),
        Choice("fill_measure", "Beside the digits", MEASURES, "contrast", folded=True),
    ),
    lambda v: filled_holes(
        {name: runs.get(*need) for name, need in _needs(v).items()}, v["fill_epoch"], v["fill_measure"], _LABELS, _SHORT
    ),
    _reading,
    trained=lambda values: list({str(need): need for need in _needs(values).values()}.values()),
)  # fmt: skip

INPAINTING = Part(
    "inpainting", "Filling a hole", "The fill with the smallest pixel error: is it the one you would hand in?", VIEW,
)  # fmt: skip
