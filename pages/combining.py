"""Combining and regularising: sums of losses, penalties on weights, and what training is after."""

from pages.combining_mix import LEARNED, MIX
from pages.combining_penalties import PENALTY, RIDGE
from pages.combining_training import DEGREE, THREE
from pages.ui.page import Part, run

PARTS = [
    Part("mix", "Mixer", "Two losses disagree. Where does their sum send the model?", MIX),
    Part("learned", "Learned weights", "One loss is in metres, one in millimetres. Who is heard?", LEARNED),
    Part("penalty", "Penalties", "A penalty shrinks all weights. Which one makes some of them exactly 0?", PENALTY),
    Part("ridge", "Ridge", "Two columns say nearly the same. Can a biased fit be nearer the truth?", RIDGE),
    Part("degree", "Overfitting", "The curve meets every point, the loss is 0. Is it the best curve?", DEGREE),
    Part("three", "Three things", "Loss, optimiser, regulariser: which of them moves the goal?", THREE),
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("combining", "Combining and regularising", PARTS)
