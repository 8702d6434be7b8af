"""Pairs and triplets of embeddings against NumPy, SciPy, torch and pytorch-metric-learning.

Slopes are central differences of the NumPy oracle. Zero vectors and coinciding points are held by themselves.
"""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import TripletMarginLoss
from pytorch_metric_learning.miners import BatchHardMiner, TripletMarginMiner
from pytorch_metric_learning.reducers import MeanReducer
from scipy.spatial import distance
from torch import Tensor

import losscore

Oracle = Callable[..., float]
RNG = np.random.default_rng(5)
# Three sets of 6 embeddings in 4 dimensions: of ordinary size, tiny and huge, one direction dominating.
SETS = {
    "ordinary": RNG.normal(size=(3, 6, 4)),
    "tiny": 1e-5 * RNG.normal(size=(3, 6, 4)),
    "huge": 1e5 * RNG.normal(size=(3, 6, 4)),
    "nearly one direction": RNG.normal(size=(3, 6, 4)) * [1.0, 1e-3, 1e-3, 1e-3] + [5.0, 0, 0, 0],
}
LABELS = np.array([0, 0, 1, 1, 1, 2])


def contrastive(x1: np.ndarray, x2: np.ndarray, y: float, margin: float = 1.0) -> float:
    d = distance.euclidean(x1, x2)
    return 0.5 * d**2 if y == 1 else 0.5 * max(0.0, margin - d) ** 2


def cosine_embedding(x1: np.ndarray, x2: np.ndarray, y: float, margin: float = 0.0) -> float:
    gap = distance.cosine(x1, x2)
    return gap if y == 1 else max(0.0, 1 - gap - margin)


def triplet_squared(a: np.ndarray, p: np.ndarray, n: np.ndarray, margin: float = 0.2) -> float:
    return max(0.0, distance.sqeuclidean(a, p) - distance.sqeuclidean(a, n) + margin)


def triplet_euclidean(a: np.ndarray, near: np.ndarray, far: np.ndarray, margin: float = 0.2, p: float = 2.0) -> float:
    return max(0.0, distance.minkowski(a, near, p) - distance.minkowski(a, far, p) + margin)


def triplets(x: np.ndarray, labels: np.ndarray) -> list[list[tuple[float, float]]]:
    """For each anchor the two distances of each of its triplets."""
    everyone = range(len(x))
    return [
        [
            (distance.euclidean(x[a], x[p]), distance.euclidean(x[a], x[n]))
            for p in everyone
            for n in everyone
            if p != a and labels[p] == labels[a] != labels[n]
        ]
        for a in everyone
    ]


def triplet_batch_hard(x: np.ndarray, labels: np.ndarray, margin: float = 0.2) -> float:
    worst = [max(p - n for p, n in mine) for mine in triplets(x, labels) if mine]
    return float(np.mean([max(0.0, gap + margin) for gap in worst])) if worst else 0.0


def triplet_semi_hard_all(x: np.ndarray, labels: np.ndarray, margin: float = 0.2) -> float:
    chosen = [p - n + margin for mine in triplets(x, labels) for p, n in mine if p < n < p + margin]
    return float(np.mean(chosen)) if chosen else 0.0


OF_PAIRS: list[tuple[str, Oracle, float, dict[str, float]]] = [
    ("contrastive", contrastive, 1.0, {}),
    ("contrastive", contrastive, 0.0, {}),
    ("contrastive", contrastive, 0.0, {"margin": 4.0}),
    ("cosine_embedding", cosine_embedding, 1.0, {}),
    ("cosine_embedding", cosine_embedding, -1.0, {}),
    ("cosine_embedding", cosine_embedding, -1.0, {"margin": -0.8}),
]
OF_TRIPLETS: list[tuple[str, Oracle, dict[str, float]]] = [
    ("triplet_squared", triplet_squared, {}),
    ("triplet_squared", triplet_squared, {"margin": 2.0}),
    ("triplet_euclidean", triplet_euclidean, {}),
    ("triplet_euclidean", triplet_euclidean, {"margin": 2.0}),
    ("triplet_euclidean", triplet_euclidean, {"margin": 1.0, "p": 1.0}),
    ("triplet_euclidean", triplet_euclidean, {"margin": 1.0, "p": 3.5}),
]
OF_BATCHES: list[tuple[str, Oracle, dict[str, float]]] = [
    ("triplet_batch_hard", triplet_batch_hard, {}),
    ("triplet_batch_hard", triplet_batch_hard, {"margin": 1.5}),
    ("triplet_semi_hard_all", triplet_semi_hard_all, {}),
    ("triplet_semi_hard_all", triplet_semi_hard_all, {"margin": 1.5}),
]


