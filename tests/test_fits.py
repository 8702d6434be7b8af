"""Fitted lines and constants against linear programs, scipy's minimisers, numpy, scikit-learn and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize
from sklearn.linear_model import QuantileRegressor

import losscore
from losscore.explore import fits
from losscore.explore.curves import residual_curve
from losscore.explore.fits import fit_constant, fit_line, fit_lines
from losscore.explore.kinks import kinks
from losscore.scenes.points import Points, diabetes, line_with_outliers, stereo_row, values

Array = NDArray[np.float64]
RESIDUAL = [loss for loss in losscore.losses("regression") if loss.of_residual]
Y = torch.linspace(-35.0, 45.0, 9, dtype=torch.float64)


def noisy(n: int = 14, batch: int = 5, seed: int = 0) -> Points:
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(batch, n, generator=generator, dtype=torch.float64) * 10
    y = 0.7 * x - 2 + torch.randn(batch, n, generator=generator, dtype=torch.float64)
    y[:, :2] += 12
    return Points(x, y, torch.ones_like(x), torch.zeros(n, dtype=torch.bool), "x", "y", "noisy")


def linear_program(x: Array, y: Array, over: float, under: float, eps: float) -> float:
    """The least mean of over * max(r - eps, 0) + under * max(-r - eps, 0), as a linear program."""
    n = len(x)
    line = np.column_stack([x, np.ones(n)])
    eye, none = np.eye(n), np.zeros((n, n))
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    answer = linprog(
        np.r_[0, 0, np.full(n, over / n), np.full(n, under / n)],
        A_ub=np.block([[line, -eye, none], [-line, none, -eye]]),
        b_ub=np.r_[y + eps, eps - y],
        bounds=bounds,
        method="highs",
    )
    return float(answer.fun)


STRAIGHT = [
    ("mae", {}, (1.0, 1.0, 0.0)),
    ("pinball", {"tau": 0.8}, (0.2, 0.8, 0.0)),
    ("pinball", {"tau": 0.1}, (0.9, 0.1, 0.0)),
    ("epsilon_insensitive", {"eps": 0.5}, (1.0, 1.0, 0.5)),
]


@pytest.mark.parametrize(("key", "params", "program"), STRAIGHT, ids=lambda v: str(v))
@pytest.mark.parametrize("exhaustive", [True, False])
def test_losses_of_straight_pieces_reach_the_linear_program(key, params, program, exhaustive, monkeypatch):
    if not exhaustive:
        monkeypatch.setattr(fits, "_FEW_VERTICES", 0)
        monkeypatch.setattr(fits, "_ALL_VERTICES", 0)
    for points in (line_with_outliers(8.0, Y, 3), noisy(), diabetes(40.0, Y, 2), stereo_row(400.0, Y, 2)):
        fit = fit_line(losscore.get(key), points, **params)
        for i in range(len(fit.slope)):
            x, y = points.x[i].double().numpy(), points.y[i].double().numpy()
            assert fit.value[i].item() == pytest.approx(linear_program(x, y, *program), rel=1e-9, abs=1e-9)
            r = fit.slope[i].item() * x + fit.intercept[i].item() - y
            over, under, eps = program
            reached = np.mean(over * np.maximum(r - eps, 0) + under * np.maximum(-r - eps, 0))
            assert reached == pytest.approx(fit.value[i].item(), rel=1e-8, abs=1e-8)


def test_quantile_lines_are_those_of_scikit_learn():
    points = noisy(25)
    for tau in (0.15, 0.5, 0.9):
        fit = fit_line(losscore.get("pinball"), points, tau=tau)
        for i in range(5):
            known = QuantileRegressor(quantile=tau, alpha=0.0).fit(points.x[i, :, None].numpy(), points.y[i].numpy())
            np.testing.assert_allclose([fit.slope[i], fit.intercept[i]], [known.coef_[0], known.intercept_], atol=1e-6)


def huber(r: Array) -> Array:
    return np.where(np.abs(r) < 0.7, 0.5 * r * r, 0.7 * np.abs(r) - 0.245)


# Convex losses that are curved somewhere, written once more in numpy.
CURVED = {
    "mse": ({}, lambda r: r * r),
    "huber": ({"delta": 0.7}, huber),
    "smooth_l1": ({"beta": 0.7}, lambda r: huber(r) / 0.7),
    "log_cosh": ({}, lambda r: np.logaddexp(r, -r) - np.log(2)),
    "squared_epsilon_insensitive": ({"eps": 0.3}, lambda r: np.clip(np.abs(r) - 0.3, 0, None) ** 2),
    "charbonnier": ({"eps": 0.01}, lambda r: np.hypot(r, 0.01)),
    "charbonnier_barron": ({"c": 0.5}, lambda r: np.hypot(r / 0.5, 1) - 1),
    "pseudo_huber": ({"delta": 2.0}, lambda r: 4 * (np.hypot(r / 2, 1) - 1)),
    "berhu": ({"c": 1.5}, lambda r: np.where(np.abs(r) < 1.5, np.abs(r), (r * r + 2.25) / 3)),
}


def simplex(cost, x: Array, y: Array, start: Array) -> Array:
    """The best line by a search that knows values only, restarted until it rests."""

    def mean(line: Array) -> float:
        return float(np.mean(cost(line[0] * x + line[1] - y)))

    best = np.asarray(start)
    for _ in range(4):
        best = minimize(mean, best, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-16, "maxiter": 4000}).x
    return best


@pytest.mark.parametrize("key", CURVED)
def test_curved_convex_losses_reach_what_scipy_finds(key):
    params, cost = CURVED[key]
    for points in (line_with_outliers(8.0, Y[::4], 3), noisy()):
        fit = fit_line(losscore.get(key), points, **params)
        for i in range(len(fit.slope)):
            x, y = points.x[i].numpy(), points.y[i].numpy()
            slope, intercept = simplex(cost, x, y, np.polyfit(x, y, 1))
            found = np.mean(cost(slope * x + intercept - y))
            mine = np.mean(cost(fit.slope[i].item() * x + fit.intercept[i].item() - y))
            assert mine <= found + 1e-12 * abs(found)
            # A search by values alone can't place a minimum better than to half of the digits.
            np.testing.assert_allclose([fit.slope[i], fit.intercept[i]], [slope, intercept], atol=2e-6, rtol=2e-6)


@pytest.mark.parametrize("key", ["huber", "log_cosh", "charbonnier", "pseudo_huber", "squared_epsilon_insensitive"])
def test_the_gradient_is_gone_at_the_fit(key):
    params, cost = CURVED[key]
    points = diabetes(40.0, Y, 2)
    fit = fit_line(losscore.get(key), points, **params)
    x, y = points.x.numpy(), points.y.numpy()
    step = 1e-6
    for i in range(len(Y)):
        r = fit.slope[i].item() * x[i] + fit.intercept[i].item() - y[i]
        slope = (cost(r + step) - cost(r - step)) / (2 * step)
        assert abs(slope.mean()) < 1e-7
        assert abs((slope * (x[i] - x[i].mean())).mean()) < 1e-6


def test_mse_is_least_squares():
    for points in (line_with_outliers(8.0, Y, 3), noisy(), diabetes(), stereo_row()):
        fit = fit_line(losscore.get("mse"), points)
        n = points.x.shape[-1]
        for i, (x, y) in enumerate(zip(points.x.reshape(-1, n), points.y.reshape(-1, n), strict=True)):
            known = np.linalg.lstsq(np.column_stack([x.double(), np.ones(len(x))]), y.double().numpy(), rcond=None)[0]
            tolerance = 1e-10 if points.y.dtype == torch.float64 else 2e-6
            mine = [fit.slope.reshape(-1)[i], fit.intercept.reshape(-1)[i]]
            np.testing.assert_allclose(mine, known, rtol=tolerance, atol=tolerance)


def test_lesson_two_one_outlier():
    points, five = line_with_outliers(), values()
    slopes = {key: round(fit_line(losscore.get(key), points).slope.item(), 2) for key in ("mse", "huber", "mae")}
    assert slopes == {"mse": 2.64, "huber": 1.08, "mae": 1.0}
    assert fit_constant(losscore.get("mse"), five).intercept.item() == pytest.approx(22, abs=1e-5)
    assert fit_constant(losscore.get("mae"), five).intercept.item() == pytest.approx(3, abs=1e-6)
    # Huber's own minimiser: 3 pulls by clip(3 - y, -1, 1) = 1, 1, 0, -1, -1.
    assert fit_constant(losscore.get("huber"), five).intercept.item() == pytest.approx(3, abs=1e-6)


def test_lesson_three_a_leverage_point():
    points = line_with_outliers(30.0, 0.0, added=True)
    slopes = {key: round(fit_line(losscore.get(key), points).slope.item(), 3) for key in ("mse", "mae", "huber")}
    assert slopes == {"mse": -0.032, "mae": -0.154, "huber": -0.118}


def test_statsmodels_agrees_on_robust_norms():
    points = noisy(30, seed=3)
    norms = {
        "huber": ({"delta": 1.2}, sm.robust.norms.HuberT(1.2)),
        "tukey_biweight": ({"c": 4.0}, sm.robust.norms.TukeyBiweight(4.0)),
    }
    for key, (params, norm) in norms.items():
        fit = fit_line(losscore.get(key), points, **params)
        for i in range(len(points.y)):
            x, y = points.x[i].numpy(), points.y[i].numpy()
            # statsmodels scales the residuals by an estimate; reweighting by its norm at scale 1 is the same fit.
            line = np.array([fit.slope[i].item(), fit.intercept[i].item()]) + 0.01
            for _ in range(300):
                root = np.sqrt(norm.weights(line[0] * x + line[1] - y))
                line = np.linalg.lstsq(np.column_stack([x, np.ones(30)]) * root[:, None], y * root, rcond=None)[0]
            np.testing.assert_allclose([fit.slope[i], fit.intercept[i]], line, atol=1e-6)


def cauchy(r: Array) -> Array:
    return np.log1p(0.5 * r * r)


def tukey(r: Array) -> Array:
    return (2.0**2 / 6) * (1 - np.clip(1 - (r / 2.0) ** 2, 0, None) ** 3)


def welsch(r: Array) -> Array:
    return 1 - np.exp(-r * r / 2)


@pytest.mark.parametrize(
    ("key", "params", "cost"),
    [("cauchy", {"c": 1.0}, cauchy), ("tukey_biweight", {"c": 2.0}, tukey), ("welsch", {"c": 1.0}, welsch)],
    ids=["cauchy", "tukey", "welsch"],
)
def test_no_line_of_a_fine_grid_beats_a_loss_that_is_not_convex(key, params, cost):
    points = line_with_outliers(8.0, Y, 4)
    fit = fit_line(losscore.get(key), points, **params)
    slopes, intercepts = np.meshgrid(np.linspace(-5, 8, 261), np.linspace(-12, 12, 241))
    for i in range(len(Y)):
        x, y = points.x[i].numpy(), points.y[i].numpy()
        grid = cost(slopes[..., None] * x + intercepts[..., None] - y).mean(-1)
        assert fit.value[i].item() <= grid.min() + 1e-12


@pytest.mark.parametrize("loss", RESIDUAL, ids=lambda loss: loss.key)
def test_a_batch_is_its_rows_and_nothing_near_is_better(loss):
    points = line_with_outliers(8.0, Y, 2)
    fit = fit_line(loss, points)
    assert fit.slope.shape == fit.intercept.shape == fit.value.shape == (9,)
    for i in (0, 4):
        alone = fit_line(loss, Points(points.x[i], points.y[i], points.weight[i], points.outlier, "", "", ""))
        assert alone.value.item() == pytest.approx(fit.value[i].item(), rel=1e-9, abs=1e-9)
    generator = torch.Generator().manual_seed(1)
    for size in (1e-4, 1e-2, 1.0):
        change = torch.randn(200, 2, 1, generator=generator, dtype=torch.float64) * size
        slope, intercept = fit.slope + change[:, 0] / 5, fit.intercept + change[:, 1]
        r = slope[..., None] * points.x + intercept[..., None] - points.y
        near = loss(r, torch.zeros_like(r), reduction="none").mean(-1)
        assert (fit.value <= near + 1e-12 * near.abs()).all()


@pytest.mark.parametrize(
    "loss", [loss for loss in RESIDUAL if "c" in loss.params or "delta" in loss.params], ids=lambda loss: loss.key
)
def test_a_parameter_is_swept_in_one_call(loss):
    name = "c" if "c" in loss.params else "delta"
    sweep = torch.tensor([0.6, 1.3, 4.0], dtype=torch.float64)
    points = Points(
        *(t[0] for t in (noisy().x, noisy().y, noisy().weight)), torch.zeros(14, dtype=torch.bool), "", "", ""
    )
    fit = fit_line(loss, points, **{name: sweep})
    for i, number in enumerate(sweep.tolist()):
        alone = fit_line(loss, points, **{name: number})
        np.testing.assert_allclose([fit.slope[i], fit.intercept[i]], [alone.slope, alone.intercept], atol=1e-6)


def test_absent_points_count_for_nothing():
    full, short = line_with_outliers(9.0, 39.0, torch.tensor([1, 5])), line_with_outliers(9.0, 39.0, 1)
    for key in ("mse", "mae", "huber", "cauchy", "epsilon_insensitive", "berhu"):
        both, alone = fit_line(losscore.get(key), full), fit_line(losscore.get(key), short)
        assert both.slope[0].item() == pytest.approx(alone.slope.item(), abs=1e-6)
        assert both.slope[1].item() != pytest.approx(alone.slope.item(), abs=1e-4) or key == "cauchy"


@pytest.mark.parametrize("n", [4, 5, 40, 501])
def test_the_constant_of_mae_is_the_median(n):
    y = torch.randn(3, n, generator=torch.Generator().manual_seed(n), dtype=torch.float64)
    points = Points(y, y, torch.ones_like(y), torch.zeros(n, dtype=torch.bool), "", "", "")
    np.testing.assert_allclose(fit_constant(losscore.get("mae"), points).intercept, np.median(y, axis=1), atol=1e-9)


def test_points_above_each_other_give_a_level_line():
    x = torch.full((4,), 2.0)
    points = Points(x, torch.tensor([1.0, 2, 3, 10]), torch.ones(4), torch.zeros(4, dtype=torch.bool), "", "", "")
    fit = fit_line(losscore.get("mse"), points)
    assert (fit.slope.item(), fit.intercept.item()) == (0.0, pytest.approx(4.0))


def test_corners_are_found_where_they_are():
    eps = torch.tensor([0.0, 0.5], dtype=torch.float64)
    at, jump = kinks(losscore.get("epsilon_insensitive"), {"eps": eps})
    corners = [
        sorted((a, j) for a, j in zip(*row, strict=True) if j > 0)
        for row in zip(at.tolist(), jump.tolist(), strict=True)
    ]
    assert corners == [[(0.0, 2.0)], [(-0.5, 1.0), (0.5, 1.0)]]
    at, jump = kinks(losscore.get("mae"), {})
    assert (at.tolist(), jump.tolist()) == ([0.0], [2.0])
    assert kinks(losscore.get("huber"), {"delta": 0.05})[0].shape == (0,)


def test_several_losses_by_label():
    found = fit_lines(
        {"a": (losscore.get("mse"), {}), "b": (losscore.get("huber"), {"delta": 0.2})}, line_with_outliers()
    )
    assert found["b"].slope.item() == fit_line(losscore.get("huber"), line_with_outliers(), delta=0.2).slope.item()
    assert list(found) == ["a", "b"]


@pytest.mark.parametrize("key", ["msle", "poisson_nll", "silog", "gaussian_nll", "rmse"])
def test_a_loss_that_is_not_of_the_residual_is_refused(key):
    with pytest.raises(ValueError, match=f"{key}: a fit needs a loss of the residual"):
        fit_line(losscore.get(key), line_with_outliers())


def test_wrong_parameters_and_empty_scenes_are_refused():
    with pytest.raises(TypeError, match="unknown parameter 'delt'"):
        fit_line(losscore.get("huber"), line_with_outliers(), delt=1.0)
    with pytest.raises(ValueError, match="delta must lie in"):
        fit_line(losscore.get("huber"), line_with_outliers(), delta=torch.tensor([1.0, -1.0]))
    nothing = Points(*torch.ones(2, 3), torch.zeros(3), torch.zeros(3, dtype=torch.bool), "", "", "")
    with pytest.raises(ValueError, match="at least one point"):
        fit_constant(losscore.get("mse"), nothing)


@pytest.mark.parametrize("loss", losscore.losses("regression"), ids=lambda loss: loss.key)
def test_every_regression_loss_has_a_curve(loss):
    r = torch.linspace(-4, 4, 33, dtype=torch.float64)
    extra = {"var": 0.5} if "var" in loss.inputs else {}
    value, slope = residual_curve(loss, r, target=1.5, **extra)
    assert value.shape == slope.shape == (33,)
    seen = value.isfinite()
    assert seen.sum() >= 16
    # Slopes against differences of the values, wherever the curve is not bent too sharply for them.
    step = 1e-6
    ahead, behind = (residual_curve(loss, r + d, target=1.5, **extra)[0] for d in (step, -step))
    rough = (ahead - behind) / (2 * step)
    smooth = seen & ((ahead - 2 * value + behind).abs() / step < 1e-3)
    assert smooth.sum() >= 10 or loss.key == "silog"
    np.testing.assert_allclose(slope[smooth], rough[smooth], rtol=1e-4, atol=1e-4)


def test_curves_of_a_swept_parameter():
    r = torch.linspace(-3, 3, 7)
    value, slope = residual_curve(losscore.get("huber"), r, delta=torch.tensor([0.5, 2.0]))
    np.testing.assert_allclose(slope, [r.clip(-0.5, 0.5).numpy(), r.clip(-2, 2).numpy()])
    assert value.shape == (2, 7)
    with pytest.raises(TypeError, match="gaussian_nll: also takes var"):
        residual_curve(losscore.get("gaussian_nll"), r)


@pytest.mark.parametrize("key", ["mse", "mae", "huber", "tukey_biweight"])
@pytest.mark.parametrize("x", [[4.0], [4.0, 4.0, 4.0]])
def test_points_over_one_x_get_a_line_without_slope(key: str, x: list[float]) -> None:
    y = torch.tensor([2.0, 3.0, 3.5][: len(x)], dtype=torch.float64)
    points = Points(torch.tensor(x, dtype=y.dtype), y, torch.ones_like(y), torch.zeros(len(x), dtype=bool), "", "", "")
    fit, constant = fit_line(losscore.get(key), points), fit_constant(losscore.get(key), points)
    assert fit.slope.item() == 0
    assert fit.intercept.item() == pytest.approx(constant.intercept.item(), abs=1e-6)


def test_one_upright_batch_among_others_leaves_them_alone() -> None:
    x = torch.tensor([[4.0, 4.0, 4.0, 4.0], [0.0, 1.0, 2.0, 3.0]], dtype=torch.float64)
    y = torch.tensor([1.0, 2.0, 2.5, 9.0], dtype=torch.float64).expand(2, -1)
    both = Points(x, y, torch.ones_like(y), torch.zeros(4, dtype=torch.bool), "", "", "")
    other = Points(x[1], y[1], torch.ones(4).double(), torch.zeros(4, dtype=torch.bool), "", "", "")
    for key in ("mse", "mae", "huber"):
        fit, alone = fit_line(losscore.get(key), both), fit_line(losscore.get(key), other)
        assert fit.slope.tolist() == pytest.approx([0.0, alone.slope.item()])
        assert fit.intercept[1].item() == pytest.approx(alone.intercept.item())
