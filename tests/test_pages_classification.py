"""The Classification page's parts of one logit and of many samples: every control, every number that is told."""

import math
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hands import film, near, preset, sweep
from scipy.special import expit, xlogy

import losscore
from losscore.explore.class_counts import COUNTS
from pages import classification
from pages.classification_crowds import OWNER, SCALE, TEN
from pages.classification_logits import LOSSES, NEURON, ONE_LOGIT
from pages.ui.words import words

OWN = (ONE_LOGIT, NEURON, OWNER, SCALE, TEN)
PARTS = {part.view.key: part for part in classification.PARTS if part.view in OWN}
VIEWS = pytest.mark.parametrize("view", OWN, ids=lambda view: view.key)
EVERY_PART = pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.key)


# Each loss of a yes, and its slope by the logit, written for float64 numpy.
FORMULAS: dict[str, Any] = {
    "bce_with_logits": (lambda z: np.logaddexp(0, -z), lambda z: -expit(-z)),
    "bce_probs": (lambda z: np.logaddexp(0, -z), lambda z: -expit(-z)),
    "logistic_margin": (lambda z: np.logaddexp(0, -z), lambda z: -expit(-z)),
    "hinge": (lambda z: np.maximum(0, 1 - z), lambda z: np.where(z < 1, -1.0, 0.0)),
    "squared_hinge": (lambda z: np.maximum(0, 1 - z) ** 2, lambda z: -2 * np.maximum(0, 1 - z)),
    "exponential": (lambda z: np.exp(-z), lambda z: -np.exp(-z)),
    "brier_binary": (lambda z: expit(-z) ** 2, lambda z: -2 * expit(-z) ** 2 * expit(z)),
    "zero_one": (lambda z: (z <= 0).astype(float), np.zeros_like),
    "modified_huber": (
        lambda z: np.where(z >= -1, np.maximum(0, 1 - z) ** 2, -4 * z),
        lambda z: np.where(z >= -1, -2 * np.maximum(0, 1 - z), -4.0),
    ),
    "savage": (lambda z: expit(-2 * z) ** 2, lambda z: -4 * expit(-2 * z) ** 2 * expit(2 * z)),
    "focal_binary": (
        lambda z: 0.25 * expit(-z) ** 2 * np.logaddexp(0, -z),
        lambda z: -0.25 * (2 * expit(-z) ** 2 * expit(z) * np.logaddexp(0, -z) + expit(-z) ** 3),
    ),
}


