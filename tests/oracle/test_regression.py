"""The regression family against other libraries and against its mathematics written another way, in float64."""

import math
from collections.abc import Callable
from typing import Any

import kornia.losses
import mpmath
import numpy as np
import pytest
import scipy.special
import scipy.stats
import sklearn.metrics
import statsmodels.robust.norms
import torch
import torchmetrics.functional
from numpy.typing import NDArray
from scipy.optimize import least_squares
from sklearn.linear_model._sgd_fast import EpsilonInsensitive, SquaredEpsilonInsensitive

import losscore

Array = NDArray[np.float64]
# All sizes up to a million, either sign, and exact agreement.
SIZES = np.concatenate([[0.0], np.logspace(-8, 6, 141), np.linspace(0.05, 12, 240)])
R = np.concatenate([SIZES, -SIZES])
ORDINARY = R[np.abs(R) <= 12]


def each(key: str, r: Array, **params: Any) -> Array:
    pred = torch.from_numpy(r)
    return losscore.get(key)(pred, torch.zeros_like(pred), reduction="none", **params).numpy()


def slopes(key: str, r: Array, dtype: torch.dtype = torch.float64, **params: Any) -> Array:
    pred = torch.from_numpy(r).to(dtype)
    return losscore.get(key).gradient(pred, torch.zeros_like(pred), reduction="sum", **params).double().numpy()


def close(coded: Any, expected: Any, rtol: float = 1e-11, atol: float = 1e-13) -> None:
    np.testing.assert_allclose(np.asarray(coded), np.asarray(expected), rtol=rtol, atol=atol)


# Values of losses of a residual


def sgd(kind: type) -> Callable[..., Array]:
    return lambda r, eps: np.array([kind(eps).py_loss(x, 0.0) for x in r])


def scipy_cost(name: str) -> Callable[..., Array]:
    """What scipy's robust least squares charges for one residual: half of c^2 rho((r/c)^2)."""
    return lambda r, c: np.array(
        [least_squares(lambda x, fixed=x: x * 0 + fixed, [0.0], loss=name, f_scale=c, max_nfev=1).cost for x in r]
    )


def statsmodels_rho(norm: type) -> Callable[..., Array]:
    return lambda r, scale: norm(scale).rho(r)


