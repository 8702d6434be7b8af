"""Running a training to its end, on one thread, the same way every time."""

import platform
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from losscore.train.declare import get
from losscore.train.record import Run, called

Report = Callable[[int, int], None]


def name(key: str, settings: dict[str, Any]) -> str:
    """What a run of these settings is known by; those not given count at their defaults.

    Raises KeyError for an unknown training, TypeError or ValueError for settings that it does not accept.
    """
    return called(key, get(key).settings(**settings))


def run(key: str, report: Report | None = None, **settings: Any) -> Run:
    """Train from the first step to the last epoch. `report(done, total)` hears of every epoch, of the start as 0.

    The same settings give the same run: one thread, and no random number from torch's global generator.
    Raises as `name` does, and RuntimeError for a training that yields other frames than it promised.
    """
    training = get(key)
    whole = training.settings(**settings)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        frames: list[dict[str, Tensor]] = []
        for done, frame in enumerate(training.function(**whole)):
            frames.append({part: tensor.detach().clone() for part, tensor in frame.items()})
            if _shapes(frames[-1]) != _shapes(frames[0]):
                raise RuntimeError(f"{key}: epoch {done} yields {_shapes(frames[-1])}, the start {_shapes(frames[0])}")
            if report:
                report(done, whole["epochs"])
    finally:
        torch.set_num_threads(threads)
    if len(frames) != whole["epochs"] + 1:
        raise RuntimeError(f"{key}: {whole['epochs']} epochs yield {whole['epochs'] + 1} frames, got {len(frames)}")
    stacked = {part: torch.stack([frame[part] for frame in frames]) for part in frames[0]}
    versions = {"torch": torch.__version__, "python": platform.python_version()}
    return Run(key, whole, stacked, versions)


def _shapes(frame: dict[str, Tensor]) -> dict[str, tuple[Any, ...]]:
    return {part: (tuple(tensor.shape), tensor.dtype) for part, tensor in frame.items()}
