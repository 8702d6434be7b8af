"""Classification: which answer a loss wants, and who has its ear."""

from pages.classification_boundary import A_BOUNDARY
from pages.classification_classes import THREE_CLASSES
from pages.classification_crowds import OWNER, SCALE, TEN
from pages.classification_logits import NEURON, ONE_LOGIT
from pages.ui.page import Part, run

PARTS = [
    Part(
        "one-logit", "One logit", "Sure and wrong: which loss pulls it back?", ONE_LOGIT,
        {
            "Sure and right": (
                {"z": 6.0},
                "Every loss is nearly 0 (BCE 0.002) and nothing pulls any more: BCE with 0.002, the hinge with 0.",
            ),
            "BCE and hinge": (
                {"z": 1.0, "logit_losses": ["bce_with_logits", "hinge"]},
                "A margin of 1: BCE still pulls with 0.269, the hinge not at all. At 0 they cost 0.693 and 1: two "
                "scales.",
            ),
            "Far out": (
                {"logits": "far", "logit_losses": ["bce_with_logits", "bce_probs"]},
                "Known bad: a sigmoid before BCE. At z = −200 it has become 0: the loss stops at 100 instead of 200, "
                "and the gradient is 0 instead of −1.",
            ),
            "Focal": (
                {"z": 2.25, "logit_losses": ["bce_with_logits", "focal_binary"], "focal_binary_alpha": 1.0},
                "Right at p = 0.905: BCE costs 0.100, focal 0.0009. On the wrong side both pull alike. Move *gamma*.",
            ),
            "One bad label": (
                {"logit_losses": ["bce_with_logits", "squared_hinge", "exponential"]},
                "Known bad: if this yes is a slip of the pen, exponential charges 22,026 for it and squared hinge 121, "
                "BCE 10.",
            ),
            "How it fades": (
                {"log_pull": True},
                "On a log scale: to the left MSE's gradient falls by a factor e with each unit, 9.1e−5 at −10. BCE and "
                "the hinge stay at 1.",
            ),
        },
    ),
    Part(
        "neuron", "One neuron", "It is sure and wrong. After 300 steps, which loss has taught it better?", NEURON,
        {
            "A mild mistake": (
                {"begin": 0.5},
                "From an output of 0.73, where the sigmoid is not yet flat, squared error gets to 0.09, BCE to 0.012.",
            ),
            "A bad start": (
                {"begin": 3.0},
                "Known bad: from an output of 0.998 squared error has hardly moved after 300 steps (0.997); BCE is "
                "at 0.012.",
            ),
        },
    ),
    Part(
        "owner", "Who owns the gradient", "A hundred thousand easy samples, a hundred hard ones: who is heard?", OWNER,
        {
            "Cross-entropy": ({"focus": 0.0}, "Gamma 0 is cross-entropy: the easy samples have 43 times as much loss."),
            "Weighted evenly": (
                {"hard_weight": 50.0},
                "Weight 50 makes the sums of the loss nearly even (0.87 : 1), but the pull is still 2.1 : 1, and every "
                "easy sample counts as before.",
            ),
            "Nothing rare": (
                {"easy_count": 100.0},
                "As many easy as hard: cross-entropy's loss is the hard ones' anyway (96 %). Focal only turns it down.",
            ),
        },
    ),
    Part(
        "scale", "A good number", "Ten classes, and the loss is stuck at 1.46. Is that good?", SCALE,
        {
            "It knows nothing": (
                {"lead": 0.0},
                "All classes alike: every way costs ln 10 = 2.303. A loss of 2.3 with ten classes has learnt nothing.",
            ),
            "A thousand classes": (
                {"class_count": 1000, "lead": 16.0},
                "Clueless is 6.908 here. The second softmax stops at 5.909, label smoothing at 1.015.",
            ),
            "Two classes": (
                {"class_count": 2},
                "Clueless is 0.693. The second softmax stops at 0.313, label smoothing at 0.1985; this sure answer "
                "costs it 0.6.",
            ),
            "Smoothed, and just sure enough": (
                {"lead": 4.5},
                "Label smoothing is at its floor, 0.500: the true class has 0.91. A larger lead costs more again.",
            ),
            "What mean means": (
                {"class_count": 3},
                "A truth of 0.9, 0.05, 0.05 against a uniform guess: KL is 0.7042 (batchmean). torch's mean divides by "
                "the three classes too: 0.2347.",
            ),
        },
    ),
    Part(
        "ten", "The mean of ten", "Nine samples are right and sure, one is wrong. Is the loss lower than at 0.51?", TEN,
        {
            "Ten hesitant ones": (
                {"nine": 0.51, "tenth": 0.51},
                "All at 0.51: accuracy 100 %, mean 0.673. Nine at 0.99 and one at 0.001: accuracy 90 %, mean 0.700.",
            ),
            "All right": (
                {"tenth": 0.99},
                "All at 0.99: every mean that divides by the weights is 0.010, whatever the weight.",
            ),
            "Ten times too large": (
                {"tenth_weight": 91.0},
                "The weights add up to 100. By their sum the mean is 6.29, by the ten samples ten times that, 62.9.",
            ),
        },
    ),
    THREE_CLASSES,
    A_BOUNDARY,
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("classification", "Classification", PARTS)
