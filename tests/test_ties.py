"""Ties of a batch, read off the gradient, against mining done pair by pair, and against the gradient they make up."""

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import SupConLoss
from pytorch_metric_learning.miners import BatchHardMiner

from losscore.explore.ties import MINED, PAIRED, PROXIES, cost, pulls, ties
from losscore.scenes.batches import LABELS, MOVED, batch, proxies
from pages.ui.words import words

START = [torch.tensor([value], dtype=torch.float64) for value in MOVED]
EMB = batch(*START)
KEYS = (*MINED, *PAIRED, "supcon", *PROXIES)


def tied(key: str, margin: float = 0.2, temperature: float = 0.2) -> np.ndarray:
    """How strongly each is drawn to each other and to the proxies (9, 12), times their distance."""
    tie = ties(lambda emb, fixed: cost(key, emb, LABELS, fixed, margin, temperature), EMB, proxies())
    return (tie * torch.cdist(EMB, torch.cat([EMB[0], proxies()])[None]))[0].numpy()


def test_batch_hard_ties_the_worst_triplet_of_each_anchor() -> None:
    distance = torch.cdist(EMB[0], EMB[0]).numpy()
    anchors, positives, negatives = BatchHardMiner(distance=LpDistance(normalize_embeddings=False))(EMB[0], LABELS)
    want = np.zeros((9, 9))
    for a, p, n in zip(anchors.tolist(), positives.tolist(), negatives.tolist(), strict=True):
        if distance[a, p] - distance[a, n] + 0.2 > 0:
            want[[a, p], [p, a]] += 1 / 9
            want[[a, n], [n, a]] -= 1 / 9
    np.testing.assert_allclose(tied("triplet_batch_hard")[:, :9], want, atol=1e-6)


def test_semi_hard_ties_every_triplet_in_order_and_too_close() -> None:
    distance, labels = torch.cdist(EMB[0], EMB[0]).numpy(), LABELS.numpy()
    found = [
        (a, p, n)
        for a in range(9)
        for p in range(9)
        for n in range(9)
        if a != p and labels[a] == labels[p] != labels[n] and 0 < distance[a, n] - distance[a, p] < 0.5
    ]
    want = np.zeros((9, 9))
    for a, p, n in found:
        want[[a, p], [p, a]] += 1 / len(found)
        want[[a, n], [n, a]] -= 1 / len(found)
    np.testing.assert_allclose(tied("triplet_semi_hard_all", margin=0.5)[:, :9], want, atol=1e-6)


@pytest.mark.parametrize("key", KEYS)
def test_ties_make_up_the_gradient(key: str) -> None:
    fixed = proxies()

    def value(emb: torch.Tensor, middles: torch.Tensor) -> torch.Tensor:
        return cost(key, emb, LABELS, middles, 0.5, 0.2)

    loss, pull = pulls(lambda emb: value(emb, fixed), EMB)
    tie, every = ties(value, EMB, fixed)[0], torch.cat([EMB[0], fixed])
    made = tie @ every
    if key in MINED:
        made = made - tie.sum(-1, keepdim=True) * EMB[0]
    elif key != "n_pair":  # what lies along a member's own direction is lost on its cosines
        unit = EMB[0] / EMB[0].norm(dim=-1, keepdim=True)
        made = made - (made * unit).sum(-1, keepdim=True) * unit
    assert pull.abs().max() > 0.01
    assert loss.isfinite().all()
    np.testing.assert_allclose(made, pull[0], atol=1e-6)


def test_a_supervised_batch_by_another_library() -> None:
    want = SupConLoss(temperature=0.2)(EMB[0], LABELS)
    got = cost("supcon", EMB, LABELS, proxies(), 0.2, 0.2)
    assert got.item() == pytest.approx(want.item(), rel=1e-5)


def test_who_is_tied_to_whom() -> None:
    for key in PROXIES:
        assert not tied(key)[:, :9].any()
        assert (np.sign(tied(key)[:, 9:]) == np.where(LABELS.numpy()[:, None] == np.arange(3), 1, -1)).all()
    for key in PAIRED:
        assert not tied(key)[[2, 5, 8]].any()


def test_how_many_triplets_a_batch_has() -> None:
    """As the lesson says: anchors, times others of their class, times strangers."""
    told = words("embeddings/batch")[1]
    assert len(LABELS) * 2 * 6 == 108
    assert 90 * 29 * 60 == 156_600
    assert "108 triplets, ninety give 156,600" in told