VALUES: list[tuple[str, dict[str, float], Callable[[Array], Array]]] = [
    *(("huber", {"delta": d}, lambda r, d=d: scipy.special.huber(d, r)) for d in (0.05, 1.0, 3.3, 10.0)),
    *(
        ("huber", {"delta": d}, lambda r, d=d: statsmodels_rho(statsmodels.robust.norms.HuberT)(r, d))
        for d in (0.5, 2.0)
    ),
    # Smooth L1 is Huber over beta, and at beta = 0 the absolute error.
    *(("smooth_l1", {"beta": b}, lambda r, b=b: scipy.special.huber(b, r) / b) for b in (0.01, 1.0, 5.0)),
    ("smooth_l1", {"beta": 0.0}, np.abs),
    ("log_cosh", {}, lambda r: np.where(np.abs(r) < 0.1, r**2 / 2 - r**4 / 12 + r**6 / 45 - 17 * r**8 / 2520,
                                        np.logaddexp(r, -r) - np.log(2))),
    *(
        ("pinball", {"tau": t}, lambda r, t=t: np.array(
            [sklearn.metrics.mean_pinball_loss([0.0], [x], alpha=t) for x in r]))
        for t in (0.01, 0.3, 0.5, 0.99)
    ),
    *(("epsilon_insensitive", {"eps": e}, lambda r, e=e: sgd(EpsilonInsensitive)(r, e)) for e in (0.0, 0.1, 2.0)),
    *(
        ("squared_epsilon_insensitive", {"eps": e}, lambda r, e=e: sgd(SquaredEpsilonInsensitive)(r, e))
        for e in (0.0, 0.1, 2.0)
    ),
    # scipy's cost is the classic Cauchy; Barron's scale is 2/c^2 of it at a c that is sqrt(2) as large.
    *(("cauchy_classic", {"c": c}, lambda r, c=c: scipy_cost("cauchy")(r, c)) for c in (0.1, 1.0, 7.0)),
    *(
        ("cauchy", {"c": c}, lambda r, c=c: scipy_cost("cauchy")(r, c * math.sqrt(2)) / c**2)
        for c in (0.1, 1.0, 7.0)
    ),
    # The classic Geman-McClure is half of Barron's with c = sigma / 2; arctan's tangent gives the share another way.
    *(("geman_mcclure_classic", {"sigma": s}, lambda r, s=s: np.sin(np.arctan2(r, s)) ** 2) for s in (0.1, 1.0, 10.0)),
    *(("geman_mcclure", {"c": c}, lambda r, c=c: 2 * np.sin(np.arctan2(r, 2 * c)) ** 2) for c in (0.1, 1.0, 10.0)),
    # The Gaussian bell of scipy, upside down; near 0 it has lost its digits.
    *(
        ("welsch", {"c": c}, lambda r, c=c: 1 - scipy.stats.norm.pdf(r, scale=c) / scipy.stats.norm.pdf(0, scale=c))
        for c in (0.1, 1.0, 10.0)
    ),
    *(
        ("tukey_biweight", {"c": c}, lambda r, c=c: statsmodels_rho(statsmodels.robust.norms.TukeyBiweight)(r, c))
        for c in (0.5, 4.685, 10.0)
    ),
    *(("charbonnier", {"eps": e}, lambda r, e=e: np.abs(r + 1j * e)) for e in (1e-6, 1e-3, 1.0)),
    *(("pseudo_huber", {"delta": d}, lambda r, d=d: scipy.special.pseudo_huber(d, r)) for d in (0.1, 1.0, 10.0)),
    *(("charbonnier_barron", {"c": c}, lambda r, c=c: scipy.special.pseudo_huber(c, r) / c**2) for c in (0.1, 1.0, 10)),
    *(
        ("wing", {"w": w, "eps": e}, lambda r, w=w, e=e: np.select(
            [np.abs(r) < w], [w * np.log((e + np.abs(r)) / e)], np.abs(r) - (w - w * np.log((e + w) / e))))
        for w, e in ((10.0, 2.0), (1.0, 5.0), (20.0, 0.1))
    ),
    *(
        ("berhu", {"c": c}, lambda r, c=c: np.select([np.abs(r) <= c], [np.abs(r)], (r * r + c * c) / (2 * c)))
        for c in (0.1, 1.0, 5.0)
    ),
]  # fmt: skip


@pytest.mark.parametrize(("key", "params", "oracle"), VALUES, ids=[f"{key}-{params}" for key, params, _ in VALUES])
def test_value_of_each_residual(key: str, params: dict[str, float], oracle: Callable[[Array], Array]) -> None:
    # scipy solves a fit for each residual: a few of them do.
    r = R[::9] if key.startswith("cauchy") else R
    close(each(key, r, **params), oracle(r), rtol=1e-11, atol=3e-13)


