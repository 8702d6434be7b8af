"""Noise taken off a picture by its total variation: the absolute forms keep edges, the squared one does not."""

from losscore.figures.total_variation import FORMS, total_variation
from losscore.scenes.photographs import photograph
from pages.reconstruction_distorted import credit
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

LABELS = {"tv_squared": "Squared", "tv_anisotropic": "Absolute by axes", "tv_isotropic": "Absolute"}
_SHOWN = ("camera", "portrait", "cat", "step", "ramp")


def _reading(values: Values) -> str:
    chosen = [form for form in FORMS if form in values["tv_forms"]]
    names = {"truth": "truth", "noisy": "noisy"} | {form: reading.swatch(form, LABELS[form]) for form in chosen}
    rows = [
        [
            name,
            reading.slot(f"tv.{who}.weight") if who in chosen else "",
            reading.slot(f"tv.{who}.row.tv_squared"),
            reading.slot(f"tv.{who}.row.tv_anisotropic"),
            reading.slot(f"tv.{who}.psnr"),
        ]
        for who, name in names.items()
    ]
    heads = ["Picture", "weight w", "squared TV of the row", "absolute TV of the row", "PSNR to the truth (dB)"]
    least = reading.formula(r"\text{least}\quad \tfrac12 \sum_i \left(u_i - y_i\right)^2 + w \cdot \text{TV}(u)")
    note = (
        "y is the noisy picture, u the smoothed one. The squared form has the weight at which it takes off as much, in "
        "squares, as the absolute one."
    )
    return least + reading.table(heads, rows) + reading.note(note) + credit(values["tv_photo"])


VARIATION = View(
    "reconstruction/variation",
    (
        Slider("tv_weight", "Weight of total variation", 0.01, 0.5, 0.2, steps=16, log=True),
        Slider("tv_noise", "Noise: standard deviation", 0, 0.3, 0.16, steps=16),
        Slider("tv_row", "Row of the lines", 0, 63, 12, steps=64, help="The yellow line in the pictures."),
        Choice("tv_forms", "Forms", LABELS, ["tv_squared", "tv_isotropic"], several=True, most=3),
        Choice("tv_photo", "Picture", {key: photograph(key).title for key in _SHOWN}, "camera", folded=True, more=True),
    ),
    lambda v: total_variation(v["tv_photo"], v["tv_noise"], v["tv_weight"], v["tv_row"], v["tv_forms"], LABELS),
    _reading,
)  # fmt: skip
