"""What is written down about the losses agrees with their records: the reference, the traits, the measured costs."""

import math
from datetime import date
from pathlib import Path

import losscore
from losscore.cost import costs
from losscore.reference import reference
from losscore.traits import TRAITS, traits

ROOT = Path(__file__).parents[1]


def test_the_reference_is_current() -> None:
    assert (ROOT / "docs/losses.md").read_text(encoding="utf-8") == reference()


def test_every_loss_has_its_card() -> None:
    lines = reference().splitlines()
    for loss in losscore.losses():
        assert sum(f'<a id="{loss.key}"></a>' in line for line in lines) == 1
        assert loss.source in reference()


def test_every_trait_tells_some_losses_from_others() -> None:
    for key in TRAITS:
        holders = [loss.key for loss in losscore.losses() if key in traits(loss)]
        assert 0 < len(holders) < len(losscore.losses()), key


def test_traits_are_what_is_known_of_familiar_losses() -> None:
    assert {"robust", "bounded", "smooth"} <= set(traits(losscore.get("cauchy")))
    assert {"convex", "smooth"} <= set(traits(losscore.get("mse")))
    assert not {"robust", "bounded", "flat"} & set(traits(losscore.get("mse")))
    assert {"metric", "flat"} <= set(traits(losscore.get("metric_dice")))


def test_every_loss_has_a_measured_cost() -> None:
    kept = costs()
    assert kept.ratios.keys() == {loss.key for loss in losscore.losses()}
    assert all(ratio > 0 for ratio in kept.ratios.values())
    assert kept.ratios["mse"] == 1
    assert date.fromisoformat(kept.date) <= date.today()
    assert "torch" in kept.machine
    assert kept.of("mse") == kept.ratios["mse"]
    assert kept.of("a loss of tomorrow") == math.inf