@pytest.mark.parametrize(
    ("key", "theirs"),
    [
        ("charbonnier_barron", kornia.losses.charbonnier_loss),
        ("cauchy", kornia.losses.cauchy_loss),
        ("geman_mcclure", kornia.losses.geman_mcclure_loss),
        ("welsch", kornia.losses.welsch_loss),
    ],
)
def test_kornia_writes_the_robust_losses_at_scale_one(key: str, theirs: Callable[..., torch.Tensor]) -> None:
    pred, target = torch.from_numpy(ORDINARY), torch.full((len(ORDINARY),), 0.5, dtype=torch.float64)
    ours = losscore.get(key)
    close(ours(pred, target, reduction="none", c=1.0), theirs(pred, target, reduction="none"), atol=1e-12)
    # Kornia has no scale: dividing both sides by it does the same.
    close(ours(pred, target, reduction="none", c=2.5), theirs(pred / 2.5, target / 2.5, reduction="none"), atol=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_mean_over_samples_is_that_of_scikit_learn_and_torchmetrics(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pred, target = rng.normal(0, 10.0**seed, 50), rng.normal(0, 3, 50)
    p, y = torch.from_numpy(pred), torch.from_numpy(target)
    close(losscore.get("mse")(p, y), sklearn.metrics.mean_squared_error(target, pred))
    close(losscore.get("mae")(p, y), sklearn.metrics.mean_absolute_error(target, pred))
    close(losscore.get("rmse")(p, y), sklearn.metrics.root_mean_squared_error(target, pred))
    close(losscore.get("mse")(p, y, reduction="sum"), torchmetrics.functional.mean_squared_error(p, y) * 50)
    close(losscore.get("pinball")(p, y, tau=0.2), sklearn.metrics.mean_pinball_loss(target, pred, alpha=0.2))
    near = p.clamp(-20, 20)  # torchmetrics' cosh overflows
    close(losscore.get("log_cosh")(near, y), torchmetrics.functional.log_cosh_error(near, y), rtol=1e-9)
    p, y = p.abs(), y.abs()
    close(losscore.get("msle")(p, y), sklearn.metrics.mean_squared_log_error(y.numpy(), p.numpy()))
    close(losscore.get("msle")(p, y), torchmetrics.functional.mean_squared_log_error(p, y))


# Slopes of losses of a residual, relative to their own size: far away too


def clip(r: Array, bound: float) -> Array:
    return np.clip(r, -bound, bound)


SLOPES: list[tuple[str, dict[str, float], Callable[[Array], Array]]] = [
    ("mse", {}, lambda r: 2 * r),
    ("mae", {}, np.sign),
    *(("huber", {"delta": d}, lambda r, d=d: clip(r, d)) for d in (0.05, 1.0, 10.0)),
    *(("smooth_l1", {"beta": b}, lambda r, b=b: clip(r / b, 1)) for b in (0.01, 1.0, 5.0)),
    ("smooth_l1", {"beta": 0.0}, np.sign),
    ("log_cosh", {}, np.tanh),
    *(("pinball", {"tau": t}, lambda r, t=t: np.where(r < 0, -t, np.where(r > 0, 1 - t, 0))) for t in (0.01, 0.6)),
    *(("epsilon_insensitive", {"eps": e}, lambda r, e=e: np.sign(r) * (np.abs(r) > e)) for e in (0.0, 0.17)),
    *(
        ("squared_epsilon_insensitive", {"eps": e}, lambda r, e=e: 2 * np.sign(r) * np.maximum(0, np.abs(r) - e))
        for e in (0.0, 0.17)
    ),
    *(("cauchy", {"c": c}, lambda r, c=c: 2 * r / (2 * c**2 + r**2)) for c in (0.1, 1.0, 10.0)),
    *(("cauchy_classic", {"c": c}, lambda r, c=c: r * c**2 / (c**2 + r**2)) for c in (0.1, 1.0, 10.0)),
    *(("geman_mcclure", {"c": c}, lambda r, c=c: 16 * c**2 * r / (r**2 + 4 * c**2) ** 2) for c in (0.1, 1.0, 10.0)),
    *(
        ("geman_mcclure_classic", {"sigma": s}, lambda r, s=s: 2 * s**2 * r / (r**2 + s**2) ** 2)
        for s in (0.1, 1.0, 10.0)
    ),
    *(("welsch", {"c": c}, lambda r, c=c: r / c**2 * np.exp(-(r**2) / (2 * c**2))) for c in (0.1, 1.0, 10.0)),
    *(
        ("tukey_biweight", {"c": c}, lambda r, c=c: statsmodels.robust.norms.TukeyBiweight(c).psi(r))
        for c in (0.5, 4.685, 10.0)
    ),
    *(("charbonnier", {"eps": e}, lambda r, e=e: r / np.hypot(r, e)) for e in (1e-6, 1e-3, 1.0)),
    *(("charbonnier_barron", {"c": c}, lambda r, c=c: r / (c * np.hypot(r, c))) for c in (0.1, 1.0, 10.0)),
    *(("pseudo_huber", {"delta": d}, lambda r, d=d: r * d / np.hypot(r, d)) for d in (0.1, 1.0, 10.0)),
    *(
        ("wing", {"w": w, "eps": e}, lambda r, w=w, e=e: np.sign(r) * np.where(np.abs(r) < w, w / (e + np.abs(r)), 1))
        for w, e in ((9.99, 2.0), (1.01, 5.0))
    ),
    *(("berhu", {"c": c}, lambda r, c=c: np.where(np.abs(r) <= c, np.sign(r), r / c)) for c in (0.1, 1.0, 5.0)),
]


# Their slope comes down to zero at a seam, where a difference leaves float32 with absolute digits only.
NEAR_A_SEAM = ("tukey_biweight", "squared_epsilon_insensitive")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("key", "params", "oracle"), SLOPES, ids=[f"{key}-{params}" for key, params, _ in SLOPES])
def test_slope_at_each_residual(
    key: str, params: dict[str, float], oracle: Callable[[Array], Array], dtype: torch.dtype
) -> None:
    if dtype is torch.float64:
        # Where 1 - (r/c)^2 nears zero only absolute digits are left of it, in the oracle as well.
        close(slopes(key, R, **params), oracle(R), rtol=1e-9, atol=1e-13 if key == "tukey_biweight" else 1e-300)
        return
    r = R.astype(np.float32).astype(np.float64)
    expected = oracle(r)
    # Below 1e-30 float32 has no more normal numbers for what goes into the slope.
    kept = (np.abs(expected) > 1e-30) | (expected == 0)
    # A seam may fall on the other side of a rounded parameter, where one residual lies on it.
    coded = slopes(key, r, dtype, **params)
    off = np.abs(coded - expected) > 1e-3 * np.abs(expected) + (1e-6 if key in NEAR_A_SEAM else 0)
    assert (off & kept).sum() <= 2, r[off & kept]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(
    ("key", "params", "curvature"),
    [("log_cosh", {}, 1.0), ("cauchy", {"c": 2.0}, 0.25), ("cauchy_classic", {"c": 2.0}, 1.0),
     ("geman_mcclure", {"c": 2.0}, 0.25), ("geman_mcclure_classic", {"sigma": 2.0}, 0.5), ("welsch", {"c": 2.0}, 0.25),
     ("tukey_biweight", {"c": 2.0}, 1.0), ("charbonnier_barron", {"c": 2.0}, 0.25),
     ("pseudo_huber", {"delta": 2.0}, 1.0),
     ("barron", {"alpha": -0.5, "c": 2.0}, 0.25)],
)  # fmt: skip
def test_a_small_residual_keeps_its_digits(
    key: str, params: dict[str, float], curvature: float, dtype: torch.dtype
) -> None:
    r = torch.tensor([1e-3, -1e-4, 1e-6, 1e-10], dtype=dtype)
    value = losscore.get(key)(r, torch.zeros_like(r), reduction="none", **params)
    close(value.double(), curvature * r.double().numpy() ** 2 / 2, rtol=2e-6, atol=0)


def test_what_overflows_is_infinite_and_not_undefined() -> None:
    million, zero = torch.tensor([1e6]), torch.zeros(1)
    assert losscore.get("barron")(million, zero, alpha=10.0).item() == math.inf
    assert losscore.get("barron").gradient(million, zero, alpha=10.0).item() == math.inf


def test_a_perfect_fit_rests() -> None:
    for record in losscore.losses("regression"):
        if record.of_residual:
            assert slopes(record.key, np.zeros(1))[0] == 0, record.key
    zeros = torch.zeros(2, 5)
    assert torch.equal(losscore.get("rmse").gradient(zeros, zeros), zeros)


# Barron's family


def barron_exact(r: float, alpha: float, c: float) -> tuple[float, float]:
    """Value and slope with so many digits that the limits are met simply by stepping aside a little."""
    with mpmath.workdps(160 if alpha > -1e100 else 700):
        r, c = mpmath.mpf(r), mpmath.mpf(c)
        u = (r / c) ** 2
        if alpha == -math.inf:
            return float(1 - mpmath.exp(-u / 2)), float(r / c**2 * mpmath.exp(-u / 2))
        a = mpmath.mpf(alpha) + mpmath.mpf(10) ** -60
        b = abs(a - 2)
        return float(b / a * ((u / b + 1) ** (a / 2) - 1)), float(r / c**2 * (u / b + 1) ** (a / 2 - 1))


@pytest.mark.parametrize(
    "alpha",
    [-math.inf, -1e300, -1e9, -1e3, -10.0, -2.0, -1.0, -0.5, -1e-3, -1e-7, -1e-12, -1e-20, -1e-300, 0.0, 1e-300, 1e-20,
     1e-12, 1e-7, 1e-3, 0.5, 1.0, 1.5, 2 - 1e-6, 2 - 1e-12, 2 - 2.3e-16, 2.0, 2 + 4.5e-16, 2 + 1e-9, 2.5, 3.0],
)  # fmt: skip
def test_barron_is_exact_at_and_near_its_limits(alpha: float) -> None:
    r = np.array([0.0, 1e-8, 1e-3, 0.1, 0.7, 1.0, 3.0, 30.0, 1e3, 1e6])
    r = np.concatenate([r, -r])
    for c in (0.1, 1.0, 10.0):
        exact = np.array([barron_exact(x, alpha, c) for x in r])
        close(each("barron", r, alpha=alpha, c=c), exact[:, 0], rtol=1e-12, atol=0)
        # exp(-1e14) is no number at all; anything down to the smallest normal number is held.
        close(slopes("barron", r, alpha=alpha, c=c), exact[:, 1], rtol=1e-10, atol=1e-300)
        single = slopes("barron", r, torch.float32, alpha=max(alpha, -1e30) if math.isfinite(alpha) else alpha, c=c)
        assert np.isfinite(single).all()
        close(single, exact[:, 1], rtol=2e-4, atol=1e-30)


@pytest.mark.parametrize(
    ("alpha", "key"), [(1.0, "charbonnier_barron"), (0.0, "cauchy"), (-2.0, "geman_mcclure"), (-math.inf, "welsch")]
)
@pytest.mark.parametrize("c", [0.3, 1.0, 4.0])
def test_barron_passes_through_the_named_losses(alpha: float, key: str, c: float) -> None:
    close(each("barron", R, alpha=alpha, c=c), each(key, R, c=c))


def test_barron_at_two_is_half_the_square_and_a_tensor_of_alphas_is_one_call() -> None:
    close(each("barron", R, alpha=2.0, c=2.0), R**2 / 8)
    alphas = torch.tensor([-math.inf, -2.0, 0.0, 1.0, 2.0], dtype=torch.float64)[:, None]
    r = torch.tensor([0.0, 1.0, 1e6], dtype=torch.float64)
    swept = losscore.get("barron")(r, torch.zeros(3), reduction="none", alpha=alphas)
    close(swept[:, 1], [1 - math.exp(-0.5), 0.4, math.log(1.5), math.sqrt(2) - 1, 0.5])
    slope = losscore.get("barron").gradient(r.expand(5, 3), torch.zeros(3), reduction="sum", alpha=alphas)
    close(slope[:, 0], np.zeros(5))
    assert slope.isfinite().all()


# Losses that are not functions of one residual


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
def test_poisson_against_the_deviance_and_the_probabilities(scale: float) -> None:
    rng = np.random.default_rng(3)
    rate = rng.gamma(2.0, scale, 40)
    count = rng.poisson(rate).astype(np.float64)
    count[:3] = 0
    p, y = torch.from_numpy(rate), torch.from_numpy(count)
    poisson = losscore.get("poisson_nll")
    # The deviance is twice the excess over the best value, y - y log y.
    best = count - scipy.special.xlogy(count, count)
    excess = poisson(p, y, eps=1e-300, reduction="none").numpy() - best
    deviance = [sklearn.metrics.mean_poisson_deviance([k], [m]) for k, m in zip(count, rate, strict=True)]
    close(2 * excess, deviance, rtol=1e-9, atol=1e-9 * scale)
    # The logarithm of the rate gives the same value, and the full loss is -log P up to Stirling's error, 1/(12 y).
    close(poisson(p.log(), y, log_input=True), poisson(p, y, eps=1e-300))
    many = count > 1
    full = poisson(p, y, eps=1e-300, full=True, reduction="none").numpy()[many]
    probability = scipy.stats.poisson.logpmf(count, rate)[many]
    gap = -probability - full
    assert (gap > -1e-8 * scale).all()
    assert (gap < 1 / (12 * count[many]) + 1e-8 * scale).all()


def test_stirling_is_added_to_counts_above_one_only() -> None:
    count = torch.tensor([0.0, 0.5, 1.0, 1.5, 7.0], dtype=torch.float64)
    rate = torch.full((5,), 2.0, dtype=torch.float64)
    added = [losscore.get("poisson_nll")(rate, count, full=full, reduction="none") for full in (True, False)]
    stirling = [k * math.log(k / math.e) + math.log(2 * math.pi * k) / 2 for k in (1.5, 7.0)]
    close(added[0] - added[1], [0, 0, 0, *stirling], atol=1e-12)


def test_poisson_at_its_edges() -> None:
    poisson = losscore.get("poisson_nll")
    rate = torch.tensor([0.0, 0.0, 0.0, 1e6, 1e6], dtype=torch.float64)
    count = torch.tensor([0.0, 1.0, 1e6, 0.0, 1e6], dtype=torch.float64)
    tiny = math.log(1e-8)
    expected = [0.0, -tiny, -1e6 * tiny, 1e6, 1e6 - 1e6 * math.log(1e6)]
    close(poisson(rate, count, reduction="none"), expected, atol=1e-7)
    close(poisson.gradient(rate, count, reduction="sum"), [1, 1 - 1e8, 1 - 1e14, 1, 0], atol=1e-7)
    log_rate = torch.tensor([-80.0, 0.0, 2.0, 80.0], dtype=torch.float64)
    slope = poisson.gradient(log_rate, torch.full((4,), 3.0), log_input=True, reduction="sum")
    close(slope, np.exp(log_rate.numpy()) - 3)
    # The term that only the count decides has a gradient with respect to a count of 0, which is none.
    at_zero = poisson.gradient(torch.ones(1), torch.zeros(1), wrt="target", full=True)
    close(at_zero, [0.0], atol=1e-6)
    best = poisson(torch.tensor([10.0]), torch.tensor([10.0])).item()
    assert round(best, 2) == -13.03


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3])
def test_gaussian_is_the_log_density(full: bool, scale: float) -> None:
    rng = np.random.default_rng(5)
    pred, target, var = rng.normal(0, 3, 50), rng.normal(0, 3, 50), scale * rng.gamma(2.0, 1.0, 50)
    inputs = [torch.from_numpy(x) for x in (pred, target, var)]
    density = -scipy.stats.norm.logpdf(target, loc=pred, scale=np.sqrt(var))
    gaussian = losscore.get("gaussian_nll")
    close(gaussian(*inputs, full=full, reduction="none"), density - (not full) * math.log(2 * math.pi) / 2, atol=1e-12)
    close(gaussian.gradient(*inputs, full=full, reduction="sum"), (pred - target) / var)
    by_var = (1 / var - (pred - target) ** 2 / var**2) / 2
    close(gaussian.gradient(*inputs, wrt="var", full=full, reduction="sum"), by_var)