class TestOneLogit:
    @pytest.mark.parametrize("key", LOSSES)
    def test_values_and_slopes_are_the_formulas(self, key: str) -> None:
        moving = sweep(ONE_LOGIT, "z", logit_losses=[key])
        z = np.array(ONE_LOGIT.sliders["z"].values)
        for slot, formula in zip(("loss", "slope"), FORMULAS[key], strict=True):
            # 32-bit numbers hold a probability near 1 to 6e-8 only.
            np.testing.assert_allclose(moving.slots[f"{key}.{slot}"], formula(z), rtol=1e-4, atol=5e-7)

    def test_every_loss_of_one_number_can_be_chosen(self) -> None:
        family = {loss.key for loss in losscore.losses("classification") if not loss.inputs["pred"].dims}
        assert set(LOSSES) == family == set(FORMULAS)

    def test_untouched_it_shows_lesson_7(self) -> None:
        slots, notice = film(ONE_LOGIT).slots, words(ONE_LOGIT.key)[0]
        assert slots["z"][0] == -10
        assert slots["brier_binary.slope"][0] == pytest.approx(-9.1e-5, rel=0.01)
        assert slots["bce_with_logits.slope"][0] == pytest.approx(-1, abs=1e-4)
        assert slots["bce_with_logits.slope"][0] / slots["brier_binary.slope"][0] == pytest.approx(11_014, rel=1e-4)
        assert "0.000091" in notice
        assert "11,014" in words(ONE_LOGIT.key)[1]

    def test_lesson_13_bce_and_hinge_have_two_scales(self) -> None:
        at_0 = film(ONE_LOGIT, z=0.0).slots
        assert [f"{at_0[f'{key}.loss'][0]:.3f}" for key in ("bce_with_logits", "hinge")] == ["0.693", "1.000"]
        slots, shows = preset(ONE_LOGIT, "BCE and hinge")
        assert f"{slots['bce_with_logits.slope'][0]:.3f}" == "-0.269"
        assert slots["hinge.slope"][0] == 0
        assert "pulls with 0.269" in shows
        assert "0.693 and 1" in shows

    def test_lesson_14_a_sigmoid_before_bce_loses_the_gradient(self) -> None:
        slots, _ = preset(ONE_LOGIT, "Far out")
        assert [slots[f"{key}.loss"][0] for key in ("bce_probs", "bce_with_logits")] == [100, 200]
        assert [slots[f"{key}.slope"][0] for key in ("bce_probs", "bce_with_logits")] == [0, -1]

    def test_the_other_presets_hold_their_numbers(self) -> None:
        slots, shows = preset(ONE_LOGIT, "Sure and right")
        assert f"(BCE {slots['bce_with_logits.loss'][0]:.3f})" in shows
        assert f"BCE with {-slots['bce_with_logits.slope'][0]:.3f}, the hinge with 0." in shows
        assert max(slots[f"{key}.loss"][0] for key in ("hinge", "brier_binary", "zero_one")) < 1e-4
        slots, shows = preset(ONE_LOGIT, "Focal")
        told = f"p = {slots['p'][0]:.3f}: BCE costs {slots['bce_with_logits.loss'][0]:.3f}"
        assert told + f", focal {slots['focal_binary.loss'][0]:.4f}" in shows
        slots, shows = preset(ONE_LOGIT, "One bad label")
        assert f"{slots['exponential.loss'][0]:,.0f}" in shows
        assert f"squared hinge {slots['squared_hinge.loss'][0]:.0f}, " in shows
        assert f"BCE {slots['bce_with_logits.loss'][0]:.0f}." in shows
        slots, shows = preset(ONE_LOGIT, "How it fades")
        assert f"{-slots['brier_binary.slope'][0]:.1e} at −10".replace("e-05", "e−5") in shows
        near([-slots[f"{key}.slope"][0] for key in ("bce_with_logits", "hinge")], [1, 1], 1e-4)
        falls = sweep(ONE_LOGIT, "z").slots["brier_binary.slope"]
        assert falls[4] / falls[0] == pytest.approx(math.e, rel=1e-2)  # four steps make a unit

    @pytest.mark.parametrize("key", LOSSES)
    def test_where_a_loss_pulls_is_where_its_slope_is_large(self, key: str) -> None:
        slots = film(ONE_LOGIT, logit_losses=[key]).slots
        z = np.linspace(-30, 30, 60_001)
        strong = z[np.abs(FORMULAS[key][1](z)) >= 0.01]
        low, high = slots[f"{key}.low"][0], slots[f"{key}.high"][0]
        if not len(strong):
            assert np.isnan([low, high]).all()
            return
        assert high == pytest.approx(strong.max(), abs=0.011)
        if key == "bce_probs":  # torch stops dividing by p(1 - p) at 1e-12, which is z = -27.6
            assert low == pytest.approx(math.log(0.01 * 1e-12), abs=0.51)
        elif strong.min() == -30:
            assert low == -np.inf
        else:
            assert low == pytest.approx(strong.min(), abs=0.011)

    def test_the_gradient_on_a_log_scale_is_its_size(self) -> None:
        made = film(ONE_LOGIT, log_pull=True)
        drawn = {made.figure.data[t].name: y[0] for (t, n), y in made._arrays.items() if n == "y" and len(y[0]) > 9}
        z = np.linspace(-12.6, 12.6, 253)
        np.testing.assert_allclose(drawn["MSE of the sigmoid"][:150], 2 * expit(-z[:150]) ** 2 * expit(z[:150]), 1e-3)
        assert made.figure.layout.yaxis2.type == "log"
        assert film(ONE_LOGIT).figure.layout.yaxis2.type is None

    def test_steep_losses_have_room(self) -> None:
        def floor(**changes: Any) -> float:
            return float(film(ONE_LOGIT, **changes).figure.layout.yaxis2.range[0])

        assert floor() > floor(logit_losses=["modified_huber"]) < -4
        assert floor(bce_with_logits_pos_weight=20.0) < -4