def tensors(*arrays: np.ndarray | float) -> list[Tensor]:
    return [torch.as_tensor(array) for array in arrays]


def slope(oracle: Callable[[np.ndarray], float], at: np.ndarray, step: float) -> np.ndarray:
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[place] = step
        found[place] = (oracle(at + move) - oracle(at - move)) / (2 * step)
    return found


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("key", "oracle", "y", "params"), OF_PAIRS)
def test_pairs(name: str, key: str, oracle: Oracle, y: float, params: dict[str, float]) -> None:
    first, second, _ = SETS[name]
    record = losscore.get(key)
    ours = record(*tensors(first, second, np.full(6, y)), reduction="none", **params)
    expected = [oracle(a, b, y, **params) for a, b in zip(first, second, strict=True)]
    # SciPy takes the cosine from 1.
    assert ours.tolist() == pytest.approx(expected, rel=1e-11, abs=1e-15)
    slopes = record.gradient(*tensors(first, second, np.full(6, y)), reduction="sum", **params)
    size = np.abs(first).max()
    for row in range(6):
        expected_slope = slope(lambda x, row=row: oracle(x, second[row], y, **params), first[row], 1e-5 * size)
        assert slopes[row].numpy() == pytest.approx(expected_slope, rel=1e-4, abs=1e-6 / size + 1e-6 * size)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("key", "oracle", "params"), OF_TRIPLETS)
def test_triplets(name: str, key: str, oracle: Oracle, params: dict[str, float]) -> None:
    record, parts = losscore.get(key), list(SETS[name])
    ours = record(*tensors(*parts), reduction="none", **params)
    expected = [oracle(*rows, **params) for rows in zip(*parts, strict=True)]
    assert ours.tolist() == pytest.approx(expected, rel=1e-11, abs=1e-12)
    size = np.abs(parts[0]).max()
    for at, part in enumerate(("anchor", "positive", "negative")):
        slopes = record.gradient(*tensors(*parts), wrt=part, reduction="sum", **params)
        for row in range(6):
            rows = [x[row] for x in parts]

            def moved(x: np.ndarray, at: int = at, rows: list[np.ndarray] = rows) -> float:
                return oracle(*rows[:at], x, *rows[at + 1 :], **params)

            expected_slope = slope(moved, rows[at], 1e-6 * size)
            assert slopes[row].numpy() == pytest.approx(expected_slope, rel=1e-4, abs=2e-5 * (1 + size))


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("key", "oracle", "params"), OF_BATCHES)
def test_mined_batches(name: str, key: str, oracle: Oracle, params: dict[str, float]) -> None:
    record = losscore.get(key)
    # Margins are for embeddings of size one.
    x = SETS[name] / np.abs(SETS[name]).max() if name in ("tiny", "huge") else SETS[name]
    ours = record(torch.as_tensor(x), torch.as_tensor(LABELS), reduction="none", **params)
    assert ours.tolist() == pytest.approx([oracle(one, LABELS, **params) for one in x], rel=1e-11, abs=1e-13)
    slopes = record.gradient(torch.as_tensor(x[0]), torch.as_tensor(LABELS), **params)
    expected = slope(lambda moved: oracle(moved, LABELS, **params), x[0], 1e-6)
    assert slopes.numpy() == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("margin", [0.1, 0.5, 2.0])
def test_torch_has_the_same_triplets_and_rankings(margin: float) -> None:
    a, p, n = tensors(*SETS["ordinary"])
    squared = torch.nn.functional.triplet_margin_with_distance_loss(
        a, p, n, distance_function=lambda x, y: (x - y).square().sum(-1), margin=margin
    )
    torch.testing.assert_close(losscore.get("triplet_squared")(a, p, n, margin=margin), squared, rtol=1e-12, atol=0)
    plain = torch.nn.functional.triplet_margin_loss(a, p, n, margin=margin)
    # torch adds 1e-6 to each difference.
    torch.testing.assert_close(losscore.get("triplet_euclidean")(a, p, n, margin=margin), plain, rtol=0, atol=1e-5)
    scores, y = torch.randn(2, 50, dtype=torch.float64), torch.randint(2, (50,)) * 2.0 - 1
    ranked = losscore.get("margin_ranking")(*scores, y.double(), reduction="none", margin=margin)
    by_hand = np.maximum(0, margin - y.numpy() * (scores[0] - scores[1]).numpy())
    assert ranked.numpy() == pytest.approx(by_hand, abs=1e-14)
    lead = losscore.get("margin_ranking").gradient(*scores, y.double(), reduction="sum", margin=margin)
    assert lead.tolist() == (-y.numpy() * (by_hand > 0)).tolist()


