"""Digits through two numbers: an autoencoder between a good copy and a code like noise."""

from losscore.figures.digit_codes import BESIDE, PLANES, REACH, digit_codes
from losscore.train.vae import PASSES, WEIGHTS
from pages.ui import reading, runs
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

_KEYS = ("vae_first", "vae_second")


def _reading(_: Values) -> str:
    written = reading.formula(
        r"L = \text{@copy} + \text{@weight} \cdot \text{@kl} = \text{@total}",
        tuple((name, f"vae.{name}") for name in ("copy", "weight", "kl", "total")),
    )
    heads = ["Mean of 300 held-out digits", "number"]
    rows = [
        [reading.swatch("recon", "Copy: squared error"), reading.slot("vae.copy")],
        ["KL of the code from N(0, 1)", reading.slot("vae.kl")],
        [reading.swatch("kl", "Weight × KL"), reading.slot("vae.weighted")],
        [reading.swatch("penalised_sum", "Total"), reading.slot("vae.total")],
        ["Variety of the digits that the copies keep", reading.slot("vae.variety")],
        ["Codes outside the figure", reading.slot("vae.outside")],
        ["New digit to the nearest real one", reading.slot("vae.strange")],
    ]
    note = (
        "Losses as in training, with drawn codes; points and copies from the middle of each code. New: decoded from "
        "six draws of N(0, 1). A held-out real digit is 1.458 from the nearest one trained on."
    )
    credit = "Digits: E. Alpaydin, C. Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0."
    return written + reading.table(heads, rows) + reading.note(note) + reading.note(credit)


VIEW = View(
    "reconstruction/vae",
    (
        Slider(
            "vae_weight", "Weight of the KL", 0, 4, 4, stops=WEIGHTS,
            help="Each stop is a network trained with it, from the same start.",
        ),
        Slider(_KEYS[0], "Point: first number", -REACH, REACH, 2, steps=81),
        Slider(_KEYS[1], "Point: second number", -REACH, REACH, -3, steps=81),
        Choice("vae_plane", "Plane", PLANES, "codes"),
        Choice("vae_beside", "Beside it", BESIDE, "copies"),
        Slider(
            "vae_passes", "Passes", 0, 80, 80, stops=PASSES, more=True, help="Through the 1497 digits of the training."
        ),
    ),
    lambda v: digit_codes(
        {weight: runs.get("digit_codes", {"weight": weight}) for weight in WEIGHTS}, v["vae_weight"],
        (v[_KEYS[0]], v[_KEYS[1]]), v["vae_passes"], v["vae_plane"], v["vae_beside"], _KEYS,
    ),
    _reading,
)  # fmt: skip

VAE = Part(
    "vae", "Digits through two numbers", "The code is as close to noise as one can wish. What is left of the digits?",
    VIEW,
)  # fmt: skip
