"""One bell for two modes, by either side of KL."""

from losscore.figures.one_bell import one_bell
from losscore.scenes.two_modes import FARTHEST, NARROWEST, WIDEST
from pages.ui import reading
from pages.ui.controls import Slider, Values
from pages.ui.views import View

NAMES = {"kl_divergence": "KL(true ‖ bell)", "kl_reversed": "KL(bell ‖ true)"}


def _modes_reading(_: Values) -> str:
    parts = ("place", "width", *NAMES)
    rows = [
        [reading.swatch(side, f"Least {name}"), *(reading.slot(f"{side}.{part}") for part in parts)]
        for side, name in NAMES.items()
    ]
    heads = ["The bell with the", "place", "width", *(f"its {name}" for name in NAMES.values())]
    tossed = [["The coin against a fair one", *(reading.slot(f"coin.{side}") for side in NAMES)]]
    return reading.table(heads, rows) + reading.table(["", "KL(coin ‖ fair)", "KL(fair ‖ coin)"], tossed)


MODES = View(
    "distributions/modes",
    (
        Slider("mode_apart", "Modes at ±", 0, FARTHEST, 2.0, steps=31),
        Slider("mode_width", "Width of each mode", NARROWEST, WIDEST, 0.5, steps=17),
        Slider("mode_right", "Share of the right mode", 0.1, 0.9, 0.5, steps=17),
        Slider("mode_coin", "The coin's share of heads", 0.01, 0.99, 0.9, steps=99),
    ),
    lambda v: one_bell({name: v[f"mode_{name}"] for name in ("apart", "width", "right", "coin")}, NAMES),
    _modes_reading,
)
