"""Boxes: what a misplaced box costs, and whether its loss says which way to go."""

from pages.boxes_cases import DETECTOR, SAME
from pages.boxes_pair import PAIR
from pages.boxes_ways import RACE, SURFACE
from pages.ui.page import Part, run

PARTS = [
    Part(
        "pair", "Two boxes", "The box is plainly wrong. Which loss tells it where to go?", PAIR,
        {
            "One px off, large": (
                {"box_left": 14, "box_top": 24, "box_width": 38, "box_height": 35},
                "A good box: one px too far right on a coin of 38 x 35 px. IoU 0.051, L1 2.",
            ),
            "One px off, small": (
                {"box_object": "lesion", "box_left": 19, "box_top": 26, "box_width": 6, "box_height": 5},
                "The same px on a lesion of 6 x 5 px: L1 is 2 again, IoU 0.286, nearly six times as much.",
            ),
            "One px of gap": (
                {"box_left": 52, "box_top": 24, "box_width": 38, "box_height": 35},
                "Known bad for IoU: at 51 px the boxes touch, at 52 they do not. The pull is 0 as if they were miles "
                "apart; GIoU is 1.013 and pulls.",
            ),
            "Too narrow": (
                {"box_left": 25, "box_top": 24, "box_width": 14, "box_height": 35, "pulls": ["diou", "ciou", "eiou"]},
                "The centres agree, so DIoU is IoU: 0.632. CIoU adds 0.009 for the aspect ratio, EIoU 0.399 for the "
                "width, and pulls the side edges twice as hard.",
            ),
        },
    ),
    Part(
        "race", "Race", "One start, one rule: which loss brings its box home?", RACE,
        {
            "All the way": (
                {"race_step": 120},
                "Three of four have an IoU score of 0.998. IoU is still at its start: 0.",
            ),
            "Overlapping": (
                {"race_start": "overlapping"},
                "Now IoU moves too: 0.90 after 20 steps, and DIoU leads with 0.94.",
            ),
            "Inside": (
                {"race_start": "inside", "race_step": 10},
                "A small box in a corner of the true one: IoU finds its way, 0.87 after ten steps; DIoU has 0.91.",
            ),
            "Thin": (
                {"race_start": "thin", "race_step": 10},
                "A sliver beside the box: GIoU and EIoU swell it at once, to 2.24 and 1.85 true boxes.",
            ),
        },
    ),
    Part(
        "surface", "Surface", "Push the box about: where does the loss change at all?", SURFACE,
        {
            "In the middle": (
                {"offset_x": 0, "offset_y": 0, "box_loss": "giou"},
                "Centred, GIoU and DIoU both say 0.750.",
            ),
            "In a corner": (
                {"offset_x": 1, "offset_y": 1, "box_loss": "giou"},
                "Known bad for GIoU: 0.750 again. DIoU says 0.8125.",
            ),
            "Far outside": (
                {"offset_x": 5, "offset_y": 0, "box_loss": "giou"},
                "GIoU, 1.375, falls towards the true box from all sides; only inside it is flat.",
            ),
            "As large as the truth": (
                {"pred_width": 4, "pred_height": 4, "offset_x": 2, "offset_y": 1},
                "Equal sizes: no plain in the middle, one lowest point. IoU is 0.769 here.",
            ),
        },
    ),
    Part(
        "same", "Same distance", "Three boxes, equally wrong by their edges. Equally good by their overlap?", SAME,
        {
            "Unit boxes, 2 apart": (
                {"same": "unit", "apart": 2},
                "IoU 1, gradient 0. GIoU 1.333, DIoU 1.400.",
            ),
            "Unit boxes, 10 apart": (
                {"same": "unit", "apart": 10},
                "Known bad: IoU is 1 as before. GIoU 1.818, DIoU 1.820, with a tenth of the pull.",
            ),
            "A small error": (
                {"edge_error": 1},
                "IoU scores 0.822, 0.909 and 0.900: the push stays the worst.",
            ),
        },
    ),
    Part(
        "detector", "A detector's sum", "Objects are few, background is plenty. Who owns the loss?", DETECTOR,
        {
            "Boxes 20 px off": (
                {"det_shift": 20},
                "Known bad: MSE, in px², takes 89 % of the plain sum. GIoU has 67 % of the other.",
            ),
            "A weight of 1": (
                {"det_weight": 1},
                "Two px of error are now 44 % of the plain sum and 77 % of focal + GIoU.",
            ),
            "Not yet trained": (
                {"det_background": 0.5, "det_found": 0.5},
                "At 0.5 everywhere the background owns 99 % even of the focal sum: nothing is easy yet.",
            ),
            "No focusing": (
                {"det_gamma": 0},
                "Gamma 0: the focal loss is a weighted cross-entropy, and the background owns 94 %.",
            ),
        },
    ),
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("boxes", "Boxes", PARTS)
