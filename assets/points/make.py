"""Writes assets/points/*.csv from the data that scikit-image and scikit-learn carry.

Run by hand when the choice of points changes: python assets/points/make.py
"""

from pathlib import Path

import numpy as np
from skimage.data import stereo_motorcycle
from sklearn.datasets import load_diabetes

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


def main() -> None:
    for name, table in {"stereo_row": stereo_row(), "diabetes": diabetes()}.items():
        np.savetxt(FOLDER / f"{name}.csv", table, fmt="%g", delimiter=",", header="x,y,outlier", comments="")


if __name__ == "__main__":
    main()
