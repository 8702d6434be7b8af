"""Losses of one of C classes against mpmath with 120 digits, SciPy, scikit-learn, kornia and torch."""

from collections.abc import Callable, Sequence
from typing import Any

import kornia.losses
import mpmath
import numpy as np
import pytest
import sklearn.metrics
import torch
import torch.nn.functional as F
from mpmath import exp, log, mpf
from scipy.special import softmax
from sklearn._loss import HalfMultinomialLoss
from torch import Tensor

import losscore

Formula = Callable[..., Any]
# Scores and the true class, ordinary, one-sided and extreme; none on a kink of the hinges.
ROWS: dict[str, tuple[list[float], int]] = {
    "ordinary": ([0.3, -1.25, 2.0], 0),
    "right": ([0.5, 3.25, -2.0, 0.125], 1),
    "wrong": ([0.5, 3.25, -2.0, 0.125], 2),
    "two classes": ([-0.75, 1.5], 1),
    "undecided": ([0.0, 0.0, 0.0], 1),
    "rather sure": ([40.0, -40.0, 0.0], 0),
    "rather sure and wrong": ([40.0, -40.0, 0.0], 1),
    "sure": ([-1e4, 1e4, -1e4], 1),
    "sure and wrong": ([-1e4, 1e4, -1e4], 2),
    "far off together": ([9999.0, 1e4, 9998.5], 0),
    "one class": ([0.7], 0),
}
row = pytest.mark.parametrize("name", ROWS)


def probabilities(z: Sequence[Any]) -> list[Any]:
    powers = [exp(score - max(z)) for score in z]
    return [power / sum(powers) for power in powers]


def rest(z: Sequence[Any], y: int) -> Any:
    """1 - p of the true class, as the sum of the others."""
    return sum((p for c, p in enumerate(probabilities(z)) if c != y), mpf(0))


def surprise(z: Sequence[Any], y: int) -> Any:
    return -log(probabilities(z)[y])


def smoothed(z: Sequence[Any], y: int, label_smoothing: float = 0.1) -> Any:
    spread, classes = mpf(label_smoothing), len(z)
    truth = [spread / classes + (1 - spread if c == y else 0) for c in range(classes)]
    return -sum(t * log(p) for t, p in zip(truth, probabilities(z), strict=True))


def balanced(z: Sequence[Any], y: int, beta: float = 0.999, counts: Sequence[float] | None = None) -> Any:
    kept = mpf(beta)
    weights = [(1 - kept) / (1 - kept**n) for n in (counts or [1] * len(z))]
    return len(z) * weights[y] / sum(weights) * surprise(z, y)


def hinge_sum(z: Sequence[Any], y: int) -> Any:
    return sum((max(mpf(0), 1 + score - z[y]) for c, score in enumerate(z) if c != y), mpf(0))


def hinge_max(z: Sequence[Any], y: int) -> Any:
    return max([mpf(0), *(1 + score - z[y] for c, score in enumerate(z) if c != y)])


SETTINGS: list[tuple[str, Formula, dict[str, Any]]] = [
    ("cross_entropy", surprise, {}),
    ("label_smoothing_ce", smoothed, {}),
    ("label_smoothing_ce", smoothed, {"label_smoothing": 0.4}),
    ("class_balanced_ce", balanced, {}),
    ("focal_multiclass", lambda z, y, gamma=2.0: rest(z, y) ** mpf(gamma) * surprise(z, y), {}),
    ("focal_multiclass", lambda z, y, gamma=2.0: rest(z, y) ** mpf(gamma) * surprise(z, y), {"gamma": 0.5}),
    ("focal_multiclass", lambda z, y, gamma=2.0: rest(z, y) ** mpf(gamma) * surprise(z, y), {"gamma": 0.0}),
    ("poly1_ce", lambda z, y, epsilon=1.0: surprise(z, y) + epsilon * rest(z, y), {}),
    ("poly1_ce", lambda z, y, epsilon=1.0: surprise(z, y) + epsilon * rest(z, y), {"epsilon": -1.0}),
    ("generalized_ce", lambda z, y, q=0.7: (1 - probabilities(z)[y] ** mpf(q)) / mpf(q), {}),
    ("generalized_ce", lambda z, y, q=0.7: (1 - probabilities(z)[y] ** mpf(q)) / mpf(q), {"q": 0.01}),
    ("generalized_ce", lambda z, y, q=0.7: (1 - probabilities(z)[y] ** mpf(q)) / mpf(q), {"q": 1.0}),
    ("mae_probs", lambda z, y: sum(abs(p - (c == y)) for c, p in enumerate(probabilities(z))), {}),
    ("multiclass_hinge_cs", hinge_max, {}),
    ("multiclass_hinge_ww", hinge_sum, {}),
    ("zero_one_multiclass", lambda z, y: mpf(any(z[c] >= z[y] for c in range(len(z)) if c != y)), {}),
]
setting = pytest.mark.parametrize(
    ("key", "formula", "params"), SETTINGS, ids=[f"{key}-{params}" for key, _, params in SETTINGS]
)


