"""Classification's views of many samples: the easy ones against the hard ones, and what a mean leaves out."""

from losscore.explore.class_counts import COUNTS
from losscore.figures import theme
from losscore.figures.class_scale import LEADS, NAMES, class_scale
from losscore.figures.film import Film
from losscore.figures.gradient_share import DIVIDED, gradient_share, rows
from losscore.figures.mean_of_ten import mean_of_ten
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

SILENCED = {"focal_binary": "Focal", "asymmetric_loss": "Asymmetric"}
_SLIDERS = {control.key: control for control in loss_controls.sliders(["asymmetric_loss"], "silenced_by", more=False)}
# Where its logarithms stop is out of sight here.
_ASYMMETRIC = tuple(_SLIDERS[f"asymmetric_loss_{name}"] for name in ("gamma_neg", "clip", "gamma_pos"))


def _owner_film(values: Values) -> Film:
    key = values["silenced_by"]
    focal = {"gamma": values["focus"], "alpha": None}
    params = focal if key == "focal_binary" else loss_controls.params([key], values)[key]
    return gradient_share(key, params, values["hard_weight"], values["easy_count"], values["easy_cost"])


def _owner_reading(values: Values) -> str:
    parts = ("loss", "loss.hard", "pull", "pull.hard")
    drawn = rows(values["silenced_by"])
    # Only what is drawn as a curve stands behind its line.
    names = {slot: name if slot == "weighted" else reading.swatch(key, name) for slot, (key, name) in drawn.items()}
    told = [[name, *(reading.slot(f"owner.{slot}.{part}") for part in parts)] for slot, name in names.items()]
    heads = ["Loss function", "loss, easy : hard", "hard share of loss", "pull, easy : hard", "hard share of pull"]
    divides = f"{SILENCED[values['silenced_by']]} divides the CE of a no by"
    divided = [[divides, *(reading.slot(f"owner.divided.{p}") for p in DIVIDED)]]
    return reading.table(heads, told) + reading.table(["", *(f"at probability {p:g}" for p in DIVIDED)], divided)


OWNER = View(
    "classification/owner",
    (
        Slider("focus", "Focal's gamma", 0, 5, 2, steps=51, shown=lambda v: v["silenced_by"] == "focal_binary"),
        *_ASYMMETRIC,
        Choice("silenced_by", "Easy ones silenced by", SILENCED, "focal_binary"),
        Slider("hard_weight", "Weight of a hard sample", 1, 1000, 10, steps=31, log=True),
        Slider("easy_count", "Easy samples (100 are hard)", 100, 1_000_000, 100_000, steps=41, log=True),
        Slider("easy_cost", "Cross-entropy of an easy sample", 0.02, 0.68, 0.1, steps=34),
    ),
    _owner_film,
    _owner_reading,
)


def _scale_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, name), reading.slot(f"scale.{way}"), reading.slot(f"scale.{way}.lowest")]
        for way, (key, name) in NAMES.items()
    ]
    rows.append(["Clueless: all classes alike", reading.slot("scale.chance"), ""])
    kl = [["KL of that truth from a uniform guess", reading.slot("scale.kl.batchmean"), reading.slot("scale.kl.mean")]]
    return (
        reading.meters([reading.meter("Probability of the true class", "scale.p", theme.TRUTH)])
        + reading.table(["Loss", "of this answer", "lowest there is"], rows)
        + reading.table(["A truth of 0.9, the rest spread", "batchmean", "mean: by the classes too"], kl)
    )


SCALE = View(
    "classification/scale",
    (
        Slider("class_count", "Classes", COUNTS[0], COUNTS[-1], 10, steps=len(COUNTS), stops=COUNTS),
        Slider("lead", "Lead of the true class's logit", *LEADS, 12, steps=81),
        Slider("smoothing", "Label smoothing", 0, 0.5, 0.1, steps=51, help="Share of the truth that all classes get."),
    ),
    lambda v: class_scale(v["class_count"], v["lead"], v["smoothing"]),
    _scale_reading,
)


def _ten_reading(_: Values) -> str:
    parts = ("mean", "accuracy", "by_weight", "by_rows")
    told = {"ten": "These ten", "hesitant": "Ten at 0.51"}
    rows = [[name, *(reading.slot(f"{key}.{part}") for part in parts)] for key, name in told.items()]
    heads = ["Samples", "CE, plain mean", "accuracy", "weighted, by the weights", "weighted, by the samples"]
    return reading.table(heads, rows)


_PROBABILITIES = (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.49, 0.51, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)

TEN = View(
    "classification/ten",
    (
        Slider("tenth", "Tenth sample: probability of its truth", 0.001, 0.99, 0.001, steps=15, stops=_PROBABILITIES),
        Slider("nine", "Nine samples: probability of their truth", 0.001, 0.99, 0.99, steps=15, stops=_PROBABILITIES),
        Slider("tenth_weight", "Weight of the tenth", 1, 100, 11, steps=100),
    ),
    lambda v: mean_of_ten(v["nine"], v["tenth"], v["tenth_weight"]),
    _ten_reading,
)
