"""What learners get wrong about overlap, and the numbers that show it."""

import pytest
import torch
from torch import Tensor

import losscore


def square(side: int, y: int, x: int, size: int) -> Tensor:
    """A mask of size x size with a filled square whose corner lies at (y, x)."""
    mask = torch.zeros(size, size, dtype=torch.float64)
    mask[y : y + side, x : x + side] = 1
    return mask


def strip(*parts: tuple[int, float], size: int) -> Tensor:
    """A picture of size x size filled in reading order: so many pixels of each value, the rest 0."""
    flat = torch.zeros(size * size, dtype=torch.float64)
    values = torch.cat([torch.full((count,), value, dtype=torch.float64) for count, value in parts])
    flat[: len(values)] = values
    return flat.reshape(size, size)


@pytest.mark.parametrize(("size", "accuracy"), [(100, 0.995), (1000, 0.99995)])
def test_dice_does_not_see_true_negatives_and_accuracy_sees_little_else(size: int, accuracy: float) -> None:
    truth, guess = strip((75, 1.0), size=size), strip((50, 1.0), (25, 0.0), (25, 1.0), size=size)
    numbers = {key: losscore.get(f"metric_{key}")(guess, truth).item() for key in ("dice", "iou", "accuracy")}
    assert numbers == pytest.approx({"dice": 2 / 3, "iou": 0.5, "accuracy": accuracy}, abs=1e-12)
    assert losscore.get("dice")(guess, truth).item() == pytest.approx(1 / 3, abs=1e-6)


def test_two_models_trade_places_between_mean_iou_and_mean_dice() -> None:
    """IoUs of .5 and .5 against .2 and .85, each made of twenty pixels in prediction or truth."""
    truth = strip((20, 1.0), size=6)
    hits = torch.tensor([[10, 10], [4, 17]])
    guesses = torch.stack([strip((int(n), 1.0), size=6) for n in hits.flatten()]).reshape(2, 2, 6, 6)
    iou = losscore.get("metric_iou")(guesses, truth, reduction="none")
    assert iou.flatten().tolist() == pytest.approx([0.5, 0.5, 0.2, 0.85])
    assert iou.mean(1).tolist() == pytest.approx([0.5, 0.525])
    dice = losscore.get("metric_dice")(guesses, truth, reduction="none").mean(1)
    assert [round(number, 3) for number in dice.tolist()] == [0.667, 0.626]


@pytest.mark.parametrize(("side", "expected"), [(2, 0.5), (4, 0.75), (10, 0.9), (50, 0.98)])
def test_one_pixel_off_is_worse_for_a_small_square(side: int, expected: float) -> None:
    truth, guess = square(side, 5, 5, 64), square(side, 5, 6, 64)
    assert losscore.get("metric_dice")(guess, truth).item() == pytest.approx(expected, abs=1e-12)
    assert losscore.get("dice")(guess, truth).item() == pytest.approx(1 - expected, abs=1e-5)


def test_soft_dice_is_not_the_dice_that_is_reported() -> None:
    truth = square(6, 4, 4, 16)
    assert losscore.get("dice")(0.6 * truth, truth).item() == pytest.approx(0.25, abs=1e-6)
    assert losscore.get("metric_dice")(0.6 * truth, truth).item() == 1.0
    assert losscore.get("dice")(1.0 * (truth >= 0.5), truth).item() == 0.0


@pytest.mark.parametrize(("smooth", "expected"), [(1.0, 0.5), (1e-5, 0.99999)])
def test_one_false_pixel_on_an_empty_truth_costs_what_smooth_says(smooth: float, expected: float) -> None:
    cost = losscore.get("dice")(square(1, 3, 3, 8), torch.zeros(8, 8, dtype=torch.float64), smooth=smooth)
    assert cost.item() == pytest.approx(expected, abs=1e-9)


def test_a_faint_answer_to_an_empty_truth_gets_no_direction() -> None:
    faint = torch.full((3, 3), 0.1, dtype=torch.float64)
    empty = torch.zeros(3, 3, dtype=torch.float64)
    assert losscore.get("dice")(faint, empty).item() == pytest.approx(0.99999, abs=2e-6)
    assert losscore.get("dice").gradient(faint, empty).tolist() == [[pytest.approx(1.2e-5, abs=5e-7)] * 3] * 3


def test_dice_gives_a_rare_object_half_of_the_pull_and_cross_entropy_a_twelfth() -> None:
    truth = strip((100, 1.0), size=100)
    p = torch.full((100, 100), 0.1, dtype=torch.float64)
    z = torch.stack([torch.zeros_like(p), p.logit()])
    pulls = {
        # One in the score, one in the probability: shares are the same in both, as every pixel has the same dp/dz.
        "bce": losscore.get("pixel_cross_entropy").gradient(z, truth.long())[1].abs(),
        "dice": losscore.get("dice").gradient(p, truth).abs(),
    }
    shares = {name: (pull[truth == 1].sum() / pull.sum()).item() for name, pull in pulls.items()}
    assert {name: round(100 * share, 1) for name, share in shares.items()} == {"bce": 8.3, "dice": 52.4}
