"""Scores of a short list: losses over all pairs one by one, places against SciPy, pulls against finite differences."""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau, rankdata

from losscore.explore.ranking import cost, misplaced, places, pulls

SCORES = torch.tensor([[0.2, 1.1, 0.8, 0.5, -0.6], [1.0, 0.5, 0.5, -0.2, -0.2], [-2.0, 2, 0, 1, 1.5]]).double()


@pytest.mark.parametrize("margin", [0.0, 0.25, 1.0])
def test_the_loss_is_the_mean_over_pairs(margin: float) -> None:
    for row, scores in enumerate(SCORES.tolist()):
        leads = [a - b for a, b in itertools.combinations(scores, 2)]
        hinge = sum(max(0.0, margin - lead) for lead in leads) / len(leads)
        smooth = sum(math.log1p(math.exp(-lead)) for lead in leads) / len(leads)
        assert cost("margin_ranking", SCORES, margin)[row].item() == pytest.approx(hinge, abs=1e-12)
        assert cost("logistic_margin", SCORES, margin)[row].item() == pytest.approx(smooth, rel=1e-12)


def test_places_and_misplaced_pairs() -> None:
    np.testing.assert_allclose(places(SCORES), rankdata(-SCORES.numpy(), axis=-1))
    distinct = SCORES[[0, 2]]
    want = [10 * (1 - kendalltau(row, -np.arange(5)).statistic) / 2 for row in distinct.numpy()]
    np.testing.assert_allclose(misplaced(distinct), want)
    assert misplaced(SCORES)[1] == 2  # equal ones are not in order


@pytest.mark.parametrize("key", ["margin_ranking", "logistic_margin"])
def test_pulls_go_downhill(key: str) -> None:
    _, got = pulls(key, SCORES[:1], 0.33)
    for index in range(5):
        step = torch.zeros_like(SCORES[:1])
        step[0, index] = 1e-6
        want = -(cost(key, SCORES[:1] + step, 0.33) - cost(key, SCORES[:1] - step, 0.33)).item() / 2e-6
        assert got[0, index].item() == pytest.approx(want, abs=1e-7)
    assert got.sum().item() == pytest.approx(0, abs=1e-12)
