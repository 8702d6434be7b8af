"""Writes assets/runs/*.npz: the trainings that pages show before anybody has trained anything.

Run by hand when a training or a default changes: python assets/runs/make.py [KEY ...]
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from losscore import train
from losscore.scenes.rings import CLOUDS
from losscore.train import store
from losscore.train.digits import LOSSES
from losscore.train.game import CRITIC_OF
from losscore.train.inpainting import TERMS
from losscore.train.vae import WEIGHTS

# Weights of the fills' pixels, features and critic.
MIXES = ((1, 1, 0.3), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0.03), (1, 1, 1), (1, 0, 0.3))
# Every shipped run by its training and what is not at its default.
SHIPPED: list[tuple[str, dict[str, Any]]] = [
    *(("digits_plane", {"loss": loss}) for loss in LOSSES),
    *(("digits_spread", {"loss": loss, "dims": dims}) for dims in (2, 16) for loss in LOSSES),
    *(("game", {"loss": loss, "cloud": cloud}) for cloud in CLOUDS for loss in CRITIC_OF),
    *(("digit_codes", {"weight": weight}) for weight in WEIGHTS),
    *(("inpainting", dict(zip(TERMS, weights, strict=True))) for weights in MIXES),
]


def main(wanted: list[str]) -> None:
    for key, settings in SHIPPED:
        if not wanted or key in wanted:
            run = train.run(key, **settings)
            path = store.RUNS / store.filename(key, run.settings)
            train.write(run, path)
            print(f"{path.stat().st_size:>8} {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
