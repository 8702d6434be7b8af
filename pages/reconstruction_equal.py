"""Pictures of one mean squared error that nobody would call equal, ranked by every other loss."""

from losscore.figures.equal_pictures import NAMES, equal_pictures
from losscore.scenes.photographs import photograph
from pages.reconstruction_distorted import HIGH, LABELS, credit
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

LEVELS = (0.0005, 0.001, 0.002, 0.003, 0.004, 0.006, 0.008, 0.01, 0.012)
# What stands behind the amount of each distortion.
_DONE = {
    "shift": " px", "blur": " px", "noise": "", "brightness": "", "contrast": " ×", "blocks": "", "patch": " px",
}  # fmt: skip
_TOLD = ("mse", "mae", "ssim", "ms_ssim", "gradient_difference", "perceptual_fixed_filters", "gram_style")


def _reading(values: Values) -> str:
    heads = ["Picture", "how much", "rank", *(LABELS[key] for key in _TOLD)]
    rows = [
        [
            NAMES[name],
            reading.slot(f"equal.{name}.amount") + unit,
            reading.slot(f"equal.{name}.rank"),
            *(reading.slot(f"equal.{name}.{key}") for key in _TOLD),
        ]
        for name, unit in _DONE.items()
    ]
    mse = reading.formula(
        r"\text{MSE} = \frac{1}{96 \cdot 96} \sum_i \left(p_i - y_i\right)^2 = \text{@l}, \quad"
        r"\text{PSNR} = \text{@d}\ \text{dB}",
        (("l", "equal.level"), ("d", "equal.noise.psnr")),
    )
    note = (
        "How much: px to the right, sigma of the blur, deviation of the noise, brightness added, contrast left, step"
        " of the rounding, side of the patch."
        f" The rank is by {LABELS[values['ranked_by']]}; nearly equal values keep the order of the rows. {HIGH}"
    )
    return mse + reading.table(heads, rows) + reading.note(note) + credit(values["equal_photo"])


EQUAL = View(
    "reconstruction/equal",
    (
        Slider("equal_mse", "MSE of all seven", LEVELS[0], LEVELS[-1], 0.01, stops=LEVELS),
        Choice("ranked_by", "Ranked by", LABELS, "ssim", folded=True),
        Choice(
            "equal_photo", "Picture", {key: photograph(key).title for key in ("portrait", "camera", "gravel")},
            "portrait", folded=True,
        ),
    ),
    lambda v: equal_pictures(v["equal_photo"], v["equal_mse"], v["ranked_by"], LABELS),
    _reading,
)  # fmt: skip
