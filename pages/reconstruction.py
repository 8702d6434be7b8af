"""Reconstruction: when is a picture like another?"""

from pages.reconstruction_distorted import DISTORTED
from pages.reconstruction_equal import EQUAL
from pages.reconstruction_features import FEATURES
from pages.reconstruction_inpainting import INPAINTING
from pages.reconstruction_vae import VAE
from pages.reconstruction_variation import VARIATION
from pages.ui.page import Part, run

PARTS = [
    Part("equal", "Equal MSE", "All seven have the same MSE. Which one would you keep?", EQUAL),
    Part("distorted", "A distorted picture", "You see what was done to it. Which losses do, and where?", DISTORTED),
    Part("features", "Features", "The same, moved a little, or another picture: which is nearer?", FEATURES),
    Part("variation", "Total variation", "Both took off equally much. Which one kept the edges?", VARIATION),
    INPAINTING,
    VAE,
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("reconstruction", "Reconstruction", PARTS)
