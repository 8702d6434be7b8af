"""Sums of losses, penalties and fits, held to closed forms and to scikit-learn, SciPy and NumPy."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge

import losscore
from losscore.explore.collinear import expected_error, repeated_fits
from losscore.explore.descent import descend
from losscore.explore.goals import lowest_line
from losscore.explore.mixing import angle, at_places, grids, learned, lowest, mixed, pulls
from losscore.explore.penalised import ball, penalised_weights, ring
from losscore.explore.polynomials import polynomial_weights
from losscore.scenes.designs import diabetes_ten, noises, twin_columns
from losscore.scenes.mixtures import TASKS
from losscore.scenes.points import line_with_outliers
from losscore.scenes.wiggle import ten_points

F64 = torch.float64


def numbers(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=F64)


# Sums of losses


def test_the_smallest_vae_is_best_where_its_closed_form_says() -> None:
    weight = numbers(0.02, 0.1, 0.5, 1.0, 1.6, 2.5)
    place = lowest("vae_elbo", mixed(grids("vae_elbo", ("recon", "kl")), [torch.ones(1), weight])).numpy()
    noise = np.sqrt(np.minimum(weight.numpy(), 2) / 2)
    gain = np.sqrt(1 - noise**2)
    np.testing.assert_allclose(place[:5], np.stack([gain, noise], -1)[:5], atol=0.03)
    np.testing.assert_allclose(place[5], [TASKS["vae_elbo"].x.low, 1], atol=0.02)  # collapsed


def test_mse_and_mae_of_a_line_end_at_least_squares_and_at_the_median_line() -> None:
    surfaces = grids("line", ("mse", "mae"))
    least, median = lowest("line", surfaces).tolist()
    x, y = np.arange(10.0), np.array([*range(9), 39.0])
    fit = LinearRegression().fit(x[:, None], y)
    assert least == pytest.approx([fit.coef_[0], fit.intercept_], abs=1e-6)
    assert median == pytest.approx([1, 0], abs=0.03)


def test_a_mixed_minimum_is_the_one_that_an_optimiser_finds() -> None:
    x, y = np.arange(10.0), np.array([*range(9), 39.0])

    def total(theta: np.ndarray, weight: float) -> float:
        r = theta[0] * x + theta[1] - y
        return float(np.mean(r**2) + weight * np.mean(np.abs(r)))

    for weight in (1.0, 10.0):
        best = minimize(total, [2.0, 0.0], args=(weight,), method="Nelder-Mead", options={"xatol": 1e-8})
        height = mixed(grids("line", ("mse", "mae")), [torch.ones(1), numbers(weight)])
        found = lowest("line", height)[0].numpy()
        np.testing.assert_allclose(found, best.x, atol=0.12)
        assert total(found, weight) <= best.fun * 1.001


def test_equal_weights_are_the_catalogues_combined_losses() -> None:
    task, place = TASKS["mask"], (numbers(12.0, 18.0), numbers(0.4, 0.9))
    truth = task.picture(*place)[1]  # type: ignore[misc]
    made = task.picture(*place)[0]  # type: ignore[misc]
    parts = {key: task.judge(*place, key) for key in ("pixel_cross_entropy", "dice", "jaccard")}
    combo = losscore.get("combo_bce_dice")(made, truth.expand_as(made), reduction="none")
    np.testing.assert_allclose((parts["pixel_cross_entropy"] + parts["dice"]) / 2, combo, rtol=1e-4)
    both = losscore.get("bce_jaccard")(torch.logit(made), truth.expand_as(made), reduction="none")
    np.testing.assert_allclose((parts["pixel_cross_entropy"] + parts["jaccard"]) / 2, both, rtol=1e-4)


@pytest.mark.parametrize("task", TASKS)
def test_pulls_are_the_slopes_of_the_surfaces(task: str) -> None:
    of, keys = TASKS[task], tuple(TASKS[task].labels)
    x = of.x.low + 0.62 * (of.x.high - of.x.low)
    y = of.y.low + 0.57 * (of.y.high - of.y.low)
    value, slope = pulls(task, keys, numbers(x, y)[None])
    step = 1e-3
    for axis, name in ((0, "x"), (1, "y")):
        span = getattr(of, name).high - getattr(of, name).low
        shift = [step * span if i == axis else 0.0 for i in (0, 1)]
        for index, key in enumerate(keys):
            up, down = (of.judge(numbers(x + s * shift[0]), numbers(y + s * shift[1]), key).double() for s in (1, -1))
            assert slope[index, 0, axis].item() == pytest.approx(float(up - down) / (2 * step), rel=0.02, abs=2e-3), key
    np.testing.assert_allclose(at_places(task, grids(task, keys), numbers(x, y)[None]), value, rtol=0.03, atol=2e-3)


def test_angles_between_known_arrows() -> None:
    first = torch.tensor([[1.0, 0.0]] * 4)
    second = torch.tensor([[2.0, 0.0], [0.0, 3.0], [-1.0, -1.0], [0.0, 0.0]])
    assert angle(first, second).tolist() == pytest.approx([0, 90, 135, 90], abs=1e-4)


def test_learned_weights_settle_at_one_over_the_loss() -> None:
    place, weight = learned("mask", ("pixel_cross_entropy", "dice"))
    each = torch.stack([TASKS["mask"].judge(*place[:, None], key) for key in ("pixel_cross_entropy", "dice")])[:, 0]
    np.testing.assert_allclose(weight * each, 1, rtol=5e-3)
    product = grids("mask", ("pixel_cross_entropy", "dice")).prod(0)
    assert each.prod() <= product.min() * 1.001  # the least sum of logarithms is the least product


# Penalties


def test_the_diabetes_table_is_scikit_learns() -> None:
    data, table = load_diabetes(scaled=False), diabetes_ten()
    assert list(table.names) == data.feature_names
    want = (data.data - data.data.mean(0)) / data.data.std(0)
    np.testing.assert_allclose(table.X, want, atol=2e-4)
    np.testing.assert_allclose(table.y, (data.target - data.target.mean()) / data.target.std(), atol=2e-4)


def test_penalised_weights_are_scikit_learns() -> None:
    data, strength = diabetes_ten(), numbers(0.003, 0.05, 0.4, 1.5)
    X, y = data.X.numpy(), data.y.numpy()
    exact = {"fit_intercept": False, "tol": 1e-13, "max_iter": 200_000}
    for key in ("l1_penalty", "l2_penalty", "elastic_net_penalty"):
        found = penalised_weights(data.X, data.y, key, strength, 0.3).numpy()
        for lam, w in zip(strength.tolist(), found, strict=True):
            if key == "l1_penalty":
                model = Lasso(alpha=lam / 2, **exact)
            elif key == "l2_penalty":
                model = Ridge(alpha=lam * len(y), fit_intercept=False)
            else:
                model = ElasticNet(alpha=lam / 2, l1_ratio=0.3, **exact)
            want = model.fit(X, y).coef_
            np.testing.assert_allclose(w, want, atol=1e-7)
            assert ((w == 0) == (np.abs(want) < 1e-12)).all()
    with pytest.raises(KeyError, match="no penalty"):
        penalised_weights(data.X, data.y, "mse", strength)


def test_balls_and_rings_have_their_known_shapes() -> None:
    turns = torch.linspace(0, 2 * torch.pi, 41, dtype=F64)
    level = numbers(0.5, 2.0)
    diamond = ball("l1_penalty", level, {"lam": numbers(2.0, 1.0)}, turns)
    np.testing.assert_allclose(diamond.abs().sum(-1), [[0.25] * 41, [2.0] * 41], rtol=1e-9)
    circle = ball("l2_penalty", level, {"lam": numbers(2.0, 1.0)}, turns)
    np.testing.assert_allclose(circle.norm(dim=-1), np.sqrt([[0.25] * 41, [2.0] * 41]), rtol=1e-9)
    data = diabetes_ten()
    X = data.X[:, [2, 3]]
    outline = ring(X, data.y, numbers(0.7, 0.9), turns)
    error = ((outline @ X.T - data.y) ** 2).mean(-1)
    np.testing.assert_allclose(error, [[0.7] * 41, [0.9] * 41], rtol=1e-9)


# Columns alike


def test_twin_columns_have_the_correlation_asked_for() -> None:
    X = twin_columns(numbers(0.0, 0.9, 0.9996)).numpy()
    for columns, rho in zip(X, (0.0, 0.9, 0.9996), strict=True):
        np.testing.assert_allclose(columns.T @ columns / 20, [[1, rho], [rho, 1]], atol=1e-12)


def test_repeated_fits_are_scikit_learns_and_near_their_exact_mean() -> None:
    rho, lam = numbers(0.5, 0.9996), numbers(1.0, 1.0)
    X, noise = twin_columns(rho), noises()
    for strength in (torch.zeros(2, dtype=F64), lam):
        w, error, least = repeated_fits(rho, strength)
        y = (X[1].sum(-1) + noise[7]).numpy()
        model = Ridge(alpha=float(strength[1]), fit_intercept=False, solver="svd") if strength[1] else LinearRegression(
            fit_intercept=False
        )
        np.testing.assert_allclose(w[1, 7], model.fit(X[1].numpy(), y).coef_, rtol=1e-6)
        np.testing.assert_allclose(error, expected_error(rho, strength), rtol=0.1)
        own = (X[1].sum(-1) + noise[0]).numpy()
        want = ((own - X[1].numpy() @ w[1, 0].numpy()) ** 2).sum() + float(strength[1]) * float((w[1, 0] ** 2).sum())
        assert float(least[1]) == pytest.approx(want, rel=1e-9)


def test_the_expected_error_is_the_trace_that_textbooks_give() -> None:
    X = twin_columns(numbers(0.9))[0].numpy()
    inverse = np.linalg.inv(X.T @ X + 3 * np.eye(2))
    bias = (inverse @ X.T @ X - np.eye(2)) @ np.ones(2)
    want = np.trace(inverse @ X.T @ X @ inverse) + bias @ bias
    assert float(expected_error(numbers(0.9), numbers(3.0))) == pytest.approx(want, rel=1e-9)


# Polynomials and goals


def test_polynomials_are_numpys() -> None:
    data = ten_points(29)
    x, y = data.x.numpy(), data.y.numpy()
    plain, held = polynomial_weights(data.x, data.y, numbers(0.0, 0.01)).numpy()
    for degree in range(10):
        np.testing.assert_allclose(plain[degree, : degree + 1], np.polyfit(x, y, degree)[::-1], rtol=1e-6, atol=1e-8)
        assert (plain[degree, degree + 1 :] == 0).all()
        table = np.vander(x, degree + 1, increasing=True)
        want = np.linalg.solve(table.T @ table + 0.01 * np.eye(degree + 1), table.T @ y)
        np.testing.assert_allclose(held[degree, : degree + 1], want, rtol=1e-9, atol=1e-12)


def test_goals_are_those_of_their_closed_forms() -> None:
    points = line_with_outliers()
    x, y = np.arange(10.0), np.array([*range(9), 39.0])
    centred = x - x.mean()
    for lam in (0.0, 10.0, 100.0):
        penalty = (losscore.get("l2_penalty"), {"lam": lam}) if lam else None
        goal, _ = lowest_line(losscore.get("mse"), points, penalty)
        slope = (centred @ y) / (centred @ centred + len(x) * lam)
        assert goal.tolist() == pytest.approx([slope, y.mean() - slope * x.mean()], abs=1e-5)
    cut, _ = lowest_line(losscore.get("mse"), points, (losscore.get("l1_penalty"), {"lam": 10.0}))
    slope = (centred @ y / 10 - 5) / (centred @ centred / 10)  # soft-thresholded at half of lambda
    assert cut[0].item() == pytest.approx(slope, abs=1e-5)
    flat, _ = lowest_line(losscore.get("mse"), points, (losscore.get("l1_penalty"), {"lam": 100.0}))
    assert flat.tolist() == pytest.approx([0, y.mean()], abs=1e-5)


def test_descent_under_a_penalty_ends_at_the_penalised_goal() -> None:
    points, penalty = line_with_outliers(), (losscore.get("l2_penalty"), {"lam": 10.0})
    goal, _ = lowest_line(losscore.get("mse"), points, penalty)
    path = descend(losscore.get("mse"), points, numbers(0, 0), 0.01, 3000, "gradient", penalty).path
    assert path[-1].tolist() == pytest.approx(goal.tolist(), abs=1e-4)
    before = descend(losscore.get("mse"), points, numbers(2, 1), 0.01, 1).path
    after = descend(losscore.get("mse"), points, numbers(2, 1), 0.01, 1, "gradient", penalty).path
    assert (after - before)[1].tolist() == pytest.approx([-0.01 * 2 * 10 * 2, 0], abs=1e-9)
