"""Makes the pictures and true masks in assets/pictures from those that scikit-image carries. Run once, by hand.

    python assets/pictures/make.py

Every picture is cut to a square and brought to SIDE pixels; how each mask was made is in assets/pictures/README.md.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage import data, filters, measure, morphology, segmentation, transform

SIDE = 128
FOLDER = Path(__file__).parent
# Colours by which a person can look at a label map; a program reads the indices.
PALETTE = [0, 0, 0, 255, 255, 255, 230, 159, 0]

Grey = NDArray[np.uint8]
Truth = NDArray[np.bool_]


def to_side(picture: Grey) -> Grey:
    """The square picture (n, n) or (n, n, 3) at SIDE px, smoothed first where it shrinks."""
    shape = (SIDE, SIDE, *picture.shape[2:])
    small = transform.resize(picture / 255, shape, order=3, anti_aliasing=len(picture) > SIDE)
    return np.round(small.clip(0, 1) * 255).astype(np.uint8)


def mask_to_side(mask: Truth) -> Truth:
    """The square mask (n, n) at SIDE px: foreground where the smoothed mask covers more than half a pixel."""
    return transform.resize(mask.astype(float), (SIDE, SIDE), order=1, anti_aliasing=len(mask) > SIDE) > 0.5


def coins() -> tuple[Grey, Grey]:
    """Four coins; labels 1 small, 2 large."""
    whole = data.coins()
    seeds = np.where(whole < 30, 1, np.where(whole > 150, 2, 0))
    found = segmentation.watershed(filters.sobel(whole), seeds) == 2
    found = morphology.opening(ndimage.binary_fill_holes(found), morphology.disk(3))
    square = np.s_[8:148, 241:381]
    labels = np.zeros((SIDE, SIDE), np.uint8)
    for coin in measure.regionprops(measure.label(found[square])):
        full = np.zeros((140, 140), bool)
        full[coin.slice] = coin.image_convex
        labels[mask_to_side(full)] = 2 if coin.area > 1500 else 1
    return to_side(whole[square]), labels


def horse() -> tuple[Grey, Grey]:
    """The silhouette, dark on light, on a square ground."""
    silhouette = np.pad(~data.horse(), ((48, 48), (12, 12)))
    light = np.where(silhouette, 40, 235).astype(np.uint8)
    return to_side(light), mask_to_side(silhouette).astype(np.uint8)


def cell() -> tuple[Grey, Grey]:
    """One cell, brighter than its surroundings in a phase image."""
    whole = data.cell()
    smooth = ndimage.gaussian_filter(whole.astype(float), 2)
    parts = measure.label(smooth > filters.threshold_otsu(smooth))
    largest = max(measure.regionprops(parts), key=lambda part: part.area).label
    square = np.s_[224:494, 278:548]
    found = ndimage.binary_fill_holes(parts == largest)
    return to_side(whole[square]), mask_to_side(found[square]).astype(np.uint8)


def lesions() -> tuple[Grey, Grey]:
    """Two microaneurysms: dark spots between the vessels of a retina."""
    picture = to_side(data.microaneurysms())
    darkness = ndimage.median_filter(picture.astype(float), 31) - ndimage.gaussian_filter(picture.astype(float), 1)
    found = np.zeros((SIDE, SIDE), np.uint8)
    for row, column in ((28, 20), (89, 61)):  # their darkest pixels
        parts = measure.label(darkness > darkness[row, column] / 2)
        found[parts == parts[row, column]] = 1
    low, high = int(picture.min()), int(picture.max())
    return ((picture.astype(float) - low) * (255 / (high - low))).astype(np.uint8), found


def optic_disc() -> tuple[Grey, Grey]:
    """The pale disc where the nerve leaves the eye, marked by eye as an ellipse."""
    picture = to_side(data.retina()[455:855, 25:425])
    row, column = np.mgrid[:SIDE, :SIDE]
    return picture, (((column - 61) / 30.5) ** 2 + ((row - 61.5) / 33.5) ** 2 < 1).astype(np.uint8)


def save(name: str, picture: Grey, labels: Grey) -> None:
    Image.fromarray(picture).save(FOLDER / f"{name}.png", optimize=True)
    mask = Image.fromarray(labels).convert("P")
    mask.putpalette(PALETTE)
    mask.save(FOLDER / f"{name}_mask.png", optimize=True)


if __name__ == "__main__":
    for make in (coins, horse, cell, lesions, optic_disc):
        save(make.__name__, *make())
