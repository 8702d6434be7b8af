"""Real digits: one small network, one start, the same batches, and eight losses that lay them out."""

from typing import Any

from losscore.figures.trained_digits import BESIDE, trained_digits
from losscore.train.digits import LOSSES, MARGINED
from pages.ui import reading, runs
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

NAMES = {
    "contrastive": "Contrastive",
    "triplet_squared": "Triplet, random",
    "triplet_semi_hard_all": "Triplet, semi-hard",
    "triplet_batch_hard": "Triplet, batch hard",
    "n_pair": "N-pair",
    "nt_xent": "NT-Xent",
    "proxy_nca": "Proxy-NCA",
    "arcface": "ArcFace",
}
WIDE = 16  # numbers a picture, for those who wonder what two of them cost
_SIDES = ("left", "right")


def _margin_matters(values: Values) -> bool:
    return any(values[f"digits_{side}"] in MARGINED for side in _SIDES)


def _side(values: Values, side: str) -> runs.Need:
    loss = values[f"digits_{side}"]
    settings: dict[str, Any] = {"loss": loss, "rate": values["digits_rate"], "seed": int(values["digits_seed"])}
    return "digits_plane", settings | ({"margin": values["digits_margin"]} if loss in MARGINED else {})


def _trained(values: Values) -> list[runs.Need]:
    left, right = (_side(values, side) for side in _SIDES)
    return [left] if left == right else [left, right]


def _spread(dims: int) -> dict[str, Any]:
    """Twelve starts of every loss; they ship with the project."""
    return {loss: runs.get("digits_spread", {"loss": loss, "dims": dims}) for loss in LOSSES}


def _reading(values: Values) -> str:
    parts = ("recall", "loss", "spread")
    now = [
        [reading.swatch(values[f"digits_{side}"], f"{NAMES[values[f'digits_{side}']]}, {side}")]
        + [reading.slot(f"digits.{side}.{part}") for part in parts]
        for side in _SIDES
    ]
    every = [
        [reading.swatch(key, name), *(reading.slot(f"digits.{key}.{part}") for part in ("mean", "low", "high", "wide"))]
        for key, name in NAMES.items()
    ]
    heads = ["Twelve starts at this epoch", "mean", "lowest", "highest", f"mean with {WIDE} numbers"]
    note = "Recall@1 of 300 held-out digits. Twelve starts: seeds 0 to 11, margin 1, step size 0.003."
    credit = "Digits: E. Alpaydin, C. Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0."
    return (
        reading.table(["This start", "Recall@1", "loss", "spread"], now) + reading.table(heads, every)
        + reading.note(note) + reading.note(credit)
    )  # fmt: skip


VIEW = View(
    "embeddings/trained",
    (
        Slider("digits_epoch", "Epoch", 0, 40, 6, steps=41, help="15 batches of 10 digits x 8 pictures each."),
        Choice("digits_left", "Loss on the left", NAMES, "triplet_batch_hard", folded=True),
        Choice("digits_right", "Loss on the right", NAMES, "triplet_semi_hard_all", folded=True),
        Choice("digits_beside", "Beside them", BESIDE, "recall"),
        Slider(
            "digits_seed", "Start", 0, 20, 0, steps=21, live=False, more=True,
            help="Seed of the first weights and of the batches. Start 0 is there; others are trained on request.",
        ),
        Slider(
            "digits_margin", "Margin", 0.2, 2, 1, stops=(0.2, 0.5, 1, 2), live=False, more=True,
            shown=_margin_matters, help="Of contrastive and triplets.",
        ),
        Slider(
            "digits_rate", "Step size", 0.001, 0.01, 0.003, stops=(0.001, 0.003, 0.01), live=False, more=True,
            help="Of Adam.",
        ),
    ),
    lambda v: trained_digits(
        [runs.get(*_side(v, side)) for side in _SIDES], _spread(2), _spread(WIDE), v["digits_epoch"],
        v["digits_beside"], NAMES,
    ),
    _reading,
    trained=_trained,
)  # fmt: skip

TRAINED = Part(
    "trained", "Trained on real digits", "Same network, same start, same batches: what does the loss make of them?",
    VIEW,
)  # fmt: skip
