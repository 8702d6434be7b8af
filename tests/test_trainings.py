"""The panel in the stage's place: offered, followed, cancelled, failed, tried again; and what the server answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from losscore import train
from losscore.figures.film import Film
from losscore.figures.panels import Panels
from pages.ui import runs, served, stage, trainings, words
from pages.ui.controls import Slider, Values
from pages.ui.page import Part, run
from pages.ui.pool import Pool
from pages.ui.views import Shelf, View
from tests.worker import KEY, go, pids, until, worker


def film(values: Values) -> Film:
    """Recall over the epochs, of one run or two."""
    frames = [runs.get(*need).frames["recall"] for need in needed(values)]
    at = torch.as_tensor(values["epoch_on_trial"]).reshape(-1)
    made = Film(Panels([""]).figure, len(at), "Recall.")
    made.say("recall", torch.stack(frames).mean(0)[at.clamp(max=1).long()])
    return made


def needed(values: Values) -> list[runs.Need]:
    seed = int(values["seed_on_trial"])
    return [(KEY, {"seed": seed})] + ([(KEY, {"seed": seed + 1})] if values["seed_on_trial"] >= 100 else [])


TRIAL = View(
    "trial/panel",
    (
        Slider("epoch_on_trial", "Epoch", 0, 40, 0, steps=41),
        Slider("seed_on_trial", "Seed", 0, 200, 0, steps=201, live=False),
    ),
    film,
    trained=needed,
)


def draw() -> None:
    run("trial", "Trial", [Part("panel", "Panel", "Is it trained?", TRIAL)])


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    train.write(train.run(KEY, epochs=1), tmp_path / "run.npz")
    one = Pool(1, 1, 4, worker(tmp_path))
    for module in (runs, trainings):
        monkeypatch.setattr(module, "POOL", one)
    for module in (served, stage):
        monkeypatch.setattr(module, "SHELF", Shelf(room=9))
    monkeypatch.setattr(words, "words", lambda view: ("Notice.", "Because."))
    yield one
    one.close()


def opened(**query: str) -> AppTest:
    def script() -> None:
        from tests import test_trainings

        test_trainings.draw()

    at = AppTest.from_function(script, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return at.run()


def buttons(at: AppTest) -> list[str]:
    assert not at.exception
    return [button.label for button in at.button]


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def progress(at: AppTest) -> str:
    """What stands over the bar."""
    return next((bar.proto.text for bar in at.get("progress")), "")


def followed(at: AppTest, line: str) -> None:
    until(lambda: progress(at.run()) == line)


def drawn(at: AppTest) -> bool:
    """Whether the stage stands there, and no panel."""
    return "_swept" in at.session_state and not buttons(at) and bool(at.get("bidi_component"))


def test_what_shipped_is_drawn_and_what_did_not_is_offered(pool: Pool) -> None:
    assert drawn(opened())
    at = opened(seed_on_trial="7", epoch_on_trial="5")
    assert buttons(at) == ["Train"]
    assert any("40 epochs, about 5 seconds" in caption.value for caption in at.caption)
    assert pool.find(KEY, {"seed": 7}) is None, "to open a link is not to train"


def test_a_training_is_followed_to_its_end_and_then_scrubbed(pool: Pool, tmp_path: Path) -> None:
    at = press(opened(seed_on_trial="7"), "Train")
    followed(at, "Epoch 2 of 40")
    assert buttons(at) == ["Cancel"]
    other = opened(seed_on_trial="7")  # who comes to the same settings sees how far they are, and cannot stop them
    assert progress(other) == "Epoch 2 of 40"
    assert buttons(other) == []
    go(tmp_path)
    until(lambda: drawn(at.run()))
    assert drawn(other.run())
    at.slider(key="epoch_on_trial").set_value(1.0).run()
    assert drawn(at)
    assert len(pids(tmp_path)) == 1


def test_a_cancelled_one_is_offered_again(pool: Pool, tmp_path: Path) -> None:
    at = press(opened(seed_on_trial="7"), "Train")
    followed(at, "Epoch 2 of 40")
    at = press(at, "Cancel")
    assert buttons(at) == ["Train"]
    assert pool.find(KEY, {"seed": 7}) is None
    followed(press(at, "Train"), "Epoch 2 of 40")


def test_a_failed_one_says_why_and_can_be_tried_again(pool: Pool) -> None:
    at = press(opened(seed_on_trial="13"), "Train")
    until(lambda: "Try again" in buttons(at.run()))
    assert [warning.value for warning in at.warning] == ["The training failed: the seed is unlucky"]
    at = press(at, "Try again")
    until(lambda: "Try again" in buttons(at.run()))
    at.slider(key="seed_on_trial").set_value(0.0).run()
    assert drawn(at), "the page has not suffered"


def test_the_queue_has_places_and_an_end(pool: Pool, tmp_path: Path) -> None:
    first, second, third = (opened(seed_on_trial=seed) for seed in ("1", "2", "3"))
    followed(press(first, "Train"), "Epoch 2 of 40")
    assert progress(press(second, "Train")) == "Place 1 in the queue"
    third = press(third, "Train")
    assert [info.value for info in third.info] == ["The queue is full (1 waiting). Try again in a minute."]
    assert buttons(third) == ["Train"]
    go(tmp_path)
    until(lambda: drawn(second.run()))
    until(lambda: drawn(press(third, "Train") if "Train" in buttons(third) else third.run()))


def test_a_view_of_two_runs_trains_both(pool: Pool, tmp_path: Path) -> None:
    at = opened(seed_on_trial="100")
    assert any("2 trainings, 80 epochs together, about 10 seconds" in caption.value for caption in at.caption)
    at = press(at, "Train")
    followed(at, "Epoch 2 of 80")
    go(tmp_path)
    until(lambda: drawn(at.run()))
    assert len(pids(tmp_path)) == 2


def test_the_server_answers_calmly_and_trains_nothing(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.test_ui import ask

    monkeypatch.setattr(served, "VIEWS", {TRIAL.key: TRIAL})
    query: dict[str, Any] = {"_sweep": "epoch_on_trial", "seed_on_trial": "8"}
    for route in ("frames", "numbers"):
        status, _, body = ask(f"/{route}/{TRIAL.key}", **query)
        assert (status, body) == (404, b"these settings have not been trained")
        assert ask(f"/{route}/{TRIAL.key}", _sweep="epoch_on_trial")[0] == 200
    assert pool.find(KEY, {"seed": 8}) is None
