"""Three points in the plane: costs, pulls and zones against closed forms and finite differences."""

import math

import numpy as np
import pytest
import torch

from losscore.explore.three_points import ZONES, cost, pulls, zone

KEYS = ("contrastive", "triplet_squared", "triplet_euclidean", "margin_ranking", "cosine_embedding", "logistic_margin")
POINTS = torch.tensor([[[0.3, 0.2], [1.1, 0.7], [0.5, -0.6]], [[0.4, 1.0], [0.6, 0.1], [-0.9, 0.8]]]).double()


@pytest.mark.parametrize("key", KEYS)
def test_each_point_goes_where_the_loss_falls(key: str) -> None:
    value, got = pulls(key, POINTS, 0.9)
    assert got.abs().max() > 0.1
    want = np.zeros(POINTS.shape)
    for place in np.ndindex(*POINTS.shape):
        step = torch.zeros_like(POINTS)
        step[place] = 1e-6
        want[place] = -float((cost(key, POINTS + step, 0.9) - cost(key, POINTS - step, 0.9))[place[0]]) / 2e-6
    np.testing.assert_allclose(got, want, atol=1e-7)
    assert value.shape == (2,)


def test_a_euclidean_triplet_pulls_with_one_on_positive_and_negative() -> None:
    _, got = pulls("triplet_euclidean", POINTS[:1], 0.9)
    np.testing.assert_allclose(got[0].norm(dim=-1)[1:], [1, 1], rtol=1e-12)


@pytest.mark.parametrize("margin", [0.2, 0.5, 1.0])
def test_collapse_costs_exactly_the_margin_and_pulls_nothing(margin: float) -> None:
    for key in ("triplet_squared", "triplet_euclidean", "margin_ranking"):
        value, got = pulls(key, torch.full((1, 3, 2), 0.4, dtype=torch.float64), margin)
        assert value.item() == pytest.approx(margin, abs=1e-12)
        assert not got.any()


def test_the_negative_passes_through_the_zones() -> None:
    far = torch.tensor([0.5, 0.99, 1.01, 1.45, 1.55])
    points = torch.zeros(5, 3, 2)
    points[:, 1, 1], points[:, 2, 0] = 1.0, far
    for squared in (False, True):
        power = 2 if squared else 1
        want = ["hard" if f <= 1 else "semi-hard" if math.pow(f, power) < 1.5 else "easy" for f in far.tolist()]
        assert [ZONES[i] for i in zone(points, 0.5, squared=squared)] == want