@pytest.mark.parametrize("margin", [0.2, 0.7, 2.0])
def test_mining_is_that_of_pytorch_metric_learning(margin: float) -> None:
    metric = LpDistance(normalize_embeddings=False)
    x, labels = torch.as_tensor(SETS["ordinary"][0]), torch.as_tensor(LABELS)
    criterion = TripletMarginLoss(margin=margin, distance=metric, reducer=MeanReducer())
    hard = criterion(x, labels, BatchHardMiner(distance=metric)(x, labels))
    assert losscore.get("triplet_batch_hard")(x, labels, margin=margin).item() == pytest.approx(hard.item(), rel=1e-9)
    miner = TripletMarginMiner(margin=margin, type_of_triplets="semihard", distance=metric)
    semi = criterion(x, labels, miner(x, labels))
    ours = losscore.get("triplet_semi_hard_all")(x, labels, margin=margin).item()
    assert ours == pytest.approx(semi.item(), rel=1e-9)


def test_total_collapse_costs_exactly_the_margin_and_does_not_move() -> None:
    point = torch.full((6, 4), 0.7, dtype=torch.float64)
    for key in ("triplet_squared", "triplet_euclidean"):
        for part in ("anchor", "positive", "negative"):
            assert not losscore.get(key).gradient(point, point, point, wrt=part).any()
        assert losscore.get(key)(point[0], point[0], point[0]).item() == 0.2
    hard = losscore.get("triplet_batch_hard")
    assert hard(point, torch.as_tensor(LABELS)).item() == pytest.approx(0.2, rel=1e-15)
    assert not hard.gradient(point, torch.as_tensor(LABELS)).any()
    # Equal distances are not semi-hard: the number is 0 although nothing is in order.
    assert losscore.get("triplet_semi_hard_all")(point, torch.as_tensor(LABELS)) == 0


@pytest.mark.parametrize("key", ["triplet_batch_hard", "triplet_semi_hard_all"])
@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, 1, 2, 3], [7]], ids=str)
def test_a_batch_without_triplets_costs_nothing(key: str, labels: list[int]) -> None:
    x = torch.randn(len(labels), 3, dtype=torch.float64)
    assert losscore.get(key)(x, torch.tensor(labels)) == 0
    assert not losscore.get(key).gradient(x, torch.tensor(labels)).any()


def test_a_dissimilar_pair_in_one_point_pays_and_stays() -> None:
    x = torch.ones(3, dtype=torch.float64)
    record = losscore.get("contrastive")
    assert record(x, x, torch.tensor(0.0), margin=3.0) == 4.5
    assert not record.gradient(x, x, torch.tensor(0.0), margin=3.0).any()
    assert record(x, x, torch.tensor(1.0)) == 0


@pytest.mark.parametrize("length", [1e-300, 1e-100, 1e-6, 1.0, 1e6, 1e100])
def test_the_cosine_does_not_see_length(length: float) -> None:
    u, v = torch.tensor([3.0, 4.0, 0.0]).double(), torch.tensor([1.0, 2.0, 2.0]).double()
    cos = 11 / 15
    record, like = losscore.get("cosine_embedding"), torch.tensor(1.0)
    # A squared length under 1e-308 is no length.
    expected = 1.0 if length < 1e-150 else 1 - cos
    assert record(u * length, v, like).item() == pytest.approx(expected, rel=1e-14)
    turned = record.gradient(u * length, v, like) * length
    by_hand = -(v / 3 - cos * u / 5) / 5
    assert turned.tolist() == pytest.approx([0, 0, 0] if length < 1e-150 else by_hand.tolist(), rel=1e-13)


def test_torchs_cosine_is_too_small_for_tiny_vectors() -> None:
    u, v = 1e-6 * torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 1.0]])
    theirs = 1 - torch.nn.functional.cosine_embedding_loss(u, v, torch.ones(1)).item()
    ours = 1 - losscore.get("cosine_embedding")(u, v, torch.ones(1)).item()
    assert ours == pytest.approx(0.5**0.5, rel=1e-6)
    assert theirs < 0.51
