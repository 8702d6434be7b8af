"""A run as one compressed file; those that ship with the project lie in assets/runs."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
import torch

from losscore.train.declare import get
from losscore.train.record import Run, called

RUNS = Path(__file__).parents[2] / "assets" / "runs"
_ABOUT = "about.json"  # beside the frames: key, settings and versions, as the bytes of a JSON text


def write(run: Run, file: Path | BinaryIO) -> None:
    """Write a run as .npz: its frames as they are, and what it is known by. The same run gives the same bytes."""
    about = json.dumps({"key": run.key, "settings": run.settings, "versions": run.versions}, sort_keys=True)
    arrays = {name: tensor.cpu().numpy() for name, tensor in run.frames.items()}
    np.savez_compressed(file, **{_ABOUT: np.frombuffer(about.encode(), dtype=np.uint8)}, **arrays)  # type: ignore[arg-type]


def read(file: Path | BinaryIO) -> Run:
    """The run in a file. Raises ValueError for a file that holds none, OSError for one that cannot be read."""
    try:
        with np.load(file, allow_pickle=False) as parts:
            about = json.loads(parts[_ABOUT].tobytes())
            frames = {name: torch.from_numpy(parts[name]) for name in parts.files if name != _ABOUT}
        return Run(about["key"], about["settings"], frames, about["versions"])
    except (KeyError, TypeError, ValueError, BadZipFile, EOFError) as error:
        raise ValueError(f"{file} holds no run") from error


def filename(key: str, settings: dict[str, Any]) -> str:
    """Where a run of these whole settings ships: the key and what is not at its default."""
    defaults = get(key).defaults
    parts = [f"{name}={value}" for name, value in sorted(settings.items()) if value != defaults[name]]
    return ",".join([key, *parts]) + ".npz"


@lru_cache(maxsize=64)
def _shipped(path: Path) -> Run | None:
    return read(path) if path.is_file() else None


def shipped(key: str, settings: dict[str, Any]) -> Run | None:
    """The run of these settings that came with the project, if one did. Raises as `losscore.train.name` does."""
    whole = get(key).settings(**settings)
    run = _shipped(RUNS / filename(key, whole))
    return run if run and run.name == called(key, whole) else None
