"""The recipes in CONTRIBUTING.md, executed as they stand."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

import losscore
from losscore import registry, train
from losscore.search import search
from losscore.train import declare
from pages.ui import runs, words
from pages.ui.controls import read
from pages.ui.views import Shelf

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text()


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the blocks under "Add a loss" define, declared in a registry of their own."""
    monkeypatch.setattr(registry, "_records", {})
    return _executed("Add a loss")


def _executed(title: str) -> dict[str, Any]:
    """What the Python blocks under a heading define."""
    section = TEXT.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    defined: dict[str, Any] = {"__name__": "recipe"}
    for block in re.findall(r"```python\n(.*?)```", section, re.DOTALL):
        exec(compile(block, "CONTRIBUTING.md", "exec"), defined)
    return defined


def test_the_recipe_declares_a_loss(recipe: dict[str, Any]) -> None:
    (declared,) = losscore.losses()
    assert declared is recipe["fair"] is losscore.get("fair") is search("fair")[0]
    assert declared.of_residual
    assert r"\ln" in declared.latex or r"\log" in declared.latex


def test_its_own_test_holds(recipe: dict[str, Any]) -> None:
    tests = [name for name in recipe if name.startswith("test_")]
    assert tests
    for name in tests:
        recipe[name]()


def test_its_claims_hold_on_a_grid(recipe: dict[str, Any]) -> None:
    fair = recipe["fair"]
    r = torch.linspace(-1e3, 1e3, 4001, dtype=torch.float64)
    zero = torch.zeros_like(r)
    for c in (0.1, 1.0, 10.0):
        cost = fair(r, zero, c=c, reduction="none")
        slope = fair.gradient(r, zero, c=c, reduction="sum")
        assert torch.allclose(cost, cost.flip(0))
        assert slope.abs().max() < fair.claims.bound("slope_bound", {"c": c})
        assert (slope.diff() > 0).all()


def test_its_parameter_sweeps_in_one_call(recipe: dict[str, Any]) -> None:
    fair = recipe["fair"]
    r, c = torch.tensor(3.0), torch.tensor([0.5, 1.0, 2.0])
    swept = fair(r, torch.tensor(0.0), c=c, reduction="none")
    assert torch.allclose(swept, torch.stack([fair(r, torch.tensor(0.0), c=one.item()) for one in c]))


def test_the_registry_is_left_as_it_was() -> None:
    with pytest.raises(KeyError):
        losscore.get("fair")


def test_the_page_recipe_makes_a_film_that_follows_its_slider() -> None:
    (view,) = _executed("Add a page")["VIEWS"]
    shelf = Shelf(room=1)
    for key in ("mse", "huber"):
        values = read(view.controls, {"force": key})[0]
        film = shelf.get(view, values, "error").film
        steps = torch.tensor(view.sliders["error"].values)
        want = losscore.get(key).gradient(steps, torch.zeros_like(steps), reduction="sum")
        assert film.steps == 101
        assert film.slots["pull"].tolist() == pytest.approx(want.tolist())
        assert 'data-slot="pull"' in view.reading(values)


def test_the_page_recipe_draws_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "words", lambda view: ("Notice.", "Because."))

    def script() -> None:
        import tests.test_contributing as recipes

        recipes._executed("Add a page")["draw"]()

    page = AppTest.from_function(script).run()
    assert not page.exception
    page.slider(key="error").set_value(-5.0).run()
    assert not page.exception
    assert page.query_params["error"] == "-5"


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the blocks under "Add a training" define, with trainings of their own."""
    monkeypatch.setattr(declare, "_records", {})
    return _executed("Add a training")


def test_the_training_recipe_trains(training: dict[str, Any]) -> None:
    run = train.run("one_slope", epochs=100, rate=0.5)
    draw = torch.Generator().manual_seed(0)
    x = torch.linspace(-1, 1, 40)
    y = 2 * x + torch.randn(40, generator=draw)
    assert run.frames["slope"][-1].item() == pytest.approx(((x @ y) / (x @ x)).item(), rel=1e-4)
    assert train.run("one_slope", epochs=5).frames["slope"].tolist() == run_again(5)


def run_again(epochs: int) -> list[float]:
    torch.manual_seed(7)
    return train.run("one_slope", epochs=epochs).frames["slope"].tolist()  # type: ignore[no-any-return]


def test_its_view_draws_a_run_that_is_at_hand_and_asks_for_one_that_is_not(
    training: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = training["SLOPE"]
    values = read(view.controls, {})[0]
    with pytest.raises(runs.Missing, match="one_slope"):
        Shelf(room=1).get(view, values, "slope_epoch")
    run = train.run("one_slope")
    monkeypatch.setattr(runs, "POOL", type("Kept", (), {"run": lambda *_: run}))
    film = Shelf(room=1).get(view, values, "slope_epoch").film
    assert film.steps == 21
    assert film.slots["slope"].tolist() == pytest.approx(run.frames["slope"].tolist())
