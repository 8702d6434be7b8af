"""Penalties, the ridge fit and the weighting of tasks against scikit-learn, NumPy and SciPy."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.linear_model import ElasticNet, Ridge
from torch import Tensor

import losscore
from losscore.explore.ridge import ridge_weights

RNG = np.random.default_rng(4)
WEIGHTS = {
    "ordinary": RNG.standard_normal(7),
    "zeros": np.zeros(3),
    "some zeros": np.array([0.0, -2.0, 0.0, 0.5]),
    "large": np.array([1e6, -1e6, 1e-6]),
    "one": np.array([-3.0]),
}
EVERY_VECTOR = pytest.mark.parametrize("name", WEIGHTS)


def tensors(*arrays: np.ndarray) -> tuple[Tensor, ...]:
    return tuple(torch.tensor(array, dtype=torch.float64) for array in arrays)


def hold(key: str, arrays: tuple[np.ndarray, ...], value: float, slopes: dict[str, np.ndarray], **given: float) -> None:
    loss = losscore.get(key)
    assert loss(*tensors(*arrays), **given).item() == pytest.approx(value, rel=1e-11, abs=1e-12)
    assert loss(*(x.float() for x in tensors(*arrays)), **given).item() == pytest.approx(value, rel=1e-4, abs=1e-5)
    for wrt, slope in slopes.items():
        found = loss.gradient(*tensors(*arrays), wrt=wrt, **given)
        np.testing.assert_allclose(found, slope, rtol=1e-9, atol=1e-12 * (1 + np.abs(slope).max()))


@EVERY_VECTOR
@pytest.mark.parametrize("lam", [0.0, 1e-3, 1.0, 10.0])
def test_l1_and_l2_penalties(name: str, lam: float) -> None:
    w = WEIGHTS[name]
    hold("l1_penalty", (w,), lam * np.linalg.norm(w, 1), {"w": lam * np.sign(w)}, lam=lam)
    hold("l2_penalty", (w,), lam * np.linalg.norm(w) ** 2, {"w": 2 * lam * w}, lam=lam)


@EVERY_VECTOR
@pytest.mark.parametrize("l1_ratio", [0.0, 0.3, 1.0])
def test_elastic_net_penalty(name: str, l1_ratio: float) -> None:
    w = WEIGHTS[name]
    value = 2.5 * (l1_ratio * np.linalg.norm(w, 1) + (1 - l1_ratio) / 2 * np.linalg.norm(w) ** 2)
    slope = 2.5 * (l1_ratio * np.sign(w) + (1 - l1_ratio) * w)
    hold("elastic_net_penalty", (w,), value, {"w": slope}, alpha=2.5, l1_ratio=l1_ratio)


@pytest.mark.parametrize(("alpha", "l1_ratio"), [(0.05, 0.5), (0.3, 0.9), (0.2, 0.1)])
def test_elastic_net_is_the_penalty_of_scikit_learn(alpha: float, l1_ratio: float) -> None:
    """Where its fit rests, the slope of the mean of half the squares cancels that of the penalty."""
    rng = np.random.default_rng(6)
    X = rng.standard_normal((40, 6))
    y = X @ np.array([2.0, -1.0, 0.5, 0, 0, 0]) + rng.standard_normal(40)
    w = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y).coef_
    data = X.T @ (X @ w - y) / 40
    (at,) = tensors(w)
    pull = losscore.get("elastic_net_penalty").gradient(at, alpha=alpha, l1_ratio=l1_ratio).numpy()
    np.testing.assert_allclose((data + pull)[w != 0], 0, atol=1e-8)
    assert (np.abs(data[w == 0]) <= alpha * l1_ratio).all()


# Ridge.

DESIGNS = {
    "ordinary": (RNG.standard_normal((12, 3)), RNG.standard_normal(12)),
    "wide": (RNG.standard_normal((3, 5)), RNG.standard_normal(3)),
    "twice the same column": (np.repeat(RNG.standard_normal((6, 1)), 2, axis=1), RNG.standard_normal(6)),
    "zeros": (np.zeros((4, 2)), RNG.standard_normal(4)),
    "large": (1e6 * RNG.standard_normal((5, 2)), 1e6 * RNG.standard_normal(5)),
    "one number": (np.array([[2.0]]), np.array([3.0])),
}


def cost(X: np.ndarray, y: np.ndarray, w: np.ndarray, lam: float) -> float:
    return ((y - X @ w) ** 2).sum() + lam * (w**2).sum()


def by_scikit_learn(X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    return Ridge(alpha=lam, fit_intercept=False, solver="cholesky").fit(X, y).coef_


@pytest.mark.parametrize("lam", [1e-2, 1.0, 100.0])
@pytest.mark.parametrize("name", DESIGNS)
def test_ridge_is_that_of_scikit_learn(name: str, lam: float) -> None:
    X, y = DESIGNS[name]
    w = by_scikit_learn(X, y, lam)
    np.testing.assert_allclose(ridge_weights(*tensors(X, y), lam), w, rtol=1e-8, atol=1e-11)
    residual = y - X @ w
    # The penalised fit does not move at first order when the data does, so only the data's own part is left.
    slopes = {"X": -2 * np.outer(residual, w), "y": 2 * residual}
    hold("ridge_fit", (X, y), cost(X, y, w, lam), slopes, lam=lam)


@pytest.mark.parametrize("wrt", ["X", "y"])
@pytest.mark.parametrize("name", ["ordinary", "wide", "twice the same column", "zeros", "one number"])
def test_the_slope_of_the_ridge_fit_is_that_of_refitting(name: str, wrt: str) -> None:
    arrays = dict(zip(("X", "y"), DESIGNS[name], strict=True))
    slope = losscore.get("ridge_fit").gradient(*tensors(*arrays.values()), wrt=wrt, lam=0.7).numpy()
    way, h = np.random.default_rng(8).standard_normal(slope.shape), 1e-6
    costs = []
    for step in (h, -h):
        moved = arrays | {wrt: arrays[wrt] + step * way}
        costs.append(cost(**moved, w=by_scikit_learn(**moved, lam=0.7), lam=0.7))
    assert (slope * way).sum() == pytest.approx((costs[0] - costs[1]) / (2 * h), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("name", DESIGNS)
def test_without_a_penalty_it_is_the_shortest_least_squares_fit(name: str) -> None:
    X, y = DESIGNS[name]
    w = np.linalg.pinv(X) @ y
    np.testing.assert_allclose(ridge_weights(*tensors(X, y), 0.0), w, rtol=1e-9, atol=1e-12)
    loss = losscore.get("ridge_fit")(*tensors(X, y), lam=0.0).item()
    assert loss == pytest.approx(((y - X @ w) ** 2).sum(), rel=1e-9, abs=1e-20 * (y**2).sum() + 1e-26)
    single = ridge_weights(*(x.float() for x in tensors(X, y)), 0.0)
    np.testing.assert_allclose(single, w, rtol=1e-4, atol=1e-5)


def test_what_rounding_leaves_of_a_large_dependent_column_gets_no_weight() -> None:
    X, y = DESIGNS["ordinary"]
    X = 1e6 * np.column_stack([X, X @ [1.0, -2.0, 0.3]])
    found = ridge_weights(*tensors(X, 1e9 * y), 0.0)
    np.testing.assert_allclose(found, np.linalg.pinv(X, rcond=1e-14) @ (1e9 * y), rtol=1e-10)


def test_a_path_of_penalties_is_one_call() -> None:
    X, y = tensors(*DESIGNS["ordinary"])
    path = torch.logspace(-3, 2, 9, dtype=torch.float64)
    together = ridge_weights(X, y, path)
    assert together.shape == (9, 3)
    for lam, w in zip(path.tolist(), together, strict=True):
        np.testing.assert_allclose(w, by_scikit_learn(*DESIGNS["ordinary"], lam), rtol=1e-10)
    batch = ridge_weights(torch.stack([X, 2 * X]), y, path[:, None])
    assert batch.shape == (9, 2, 3)
    torch.testing.assert_close(batch[:, 0], together)


def test_what_does_not_fit_is_refused() -> None:
    X, y = torch.ones(4, 2), torch.ones(3)
    with pytest.raises(ValueError, match=r"ridge_weights: X must be \(..., N, P\).*got \(4, 2\) and \(3,\)"):
        ridge_weights(X, y, 1.0)
    with pytest.raises(ValueError, match="ridge_weights: lam must be 0 or more, got -1"):
        ridge_weights(X, X[:, 0], -1.0)


def test_two_columns_that_say_nearly_the_same() -> None:
    """Made from the true weights (1, 1, -0.5) and some noise; the design is triangular, so least squares fits it."""
    X = np.array([[5.298148, 5.296451, 2.295886], [0, -0.006013, -2.180339], [0, 0, 7.10903]])
    y = np.array([9.201789, 0.733209, -3.909966])
    assert np.linalg.cond(X) == pytest.approx(2140, abs=1)
    assert np.abs(y - X @ [1, 1, -0.5]).max() < 0.36
    found = ridge_weights(*tensors(X, y), torch.tensor([0.0, 1.0, 100.0], dtype=torch.float64)).numpy()
    assert found[0] == pytest.approx([-75.5, 77.5, -0.55], abs=0.01)
    assert found[1] == pytest.approx([0.962, 0.964, -0.515], abs=5e-4)
    assert found[2] == pytest.approx([0.32, 0.32, -0.10], abs=1e-3)


def test_the_bias_of_ridge_buys_far_less_variance() -> None:
    """500 draws of noise (sigma 1) on two columns correlated .9996, against what the design alone foretells."""
    rng = np.random.default_rng(35)
    centred = rng.standard_normal((30, 2))
    base, other = np.linalg.qr(centred - centred.mean(0))[0].T
    X = 4 * np.stack([base, 0.9996 * base + math.sqrt(1 - 0.9996**2) * other], axis=1)
    assert np.corrcoef(X.T)[0, 1] == pytest.approx(0.9996)
    truth = np.array([1.0, 1.0])
    draws = X @ truth + rng.standard_normal((500, 30))
    for lam in (0.0, 1.0):
        w = ridge_weights(*tensors(X, draws), lam).numpy()
        found = ((w - truth) ** 2).sum(1).mean()
        hat = np.linalg.solve(X.T @ X + lam * np.eye(2), X.T)
        expected = (hat**2).sum() + ((hat @ X @ truth - truth) ** 2).sum()
        assert found == pytest.approx(expected, rel=0.2)
        assert expected > 70 if lam == 0 else expected < 0.1


# Several tasks.

TASKS = {
    "ordinary": (np.array([0.3, 2.0, 11.0]), np.array([-1.0, 0.0, 2.5])),
    "zero loss": (np.array([0.0, 1.0]), np.array([0.0, 5.0])),
    "negative loss": (np.array([-2.0, 0.5]), np.array([1.0, -3.0])),
    "ends": (np.array([1e6, 1e6]), np.array([50.0, -50.0])),
}


@pytest.mark.parametrize("name", TASKS)
def test_uncertainty_weighting(name: str) -> None:
    task, s = TASKS[name]
    value = math.fsum(math.exp(-b) * a + b for a, b in zip(task, s, strict=True))
    hold("uncertainty_weighting", (task, s), value, {"losses": np.exp(-s), "log_var": 1 - np.exp(-s) * task})


def test_the_weights_of_tasks_settle_at_one_over_their_losses() -> None:
    task = np.array([0.05, 0.7, 4.0])
    loss = losscore.get("uncertainty_weighting")

    def value(s: np.ndarray) -> tuple[float, np.ndarray]:
        given = tensors(task, s)
        return loss(*given).item(), loss.gradient(*given, wrt="log_var").numpy()

    rest = minimize(value, np.zeros(3), jac=True, tol=1e-12)
    np.testing.assert_allclose(np.exp(-rest.x), 1 / task, rtol=1e-4)
    assert rest.fun == pytest.approx((1 + np.log(task)).sum(), abs=1e-8)