def test_gaussian_counts_a_variance_below_eps_as_eps_and_lets_it_grow() -> None:
    gaussian = losscore.get("gaussian_nll")
    one, zero = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    close(gaussian(one, zero, zero), (math.log(1e-6) + 1e6) / 2)
    assert gaussian.gradient(one, zero, zero, wrt="var").item() == pytest.approx(-5e11, rel=1e-5)
    theirs = torch.nn.functional.gaussian_nll_loss(one, zero, zero)
    close(gaussian(one, zero, zero), theirs)
    sweep = gaussian(one, zero, zero, eps=torch.tensor([0.1, 0.5], dtype=torch.float64), reduction="none")
    close(sweep, [(math.log(e) + 1 / e) / 2 for e in (0.1, 0.5)])


@pytest.mark.parametrize("lam", [0.0, 0.5, 0.85, 1.0])
@pytest.mark.parametrize("spread", [0.01, 1.0, 8.0])
def test_silog_is_a_mean_over_pairs(lam: float, spread: float) -> None:
    rng = np.random.default_rng(7)
    pred, target = np.exp(rng.normal(0, spread, (6, 30))), np.exp(rng.normal(0, spread, (6, 30)))
    d = np.log(pred) - np.log(target)
    # Eigen's second form: half the mean squared difference over all pairs, and what is not forgiven of the mean.
    pairs = ((d[:, :, None] - d[:, None, :]) ** 2).mean((1, 2)) / 2
    expected = lam * pairs + (1 - lam) * (d**2).mean(1)
    p, y = torch.from_numpy(pred), torch.from_numpy(target)
    silog = losscore.get("silog")
    close(silog(p, y, lam=lam, reduction="none"), expected, rtol=1e-10)
    slope = 2 / (30 * pred) * (d - lam * d.mean(1, keepdims=True))
    close(silog.gradient(p, y, lam=lam, reduction="sum"), slope, rtol=1e-9, atol=1e-12)


