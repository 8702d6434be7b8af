"""Distances between pixels against SciPy's exact Euclidean distance transform."""

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt

from losscore.distance import distance_to, distance_to_other, signed_distance

# Shapes beside a square: one pixel, one row, one column, and a picture larger than a chunk of rows.
SHAPES = [(1, 1), (1, 17), (23, 1), (6, 9), (40, 31), (7, 700)]


def masks(shape: tuple[int, int], count: int = 12) -> np.ndarray:
    """Masks from nearly empty to nearly full, all with both kinds of pixel where there is room for two."""
    rng = np.random.default_rng(sum(shape))
    share = np.linspace(0.01, 0.99, count)[:, None, None]
    drawn = rng.random((count, *shape)) < share
    if shape != (1, 1):
        drawn[:, 0, 0], drawn[:, -1, -1] = True, False
    return drawn


def assert_same_distances(ours: torch.Tensor, expected: np.ndarray) -> None:
    """The squared distances are the same whole numbers; the root is right to an ulp or two of its dtype."""
    assert np.array_equal(np.rint(ours.double().numpy() ** 2), np.rint(expected**2))
    assert np.allclose(ours.numpy(), expected, rtol=2 * torch.finfo(ours.dtype).eps, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_distance_to_is_the_exact_transform(shape: tuple[int, int], dtype: torch.dtype) -> None:
    drawn = masks(shape)
    drawn[:, -1, -1] = True
    expected = np.stack([distance_transform_edt(~mask) for mask in drawn])
    assert_same_distances(distance_to(torch.from_numpy(drawn), dtype), expected)


def test_distances_of_a_larger_picture_are_exact() -> None:
    mask = np.zeros((300, 257), dtype=bool)
    mask[[0, 299, 140], [256, 3, 100]] = True
    assert_same_distances(distance_to(torch.from_numpy(mask)), distance_transform_edt(~mask))


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != (1, 1)], ids=str)
def test_distance_to_other_is_the_sum_over_both_kinds(shape: tuple[int, int]) -> None:
    drawn = masks(shape)
    expected = np.stack([distance_transform_edt(mask) + distance_transform_edt(~mask) for mask in drawn])
    assert_same_distances(distance_to_other(torch.from_numpy(drawn)), expected)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != (1, 1)], ids=str)
def test_signed_distance_is_zero_on_the_objects_own_rim(shape: tuple[int, int]) -> None:
    drawn = masks(shape)
    expected = np.stack([distance_transform_edt(~m) - np.where(m, distance_transform_edt(m) - 1, 0) for m in drawn])
    assert np.allclose(signed_distance(torch.from_numpy(drawn), torch.float64).numpy(), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "full"])
def test_masks_of_one_kind_have_no_edge(filled: bool) -> None:
    mask = torch.full((2, 3, 4, 5), filled)
    assert torch.equal(signed_distance(mask), torch.zeros(mask.shape))
    assert torch.equal(distance_to_other(mask), torch.zeros(mask.shape))
    assert torch.equal(distance_to(mask), torch.full(mask.shape, 0.0 if filled else torch.inf))


def test_one_mask_of_one_kind_leaves_its_neighbours_in_the_batch_alone() -> None:
    drawn = torch.from_numpy(masks((6, 9), 3))
    mixed = torch.cat([drawn, torch.zeros(1, 6, 9, dtype=torch.bool), torch.ones(1, 6, 9, dtype=torch.bool)])
    assert torch.equal(signed_distance(mixed)[:3], signed_distance(drawn))


def test_every_batch_dimension_is_kept() -> None:
    drawn = torch.from_numpy(masks((6, 9), 12))
    assert torch.equal(distance_to(drawn.reshape(2, 3, 2, 6, 9)), distance_to(drawn).reshape(2, 3, 2, 6, 9))


def test_a_mask_must_be_bool() -> None:
    with pytest.raises(TypeError, match=r"must be bool, got torch\.float32"):
        distance_to(torch.zeros(3, 3))
