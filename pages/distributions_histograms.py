"""Two histograms: what losses say of them, and the plan by which one is moved onto the other."""

from dataclasses import replace

from losscore.explore.histograms import REVERSED
from losscore.figures import theme
from losscore.figures.two_histograms import MIDDLE, two_histograms
from losscore.scenes.histograms import BINS, FLOOR, SPIKE, TRUTHS
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

# key -> (name, the value at which its bar is full)
BARS: dict[str, tuple[str, float]] = {
    "kl_divergence": ("KL(true ‖ pred.)", 8),
    REVERSED: ("KL(pred. ‖ true)", 8),
    "js_divergence": ("Jensen-Shannon", 0.6931),
    "soft_cross_entropy": ("Cross-entropy", 8),
    "emd_histogram": ("Earth mover's", 8),
    "emd_squared_cdf": ("EMD, squared", 8),
    "sinkhorn_transport_cost": ("Sinkhorn cost", 8),
    "wasserstein1_samples": ("Wasserstein-1", 8),
    "wasserstein2sq_samples": ("Wasserstein-2²", 64),
    "energy_distance_sq": ("Energy distance²", 16),
    "mmd_rbf_biased": ("MMD², biased", 2),
    "mmd_rbf_unbiased": ("MMD², unbiased", 2),
}
LABELS = {key: name for key, (name, _) in BARS.items()}
_TUNED = ("mmd_rbf_biased", "mmd_rbf_unbiased")
_SINKHORN = "sinkhorn_transport_cost"
_TRUE = {key: title for key, (title, _) in TRUTHS.items()}
_GRAINS = (
    "The last five see samples: 100 numbers, one at each percentile of a histogram. The middle panel draws the "
    "downhill gradient by the bins' shares, each loss on its own scale; those five have no line there."
)


def _hist_reading(_: Values) -> str:
    rows = [reading.meter(name, f"hist.{key}", theme.colour(key), 0, full) for key, (name, full) in BARS.items()]
    full = ", ".join(f"{name} at {top:.3g}" for name, top in BARS.values() if top != 8)
    return reading.meters(rows) + reading.note(f"Bars run from 0 and are full at 8; {full}. {_GRAINS}")


def _is_seen(values: Values) -> bool:
    """Whether Sinkhorn's plan or its cost is drawn."""
    return _SINKHORN in values["hist_losses"] or values["hist_middle"] == "plan"


HISTOGRAMS = View(
    "distributions/histograms",
    (
        Slider("hist_place", "Predicted: place", 1, BINS, 5.0, steps=BINS, unit="bin"),
        Slider("hist_spread", "Predicted: spread", SPIKE, 3, SPIKE, steps=30, unit="bins"),
        Choice(
            "hist_losses", "Losses drawn", LABELS, ["kl_divergence", "js_divergence", "emd_histogram"], several=True,
            most=5,
        ),
        *(replace(slider, shown=_is_seen) for slider in loss_controls.sliders((_SINKHORN,), "hist_losses", more=False)),
        Choice("hist_true", "True histogram", _TRUE, "spike", folded=True, more=True),
        Choice("hist_middle", "In the middle", MIDDLE, "wishes", folded=True, more=True),
        *loss_controls.on_release(loss_controls.sliders(_TUNED, "hist_losses")),
        Slider(
            "hist_floor", "Least share of a bin", 1e-6, 1e-2, FLOOR, stops=(1e-6, 1e-5, 1e-4, FLOOR, 1e-2), live=False,
            more=True, help="With an empty bin KL is infinite.",
        ),
        Switch("hist_own", "Each curve on its own scale", more=True, help="Each from its lowest to its highest."),
    ),
    lambda v: two_histograms(
        v["hist_true"],
        {"place": v["hist_place"], "spread": v["hist_spread"], "reg": v[f"{_SINKHORN}_reg"]}, LABELS, v["hist_losses"],
        loss_controls.params(_TUNED, v), floor=v["hist_floor"], middle=v["hist_middle"], own_scale=v["hist_own"],
    ),
    _hist_reading,
)  # fmt: skip
