"""Segmentation losses of whole sweeps, and their gradients by pixel, against scikit-learn, SciPy and differences."""

import numpy as np
import pytest
import torch
from scipy import ndimage
from scipy.spatial.distance import directed_hausdorff
from sklearn.metrics import accuracy_score, f1_score, jaccard_score, log_loss, precision_score, recall_score

import losscore
from losscore.claims import Claims
from losscore.explore.masks import REPORTED, VARIANTS, binary_losses, loss_of, reported, takes_logits, title
from losscore.explore.pixels import pixel_gradient, share_on_object
from losscore.inputs import Input
from losscore.record import Loss
from losscore.scenes.edits import Prediction, predict, threshold
from losscore.scenes.pictures import scene

TRAINED = [record.key for record in losscore.losses("segmentation")]


@pytest.fixture(scope="module")
def sweep():
    """Five shifts of a small object in float64, cut from a scene."""
    truth = scene("lesions").truth[16:46, 6:40].double()
    return truth, predict(truth, shift_x=torch.tensor([-4.0, -1.5, 0.0, 2.0, 7.0]), softness=2.0, confidence=0.99)


def random_prediction(seed, shape=(3, 6, 5)):
    logits = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2
    truth = (torch.rand(shape[-2:], generator=torch.Generator().manual_seed(seed + 1)) < 0.4).double()
    return Prediction(logits, torch.sigmoid(logits)), truth


def test_every_segmentation_loss_takes_a_sweep(sweep):
    truth, came = sweep
    values = binary_losses(came, truth, [*TRAINED, *VARIANTS])
    assert list(values) == [*TRAINED, *VARIANTS]
    for key, value in values.items():
        assert value.shape == (5,), key
        assert value.isfinite().all(), key
        assert value.argmin() == 2, f"{key} does not rank the unshifted prediction best"


@pytest.mark.parametrize("key", [*TRAINED, *VARIANTS])
def test_a_sweep_equals_one_call_a_step(sweep, key):
    truth, came = sweep
    together = binary_losses(came, truth, [key])[key]
    alone = [
        binary_losses(Prediction(z, p), truth, [key])[key] for z, p in zip(came.logits, came.probability, strict=True)
    ]
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-10, atol=1e-12)


def test_cross_entropies_are_log_losses_of_the_pixels(sweep):
    truth, came = sweep
    weight = {"pixel_cross_entropy": (1, 1), "pixel_weighted_ce": (1, 10), "pixel_ce_zero_background": (0, 1)}
    values = binary_losses(came, truth, weight)
    y = truth.numpy().ravel()
    for key, (background, foreground) in weight.items():
        weights = np.where(y > 0.5, foreground, background)
        expected = [log_loss(y, p.ravel(), sample_weight=weights) for p in came.probability.numpy()]
        np.testing.assert_allclose(values[key].numpy(), expected, rtol=1e-9)


def test_overlap_losses_get_probabilities_and_class_losses_two_classes(sweep):
    truth, came = sweep
    values = binary_losses(came, truth, ["dice", "dice_multiclass"], {"dice": {"smooth": 0.5}})
    p, y = came.probability.numpy(), truth.numpy()

    def dice(p, y, s):
        return np.array([1 - (2 * (q * y).sum() + s) / (q.sum() + y.sum() + s) for q in p])

    np.testing.assert_allclose(values["dice"].numpy(), dice(p, y, 0.5), rtol=1e-9)
    both = (dice(p, y, 1e-5) + dice(1 - p, 1 - y, 1e-5)) / 2
    np.testing.assert_allclose(values["dice_multiclass"].numpy(), both, rtol=1e-9)


def test_a_parameter_may_be_swept(sweep):
    truth, came = sweep
    alphas = torch.linspace(0.1, 0.9, 5, dtype=torch.float64)
    together = binary_losses(came, truth, ["tversky"], {"tversky": {"alpha": alphas}})["tversky"]
    each = [binary_losses(came, truth, ["tversky"], {"tversky": {"alpha": a.item()}})["tversky"] for a in alphas]
    torch.testing.assert_close(together, torch.stack(each).diagonal())


def test_every_prediction_may_have_its_own_truth():
    came, truth = random_prediction(0)
    truths = torch.stack([truth, 1 - truth, truth.flip(0)])
    for key in ("jaccard", "pixel_cross_entropy", "lovasz_hinge"):
        together = binary_losses(came, truths, [key])[key]
        alone = [
            binary_losses(Prediction(came.logits[i], came.probability[i]), truths[i], [key])[key] for i in range(3)
        ]
        torch.testing.assert_close(together, torch.stack(alone))


def single_number_record(kind, logits):
    """A loss of one pixel: a weighted square of the difference, declared nowhere."""
    pred = Input("logit") if logits else Input("probability", low=0.0, high=1.0)
    return Loss(
        key="square", title="Square", family="toy", inputs={"pred": pred, "target": kind}, params={},
        function=lambda pred, target, factor=1.0: factor * (pred - target) ** 2, defaults={}, insight="", source="",
        claims=Claims(logits=logits),
    )  # fmt: skip


