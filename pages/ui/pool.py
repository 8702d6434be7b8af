"""Trainings beside the server: a bounded pool of processes, a bounded queue, and the runs of late.

A training is a process of its own, `python -m losscore.train`, with a lower priority than the server's. So it slows no
drag, may be stopped at any moment, and takes nothing with it when it dies; and whoever trains nothing pays nothing.
(The workers of multiprocessing would import the main module anew, which here is all of Streamlit.)
Another engine, over several machines, needs to offer no more than `Pool` does: ask, find, run, close.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from losscore import train

_ROOT = Path(__file__).parents[2]
_NICE = 10  # how much more willing to wait than the server
Kind = Literal["waiting", "running", "done", "failed", "cancelled"]


class Full(RuntimeError):
    """The queue holds as many trainings as it may; the text is for the visitor."""


@dataclass(frozen=True)
class State:
    """How far a job is. place: in the queue, 1 is next. done, total: epochs. sentence: what went wrong."""

    kind: Kind
    place: int = 0
    done: int = 0
    total: int = 0
    run: train.Run | None = None
    sentence: str = ""

    @property
    def active(self) -> bool:
        return self.kind in ("waiting", "running")


class _Work:
    """A training that one or more visitors wait for."""

    def __init__(self, key: str, settings: dict[str, Any]) -> None:
        self.key, self.settings, self.name = key, settings, train.name(key, settings)
        self.state = State("waiting", total=settings["epochs"])
        self.wanted = 0
        self.process: subprocess.Popen[str] | None = None


class Job:
    """One visitor's interest in a training."""

    def __init__(self, pool: "Pool", work: _Work) -> None:
        self._pool, self._work, self._left = pool, work, False

    @property
    def state(self) -> State:
        return State("cancelled") if self._left else self._pool.state_of(self._work)

    def cancel(self) -> None:
        """Wait no longer. The training is stopped if nobody else waits for it."""
        if not self._left and self.state.active:
            self._left = True
            self._pool.leave(self._work)


class Pool:
    """At most `workers` trainings at a time, `waiting` more in the queue, and the last `room` runs kept."""

    def __init__(
        self, workers: int, waiting: int, room: int, command: Callable[[str, str, str], list[str]] | None = None
    ) -> None:
        self._workers, self._waiting, self._room = workers, waiting, room
        self._command = command or (lambda *words: [sys.executable, "-m", "losscore.train", *words])
        self._lock = threading.RLock()
        self._works: OrderedDict[str, _Work] = OrderedDict()  # active ones, in the order they were asked for
        self._runs: OrderedDict[str, train.Run] = OrderedDict()
        self._hands: ThreadPoolExecutor | None = None

    def ask(self, key: str, settings: dict[str, Any]) -> Job:
        """Have a training done, or join those who wait for the same one.

        Raises Full if the queue is, KeyError, TypeError or ValueError as `losscore.train.name` does.
        """
        whole = train.get(key).settings(**settings)
        with self._lock:
            work = _Work(key, whole)
            if work.name in self._works:
                work = self._works[work.name]
            else:
                if (kept := self.run(key, whole)) is not None:
                    work.state = State("done", run=kept)
                    return Job(self, work)
                if len(self._works) >= self._workers + self._waiting:
                    raise Full(f"The queue is full ({self._waiting} waiting). Try again in a minute.")
                self._works[work.name] = work
                self._hands = self._hands or ThreadPoolExecutor(self._workers, "training")
                self._hands.submit(self._do, work)
            work.wanted += 1
            return Job(self, work)

    def find(self, key: str, settings: dict[str, Any]) -> State | None:
        """How far the training of these settings is, whoever asked for it; None where nobody waits for it."""
        with self._lock:
            work = self._works.get(train.name(key, settings))
            return self.state_of(work) if work else None

    def run(self, key: str, settings: dict[str, Any]) -> train.Run | None:
        """The run of these settings, if it is kept."""
        name = train.name(key, settings)
        with self._lock:
            if name in self._runs:
                self._runs.move_to_end(name)
            return self._runs.get(name)

    def close(self) -> None:
        """Stop all trainings."""
        with self._lock:
            works, hands = list(self._works.values()), self._hands
            for work in works:
                self._stop(work)
            self._works.clear()
            self._hands = None
        if hands:
            hands.shutdown(wait=True, cancel_futures=True)

    def state_of(self, work: _Work) -> State:
        """For jobs: how far a training is."""
        with self._lock:
            if work.state.kind != "waiting":
                return work.state
            queue = [one for one in self._works.values() if one.state.kind == "waiting"]
            return State("waiting", place=queue.index(work) + 1 if work in queue else 1, total=work.state.total)

    def leave(self, work: _Work) -> None:
        """For jobs: one visitor less waits for a training."""
        with self._lock:
            work.wanted -= 1
            if work.wanted <= 0 and work.state.active:
                self._stop(work)
                self._works.pop(work.name, None)

    def _stop(self, work: _Work) -> None:
        work.state = State("cancelled")
        if work.process:
            work.process.kill()

    def _do(self, work: _Work) -> None:
        """In a thread of the pool: one training from its process's start to its end."""
        try:
            with tempfile.TemporaryDirectory(prefix="training-") as folder:
                self._train(work, Path(folder) / "run.npz")
        except (OSError, ValueError) as error:
            self._now(work, State("failed", sentence=f"The training could not be carried out: {error}."))

    def _train(self, work: _Work, file: Path) -> None:
        with (file.parent / "said").open("w+", encoding="utf-8") as said:
            with self._lock:
                if not work.state.active:
                    return
                work.state = State("running", total=work.state.total)
                command = self._command(work.key, json.dumps(work.settings), str(file))
                work.process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=said, text=True)
            with contextlib.suppress(OSError, AttributeError):  # where there are no priorities, or it is gone already
                os.setpriority(os.PRIO_PROCESS, work.process.pid, _NICE)
            with work.process as process:
                for line in process.stdout or ():
                    done, total = map(int, line.split())
                    self._now(work, State("running", done=done, total=total))
            if process.returncode == 0:
                self._now(work, State("done", run=train.read(file)))
            elif process.returncode < 0:
                self._now(work, State("failed", sentence="The training was stopped from outside before its end."))
            else:
                said.seek(0)
                last = (said.read().strip() or "no word of it").splitlines()[-1][:300]
                self._now(work, State("failed", sentence=f"The training failed: {last}"))

    def _now(self, work: _Work, state: State) -> None:
        """A training's new state; with its last one it leaves the queue, and its run is at hand from that moment."""
        with self._lock:
            if not work.state.active:  # it was cancelled meanwhile
                return
            work.state = state
            if not state.active:
                self._works.pop(work.name, None)
            if state.run:
                self._runs[work.name] = state.run
                while len(self._runs) > self._room:
                    self._runs.popitem(last=False)
