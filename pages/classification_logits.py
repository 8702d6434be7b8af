"""Classification's views of a single logit: what it costs, how hard it is pulled, and one neuron that follows."""

import losscore
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.labels import label
from losscore.figures.one_logit import FAR, NEAR, one_logit
from losscore.figures.one_neuron import COSTS, STEPS, one_neuron
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Switch, Values
from pages.ui.views import View

_KEYS = (
    "bce_with_logits", "hinge", "squared_hinge", "exponential", "focal_binary", "brier_binary", "zero_one", "bce_probs",
    "logistic_margin", "modified_huber", "savage",
)  # fmt: skip
_NAMES = {
    "bce_with_logits": "BCE", "focal_binary": "Focal", "brier_binary": "MSE of the sigmoid",
    "bce_probs": "BCE of the sigmoid", "zero_one": "0-1 loss",
}  # fmt: skip
LOSSES = {key: _NAMES.get(key, label(key)) for key in _KEYS}
START = ["bce_with_logits", "hinge", "zero_one", "brier_binary"]


def _is_far(values: Values) -> bool:
    return bool(values["logits"] == "far")


def _is_near(values: Values) -> bool:
    return not _is_far(values)


def _film(values: Values) -> Film:
    keys, far = values["logit_losses"], _is_far(values)
    z = values["far_z"] if far else values["z"]
    return one_logit(keys, z, loss_controls.params(keys, values), LOSSES, far=far, logarithmic=values["log_pull"])


def _with_numbers(key: str) -> str:
    """The formula with the numbers of the moment."""
    loss = losscore.get(key)
    names = ["p", *(name for name, value in loss.defaults.items() if isinstance(value, float))]
    written = loss.latex_with(**{name: rf"\text{{@{name}}}" for name in names}) + r" = \text{@value}"
    own = {"p": "p" if loss.inputs["pred"].high == 1 else "z", "value": f"{key}.loss"}
    return reading.formula(written, tuple((name, own.get(name, f"{key}.{name}")) for name in [*names, "value"]))


def _reading(values: Values) -> str:
    names = {key: reading.swatch(key, LOSSES[key]) for key in values["logit_losses"]}
    told = [
        [name, *(reading.slot(f"{key}.{part}") for part in ("loss", "slope", "low", "high"))]
        for key, name in names.items()
    ]
    formulas = [[name, _with_numbers(key)] for key, name in names.items()]
    heads = ["Loss function", "loss at z", "gradient at z", "pulls from z =", "to z ="]
    return (
        reading.meters([reading.meter("Probability of yes", "p", theme.TRUTH)])
        + reading.table(heads, told)
        + reading.note("A loss pulls where its gradient is 0.01 or more, up or down.")
        + reading.table(["Loss function", "its formula with these numbers, y being 1"], formulas)
    )


ONE_LOGIT = View(
    "classification/one-logit",
    (
        Slider("z", "Logit z", -NEAR, NEAR, -10, steps=97, shown=_is_near, help="The truth is yes: right is right."),
        Slider("far_z", "Logit z, far out", -FAR, FAR, -200, steps=81, shown=_is_far),
        Choice("logit_losses", "Losses", LOSSES, START, several=True),
        Switch("log_pull", "Size of the gradient on a log scale"),
        *loss_controls.sliders(_KEYS, "logit_losses", more=False),
        Choice("logits", "Logits", {"near": "−12 to 12", "far": "−200 to 200"}, "near", more=True),
    ),
    _film,
    _reading,
)


def _neuron_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, name), reading.slot(f"{key}.output"), reading.slot(f"{key}.pull")]
        for key, (name, _) in COSTS.items()
    ]
    return reading.table(["Cost", "output now; the truth is 0", "gradient now"], rows)


NEURON = View(
    "classification/neuron",
    (
        Slider("epoch", "Step", 0, STEPS, STEPS, steps=61),
        Slider("begin", "Weight and bias at the start", 0, 3, 2, steps=25),
        Slider("neuron_rate", "Learning rate", 0.05, 1, 0.15, steps=20),
    ),
    lambda values: one_neuron(values["epoch"], values["begin"], values["neuron_rate"]),
    _neuron_reading,
)
