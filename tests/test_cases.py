"""Mask cases with numbers that can be counted by hand, held to the digits that lessons quote."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from losscore.explore.masks import REPORTED, binary_losses, reported
from losscore.explore.pixels import pixel_gradient, share_on_object
from losscore.scenes.cases import CASES, case
from losscore.scenes.edits import threshold


def counts(key):
    """(TP, FP, FN) of each prediction, by scikit-learn."""
    shown = case(key)
    found = []
    for truth, p in zip(shown.truth.numpy(), shown.probability.numpy(), strict=True):
        (_, fp), (fn, tp) = confusion_matrix(truth.ravel() > 0.5, p.ravel() > 0.5, labels=[False, True])
        found.append((int(tp), int(fp), int(fn)))
    return found


def metrics(key):
    shown = case(key)
    return {name: value.tolist() for name, value in reported(threshold(shown.probability), shown.truth).items()}


def losses(key, *names, **params):
    shown = case(key)
    return {k: v.tolist() for k, v in binary_losses(shown.prediction, shown.truth, names, params).items()}


@pytest.mark.parametrize("key", CASES)
def test_a_case_is_predictions_with_their_truth(key):
    shown = case(key)
    assert shown.key == key
    assert shown.title
    assert shown.notice.endswith(".")
    assert shown.truth.shape == shown.probability.shape
    assert shown.truth.dtype == shown.probability.dtype == torch.float32
    assert len(shown.names) == len(shown.truth) == len(set(shown.names))
    assert set(shown.truth.unique().tolist()) <= {0.0, 1.0}
    came = shown.prediction
    assert torch.equal(came.probability, shown.probability)
    np.testing.assert_allclose(1 / (1 + np.exp(-came.logits.numpy())), shown.probability.numpy(), atol=4e-7)
    assert all(value.isfinite().all() for value in binary_losses(came, shown.truth, ["dice", "lovasz_hinge"]).values())


def test_one_pixel_off():
    assert metrics("shifted_squares")["metric_dice"] == pytest.approx([0.50, 0.75, 0.90, 0.98], abs=1e-6)
    assert losses("shifted_squares", "dice")["dice"] == pytest.approx([0.50, 0.25, 0.10, 0.02], abs=2e-6)
    assert metrics("shifted_squares")["metric_hausdorff"] == [1, 1, 1, 1]


def test_equal_dice_with_unequal_outlines():
    assert counts("equal_dice") == [(1564, 36, 36)] * 4
    found = metrics("equal_dice")
    for name in ("metric_dice", "metric_iou", "metric_precision", "metric_recall", "metric_accuracy"):
        assert len(set(found[name])) == 1
    for name in ("metric_hausdorff", "metric_assd"):
        assert len({round(value, 3) for value in found[name]}) == 4
    # The corner of the square nearest to the far blob is at (44, 44), the blob's far corner at (6, 6).
    assert found["metric_hausdorff"] == pytest.approx([1, 16, 6, 38 * 2**0.5], rel=1e-6)
    overlap = losses("equal_dice", "dice", "jaccard", "tversky")
    assert all(max(value) - min(value) < 1e-6 for value in overlap.values())
    assert len({round(value, 3) for value in losses("equal_dice", "boundary_loss")["boundary_loss"]}) == 4


def test_false_alarm_and_miss_of_the_same_size():
    assert counts("alarm_or_miss") == [(900, 90, 0), (810, 0, 90)]
    alarm, miss = losses("alarm_or_miss", "tversky")["tversky"]
    assert alarm == pytest.approx(1 - 900 / (900 + 0.3 * 90), abs=1e-6)
    assert miss == pytest.approx(1 - 810 / (810 + 0.7 * 90), abs=1e-6)
    precise = losses("alarm_or_miss", "tversky", tversky={"alpha": 0.9, "beta": 0.1})["tversky"]
    assert precise[0] > precise[1]


def test_without_overlap_only_distances_tell_near_from_far():
    assert counts("disjoint") == [(0, 144, 144)] * 3
    assert losses("disjoint", "dice", "jaccard") == {"dice": [pytest.approx(1)] * 3, "jaccard": [pytest.approx(1)] * 3}
    assert metrics("disjoint")["metric_hausdorff"] == [13, 22, 42]
    assert losses("disjoint", "boundary_loss")["boundary_loss"] == sorted(
        losses("disjoint", "boundary_loss")["boundary_loss"]
    )


def test_right_but_unsure():
    assert losses("unsure", "dice")["dice"] == pytest.approx([0.25], abs=1e-6)
    assert metrics("unsure")["metric_dice"] == [1.0]
    sure = threshold(case("unsure").probability)
    assert torch.equal(sure, case("unsure").truth)


@pytest.mark.parametrize("wrt", ["logit", "probability"])
def test_an_object_of_one_percent(wrt):
    shown = case("faint")
    assert shown.truth.mean().item() == pytest.approx(0.01)
    share = {
        key: share_on_object(pixel_gradient(key, shown.prediction, shown.truth, wrt=wrt), shown.truth).item()
        for key in ("pixel_cross_entropy", "dice")
    }
    assert round(share["pixel_cross_entropy"], 3) == 0.083
    assert round(share["dice"], 3) == 0.524


def test_true_negatives_count_for_accuracy_alone():
    small, large = metrics("counts_100"), metrics("counts_1000")
    assert counts("counts_100") == counts("counts_1000") == [(50, 25, 25)]
    for name in set(REPORTED) - {"metric_accuracy"}:
        assert small[name] == large[name]
    assert small["metric_dice"] == pytest.approx([2 / 3])
    assert small["metric_iou"] == pytest.approx([0.5])
    assert small["metric_accuracy"] == pytest.approx([0.995])
    assert large["metric_accuracy"] == pytest.approx([0.99995], abs=1e-7)


def test_one_false_pixel_where_there_is_nothing():
    for smooth, first in ((1.0, 0.5), (1e-5, 0.99999)):
        assert losses("empty_truth", "dice", dice={"smooth": smooth})["dice"] == pytest.approx([first, 0], abs=1e-6)
    assert counts("empty_truth") == [(0, 1, 0), (0, 0, 0)]


def test_nothing_found():
    assert counts("empty_prediction") == [(0, 0, 144)] * 2
    # 0.1 on each of 64 x 64 pixels: 2 I = 28.8, P + Y = 409.6 + 144.
    assert losses("empty_prediction", "dice")["dice"] == pytest.approx([1, 1 - 28.8 / 553.6], abs=1e-6)


def test_unknown_cases_are_named():
    with pytest.raises(KeyError, match="no mask case 'square'; there are: shifted_squares"):
        case("square")
