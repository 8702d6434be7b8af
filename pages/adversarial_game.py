"""Two small networks against each other: one game step by step, and every loss from eight starts."""

from losscore.figures.game_seeds import game_seeds
from losscore.figures.game_worlds import ONWARDS, game_worlds
from losscore.scenes.rings import CLOUDS
from losscore.train.game import CRITIC_OF, STEPS
from pages.adversarial_scores import GENERATORS
from pages.ui import reading, runs
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

LABELS = {key: GENERATORS[key] for key in CRITIC_OF}
_EPOCHS = 30
_LAST = _EPOCHS * STEPS
_PACE = {"1": "1 to 1", "5": "5 to 1"}


def _need(loss: str, cloud: str, pace: str) -> runs.Need:
    return "game", {"loss": loss, "cloud": cloud, "critic_steps": int(pace)}


def _game_needs(values: Values) -> list[runs.Need]:
    losses = dict.fromkeys((values["game_loss"], values["game_beside"]))
    return [_need(loss, values["game_cloud"], values["game_pace"]) for loss in losses]


def _game_reading(values: Values) -> str:
    parts = ("pieces", "distance", "told", "pull", "mean")
    rows = [
        [reading.swatch(key, LABELS[key]), *(reading.slot(f"{key}.{part}") for part in parts)]
        for key in dict.fromkeys((values["game_loss"], values["game_beside"]))
    ]
    heads = ["Loss", "pieces found", "distance", "critic right", "gradient per point", "distance, eight games"]
    note = (
        "Numbers at the step itself, before anybody goes on alone. Critic right: pairs in which the true point scores "
        "higher; 50 % is a draw. Blue: scored high, from the lowest to the highest score in the figure. Arrows: minus "
        "the gradient, cut at 0.7. Synthetic data."
    )
    return reading.table(heads, rows) + reading.note(note)


GAME = View(
    "adversarial/game",
    (
        Slider("game_step", "Step", 0, _LAST, 1000, steps=_EPOCHS + 1, help="Of the generator."),
        Choice("game_loss", "Loss", LABELS, "gan_g_nonsaturating", folded=True),
        Choice("game_beside", "Beside it", LABELS, "wgan_g", folded=True),
        Choice("game_onwards", "Who goes on alone?", ONWARDS, "none", folded=True),
        Choice("game_cloud", "Data", CLOUDS, "ring", more=True),
        Choice("game_pace", "Steps of critic to generator", _PACE, "1", more=True, help="5 to 1 has to be trained."),
    ),
    lambda v: game_worlds(
        {need[1]["loss"]: runs.get(*need) for need in _game_needs(v)}, v["game_step"], v["game_onwards"], LABELS
    ),
    _game_reading,
    trained=_game_needs,
)


def _seed_needs(values: Values) -> list[runs.Need]:
    return [_need(loss, values["seeds_cloud"], "1") for loss in LABELS]


def _seeds_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"{key}.{part}") for part in ("mean", "spread", "pieces", "all"))]
        for key, name in LABELS.items()
    ]
    heads = ["Loss", "mean distance", "spread", "pieces found", "games with all"]
    note = "Eight games of each loss: the same eight starts, the same batches. One step of the critic to one."
    return reading.table(heads, rows) + reading.note(note)


SEEDS = View(
    "adversarial/seeds",
    (
        Slider("seeds_step", "Step", 0, _LAST, _LAST, steps=_EPOCHS + 1, help="Of the generator."),
        Choice("seeds_cloud", "Data", CLOUDS, "ring"),
    ),
    lambda v: game_seeds({need[1]["loss"]: runs.get(*need) for need in _seed_needs(v)}, v["seeds_step"], LABELS),
    _seeds_reading,
    trained=_seed_needs,
)
