"""Directions on a circle: who bears the push, against a softmax in closed form; InfoNCE's row against whole batches."""

import numpy as np
import pytest
import torch
from pytorch_metric_learning.losses import ArcFaceLoss, CosFaceLoss
from scipy.special import softmax

import losscore
from losscore.explore.circle import cost, directions, pulls, shares, weights

DEGREES = torch.tensor([[40.0, 60, 80, 130, -100, -150], [15, -20, 175, 90, -90, 45]], dtype=torch.float64)
KEYS = ("info_nce_symmetric", "arcface", "cosface", "proxy_nca", "proxy_nca_softmax", "cosine_embedding")


def settings(temperature: float, margin: float = 0.3, cosine_margin: float = 0.1) -> dict[str, torch.Tensor]:
    given = {"temperature": temperature, "margin": margin, "cosine_margin": cosine_margin}
    return {name: torch.full((2,), value, dtype=torch.float64) for name, value in given.items()}


@pytest.mark.parametrize("temperature", [0.05, 0.1, 1.0])
def test_shares_of_a_softmax(temperature: float) -> None:
    want = softmax(np.cos(np.radians(DEGREES.numpy()[:, 1:])) / temperature, axis=-1)
    for key in ("info_nce_symmetric", "arcface", "cosface"):
        got = shares(weights(key, DEGREES, settings(temperature)))
        np.testing.assert_allclose(got, want, atol=1e-6)
    push = weights("info_nce_symmetric", DEGREES, settings(temperature))
    every = softmax(np.cos(np.radians(DEGREES.numpy())) / temperature, axis=-1) / temperature
    np.testing.assert_allclose(push[:, 1:], every[:, 1:], rtol=1e-6)
    np.testing.assert_allclose(push[:, 0], every[:, 0] - 1 / temperature, rtol=1e-5, atol=1e-8)


def test_a_pair_of_cosines_pushes_every_negative_above_its_margin_alike() -> None:
    cosine = np.cos(np.radians(DEGREES.numpy()[:, 1:]))
    got = weights("cosine_embedding", DEGREES, settings(0.1))[:, 1:]
    np.testing.assert_allclose(got, (cosine > 0.1).astype(float), atol=1e-9)
    nobody = shares(weights("cosine_proximity", DEGREES, settings(0.1)))
    assert not nobody.any()


@pytest.mark.parametrize("key", KEYS)
def test_pulls_are_weights_along_the_circle_and_balance(key: str) -> None:
    _, pull = pulls(key, DEGREES, settings(0.2))
    weight = weights(key, DEGREES, settings(0.2)).numpy()
    np.testing.assert_allclose(
        pull[:, 1:].norm(dim=-1), np.abs(weight * np.sin(np.radians(DEGREES.numpy()))), rtol=1e-6, atol=1e-9
    )
    points = directions(torch.cat([torch.zeros(2, 1, dtype=torch.float64), DEGREES], -1))
    turning = points[..., 0] * pull[..., 1] - points[..., 1] * pull[..., 0]
    np.testing.assert_allclose(turning.sum(-1), 0, atol=1e-9)


def test_rows_of_info_nce_add_up_to_the_losses_of_a_batch() -> None:
    draw = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 6, 2, generator=draw, dtype=torch.float64)
    how = settings(0.3)
    how = {name: value[:1].expand(6) for name, value in how.items()}

    def rows(anchors: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        """The mean over anchors whose positive is their own row of the others."""
        first = torch.stack([torch.cat([others[i : i + 1], others[:i], others[i + 1 :]]) for i in range(len(anchors))])
        return cost("info_nce_symmetric", anchors, first, how).mean()

    want = losscore.get("info_nce_symmetric")(one, other, temperature=0.3)
    assert (rows(one, other) + rows(other, one)).item() / 2 == pytest.approx(want.item(), rel=1e-9)


@pytest.mark.parametrize(("key", "oracle"), [("arcface", ArcFaceLoss), ("cosface", CosFaceLoss)])
def test_margins_by_another_library(key: str, oracle: type) -> None:
    margin = np.degrees(0.3) if key == "arcface" else 0.3
    module = oracle(num_classes=6, embedding_size=2, margin=margin, scale=5).double()
    for row in range(2):
        module.W.data = directions(DEGREES[row]).T.contiguous()
        want = module(torch.tensor([[1.0, 0.0]], dtype=torch.float64), torch.tensor([0]))
        got = pulls(key, DEGREES, settings(0.2))[0][row]
        assert got.item() == pytest.approx(want.item(), rel=1e-5)
