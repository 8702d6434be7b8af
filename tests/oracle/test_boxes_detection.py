"""Coordinates, focal sums and distributions of a detector against NumPy loops, torch's own losses and kornia."""

import math

import kornia.losses
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.special import expit, log_expit, log_softmax, softmax

import losscore

ROWS = {
    "ordinary": ([1.0, 2.5, -3.0, 0.2], [0.5, 2.0, -1.0, 0.25]),
    "encoded deltas": ([-0.1, 0.02, 0.4, -0.7], [0.3, -0.01, 0.35, 0.1]),
    "far": ([1e6, -1e6, 3.0, 0.0], [-1e6, 1e6, 3.5, 4.0]),
    "the same": ([2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 4.0, 5.0]),
    "exactly one": ([1.0, -1.0, 2.0, 0.0], [0.0, 0.0, 1.0, 1.0]),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_coordinates_cost_the_sum_over_their_four_errors(name: str, dtype: torch.dtype) -> None:
    pred, target = (torch.tensor(row, dtype=dtype) for row in ROWS[name])
    r = pred.double().numpy() - target.double().numpy()
    sizes = np.abs(r)
    smooth = np.where(sizes < 1, sizes**2 / 2, sizes - 0.5), np.clip(r, -1, 1)
    rel = 1e-14 if dtype is torch.float64 else 1e-6
    for key, (each, slope) in {
        "box_l1": (sizes, np.sign(r)), "box_l2": (sizes**2, 2 * r), "box_smooth_l1": smooth
    }.items():
        record = losscore.get(key)
        assert record(pred, target).item() == pytest.approx(each.sum(), rel=rel)
        assert record.gradient(pred, target).tolist() == pytest.approx(slope, rel=10 * rel)


def test_the_same_overlap_costs_ten_times_as_much_on_a_box_ten_times_as_large() -> None:
    pred, target = torch.tensor([0.0, 0, 4, 4]), torch.tensor([1.0, 0, 5, 3])
    costs = [[losscore.get(key)(s * pred, s * target).item() for s in (1, 10)] for key in ("box_l1", "iou")]
    assert costs[0][1] == pytest.approx(10 * costs[0][0])
    assert costs[1][1] == pytest.approx(costs[1][0])


def test_one_sum_of_corner_errors_stands_for_very_different_overlaps() -> None:
    target = torch.tensor([0.0, 0, 10, 10])
    preds = torch.tensor([[1.0, 1, 11, 11], [0, 0, 14, 10], [0, 0, 6, 10], [-1, -1, 11, 11]])
    assert losscore.get("box_l1")(preds, target, reduction="none").tolist() == [4, 4, 4, 4]
    overlaps = 1 - losscore.get("iou")(preds, target, reduction="none")
    assert overlaps.tolist() == pytest.approx([81 / 119, 100 / 140, 60 / 100, 100 / 144])


def anchors(seed: int, count: int = 7) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = (rng.random(count) < 0.4).astype(float)
    return [rng.normal(0, 3, count), truth, rng.normal(0, 1, (count, 4)), rng.normal(0, 1, (count, 4)), truth]


DETECTIONS = {
    "ordinary": anchors(0),
    "many": anchors(1, 60),
    "no object": [*anchors(2)[:1], np.zeros(7), *anchors(2)[2:4], np.zeros(7)],
    "ignored anchors": [*anchors(3)[:4], np.eye(7)[2]],
    "soft labels": [anchors(4)[0], np.linspace(0, 1, 7), *anchors(4)[2:]],
    "extreme": [np.array([-1e4, 1e4, 800.0, -800.0]), np.array([1.0, 0, 1, 0]), np.full((4, 4), 1e6),
                np.full((4, 4), -1e6), np.ones(4)],
}  # fmt: skip
FOCAL = [{}, {"gamma": 0.0, "alpha": 0.5}, {"gamma": 0.5, "lam": 3.0}, {"gamma": 5.0, "alpha": 1.0, "lam": 0.0}]


def retinanet(
    case: list[np.ndarray], gamma: float = 2.0, alpha: float = 0.25, lam: float = 1.0
) -> tuple[float, np.ndarray, np.ndarray]:
    """The loss and its slopes in the logits and in the deltas, anchor by anchor from the published formulas."""
    cls, truth, box, box_target, positive = case
    divisor = max(1.0, positive.sum())
    total, slopes = 0.0, np.zeros(len(cls))
    for i, (z, y) in enumerate(zip(cls, truth, strict=True)):
        for share, side, weight in ((y, 1, alpha), (1 - y, -1, 1 - alpha)):
            p, q, log_p = expit(side * z), expit(-side * z), log_expit(side * z)
            total -= share * weight * q**gamma * log_p
            slopes[i] += side * share * weight * q**gamma * (gamma * p * log_p - q)
    off = sum(np.abs(a - b).sum() for a, b, is_positive in zip(box, box_target, positive, strict=True) if is_positive)
    in_deltas = lam * np.sign(box - box_target) * positive[:, None]
    return (total + lam * off) / divisor, slopes / divisor, in_deltas / divisor


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("params", FOCAL, ids=str)
@pytest.mark.parametrize("name", DETECTIONS)
def test_a_detection_sum_is_its_anchors_one_by_one(name: str, params: dict[str, float], dtype: torch.dtype) -> None:
    record, tensors = losscore.get("retinanet_sum"), [torch.tensor(part, dtype=dtype) for part in DETECTIONS[name]]
    value, in_logits, in_deltas = retinanet([part.double().numpy() for part in tensors], **params)
    rel = 1e-12 if dtype is torch.float64 else 1e-5
    assert record(*tensors, **params).item() == pytest.approx(value, rel=rel, abs=rel)
    np.testing.assert_allclose(record.gradient(*tensors, **params).double(), in_logits, rtol=10 * rel, atol=rel)
    np.testing.assert_allclose(record.gradient(*tensors, wrt="box", **params).double(), in_deltas, rtol=rel, atol=rel)


@pytest.mark.parametrize("gamma", [0.0, 1.5, 2.0])
@pytest.mark.parametrize("seed", [5, 6, 7])
def test_the_classes_of_a_detection_sum_are_the_focal_loss_of_kornia(seed: int, gamma: float) -> None:
    cls, truth, *rest = (torch.tensor(part) for part in anchors(seed, 20))
    want = kornia.losses.binary_focal_loss_with_logits(cls[:, None], truth[:, None], 0.25, gamma, reduction="sum")
    got = losscore.get("retinanet_sum")(cls, truth, *rest, gamma=gamma, lam=0.0) * rest[-1].sum().clamp(min=1)
    assert got.item() == pytest.approx(want.item(), rel=1e-7)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("position", [0.0, 0.3, 1.0, 2.75, 4.0 - 2**-20, 4.0])
@pytest.mark.parametrize("spread", [0.0, 2.0, 4e3])
def test_distribution_focal_is_the_cross_entropy_of_the_two_bins_around(
    spread: float, position: float, dtype: torch.dtype
) -> None:
    record, logits = losscore.get("distribution_focal"), spread * torch.tensor([0.3, -1.0, 2.0, 0.5, -2.5], dtype=dtype)
    target = torch.tensor(position, dtype=dtype)
    row = logits.double().numpy()
    left, right = math.floor(position), math.ceil(position)
    share = position - left
    want = -(1 - share) * log_softmax(row)[left] - share * log_softmax(row)[right]
    rel = 1e-12 if dtype is torch.float64 else 1e-6
    assert record(logits, target).item() == pytest.approx(want, rel=rel, abs=rel)
    slope = softmax(row) - (1 - share) * np.eye(5)[left] - share * np.eye(5)[right]
    assert record.gradient(logits, target).tolist() == pytest.approx(slope, rel=rel, abs=rel)
    last = min(left, 3)
    in_target = log_softmax(row)[last] - log_softmax(row)[last + 1]
    assert record.gradient(logits, target, wrt="target").item() == pytest.approx(in_target, rel=rel, abs=rel)
    soft = F.cross_entropy(logits, torch.tensor((1 - share) * np.eye(5)[left] + share * np.eye(5)[right], dtype=dtype))
    assert record(logits, target).item() == pytest.approx(soft.item(), rel=rel, abs=rel)


def test_the_least_distribution_focal_is_the_entropy_of_the_two_bins() -> None:
    target = torch.tensor(1.3, dtype=torch.float64)
    logits = torch.tensor([-1e3, math.log(0.7), math.log(0.3), -1e3], dtype=torch.float64)
    record = losscore.get("distribution_focal")
    assert record(logits, target).item() == pytest.approx(-0.7 * math.log(0.7) - 0.3 * math.log(0.3), rel=1e-12)
    assert record.gradient(logits, target).abs().max() < 1e-12


@pytest.mark.parametrize("position", [3.0001, 4.0, 1e6])
def test_a_position_beyond_the_last_bin_is_refused(position: float) -> None:
    with pytest.raises(ValueError, match="distribution_focal: target must hold positions from 0 to 3"):
        losscore.get("distribution_focal")(torch.zeros(2, 4), torch.tensor([1.0, position]))


QUALITIES = [
    (0.3, 0.8), (-2.0, 0.1), (5.0, 1.0), (-5.0, 0.0), (1e4, 0.0), (-1e4, 1.0), (1e4, 1.0), (30.0, 0.999), (0.0, 0.5),
]  # fmt: skip


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("beta", [0.0, 0.5, 1.0, 2.0, 4.0])
def test_quality_focal_is_cross_entropy_times_a_power_of_the_miss(beta: float, dtype: torch.dtype) -> None:
    record, rel = losscore.get("quality_focal"), 1e-11 if dtype is torch.float64 else 2e-5
    for z, y in QUALITIES:
        logit, target = torch.tensor(z, dtype=dtype), torch.tensor(y, dtype=dtype)
        y = target.double().item()
        cross_entropy = -y * log_expit(z) - (1 - y) * log_expit(-z)
        miss = expit(z) - y if y < 1 else -expit(-z)
        got = record(logit, target, beta=beta).item()
        assert got == pytest.approx(abs(miss) ** beta * cross_entropy, rel=rel, abs=1e-12), (z, y)
        bend = beta * abs(miss) ** (beta - 1) * np.sign(miss) * expit(z) * expit(-z) if miss else 0.0
        slope = abs(miss) ** beta * miss + bend * cross_entropy
        assert record.gradient(logit, target, beta=beta).item() == pytest.approx(slope, rel=rel, abs=1e-12), (z, y)


def heat_maps() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(8)
    rows, columns = np.mgrid[:7, :9]
    bump = np.exp(-((rows - 2) ** 2 + (columns - 3) ** 2) / 3.0)
    two = np.maximum(bump, np.exp(-((rows - 5) ** 2 + (columns - 7) ** 2) / 2.0))
    guess = 0.02 + 0.95 * rng.random((7, 9))
    return {
        "one peak": (guess, bump), "two peaks": (guess, two), "no peak": (guess, 0.9 * bump),
        "perfect at the peaks": (np.floor(two), two), "all wrong": (1 - np.floor(two), two),
        "half": (np.full((7, 9), 0.5), two), "one pixel": (np.full((1, 1), 0.2), np.ones((1, 1))),
    }  # fmt: skip


HEAT_MAPS = heat_maps()


def gaussian(p: np.ndarray, y: np.ndarray, alpha: float = 2.0, beta: float = 4.0) -> tuple[float, np.ndarray]:
    """The loss and its slope, pixel by pixel; a logarithm stops at -100, where the slope is left open (NaN)."""
    total, peaks, slope = 0.0, 0, np.full(p.shape, np.nan)
    for at in np.ndindex(p.shape):
        hit, peak = (p[at], 1.0) if y[at] == 1 else (1 - p[at], (1 - y[at]) ** beta)
        peaks += y[at] == 1
        total -= peak * (1 - hit) ** alpha * (math.log(hit) if hit > 0 else -100)
        if 0 < hit < 1:
            inner = alpha * (1 - hit) ** (alpha - 1) * math.log(hit) - (1 - hit) ** alpha / hit
            slope[at] = peak * inner * (1 if y[at] == 1 else -1)
    return total / max(1, peaks), slope / max(1, peaks)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("params", [{}, {"alpha": 0.5, "beta": 1.0}, {"alpha": 0.0, "beta": 0.0}], ids=str)
@pytest.mark.parametrize("name", HEAT_MAPS)
def test_a_heat_map_is_its_pixels_one_by_one(name: str, params: dict[str, float], dtype: torch.dtype) -> None:
    record, maps = losscore.get("gaussian_focal"), [torch.tensor(part, dtype=dtype) for part in HEAT_MAPS[name]]
    value, slope = gaussian(*(part.double().numpy() for part in maps), **params)
    rel = 1e-12 if dtype is torch.float64 else 1e-5
    assert record(*maps, **params).item() == pytest.approx(value, rel=rel, abs=rel)
    got = record.gradient(*maps, **params).double().numpy()
    assert np.isfinite(got).all()
    held = np.isfinite(slope)
    np.testing.assert_allclose(got[held], slope[held], rtol=20 * rel, atol=rel)
