"""Writes assets/digits/digits.npz from the handwritten digits that scikit-learn carries.

Run by hand: python assets/digits/make.py
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits


def main() -> None:
    data = load_digits()
    pictures, labels = data.images.astype(np.uint8), data.target.astype(np.uint8)
    np.savez_compressed(Path(__file__).parent / "digits.npz", pictures=pictures, labels=labels)


if __name__ == "__main__":
    main()
