"""Batches of embeddings and class vectors against NumPy and SciPy, pytorch-metric-learning and MONAI.

The angles of ArcFace are taken with arccos in NumPy. Slopes are central differences of the NumPy oracle.
"""

import math
from collections.abc import Callable

import monai.losses
import numpy as np
import pytest
import torch
from pytorch_metric_learning import losses as pml
from pytorch_metric_learning.distances import DotProductSimilarity
from pytorch_metric_learning.reducers import MeanReducer
from scipy.special import log_softmax, logsumexp

import losscore

Oracle = Callable[..., float]
RNG = np.random.default_rng(8)
X, Y, W = RNG.normal(size=(3, 6, 4)), RNG.normal(size=(3, 6, 4)), RNG.normal(size=(3, 5, 4))
# Nearly agreeing views; huge and tiny ones.
Y[1] = X[1] + 0.1 * Y[1]
X[2], Y[2], W[2] = 1e6 * X[2], 1e-6 * Y[2], 1e6 * W[2]
LABELS = np.array([0, 0, 1, 1, 1, 2])
CLASSES = np.array([0, 4, 2, 2, 1, 3])


def cosines(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.array([[a @ b / math.sqrt(a @ a) / math.sqrt(b @ b) for b in y] for a in x])


def n_pair(a: np.ndarray, p: np.ndarray) -> float:
    return float(np.mean([logsumexp(p @ one) - one @ own for one, own in zip(a, p, strict=True)]))


def nt_xent(a: np.ndarray, p: np.ndarray, temperature: float = 0.1) -> float:
    views = np.concatenate([a, p])
    s, n = cosines(views, views) / temperature, len(a)
    return float(np.mean([logsumexp(np.delete(s[i], i)) - s[i, (i + n) % (2 * n)] for i in range(2 * n)]))


def info_nce_symmetric(a: np.ndarray, p: np.ndarray, temperature: float = 0.1) -> float:
    s = cosines(a, p) / temperature
    return -(np.diag(log_softmax(s, 1)).mean() + np.diag(log_softmax(s, 0)).mean()) / 2


def supcon(x: np.ndarray, labels: np.ndarray, temperature: float = 0.1) -> float:
    s, terms = cosines(x, x) / temperature, []
    for i in range(len(x)):
        mine = [j for j in range(len(x)) if j != i and labels[j] == labels[i]]
        if mine:
            terms.append(np.mean([logsumexp(np.delete(s[i], i)) - s[i, j] for j in mine]))
    return float(np.mean(terms)) if terms else 0.0


def squared_distances(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    x, w = x / np.linalg.norm(x), w / np.linalg.norm(w, axis=1, keepdims=True)
    return ((w - x) ** 2).sum(1)


def proxy_nca(x: np.ndarray, w: np.ndarray, y: int) -> float:
    d = squared_distances(x, w)
    return d[y] + logsumexp(-np.delete(d, y))


def proxy_nca_softmax(x: np.ndarray, w: np.ndarray, y: int) -> float:
    d = squared_distances(x, w)
    return d[y] + logsumexp(-d)


def arcface(x: np.ndarray, w: np.ndarray, y: int, margin: float = 0.5, scale: float = 30.0) -> float:
    cos = cosines(x[None], w)[0]
    angle = math.acos(min(1.0, max(-1.0, cos[y])))
    own = math.cos(angle + margin) if angle + margin < math.pi else cos[y] - margin * math.sin(margin)
    return logsumexp(scale * np.append(np.delete(cos, y), own)) - scale * own


def cosface(x: np.ndarray, w: np.ndarray, y: int, margin: float = 0.35, scale: float = 30.0) -> float:
    cos = cosines(x[None], w)[0]
    return logsumexp(scale * np.append(np.delete(cos, y), cos[y] - margin)) - scale * (cos[y] - margin)


def slope(oracle: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    found, step = np.zeros(at.shape), 1e-6 * np.abs(at).max()
    for place in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[place] = step
        found[place] = (oracle(at + move) - oracle(at - move)) / (2 * step)
    return found


OF_TWO: list[tuple[str, Oracle, dict[str, float]]] = [
    ("n_pair", n_pair, {}),
    ("nt_xent", nt_xent, {}),
    ("nt_xent", nt_xent, {"temperature": 0.01}),
    ("nt_xent", nt_xent, {"temperature": 1.0}),
    ("info_nce_symmetric", info_nce_symmetric, {}),
    ("info_nce_symmetric", info_nce_symmetric, {"temperature": 0.5}),
]
OF_CLASSES: list[tuple[str, Oracle, dict[str, float]]] = [
    ("proxy_nca", proxy_nca, {}),
    ("proxy_nca_softmax", proxy_nca_softmax, {}),
    ("arcface", arcface, {}),
    ("arcface", arcface, {"margin": 1.0, "scale": 10.0}),
    ("arcface", arcface, {"margin": 0.0, "scale": 1.0}),
    ("cosface", cosface, {}),
    ("cosface", cosface, {"margin": 0.9, "scale": 64.0}),
]


@pytest.mark.parametrize("case", range(3))
@pytest.mark.parametrize(("key", "oracle", "params"), OF_TWO)
def test_two_sides(case: int, key: str, oracle: Oracle, params: dict[str, float]) -> None:
    x, y = X[case], Y[case]
    record, given = losscore.get(key), (torch.as_tensor(x), torch.as_tensor(y))
    assert record(*given, **params).item() == pytest.approx(oracle(x, y, **params), rel=1e-11, abs=1e-13)
    for name, at, expected in (
        ("anchor", x, slope(lambda moved: oracle(moved, y, **params), x)),
        ("positive", y, slope(lambda moved: oracle(x, moved, **params), y)),
    ):
        size = np.abs(at).max()
        ours = record.gradient(*given, wrt=name, **params).numpy() * size
        assert ours == pytest.approx(expected * size, rel=1e-4, abs=1e-6 * np.abs(ours).max() + 1e-7)


@pytest.mark.parametrize("case", range(3))
@pytest.mark.parametrize("temperature", [0.01, 0.1, 1.0])
def test_supervised_contrastive(case: int, temperature: float) -> None:
    x, labels = torch.as_tensor(X[case]), torch.as_tensor(LABELS)
    record = losscore.get("supcon")
    ours = record(x, labels, temperature=temperature).item()
    assert ours == pytest.approx(supcon(X[case], LABELS, temperature), rel=1e-11)
    # There the mean runs over everybody, or over those whose loss is not 0; here over those that have a positive.
    theirs = pml.SupConLoss(temperature, reducer=MeanReducer())(x, labels).item() * 6 / 5
    assert ours == pytest.approx(theirs, rel=1e-6)
    size = np.abs(X[case]).max()
    expected = slope(lambda moved: supcon(moved, LABELS, temperature), X[case]) * size
    slopes = record.gradient(x, labels, temperature=temperature).numpy() * size
    assert slopes == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("case", range(3))
@pytest.mark.parametrize(("key", "oracle", "params"), OF_CLASSES)
def test_class_vectors(case: int, key: str, oracle: Oracle, params: dict[str, float]) -> None:
    x, w = X[case], W[case]
    record, given = losscore.get(key), (torch.as_tensor(x), torch.as_tensor(w), torch.as_tensor(CLASSES))
    ours = record(*given, reduction="none", **params).tolist()
    expected = [oracle(one, w, y, **params) for one, y in zip(x, CLASSES, strict=True)]
    assert ours == pytest.approx(expected, rel=1e-10, abs=1e-12)

    def mean(x: np.ndarray, w: np.ndarray) -> float:
        return float(np.mean([oracle(one, w, y, **params) for one, y in zip(x, CLASSES, strict=True)]))

    of_emb = record.gradient(*given, **params).numpy() * np.abs(x).max()
    assert of_emb == pytest.approx(slope(lambda moved: mean(moved, w), x) * np.abs(x).max(), rel=1e-4, abs=1e-6)
    of_classes = record.gradient(*given, wrt=list(record.inputs)[1], **params).numpy() * np.abs(w).max()
    assert of_classes == pytest.approx(slope(lambda moved: mean(x, moved), w) * np.abs(w).max(), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("case", range(2))
def test_libraries_have_the_same_batches(case: int) -> None:
    a, p = torch.as_tensor(X[case]), torch.as_tensor(Y[case])
    both, twice = torch.cat([a, p]), torch.arange(6).repeat(2)
    ours = {key: losscore.get(key)(a, p).item() for key in ("nt_xent", "n_pair")}
    assert ours["nt_xent"] == pytest.approx(pml.NTXentLoss(temperature=0.1)(both, twice).item(), rel=1e-9)
    assert ours["nt_xent"] == pytest.approx(monai.losses.ContrastiveLoss(temperature=0.1)(a, p).item(), rel=1e-5)
    # By default the library normalises.
    criterion = pml.NPairsLoss(distance=DotProductSimilarity(normalize_embeddings=False), reducer=MeanReducer())
    at, none = torch.arange(6), torch.arange(0)
    theirs = criterion(both, twice, (at, at + 6, none, none)).item()
    assert ours["n_pair"] == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("case", range(2))
@pytest.mark.parametrize("margin", [0.0, 0.5, 1.0])
def test_libraries_have_the_same_class_vectors(case: int, margin: float) -> None:
    x, w, y = torch.as_tensor(X[case]), torch.as_tensor(W[case]), torch.as_tensor(CLASSES)
    # Margins of this library are in degrees.
    arc = pml.ArcFaceLoss(5, 4, margin=math.degrees(margin), scale=30).double()
    cos = pml.CosFaceLoss(5, 4, margin=margin, scale=30).double()
    proxy = pml.ProxyNCALoss(5, 4, softmax_scale=1).double()
    for criterion in (arc, cos):
        criterion.W.data = w.T.clone()
    proxy.proxies.data = w.clone()
    assert losscore.get("arcface")(x, w, y, margin=margin).item() == pytest.approx(arc(x, y).item(), rel=1e-9)
    assert losscore.get("cosface")(x, w, y, margin=margin).item() == pytest.approx(cos(x, y).item(), rel=1e-9)
    assert losscore.get("proxy_nca_softmax")(x, w, y).item() == pytest.approx(proxy(x, y).item(), rel=1e-9)


def test_arcface_keeps_falling_past_pi_minus_m_and_is_finite_at_both_poles() -> None:
    w, record = torch.eye(2, dtype=torch.float64), losscore.get("arcface")
    angle = torch.linspace(0, math.pi, 181, dtype=torch.float64)
    x = torch.stack([angle.cos(), angle.sin()], -1)
    label = torch.tensor(0)
    for margin in (0.2, 0.5, 1.0):
        values = record(x, w, label, reduction="none", margin=margin, scale=5.0)
        expected = [arcface(one, w.numpy(), 0, margin, 5.0) for one in x.numpy()]
        assert values.tolist() == pytest.approx(expected, rel=1e-7)
        # Against a rival of cosine 0 everywhere only the true logit counts.
        still = torch.stack([w[0], torch.zeros(2).double()])
        assert (record(x, still, label, reduction="none", margin=margin, scale=5.0).diff() > 0).all()
    for pole in (x[0], x[-1], torch.tensor([1.0, 0.0]).double(), torch.tensor([-1.0, 0.0]).double()):
        assert record.gradient(pole, w, label).abs().max() < 31
    # Beside the pole the slope has its one-sided limit: the sine of the margin times what the true logit counts.
    near = record.gradient(torch.tensor([1.0, 1e-7]).double(), w, label, margin=0.5, scale=1.0)
    share = 1 / (1 + math.exp(math.cos(0.5)))
    assert near[1].item() == pytest.approx(share * (math.sin(0.5) + 1), rel=1e-6)


def test_chance_is_the_logarithm_of_the_number_of_choices() -> None:
    same = torch.ones(8, 3, dtype=torch.float64)
    assert losscore.get("nt_xent")(same, same).item() == pytest.approx(math.log(15), rel=1e-14)
    assert losscore.get("info_nce_symmetric")(same, same).item() == pytest.approx(math.log(8), rel=1e-14)
    assert losscore.get("n_pair")(same, same).item() == pytest.approx(math.log(8), rel=1e-14)
    # All of one class: seven positives share one softmax.
    supcon_of_one_class = losscore.get("supcon")(same, torch.zeros(8, dtype=torch.long)).item()
    assert supcon_of_one_class == pytest.approx(math.log(7), rel=1e-14)


def test_proxy_nca_can_be_negative_and_its_softmax_cannot() -> None:
    w = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]).double()
    x, y = torch.tensor([5.0, 0.0]).double(), torch.tensor(0)
    assert losscore.get("proxy_nca")(x, w, y).item() == pytest.approx(-4, rel=1e-14)
    assert losscore.get("proxy_nca_softmax")(x, w, y).item() == pytest.approx(math.log1p(math.exp(-4)), rel=1e-13)
    with pytest.raises(ValueError, match="two or more classes, got 1"):
        losscore.get("proxy_nca")(x, w[:1], y)


def test_longer_vectors_lower_the_n_pair_loss_without_learning() -> None:
    a = torch.nn.functional.normalize(torch.as_tensor(X[0]), dim=-1)
    record = losscore.get("n_pair")
    assert record(10 * a, 10 * a) < record(a, a) / 1000


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_vectors_of_no_length_have_cosine_0_and_no_pull(dtype: torch.dtype) -> None:
    x, w = torch.as_tensor(X[0], dtype=dtype), torch.as_tensor(W[0], dtype=dtype)
    x[2] = 0
    w[1] = 0
    for key in ("nt_xent", "info_nce_symmetric"):
        slopes = losscore.get(key).gradient(x, torch.as_tensor(Y[0], dtype=dtype))
        assert slopes.isfinite().all()
        assert not slopes[2].any()
    slopes = losscore.get("supcon").gradient(x, torch.as_tensor(LABELS))
    assert slopes.isfinite().all()
    assert not slopes[2].any()
    for key in ("proxy_nca", "proxy_nca_softmax", "arcface", "cosface"):
        for at in range(2):
            slopes = losscore.get(key).gradient(x, w, torch.as_tensor(CLASSES), wrt=list(losscore.get(key).inputs)[at])
            assert slopes.isfinite().all()
            assert not slopes[2 - at].any()
    nothing = torch.zeros(3, dtype=dtype)
    chance = losscore.get("cosface")(nothing, torch.eye(3, dtype=dtype), torch.tensor(0), margin=0.0).item()
    assert chance == pytest.approx(math.log(3), rel=1e-6)


@pytest.mark.parametrize("labels", [[0], [0, 1, 2]], ids=str)
def test_a_batch_without_a_positive_costs_nothing(labels: list[int]) -> None:
    x = torch.as_tensor(X[0][: len(labels)])
    assert losscore.get("supcon")(x, torch.tensor(labels)) == 0
    assert not losscore.get("supcon").gradient(x, torch.tensor(labels)).any()
