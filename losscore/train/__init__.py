"""Trainings of small networks: declared once, run by their settings, the same way every time.

>>> from losscore import train
>>> run = train.run("digits_plane", loss="proxy_nca", epochs=2)
>>> run.frames["recall"].shape
torch.Size([3])

On the command line: python -m losscore.train digits_plane '{"loss": "proxy_nca"}' proxy_nca.npz
"""

from losscore.train import digits as _digits  # importing a file of trainings declares them
from losscore.train import game as _game
from losscore.train import inpainting as _inpainting
from losscore.train import vae as _vae
from losscore.train.declare import get, training, trainings
from losscore.train.record import Run, Training, Whole
from losscore.train.running import name, run
from losscore.train.store import read, shipped, write

__all__ = ["Run", "Training", "Whole", "get", "name", "read", "run", "shipped", "training", "trainings", "write"]
