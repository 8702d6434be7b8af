"""The segmentation losses over several classes against NumPy in float64, torch, scikit-learn, MONAI and kornia."""

from collections.abc import Callable

import kornia.losses
import monai.losses
import numpy as np
import pytest
import sklearn.metrics
import torch
from scipy.special import log_softmax, softmax
from torch import Tensor

import losscore

Oracle = Callable[..., float]
KEYS = [
    "pixel_cross_entropy",
    "dice_multiclass",
    "jaccard_multiclass",
    "generalized_dice",
    "cross_entropy_iou_2d",
    "dice_ce",
    "lovasz_softmax",
]


def pictures() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Logits (C, H, W) and labels (H, W), ordinary and extreme."""
    rng = np.random.default_rng(7)
    labels = rng.integers(0, 4, (6, 8))
    right = np.where(labels == np.arange(4)[:, None, None], 1.0, -1.0)
    lone = np.zeros((6, 8), dtype=int)
    lone[2, 5] = 3
    return {
        "noise": (rng.normal(0, 2, (4, 6, 8)), labels),
        "leaning right": (rng.normal(0, 1, (4, 6, 8)) + right, labels),
        "two classes absent": (rng.normal(0, 1, (4, 6, 8)), labels % 2),
        "one pixel of a class": (rng.normal(0, 1, (4, 6, 8)), lone),
        "only background": (rng.normal(0, 1, (4, 6, 8)), np.zeros((6, 8), dtype=int)),
        "sure and right": (30 * right, labels),
        "sure and wrong": (-30 * right, labels),
        "two classes": (np.stack([np.zeros((6, 8)), rng.normal(0, 3, (6, 8))]), labels % 2),
        "one class": (rng.normal(0, 1, (1, 6, 8)), np.zeros((6, 8), dtype=int)),
        "1 x 1": (rng.normal(0, 1, (3, 1, 1)), np.array([[2]])),
    }


PICTURES = pictures()
picture = pytest.mark.parametrize("name", PICTURES)


def tensors(name: str) -> tuple[Tensor, Tensor]:
    z, labels = PICTURES[name]
    return torch.from_numpy(z), torch.from_numpy(labels)


def cross_entropy(z: np.ndarray, labels: np.ndarray, weight: list[float] | None = None) -> float:
    surprise = -np.take_along_axis(log_softmax(z, axis=0), labels[None], 0)[0]
    weights = np.ones(labels.shape) if weight is None else np.array(weight)[labels]
    return (weights * surprise).sum() / weights.sum()


def class_areas(z: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shared, predicted and true area of each class."""
    p = softmax(z, axis=0)
    y = np.stack([labels == c for c in range(len(z))]).astype(float)
    return tuple(area.reshape(len(z), -1).sum(1) for area in (p * y, p, y))


def dice_multiclass(z: np.ndarray, labels: np.ndarray, smooth: float = 1e-5) -> float:
    shared, predicted, true = class_areas(z, labels)
    return (1 - (2 * shared + smooth) / (predicted + true + smooth)).mean()


def jaccard_multiclass(z: np.ndarray, labels: np.ndarray, smooth: float = 1e-5) -> float:
    shared, predicted, true = class_areas(z, labels)
    return (1 - (shared + smooth) / (predicted + true - shared + smooth)).mean()


def generalized_dice(z: np.ndarray, labels: np.ndarray, smooth: float = 1e-5) -> float:
    shared, predicted, true = class_areas(z, labels)
    weights = np.array([1 / area**2 if area else 1 / true[true > 0].min() ** 2 for area in true])
    return 1 - (2 * (weights * shared).sum() + smooth) / ((weights * (predicted + true)).sum() + smooth)


def cross_entropy_iou_2d(z: np.ndarray, labels: np.ndarray, smooth: float = 1e-5) -> float:
    return (cross_entropy(z, labels) + jaccard_multiclass(z, labels, smooth)) / 2


