"""Small mask cases with numbers that a person can check by counting: what overlap sees, and what it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from losscore.scenes.edits import Prediction

# A logit this far out stands for a probability of 0 or 1, which have no finite logit of their own.
_SURE = 15.0


@dataclass(frozen=True)
class Case:
    """K predictions to compare, each with its own truth.

    names: what each of the K shows. truth: (K, H, W) of 0 and 1. probability: (K, H, W). notice: what to look at.
    """

    key: str
    title: str
    notice: str
    names: tuple[str, ...]
    truth: Tensor
    probability: Tensor

    @property
    def prediction(self) -> Prediction:
        """The probabilities, exact, with their logits, which end at -15 and 15."""
        return Prediction(torch.logit(self.probability).clamp(-_SURE, _SURE), self.probability)


@lru_cache
def case(key: str) -> Case:
    """The case of that key, one of CASES. Raises KeyError naming them. The tensors are read, never written."""
    if key not in _MAKERS:
        raise KeyError(f"no mask case {key!r}; there are: {', '.join(CASES)}")
    title, notice, make = _MAKERS[key]
    shown = make()
    truth, probability = zip(*shown.values(), strict=True)
    return Case(key, title, notice, tuple(shown), torch.stack(truth), torch.stack(probability))


# What each maker returns: by name, the truth (H, W) and the probability (H, W).
_Shown = dict[str, tuple[Tensor, Tensor]]


def _block(side: int, top: int, left: int, height: int, width: int) -> Tensor:
    """A rectangle of ones in a picture (side, side) of zeros."""
    picture = torch.zeros(side, side)
    picture[top : top + height, left : left + width] = 1
    return picture


def _shifted_squares() -> _Shown:
    return {f"side {side} px": (_block(64, 6, 6, side, side), _block(64, 6, 7, side, side)) for side in (2, 4, 10, 50)}


def _unsure() -> _Shown:
    truth = _block(64, 20, 20, 24, 24)
    return {"0.6 on the object": (truth, 0.6 * truth)}


def _faint() -> _Shown:
    return {"0.1 everywhere": (_block(100, 45, 45, 10, 10), torch.full((100, 100), 0.1))}


def _counts(side: int) -> _Shown:
    top, left = side // 2 - 2, side // 2 - 10
    return {f"{side} x {side}": (_block(side, top, left, 5, 15), _block(side, top, left + 5, 5, 15))}


def _equal_dice() -> _Shown:
    """Four ways to place 36 false and 36 missed pixels about a square of side 40."""
    truth = _block(128, 44, 44, 40, 40)
    # Every fourth pixel along the four sides: 9 a side, just outside (added) or just inside (taken away).
    along = torch.arange(46, 82, 4)
    bumps, notches = torch.zeros(128, 128), torch.zeros(128, 128)
    for rim, near, far in ((bumps, 43, 84), (notches, 44, 83)):
        rim[near, along] = rim[far, along] = rim[along, near] = rim[along, far] = 1
    patch = {
        "hole": _block(128, 61, 61, 6, 6),
        "corner": _block(128, 44, 44, 6, 6),
        "knob": _block(128, 61, 84, 6, 6),
        "far": _block(128, 6, 6, 6, 6),
    }
    return {
        "ragged rim": (truth, truth + bumps - notches),
        "hole inside": (truth, truth + bumps - patch["hole"]),
        "corner for a knob": (truth, truth + patch["knob"] - patch["corner"]),
        "far blob": (truth, truth + patch["far"] - notches),
    }


def _alarm_or_miss() -> _Shown:
    truth = _block(64, 17, 17, 30, 30)
    return {"false alarm": (truth, _block(64, 17, 17, 30, 33)), "miss": (truth, _block(64, 17, 17, 30, 27))}


def _disjoint() -> _Shown:
    truth = _block(64, 26, 4, 12, 12)
    return {f"gap {gap} px": (truth, _block(64, 26, 16 + gap, 12, 12)) for gap in (1, 10, 30)}


def _empty_truth() -> _Shown:
    nothing = torch.zeros(64, 64)
    return {"one false pixel": (nothing, _block(64, 40, 24, 1, 1)), "nothing predicted": (nothing, nothing)}


def _empty_prediction() -> _Shown:
    truth = _block(64, 26, 26, 12, 12)
    return {"nothing predicted": (truth, torch.zeros(64, 64)), "0.1 everywhere": (truth, torch.full((64, 64), 0.1))}


_MAKERS: dict[str, tuple[str, str, Callable[[], _Shown]]] = {
    "shifted_squares": (
        "One pixel to the right",
        "The same slip costs the small object dearly and the large one next to nothing.",
        _shifted_squares,
    ),
    "equal_dice": (
        "Equal Dice, unequal outlines",
        "Every overlap score is the same to the last digit; the distances between the outlines are not.",
        _equal_dice,
    ),
    "alarm_or_miss": (
        "False alarm or miss",
        "Ninety pixels too many against ninety too few: Tversky's alpha and beta decide which is worse.",
        _alarm_or_miss,
    ),
    "disjoint": (
        "Near miss, far miss",
        "Without overlap, Dice and Jaccard can't tell a near miss from a far one.",
        _disjoint,
    ),
    "unsure": (
        "Right but unsure",
        "Above the threshold the mask is perfect; the soft Dice loss still sees the doubt.",
        _unsure,
    ),
    "faint": (
        "An object of 1 %",
        "Most of the cross-entropy's pull goes to the background; more than half of Dice's goes to the object.",
        _faint,
    ),
    "counts_100": (
        "TP 50, FP 25, FN 25 in a small picture",
        "Compare the accuracy with that of the large picture.",
        lambda: _counts(100),
    ),
    "counts_1000": (
        "TP 50, FP 25, FN 25 in a large picture",
        "Dice and IoU are those of the small picture; accuracy is nearly perfect.",
        lambda: _counts(1000),
    ),
    "empty_truth": (
        "Nothing to find",
        "How much one false pixel costs is decided by the smoothing alone.",
        _empty_truth,
    ),
    "empty_prediction": (
        "Nothing found",
        "Faint everywhere or nothing at all: above the threshold both are empty, and Dice charges nearly the same.",
        _empty_prediction,
    ),
}

CASES = tuple(_MAKERS)
