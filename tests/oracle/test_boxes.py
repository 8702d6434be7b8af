"""The overlap losses of boxes against interval arithmetic with 120 digits, counted pixels, MONAI and kornia.

The oracle measures what two intervals share as both lengths minus that of their union, and writes each loss as it was
published; slopes are differences of the oracle, for CIoU with its alpha held fixed.
"""

import math
from collections.abc import Callable, Iterator

import mpmath
import numpy as np
import pytest
import torch
from kornia.metrics import mean_iou_bbox
from monai.data.box_utils import box_pair_giou
from torch import Tensor

import losscore

Oracle = Callable[..., mpmath.mpf]
Pair = tuple[list[float], list[float]]

PAIRS: dict[str, Pair] = {
    "shifted": ([1.0, 2.0, 5.0, 7.0], [2.5, 1.0, 8.0, 6.0]),
    "crossed": ([0.0, 4.0, 10.0, 5.5], [4.1, 0.2, 6.0, 9.0]),
    "inside": ([3.0, 4.0, 5.0, 8.0], [0.0, 0.0, 10.0, 10.0]),
    "around": ([-2.0, -1.0, 7.0, 12.0], [1.0, 2.5, 3.0, 3.5]),
    "apart": ([0.0, 0.0, 1.0, 1.0], [10.0, 10.0, 13.0, 12.0]),
    "beside each other": ([0.0, 0.0, 2.0, 3.0], [2.5, 1.0, 6.0, 2.0]),
    "nearly the same": ([1.0, 1.0, 3.0, 4.0], [1.001, 0.998, 3.002, 4.0005]),
    "millions of pixels": ([-8e5, 1e5, 9e5, 6e5], [-2e5, -3e5, 1e6, 4e5]),
    "tiny": ([1e-6, 2e-6, 4e-6, 3e-6], [2e-6, 1e-6, 7e-6, 5e-6]),
    "tiny in huge": ([3.0, 5.0, 3.001, 5.002], [-1e5, -2e5, 2e5, 1e5]),
    "a sliver": ([0.0, 0.0, 9.0, 1e-4], [1.0, -2.0, 6.0, 5.0]),
}
BENT = {  # where a side coincides: values only, for the slope has a kink
    "the same": ([1.0, 2.0, 4.0, 8.0], [1.0, 2.0, 4.0, 8.0]),
    "centred": ([3.0, 0.0, 5.0, 8.0], [0.0, 3.0, 8.0, 5.0]),
    "touching": ([0.0, 0.0, 2.0, 2.0], [2.0, 0.0, 4.0, 2.0]),
    "a corner in common": ([0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 4.0, 4.0]),
    "without height": ([0.0, 1.0, 4.0, 1.0], [1.0, 0.0, 6.0, 3.0]),
    "a point inside": ([2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 6.0, 3.0]),
}


def union_length(one: tuple[mpmath.mpf, mpmath.mpf], other: tuple[mpmath.mpf, mpmath.mpf]) -> mpmath.mpf:
    (a, b), (c, d) = sorted([one, other])
    return b - a + d - c if c > b else max(b, d) - a


def measures(pred: np.ndarray, target: np.ndarray) -> tuple[mpmath.mpf, mpmath.mpf, np.ndarray, np.ndarray]:
    """IoU, area of the union, sides of the hull and squared centre offsets."""
    sides = np.array([pred[2:] - pred[:2], target[2:] - target[:2]])
    shared = [sides[:, k].sum() - union_length((pred[k], pred[k + 2]), (target[k], target[k + 2])) for k in (0, 1)]
    hull = np.ptp(np.stack([pred, target]).reshape(4, 2), axis=0)
    inside = shared[0] * shared[1]
    union = sides.prod(1).sum() - inside
    centres = np.stack([pred, target]).reshape(2, 2, 2).mean(1)
    return inside / union, union, hull, (centres[0] - centres[1]) ** 2


