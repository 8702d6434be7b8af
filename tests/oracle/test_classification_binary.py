"""Losses of a yes-or-no decision against mpmath with 120 digits, scikit-learn, kornia, MONAI and torch."""

from collections.abc import Callable
from typing import Any

import kornia.losses
import monai.losses
import mpmath
import numpy as np
import pytest
import sklearn.metrics
import torch
from mpmath import exp, log, mpf
from sklearn._loss import HalfBinomialLoss
from sklearn._loss.loss import ExponentialLoss
from sklearn.linear_model import _sgd_fast
from torch import Tensor

import losscore

Formula = Callable[..., Any]
LOGITS = [-1e4, -709.0, -100.0, -40.0, -20.0, -3.0, -1.7, -0.3, 0.0, 1e-6, 0.5, 1.3, 5.0, 20.0, 40.0, 100.0, 1e4]
PROBABILITIES = [1e-30, 1e-9, 1e-3, 0.1, 0.5, 0.7, 0.999, 1 - 1e-9]


def cross_entropy(z: Any, y: Any, pos_weight: float = 1.0) -> Any:
    return -mpf(pos_weight) * y * log(1 / (1 + exp(-z))) - (1 - y) * log(1 / (1 + exp(z)))


def focal(z: Any, y: Any, gamma: float = 2.0, alpha: float | None = 0.25) -> Any:
    p, q = 1 / (1 + exp(-z)), 1 / (1 + exp(z))
    yes, no = (mpf(1), mpf(1)) if alpha is None else (mpf(alpha), 1 - mpf(alpha))
    return yes * y * q ** mpf(gamma) * -log(p) + no * (1 - y) * p ** mpf(gamma) * -log(q)


def modified_huber(m: Any) -> Any:
    return max(0, 1 - m) ** 2 if m >= -1 else -4 * m


OF_LOGITS: list[tuple[str, Formula, dict[str, Any]]] = [
    ("bce_with_logits", cross_entropy, {}),
    ("bce_with_logits", cross_entropy, {"pos_weight": 7.5}),
    ("bce_with_logits", cross_entropy, {"pos_weight": 0.0}),
    ("focal_binary", focal, {}),
    ("focal_binary", focal, {"gamma": 0.5, "alpha": None}),
    ("focal_binary", focal, {"gamma": 0.0, "alpha": 0.9}),
    ("focal_binary", focal, {"gamma": 5.0, "alpha": 1.0}),
]
OF_MARGINS: dict[str, Formula] = {
    "hinge": lambda m: max(mpf(0), 1 - m),
    "squared_hinge": lambda m: max(mpf(0), 1 - m) ** 2,
    "logistic_margin": lambda m: log(1 + exp(-m)),
    "modified_huber": modified_huber,
    "exponential": lambda m: exp(-m),
    "savage": lambda m: 1 / (1 + exp(2 * m)) ** 2,
    "zero_one": lambda m: mpf(m <= 0),
}
OF_PROBABILITIES: dict[str, Formula] = {
    "brier_binary": lambda p, y: (p - y) ** 2,
    "bce_probs": lambda p, y: -y * log(p) - (1 - y) * log(1 - p),
}


def hold(key: str, inputs: tuple[Tensor, Tensor], formula: Formula, **params: Any) -> None:
    """Value and gradient of each sample against the formula of (pred, target), in float64 and float32."""
    with mpmath.workdps(120):
        pairs = [(mpf(p), mpf(y)) for p, y in zip(*(x.tolist() for x in inputs), strict=True)]
        values = [float(formula(p, y)) for p, y in pairs]
        slopes = [float(mpmath.diff(lambda p, y=y: formula(p, y), p)) for p, y in pairs]
    for dtype, rtol in ((torch.float64, 2e-12), (torch.float32, 2e-5)):
        expected = [torch.tensor(x, dtype=torch.float64).to(dtype) for x in (values, slopes)]
        given = tuple(x.to(dtype) for x in inputs)
        loss = losscore.get(key)
        # Where a slope is a difference of nearly equal numbers, its rounding is that of 1; so is torch's own value.
        rounding = 8 * torch.finfo(dtype).eps
        atol = rounding if key == "bce_with_logits" else torch.finfo(dtype).tiny
        torch.testing.assert_close(loss(*given, reduction="none", **params), expected[0], rtol=rtol, atol=atol)
        torch.testing.assert_close(
            loss.gradient(*given, reduction="sum", **params), expected[1], rtol=rtol, atol=rounding
        )