def dice_ce(z: np.ndarray, labels: np.ndarray, smooth: float = 1e-5) -> float:
    return cross_entropy(z, labels) + dice_multiclass(z, labels, smooth)


def choquet(errors: np.ndarray, truth: np.ndarray) -> float:
    """Lovász extension of the Jaccard loss, by its layers: each level set of the errors is a set of wrong pixels."""
    total, below = 0.0, 0.0
    for level in np.unique(errors[errors > 0]):
        wrong = errors >= level
        lost = 1 - (truth & ~wrong).sum() / (truth | wrong).sum()
        total, below = total + (level - below) * lost, level
    return total


def lovasz_softmax(z: np.ndarray, labels: np.ndarray, classes: str = "present") -> float:
    p = softmax(z, axis=0)
    counted = [c for c in range(len(z)) if classes == "all" or (labels == c).any()]
    return float(np.mean([choquet(np.abs((labels == c) - p[c]), labels == c) for c in counted]))


SETTINGS: list[tuple[str, Oracle, dict[str, float | str]]] = [
    ("pixel_cross_entropy", cross_entropy, {}),
    ("dice_multiclass", dice_multiclass, {}),
    ("dice_multiclass", dice_multiclass, {"smooth": 1.0}),
    ("jaccard_multiclass", jaccard_multiclass, {}),
    ("jaccard_multiclass", jaccard_multiclass, {"smooth": 1.0}),
    ("generalized_dice", generalized_dice, {}),
    ("generalized_dice", generalized_dice, {"smooth": 0.1}),
    ("cross_entropy_iou_2d", cross_entropy_iou_2d, {}),
    ("cross_entropy_iou_2d", cross_entropy_iou_2d, {"smooth": 1.0}),
    ("dice_ce", dice_ce, {}),
    ("dice_ce", dice_ce, {"smooth": 1.0}),
    ("lovasz_softmax", lovasz_softmax, {}),
    ("lovasz_softmax", lovasz_softmax, {"classes": "all"}),
]
settings = pytest.mark.parametrize(
    ("key", "oracle", "params"), SETTINGS, ids=[f"{key}-{params}" for key, _, params in SETTINGS]
)


@picture
@settings
def test_the_value_is_the_published_formula(name: str, key: str, oracle: Oracle, params: dict[str, float]) -> None:
    expected = oracle(*PICTURES[name], **params)
    assert losscore.get(key)(*tensors(name), **params).item() == pytest.approx(expected, rel=1e-11, abs=1e-12)


