"""Makes the grey pictures in assets/photographs from those that scikit-image carries. Run once, by hand.

    python assets/photographs/make.py

Every picture is a square cut-out, turned grey and brought to SIDE pixels; see assets/photographs/README.md.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from skimage import color, data, transform

SIDE = 112
FOLDER = Path(__file__).parent
# name -> the whole picture, and the first row, the first column and the side of the cut-out in it.
CUTS = {
    "camera": (data.camera, 40, 120, 224),
    "portrait": (data.astronaut, 20, 135, 190),
    "cat": (data.chelsea, 20, 90, 224),
    "bricks": (data.brick, 0, 0, 224),
    "gravel": (data.gravel, 0, 0, 224),
}


def main() -> None:
    for name, (load, row, column, side) in CUTS.items():
        whole = load()
        grey = color.rgb2gray(whole) if whole.ndim == 3 else whole / 255
        square = grey[row : row + side, column : column + side]
        small = transform.resize(square, (SIDE, SIDE), order=3, anti_aliasing=True)
        picture = np.round(small.clip(0, 1) * 255).astype(np.uint8)
        Image.fromarray(picture).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