def grid(preds: list[float], targets: list[float]) -> tuple[Tensor, Tensor]:
    pairs = torch.cartesian_prod(torch.tensor(preds, dtype=torch.float64), torch.tensor(targets, dtype=torch.float64))
    return pairs[:, 0], pairs[:, 1]


@pytest.mark.parametrize(("key", "formula", "params"), OF_LOGITS, ids=[f"{key}-{p}" for key, _, p in OF_LOGITS])
def test_losses_of_logits_are_the_formula_at_all_sizes(key: str, formula: Formula, params: dict[str, Any]) -> None:
    # 0.25 and 0.75 are the same number in both precisions.
    hold(key, grid(LOGITS, [0.0, 0.25, 0.75, 1.0]), lambda z, y: formula(z, y, **params), **params)


@pytest.mark.parametrize("key", OF_MARGINS)
def test_losses_of_margins_are_the_formula_at_all_sizes(key: str) -> None:
    # At 0 the 0-1 loss jumps; exp(100) is beyond float32.
    scores = [z for z in LOGITS if z != 0 and (key != "exponential" or abs(z) < 50)]
    hold(key, grid(scores, [-1.0, 1.0]), lambda f, y: OF_MARGINS[key](f * y))


@pytest.mark.parametrize("key", OF_PROBABILITIES)
def test_losses_of_probabilities_are_the_formula(key: str) -> None:
    p, y = grid(PROBABILITIES, [0.0, 0.3, 1.0])
    with mpmath.workdps(120):
        pairs = list(zip(p.tolist(), y.tolist(), strict=True))
        values = [float(OF_PROBABILITIES[key](mpf(a), mpf(b))) for a, b in pairs]
        slopes = [float(mpmath.diff(lambda x, b=b: OF_PROBABILITIES[key](x, mpf(b)), mpf(a))) for a, b in pairs]
    torch.testing.assert_close(
        losscore.get(key)(p, y, reduction="none"), torch.tensor(values, dtype=torch.float64), rtol=1e-12, atol=1e-15
    )
    # torch stops the divisor p(1 - p) of the slope at 1e-12.
    told = p * (1 - p) > 1e-12
    slope = losscore.get(key).gradient(p, y, reduction="sum")
    torch.testing.assert_close(slope[told], torch.tensor(slopes, dtype=torch.float64)[told], rtol=1e-6, atol=1e-15)


def test_a_certain_and_wrong_probability_costs_100_and_its_slope_is_finite() -> None:
    p, y = torch.tensor([0.0, 1.0, 0.0, 1.0]), torch.tensor([1.0, 0.0, 0.0, 1.0])
    assert losscore.get("bce_probs")(p, y, reduction="none").tolist() == [100, 100, 0, 0]
    assert losscore.get("bce_probs").gradient(p, y, reduction="sum").tolist() == pytest.approx([-1e12, 1e12, 0, 0])
    assert sklearn.metrics.log_loss([1], [0.0], labels=[0, 1]) == pytest.approx(36.04, abs=0.01)


def test_losses_of_margins_at_their_kinks_and_ties() -> None:
    one = torch.ones((), dtype=torch.float64)
    assert losscore.get("hinge").gradient(one, one).item() == 0
    assert losscore.get("zero_one")(0 * one, one).item() == losscore.get("zero_one")(0 * one, -one).item() == 1
    assert losscore.get("modified_huber")(-one, one).item() == 4
    assert losscore.get("modified_huber").gradient(-one, one).item() == -4
    assert losscore.get("exponential")(torch.tensor(-1e4), torch.tensor(1.0)).isinf()
    assert losscore.get("exponential")(-10 * one, one).item() == pytest.approx(22026.4657948)


# Libraries


def decisions(count: int = 40) -> tuple[Tensor, Tensor]:
    """Scores of ordinary size and targets 0 and 1."""
    rng = np.random.default_rng(4)
    return torch.from_numpy(rng.normal(0, 3, count)), torch.from_numpy(rng.integers(0, 2, count).astype(float))