def partial(formula: Formula, z: list[Any], at: int) -> float:
    """Slope of a formula of numbers along one of them."""
    return float(mpmath.diff(lambda x: formula([*z[:at], x, *z[at + 1 :]]), z[at]))


def hold(key: str, pred: list[float], target: Any, formula: Formula, slopes: bool = True, **params: Any) -> None:
    """Value and gradient of one sample against a formula of its entries, in float64 and float32."""
    with mpmath.workdps(120):
        z = [mpf(score) for score in pred]
        expected = float(formula(z))
        along = [partial(formula, z, at) for at in range(len(z))] if slopes else []
    loss = losscore.get(key)
    for dtype, tolerance in ((torch.float64, 1e-12), (torch.float32, 2e-5)):
        truth = torch.tensor(target, dtype=None if isinstance(target, int) else dtype)
        scores = torch.tensor(pred, dtype=dtype)
        # Cross-entropy's own logsumexp is rounded at 1 where p is near 1.
        rounding = 8 * torch.finfo(dtype).eps
        assert loss(scores, truth, **params).item() == pytest.approx(expected, rel=tolerance, abs=rounding)
        if slopes:
            slope = loss.gradient(scores, truth, **params)
            assert slope.tolist() == pytest.approx(along, rel=tolerance, abs=rounding)


@row
@setting
def test_value_and_gradient_are_the_published_formula(
    name: str, key: str, formula: Formula, params: dict[str, Any]
) -> None:
    z, y = ROWS[name]
    # Undecided scores are a tie, where the largest rival is any of two and the 0-1 loss jumps.
    tied = name == "undecided" and key in ("multiclass_hinge_cs", "zero_one_multiclass")
    hold(key, z, y, lambda z: formula(z, y, **params), slopes=not tied, **params)


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.99, 0.999, 0.9999])
@pytest.mark.parametrize("y", [0, 1, 2])
def test_class_balanced_weights_follow_the_effective_number(beta: float, y: int) -> None:
    params = {"beta": beta, "counts": [1000, 100, 5]}
    hold("class_balanced_ce", [0.25, -1.0, 0.5], y, lambda z: balanced(z, y, **params), **params)


def test_class_balanced_runs_from_equal_weights_to_inverse_counts() -> None:
    z = torch.zeros(3, 3, dtype=torch.float64)
    counts = [1000.0, 100.0, 5.0]
    each = {
        beta: losscore.get("class_balanced_ce")(z, torch.arange(3), reduction="none", beta=beta, counts=counts)
        for beta in (0.0, 1 - 1e-9)
    }
    assert (each[0.0] / np.log(3)).tolist() == pytest.approx([1, 1, 1])
    inverse = 3 / np.array(counts) / (1 / np.array(counts)).sum()
    assert (each[1 - 1e-9] / np.log(3)).tolist() == pytest.approx(inverse, rel=1e-5)


SHARES = {"certain": [1.0, 0.0, 0.0], "leaning": [0.2, 0.3, 0.5], "even": [1 / 3, 1 / 3, 1 / 3]}


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize("name", [name for name, (z, _) in ROWS.items() if len(z) == 3])
def test_soft_labels_mix_the_surprises(name: str, shares: str) -> None:
    t = SHARES[shares]
    hold("soft_cross_entropy", ROWS[name][0], t, lambda z: sum(s * surprise(z, c) for c, s in enumerate(t)))


BATCH = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-2.0, 3.0, 0.0], [0.0, 0.0, 0.0]], dtype=torch.float64)


@pytest.mark.parametrize("weight", [[1.0, 1.0, 1.0], [0.1, 2.0, 5.0], [0.0, 1.0, 0.0], None])
@pytest.mark.parametrize("labels", [[0, 1, 2, 1], [2, 2, 0, 0], [1, 1, 1, 1]])
def test_weighted_cross_entropy_divides_by_the_weights_met(weight: list[float] | None, labels: list[int]) -> None:
    loss = losscore.get("weighted_cross_entropy")
    w, target = np.array(weight or [1.0] * 3), torch.tensor(labels)
    p = softmax(BATCH.numpy(), axis=-1)
    of_row, total = w[labels], w[labels].sum() or 1
    expected = (of_row * -np.log(p[range(4), labels])).sum() / total
    assert loss(BATCH, target, weight=weight).item() == pytest.approx(expected, rel=1e-13)
    slope = of_row[:, None] * (p - np.eye(3)[labels]) / total
    np.testing.assert_allclose(loss.gradient(BATCH, target, weight=weight), slope, rtol=1e-12, atol=1e-15)
    if w[labels].any():
        theirs = F.cross_entropy(BATCH, target, weight=torch.from_numpy(w)).item()
        assert loss(BATCH, target, weight=weight).item() == pytest.approx(theirs, rel=1e-13)


