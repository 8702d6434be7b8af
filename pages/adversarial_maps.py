"""Two distributions on a line, and two domains with maps there and back."""

from losscore.explore.shifted import BEST
from losscore.figures.cycle_maps import cycle_maps
from losscore.figures.two_bells import DISTANCES, FARTHEST, two_bells
from pages.adversarial_scores import GENERATORS
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

_BEST = {key: GENERATORS[key] for key in BEST}


def _line_reading(values: Values) -> str:
    far = zip(DISTANCES.items(), ("js", "w1"), strict=True)
    rows = [[reading.swatch(key, name), reading.slot(f"line.{slot}")] for (key, name), slot in far]
    rows.append(["Best critic D at the made bell", reading.slot("line.middle")])
    pulls = [[reading.swatch(key, _BEST[key]), reading.slot(f"{key}.pull")] for key in values["line_makers"]]
    note = (
        "Gradient: how fast the generator's loss falls as the made bell moves home, against the best critic, on "
        "average. A gradient of 0 lies below the axis. Two bells of one width."
    )
    return reading.table(["", "now"], rows) + reading.table(["Loss", "gradient"], pulls) + reading.note(note)


LINE = View(
    "adversarial/line",
    (
        Slider("line_apart", "Distance of the made bell", 0, FARTHEST, 4.0, steps=61),
        Slider("line_width", "Width of both", 0.3, 1.5, 0.5, steps=13, live=False),
        Choice(
            "line_makers", "Losses", _BEST, ["gan_g_saturating", "gan_g_nonsaturating", "hinge_g", "wgan_g"],
            several=True,
        ),
    ),
    lambda v: two_bells(v["line_apart"], v["line_width"], v["line_makers"], _BEST),
    _line_reading,
)  # fmt: skip

_TERMS = {"cycle_consistency": "Cycle", "identity_loss": "Identity"}
_LABELS = {"matching": "Matching of the clouds"} | _TERMS | {"cycle_sum": "Sum"}


def _weights(values: Values) -> Values:
    return {key: values[f"{key}_weight"] for key in values["cycle_terms"]}


def _cycle_reading(values: Values) -> str:
    keys = ("matching", *values["cycle_terms"], *(("cycle_sum",) if values["cycle_terms"] else ()))
    rows = [[reading.swatch(key, _LABELS[key]), reading.slot(f"cycle.{key}")] for key in keys]
    rows.append(["Points where they belong", reading.slot("cycle.right")])
    note = (
        "Matching: the sliced Wasserstein distance of the clouds, both ways: what a perfect critic sees. The true map "
        "turns by 25°. Large and hollow: where the points of this shape belong."
    )
    return reading.table(["", "weighted"], rows) + reading.note(note)


CYCLE = View(
    "adversarial/cycle",
    (
        Slider("turn_there", "Turn there, G", 0, 360, 115, steps=73, unit="°"),
        Slider("turn_back", "Turn back, F", -360, 0, -115, steps=73, unit="°"),
        Choice("cycle_terms", "Beside the matching", _TERMS, ["cycle_consistency"], several=True, most=2),
        Slider(
            "cycle_consistency_weight", "Weight of the cycle", 0, 10, 1.0, steps=41,
            shown=lambda values: "cycle_consistency" in values["cycle_terms"],
        ),
        Slider(
            "identity_loss_weight", "Weight of the identity loss", 0, 10, 1.0, steps=41,
            shown=lambda values: "identity_loss" in values["cycle_terms"],
        ),
    ),
    lambda v: cycle_maps(v["turn_there"], v["turn_back"], _weights(v), _LABELS),
    _cycle_reading,
)  # fmt: skip
