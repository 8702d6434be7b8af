"""The one shelf that films take their runs from: those that ship with the project, and those trained of late."""

import os
from collections.abc import Sequence
from typing import Any

from losscore import train
from pages.ui.pool import Pool

Need = tuple[str, dict[str, Any]]  # the key of a training and those settings that are not at their defaults

POOL = Pool(workers=max(1, (os.cpu_count() or 1) // 2), waiting=12, room=40)


class Missing(LookupError):
    """A run that is not at hand: it neither shipped nor is it among those trained of late."""


def get(key: str, settings: dict[str, Any]) -> train.Run:
    """The run of these settings. Raises Missing where it has to be trained first; never trains by itself."""
    run = train.shipped(key, settings) or POOL.run(key, settings)
    if run is None:
        raise Missing(train.name(key, settings))
    return run


def lacking(needs: Sequence[Need]) -> list[Need]:
    """Those that have to be trained first."""
    return [(key, settings) for key, settings in needs if not (train.shipped(key, settings) or POOL.run(key, settings))]
