"""Classification's view of whole classifiers: the line each loss draws between two classes, and what it is worth."""

from losscore.figures.class_boundary import class_boundary
from losscore.figures.film import Film
from losscore.scenes.digits import MOST_STRAYS, SCENES, YES
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

BORDERS = {
    "bce_with_logits": "Cross-entropy",
    "weighted_cross_entropy": "Weighted cross-entropy",
    "class_balanced_ce": "Class-balanced cross-entropy",
    "focal_binary": "Focal",
    "hinge": "Hinge",
    "mse": "MSE on −1, +1",
}
START = [key for key in BORDERS if key != "class_balanced_ce"]
# Focal's alpha would weigh the classes, which is what weighted cross-entropy is here for.
TUNED = tuple(
    control
    for control in loss_controls.sliders(["focal_binary", "class_balanced_ce"], "borders", more=False)
    if control.key != "focal_binary_alpha"
)


def _boundary_film(values: Values) -> Film:
    chosen = {key: BORDERS[key] for key in values["borders"]}
    params = {
        "focal_binary": {"gamma": values["focal_binary_gamma"], "alpha": None},
        "class_balanced_ce": {"beta": values["class_balanced_ce_beta"]},
    }
    return class_boundary(
        values["told_apart"], chosen, params, values["rare"] / 100, values["wrong"] / 100, values["strays"],
        values["stray_at"], values["judged"],
    )  # fmt: skip


def _boundary_reading(values: Values) -> str:
    told = ("weight", "accuracy", "f1", "auc", "calibration", "blind")
    rows = [
        [reading.swatch(key, BORDERS[key]), *(reading.slot(f"{key}.{name}") for name in told)]
        for key in values["borders"]
    ]
    rare = YES[values["told_apart"]]
    heads = ["Loss function", "weight", "accuracy", f"F1 of {rare}", "AUC", "calibration error", "says unseen"]
    return reading.table(heads, rows) + reading.note(
        f"On pictures held out of training, all labelled right, with the same share. Weight: of one {rare}, the others"
        " having 1. Says unseen: the best probability to say of a picture that nobody sees. The hinge says no"
        " probability."
    )


BOUNDARY = View(
    "classification/boundary",
    (
        Slider("stray_at", "Place of the far ones", -4, 4, 4, steps=33, unit="SD"),
        Slider("strays", "Far ones", 0, MOST_STRAYS, MOST_STRAYS, steps=MOST_STRAYS + 1),
        Slider("rare", "Share of eights (or faces)", 5, 50, 50, steps=46, unit="%", help="In training and after."),
        Slider("wrong", "Flipped labels", 0, 40, 0, steps=41, unit="%", help="In training, of each class."),
        Choice("borders", "Losses", BORDERS, START, several=True),
        *TUNED,
        Choice(
            "judged", "Second panel", {"reliability": "Reliability", "roc": "ROC"}, "reliability", more=True
        ),
        Choice("told_apart", "What is told apart", SCENES, "digits", folded=True, more=True),
    ),
    _boundary_film,
    _boundary_reading,
)  # fmt: skip

A_BOUNDARY = Part(
    "boundary", "A boundary", "Twelve eights lie far out, on the right side. Whose line moves?", BOUNDARY,
)  # fmt: skip