class TestNeuron:
    @pytest.mark.parametrize(("key", "slope"), [("brier_binary", lambda p: p * p * (1 - p)), ("bce_with_logits", None)])
    def test_it_goes_down_as_by_hand(self, key: str, slope: Any) -> None:
        shown = sweep(NEURON, "epoch").slots
        w = b = 2.0
        outputs, pulls = [], []
        for _ in range(301):
            p = 1 / (1 + math.exp(-w - b))
            pull = slope(p) if slope else p
            outputs.append(p)
            pulls.append(pull)
            w, b = w - 0.15 * pull, b - 0.15 * pull
        near(shown[f"{key}.output"], outputs[::5], 1e-3)
        near(shown[f"{key}.pull"], pulls[::5], 1e-3)

    def test_untouched_it_shows_lesson_7(self) -> None:
        slots, first, notice = film(NEURON).slots, film(NEURON, epoch=0.0).slots, words(NEURON.key)[0]
        assert f"{slots['brier_binary.output'][0]:.2f}" == "0.20"
        assert f"{slots['bce_with_logits.output'][0]:.3f}" == "0.012"
        assert "brought it to 0.20, BCE to 0.012" in notice
        assert f"at first, {first['brier_binary.pull'][0]:.3f}" in notice
        assert f"pulls with {first['bce_with_logits.pull'][0]:.2f}" in notice

    @pytest.mark.parametrize("name", ["A mild mistake", "A bad start"])
    def test_presets_hold_their_numbers(self, name: str) -> None:
        slots, shows = preset(NEURON, name)
        begin = PARTS[NEURON.key].presets[name][0]["begin"]
        first = film(NEURON, begin=begin, epoch=0.0).slots["brier_binary.output"][0]
        digits = 2 if begin < 1 else 3
        for number in (first, slots["brier_binary.output"][0]):
            assert f"{number:.{digits}f}" in shows
        assert f"{slots['bce_with_logits.output'][0]:.3f}." in shows

    def test_a_higher_rate_gets_there_late(self) -> None:
        slots, shows = preset(NEURON, "A bad start, a higher rate")
        ways = sweep(NEURON, "epoch", begin=3.0, neuron_rate=1.0).slots
        late = ways["brier_binary.output"][NEURON.sliders["epoch"].values.index(200)]
        assert f"down to {slots['brier_binary.output'][0]:.3f}, though step 200 still finds it at {late:.3f}" in shows
        assert f"BCE ends at {slots['bce_with_logits.output'][0]:.3f}." in shows


