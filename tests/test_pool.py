"""The pool of trainings: one at a time, a queue with an end, shared jobs, cancelled ones, workers that die."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from losscore import train
from pages.ui import pool as pools
from pages.ui.pool import Full, Job, Pool, State
from tests.worker import KEY, go, pids, until, worker


@pytest.fixture(scope="module")
def run() -> train.Run:
    return train.run(KEY, epochs=1)


@pytest.fixture
def pool(tmp_path: Path, run: train.Run) -> Iterator[Pool]:
    """One worker, two places in the queue, two runs kept."""
    train.write(run, tmp_path / "run.npz")
    one = Pool(1, 2, 2, worker(tmp_path))
    yield one
    one.close()


def ended(job: Job) -> State:
    return until(lambda: not job.state.active and job.state)  # type: ignore[no-any-return]


def started(job: Job) -> State:
    return until(lambda: job.state.done == 2 and job.state)  # type: ignore[no-any-return]


def test_one_is_trained_at_a_time_and_the_others_know_their_place(pool: Pool, tmp_path: Path) -> None:
    first, second, third = (pool.ask(KEY, {"seed": seed}) for seed in range(3))
    assert started(first) == State("running", done=2, total=40)
    assert [second.state.place, third.state.place] == [1, 2]
    with pytest.raises(Full, match="queue is full"):
        pool.ask(KEY, {"seed": 3})
    until(lambda: pids(tmp_path))
    assert os.getpriority(os.PRIO_PROCESS, pids(tmp_path)[0]) > os.getpriority(os.PRIO_PROCESS, 0)
    go(tmp_path)
    assert [ended(job).kind for job in (first, second, third)] == ["done"] * 3
    assert len(set(pids(tmp_path))) == 3


def test_the_same_settings_are_trained_once_for_all(pool: Pool, tmp_path: Path) -> None:
    one, other = pool.ask(KEY, {"seed": 5}), pool.ask(KEY, {"seed": 5, "loss": "triplet_squared"})
    started(one)
    assert pool.find(KEY, {"seed": 5}) == other.state == State("running", done=2, total=40)
    one.cancel()
    assert one.state.kind == "cancelled"
    assert other.state.kind == "running", "the other one still waits for it"
    go(tmp_path)
    assert ended(other).run is pool.run(KEY, {"seed": 5})
    assert len(pids(tmp_path)) == 1
    assert pool.ask(KEY, {"seed": 5}).state.run is ended(other).run, "a kept run is not trained again"
    assert pool.find(KEY, {"seed": 5}) is None


def test_when_nobody_waits_any_more_the_process_is_stopped(pool: Pool, tmp_path: Path) -> None:
    first, second = pool.ask(KEY, {"seed": 0}), pool.ask(KEY, {"seed": 1})
    started(first)
    (pid,) = until(lambda: pids(tmp_path))
    first.cancel()
    first.cancel()  # a second time changes nothing
    started(second)  # its turn has come
    until(lambda: not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else True)
    second.cancel()
    again = pool.ask(KEY, {"seed": 1})
    go(tmp_path)
    assert ended(again).kind == "done"
    assert second.state.kind == "cancelled"


def test_a_waiting_training_can_be_cancelled(pool: Pool, tmp_path: Path) -> None:
    first, second, third = (pool.ask(KEY, {"seed": seed}) for seed in range(3))
    started(first)
    second.cancel()
    assert third.state.place == 1
    go(tmp_path)
    assert [ended(job).kind for job in (first, third)] == ["done"] * 2
    assert len(pids(tmp_path)) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_killed_worker_fails_alone_and_can_be_tried_again(pool: Pool, tmp_path: Path) -> None:
    first, second = pool.ask(KEY, {"seed": 0}), pool.ask(KEY, {"seed": 1})
    started(first)
    os.kill(until(lambda: pids(tmp_path))[0], signal.SIGKILL)
    assert ended(first) == State("failed", sentence="The training was stopped from outside before its end.")
    go(tmp_path)
    assert ended(second).kind == "done"
    assert ended(pool.ask(KEY, {"seed": 0})).kind == "done"


def test_a_failed_training_says_why(pool: Pool) -> None:
    assert ended(pool.ask(KEY, {"seed": 13})) == State("failed", sentence="The training failed: the seed is unlucky")


def test_a_worker_that_cannot_start_or_gives_no_run_is_said_calmly(tmp_path: Path) -> None:
    commands = ([str(tmp_path / "nothing")], [sys.executable, "-c", ""], [sys.executable, "-c", "print('?')"])
    for command in commands:
        pool = Pool(1, 1, 1, lambda *_, command=command: command)
        assert ended(pool.ask(KEY, {})).sentence.startswith("The training could not be carried out: ")
        pool.close()


def test_the_runs_of_late_are_kept_and_no_more(pool: Pool, tmp_path: Path) -> None:
    go(tmp_path)
    for seed in (0, 1):
        ended(pool.ask(KEY, {"seed": seed}))
    assert pool.run(KEY, {"seed": 0})  # looked at: now 1 is the oldest
    ended(pool.ask(KEY, {"seed": 2}))
    until(lambda: pool.run(KEY, {"seed": 2}))
    assert [pool.run(KEY, {"seed": seed}) is not None for seed in (0, 1, 2)] == [True, False, True]


def test_closing_stops_what_runs_and_what_waits(pool: Pool, tmp_path: Path) -> None:
    jobs = [pool.ask(KEY, {"seed": seed}) for seed in range(2)]
    started(jobs[0])
    pool.close()
    assert [job.state.kind for job in jobs] == ["cancelled"] * 2
    assert len(pids(tmp_path)) <= 1


@pytest.mark.parametrize(("settings", "error"), [({"seed": -1}, ValueError), ({"speed": 1}, TypeError)])
def test_wrong_settings_are_refused_before_the_queue(pool: Pool, settings: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        pool.ask(KEY, settings)
    assert pool.find(KEY, {}) is None


def test_a_worker_knows_no_streamlit() -> None:
    command = "import sys, losscore.train.__main__; print(sorted({'streamlit', 'plotly', 'pages'} & set(sys.modules)))"
    said = pools.subprocess.run([sys.executable, "-c", command], cwd=pools._ROOT, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
