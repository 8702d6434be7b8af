"""Scenes of points: their shapes, their outliers, and the real measurements behind them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.data import stereo_motorcycle
from sklearn.datasets import load_diabetes

from losscore.scenes.points import diabetes, line_with_outliers, stereo_row, values

ASSETS = Path(__file__).parents[1] / "assets" / "points"


def test_the_line_has_its_last_point_replaced_or_kept():
    replaced, added = line_with_outliers(), line_with_outliers(30.0, 0.0, added=True)
    assert replaced.x.tolist() == list(range(10))
    assert replaced.y.tolist() == [*range(9), 39]
    assert added.x.tolist() == [*range(10), 30]
    assert added.y.tolist() == [*range(10), 0]
    assert replaced.outlier.tolist() == [False] * 9 + [True]
    assert added.outlier.tolist() == [False] * 10 + [True]
    assert replaced.weight.sum() == 10
    assert replaced.truth == (1.0, 0.0)


def test_numbers_that_are_tensors_make_one_batch():
    y, count = torch.linspace(-5, 5, 7, dtype=torch.float64), torch.tensor([[0], [1], [4]])
    scene = line_with_outliers(3.0, y, count)
    assert scene.x.shape == scene.y.shape == scene.weight.shape == (3, 7, 13)
    assert scene.outlier.shape == (13,)
    assert scene.y.dtype == torch.float64
    assert scene.weight.sum(-1).tolist() == [[9.0] * 7, [10.0] * 7, [13.0] * 7]
    alone = line_with_outliers(3.0, y[2], 4)
    assert torch.equal(scene.y[2, 2], alone.y)
    assert torch.equal(scene.x[2, 2], alone.x)


def test_stacked_outliers_can_be_told_apart():
    scene = line_with_outliers(2.0, 20.0, 6)
    places = torch.stack([scene.x, scene.y], dim=-1)[scene.outlier]
    assert places[0].tolist() == [2.0, 20.0]
    assert torch.pdist(places).min() > 0.05
    assert ((places - places[0]).abs() < torch.tensor([0.5, 2.0])).all()


@pytest.mark.parametrize("scene", [line_with_outliers, stereo_row, diabetes])
def test_a_negative_count_is_refused(scene):
    with pytest.raises(ValueError, match="count must not be negative, got -1"):
        scene(count=-1)


def test_the_stereo_row_is_what_the_picture_measures():
    scene = stereo_row()
    disparity = stereo_motorcycle()[2]
    measured = disparity[scene.x.long().numpy(), 460]
    np.testing.assert_allclose(scene.y, measured, atol=6e-4)
    bare = scene.x >= 400  # rows in which the floor alone is seen
    assert not scene.outlier[bare].any()
    slope, intercept = np.polyfit(scene.x[bare].numpy(), scene.y[bare].numpy(), 1)
    gap = np.abs(scene.y.numpy() - slope * scene.x.numpy() - intercept)
    assert gap[scene.outlier].min() > 2.0 > gap[~scene.outlier].max()
    assert 40 <= len(scene.x) <= 60
    assert 0.15 < scene.outlier.double().mean() < 0.4


def test_the_diabetes_points_are_patients():
    scene = diabetes()
    data = load_diabetes(scaled=False)
    known = set(zip(data.data[:, 2].round(4), data.target, strict=True))
    drawn = [(round(x, 4), round(y * 100, 4)) for x, y in zip(scene.x.tolist(), scene.y.tolist(), strict=True)]
    rounded = {(round(float(x), 1), float(y)) for x, y in known}
    assert len(drawn) == 80
    assert all((round(x, 1), round(y)) in rounded for x, y in drawn)


@pytest.mark.parametrize("scene", [stereo_row, diabetes])
def test_outliers_are_added_to_real_points(scene):
    batch = scene(torch.tensor([400.0, 410.0]), 3.0, 2)
    assert batch.y.shape == (2, scene().y.shape[-1] + 2)
    assert batch.x[:, -2].tolist() == [400.0, 410.0]
    assert batch.y[:, -2].tolist() == [3.0, 3.0]
    assert batch.outlier[-2:].all()


def test_values_end_with_the_one_that_is_dragged():
    assert values().y.tolist() == [1, 2, 3, 4, 100]
    assert values(torch.tensor([5.0, 7.0])).y.tolist() == [[1, 2, 3, 4, 5], [1, 2, 3, 4, 7]]


@pytest.mark.parametrize("name", ["stereo_row", "diabetes"])
def test_every_file_names_its_source(name):
    text = (ASSETS / "README.md").read_text()
    assert f"`{name}.csv`" in text
