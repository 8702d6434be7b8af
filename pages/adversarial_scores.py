"""One true and one made sample: what their scores cost the generator and the critic."""

from collections.abc import Mapping

from losscore.explore.duel import FORMULAS
from losscore.figures.critic_slope import STEEPEST, critic_slope
from losscore.figures.score_curves import REACH, score_curves
from losscore.typeset import names as symbols
from pages.ui import loss_controls, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

GENERATORS = {
    "gan_g_saturating": "Minimax", "gan_g_nonsaturating": "Non-saturating", "lsgan_g": "LSGAN", "hinge_g": "Hinge",
    "wgan_g": "Wasserstein", "rsgan_g": "Relativistic", "rasgan_g": "Relativistic average",
    "ralsgan_g": "Relativistic average LSGAN", "rmcosgan_g": "RMCosGAN",
}  # fmt: skip
CRITICS = {
    "gan_d": "Minimax", "lsgan_d": "LSGAN", "hinge_d": "Hinge", "wgan_critic": "Wasserstein",
    "rsgan_d": "Relativistic", "rasgan_d": "Relativistic average", "ralsgan_d": "Relativistic average LSGAN",
    "rahinge_d": "Relativistic average hinge", "rmcosgan_d": "RMCosGAN",
}  # fmt: skip
_COSINES = "RMCosGAN scores by cosines: beyond −1 and 1 its marker waits at the end. Averages are of one sample here."
_MEANING = "A logit: 0 is undecided, above it the critic takes the sample for true."


def _formulas(keys: list[str], names: Mapping[str, str]) -> str:
    """Each loss with the scores of the moment."""
    rows = [
        [
            reading.swatch(key, names[key]),
            reading.worked(FORMULAS[key], {s: f"{key}.{s}" for s in symbols(FORMULAS[key])}, f"{key}.loss"),
        ]
        for key in keys
    ]
    return reading.table(["Loss", "its formula with these scores"], rows)


def _generator_reading(values: Values) -> str:
    rows = [
        [reading.swatch(key, GENERATORS[key]), *(reading.slot(f"{key}.{part}") for part in ("loss", "fake", "real"))]
        for key in values["makers"]
    ]
    said = reading.table(
        ["D(x) = sigmoid of the score", "made", "true"],
        [["The critic takes it for true by", reading.slot("duel.d_fake"), reading.slot("duel.d_real")]],
    )
    heads = ["Generator's loss", "loss", "gradient by the made score", "gradient by the true score"]
    return reading.table(heads, rows) + said + _formulas(values["makers"], GENERATORS) + reading.note(_COSINES)


GENERATOR = View(
    "adversarial/generator",
    (
        Slider("maker_fake", "Score of the made sample", -REACH, REACH, -4.6, steps=61, help=_MEANING),
        Slider("maker_real", "Score of the true sample", -REACH, REACH, 2.0, steps=61, help=_MEANING),
        Choice("makers", "Losses", GENERATORS, ["gan_g_saturating", "gan_g_nonsaturating", "wgan_g"], several=True),
        *loss_controls.on_release(loss_controls.sliders(("rmcosgan_g",), "makers")),
    ),
    lambda v: score_curves(
        v["makers"], v["maker_real"], v["maker_fake"], GENERATORS, loss_controls.params(("rmcosgan_g",), v)
    ),
    _generator_reading,
)


def _critic_reading(values: Values) -> str:
    parts = ("loss", "negative", "fake", "real")
    rows = [
        [reading.swatch(key, CRITICS[key]), *(reading.slot(f"{key}.{part}") for part in parts)]
        for key in values["critics"]
    ]
    heads = ["Critic's loss", "minimised", "the same, maximised", "gradient by the made score", "by the true score"]
    return reading.table(heads, rows) + _formulas(values["critics"], CRITICS) + reading.note(_COSINES)


CRITIC = View(
    "adversarial/critic",
    (
        Slider("judge_fake", "Score of the made sample", -REACH, REACH, -2.0, steps=61, help=_MEANING),
        Slider("judge_real", "Score of the true sample", -REACH, REACH, 2.0, steps=61, help=_MEANING),
        Choice("critics", "Losses", CRITICS, ["gan_d", "lsgan_d", "hinge_d", "wgan_critic"], several=True),
        *loss_controls.on_release(loss_controls.sliders(("rmcosgan_d",), "critics")),
    ),
    lambda v: score_curves(
        v["critics"], v["judge_real"], v["judge_fake"], CRITICS, loss_controls.params(("rmcosgan_d",), v)
    ),
    _critic_reading,
)


_TERMS = {"wgan_critic": "Wasserstein critic", "wgan_gp_penalty": "Gradient penalty"}


def _slope_reading(values: Values) -> str:
    rows = [
        [reading.swatch(key, (_TERMS | {"penalised_sum": "Sum"})[key]), reading.slot(f"slope.{key}")]
        for key in (*values["slope_terms"], *(("penalised_sum",) if len(values["slope_terms"]) != 1 else ()))
    ]
    rows += [
        ["Slope where the sum is lowest", reading.slot("slope.best")],
        ["Distance, as this critic says", reading.slot("slope.says")],
    ]
    note = "∞: the sum still falls at the edge of the figure. The critic is D(x) = −slope · x; the true point is at 0."
    return reading.table(["", "here"], rows) + reading.note(note)


PENALTY = View(
    "adversarial/penalty",
    (
        Slider("critic_slope", "Slope of the critic", 0, STEEPEST, 4.0, steps=61),
        Slider("critic_apart", "Distance of the made point", 0, 4, 3.0, steps=41),
        Choice("slope_terms", "Terms of the sum", _TERMS, ["wgan_critic"], several=True, most=2),
        Slider(
            "critic_lam", "Weight λ of the penalty", 0.1, 10, 10.0, steps=41, log=True,
            shown=lambda values: "wgan_gp_penalty" in values["slope_terms"],
        ),
    ),
    lambda v: critic_slope(
        v["critic_slope"], v["critic_apart"], v["critic_lam"], v["slope_terms"], _TERMS | {"penalised_sum": "Sum"}
    ),
    _slope_reading,
)  # fmt: skip
