"""The recipes in CONTRIBUTING.md, executed as they stand."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch

import losscore
from losscore import registry
from losscore.search import search

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text()


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the blocks under "Add a loss" define, declared in a registry of their own."""
    monkeypatch.setattr(registry, "_records", {})
    section = TEXT.split("## Add a loss\n", 1)[1].split("\n## ", 1)[0]
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
