"""Edited predictions against SciPy's and scikit-image's own geometry."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage
from skimage import measure, morphology
from sklearn.metrics import confusion_matrix

from losscore.scenes.edits import EDITS, MOST_BLOBS, categories, predict, threshold
from losscore.scenes.pictures import SCENES, scene

masks = arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=17))


def as_truth(mask):
    return torch.from_numpy(np.ascontiguousarray(mask)).double()


def predicted(truth, **edits):
    """The thresholded prediction as bool arrays (S, H, W)."""
    return threshold(predict(truth, **edits).probability).numpy() > 0.5


def depth_of(mask):
    """Signed distance to the outline by SciPy, with background around the frame."""
    framed = np.pad(mask, 1)
    depth = np.where(
        framed, ndimage.distance_transform_edt(framed) - 0.5, 0.5 - ndimage.distance_transform_edt(~framed)
    )
    return depth[1:-1, 1:-1]


def round_footprint(radius):
    """All offsets closer than radius + 1/2, by counting and not by distances."""
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return 4 * (y**2 + x**2) < (2 * radius + 1) ** 2


@pytest.mark.parametrize("key", SCENES)
def test_neutral_edits_give_back_the_truth(key):
    truth = scene(key).truth
    softness, confidence = torch.meshgrid(
        torch.tensor([0.05, 0.5, 1.0, 5.0, 40.0]), torch.tensor([0.501, 0.6, 0.95, 0.9999]), indexing="ij"
    )
    assert (predicted(truth, softness=softness.flatten(), confidence=confidence.flatten()) == truth.numpy()).all()


@given(mask=masks, dx=st.integers(-9, 9), dy=st.integers(-9, 9))
def test_whole_pixel_shifts_move_every_pixel(mask, dx, dy):
    moved = ndimage.shift(mask.astype(float), (dy, dx), order=0) > 0.5
    assert (predicted(as_truth(mask), shift_x=dx, shift_y=dy)[0] == moved).all()


@given(mask=arrays.arrays(bool, st.integers(3, 15).map(lambda side: (side, side))), turns=st.integers(-4, 4))
def test_quarter_turns_turn_counter_clockwise(mask, turns):
    balanced = mask | np.rot90(mask, 2)  # its centroid is the centre of the picture
    turned = np.rot90(balanced, turns)
    assert (predicted(as_truth(balanced), rotation=90.0 * turns)[0] == turned).all()


@pytest.mark.parametrize("key", ["horse", "coins", "ring", "blobs"])
@pytest.mark.parametrize(("angle", "scale", "dx", "dy"), [(30, 1.0, 0, 0), (-77, 0.8, 5.5, -3.25), (12, 1.4, -8, 6)])
def test_any_move_reads_the_distance_where_scipy_reads_it(key, angle, scale, dx, dy):
    truth = scene(key).truth.double()
    came = predict(truth, rotation=angle, scale=scale, shift_x=dx, shift_y=dy, softness=4.0, confidence=0.9)
    rows, columns = np.nonzero(truth.numpy())
    centre = np.array([rows.mean(), columns.mean()])
    # Source = centre + (result - centre - shift), turned clockwise as seen and divided by the scale, as (row, column).
    radians = np.deg2rad(angle)
    back = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]]) / scale
    offset = centre - back @ (centre + np.array([dy, dx]))
    inner = ndimage.affine_transform(depth_of(truth.numpy() > 0.5), back, offset, order=1, cval=np.nan)
    logits = np.log(9.0) * np.tanh(scale * inner / 4.0)
    seen = ~np.isnan(logits)
    assert seen.mean() > 0.5
    np.testing.assert_allclose(came.logits[0].numpy()[seen], logits[seen], atol=1e-9)
    np.testing.assert_allclose(came.probability[0].numpy()[seen], 1 / (1 + np.exp(-logits[seen])), atol=1e-6)


@given(mask=masks, dilate=st.integers(0, 6))
def test_dilation_grows_by_a_round_footprint(mask, dilate):
    grown = morphology.dilation(np.pad(mask, 6), round_footprint(dilate))[6:-6, 6:-6]
    assert (predicted(as_truth(mask), dilate=dilate)[0] == grown).all()


@given(mask=masks, erode=st.integers(0, 6))
def test_negative_dilation_shrinks_by_a_round_footprint(mask, erode):
    left = morphology.erosion(np.pad(mask, 7), round_footprint(erode))[7:-7, 7:-7]
    assert (predicted(as_truth(mask), dilate=-erode)[0] == left).all()


@pytest.mark.parametrize("scale", [0.5, 1.3, 1.9])
def test_scale_is_a_factor_on_lengths(scale):
    truth = scene("disc").truth
    area = predicted(truth, scale=scale)[0].sum()
    assert area == pytest.approx(truth.sum().item() * scale**2, rel=0.02)
    assert ndimage.center_of_mass(predicted(truth, scale=scale)[0]) == pytest.approx((63.5, 63.5), abs=1e-3)


@pytest.mark.parametrize("confidence", [0.51, 0.75, 0.999])
def test_confidence_is_the_probability_deep_inside(confidence):
    probability = predict(scene("disc").truth.double(), confidence=confidence, softness=0.5).probability
    assert probability.max().item() == pytest.approx(confidence, abs=1e-12)
    assert probability.min().item() == pytest.approx(1 - confidence, abs=1e-12)


def test_softness_is_the_depth_of_76_percent():
    # One pixel of object: its centre lies half a pixel inside.
    came = predict(scene("pixel").truth.double(), softness=0.5, confidence=1 / (1 + np.exp(-2.0)))
    assert came.logits.max().item() == pytest.approx(2 * np.tanh(1.0), abs=1e-9)


@pytest.mark.parametrize("key", SCENES)
def test_blobs_are_so_many_false_discs_beside_the_object(key):
    truth = scene(key).truth
    said = predicted(truth, blobs=torch.arange(MOST_BLOBS + 1.0))
    false = said & (truth.numpy() < 0.5)
    assert [measure.label(each).max() for each in false] == list(range(MOST_BLOBS + 1))
    assert (said[:, truth.numpy() > 0.5]).all()
    assert not (false[:-1] & ~false[1:]).any(), "a disc moved when another one came"
    assert not morphology.dilation(truth.numpy() > 0.5)[false.any(0)].any(), "a disc touches the object"
    for part in measure.regionprops(measure.label(false[-1])):
        assert part.area == pytest.approx(np.pi * (0.045 * 128) ** 2, rel=0.06)
        assert part.eccentricity < 0.3
    assert (said == predicted(truth, blobs=torch.arange(MOST_BLOBS + 1.0))).all()


def test_a_sweep_equals_one_call_a_step():
    truth = scene("lesions").truth.double()
    sweep = {
        "shift_x": torch.linspace(-9, 9, 7), "shift_y": 4.0, "rotation": torch.linspace(-40, 40, 7),
        "scale": torch.linspace(0.6, 1.6, 7), "dilate": torch.linspace(-1, 3, 7), "softness": torch.linspace(0.3, 6, 7),
        "confidence": torch.linspace(0.6, 0.99, 7), "blobs": torch.arange(7.0),
    }  # fmt: skip
    together = predict(truth, **sweep)
    one = [predict(truth, **{k: v[i].item() if torch.is_tensor(v) else v for k, v in sweep.items()}) for i in range(7)]
    assert together.logits.shape == (7, 128, 128)
    torch.testing.assert_close(together.logits, torch.cat([p.logits for p in one]), rtol=0, atol=1e-6)
    torch.testing.assert_close(together.probability, torch.cat([p.probability for p in one]), rtol=0, atol=1e-6)


def test_the_dtype_of_the_truth_is_kept():
    for dtype in (torch.float32, torch.float64):
        came = predict(scene("disc").truth.to(dtype), shift_x=torch.linspace(-1, 1, 3), blobs=2)
        assert came.logits.dtype == came.probability.dtype == dtype


@settings(max_examples=25)
@given(edits=st.fixed_dictionaries({
    name: st.floats(param.low, param.high) if name != "blobs" else st.integers(0, 2) for name, param in EDITS.items()
}))  # fmt: skip
def test_every_slider_position_gives_probabilities(edits):
    for truth in (torch.zeros(40, 30), torch.ones(40, 30), scene("pixel").truth[40:80, 40:90]):
        came = predict(truth, **(edits if not truth.all() else edits | {"blobs": 0}))
        assert came.logits.isfinite().all()
        high = edits["confidence"]
        assert came.probability.min() >= 1 - high - 1e-5
        assert came.probability.max() <= high + 1e-5


def test_no_object_gives_no_foreground():
    assert not predicted(torch.zeros(20, 30), shift_x=torch.linspace(-5, 5, 4), rotation=20, scale=0.5, dilate=40).any()


def test_threshold_is_passed_only_from_above():
    probability = torch.tensor([[0.2, 0.5], [0.6, 0.9]])
    assert threshold(probability).tolist() == [[0, 0], [1, 1]]
    assert threshold(probability, 0.6).tolist() == [[0, 0], [0, 1]]
    levels = threshold(probability.expand(3, 2, 2), torch.tensor([0.1, 0.55, 0.95]))
    assert levels.sum((-2, -1)).tolist() == [4, 2, 0]


def test_categories_count_as_the_confusion_matrix():
    generator = np.random.default_rng(3)
    truth, said = (generator.random((2, 4, 9, 11)) < 0.4).astype(np.float32)
    found = categories(torch.from_numpy(said), torch.from_numpy(truth))
    assert found.dtype == torch.uint8
    for one, t, s in zip(found, truth, said, strict=True):
        counts = np.bincount(one.flatten(), minlength=4)
        (tn, fp), (fn, tp) = confusion_matrix(t.ravel(), s.ravel())
        assert counts.tolist() == [tn, tp, fp, fn]
        assert (one[(t == 1) & (s == 0)] == 3).all()


@pytest.mark.parametrize(
    ("edits", "error", "says"),
    [
        ({"scale": 0.0}, ValueError, r"scale must lie in \(0, inf\), got 0"),
        ({"softness": -1.0}, ValueError, "softness"),
        ({"confidence": 0.5}, ValueError, r"confidence must lie in \(0.5, 1\)"),
        ({"confidence": torch.tensor([0.7, 1.0])}, ValueError, "values from 0.7 to 1"),
        ({"shift_x": float("nan")}, ValueError, "shift_x"),
        ({"blobs": 7}, ValueError, r"\[0, 6\], got 7"),
        ({"rotation": "ten"}, TypeError, "rotation"),
        ({"shift_x": torch.zeros(3), "shift_y": torch.zeros(4)}, ValueError, "one length"),
        ({"shift_x": torch.zeros(0)}, ValueError, "one length"),
    ],
)  # fmt: skip
def test_bad_edits_are_named(edits, error, says):
    with pytest.raises(error, match=says):
        predict(scene("disc").truth, **edits)


def test_a_truth_must_be_one_mask():
    for truth in (torch.zeros(2, 8, 8), torch.zeros(8, 8, dtype=torch.bool)):
        with pytest.raises(ValueError, match="truth must be"):
            predict(truth)


def test_no_room_for_blobs_is_said():
    with pytest.raises(ValueError, match="room for 0 blobs"):
        predict(torch.ones(32, 32), blobs=1)