def test_silog_forgives_a_common_factor_as_far_as_lambda_says() -> None:
    depth = torch.linspace(0.5, 10, 40, dtype=torch.float64)
    twice = [losscore.get("silog")(2 * depth, depth, lam=lam).item() for lam in (0.0, 0.5, 1.0)]
    close(twice, [math.log(2) ** 2, math.log(2) ** 2 / 2, 0], atol=1e-15)


@pytest.mark.parametrize(("pred", "target"), [(20.0, 10.0), (2000.0, 1000.0), (0.0, 1e6), (-0.999, 3.0), (5.0, 5.0)])
def test_msle_and_its_slope(pred: float, target: float) -> None:
    p, y = (torch.tensor([x], dtype=torch.float64) for x in (pred, target))
    with mpmath.workdps(40):
        ratio = mpmath.log((1 + mpmath.mpf(pred)) / (1 + mpmath.mpf(target)))
    close(losscore.get("msle")(p, y), float(ratio**2))
    close(losscore.get("msle").gradient(p, y), [float(2 * ratio / (1 + mpmath.mpf(pred)))])


def test_rmse_of_each_vector_and_its_slope() -> None:
    rng = np.random.default_rng(11)
    for size, scale in ((1, 1.0), (5, 1e-6), (50, 1e6)):
        pred, target = rng.normal(0, scale, (4, size)), np.zeros((4, size))
        p, y = torch.from_numpy(pred), torch.from_numpy(target)
        root = np.array([sklearn.metrics.root_mean_squared_error(a, b) for a, b in zip(target, pred, strict=True)])
        close(losscore.get("rmse")(p, y, reduction="none"), root)
        close(losscore.get("rmse").gradient(p, y, reduction="sum"), pred / (size * root[:, None]))


