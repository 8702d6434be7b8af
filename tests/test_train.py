"""Trainings: declared, checked, run the same way every time, written to a file and read again."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import torch
from torch import Tensor

from losscore import train
from losscore.params import Choice, Param
from losscore.train import declare, store
from losscore.train.networks import layers

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _trial_trainings_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declare, "_records", dict(declare._records))


def trial(yields: int = 0, grows: bool = False) -> train.Training:
    @train.training(title="Trial", seconds=0.5)
    def trial(
        *,
        epochs: Annotated[int, train.Whole(1, 9, "epochs")] = 3,
        seed: Annotated[int, train.Whole(0, 9, "seed")] = 0,
        rate: Annotated[float, Param("r", 0.1, 1.0, "step", domain="(0, 1]")] = 1.0,
        way: Annotated[str, Choice(("up", "down"), "where to")] = "up",
    ) -> Iterator[dict[str, Tensor]]:
        for k in range(epochs + 1 + yields):
            yield {"at": torch.full((k + 1 if grows else 2,), k * rate * (1 if way == "up" else -1)).half()}

    return trial


def test_a_training_is_found_by_its_key() -> None:
    made = trial()
    assert train.get("trial") is made is train.trainings()[-1]
    assert made.about(made.settings(epochs=4)) == 2.0
    with pytest.raises(KeyError, match="no training 'trail'; nearest: trial"):
        train.get("trail")
    with pytest.raises(ValueError, match="two trainings are declared as 'trial'"):
        trial()


def test_a_training_without_epochs_or_with_a_bare_setting_is_refused() -> None:
    with pytest.raises(TypeError, match="has the settings epochs and seed"):

        @train.training(title="", seconds=1)
        def nothing() -> Iterator[dict[str, Tensor]]:
            yield {}

    with pytest.raises(TypeError, match="'bare' must be keyword-only, annotated"):

        @train.training(title="", seconds=1)
        def careless(*, bare: int = 1) -> Iterator[dict[str, Tensor]]:
            yield {}


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"speed": 1}, TypeError, "unknown setting 'speed'; accepted: epochs, rate, seed, way"),
        ({"epochs": 2.0}, TypeError, "epochs must be a whole number, got float 2.0"),
        ({"epochs": True}, TypeError, "whole number, got bool"),
        ({"epochs": 10**9}, ValueError, r"epochs must lie in \[1, 9\], got 1000000000"),
        ({"rate": float("nan")}, ValueError, r"rate must lie in \(0, 1\], got nan"),
        ({"rate": torch.tensor(0.5)}, TypeError, "one plain value, got a tensor"),
        ({"way": "left"}, ValueError, r"must be one of \['up', 'down'\], got 'left'"),
    ],
)
def test_settings_are_checked(given: dict[str, Any], error: type[Exception], said: str) -> None:
    trial()
    for ask in (train.run, train.name):
        with pytest.raises(error, match=said):
            ask("trial", given) if ask is train.name else ask("trial", **given)


def test_a_run_is_known_by_all_its_settings() -> None:
    trial()
    assert train.name("trial", {}) == "trial?epochs=3&rate=1.0&seed=0&way=up"
    assert train.name("trial", {"rate": 1, "seed": 0}) == train.name("trial", {})
    heard: list[tuple[int, int]] = []
    run = train.run("trial", lambda *at: heard.append(at), way="down")
    assert run.name == train.name("trial", {"way": "down"})
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert run.frames["at"].tolist() == [[-k, -k] for k in (0, 1, 2, 3)]
    assert run.versions["torch"] == torch.__version__


def test_other_frames_than_promised_are_refused() -> None:
    trial(grows=True)
    with pytest.raises(RuntimeError, match="epoch 1 yields"):
        train.run("trial")


@pytest.mark.parametrize("yields", [-1, 1])
def test_other_epochs_than_promised_are_refused(yields: int) -> None:
    trial(yields)
    with pytest.raises(RuntimeError, match=f"3 epochs yield 4 frames, got {4 + yields}"):
        train.run("trial")


def short(training: train.Training, **settings: Any) -> train.Run:
    return train.run(training.key, epochs=2, **settings)


@pytest.mark.parametrize("training", train.trainings(), ids=lambda training: training.key)
def test_the_same_settings_give_the_same_run_and_another_seed_another(training: train.Training) -> None:
    torch.manual_seed(1)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    one = short(training)
    assert torch.equal(torch.get_rng_state(), state), "the global generator was touched"
    assert torch.get_num_threads() == threads
    torch.manual_seed(2)
    again, other = short(training), short(training, seed=1)
    assert all(torch.equal(one.frames[part], again.frames[part]) for part in one.frames)
    assert any(not torch.equal(one.frames[part], other.frames[part]) for part in one.frames)
    assert all(len(frames) == 3 and frames.isfinite().all() for frames in one.frames.values())


def test_first_weights_are_spread_as_torchs_own() -> None:
    made, own = layers((100, 400, 2), torch.Generator().manual_seed(0)), torch.nn.Linear(100, 400)
    assert [tuple(p.shape) for p in made.parameters()] == [(400, 100), (400,), (2, 400), (2,)]
    for here, there in zip(made[0].parameters(), own.parameters(), strict=True):
        assert here.abs().max() <= 0.1
        assert here.std().item() == pytest.approx(there.std().item(), rel=0.1)


def test_a_run_comes_back_from_its_file_bit_by_bit() -> None:
    trial()
    run, files = train.run("trial", rate=0.25), (io.BytesIO(), io.BytesIO())
    for file in files:
        train.write(run, file)  # type: ignore[arg-type]
    assert files[0].getvalue() == files[1].getvalue()
    back = train.read(io.BytesIO(files[0].getvalue()))  # type: ignore[arg-type]
    assert (back.key, back.settings, back.versions, back.name) == (run.key, run.settings, run.versions, run.name)
    assert back.frames.keys() == run.frames.keys()
    assert back.frames["at"].dtype == torch.float16
    assert torch.equal(back.frames["at"], run.frames["at"])


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 and no more"])
def test_a_file_without_a_run_is_said_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ValueError, match="holds no run"):
        train.read(tmp_path / "x.npz")


SHIPPED = sorted(store.RUNS.glob("*.npz"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_runs_lie_where_they_are_looked_for(path: Path) -> None:
    run = train.read(path)
    assert path.name == store.filename(run.key, run.settings)
    found = train.shipped(run.key, run.settings)
    assert found is not None
    assert found.name == run.name
    assert all(len(frames) == run.settings["epochs"] + 1 for frames in run.frames.values())


def test_shipped_runs_are_light_and_none_is_found_for_other_settings() -> None:
    assert SHIPPED
    assert sum(path.stat().st_size for path in SHIPPED) < 4_000_000
    assert train.shipped("digits_plane", {"seed": 4321}) is None


def test_the_command_line_trains_reports_and_says_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "losscore.train", "digits_plane"]
    right, wrong = json.dumps({"epochs": 1, "loss": "n_pair"}), json.dumps({"epochs": 0})
    done = subprocess.run([*command, right, tmp_path / "run.npz"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["0 1", "1 1"]
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    assert train.read(tmp_path / "run.npz").settings["loss"] == "n_pair"
    failed = subprocess.run([*command, wrong, tmp_path / "no.npz"], cwd=ROOT, capture_output=True, text=True)
    assert failed.returncode == 1
    assert failed.stderr.strip() == "digits_plane: epochs must lie in [1, 200], got 0"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_run_begins_as_one_of_today(path: Path) -> None:
    """Sums are rounded otherwise on another machine, which grows from step to step: only the beginning is compared."""
    shipped = train.read(path)
    today = train.run(shipped.key, **shipped.settings | {"epochs": 1})
    assert today.frames.keys() == shipped.frames.keys()
    for part, frames in today.frames.items():
        few = 2 if frames.dtype is torch.uint8 else 0.01  # steps of a picture; two of 300 neighbours change for a hair
        torch.testing.assert_close(frames[0], shipped.frames[part][0], rtol=0.01, atol=few)
        if shipped.settings.get("loss") == "triplet_batch_hard":
            continue  # a hair decides which sample is the hardest, and that is all it learns from
        start, one, same = (of.double() for of in (*shipped.frames[part][:2], frames[1]))
        assert (same - one).abs().mean() <= 0.1 * (one - start).abs().mean() + few / 5
