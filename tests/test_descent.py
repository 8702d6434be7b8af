"""Paths of descent against known sequences, torch's optimisers and the fits they should reach."""

import numpy as np
import pytest
import torch

import losscore
from losscore.explore.descent import descend, descend_scalar
from losscore.explore.fits import fit_line
from losscore.scenes.points import line_with_outliers

START = torch.tensor([0.0, 1.0], dtype=torch.float64)


def points(y=20.0):
    return line_with_outliers(torch.tensor(9.0, dtype=torch.float64), y)


def test_lesson_five_mae_never_settles():
    path = descend_scalar(losscore.get("mae"), 1.0, 0.3, 8).path
    np.testing.assert_allclose(path, [1, 0.7, 0.4, 0.1, -0.2, 0.1, -0.2, 0.1, -0.2], atol=1e-6)
    assert round(descend_scalar(losscore.get("mse"), 1.0, 0.3, 8).path[-1].item(), 4) == 0.0007


def test_a_quadratic_shrinks_by_the_same_factor_at_every_step():
    rate = torch.tensor([0.1, 0.3, 0.9], dtype=torch.float64)
    path = descend_scalar(losscore.get("mse"), torch.tensor(5.0, dtype=torch.float64), rate, 12, target=2.0).path
    known = 2 + 3 * (1 - 2 * rate[:, None].numpy()) ** np.arange(13)
    np.testing.assert_allclose(path, known, rtol=1e-12)


@pytest.mark.parametrize("method", ["gradient", "momentum", "adam"])
@pytest.mark.parametrize("key", ["mse", "huber", "cauchy"])
def test_the_path_is_that_of_the_optimiser_of_torch(method, key):
    scene, loss = points(), losscore.get(key)
    path = descend(loss, scene, START, 0.01, 60, method).path
    line = START.clone().requires_grad_()
    optimiser = {
        "gradient": lambda: torch.optim.SGD([line], lr=0.01),
        "momentum": lambda: torch.optim.SGD([line], lr=0.01, momentum=0.9),
        "adam": lambda: torch.optim.Adam([line], lr=0.01),
    }[method]()
    known = [START.clone()]
    for _ in range(60):
        optimiser.zero_grad()
        loss(line[0] * scene.x + line[1], scene.y).backward()
        optimiser.step()
        known.append(line.detach().clone())
    np.testing.assert_allclose(path, torch.stack(known), rtol=1e-9, atol=1e-12)


def test_rates_starts_points_and_parameters_are_one_batch():
    y = torch.tensor([20.0, 5.0, 9.0, -3.0], dtype=torch.float64)
    rate = torch.tensor([[0.001], [0.01], [0.02]], dtype=torch.float64)
    delta = torch.tensor([0.5, 1.0, 2.0, 3.0], dtype=torch.float64)
    loss = losscore.get("huber")
    descent = descend(loss, points(y), START, rate, 25, delta=delta)
    assert descent.path.shape == (3, 4, 26, 2)
    assert descent.diverged.shape == (3, 4)
    for i, j in ((0, 0), (1, 2), (2, 3)):
        alone = descend(loss, points(y[j]), START, rate[i, 0].item(), 25, delta=delta[j].item()).path
        np.testing.assert_allclose(descent.path[i, j], alone, rtol=1e-12)


def test_absent_points_do_not_pull():
    scene = line_with_outliers(9.0, 39.0, torch.tensor([1, 4]))
    path = descend(losscore.get("mse"), scene, START.float(), 0.01, 30).path
    alone = descend(losscore.get("mse"), line_with_outliers(9.0, 39.0, 1), START.float(), 0.01, 30).path
    torch.testing.assert_close(path[0], alone)
    assert (path[1] - alone).abs().max() > 0.1


def test_a_long_descent_reaches_the_fit():
    loss, scene = losscore.get("pseudo_huber"), points()
    fit = fit_line(loss, scene)
    end = descend(loss, scene, START, 0.05, 4000, "momentum").path[-1]
    np.testing.assert_allclose(end, [fit.slope, fit.intercept], atol=1e-8)


@pytest.mark.parametrize("method", ["gradient", "momentum"])
def test_a_path_that_runs_away_is_held_and_reported(method):
    rate = torch.tensor([0.01, 0.5, 1e30])
    descent = descend(losscore.get("mse"), line_with_outliers(), START.float(), rate, 300, method)
    assert descent.diverged.tolist() == [False, True, True]
    assert descent.path.isfinite().all()
    assert torch.equal(descent.path[1, -1], descent.path[1, -2])
    assert torch.equal(descent.path[2, -1], START.float())


def test_what_can_not_be_done_is_refused():
    scene = line_with_outliers()
    with pytest.raises(ValueError, match="method must be one of"):
        descend(losscore.get("mse"), scene, START.float(), 0.1, 3, "newton")
    with pytest.raises(ValueError, match="rate must be positive, got -1"):
        descend_scalar(losscore.get("mse"), 1.0, -1.0, 3)
    with pytest.raises(ValueError, match="steps must not be negative"):
        descend_scalar(losscore.get("mse"), 1.0, 0.1, -3)
    with pytest.raises(ValueError, match="silog: a fit needs"):
        descend(losscore.get("silog"), scene, START.float(), 0.1, 3)
    with pytest.raises(TypeError, match="unknown parameter 'delta'"):
        descend(losscore.get("mse"), scene, START.float(), 0.1, 3, delta=1.0)