# Numbers that lessons quote


def test_the_strongest_pull_of_each_robust_loss_and_where_it_is() -> None:
    r = np.linspace(0, 12, 1_200_001)
    for c in (0.5, 1.0, 3.0):
        for key, pull, place in (
            ("cauchy", 0.7071 / c, math.sqrt(2)),
            ("geman_mcclure", 0.6495 / c, 1.155),
            ("welsch", 0.6065 / c, 1.0),
            ("tukey_biweight", 0.2862 * c, 0.447),
        ):
            slope = slopes(key, r, c=c)
            assert slope.max() == pytest.approx(pull, rel=2e-4), key
            assert r[slope.argmax()] == pytest.approx(place * c, rel=2e-3), key


def test_nine_small_residuals_and_a_large_one_in_metres_and_millimetres() -> None:
    for unit in (1.0, 1000.0):
        r = torch.tensor([1.0] * 9 + [10.0], dtype=torch.float64) * unit
        target = torch.zeros_like(r)
        assert losscore.get("mse")(r, target).item() == pytest.approx(10.9 * unit**2)
        assert losscore.get("mae")(r, target).item() == pytest.approx(1.9 * unit)
        assert losscore.get("rmse")(r, target).item() == pytest.approx(3.30 * unit, rel=1e-3)


def test_huber_and_smooth_l1_differ_by_the_factor_delta() -> None:
    five = np.array([5.0])
    assert each("huber", five, delta=2.0).item() == 8.0
    assert each("smooth_l1", five, beta=2.0).item() == 4.0


def test_the_norm_the_sum_of_squares_and_the_mean_square_are_three_numbers() -> None:
    r, target = torch.tensor([3.0, 4.0]), torch.zeros(2)
    mse = losscore.get("mse")
    assert mse(r, target).item() == 12.5
    assert mse(r, target, reduction="sum").item() == 25
    assert losscore.get("rmse")(r, target).item() * math.sqrt(2) == pytest.approx(5)


def test_one_outlier_of_a_million_in_four() -> None:
    r = torch.tensor([0.0, 0.0, 0.0, 1e6])
    assert losscore.get("mse")(r, torch.zeros(4)).item() == pytest.approx(2.5e11)


def test_huber_far_and_near_is_half_the_square_and_delta_times_the_absolute_error() -> None:
    close(each("huber", ORDINARY, delta=1e6), ORDINARY**2 / 2)
    close(each("huber", ORDINARY, delta=1e-9) / 1e-9, np.abs(ORDINARY), atol=1e-9)
