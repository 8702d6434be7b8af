"""Sums of losses: what a weight moves, and weights that are learned."""

from collections.abc import Callable

from losscore.figures.learned_weights import LINES, learned_weights
from losscore.figures.mixed_losses import mixed_losses
from losscore.scenes.mixtures import TASKS
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

# The losses of a task that may be mixed; those of a task with but two are not asked for.
_FIRST = {
    "mask": ["pixel_cross_entropy", "dice"],
    "line": ["mse", "mae"],
    "translation": ["adversarial", "cycle", "perceptual"],
}
_TERMS = (("w", "weight"), ("l", "here"))
# What the sum is called elsewhere where the weights are equal.
_KNOWN = {
    "pixel_cross_entropy+dice": "combo_bce_dice (its mean) and dice_ce",
    "pixel_cross_entropy+jaccard": "bce_jaccard (its mean) and cross_entropy_iou_2d",
}


def mixed_of(values: Values) -> list[str]:
    """The losses that are added, at least one."""
    task = values["mix_task"]
    return list(values[f"mix_{task}"] if task in _FIRST else TASKS[task].labels) or [next(iter(TASKS[task].labels))]


def _in_task(task: str) -> Callable[[Values], bool]:
    return lambda values: bool(values["mix_task"] == task)


def _mix_reading(values: Values) -> str:
    of, keys = TASKS[values["mix_task"]], mixed_of(values)
    parts = ("weight", "here", "part", "low", "learned")
    rows = [
        [reading.swatch(key, of.labels[key]), *(reading.slot(f"mix.{key}.{part}") for part in parts)] for key in keys
    ]
    rows.append(["Sum", "", "", reading.slot("mix.total"), "", ""])
    terms = [rf"\text{{@w{n}}} \cdot \text{{@l{n}}}" for n in range(len(keys))]
    slots = [(f"{letter}{n}", f"mix.{key}.{name}") for n, key in enumerate(keys) for letter, name in _TERMS]
    written = reading.formula("L = " + " + ".join(terms) + r" = \text{@total}", (*slots, ("total", "mix.total")))
    heads = ["Loss", "weight", "loss where you stand", "weight × loss", "loss at the lowest sum", "learned weight"]
    spots = reading.table(
        ["", of.x.title, of.y.title],
        [
            ["You stand at", reading.slot("mix.x"), reading.slot("mix.y")],
            ["Lowest sum", reading.slot("mix.low.x"), reading.slot("mix.low.y")],
        ],
    )
    turn = reading.table(["", "degrees"], [["Angle between the first two pulls", reading.slot("mix.angle")]])
    known = _KNOWN.get("+".join(keys))
    said = reading.note(f"With equal weights this is the catalogue's {known}.") if known else ""
    return written + reading.table(heads, rows) + spots + turn + said + reading.note(of.credit)


MIX = View(
    "combining/mix",
    (
        Slider(
            "mix_second", "Weight of the second loss", 0.01, 100, 1.0, steps=61, log=True, help="The first has 1.",
            shown=lambda values: len(mixed_of(values)) > 1,
        ),
        Slider(
            "mix_third", "Weight of the third loss", 0.01, 100, 1.0, steps=41, log=True,
            shown=lambda values: len(mixed_of(values)) > 2,
        ),
        Choice("mix_task", "Task", {key: task.title for key, task in TASKS.items()}, "mask", folded=True),
        *(
            Choice(
                f"mix_{key}", "Losses, the first with weight 1", dict(TASKS[key].labels), first, several=True, most=3,
                shown=_in_task(key),
            )
            for key, first in _FIRST.items()
        ),
        Slider("mix_x", "Where you stand: across", 0, 1, 0.75, steps=41, help="In parts of the axis."),
        Slider("mix_y", "Where you stand: up", 0, 1, 0.6, steps=41, help="In parts of the axis."),
    ),
    lambda v: mixed_losses(v["mix_task"], mixed_of(v), (v["mix_second"], v["mix_third"]), (v["mix_x"], v["mix_y"])),
    _mix_reading,
)  # fmt: skip


def _learned_reading(values: Values) -> str:
    parts = ("loss", "s", "weight", "part", "share", "slope")
    rows = [
        [reading.swatch(key, f"{task.title()} task"), *(reading.slot(f"learned.{task}.{part}") for part in parts)]
        for task, key in LINES.items()
    ]
    heads = ["", "loss L", "s", "weight e⁻ˢ", "weight × loss", "share (%)", "gradient by s: 1 − e⁻ˢL"]
    total = reading.table(["", "sum"], [["Uncertainty weighting", reading.slot("learned.total")]])
    return reading.table(heads, rows) + total


def _by_hand(values: Values) -> bool:
    return bool(values["weighting"] == "uncertainty_weighting")


LEARNED = View(
    "combining/learned",
    (
        Slider("learned_second", "Loss of the second task", 0.001, 1000, 1000, steps=61, log=True),
        Choice(
            "weighting", "Weights",
            {"fixed": "1 and 1", "uncertainty_weighting": "By s", "settled": "Learned to the end"}, "fixed",
        ),
        Slider("learned_s1", "s of the first task", -8, 8, 0, steps=81, shown=_by_hand),
        Slider("learned_s2", "s of the second task", -8, 8, 0, steps=81, shown=_by_hand),
        Slider("learned_first", "Loss of the first task", 0.001, 1000, 1, steps=61, log=True, more=True),
    ),
    lambda v: learned_weights(
        (v["learned_first"], v["learned_second"]), (v["learned_s1"], v["learned_s2"]), v["weighting"]
    ),
    _learned_reading,
)  # fmt: skip
