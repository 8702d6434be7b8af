"""A stand-in for the processes of a pool: does at once what a training does in a while, and waits where it is told."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEY = "digits_plane"
# In the place of a worker: writes its epochs, then waits for a file "go" before it gives the run of its file.
WORKER = """
import os, shutil, sys, time
from pathlib import Path
home, key, settings, file = sys.argv[1:]
if '"seed": 13' in settings:
    print("noise first", file=sys.stderr)
    sys.exit("the seed is unlucky")
for done in range(3):
    print(done, 40, flush=True)
Path(home, "pids").open("a").write(f"{os.getpid()} {os.getpriority(os.PRIO_PROCESS, 0)}\\n")
parent = os.getppid()
while not Path(home, "go").exists() and os.getppid() == parent:  # nor does it outlive the tests
    time.sleep(0.01)
shutil.copy(Path(home, "run.npz"), file)
"""


def worker(home: Path) -> Callable[..., list[str]]:
    """The command of a pool whose workers look into the folder `home`; "run.npz" in it is what they give."""
    return lambda *words: [sys.executable, "-c", WORKER, str(home), *words]


def until(true: Callable[[], Any]) -> Any:
    """What is true in the end. Two minutes is for a machine that does a hundred other things."""
    for _ in range(12_000):
        if got := true():
            return got
        time.sleep(0.01)
    raise AssertionError("it never came")


def pids(home: Path) -> list[int]:
    path = home / "pids"
    return [int(line.split()[0]) for line in path.read_text().splitlines()] if path.exists() else []


def go(home: Path) -> None:
    (home / "go").touch()