def test_cross_entropy_is_that_of_scikit_learn() -> None:
    z, y = decisions()
    expected, slopes = HalfBinomialLoss().loss_gradient(y.numpy(), z.numpy())
    bce, logistic = losscore.get("bce_with_logits"), losscore.get("logistic_margin")
    for loss, target, sign in ((bce, y, 1), (logistic, 2 * y - 1, 1)):
        np.testing.assert_allclose(loss(z, target, reduction="none"), expected, rtol=1e-12)
        np.testing.assert_allclose(sign * loss.gradient(z, target, reduction="sum"), slopes, rtol=1e-12)
    log_loss = sklearn.metrics.log_loss(y, z.sigmoid())
    assert bce(z, y).item() == pytest.approx(log_loss, rel=1e-12)
    assert losscore.get("bce_probs")(z.sigmoid(), y).item() == pytest.approx(log_loss, rel=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 3.5])
def test_focal_is_that_of_kornia_and_monai(gamma: float) -> None:
    z, y = decisions()
    focal_binary = losscore.get("focal_binary")
    ours = focal_binary(z, y, reduction="none", gamma=gamma, alpha=0.3)
    theirs = kornia.losses.binary_focal_loss_with_logits(z[:, None], y[:, None], alpha=0.3, gamma=gamma)
    torch.testing.assert_close(ours, theirs[:, 0], rtol=1e-12, atol=1e-15)
    monai_focal = monai.losses.FocalLoss(gamma=gamma, alpha=None, reduction="mean")
    # MONAI computes in float32.
    expected = monai_focal(z[:, None], y[:, None]).item()
    assert focal_binary(z, y, gamma=gamma, alpha=None).item() == pytest.approx(expected, rel=1e-5)
    # Without weights both classes count once, with alpha = 0.5 half.
    half = focal_binary(z, y, gamma=gamma, alpha=0.5).item()
    assert half == pytest.approx(focal_binary(z, y, gamma=gamma, alpha=None).item() / 2, rel=1e-14)


def test_hinges_are_those_of_scikit_learn() -> None:
    f, y = decisions()
    sign = 2 * y - 1
    assert losscore.get("hinge")(f, sign).item() == pytest.approx(sklearn.metrics.hinge_loss(sign, f), rel=1e-12)
    classes = {"hinge": "Hinge", "squared_hinge": "SquaredHinge", "modified_huber": "ModifiedHuber"}
    for key, name in classes.items():
        theirs = getattr(_sgd_fast, name)() if name == "ModifiedHuber" else getattr(_sgd_fast, name)(1.0)
        pairs = list(zip(f.tolist(), sign.tolist(), strict=True))
        loss = losscore.get(key)
        expected = [theirs.py_loss(*pair) for pair in pairs]
        np.testing.assert_allclose(loss(f, sign, reduction="none"), expected, rtol=1e-12)
        slopes = [theirs.py_dloss(*pair) for pair in pairs]
        np.testing.assert_allclose(loss.gradient(f, sign, reduction="sum"), slopes, rtol=1e-12)


def test_exponential_zero_one_and_brier_are_those_of_scikit_learn() -> None:
    f, y = decisions()
    sign = 2 * y - 1
    expected, slopes = ExponentialLoss().loss_gradient(y.numpy(), f.numpy())
    np.testing.assert_allclose(losscore.get("exponential")(f, sign, reduction="none"), expected, rtol=1e-12)
    np.testing.assert_allclose(losscore.get("exponential").gradient(f, sign, reduction="sum"), slopes, rtol=1e-12)
    wrong = sklearn.metrics.zero_one_loss(sign, f.sign())
    assert losscore.get("zero_one")(f, sign).item() == pytest.approx(wrong, rel=1e-14)
    brier = sklearn.metrics.brier_score_loss(y, f.sigmoid())
    assert losscore.get("brier_binary")(f.sigmoid(), y).item() == pytest.approx(brier, rel=1e-12)


def test_the_margin_form_is_the_logit_form() -> None:
    """torch's own margin form agrees too, until it overflows in float32."""
    f, y = decisions()
    ours = losscore.get("logistic_margin")(f, 2 * y - 1)
    torch.testing.assert_close(ours, torch.nn.functional.soft_margin_loss(f, 2 * y - 1), rtol=1e-12, atol=0)
    far, no = torch.tensor([100.0]), torch.tensor([-1.0])
    assert torch.nn.functional.soft_margin_loss(far, no).isinf()
    assert losscore.get("logistic_margin")(far, no).item() == 100
