"""Reconstruction: when is a picture like another?"""

from pages.reconstruction_distorted import DISTORTED
from pages.reconstruction_equal import EQUAL
from pages.reconstruction_features import FEATURES
from pages.reconstruction_inpainting import INPAINTING
from pages.reconstruction_vae import VAE
from pages.reconstruction_variation import VARIATION
from pages.ui.page import Part, run

PARTS = [
    Part(
        "equal", "Equal MSE", "All seven have the same MSE. Which one would you keep?", EQUAL,
        {
            "By MAE": (
                {"ranked_by": "mae"},
                "Known bad: the face that is gone comes first, 0.044, for most pixels are exact. The brighter one is "
                "last, 0.100.",
            ),
            "By MS-SSIM": (
                {"ranked_by": "ms_ssim"},
                "At four sizes at once, the covered face is the worst by far: 0.591, where the noisy one has 0.916.",
            ),
            "By style": (
                {"ranked_by": "gram_style"},
                "Filters answer together as before in the shifted one: 9e-9. Even the blocks, 1.3e-7, come before the "
                "paler one, 3.8e-6.",
            ),
            "Hardly changed": (
                {"equal_mse": 0.0005},
                "MSE 0.0005, 33 dB: now all but the covered one pass for the original.",
            ),
            "Gravel": (
                {"equal_photo": "gravel"},
                "Who would miss one px of gravel? Shifted by 0.94 px it costs as much as with 0.29 of its contrast.",
            ),
        },
    ),
    Part(
        "distorted", "A distorted picture", "You see what was done to it. Which losses do, and where?", DISTORTED,
        {
            "One px to the right": (
                {"brightness": 0, "moved": 1, "error_of": "ssim"},
                "You would not notice: one px. SSIM loss 0.225, more than for a brightness of 0.15. Style does not "
                "notice either: 4e-9, five hundred times less than a tenth of its bar.",
            ),
            "Blurred": (
                {"brightness": 0, "blur": 1.5, "error_of": "gradient_difference"},
                "Now the edges are gone. MSE is 0.005, a quarter of what brightness cost; the gradient difference "
                "went from 0 to 572.",
            ),
            "Noisy": (
                {"brightness": 0, "grain": 0.1, "error_of": "perceptual_fixed_filters"},
                "A tenth of noise: MSE 0.010 and PSNR 20 dB, better than the brighter picture. SSIM loss 0.526.",
            ),
            "Stripes, shifted by 1 px": (
                {"brightness": 0, "photo": "stripes", "moved": 1},
                "Known bad for MSE: the same stripes one px on cost 1.0, the most there is. Gradient difference 0.",
            ),
            "Stripes, wiped out": (
                {"brightness": 0, "photo": "stripes", "contrast": 0},
                "Flat grey has no stripe left and MSE 0.25, a quarter. Gradient difference 9120: 1 for each of 96 x 95 "
                "steps.",
            ),
        },
    ),
    Part(
        "features", "Features", "The same, moved a little, or another picture: which is nearer?", FEATURES,
        {
            "Gravel, mixed": (
                {"feature_shift": 0, "feature_mixed": True},
                "Good for style: gravel in another order is gravel, 0.22 % of the bricks. MSE says 116 %.",
            ),
            "A cat in pieces": (
                {"feature_shift": 0, "feature_mixed": True, "feature_photo": "cat"},
                "Known bad for style: no cat is left, and it costs 1.07 % of the bricks.",
            ),
            "Half the contrast": (
                {"feature_shift": 0, "feature_contrast": 0.5},
                "Known bad for style again: it takes paler gravel for stranger than bricks, 202 %. Perceptual: 19 %.",
            ),
            "Blurred, or somebody else": (
                {"feature_shift": 0, "feature_blur": 1, "feature_photo": "camera", "feature_other": "portrait"},
                "A blur of 1 px changes the edges: style prefers another person, 459 %. Perceptual does not: 13.7 %.",
            ),
        },
    ),
    Part(
        "variation", "Total variation", "Both took off equally much. Which one kept the edges?", VARIATION,
        {
            "A step": (
                {"tv_photo": "step", "tv_noise": 0},
                "One step up to 1: the row of the truth costs 1 squared and 1 absolute.",
            ),
            "A ramp": (
                {"tv_photo": "ramp", "tv_noise": 0},
                "The same height in ten steps: 0.100 squared and 1 absolute. To the squared form blur is a bargain.",
            ),
            "Step, noisy": (
                {"tv_photo": "step"},
                "Made for the absolute form: 35.6 dB. The squared one makes a slope and leaves noise: 21.9 dB.",
            ),
            "Ramp, noisy": (
                {"tv_photo": "ramp"},
                "Known bad: the absolute form makes stairs of the slope. Their squared TV is 0.172, the ramp's 0.100.",
            ),
            "Too much": (
                {"tv_weight": 0.5},
                "Known bad: at a weight of 0.5 the face is gone under either form, 18.15 and 18.27 dB.",
            ),
        },
    ),
    INPAINTING,
    VAE,
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("reconstruction", "Reconstruction", PARTS)
