"""A photograph made worse by sliders: what each loss says of it, and where it finds its errors."""

from dataclasses import replace

from losscore.explore.error_maps import MAPPED
from losscore.figures import theme
from losscore.figures.distorted_picture import distorted_picture
from losscore.scenes.distortions import DISTORTIONS
from losscore.scenes.photographs import PHOTOGRAPHS, photograph
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

# key -> (name, the value at which its bar is full)
BARS: dict[str, tuple[str, float]] = {
    "mse": ("MSE", 0.05),
    "mae": ("MAE", 0.25),
    "charbonnier": ("Charbonnier", 0.25),
    "psnr": ("PSNR (dB)", 50),
    "ssim": ("SSIM loss", 1),
    "ms_ssim": ("MS-SSIM index", 1),
    "gradient_difference": ("Gradient difference", 1500),
    "perceptual_fixed_filters": ("Perceptual", 1000),
    "gram_style": ("Style", 2e-5),
}
_CALLED = {"shift": "moved", "noise": "grain"}  # in the address, where a name stands for one thing in the whole app
LABELS = {key: name for key, (name, _) in BARS.items()}
HIGH = "PSNR and MS-SSIM are the other way round: more is better."
BANK = "Perceptual and style here see ten filters of 3 x 3 px that were written down, no trained network."
PICTURE = Choice(
    "photo", "Picture", {key: photograph(key).title for key in (*PHOTOGRAPHS, "stripes")}, "camera", folded=True
)


def bars(view: str) -> str:
    """A bar for each loss from 0 to its full value, and a line that says where each is full."""
    rows = [reading.meter(name, f"{view}.{key}", theme.colour(key), 0, full) for key, (name, full) in BARS.items()]
    ends = ", ".join(f"{name} at {full:g}" for name, full in BARS.values() if full != 1)
    return reading.meters(rows) + reading.note(f"Bars run from 0 and are full at 1; {ends}. {HIGH} {BANK}")


def credit(picture: str) -> str:
    return reading.note(f"Picture. {photograph(picture).credit}")


def _reading(values: Values) -> str:
    decibels = reading.formula(
        r"\text{PSNR} = 10 \log_{10} \frac{1}{\text{MSE}} = 10 \log_{10} \frac{1}{\text{@m}} = \text{@d}\ \text{dB}",
        (("m", "distorted.mse"), ("d", "distorted.psnr")),
    )
    return bars("distorted") + decibels + credit(values["photo"])


DISTORTED = View(
    "reconstruction/distorted",
    (
        Slider("brightness", "Brightness added", 0, 0.3, 0.15, steps=31, help="Black is 0, white is 1."),
        Slider("blur", "Blur: sigma", 0, 3, 0, steps=31, unit="px"),
        Slider("grain", "Noise: standard deviation", 0, 0.3, 0, steps=31),
        Choice("error_of", "Map of", {key: LABELS[key] for key in MAPPED}, "mse", folded=True),
        replace(PICTURE, more=True),
        Slider("moved", "Shift to the right", 0, 6, 0, steps=31, unit="px", more=True),
        Slider("contrast", "Contrast: factor", 0, 1, 1, steps=21, more=True, help="0 is flat grey."),
        Slider("blocks", "Blocks: step of the rounding", 0, 1.5, 0, steps=31, more=True,
               help="Waves of each 8 x 8 px are rounded to multiples of it, as in JPEG."),
        Slider("patch", "Patch over it: side", 0, 60, 0, steps=31, unit="px", more=True),
        Choice(
            "judge_curves", "Curves", LABELS, ["mse", "ssim", "gradient_difference"], several=True, most=5, more=True
        ),
    ),
    lambda v: distorted_picture(
        v["photo"], {name: v[_CALLED.get(name, name)] for name in DISTORTIONS}, v["error_of"],
        v["judge_curves"], BARS,
    ),
    _reading,
)  # fmt: skip