class TestOwner:
    def sums(self, gamma: float = 2.0, weight: float = 1.0, easy: float = 1e5, cost: float = 0.1) -> np.ndarray:
        """Ratios easy : hard of loss and pull: of cross-entropy with a weight, and of focal."""
        p = np.array([math.exp(-cost), 0.1])  # of the truth
        count = np.array([easy, 100.0])
        ce, pull = -np.log(p), 1 - p
        focal = (1 - p) ** gamma * ce
        bent = (1 - p) ** gamma * (1 - p + gamma * p * ce)
        weighted = np.array([1, weight])
        sums = [part * count for part in (ce * weighted, pull * weighted, focal, bent)]
        return np.array([part[0] / part[1] for part in sums])

    def shown(self, slots: dict[str, np.ndarray], row: str) -> np.ndarray:
        return np.stack([slots[f"owner.{row}.loss"], slots[f"owner.{row}.pull"]], -1)

    def test_untouched_it_shows_lesson_15(self) -> None:
        slots, notice = film(OWNER).slots, words(OWNER.key)[0]
        assert f"{slots['owner.ce.loss'][0]:.0f}" == "43"
        assert f"{slots['owner.focal.loss'][0]:.2f}" == "0.49"
        assert f"{slots['owner.focal.pull'][0]:.1f} times as much of its pull" in notice
        assert "43 times" in notice
        assert "0.49 to 1" in notice

    def test_focal_divides_as_lesson_15_says(self) -> None:
        slots = film(OWNER).slots
        for p, told in ((0.1, 1.23), (0.9, 100), (0.968, 977)):
            assert slots[f"owner.divided.{p}"][0] == pytest.approx((1 - p) ** -2, rel=1e-4)
            assert slots[f"owner.divided.{p}"][0] == pytest.approx(told, rel=5e-3)

    @pytest.mark.parametrize(
        ("key", "name"),
        [("focus", "gamma"), ("hard_weight", "weight"), ("easy_count", "easy"), ("easy_cost", "cost")],
    )
    def test_every_slider_moves_the_sums_as_by_hand(self, key: str, name: str) -> None:
        slots = sweep(OWNER, key).slots
        for step, value in enumerate(OWNER.sliders[key].values):
            want = self.sums(**{"weight": 10.0} | {name: value})
            near([self.shown(slots, row)[step] for row in ("weighted", "focal")], want.reshape(2, 2), 1e-3)
            plain = self.sums(**({} if name == "weight" else {name: value}))[:2]
            near(self.shown(slots, "ce")[step], plain, 1e-3)
            near(slots["owner.ce.loss.hard"][step], 1 / (1 + plain[0]), 1e-3)

    @pytest.mark.parametrize("name", ["gamma_pos", "gamma_neg", "clip"])
    def test_asymmetric_sums_are_as_by_hand(self, name: str) -> None:
        slots = sweep(OWNER, f"asymmetric_loss_{name}", silenced_by="asymmetric_loss").slots
        no, yes = 1 - math.exp(-0.1), 0.1  # probabilities of yes
        for step, value in enumerate(OWNER.sliders[f"asymmetric_loss_{name}"].values):
            given = {"gamma_pos": 1.0, "gamma_neg": 4.0, "clip": 0.05} | {name: value}
            plus, minus, m = given["gamma_pos"], given["gamma_neg"], max(no - given["clip"], 0.0)
            cost = np.array([-(m**minus) * math.log1p(-m), -((1 - yes) ** plus) * math.log(yes)])
            by_m = m**minus / (1 - m) - (minus * m ** (minus - 1) * math.log1p(-m) if m and minus else 0.0)
            by_p = plus * (1 - yes) ** (plus - 1) * math.log(yes) - (1 - yes) ** plus / yes
            pull = np.abs([by_m * no * (1 - no) * (m > 0), by_p * yes * (1 - yes)])
            for told, each in (("loss", cost), ("pull", pull)):
                near(slots[f"owner.asymmetric.{told}"][step], 1000 * each[0] / each[1], 2e-3, 1e-5)

    def test_a_sure_no_called_yes_is_left_alone_where_something_is_taken_off(self) -> None:
        for clip, pulled in ((0.05, False), (0.0, True)):
            made = film(OWNER, silenced_by="asymmetric_loss", asymmetric_loss_clip=clip)
            (line,) = (t for t, trace in enumerate(made.figure.data) if trace.name == "Asymmetric")
            surely_wrong = made._arrays[line, "y"][0, 0]
            assert surely_wrong > 0.9 if pulled else surely_wrong < 0.1
            assert (made.text("owner.divided.0.968", 0) == "∞") is not pulled

    def test_the_presets_of_several_labels_hold_their_numbers(self) -> None:
        slots, shows = preset(OWNER, "Several labels")
        for row in ("asymmetric", "ce"):
            assert f"{100 * slots[f'owner.{row}.pull.hard'][0]:.1f} %" in shows
        slots, shows = preset(OWNER, "A no that is free")
        assert [slots[f"owner.asymmetric.{told}"][0] for told in ("loss", "pull")] == [0, 0]

    def test_bars_share_out_the_whole(self) -> None:
        made = film(OWNER)
        bars = [x[0] for (t, n), x in made._arrays.items() if n == "x" and made.figure.data[t].line.width == 17]
        assert len(bars) == 12
        for easy, hard in zip(bars[::2], bars[1::2], strict=True):
            assert (easy[0], hard[1]) == (0, 100)
            assert easy[1] == hard[0]
        near(bars[0][1], 100 * (1 - made.slots["owner.ce.loss.hard"][0]))
        near(bars[10][1], 100 * (1 - made.slots["owner.focal.pull.hard"][0]))

    def test_the_why_and_the_presets_hold_their_numbers(self) -> None:
        slots, why = film(OWNER).slots, words(OWNER.key)[1]
        assert f"together {slots['owner.ce.pull'][0]:.0f} to 1" in why
        assert f"leaves {slots['owner.focal.pull'][0]:.2f} to 1" in why
        assert f"43 evens out the losses, {slots['owner.ce.pull'][0]:.0f} the pulls" in why
        slots, shows = preset(OWNER, "Cross-entropy")
        near(self.shown(slots, "focal"), self.shown(slots, "ce"))
        assert f"{slots['owner.focal.loss'][0]:.0f} times" in shows
        slots, shows = preset(OWNER, "Weighted evenly")
        assert f"({slots['owner.weighted.loss'][0]:.2f} : 1)" in shows
        assert f"still {slots['owner.weighted.pull'][0]:.1f} : 1" in shows
        slots, shows = preset(OWNER, "Nothing rare")
        assert f"({100 * slots['owner.ce.loss.hard'][0]:.0f} %)" in shows
        slots, shows = preset(OWNER, "A million easy ones")
        assert f"{slots['owner.focal.loss'][0]:.3f} times as much" in shows
        assert f"{slots['owner.focal.pull'][0]:.2f} times as hard" in shows