def test_a_batch_without_weight_costs_nothing_and_other_counts_are_refused() -> None:
    loss, labels = losscore.get("weighted_cross_entropy"), torch.tensor([0, 0, 0, 0])
    assert loss(BATCH, labels, weight=[0, 1, 1]).item() == 0
    assert F.cross_entropy(BATCH, labels, weight=torch.tensor([0.0, 1, 1]).double()).isnan()
    assert not loss.gradient(BATCH, labels, weight=[0, 1, 1]).any()
    with pytest.raises(ValueError, match="weight must have one number for each of the 3 classes, got 2"):
        loss(BATCH, labels, weight=[1.0, 2.0])
    with pytest.raises(ValueError, match="counts must have one number for each of the 3 classes, got 4"):
        losscore.get("class_balanced_ce")(BATCH, labels, counts=[1, 2, 3, 4])


def test_a_tie_is_an_error_and_one_of_equal_rivals_gets_the_gradient() -> None:
    tie = torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64)
    wrong = [losscore.get("zero_one_multiclass")(tie, torch.tensor(y)).item() for y in range(3)]
    assert wrong == [1, 1, 1]
    slope = losscore.get("multiclass_hinge_cs").gradient(tie, torch.tensor(2))
    assert sorted(slope.tolist()) == [-1, 0, 1]


# Libraries


def cases(count: int = 30, classes: int = 4) -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng(8)
    return torch.from_numpy(rng.normal(0, 2, (count, classes))), torch.from_numpy(rng.integers(0, classes, count))


def test_cross_entropy_is_that_of_scikit_learn() -> None:
    z, y = cases()
    theirs, slopes = HalfMultinomialLoss(n_classes=4).loss_gradient(y.double().numpy(), z.numpy())
    np.testing.assert_allclose(losscore.get("cross_entropy")(z, y, reduction="none"), theirs, rtol=1e-12)
    np.testing.assert_allclose(
        losscore.get("cross_entropy").gradient(z, y, reduction="sum"), slopes, rtol=1e-11, atol=1e-15
    )
    log_loss = sklearn.metrics.log_loss(y, z.softmax(-1), labels=range(4))
    assert losscore.get("cross_entropy")(z, y).item() == pytest.approx(log_loss, rel=1e-12)


def test_losses_that_torch_has_are_torchs() -> None:
    z, y = cases()
    shares = cases(30)[0].flip(0).softmax(-1)
    pairs = [
        (losscore.get("label_smoothing_ce")(z, y), F.cross_entropy(z, y, label_smoothing=0.1)),
        (losscore.get("soft_cross_entropy")(z, shares), -(shares * z.log_softmax(-1)).sum(-1).mean()),
        (losscore.get("multiclass_hinge_ww")(z, y), 4 * F.multi_margin_loss(z, y)),
        (losscore.get("mae_probs")(z, y), 4 * F.l1_loss(z.softmax(-1), F.one_hot(y, 4).double())),
    ]
    for ours, theirs in pairs:
        torch.testing.assert_close(ours, theirs, rtol=1e-13, atol=0)


def test_hinge_and_zero_one_are_those_of_scikit_learn() -> None:
    z, y = cases()
    theirs = sklearn.metrics.hinge_loss(y, z, labels=range(4))
    assert losscore.get("multiclass_hinge_cs")(z, y).item() == pytest.approx(theirs, rel=1e-13)
    wrong = sklearn.metrics.zero_one_loss(y, z.argmax(-1))
    assert losscore.get("zero_one_multiclass")(z, y).item() == pytest.approx(wrong, rel=1e-14)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 3.5])
def test_focal_is_kornias_summed_over_classes(gamma: float) -> None:
    z, y = cases()
    theirs = kornia.losses.focal_loss(z, y, alpha=None, gamma=gamma, reduction="none").sum(-1)
    torch.testing.assert_close(
        losscore.get("focal_multiclass")(z, y, reduction="none", gamma=gamma), theirs, rtol=1e-11, atol=1e-14
    )


def test_small_q_is_cross_entropy_and_epsilon_zero_too() -> None:
    z, y = cases()
    plain = F.cross_entropy(z, y).item()
    assert losscore.get("generalized_ce")(z, y, q=1e-9).item() == pytest.approx(plain, rel=1e-7)
    assert losscore.get("poly1_ce")(z, y, epsilon=0.0).item() == pytest.approx(plain, rel=1e-13)
    assert losscore.get("class_balanced_ce")(z, y).item() == pytest.approx(plain, rel=1e-13)
