"""Classification: which answer a loss wants, and who has its ear."""

from pages.classification_boundary import A_BOUNDARY
from pages.classification_classes import THREE_CLASSES
from pages.classification_crowds import OWNER, SCALE, TEN
from pages.classification_logits import NEURON, ONE_LOGIT
from pages.ui.page import Part, run

PARTS = [
    Part("one-logit", "One logit", "Sure and wrong: which loss pulls it back?", ONE_LOGIT),
    Part("neuron", "One neuron", "It is sure and wrong. After 300 steps, which loss has taught it better?", NEURON),
    Part(
        "owner",
        "Who owns the gradient",
        "A hundred thousand easy samples, a hundred hard ones: who is heard?",
        OWNER,
    ),
    Part("scale", "A good number", "Ten classes, and the loss is stuck at 1.46. Is that good?", SCALE),
    Part(
        "ten",
        "The mean of ten",
        "Nine samples are right and sure, one is wrong. Is the loss lower than at 0.51?",
        TEN,
    ),
    THREE_CLASSES,
    A_BOUNDARY,
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("classification", "Classification", PARTS)
