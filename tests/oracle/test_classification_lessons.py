"""What learners get wrong about classification, and the numbers that show it; and what every loss of the family has."""

import math

import pytest
import torch
from torch import Tensor

import losscore

ALL = {
    "bce_with_logits": ("pos_weight",),
    "focal_binary": ("gamma", "alpha"),
    "hinge": (),
    "squared_hinge": (),
    "logistic_margin": (),
    "modified_huber": (),
    "exponential": (),
    "savage": (),
    "zero_one": (),
    "brier_binary": (),
    "bce_probs": (),
    "cross_entropy": (),
    "weighted_cross_entropy": ("weight",),
    "label_smoothing_ce": ("label_smoothing",),
    "soft_cross_entropy": (),
    "class_balanced_ce": ("beta", "counts"),
    "focal_multiclass": ("gamma",),
    "poly1_ce": ("epsilon",),
    "generalized_ce": ("q",),
    "brier_multiclass": (),
    "multiclass_hinge_cs": (),
    "multiclass_hinge_ww": (),
    "zero_one_multiclass": (),
    "mae_probs": (),
    "asymmetric_loss": ("gamma_pos", "gamma_neg", "clip", "eps"),
    "kl_divergence": (),
    "js_divergence": (),
}


def numbers(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def value(key: str, *inputs: Tensor, **params: float) -> float:
    return losscore.get(key)(*inputs, **params).item()


def slope(key: str, *inputs: Tensor, **params: float) -> float:
    return losscore.get(key).gradient(*inputs, **params).item()


def test_the_classification_family_is_complete() -> None:
    family = losscore.losses("classification")
    assert {record.key: tuple(record.params) for record in family} == ALL
    assert all(list(record.inputs) == ["pred", "target"] for record in family)


def test_squared_error_of_a_sigmoid_starts_flat_and_cross_entropy_does_not() -> None:
    z = numbers(-10.0).requires_grad_()
    losscore.get("brier_binary")(z.sigmoid(), numbers(1.0)).backward()
    assert z.grad.item() == pytest.approx(-9.1e-5, rel=0.01)
    cross_entropy = slope("bce_with_logits", numbers(-10.0), numbers(1.0))
    assert cross_entropy == pytest.approx(-1, abs=1e-4)
    assert cross_entropy / z.grad.item() == pytest.approx(11_014, rel=1e-4)


@pytest.mark.parametrize(("key", "output"), [("brier_binary", 0.20), ("bce_with_logits", 0.012)])
def test_one_neuron_unlearns_slowly_under_squared_error(key: str, output: float) -> None:
    """From w = b = 2 with input 1 and target 0, rate 0.15, 300 steps; the textbook's squared error has a half."""
    parts = numbers(2.0, 2.0)
    for _ in range(300):
        parts.requires_grad_()
        z = parts.sum()
        of_logit = key == "bce_with_logits"
        cost = losscore.get(key)(z if of_logit else z.sigmoid(), torch.zeros_like(z)) * (1 if of_logit else 0.5)
        (step,) = torch.autograd.grad(cost, parts)
        parts = (parts - 0.15 * step).detach()
    assert parts.sum().sigmoid().item() == pytest.approx(output, rel=0.05)


def test_a_lower_loss_is_not_a_higher_accuracy() -> None:
    yes = torch.ones(10, dtype=torch.float64)
    hesitant, bold = numbers(*[0.51] * 10), numbers(*[0.99] * 9, 0.001)
    losses = [value("bce_probs", p, yes) for p in (hesitant, bold)]
    errors = [value("zero_one", torch.logit(p), yes) for p in (hesitant, bold)]
    assert losses == pytest.approx([0.673, 0.700], abs=5e-4)
    assert errors == pytest.approx([0, 0.1])


@pytest.mark.parametrize(("classes", "chance", "floor"), [(2, 0.693, 0.313), (10, 2.303, 1.461), (1000, 6.908, 5.909)])
def test_chance_is_ln_c_and_a_second_softmax_has_a_floor(classes: int, chance: float, floor: float) -> None:
    z, y = torch.zeros(classes, dtype=torch.float64), torch.tensor(0)
    assert value("cross_entropy", z, y) == pytest.approx(chance, abs=5e-4)
    sure = torch.nn.functional.one_hot(y, classes).double()
    assert value("cross_entropy", sure, y) == pytest.approx(floor, abs=5e-4)


@pytest.mark.parametrize(("classes", "floor"), [(2, 0.1985), (10, 0.5003), (1000, 1.015)])
def test_label_smoothing_has_a_floor_above_0(classes: int, floor: float) -> None:
    best = torch.zeros(classes, dtype=torch.float64)
    best[0] = math.log(1 + classes * 0.9 / 0.1)
    loss, y = losscore.get("label_smoothing_ce"), torch.tensor(0)
    assert loss(best, y).item() == pytest.approx(floor, abs=5e-4)
    assert loss.gradient(best, y).abs().max() < 1e-13
    assert loss(best + 0.1 * best.sign(), y) > loss(best, y)


def test_label_smoothing_charges_for_being_too_sure() -> None:
    """Rows that are all right at +-1e4: each wrong class of three should hold a thirtieth and holds nothing."""
    z = (2 * torch.eye(3, dtype=torch.float64) - 1) * 1e4
    assert value("label_smoothing_ce", z, torch.arange(3)) == pytest.approx(2 / 30 * 2e4, rel=1e-12)
    assert value("label_smoothing_ce", z, torch.arange(3), label_smoothing=0.0) == 0


def test_soft_labels_cannot_be_fitted_below_their_entropy() -> None:
    t = numbers(0.7, 0.2, 0.1)
    entropy = -(t * t.log()).sum().item()
    assert value("soft_cross_entropy", t.log(), t) == pytest.approx(entropy, rel=1e-14)
    other = numbers(1.0, -1.0, 0.5)
    excess = value("soft_cross_entropy", other, t) - entropy
    assert excess == pytest.approx(value("kl_divergence", other.softmax(-1), t), rel=1e-12)


def test_class_weights_divide_by_the_weights_and_not_by_the_rows() -> None:
    """Four rows of the common class at 0.99 and one of the rare class at 0.01, which weighs 20."""
    p = torch.tensor([[0.99, 0.01]] * 5, dtype=torch.float64)
    y = torch.tensor([0, 0, 0, 0, 1])
    common, rare = -math.log(0.99), -math.log(0.01)
    total = 4 * common + 20 * rare
    loss = losscore.get("weighted_cross_entropy")
    assert loss(p.log(), y, weight=[1, 20]).item() == pytest.approx(total / 24, rel=1e-14)
    assert total / 5 == pytest.approx(24 / 5 * loss(p.log(), y, weight=[1, 20]).item())


def test_class_weights_move_the_border_by_the_log_of_their_ratio() -> None:
    """One logit for everybody, one case in ten is yes: weight 9 makes the best answer one half."""
    rows = torch.zeros(10, 2, dtype=torch.float64)
    y = torch.tensor([1] + [0] * 9)
    loss = losscore.get("weighted_cross_entropy")
    assert loss.gradient(rows, y, weight=[1, 9]).sum(0).tolist() == pytest.approx([0, 0], abs=1e-15)
    plain = rows.clone()
    plain[:, 1] = -math.log(9)
    assert loss.gradient(plain, y).sum(0).tolist() == pytest.approx([0, 0], abs=1e-15)


def test_kl_mean_and_batchmean() -> None:
    """Of a confident target against a uniform guess; torch's mean divides by the three classes too."""
    t, p = numbers(0.9, 0.05, 0.05), numbers(1 / 3, 1 / 3, 1 / 3)
    assert value("kl_divergence", p, t) == pytest.approx(0.7042, abs=5e-5)
    assert torch.nn.functional.kl_div(p.log(), t, reduction="none").mean().item() == pytest.approx(0.2347, abs=5e-5)


def test_kl_depends_on_the_order() -> None:
    one, half = numbers(0.9, 0.1), numbers(0.5, 0.5)
    assert value("kl_divergence", half, one) == pytest.approx(0.368, abs=5e-4)
    assert value("kl_divergence", one, half) == pytest.approx(0.511, abs=5e-4)


def test_kl_and_js_do_not_see_how_far_a_spike_has_moved() -> None:
    spikes = torch.full((9, 10), 0.001, dtype=torch.float64)
    spikes[torch.arange(9), torch.arange(9)] = 0.991
    for key, expected in {"kl_divergence": 6.83, "js_divergence": 0.680}.items():
        moved = losscore.get(key)(spikes[1:], spikes[0], reduction="none")
        assert moved.tolist() == pytest.approx([expected] * 8, abs=5e-3)


def test_hinge_and_cross_entropy_have_scales_of_their_own() -> None:
    yes = numbers(1.0)
    at_0 = {key: value(key, numbers(0.0), yes) for key in ("logistic_margin", "hinge", "bce_with_logits")}
    assert at_0 == pytest.approx({"logistic_margin": 0.693, "hinge": 1, "bce_with_logits": 0.693}, abs=5e-4)
    at_1 = [slope(key, numbers(1.0), yes) for key in ("logistic_margin", "hinge")]
    assert at_1 == pytest.approx([-0.269, 0], abs=5e-4)


def test_a_sigmoid_before_the_loss_loses_what_the_logit_knew() -> None:
    z = numbers(-200.0).float().requires_grad_()
    squashed = losscore.get("bce_probs")(z.sigmoid(), torch.ones(1))
    squashed.backward()
    assert squashed.item() == 100
    assert z.grad.item() == 0
    assert value("bce_with_logits", numbers(-200.0), numbers(1.0)) == 200
    assert slope("bce_with_logits", numbers(-200.0), numbers(1.0)) == -1


@pytest.mark.parametrize(("p", "divisor"), [(0.9, 100), (0.968, 977), (0.1, 1.23)])
def test_focal_never_exceeds_cross_entropy(p: float, divisor: float) -> None:
    z, yes = numbers(logit(p)), numbers(1.0)
    plain = value("bce_with_logits", z, yes)
    assert plain / value("focal_binary", z, yes, alpha=None) == pytest.approx(divisor, rel=5e-3)
    two = torch.stack([z / 2, -z / 2], -1)
    label = torch.zeros(1, dtype=torch.long)
    assert plain / value("focal_multiclass", two, label) == pytest.approx(divisor, rel=5e-3)


def test_focal_lets_a_hundred_hard_cases_outweigh_the_easy_ones() -> None:
    easy, hard, yes = numbers(logit(math.exp(-0.1))), numbers(logit(0.1)), numbers(1.0)

    def ratio(key: str, **params: float) -> float:
        return 100_000 * value(key, easy, yes, **params) / (100 * value(key, hard, yes, **params))

    assert ratio("bce_with_logits") == pytest.approx(43, abs=0.5)
    assert ratio("focal_binary", alpha=None) == pytest.approx(0.49, abs=5e-3)


def test_focal_pulls_harder_than_cross_entropy_below_a_crossing() -> None:
    """At gamma = 2 below p = 0.298, most at p = 0.058 with 1.13; at gamma = 1 below 1/e."""
    p = torch.linspace(1e-3, 0.999, 200_000, dtype=torch.float64)
    z, yes = torch.logit(p), torch.ones_like(p)
    plain = losscore.get("bce_with_logits").gradient(z, yes, reduction="sum").abs()
    for gamma, crossing in ((2.0, 0.298), (1.0, math.exp(-1))):
        pull = losscore.get("focal_binary").gradient(z, yes, reduction="sum", gamma=gamma, alpha=None).abs()
        assert p[pull > plain].max().item() == pytest.approx(crossing, abs=5e-4)
        if gamma == 2:
            assert pull.max().item() == pytest.approx(1.13, abs=5e-3)
            assert p[pull.argmax()].item() == pytest.approx(0.058, abs=1e-3)


@pytest.mark.parametrize(("gamma", "best"), [(0, 0.9), (1, 0.774), (2, 0.694), (5, 0.597)])
def test_what_focal_answers_is_no_probability(gamma: float, best: float) -> None:
    """Where yes is right nine times in ten: a target of 0.9 is the mean over such cases."""
    p = torch.linspace(0.01, 0.99, 9801, dtype=torch.float64)
    target = torch.full_like(p, 0.9)
    costs = losscore.get("focal_binary")(torch.logit(p), target, reduction="none", gamma=float(gamma), alpha=None)
    assert p[costs.argmin()].item() == pytest.approx(best, abs=5e-4)


def test_weighted_cross_entropy_answers_one_half_at_a_rate_of_a_tenth() -> None:
    assert slope("bce_with_logits", numbers(0.0), numbers(0.1), pos_weight=9.0) == pytest.approx(0, abs=1e-15)


def test_bounded_losses_stay_bounded_and_one_wrong_label_ruins_exponential() -> None:
    z, y = numbers(-1e4, 1e4, 0.0), torch.tensor(0)
    bounded = {"generalized_ce": 1 / 0.7, "mae_probs": 2.0}
    assert {key: value(key, z, y) for key in bounded} == pytest.approx(bounded)
    assert value("savage", numbers(-1e4), numbers(1.0)) == 1
    # Over all labels the absolute error is the same for any answer.
    answers = torch.tensor([[0.3, -2.0, 1.0], [5.0, 0.0, -4.0]], dtype=torch.float64)
    sums = losscore.get("mae_probs")(answers[:, None], torch.arange(3), reduction="none").sum(-1)
    assert sums.tolist() == pytest.approx([4, 4])