def test_losses_of_single_numbers_are_averaged_over_the_pixels():
    came, truth = random_prediction(4)
    labels = Input("label", low=0, high=1, integer=True)
    for kind in (labels, Input("target", low=0.0, high=1.0)):
        for logits, source in ((True, came.logits), (False, came.probability)):
            value = loss_of(single_number_record(kind, logits), came, truth)
            expected = ((source.numpy() - truth.numpy()) ** 2).reshape(3, -1).mean(1)
            np.testing.assert_allclose(value.numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("key", ["mse", "gaussian_nll", "rmse", "poisson_nll"])
def test_losses_that_are_not_of_pixels_are_refused(key):
    came, truth = random_prediction(1)
    with pytest.raises(ValueError, match=f"{key}: takes pred, target.* no prediction and truth of pixels"):
        binary_losses(came, truth, [key])


def test_unknown_keys_name_their_neighbours():
    came, truth = random_prediction(1)
    with pytest.raises(KeyError, match="nearest: dice"):
        binary_losses(came, truth, ["dicee"])
    assert title("pixel_weighted_ce") == "Weighted CE"
    assert title("dice") == losscore.get("dice").title


def test_reported_metrics_of_a_sweep(sweep):
    truth, came = sweep
    hard = threshold(came.probability)
    found = reported(hard, truth, tau=1.0)
    assert list(found) == list(REPORTED)
    y = truth.numpy().ravel() > 0.5
    for key, by in {
        "metric_dice": f1_score, "metric_iou": jaccard_score, "metric_precision": precision_score,
        "metric_recall": recall_score, "metric_accuracy": accuracy_score,
    }.items():  # fmt: skip
        expected = [by(y, mask.ravel() > 0.5) for mask in hard.numpy()]
        np.testing.assert_allclose(found[key].numpy(), expected, rtol=1e-6, err_msg=key)

    def outline(mask):
        return np.argwhere(mask & ~ndimage.binary_erosion(mask))

    far = []
    for mask in hard.numpy() > 0.5:
        a, b = outline(mask), outline(truth.numpy() > 0.5)
        far.append(max(directed_hausdorff(a, b)[0], directed_hausdorff(b, a)[0]))
    np.testing.assert_allclose(found["metric_hausdorff"].numpy(), far, rtol=1e-6)
    assert (reported(hard, truth, ["metric_nsd"], tau=50.0)["metric_nsd"] == 1).all()


@pytest.mark.parametrize("key", [*TRAINED, *VARIANTS])
@pytest.mark.parametrize("wrt", ["logit", "probability"])
def test_gradients_are_the_slopes_of_the_loss(key, wrt):
    came, truth = random_prediction(7)
    found = pixel_gradient(key, came, truth, wrt=wrt)
    assert found.shape == came.logits.shape
    moved = came.logits if wrt == "logit" else came.probability

    def loss_at(pixels):
        if wrt == "logit":
            at = Prediction(pixels, torch.sigmoid(pixels))
        else:
            at = Prediction(torch.log(pixels) - torch.log1p(-pixels), pixels)
        return binary_losses(at, truth, [key])[key]

    for pixel in [(0, 0), (2, 3), (5, 4), (4, 1)]:
        step = torch.zeros(6, 5, dtype=torch.float64)
        step[pixel] = 1e-6
        slope = (loss_at(moved + step) - loss_at(moved - step)) / 2e-6
        torch.testing.assert_close(found[:, *pixel], slope, rtol=1e-5, atol=1e-8)


def test_cross_entropy_pulls_by_p_minus_y():
    came, truth = random_prediction(2)
    p, y = came.probability.numpy(), truth.numpy()
    by_logit = pixel_gradient("pixel_cross_entropy", came, truth).numpy()
    np.testing.assert_allclose(by_logit, (p - y) / y.size, rtol=1e-9)
    by_probability = pixel_gradient("pixel_cross_entropy", came, truth, wrt="probability").numpy()
    np.testing.assert_allclose(by_probability, (p - y) / (p * (1 - p)) / y.size, rtol=1e-9)


def test_parameters_and_variants_reach_the_gradient():
    came, truth = random_prediction(5)
    only_object = pixel_gradient("pixel_ce_zero_background", came, truth)
    assert (only_object[:, truth < 0.5] == 0).all()
    assert (share_on_object(only_object, truth) == 1).all()
    dial = torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)
    swept = pixel_gradient("tversky", came, truth, alpha=dial)
    torch.testing.assert_close(swept[1], pixel_gradient("tversky", came, truth, alpha=0.5)[1])
    assert not torch.allclose(swept[2], pixel_gradient("tversky", came, truth, alpha=0.5)[2])


def test_the_prediction_is_left_as_it_was():
    came, truth = random_prediction(3)
    before = came.logits.clone(), came.probability.clone()
    with torch.no_grad():
        gradient = pixel_gradient("dice", came, truth)
    assert not gradient.requires_grad
    assert not came.logits.requires_grad
    assert torch.equal(came.logits, before[0])
    assert torch.equal(came.probability, before[1])


def test_share_on_object_is_a_share_of_sizes():
    truth = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    gradient = torch.tensor([[[-3.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [-1.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert share_on_object(gradient, truth)[:2].tolist() == [0.75, 0.25]
    assert share_on_object(gradient, truth)[2].isnan()


def test_a_sure_probability_has_no_slope_by_probability_in_a_loss_of_logits():
    truth = torch.tensor([[1.0, 0.0]])
    sure = Prediction(torch.tensor([[[15.0, -15.0]]]), torch.tensor([[[1.0, 0.0]]]))
    with pytest.raises(ValueError, match="pixel_cross_entropy: takes logits"):
        pixel_gradient("pixel_cross_entropy", sure, truth, wrt="probability")
    assert pixel_gradient("dice", sure, truth, wrt="probability").isfinite().all()
    with pytest.raises(ValueError, match="wrt must be"):
        pixel_gradient("dice", sure, truth, wrt="score")
    assert takes_logits(losscore.get("pixel_cross_entropy"))
    assert not takes_logits(losscore.get("dice"))
