"""Distributions held against distributions or labels, and several labels at once: SciPy, scikit-learn and others."""

from typing import Any

import kornia.losses
import mpmath
import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats
import sklearn.metrics
import torch
import torch.nn.functional as F
import torchmetrics.functional
from mpmath import exp, log, mpf
from scipy.special import rel_entr
from torch import Tensor

import losscore

# pred and target
PAIRS: dict[str, tuple[list[float], list[float]]] = {
    "ordinary": ([0.2, 0.3, 0.5], [0.6, 0.3, 0.1]),
    "the same": ([0.25, 0.25, 0.5], [0.25, 0.25, 0.5]),
    "nearly the same": ([0.25, 0.25, 0.5], [0.25 + 1e-9, 0.25 - 1e-9, 0.5]),
    "a certain truth": ([0.7, 0.2, 0.1], [1.0, 0.0, 0.0]),
    "a certain guess": ([1.0, 0.0, 0.0], [0.6, 0.3, 0.1]),
    "both certain": ([1.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
    "nothing shared": ([0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.3, 0.7]),
    "hardly possible": ([1e-12, 1 - 1e-12], [0.5, 0.5]),
}
pair = pytest.mark.parametrize("name", PAIRS)


def double(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@pair
def test_kl_is_scipys_entropy_of_target_against_pred(name: str) -> None:
    p, t = PAIRS[name]
    loss = losscore.get("kl_divergence")
    expected = scipy.stats.entropy(t, p)
    assert loss(double(p), double(t)).item() == pytest.approx(expected, rel=1e-11, abs=1e-15)
    with np.errstate(divide="ignore"):
        slope = [-b / np.float64(a) if b else 0.0 for a, b in zip(p, t, strict=True)]
    assert loss.gradient(double(p), double(t)).tolist() == pytest.approx(slope, rel=1e-13)
    single = loss(double(p).float(), double(t).float()).item()
    assert single == pytest.approx(expected, rel=1e-5, abs=2e-7)


@pair
def test_js_is_the_square_of_scipys_distance(name: str) -> None:
    p, t = PAIRS[name]
    loss = losscore.get("js_divergence")
    middle = (np.array(p) + np.array(t)) / 2
    expected = (rel_entr(p, middle) + rel_entr(t, middle)).sum() / 2
    if name != "nearly the same":  # where SciPy takes the root of a rounding below 0
        assert expected == pytest.approx(scipy.spatial.distance.jensenshannon(p, t) ** 2, abs=1e-15)
    assert loss(double(p), double(t)).item() == pytest.approx(expected, rel=1e-11, abs=1e-15)
    assert loss(double(t), double(p)).item() == pytest.approx(expected, rel=1e-11, abs=1e-15)
    slope = loss.gradient(double(p), double(t))
    for a, b, along in zip(p, t, slope.tolist(), strict=True):
        if a > 0:
            assert along == pytest.approx(np.log(2 * a / (a + b)) / 2, rel=1e-11, abs=1e-15)
        else:
            assert np.isfinite(along)
            assert along < -350 if b else along == 0


def test_divergences_are_those_of_torch_kornia_and_torchmetrics() -> None:
    rng = np.random.default_rng(1)
    p, t = (torch.from_numpy(rng.dirichlet(np.ones(5), 20)) for _ in range(2))
    kl, js = losscore.get("kl_divergence"), losscore.get("js_divergence")
    torch.testing.assert_close(kl(p, t), F.kl_div(p.log(), t, reduction="batchmean"), rtol=1e-13, atol=0)
    # torch's own mean divides by the classes too.
    torch.testing.assert_close(kl(p, t) / 5, _torch_mean(p, t), rtol=1e-13, atol=0)
    torch.testing.assert_close(kl(p, t), torchmetrics.functional.kl_divergence(t, p), rtol=1e-11, atol=0)
    # kornia has pictures of distributions: (N, classes, height, width), summed over height and width.
    maps = [x[:, None, :, None] for x in (p, t)]
    torch.testing.assert_close(js(p, t), kornia.losses.js_div_loss_2d(*maps), rtol=1e-11, atol=0)


def _torch_mean(p: Tensor, t: Tensor) -> Tensor:
    return F.kl_div(p.log(), t, reduction="none").mean()


def test_an_impossible_truth_is_infinite_for_kl_and_ln_2_for_js_at_most() -> None:
    p, t = (double(x) for x in PAIRS["nothing shared"])
    assert losscore.get("kl_divergence")(p, t).item() == np.inf
    assert losscore.get("js_divergence")(p, t).item() == pytest.approx(np.log(2), rel=1e-14)
    # The other way round nothing impossible happens where target is 0.
    assert losscore.get("kl_divergence")(double([0.5, 0.5]), double([1.0, 0.0])).item() == pytest.approx(np.log(2))


@pytest.mark.parametrize("y", [0, 1, 2])
@pytest.mark.parametrize("p", [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.0, 0.98, 0.02]])
def test_brier_is_that_of_scikit_learn(p: list[float], y: int) -> None:
    loss = losscore.get("brier_multiclass")
    theirs = sklearn.metrics.brier_score_loss([y], [p], labels=[0, 1, 2])
    assert loss(double(p), torch.tensor(y)).item() == pytest.approx(theirs, rel=1e-13, abs=1e-15)
    slope = 2 * (np.array(p) - np.eye(3)[y])
    np.testing.assert_allclose(loss.gradient(double(p), torch.tensor(y)), slope, rtol=1e-14)


def test_brier_through_softmax_has_the_slope_of_its_closed_form() -> None:
    z = double([0.5, -1.0, 2.0]).requires_grad_()
    losscore.get("brier_multiclass")(z.softmax(-1), torch.tensor(1)).backward()
    p, e = np.exp([0.5, -1.0, 2.0]) / np.exp([0.5, -1.0, 2.0]).sum(), np.eye(3)[1]
    np.testing.assert_allclose(z.grad, 2 * p * ((p - e) - (p * (p - e)).sum()), rtol=1e-12)


# Several labels at once

PARAMS: list[dict[str, float]] = [
    {},
    {"gamma_pos": 0.0, "gamma_neg": 0.0, "clip": 0.0},
    {"gamma_pos": 0.5, "gamma_neg": 0.5, "clip": 0.1},
    {"gamma_pos": 3.0, "gamma_neg": 8.0, "clip": 0.3, "eps": 1e-3},
]


def asymmetric(
    z: Any, y: Any, gamma_pos: float = 1.0, gamma_neg: float = 4.0, clip: float = 0.05, eps: float = 1e-8
) -> Any:
    """One label's part, as published, with the logarithms of the authors' code stopped at eps."""
    p, q = 1 / (1 + exp(-z)), 1 / (1 + exp(z))
    moved, left = max(p - mpf(clip), mpf(0)), min(q + mpf(clip), mpf(1))
    yes = -(q ** mpf(gamma_pos)) * log(max(p, mpf(eps)))
    no = -(moved ** mpf(gamma_neg)) * log(max(left, mpf(eps)))
    return y * yes + (1 - y) * no


@pytest.mark.parametrize("params", PARAMS, ids=str)
def test_asymmetric_is_the_published_sum_over_labels(params: dict[str, float]) -> None:
    logits = [-1e4, -100.0, -17.0, -5.0, -2.0, -0.5, 0.0, 0.75, 3.0, 12.0, 40.0, 1e4]
    loss = losscore.get("asymmetric_loss")
    for y in (0.0, 0.25, 1.0):
        with mpmath.workdps(120):
            parts = [float(asymmetric(mpf(z), mpf(y), **params)) for z in logits]
            slopes = [float(mpmath.diff(lambda z, y=y: asymmetric(z, mpf(y), **params), mpf(z))) for z in logits]
        for dtype, rtol, atol in ((torch.float64, 1e-12, 1e-15), (torch.float32, 1e-4, 1e-6)):
            z = torch.tensor(logits, dtype=dtype)
            target = torch.full_like(z, y)
            assert loss(z, target, **params).item() == pytest.approx(sum(parts), rel=rtol)
            assert loss.gradient(z, target, **params).tolist() == pytest.approx(slopes, rel=rtol, abs=atol)


def test_asymmetric_without_asymmetry_is_focal_and_cross_entropy() -> None:
    rng = np.random.default_rng(3)
    z = torch.from_numpy(rng.normal(0, 3, (6, 4)))
    y = torch.from_numpy(rng.integers(0, 2, (6, 4)).astype(float))
    loss = losscore.get("asymmetric_loss")
    plain = loss(z, y, reduction="none", gamma_pos=0.0, gamma_neg=0.0, clip=0.0)
    torch.testing.assert_close(
        plain, F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1), rtol=1e-12, atol=0
    )
    focal = loss(z, y, reduction="none", gamma_pos=2.0, gamma_neg=2.0, clip=0.0)
    # kornia's weights of 1/2 halve both classes.
    theirs = 2 * kornia.losses.binary_focal_loss_with_logits(z, y, alpha=0.5, gamma=2.0).sum(-1)
    torch.testing.assert_close(focal, theirs, rtol=1e-12, atol=0)


def test_asymmetric_silences_very_easy_and_hopeless_noes() -> None:
    loss, no = losscore.get("asymmetric_loss"), torch.zeros(1, dtype=torch.float64)
    easy, hard, hopeless = (torch.tensor([z], dtype=torch.float64) for z in (-3.0, 1.0, 12.0))
    assert loss(easy, no).item() == 0  # a probability of 0.047, below the clip
    assert loss.gradient(hopeless, no).abs() < 1e-3 * loss.gradient(hard, no).abs()
    assert loss.gradient(hopeless, no, clip=0.0) > loss.gradient(hard, no, clip=0.0)