def iou(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    return 1 - measures(pred, target)[0]


def iou_log(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    overlap = measures(pred, target)[0]
    return -mpmath.log(overlap) if overlap > 0 else mpmath.inf


def alpha_iou(pred: np.ndarray, target: np.ndarray, alpha: float = 3.0) -> mpmath.mpf:
    return 1 - measures(pred, target)[0] ** alpha


def giou(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    overlap, union, hull, _ = measures(pred, target)
    return 2 - overlap - union / hull.prod()


def diou(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    overlap, _, hull, squares = measures(pred, target)
    return 1 - overlap + squares.sum() / (hull @ hull)


def aspect_gap(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    (w, h), (wt, ht) = pred[2:] - pred[:2], target[2:] - target[:2]
    # The angle of an aspect ratio from its inverse: pi / 2 - arctan(h / w).
    angle = 0 if w == 0 else mpmath.pi / 2 - mpmath.atan(h / w)
    return 4 / mpmath.pi**2 * (mpmath.pi / 2 - mpmath.atan(ht / wt) - angle) ** 2


def aspect_weight(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    v = aspect_gap(pred, target)
    return v / (iou(pred, target) + v) if v else 0.0


def ciou(pred: np.ndarray, target: np.ndarray, weight: mpmath.mpf | None = None) -> mpmath.mpf:
    weight = aspect_weight(pred, target) if weight is None else weight
    return diou(pred, target) + weight * aspect_gap(pred, target)


def eiou(pred: np.ndarray, target: np.ndarray) -> mpmath.mpf:
    lengths = (pred[2:] - pred[:2]) - (target[2:] - target[:2])
    return diou(pred, target) + (lengths**2 / measures(pred, target)[2] ** 2).sum()


def siou(pred: np.ndarray, target: np.ndarray, theta: float = 4.0) -> mpmath.mpf:
    overlap, _, hull, squares = measures(pred, target)
    distance = mpmath.mpf(0)
    if squares.any():
        sines = [mpmath.sqrt(square / squares.sum()) for square in squares]
        sine = sines[1] if sines[0] > mpmath.sin(mpmath.pi / 4) else sines[0]
        decay = 2 - mpmath.cos(2 * mpmath.asin(sine) - mpmath.pi / 2)
        distance = sum(1 - mpmath.exp(-decay * square / side**2) for square, side in zip(squares, hull, strict=True))
    one, other = pred[2:] - pred[:2], target[2:] - target[:2]
    shape = sum((1 - mpmath.exp(-abs(a - b) / max(a, b))) ** theta for a, b in zip(one, other, strict=True))
    return 1 - overlap + (distance + shape) / 2


ORACLES: dict[str, tuple[Oracle, list[dict[str, float]]]] = {
    "iou": (iou, [{}]),
    "iou_log": (iou_log, [{}]),
    "alpha_iou": (alpha_iou, [{}, {"alpha": 0.5}, {"alpha": 5.0}]),
    "giou": (giou, [{}]),
    "diou": (diou, [{}]),
    "ciou": (ciou, [{}]),
    "eiou": (eiou, [{}]),
    "siou": (siou, [{}, {"theta": 2.0}, {"theta": 5.5}]),
}
CASES = [(key, params) for key, (_, settings) in ORACLES.items() for params in settings]


def exact(box: Tensor | list[float]) -> np.ndarray:
    """The corners, to be reckoned with in 120 digits."""
    return np.array([mpmath.mpf(float(x)) for x in box], dtype=object)


def slopes(of: Callable[[np.ndarray], mpmath.mpf], at: np.ndarray) -> np.ndarray:
    """Central differences along each of the four coordinates, so short that the digits of a float64 are right."""
    step = min(at[2:] - at[:2]) * mpmath.mpf(10) ** -12
    ways = np.eye(4, dtype=int).astype(object) * step
    return np.array([float((of(at + way) - of(at - way)) / (2 * step)) for way in ways])


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    with mpmath.workdps(120):
        yield


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(("key", "params"), CASES, ids=str)
def test_values_are_those_of_interval_arithmetic(key: str, params: dict[str, float], dtype: torch.dtype) -> None:
    oracle, record = ORACLES[key][0], losscore.get(key)
    rel = 1e-12 if dtype is torch.float64 else 1e-5
    for name, pair in (PAIRS | BENT).items():
        pred, target = (torch.tensor(box, dtype=dtype) for box in pair)
        want = float(oracle(exact(pred), exact(target), **params))
        assert record(pred, target, **params).item() == pytest.approx(want, rel=rel, abs=rel), name


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(("key", "params"), CASES, ids=str)
def test_slopes_are_those_of_interval_arithmetic(key: str, params: dict[str, float], dtype: torch.dtype) -> None:
    oracle, record = ORACLES[key][0], losscore.get(key)
    rel = 1e-9 if dtype is torch.float64 else 1e-3
    for name, pair in PAIRS.items():
        pred, target = (torch.tensor(box, dtype=dtype) for box in pair)
        far = exact(target)
        frozen = {"weight": aspect_weight(exact(pred), far)} if key == "ciou" else {}
        got = record.gradient(pred, target, **params).double().numpy()
        if oracle(exact(pred), far, **params) == mpmath.inf:
            assert not got.any()
            continue
        want = slopes(lambda at, o=oracle, t=far, f=frozen: o(at, t, **params, **f), exact(pred))
        # Below 1e-38 a float32 has nothing to hold a slope with.
        np.testing.assert_allclose(got, want, rtol=rel, atol=max(rel * abs(want).max(), 1e-38), err_msg=name)


def pixels(box: list[int], size: int) -> np.ndarray:
    rows, columns = np.mgrid[:size, :size]
    return (columns >= box[0]) & (columns < box[2]) & (rows >= box[1]) & (rows < box[3])


def test_overlap_and_hull_are_those_of_counted_pixels() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        corners = np.sort(rng.integers(0, 13, (2, 2, 2)), axis=1).reshape(2, 4)
        one, other = (pixels(box.tolist(), 13) for box in corners)
        hull = pixels([*corners[:, :2].min(0), *corners[:, 2:].max(0)], 13).sum()
        inside, union = (one & other).sum(), (one | other).sum()
        overlap = inside / union if union else 0.0
        pred, target = torch.tensor(corners, dtype=torch.float64)
        assert losscore.get("iou")(pred, target).item() == pytest.approx(1 - overlap, abs=1e-14)
        empty = (hull - union) / hull if hull else 0.0
        assert losscore.get("giou")(pred, target).item() == pytest.approx(1 - overlap + empty, abs=1e-14)
        logarithm = -math.log(overlap) if overlap else math.inf
        assert losscore.get("iou_log")(pred, target).item() == pytest.approx(logarithm, abs=1e-13)


def drawn(many: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    corner, size = 6 * torch.rand(2, many, 2, generator=rng), 0.1 + 5 * torch.rand(2, many, 2, generator=rng)
    pred, target = torch.cat([corner, corner + size], -1).double()
    return pred, target


def test_generalised_iou_is_that_of_monai() -> None:
    pred, target = drawn(200)
    # The library works in float32.
    want = 1 - box_pair_giou(pred.float(), target.float())
    got = losscore.get("giou")(pred.float(), target.float(), reduction="none")
    torch.testing.assert_close(got, want, rtol=1e-5, atol=1e-6)


def test_iou_is_that_of_kornia() -> None:
    pred, target = drawn(40, seed=1)
    got = 1 - losscore.get("iou")(pred[:, None], target, reduction="none")
    torch.testing.assert_close(got, mean_iou_bbox(pred, target), rtol=1e-12, atol=1e-12)


def values(pred: list[float], target: list[float]) -> dict[str, float]:
    boxes = torch.tensor(pred, dtype=torch.float64), torch.tensor(target, dtype=torch.float64)
    return {key: losscore.get(key)(*boxes).item() for key in ORACLES}


def test_boxes_apart_are_told_apart_by_all_but_the_plain_overlap() -> None:
    got = values([0, 0, 1, 1], [10, 10, 13, 12])
    assert got["iou"] == got["alpha_iou"] == 1
    assert got["iou_log"] == math.inf
    assert [got[key] for key in ("giou", "diou", "siou")] == pytest.approx([1.955, 1.739, 1.564], abs=5e-4)
    for key in ("iou", "iou_log", "alpha_iou"):
        assert not losscore.get(key).gradient(torch.tensor([0.0, 0, 1, 1]), torch.tensor([10.0, 10, 13, 12])).any()


def test_a_box_inside_another_is_moved_by_its_centre_alone() -> None:
    got = values([3, 4, 5, 8], [0, 0, 10, 10])
    assert got["iou"] == pytest.approx(got["giou"], abs=1e-15)
    off_centre = values([5, 5, 7, 9], [0, 0, 10, 10])
    assert (off_centre["iou"], off_centre["diou"]) == pytest.approx((0.92, 0.945), abs=1e-12)


def test_crossed_boxes_of_one_centre_differ_in_shape_alone() -> None:
    got = values([3, 0, 5, 8], [0, 3, 8, 5])
    assert got["iou"] == pytest.approx(got["diou"], abs=1e-15)
    numbers = [got[key] for key in ("iou", "ciou", "siou", "eiou")]
    assert numbers == pytest.approx([0.857, 1.026, 0.935, 1.982], abs=5e-4)


@pytest.mark.parametrize(("offset", "hull", "centres"), [(2, 4 / 3, 1.4), (10, 1.818, 1.820)])
def test_unit_boxes_drawn_apart(offset: float, hull: float, centres: float) -> None:
    got = values([0, 0, 1, 1], [offset, 0, offset + 1, 1])
    assert [got[key] for key in ("iou", "giou", "diou")] == pytest.approx([1, hull, centres], abs=5e-4)


@pytest.mark.parametrize(("corner", "centres"), [((1, 1), 0.75), ((2, 1), 0.78125), ((2, 2), 0.8125)])
def test_a_small_box_on_its_way_from_the_centre_to_the_corner(corner: tuple[float, float], centres: float) -> None:
    x, y = corner
    got = values([x, y, x + 2, y + 2], [0, 0, 4, 4])
    assert [got[key] for key in ("iou", "giou", "diou")] == pytest.approx([0.75, 0.75, centres], abs=1e-12)


def test_one_aspect_ratio_in_two_sizes_is_no_matter_to_ciou() -> None:
    got = values([0, 0, 2, 4], [5, 5, 8, 11])
    assert got["ciou"] == pytest.approx(got["diou"], abs=1e-15)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("key", ORACLES)
def test_flat_boxes_points_and_coincidences_are_finite(key: str, dtype: torch.dtype) -> None:
    flats = [[2.0, 2, 2, 2], [0.0, 2, 5, 2], [2.0, 0, 2, 5], [0.0, 0, 5, 5], [-1e6, -1e6, 1e6, 1e6], [0.0, 0, 1e-12, 1]]
    boxes = torch.tensor(flats, dtype=dtype)
    record = losscore.get(key)
    pred, target = boxes[:, None], boxes.expand(len(flats), -1, -1)
    value = record(pred, target, reduction="none")
    apart = losscore.get("iou")(pred, target, reduction="none") == 1
    assert (value.isfinite() | (apart & (key == "iou_log"))).all()
    for wrt in ("pred", "target"):
        slope = record.gradient(pred.expand_as(target), target, wrt=wrt, reduction="sum")
        assert slope.isfinite().all()
    if key != "iou_log":
        assert value[0, 0] == 1, "two points in one place share nothing"


def test_a_power_below_one_has_a_gradient_of_nothing_where_nothing_overlaps() -> None:
    pred, target = torch.tensor([0.0, 0, 1, 1]), torch.tensor([1.0, 0, 2, 1])
    assert losscore.get("alpha_iou").gradient(pred, target, alpha=0.5).tolist() == [0, 0, 0, 0]
