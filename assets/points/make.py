"""Writes assets/points/*.csv from the data that scikit-image and scikit-learn carry.

Run by hand when the choice of points changes: python assets/points/make.py
"""

from pathlib import Path

import numpy as np
from skimage.data import lfw_subset, stereo_motorcycle
from sklearn.datasets import load_diabetes, load_digits

FOLDER = Path(__file__).parent


def stereo_row() -> np.ndarray:
    """Row, disparity and outlier flag of every fourth pixel of column 460, from row 280 to the bottom."""
    disparity = stereo_motorcycle()[2][:, 460]
    known = np.isfinite(disparity)
    bare = np.arange(400, 500)  # nothing but floor here
    bare = bare[known[bare]]
    floor = np.polyfit(bare, disparity[bare], 1)
    rows = np.arange(280, 500, 4)
    rows = rows[known[rows]]
    outlier = np.abs(disparity[rows] - np.polyval(floor, rows)) > 2.0
    return np.column_stack([rows, disparity[rows].round(3), outlier])


def diabetes() -> np.ndarray:
    """Body mass index, progression / 100 and a flag that is 0 for 80 patients drawn with seed 0, sorted by index."""
    data = load_diabetes(scaled=False)
    chosen = np.random.default_rng(0).choice(len(data.target), size=80, replace=False)
    table = np.column_stack(
        [data.data[chosen, data.feature_names.index("bmi")], data.target[chosen] / 100, np.zeros(80)]
    )
    return table[np.lexsort((table[:, 1], table[:, 0]))]


def ten_measures() -> np.ndarray:
    """The ten measures of all 442 patients and their progression, each with mean 0 and variance 1."""
    data = load_diabetes(scaled=False)
    table = np.column_stack([data.data, data.target])
    return (table - table.mean(0)) / table.std(0)


def components(pictures: np.ndarray, positive: np.ndarray, trained: int, up: bool) -> np.ndarray:
    """The first two principal components in standard deviations of the first, the class, and who is trained on.

    Pictures are (N, pixels). The sign of a component is free: class 1 lies to the right, and higher up or lower down.
    The first `trained` of each class, in an order drawn with seed 0, are the training set.
    """
    centred = pictures - pictures.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    places = centred @ axes.T
    places *= np.sign(places[positive].mean(0)) * (1, 1 if up else -1) / places[:, 0].std()
    order = np.random.default_rng(0).permutation(len(pictures))
    parts = []
    for wanted in (False, True):
        rows = order[positive[order] == wanted]
        parts.append(np.column_stack([places[rows], positive[rows], np.arange(len(rows)) < trained]))
    return np.concatenate(parts)


def digits() -> np.ndarray:
    """Handwritten threes (class 0) and eights (class 1)."""
    data = load_digits()
    chosen = np.isin(data.target, (3, 8))
    return components(data.data[chosen], data.target[chosen] == 8, 90, up=False)


def faces() -> np.ndarray:
    """Pieces of background (class 0) and faces (class 1)."""
    pictures = lfw_subset().reshape(200, -1)
    return components(pictures, np.arange(200) < 100, 60, up=True)


def main() -> None:
    tables = {
        "x,y,outlier": {"stereo_row": stereo_row(), "diabetes": diabetes()},
        "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression": {"diabetes_ten": ten_measures()},
        "x,y,label,trained": {"digits": digits(), "faces": faces()},
    }
    for header, of in tables.items():
        for name, table in of.items():
            numbers = table if "outlier" in header else table.round(4)
            np.savetxt(FOLDER / f"{name}.csv", numbers, fmt="%g", delimiter=",", header=header, comments="")


if __name__ == "__main__":
    main()
