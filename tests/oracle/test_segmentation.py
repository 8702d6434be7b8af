"""The binary segmentation losses against NumPy in float64, MONAI and kornia.

Every oracle is written as the published quotient; slopes are central differences of the oracle.
"""

from collections.abc import Callable

import kornia.losses
import monai.losses
import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt
from torch import Tensor

import losscore

Oracle = Callable[..., float]


def pictures() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Probabilities and masks, ordinary and extreme."""
    rng = np.random.default_rng(11)
    rows, columns = np.mgrid[:9, :12]
    blob = ((rows - 4) ** 2 + (columns - 5) ** 2 <= 9).astype(float)
    spot = np.zeros((9, 12))
    spot[2, 3] = 1
    soft = rng.random((9, 12))
    return {
        "soft blob": (0.2 * soft + 0.7 * blob, blob),
        "noise": (soft, (rng.random((9, 12)) < 0.5).astype(float)),
        "one pixel of a hundred": (0.3 * soft, spot),
        "empty truth": (0.4 * soft, np.zeros((9, 12))),
        "full truth": (soft, np.ones((9, 12))),
        "both empty": (np.zeros((9, 12)), np.zeros((9, 12))),
        "both full": (np.ones((9, 12)), np.ones((9, 12))),
        "perfect": (blob.copy(), blob),
        "inverted": (1 - blob, blob),
        "empty prediction": (np.zeros((9, 12)), blob),
        "1 x 1": (np.full((1, 1), 0.3), np.ones((1, 1))),
        "one row": (soft[:1], blob[4:5]),
    }


PICTURES = pictures()


def counts(p: np.ndarray, y: np.ndarray) -> tuple[float, float, float, float]:
    return (p * y).sum(), (p * (1 - y)).sum(), ((1 - p) * y).sum(), ((1 - p) * (1 - y)).sum()


def dice(p: np.ndarray, y: np.ndarray, smooth: float = 1e-5) -> float:
    return 1 - (2 * (p * y).sum() + smooth) / (p.sum() + y.sum() + smooth)


def dice_squared(p: np.ndarray, y: np.ndarray, smooth: float = 1e-5) -> float:
    return 1 - (2 * (p * y).sum() + smooth) / ((p**2).sum() + (y**2).sum() + smooth)


def jaccard(p: np.ndarray, y: np.ndarray, smooth: float = 1e-5) -> float:
    shared = (p * y).sum()
    return 1 - (shared + smooth) / (p.sum() + y.sum() - shared + smooth)


def tversky(p: np.ndarray, y: np.ndarray, alpha: float = 0.3, beta: float = 0.7, smooth: float = 1e-5) -> float:
    tp, fp, fn, _ = counts(p, y)
    return 1 - (tp + smooth) / (tp + alpha * fp + beta * fn + smooth)


def focal_tversky(p: np.ndarray, y: np.ndarray, gamma: float = 4 / 3, **params: float) -> float:
    return max(tversky(p, y, **params), 0.0) ** (1 / gamma)


def log_cosh_dice(p: np.ndarray, y: np.ndarray, smooth: float = 1e-5) -> float:
    return np.log(np.cosh(dice(p, y, smooth)))


def cross_entropy(p: np.ndarray, y: np.ndarray) -> float:
    with np.errstate(divide="ignore"):
        return -(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log1p(-p), -100)).mean()


def combo_bce_dice(p: np.ndarray, y: np.ndarray, alpha: float = 0.5, smooth: float = 1e-5) -> float:
    return alpha * cross_entropy(p, y) + (1 - alpha) * dice(p, y, smooth)


def sensitivity_specificity(p: np.ndarray, y: np.ndarray, lam: float = 0.05, smooth: float = 1e-5) -> float:
    wrong = (y - p) ** 2
    return lam * wrong[y == 1].sum() / ((y == 1).sum() + smooth) + (1 - lam) * wrong[y == 0].sum() / (
        (y == 0).sum() + smooth
    )


def mcc_loss(p: np.ndarray, y: np.ndarray, eps: float = 1e-5) -> float:
    tp, fp, fn, tn = (count + eps for count in counts(p, y))
    return 1 - (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))


def boundary_loss(p: np.ndarray, y: np.ndarray) -> float:
    if y.min() == y.max():
        return 0.0
    return (p * np.where(y == 1, 1 - distance_transform_edt(y), distance_transform_edt(1 - y))).mean()


def edge_distances(mask: np.ndarray) -> np.ndarray:
    if mask.min() == mask.max():
        return np.zeros(mask.shape)
    return distance_transform_edt(mask) + distance_transform_edt(1 - mask)


def hausdorff_dt(p: np.ndarray, y: np.ndarray, alpha: float = 2.0) -> float:
    return ((p - y) ** 2 * (edge_distances(1.0 * (p > 0.5)) ** alpha + edge_distances(y) ** alpha)).mean()


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def bce_jaccard(z: np.ndarray, y: np.ndarray, smooth: float = 1e-5) -> float:
    return (np.logaddexp(0, z) - y * z).mean() / 2 + jaccard(sigmoid(z), y, smooth) / 2


def choquet(errors: np.ndarray, truth: np.ndarray) -> float:
    """Lovász extension of the Jaccard loss, by its layers: each level set of the errors is a set of wrong pixels."""
    total, below = 0.0, 0.0
    for level in np.unique(errors[errors > 0]):
        wrong = errors >= level
        lost = 1 - (truth & ~wrong).sum() / (truth | wrong).sum()
        total, below = total + (level - below) * lost, level
    return total


def lovasz_hinge(z: np.ndarray, y: np.ndarray) -> float:
    return choquet(np.maximum(0, 1 - z * (2 * y - 1)), y == 1)


# Each loss with settings beside its defaults.
ON_PROBABILITIES: dict[str, tuple[Oracle, list[dict[str, float]]]] = {
    "dice": (dice, [{"smooth": 1.0}, {"smooth": 1e-3}]),
    "dice_squared": (dice_squared, [{"smooth": 1.0}]),
    "jaccard": (jaccard, [{"smooth": 0.5}]),
    "tversky": (tversky, [{"alpha": 0.8, "beta": 0.1}, {"alpha": 1.0, "beta": 0.0, "smooth": 1.0}]),
    "focal_tversky": (focal_tversky, [{"gamma": 1.0}, {"gamma": 3.0, "alpha": 0.5}, {"gamma": 0.75}]),
    "log_cosh_dice": (log_cosh_dice, [{"smooth": 0.1}]),
    "combo_bce_dice": (combo_bce_dice, [{"alpha": 0.0}, {"alpha": 1.0}, {"alpha": 0.2, "smooth": 1.0}]),
    "sensitivity_specificity": (sensitivity_specificity, [{"lam": 0.9}, {"lam": 0.5, "smooth": 1.0}]),
    "mcc_loss": (mcc_loss, [{"eps": 1e-2}]),
    "boundary_loss": (boundary_loss, []),
    "hausdorff_dt": (hausdorff_dt, [{"alpha": 1.0}, {"alpha": 0.5}]),
}
ON_LOGITS: dict[str, tuple[Oracle, list[dict[str, float]]]] = {
    "bce_jaccard": (bce_jaccard, [{"smooth": 1.0}]),
    "lovasz_hinge": (lovasz_hinge, []),
}
SETTINGS = [
    (key, oracle, params, key in ON_LOGITS)
    for key, (oracle, others) in (ON_PROBABILITIES | ON_LOGITS).items()
    for params in [{}, *others]
]
settings = pytest.mark.parametrize(
    ("key", "oracle", "params", "logits"), SETTINGS, ids=[f"{key}-{params}" for key, _, params, _ in SETTINGS]
)
picture = pytest.mark.parametrize("name", PICTURES)


def scores(p: np.ndarray) -> np.ndarray:
    """Logits that reach beyond those of any probability map: certain pixels lie at 40."""
    return 80 * (p - 0.5)


@picture
@settings
def test_the_value_is_the_published_formula(
    name: str, key: str, oracle: Oracle, params: dict[str, float], logits: bool
) -> None:
    p, y = PICTURES[name]
    pred = scores(p) if logits else p
    ours = losscore.get(key)(torch.from_numpy(pred), torch.from_numpy(y), **params).item()
    expected = oracle(pred, y, **params)
    # The oracle's 1 - quotient carries a rounding of 1e-16, which the root of focal Tversky raises to 1e-5 near zero.
    small = 1e-5 if key == "focal_tversky" and name in ("perfect", "both full") else 1e-12
    assert ours == pytest.approx(expected, rel=1e-11, abs=small)


@settings
def test_the_gradient_is_the_slope_of_the_published_formula(
    key: str, oracle: Oracle, params: dict[str, float], logits: bool
) -> None:
    rng = np.random.default_rng(3)
    y = np.array([[1.0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0]])
    pred = rng.normal(0, 2, y.shape) if logits else rng.uniform(0.05, 0.95, y.shape)
    expected = np.zeros(y.shape)
    for at in np.ndindex(y.shape):
        step = np.zeros(y.shape)
        step[at] = 1e-6
        expected[at] = (oracle(pred + step, y, **params) - oracle(pred - step, y, **params)) / 2e-6
    ours = losscore.get(key).gradient(torch.from_numpy(pred), torch.from_numpy(y), **params)
    assert ours.numpy() == pytest.approx(expected, rel=1e-5, abs=1e-8)


def layered(picture: tuple[np.ndarray, np.ndarray]) -> tuple[Tensor, Tensor]:
    p, y = (torch.from_numpy(array)[None, None] for array in picture)
    return p, y


@picture
def test_region_losses_are_monais(name: str) -> None:
    p, y = layered(PICTURES[name])
    theirs = {
        "dice": monai.losses.DiceLoss()(p, y),
        "dice_squared": monai.losses.DiceLoss(squared_pred=True)(p, y),
        # MONAI doubles numerator and denominator before the smoothing is added.
        "jaccard": monai.losses.DiceLoss(jaccard=True, smooth_nr=2e-5, smooth_dr=2e-5)(p, y),
        "tversky": monai.losses.TverskyLoss(alpha=0.3, beta=0.7)(p, y),
        "boundary_loss": monai.losses.BoundaryLoss()(p, y),
        "hausdorff_dt": monai.losses.HausdorffDTLoss(include_background=True)(p, y),
    }
    ours = {key: losscore.get(key)(p[0, 0], y[0, 0]).item() for key in theirs}
    # MONAI keeps distances in float32.
    assert ours == pytest.approx({key: number.item() for key, number in theirs.items()}, rel=2e-7, abs=1e-12)


@pytest.mark.parametrize("name", ["soft blob", "noise", "empty truth", "full truth"])
def test_combined_losses_are_monais_and_torchs(name: str) -> None:
    p, y = layered(PICTURES[name])
    z = 8 * (p - 0.5)
    half_and_half = monai.losses.DiceCELoss(sigmoid=True, lambda_dice=0.5, lambda_ce=0.5)(z, y).item()
    assert losscore.get("combo_bce_dice")(z[0, 0].sigmoid(), y[0, 0]).item() == pytest.approx(half_and_half, rel=1e-12)
    region = monai.losses.DiceLoss(sigmoid=True, jaccard=True, smooth_nr=2e-5, smooth_dr=2e-5)(z, y)
    expected = (torch.nn.BCEWithLogitsLoss()(z, y) + region).item() / 2
    assert losscore.get("bce_jaccard")(z[0, 0], y[0, 0]).item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["soft blob", "noise", "one pixel of a hundred", "inverted"])
def test_matthews_is_monais_up_to_eps(name: str) -> None:
    """MONAI adds its constant under the root and calls a perfect empty pair 0; here each count gets eps (0.5 there)."""
    p, y = layered(PICTURES[name])
    theirs = monai.losses.MCCLoss(smooth_nr=0.0, smooth_dr=0.0)(p, y).item()
    assert losscore.get("mcc_loss")(p[0, 0], y[0, 0], eps=1e-12).item() == pytest.approx(theirs, abs=1e-10)


def test_matthews_does_not_know_which_class_is_the_object() -> None:
    p, y = (torch.from_numpy(array) for array in PICTURES["one pixel of a hundred"])
    mcc, plain = losscore.get("mcc_loss"), losscore.get("dice")
    assert mcc(1 - p, 1 - y).item() == pytest.approx(mcc(p, y).item(), abs=1e-14)
    assert abs(plain(1 - p, 1 - y) - plain(p, y)) > 0.5


@picture
def test_lovasz_hinge_is_kornias(name: str) -> None:
    p, y = PICTURES[name]
    z = torch.from_numpy(scores(p))
    theirs = kornia.losses.lovasz_hinge_loss(z[None, None].float(), torch.from_numpy(y)[None].long()).item()
    assert losscore.get("lovasz_hinge")(z, torch.from_numpy(y)).item() == pytest.approx(theirs, rel=1e-5, abs=1e-5)


def test_special_cases_of_tversky() -> None:
    p, y = (torch.from_numpy(array) for array in PICTURES["noise"])
    index = losscore.get("tversky")
    halves = index(p, y, alpha=0.5, beta=0.5, smooth=0.5)
    assert halves.item() == pytest.approx(losscore.get("dice")(p, y, smooth=1.0).item(), abs=1e-15)
    assert index(p, y, alpha=1.0, beta=1.0).item() == pytest.approx(losscore.get("jaccard")(p, y).item(), abs=1e-15)


def test_alpha_weighs_false_positives() -> None:
    truth, extra = torch.zeros(4, 4), torch.zeros(4, 4)
    truth[0, 0] = extra[0, 0] = extra[3, 3] = 1
    index = losscore.get("tversky")
    assert index(extra, truth, alpha=1.0, beta=0.0).item() == pytest.approx(0.5, abs=1e-5)
    assert index(extra, truth, alpha=0.0, beta=1.0).item() == 0.0


def test_lovasz_hinge_on_an_empty_truth_pushes_one_pixel() -> None:
    z = torch.tensor([[0.3, 2.0], [-0.5, 1.5]])
    assert losscore.get("lovasz_hinge").gradient(z, torch.zeros(2, 2)).tolist() == [[0, 1], [0, 0]]


def test_boundary_loss_can_be_negative() -> None:
    y = torch.zeros(9, 9)
    y[2:7, 2:7] = 1
    assert losscore.get("boundary_loss")(y, y) < 0


def test_hausdorff_is_silent_without_any_edge() -> None:
    p, y = torch.full((5, 5), 0.5), torch.zeros(5, 5)
    record = losscore.get("hausdorff_dt")
    assert record(p, y) == 0
    assert not record.gradient(p, y).any()
    p[2, 2] = 0.51
    assert record(p, y) > 0


@pytest.mark.parametrize("key", ["dice", "dice_squared", "jaccard", "tversky", "log_cosh_dice"])
def test_without_smoothing_two_empty_masks_are_zero_over_zero(key: str) -> None:
    empty, record = torch.zeros(3, 3), losscore.get(key)
    assert record(empty, empty, smooth=0.0).isnan()
    assert record(empty, empty) == 0.0
    assert record(torch.ones(3, 3), torch.ones(3, 3), smooth=0.0) == 0.0


def test_matthews_calls_two_empty_masks_undecided() -> None:
    empty = torch.zeros(8, 8, dtype=torch.float64)
    assert losscore.get("mcc_loss")(empty, empty).item() == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (6, 7)], ids=str)
@pytest.mark.parametrize("key", [*ON_PROBABILITIES, *ON_LOGITS])
def test_value_and_gradient_are_finite_at_every_extreme(key: str, shape: tuple[int, int], dtype: torch.dtype) -> None:
    ends = [-1e4, 1e4] if key in ON_LOGITS else [0.0, 1.0]
    checkers = (torch.arange(shape[0])[:, None] + torch.arange(shape[1])) % 2
    faces = [torch.zeros(shape), torch.ones(shape), checkers, 1 - checkers]
    record = losscore.get(key)
    for truth in faces:
        for face in [*faces, torch.full(shape, 0.5), torch.full(shape, 1e-30), torch.full(shape, 1 - 1e-7)]:
            pred = (ends[0] + (ends[1] - ends[0]) * face).to(dtype)
            assert record(pred, truth.to(dtype)).isfinite()
            slope = record.gradient(pred, truth.to(dtype))
            assert slope.isfinite().all()
            assert slope.dtype is dtype


@pytest.mark.parametrize("key", [*ON_PROBABILITIES, *ON_LOGITS])
def test_a_sweep_of_each_parameter_pairs_with_the_batch(key: str) -> None:
    rng = torch.Generator().manual_seed(1)
    preds = torch.rand(6, 5, 7, generator=rng, dtype=torch.float64)
    truth = (torch.rand(5, 7, generator=rng) < 0.4).double()
    record = losscore.get(key)
    swept = record(preds, truth, reduction="none")
    assert swept.tolist() == pytest.approx([record(pred, truth).item() for pred in preds], rel=1e-13)
    for name, param in record.params.items():
        steps = torch.linspace(max(param.low, 0.1), min(param.high, 1.0), 6, dtype=torch.float64)
        paired = record(preds, truth, reduction="none", **{name: steps})
        alone = [record(pred, truth, **{name: step.item()}).item() for pred, step in zip(preds, steps, strict=True)]
        assert paired.tolist() == pytest.approx(alone, rel=1e-13)
