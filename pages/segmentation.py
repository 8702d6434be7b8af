"""Segmentation: what a mask costs, and where each loss pushes it."""

from pages.segmentation_cases import SHAPES, SIZE, TVERSKY
from pages.segmentation_classes import CLASSES, EMPTY
from pages.segmentation_masks import OVERLAP, PUSH
from pages.ui.page import Part, run

PARTS = [
    Part(
        "overlap", "Overlap", "The mask has slipped by a few pixels. Which numbers would have told you?", OVERLAP,
        {
            "A good mask": ({"shift_x": 1, "shift_y": 0, "blobs": 0}, "One pixel off: each loss near its floor."),
            "Small lesions": (
                {"picture": "lesions", "blobs": 0},
                "Known bad: accuracy 0.995, Dice score 0.09.",
            ),
            "One far speck": (
                {"picture": "cell", "shift_x": 0, "shift_y": 0},
                "The mask is right but for one speck: the Dice score is 0.98, HD95 leaps from 0 to 23 px.",
            ),
            "Right but unsure": (
                {"shift_x": 0, "shift_y": 0, "blobs": 0, "confidence": 0.59},
                "The reported mask is perfect; soft losses still charge for the doubt.",
            ),
            "Every pixel turned over": (
                {"picture": "horse", "rotation": 60, "shift_x": 0, "shift_y": 0, "blobs": 0},
                "Known bad: a shape turned by 60 degrees.",
            ),
        },
    ),
    Part(
        "push", "Where does it push?", "Which pixels would change next? Guess, then change the loss.", PUSH,
        {
            "A good mask": (
                {"shift_x": 0, "shift_y": 0, "blobs": 0},
                "No pixel is on the wrong side, and still both losses push: they ask for more certainty.",
            ),
            "Small lesions": (
                {"picture": "lesions"},
                "Known bad: cross-entropy spends 4 % of its pull on the lesions, the Dice loss 43 %.",
            ),
            "Sure of itself": (
                {"confidence": 0.99},
                "Known bad for Dice: the surer the prediction, the less it feels. 0.03 in all, where it was 0.08.",
            ),
        },
    ),
    Part(
        "size", "Size matters", "Does a small object count as much as a large one?", SIZE,
        {
            "A 1 % object": ({"size": "share"}, "Ten pixels square in 100 x 100, probability 0.1 everywhere."),
            "Three pixels off": ({"slip": 3}, "The small squares are missed altogether."),
        },
    ),
    Part(
        "tversky", "False alarm or miss", "What is worse: marking too much or missing some?", TVERSKY,
        {
            "Dice": ({"alpha": 0.5, "beta": 0.5}, "Equal halves: Tversky is the Dice loss."),
            "IoU": ({"alpha": 1, "beta": 1}, "Both in full: Tversky is the IoU loss."),
            "Find everything": ({"alpha": 0.1, "beta": 0.9, "grown": 6}, "Growing too far is nearly free."),
            "Alarms for free": ({"alpha": 0, "beta": 1, "grown": 8}, "Known bad: marking everything costs nothing."),
            "Both for free": ({"alpha": 0, "beta": 0}, "Known bad: no mistake has a price; any mask costs 0."),
        },
    ),
    Part(
        "shape", "Same Dice, other shape", "Four predictions have the same Dice score. Which would you accept?", SHAPES,
        {
            "Blob at the rim": ({"away": 0}, "The same pixels, moved home: near the edge they hardly matter."),
            "A generous tolerance": ({"tau": 6}, "Surface Dice forgives the knob, not the hole."),
        },
    ),
    Part(
        "classes", "Several classes", "One class is taken for another. Which loss is most alarmed?", CLASSES,
        {
            "All right": ({"mixed": 0}, "Every coin has its class."),
            "A swallowed cell": (
                {"class_picture": "nucleus", "mixed": 1, "shift_x": 0, "shift_y": 0},
                "All of the cell's body is called nucleus: here it is the large class that is lost.",
            ),
        },
    ),
    Part(
        "empty", "Empty masks", "Nothing to find, nothing found, nothing shared: what should that cost?", EMPTY,
        {
            "Empty truth, smooth 1": ({"smooth": 1}, "The same false pixel now costs half: Dice loss 0.5."),
            "Empty prediction": ({"empty": "empty_prediction"}, "Nothing is found; see which losses still pull."),
            "Near miss": ({"empty": "disjoint", "gap": 1}, "No overlap, one pixel apart."),
            "Far miss": ({"empty": "disjoint", "gap": 30}, "Known bad: to the Dice loss it is a near miss."),
        },
    ),
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("segmentation", "Segmentation", PARTS)
