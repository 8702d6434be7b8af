"""Surfaces of the mean loss against loops, and gradients against differences."""

import numpy as np
import pytest
import torch
from scipy.special import huber as scipy_huber

import losscore
from losscore.explore.fits import fit_line
from losscore.explore.surfaces import gradient_field, line_surface
from losscore.scenes.points import line_with_outliers

SLOPES = torch.linspace(-1, 4, 11, dtype=torch.float64)
INTERCEPTS = torch.linspace(-6, 3, 7, dtype=torch.float64)
Y = torch.tensor([39.0, -10.0, 4.0], dtype=torch.float64)


def test_every_place_of_a_surface_is_a_mean_over_the_points_there():
    count = torch.tensor([0, 1, 3])
    points = line_with_outliers(7.0, Y, count)
    surface = line_surface(losscore.get("huber"), points, SLOPES, INTERCEPTS, delta=0.8)
    assert surface.shape == (3, 7, 11)
    for s in range(3):
        here = points.weight[s] > 0
        x, y = points.x[s][here].numpy(), points.y[s][here].numpy()
        for b in (0, 3, 6):
            for a in (0, 5, 10):
                r = SLOPES[a].item() * x + INTERCEPTS[b].item() - y
                assert surface[s, b, a].item() == pytest.approx(scipy_huber(0.8, r).mean(), rel=1e-12)


@pytest.mark.parametrize("key", ["mse", "mae", "huber", "log_cosh", "cauchy", "tukey_biweight", "berhu", "barron"])
def test_the_field_is_the_slope_of_the_surface(key):
    loss, points, step = losscore.get(key), line_with_outliers(7.3, Y, 2), 1e-6
    slopes, intercepts = SLOPES + 0.01234, INTERCEPTS + 0.0567  # off the corners
    field = gradient_field(loss, points, slopes, intercepts)
    assert field.shape == (2, 3, 7, 11)
    by_slope = line_surface(loss, points, slopes + step, intercepts) - line_surface(
        loss, points, slopes - step, intercepts
    )
    by_level = line_surface(loss, points, slopes, intercepts + step) - line_surface(
        loss, points, slopes, intercepts - step
    )
    np.testing.assert_allclose(field, torch.stack([by_slope, by_level]) / (2 * step), rtol=1e-6, atol=1e-6)


def test_a_parameter_is_swept_over_the_whole_surface():
    loss, points = losscore.get("huber"), line_with_outliers(9.0, 39.0)
    delta = torch.tensor([0.5, 2.0])
    surface = line_surface(loss, points, SLOPES.float(), INTERCEPTS.float(), delta=delta)
    field = gradient_field(loss, points, SLOPES.float(), INTERCEPTS.float(), delta=delta)
    assert surface.shape == (2, 7, 11)
    assert field.shape == (2, 2, 7, 11)
    for s, number in enumerate(delta.tolist()):
        alone = line_surface(loss, points, SLOPES.float(), INTERCEPTS.float(), delta=number)
        field_alone = gradient_field(loss, points, SLOPES.float(), INTERCEPTS.float(), delta=number)
        torch.testing.assert_close(surface[s], alone)
        torch.testing.assert_close(field[:, s], field_alone)


def test_the_fit_lies_at_the_bottom():
    loss, points = losscore.get("pseudo_huber"), line_with_outliers(7.0, Y, 2)
    fit = fit_line(loss, points)
    for i in range(3):
        slopes, intercepts = fit.slope[i] + SLOPES * 0.1, fit.intercept[i] + INTERCEPTS * 0.1
        assert line_surface(loss, points, slopes, intercepts)[i].min() >= fit.value[i] - 1e-12
        bottom = gradient_field(loss, points, fit.slope[i, None], fit.intercept[i, None])[:, i]
        assert bottom.abs().max() < 1e-9


def test_losses_of_a_whole_vector_are_refused():
    with pytest.raises(ValueError, match="rmse: a fit needs"):
        line_surface(losscore.get("rmse"), line_with_outliers(), SLOPES.float(), INTERCEPTS.float())
    with pytest.raises(ValueError, match="silog: a fit needs"):
        gradient_field(losscore.get("silog"), line_with_outliers(), SLOPES.float(), INTERCEPTS.float())