class TestScale:
    def test_chance_and_the_floors_of_lessons_9_10_and_11(self) -> None:
        slots = sweep(SCALE, "class_count").slots
        c = np.array(COUNTS, dtype=float)
        near(slots["scale.chance"], np.log(c))
        near(slots["scale.twice.lowest"], np.log(math.e + c - 1) - 1)
        other, own = 0.1 / c, 1 - 0.1 + 0.1 / c
        near(slots["scale.smoothed.lowest"], -xlogy(own, own) - (c - 1) * xlogy(other, other))
        near(slots["scale.plain.lowest"], np.zeros_like(c))
        at = [COUNTS.index(count) for count in (2, 10, 1000)]
        told = {"chance": (0.693, 2.303, 6.908), "twice.lowest": (0.313, 1.461, 5.909),
                "smoothed.lowest": (0.1985, 0.5003, 1.015)}  # fmt: skip
        for name, numbers in told.items():
            assert slots[f"scale.{name}"][at].tolist() == pytest.approx(numbers, abs=6e-4)

    @pytest.mark.parametrize("classes", [2, 10, 1000])
    def test_costs_along_the_lead(self, classes: int) -> None:
        slots = sweep(SCALE, "lead", class_count=classes).slots
        z = np.zeros((81, classes))
        z[:, 0] = SCALE.sliders["lead"].values
        p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
        near(slots["scale.p"], p[:, 0])
        # Of a probability near 1, 32-bit numbers leave 6e-8 times the logits.
        np.testing.assert_allclose(slots["scale.plain"], -np.log(p[:, 0]), rtol=1e-4, atol=1e-5)
        again = np.exp(p) / np.exp(p).sum(-1, keepdims=True)
        near(slots["scale.twice"], -np.log(again[:, 0]), 1e-3)
        near(slots["scale.smoothed"], -0.9 * np.log(p[:, 0]) - 0.1 * np.log(p).mean(-1), 1e-3)

    def test_the_floor_moves_with_the_smoothing(self) -> None:
        slots = sweep(SCALE, "smoothing").slots
        epsilon = np.array(SCALE.sliders["smoothing"].values)
        other, own = epsilon / 10, 1 - epsilon + epsilon / 10
        near(slots["scale.smoothed.lowest"], -xlogy(own, own) - 9 * xlogy(other, other), 1e-3)

    def test_mean_is_not_batchmean_as_lesson_12_says(self) -> None:
        slots, shows = preset(SCALE, "What mean means")
        truth, guess = torch.tensor([0.9, 0.05, 0.05]), torch.full((3,), 1 / 3)
        each = F.kl_div(guess.log()[None], truth[None], reduction="none")
        told = {"mean": each.mean().item(), "batchmean": each.sum().item() / len(each)}
        for name, number in told.items():
            near(slots[f"scale.kl.{name}"][0], number)
            assert f"{number:.4f}" in shows
        assert [f"{told[name]:.4f}" for name in told] == ["0.2347", "0.7042"]

    def test_the_notice_and_the_presets_hold_their_numbers(self) -> None:
        slots, notice = film(SCALE).slots, words(SCALE.key)[0]
        assert f"probability {slots['scale.p'][0]:.4f}" in notice
        assert f"it is {slots['scale.twice'][0]:.3f}" in notice
        assert f"it is {slots['scale.smoothed'][0]:.2f}" in notice
        assert f"the lowest there is {slots['scale.smoothed.lowest'][0]:.3f}" in " ".join(notice.split())
        slots, shows = preset(SCALE, "It knows nothing")
        near([slots[f"scale.{way}"][0] for way in ("plain", "twice", "smoothed", "chance")], [math.log(10)] * 4)
        slots, shows = preset(SCALE, "A thousand classes")
        for name in ("chance", "twice.lowest", "smoothed.lowest"):
            assert f"{slots[f'scale.{name}'][0]:.3f}" in shows
        slots, shows = preset(SCALE, "Two classes")
        told = ("chance", 3), ("twice.lowest", 3), ("smoothed.lowest", 4), ("smoothed", 1)
        for name, digits in told:
            assert f"{slots[f'scale.{name}'][0]:.{digits}f}" in shows
        slots, shows = preset(SCALE, "Smoothed, and just sure enough")
        near(slots["scale.smoothed"][0], slots["scale.smoothed.lowest"][0])
        assert f"has {slots['scale.p'][0]:.2f}." in shows
        slots, shows = preset(SCALE, "Half the truth given away")
        assert f"{slots['scale.smoothed.lowest'][0]:.3f}, not far below the {slots['scale.chance'][0]:.3f}" in shows


