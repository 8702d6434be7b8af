"""Segmentation: what a mask costs, and where each loss pushes it."""

from pages.segmentation_cases import SHAPES, SIZE, TVERSKY
from pages.segmentation_classes import CLASSES, EMPTY
from pages.segmentation_masks import OVERLAP, PUSH
from pages.segmentation_ranking import RANKING
from pages.ui.page import Part, run

PARTS = [
    Part("overlap", "Overlap", "The mask has slipped by a few pixels. Which numbers would have told you?", OVERLAP),
    Part("push", "Where does it push?", "Which pixels would change next? Guess, then change the loss.", PUSH),
    Part("size", "Size matters", "Does a small object count as much as a large one?", SIZE),
    Part("tversky", "False alarm or miss", "What is worse: marking too much or missing some?", TVERSKY),
    Part(
        "shape",
        "Same Dice, other shape",
        "Four predictions have the same Dice score. Which would you accept?",
        SHAPES,
    ),
    Part("classes", "Several classes", "One class is taken for another. Which loss is most alarmed?", CLASSES),
    Part("empty", "Empty masks", "Nothing to find, nothing found, nothing shared: what should that cost?", EMPTY),
    Part("ranking", "Ranking", "Two models, two objects: which model is the better one?", RANKING),
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("segmentation", "Segmentation", PARTS)