@settings
def test_the_gradient_is_the_slope_of_the_published_formula(key: str, oracle: Oracle, params: dict[str, float]) -> None:
    rng = np.random.default_rng(2)
    z, labels = rng.normal(0, 1, (3, 3, 4)), np.array([[0, 0, 1, 1], [1, 0, 0, 1], [1, 1, 0, 0]])
    expected = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        step = np.zeros(z.shape)
        step[at] = 1e-6
        expected[at] = (oracle(z + step, labels, **params) - oracle(z - step, labels, **params)) / 2e-6
    ours = losscore.get(key).gradient(torch.from_numpy(z), torch.from_numpy(labels), **params)
    assert ours.numpy() == pytest.approx(expected, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", [name for name in PICTURES if name not in ("one class", "1 x 1")])
def test_region_losses_are_monais(name: str) -> None:
    z, labels = (tensor[None] for tensor in tensors(name))
    channel = labels[:, None]
    inside = {"softmax": True, "to_onehot_y": True}
    jaccard = monai.losses.DiceLoss(**inside, jaccard=True, smooth_nr=2e-5, smooth_dr=2e-5)(z, channel)
    theirs = {
        "dice_multiclass": monai.losses.DiceLoss(**inside)(z, channel),
        "jaccard_multiclass": jaccard,
        "generalized_dice": monai.losses.GeneralizedDiceLoss(**inside)(z, channel),
        "dice_ce": monai.losses.DiceCELoss(**inside)(z, channel),
        "cross_entropy_iou_2d": (torch.nn.CrossEntropyLoss()(z, labels) + jaccard) / 2,
    }
    ours = {key: losscore.get(key)(z[0], labels[0]).item() for key in theirs}
    # MONAI's class weights are float32.
    assert ours == pytest.approx({key: number.item() for key, number in theirs.items()}, rel=1e-6, abs=1e-12)


@picture
def test_lovasz_over_all_classes_is_kornias(name: str) -> None:
    z, labels = tensors(name)
    # kornia refuses a single class and averages over absent classes too.
    if len(z) == 1:
        z, labels = torch.cat([z, z - 1]), labels
    theirs = kornia.losses.lovasz_softmax_loss(z[None].float(), labels[None]).item()
    assert losscore.get("lovasz_softmax")(z, labels, classes="all").item() == pytest.approx(theirs, rel=1e-5, abs=1e-6)


def test_where_only_one_class_is_present_the_two_means_differ() -> None:
    z, labels = tensors("only background")
    record = losscore.get("lovasz_softmax")
    highest = torch.cat([(1 - z.softmax(0)[:1]).flatten(1), z.softmax(0)[1:].flatten(1)]).amax(1)
    every = record(z, labels, classes="all").item()
    assert every == pytest.approx(((record(z, labels) + highest[1:].sum()) / 4).item(), rel=1e-12)


@pytest.mark.parametrize("weight", [[1.0, 1.0, 1.0, 1.0], [0.1, 2.0, 5.0, 0.5], [0.0, 1.0, 1.0, 1.0]], ids=str)
@pytest.mark.parametrize("name", ["noise", "leaning right", "one pixel of a class", "sure and wrong"])
def test_weighted_cross_entropy_divides_by_the_weights_met(name: str, weight: list[float]) -> None:
    z, labels = PICTURES[name]
    record = losscore.get("pixel_cross_entropy")
    ours = record(*tensors(name), weight=weight).item()
    assert ours == pytest.approx(cross_entropy(z, labels, weight), rel=1e-12)
    probabilities = softmax(z, axis=0).reshape(4, -1).T
    if name == "noise":
        theirs = sklearn.metrics.log_loss(
            labels.ravel(), probabilities, sample_weight=np.array(weight)[labels.ravel()], labels=range(4)
        )
        assert ours == pytest.approx(theirs, rel=1e-12)


def test_weights_belong_to_each_picture_by_itself() -> None:
    """torch divides by the weights of the whole batch; here each picture is one sample."""
    pairs = [tensors("noise"), tensors("one pixel of a class")]
    z, labels = (torch.stack(part) for part in zip(*pairs, strict=True))
    weight = [0.1, 2.0, 5.0, 0.5]
    ours = losscore.get("pixel_cross_entropy")(z, labels, weight=weight, reduction="none")
    torchs = [
        torch.nn.functional.cross_entropy(one[None], label[None], torch.tensor(weight, dtype=one.dtype)).item()
        for one, label in zip(z, labels, strict=True)
    ]
    assert ours.tolist() == pytest.approx(torchs, rel=1e-12)


def test_a_picture_without_any_weight_costs_nothing() -> None:
    z, labels = tensors("only background")
    record = losscore.get("pixel_cross_entropy")
    assert record(z, labels, weight=[0.0, 1.0, 1.0, 1.0]) == 0
    assert not record.gradient(z, labels, weight=[0.0, 1.0, 1.0, 1.0]).any()
    assert torch.nn.functional.cross_entropy(z[None], labels[None], torch.tensor([0.0, 1, 1, 1]).double()).isnan()


def test_zero_weight_on_background_forgives_every_false_alarm() -> None:
    labels = torch.zeros(5, 5, dtype=torch.long)
    labels[2, 2] = 1
    flood = torch.stack([torch.zeros(5, 5), torch.full((5, 5), 20.0)])
    record = losscore.get("pixel_cross_entropy")
    assert record(flood, labels, weight=[0.0, 1.0]) < 1e-8
    assert record(flood, labels) > 19


def test_two_class_logits_give_binary_cross_entropy() -> None:
    z, labels = tensors("two classes")
    binary = torch.nn.functional.binary_cross_entropy_with_logits(z[1], labels.double())
    assert losscore.get("pixel_cross_entropy")(z, labels).item() == pytest.approx(binary.item(), rel=1e-13)


def test_generalised_dice_is_ruled_by_a_lone_pixel() -> None:
    z, labels = torch.zeros(2, 20, 20), torch.zeros(20, 20, dtype=torch.long)
    labels[3, 4] = 1
    shares = {}
    for key in ("generalized_dice", "pixel_cross_entropy"):
        slope = losscore.get(key).gradient(z, labels).abs()
        shares[key] = (slope[:, 3, 4].sum() / slope.sum()).item()
    assert shares["pixel_cross_entropy"] == pytest.approx(1 / 400)
    assert shares["generalized_dice"] > 100 / 400


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("classes", [1, 2, 3])
@pytest.mark.parametrize("key", KEYS)
def test_value_and_gradient_are_finite_at_every_extreme(key: str, classes: int, dtype: torch.dtype) -> None:
    record = losscore.get(key)
    for height, width in [(1, 1), (4, 5)]:
        stripes = torch.arange(width).expand(height, width) % classes
        for labels in [torch.zeros_like(stripes), torch.full_like(stripes, classes - 1), stripes]:
            right = torch.nn.functional.one_hot(stripes, classes).movedim(-1, 0).to(dtype)
            for z in [torch.zeros_like(right), 1e4 * right, -1e4 * right, 2e4 * right - 1e4, 100 * right]:
                assert record(z, labels).isfinite()
                slope = record.gradient(z, labels)
                assert slope.isfinite().all()
                assert slope.dtype is dtype


@pytest.mark.parametrize("key", KEYS)
def test_a_batch_of_logits_against_one_truth_is_a_loop(key: str) -> None:
    rng = torch.Generator().manual_seed(1)
    z = torch.randn(2, 3, 4, 5, 7, generator=rng, dtype=torch.float64)
    labels = torch.randint(4, (5, 7), generator=rng)
    record = losscore.get(key)
    swept = record(z, labels, reduction="none")
    assert swept.shape == (2, 3)
    assert swept.flatten().tolist() == pytest.approx([record(one, labels).item() for one in z.flatten(0, 1)], rel=1e-13)
    assert swept[1, 2] == record(z[1, 2], labels.to(torch.int32))
    several = torch.randint(4, (2, 1, 5, 7), generator=rng)
    assert record(z[0, 0], several, reduction="none").shape == (2, 1)
    if "smooth" in record.params:
        steps = torch.tensor([1e-5, 0.1, 1.0], dtype=torch.float64)
        paired = record(z, labels, reduction="none", smooth=steps)
        alone = [record(z[i, j], labels, smooth=steps[j].item()).item() for i in range(2) for j in range(3)]
        assert paired.flatten().tolist() == pytest.approx(alone, rel=1e-13)


@pytest.mark.parametrize("key", KEYS)
def test_a_label_without_a_class_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"labels from 0 to 1 \(pred has 2 classes\), got 2"):
        losscore.get(key)(torch.zeros(2, 3, 3), torch.full((3, 3), 2))


def test_the_number_of_weights_must_be_the_number_of_classes() -> None:
    with pytest.raises(ValueError, match="each of the 2 classes, got 3"):
        losscore.get("pixel_cross_entropy")(torch.zeros(2, 3, 3), torch.zeros(3, 3).long(), weight=[1.0, 1.0, 1.0])