class TestTen:
    def test_untouched_it_shows_lesson_8(self) -> None:
        slots, notice = film(TEN).slots, words(TEN.key)[0]
        assert (f"{slots['ten.mean'][0]:.3f}", slots["ten.accuracy"][0]) == ("0.700", pytest.approx(0.9))
        assert (f"{slots['hesitant.mean'][0]:.3f}", slots["hesitant.accuracy"][0]) == ("0.673", 1.0)
        for text in ("0.700", "90 %", "0.673"):
            assert text in notice

    @pytest.mark.parametrize(("rare", "common"), [(0.001, 0.99), (0.6, 0.3)])
    def test_weighted_means_are_those_of_torch_and_of_losscore(self, rare: float, common: float) -> None:
        slots = sweep(TEN, "tenth_weight", tenth=rare, nine=common).slots
        p = torch.tensor([[common, 1 - common]] * 9 + [[1 - rare, rare]], dtype=torch.float64)
        y = torch.tensor([0] * 9 + [1])
        for step in (0, 10, 99):
            weight = torch.tensor([1.0, TEN.sliders["tenth_weight"].values[step]], dtype=torch.float64)
            want = F.cross_entropy(p.log(), y, weight=weight)
            near(slots["ten.by_weight"][step], want)
            near(slots["ten.by_weight"][step], losscore.get("weighted_cross_entropy")(p.log(), y, weight=weight))
            near(slots["ten.by_rows"][step], F.cross_entropy(p.log(), y, weight=weight, reduction="sum") / 10)
            near(slots["ten.mean"][step], F.cross_entropy(p.log(), y))

    def test_accuracy_counts_who_has_more_than_a_half(self) -> None:
        rare = np.array(TEN.sliders["tenth"].values)
        near(sweep(TEN, "tenth").slots["ten.accuracy"], 0.9 + 0.1 * (rare > 0.5))
        near(sweep(TEN, "nine").slots["ten.accuracy"], 0.9 * (np.array(TEN.sliders["nine"].values) > 0.5))

    def test_each_sample_is_drawn_once_as_right_or_as_wrong(self) -> None:
        made = sweep(TEN, "tenth")
        marks = {t: made.figure.data[t].name for t, trace in enumerate(made.figure.data) if trace.mode == "markers"}
        for step in (0, 14):
            shown = dict.fromkeys(marks.values(), 0)
            for trace, name in marks.items():
                shown[name] += int((made._arrays[trace, "x"][step] > 0).sum())
            assert shown == ({"right": 18, "wrong": 2} if step == 0 else {"right": 20, "wrong": 0})

    def test_the_why_and_the_presets_hold_their_numbers(self) -> None:
        slots, why = film(TEN).slots, words(TEN.key)[1]
        assert f"add up to {10 * slots['ten.by_rows'][0]:.1f}." in why
        assert f": {slots['ten.by_weight'][0]:.2f}." in why
        assert f": {slots['ten.by_rows'][0]:.2f}." in why
        slots, shows = preset(TEN, "Ten hesitant ones")
        assert f"accuracy {100 * slots['ten.accuracy'][0]:.0f} %, mean {slots['ten.mean'][0]:.3f}." in shows
        slots, shows = preset(TEN, "All right")
        assert f"{slots['ten.by_weight'][0]:.3f}" in shows
        slots, shows = preset(TEN, "Ten times too large")
        assert f"mean is {slots['ten.by_weight'][0]:.2f}" in shows
        assert f"{slots['ten.by_rows'][0]:.1f}." in shows
