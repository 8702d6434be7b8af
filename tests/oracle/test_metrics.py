"""The segmentation metrics against scikit-learn, MONAI, torchmetrics and distances taken pixel by pixel."""

import math

import monai.metrics
import numpy as np
import pytest
import sklearn.metrics
import torch
import torchmetrics.functional as tm
from scipy.ndimage import binary_erosion
from scipy.spatial.distance import cdist

import losscore
from losscore.losses.metrics_surface import surface_metrics

OVERLAP = ["metric_dice", "metric_iou", "metric_precision", "metric_recall", "metric_accuracy"]
SURFACE = ["metric_hausdorff", "metric_hd95", "metric_assd", "metric_nsd"]


def disc(height: int, width: int, y: float, x: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def pairs() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Prediction and truth with at least one pixel each."""
    rng = np.random.default_rng(5)
    round_one, full, spot = disc(20, 26, 9, 12, 6), np.ones((20, 26), bool), np.zeros((20, 26), bool)
    spot[17, 24] = True
    return {
        "noise": (rng.random((20, 26)) < 0.4, rng.random((20, 26)) < 0.3),
        "shifted": (disc(20, 26, 10, 14, 6), round_one),
        "stray pixel": (round_one | spot, round_one),
        "apart": (spot, disc(20, 26, 3, 3, 2)),
        "cut by the border": (disc(20, 26, 0, 0, 7), disc(20, 26, 1, 0, 9)),
        "full against spot": (full, spot),
        "equal": (round_one, round_one.copy()),
        "one pixel": (np.ones((1, 1), bool), np.ones((1, 1), bool)),
        "one row": (np.arange(9)[None] < 4, np.arange(9)[None] > 2),
    }


def value(key: str, pred: np.ndarray, target: np.ndarray, **params: float) -> float:
    record = losscore.get(key)
    return record(torch.from_numpy(pred).double(), torch.from_numpy(target).double(), **params).item()


@pytest.fixture(params=pairs().items(), ids=lambda item: item[0])
def pair(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    return request.param[1]


def test_overlap_metrics_are_scikit_learns(pair: tuple[np.ndarray, np.ndarray]) -> None:
    pred, target = pair
    flat = {"y_true": target.ravel(), "y_pred": pred.ravel()}
    expected = {
        "metric_dice": sklearn.metrics.f1_score(**flat),
        "metric_iou": sklearn.metrics.jaccard_score(**flat),
        "metric_precision": sklearn.metrics.precision_score(**flat),
        "metric_recall": sklearn.metrics.recall_score(**flat),
        "metric_accuracy": sklearn.metrics.accuracy_score(**flat),
    }
    assert {key: value(key, pred, target) for key in OVERLAP} == pytest.approx(expected, abs=1e-14)


def test_overlap_metrics_are_torchmetrics(pair: tuple[np.ndarray, np.ndarray]) -> None:
    pred, target = (torch.from_numpy(mask).int().ravel() for mask in pair)
    expected = {
        "metric_dice": tm.f1_score(pred, target, task="binary"),
        "metric_iou": tm.jaccard_index(pred, target, task="binary"),
        "metric_precision": tm.precision(pred, target, task="binary"),
        "metric_recall": tm.recall(pred, target, task="binary"),
        "metric_accuracy": tm.accuracy(pred, target, task="binary"),
    }
    # torchmetrics counts in float32.
    assert {key: value(key, *pair) for key in OVERLAP} == pytest.approx(
        {key: number.item() for key, number in expected.items()}, abs=1e-6
    )


def gaps(pred: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance of every outline pixel to the other outline, all pairs compared."""
    cross = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    a, b = (np.argwhere(mask & ~binary_erosion(mask, cross, border_value=0)) for mask in (pred, target))
    between = cdist(a, b)
    return between.min(1), between.min(0)


@pytest.mark.parametrize("tau", [0.0, 1.0, math.sqrt(2) + 1e-9, 3.0, 5.0])
def test_surface_metrics_are_all_pairs_of_outline_pixels(pair: tuple[np.ndarray, np.ndarray], tau: float) -> None:
    there, back = gaps(*pair)
    pooled = np.concatenate([there, back])
    expected = {
        "metric_hausdorff": pooled.max(),
        "metric_hd95": max(np.percentile(there, 95), np.percentile(back, 95)),
        "metric_assd": pooled.mean(),
        "metric_nsd": (pooled <= tau).mean(),
    }
    ours = {key: value(key, *pair, **({"tau": tau} if key == "metric_nsd" else {})) for key in SURFACE}
    assert ours == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("tau", [1.0, 3.0])
def test_one_pass_over_the_distances_gives_every_surface_metric(
    pair: tuple[np.ndarray, np.ndarray], tau: float
) -> None:
    there, back = gaps(*pair)
    pooled = np.concatenate([there, back])
    found = surface_metrics(*(torch.from_numpy(mask).double() for mask in pair), tau=tau)
    assert list(found) == SURFACE
    assert [number.item() for number in found.values()] == pytest.approx(
        [pooled.max(), max(np.percentile(g, 95) for g in (there, back)), pooled.mean(), (pooled <= tau).mean()],
        abs=1e-12,
    )


def test_one_pass_takes_a_sweep_and_refuses_what_is_no_surface_metric() -> None:
    pred, target = (torch.from_numpy(mask).double() for mask in pairs()["noise"])
    swept = surface_metrics(pred, target, ["metric_nsd"], tau=torch.tensor([0.0, 2.0, 5.0]))["metric_nsd"]
    assert swept.tolist() == [value("metric_nsd", pred.numpy() > 0, target.numpy() > 0, tau=t) for t in (0, 2, 5)]
    with pytest.raises(KeyError, match="metric_dice"):
        surface_metrics(pred, target, ["metric_dice"])


def test_surface_metrics_are_monais(pair: tuple[np.ndarray, np.ndarray]) -> None:
    pred, target = (torch.from_numpy(mask)[None, None] for mask in pair)
    one_hot_pred, one_hot_target = (torch.cat([~mask, mask], 1) for mask in (pred, target))
    expected = {
        "metric_hausdorff": monai.metrics.compute_hausdorff_distance(pred, target, include_background=True),
        "metric_hd95": monai.metrics.compute_hausdorff_distance(pred, target, include_background=True, percentile=95),
        "metric_assd": monai.metrics.compute_average_surface_distance(
            pred, target, include_background=True, symmetric=True
        ),
        "metric_nsd": monai.metrics.compute_surface_dice(one_hot_pred, one_hot_target, class_thresholds=[1.0]),
    }
    ours = {key: value(key, *pair) for key in SURFACE}
    assert ours == pytest.approx({key: number.item() for key, number in expected.items()}, abs=1e-5)


def test_pooling_both_outlines_before_the_percentile_gives_less() -> None:
    """Some libraries pool: a speck is then outvoted by the other outline too."""
    pred, target = pairs()["stray pixel"]
    pred = pred.copy()
    pred[16:19, 22:25] = True
    pooled = np.percentile(np.concatenate(gaps(pred, target)), 95)
    assert value("metric_hd95", pred, target) > pooled + 0.5


@pytest.mark.parametrize(
    ("pred", "target", "undefined"),
    [
        (0.0, 0.0, {"metric_dice", "metric_iou", "metric_precision", "metric_recall", *SURFACE}),
        (1.0, 0.0, {"metric_recall", *SURFACE}),
        (0.0, 1.0, {"metric_precision", *SURFACE}),
        (1.0, 1.0, set()),
    ],
    ids=["both empty", "empty truth", "empty prediction", "both full"],
)
def test_what_is_undefined_is_not_a_number(pred: float, target: float, undefined: set[str]) -> None:
    masks = torch.full((4, 6), pred), torch.full((4, 6), target)
    ours = {key: losscore.get(key)(*masks).item() for key in OVERLAP + SURFACE}
    assert {key for key, number in ours.items() if math.isnan(number)} == undefined
    if pred != target:
        assert ours["metric_dice"] == ours["metric_iou"] == ours["metric_accuracy"] == 0.0


def test_monai_says_infinity_where_one_outline_is_missing() -> None:
    empty, some = torch.zeros(1, 1, 5, 5), torch.ones(1, 1, 5, 5)
    theirs = monai.metrics.compute_hausdorff_distance(empty, some, include_background=True)
    assert math.isinf(theirs.item())
    assert math.isnan(losscore.get("metric_hausdorff")(empty, some).item())


def test_one_undefined_picture_leaves_the_others_alone() -> None:
    drawn = pairs()
    shapes = ["noise", "shifted", "stray pixel"]
    pred = torch.stack([torch.from_numpy(drawn[name][0]) for name in shapes] + [torch.zeros(20, 26)])
    target = torch.stack([torch.from_numpy(drawn[name][1]) for name in shapes] + [torch.ones(20, 26)])
    for key in SURFACE:
        together = losscore.get(key)(pred.double(), target.double(), reduction="none")
        assert together[:3].tolist() == [value(key, *drawn[name]) for name in shapes]
        assert together[3].isnan()


@pytest.mark.parametrize("key", OVERLAP + SURFACE)
def test_half_is_foreground_and_the_dtype_is_kept(key: str) -> None:
    pred, target = (torch.from_numpy(mask) for mask in pairs()["shifted"])
    for dtype in (torch.float32, torch.float64):
        soft_pred, soft_target = (torch.where(mask, 0.5, 0.4999).to(dtype) for mask in (pred, target))
        hard = losscore.get(key)(pred.to(dtype), target.to(dtype))
        assert torch.equal(losscore.get(key)(soft_pred, soft_target), hard)
        assert hard.dtype is dtype


@pytest.mark.parametrize("key", OVERLAP + SURFACE)
def test_a_sweep_of_predictions_against_one_truth_is_a_loop(key: str) -> None:
    target = torch.from_numpy(disc(20, 26, 9, 12, 6)).double()
    preds = torch.stack([torch.from_numpy(disc(20, 26, 9, 6 + step, 5)) for step in range(12)]).double()
    swept = losscore.get(key)(preds, target, reduction="none")
    assert swept.tolist() == [losscore.get(key)(pred, target).item() for pred in preds]


def test_a_sweep_of_tolerances_is_one_call() -> None:
    pred, target = (torch.from_numpy(mask).double() for mask in pairs()["noise"])
    swept = losscore.get("metric_nsd")(pred, target, reduction="none", tau=torch.tensor([0.0, 1.0, 2.0, 5.0]))
    assert swept.tolist() == [value("metric_nsd", pred.numpy() > 0, target.numpy() > 0, tau=t) for t in (0, 1, 2, 5)]
