"""Perceptual and style losses on filters that were written down: what they find, and what they forgive."""

from losscore.figures import theme
from losscore.figures.feature_maps import KEYS, feature_maps
from losscore.scenes.filters import FILTERS
from losscore.scenes.photographs import PHOTOGRAPHS, photograph
from pages.reconstruction_distorted import LABELS, credit
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

_NAMES = {name.replace(" ", "-"): name.removeprefix("brighter ") for name in FILTERS}
_FIRST = ["brighter-right", "brighter-up", "brighter-up-left", "dark-spot"]
_PICTURES = {key: photograph(key).title for key in PHOTOGRAPHS}


def _reading(values: Values) -> str:
    other = photograph(values["feature_other"]).title
    shares = [
        reading.meter(f"{LABELS[key]}, % of {other}", f"features.{key}.share", theme.colour(key), 0, 150)
        for key in KEYS
    ]
    rows = [[LABELS[key], reading.slot(f"features.{key}.now"), reading.slot(f"features.{key}.other")] for key in KEYS]
    style = reading.formula(
        r"\text{style} = \left\| G(p) - G(y) \right\|_F^2 = \text{@s}, \quad G(x) = \frac{x x^\top}{C N}",
        (("s", "features.gram_style.now"),),
    )
    note = (
        "Bars are full at 150 %. Filters answer where the picture gets brighter the way they are named after, or at a"
        " spot; full colour at 0.4. The last column holds G: how strongly each two of the ten answer at the same place."
        " No network, nothing learned."
    )
    table = reading.table(["Distance from the truth", "changed", other], rows)
    return reading.meters(shares) + style + table + reading.note(note) + credit(values["feature_photo"])


FEATURES = View(
    "reconstruction/features",
    (
        Slider("feature_shift", "Shift to the right", 0, 6, 6, steps=13, unit="px"),
        Slider("feature_blur", "Blur: sigma", 0, 3, 0, steps=16, unit="px"),
        Slider("feature_contrast", "Contrast: factor", 0, 1, 1, steps=11),
        Switch("feature_mixed", "Tiles change places", help="The changed picture is cut into 16 squares and mixed."),
        Choice("feature_photo", "Picture", _PICTURES, "gravel", folded=True, more=True),
        Choice("feature_other", "Compared with", _PICTURES, "bricks", folded=True, more=True),
        Choice("feature_filters", "Filters shown", _NAMES, _FIRST, several=True, most=4, more=True),
    ),
    lambda v: feature_maps(
        v["feature_photo"], v["feature_other"],
        {name: v[f"feature_{name}"] for name in ("shift", "blur", "contrast")},
        [name.replace("-", " ") for name in v["feature_filters"]], LABELS, mixed=v["feature_mixed"],
    ),
    _reading,
)  # fmt: skip
