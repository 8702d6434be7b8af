"""What outliers do to estimates, against theory and against numpy."""

import numpy as np
import pytest
import torch
from scipy.stats import norm

import losscore
from losscore.explore.influence import Influence, breakdown, classify, estimate_against_outlier

SIZES = torch.logspace(-1, 4, 51, dtype=torch.float64)
# How the slope of the loss goes on for ever: growing, at a level, or to nothing.
THEORY = {
    "mse": "unbounded", "squared_epsilon_insensitive": "unbounded", "berhu": "unbounded",
    "mae": "bounded", "huber": "bounded", "log_cosh": "bounded", "pseudo_huber": "bounded", "charbonnier": "bounded",
    "cauchy": "redescending", "geman_mcclure": "redescending", "welsch": "redescending",
    "tukey_biweight": "redescending",
}  # fmt: skip


def several(*keys):
    return {key: (losscore.get(key), {}) for key in keys}


def test_the_class_is_the_one_of_theory():
    assert classify(estimate_against_outlier(several(*THEORY), SIZES)) == THEORY


def test_the_class_follows_the_exponent_of_the_general_loss():
    losses = {str(alpha): (losscore.get("barron"), {"alpha": alpha}) for alpha in (2.0, 1.5, 1.0, 0.5, -2.0)}
    classes = ["unbounded", "unbounded", "bounded", "redescending", "redescending"]
    assert list(classify(estimate_against_outlier(losses, SIZES)).values()) == classes


def test_the_slope_of_a_line_is_pulled_likewise():
    found = classify(estimate_against_outlier(several("mse", "huber", "tukey_biweight"), SIZES, "line"))
    assert found == {"mse": "unbounded", "huber": "bounded", "tukey_biweight": "redescending"}


def test_mean_and_median_are_those_of_numpy():
    found = estimate_against_outlier(several("mse", "mae"), SIZES)
    good = norm.ppf((np.arange(15) + 0.5) / 15)
    for i, size in enumerate(SIZES.tolist()):
        sample = np.append(good, size)
        assert found.estimate["mse"][i].item() == pytest.approx(sample.mean(), abs=1e-9)
        assert found.estimate["mae"][i].item() == pytest.approx(np.median(sample), abs=1e-9)
    assert found.clean["mse"].item() == pytest.approx(0.0, abs=1e-9)


def test_classes_by_hand():
    sizes = torch.logspace(0, 4, 41)
    shift = {"grows": sizes.sqrt(), "stays": torch.full_like(sizes, 2.0), "fades": 1 / sizes, "none": 0 * sizes}
    influence = Influence(sizes, shift, {key: torch.zeros(()) for key in shift})
    assert list(classify(influence).values()) == ["unbounded", "bounded", "redescending", "redescending"]


def test_half_of_the_sample_breaks_the_median_and_any_of_it_the_mean():
    fractions = torch.tensor([0.0, 0.1, 0.45, 0.55, 1.0], dtype=torch.float64)
    found = breakdown(several("mse", "mae", "tukey_biweight"), fractions)
    np.testing.assert_allclose(found["mse"], [0, 10, 45, 55, 100], atol=2)
    assert found["mae"][:3].abs().max() < 2 < 95 < found["mae"][3:].min()
    assert found["tukey_biweight"][:3].abs().max() < 1 < 95 < found["tukey_biweight"][3:].min()
    slopes = breakdown(several("mse", "tukey_biweight"), fractions[:3], "line")
    np.testing.assert_allclose(slopes["tukey_biweight"], 1.0, atol=0.15)
    assert (slopes["mse"][1:] > 3).all()


def test_what_can_not_be_measured_is_refused():
    with pytest.raises(ValueError, match="sizes must reach"):
        classify(estimate_against_outlier(several("mse"), SIZES[:20]))
    with pytest.raises(ValueError, match="kind must be"):
        estimate_against_outlier(several("mse"), SIZES, "plane")
    with pytest.raises(ValueError, match="fractions must lie in"):
        breakdown(several("mse"), torch.tensor([0.0, 1.5]))
