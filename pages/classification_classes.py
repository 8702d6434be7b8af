"""Classification's view of three classes: every answer there is, in a triangle."""

from losscore.figures.film import Film
from losscore.figures.probability_triangle import CLASSES, probability_triangle
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

OVER_CLASSES = {
    "cross_entropy": "Cross-entropy",
    "label_smoothing_ce": "Label smoothing",
    "focal_multiclass": "Focal",
    "generalized_ce": "Generalised CE",
    "brier_multiclass": "Brier score",
    "kl_divergence": "KL to a soft truth",
}
# Those that are chosen to be beside them in the table.
_FURTHER = {
    "soft_cross_entropy": "Cross-entropy, soft truth",
    "js_divergence": "Jensen-Shannon, soft truth",
    "poly1_ce": "Poly-1",
    "mae_probs": "Absolute error",
    "multiclass_hinge_cs": "Hinge, best rival",
    "multiclass_hinge_ww": "Hinge, all rivals",
    "zero_one_multiclass": "0-1 loss",
}
_OFFERED = OVER_CLASSES | _FURTHER


def _told(values: Values) -> dict[str, str]:
    """The losses in the table: the chosen one among them."""
    chosen = values["over_classes"]
    return OVER_CLASSES | {chosen: _OFFERED[chosen]}


_STAR = "The star is the cheapest answer; where many cost the same, the one of them that is least sure of the cat."


def _triangle_film(values: Values) -> Film:
    params = loss_controls.params(_told(values), values)
    return probability_triangle(
        values["over_classes"], values["p_cat"], values["dog_fish"], _told(values), params, values["soft"]
    )


def _triangle_reading(values: Values) -> str:
    now = [["The answer", *(reading.slot(slot) for slot in (*(f"p.{name}" for name in CLASSES), "best"))]]
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"{key}.{told}") for told in ("loss", *CLASSES))]
        for key, name in _told(values).items()
    ]
    heads = ["Loss function", "loss", *(f"push on {name}" for name in CLASSES)]
    places = ["", *(f"p({name})" for name in CLASSES), "p(cat) at the star"]
    return reading.table(heads, rows) + reading.table(places, now) + reading.note(_STAR)


def _is_soft(values: Values) -> bool:
    return values["over_classes"] in ("kl_divergence", "soft_cross_entropy", "js_divergence")


TRIANGLE = View(
    "classification/triangle",
    (
        Slider("p_cat", "p(cat), the truth", 0.01, 0.99, 0.1, steps=99),
        Slider("dog_fish", "Dog : fish", 0.02, 50, 1.25, steps=61, log=True, help="How the two share the rest."),
        Choice("over_classes", "Loss", _OFFERED, "cross_entropy", folded=True),
        Slider("soft", "Cat's share of the truth", 0.34, 1, 0.7, steps=67, shown=_is_soft),
        *loss_controls.sliders(_OFFERED, "over_classes", more=False),
    ),
    _triangle_film,
    _triangle_reading,
)

THREE_CLASSES = Part(
    "triangle", "Three classes", "The cat gets 0.1. Does it matter how dog and fish share the rest?", TRIANGLE,
)  # fmt: skip
