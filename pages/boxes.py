"""Boxes: what a misplaced box costs, and whether its loss says which way to go."""

from pages.boxes_cases import DETECTOR, SAME
from pages.boxes_pair import PAIR
from pages.boxes_soft import LABELS
from pages.boxes_ways import RACE, SURFACE
from pages.ui.page import Part, run

PARTS = [
    Part("pair", "Two boxes", "The box is plainly wrong. Which loss tells it where to go?", PAIR),
    Part("race", "Race", "One start, one rule: which loss brings its box home?", RACE),
    Part("surface", "Surface", "Push the box about: where does the loss change at all?", SURFACE),
    Part("same", "Same distance", "Three boxes, equally wrong by their edges. Equally good by their overlap?", SAME),
    Part("detector", "A detector's sum", "Objects are few, background is plenty. Who owns the loss?", DETECTOR),
    Part("labels", "Soft labels", "Sure of a box that fits by two thirds. Should its score rise?", LABELS),
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("boxes", "Boxes", PARTS)
