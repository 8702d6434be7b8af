"""The Classification page's parts of whole answers and whole classifiers: drags, presets, words, and their numbers."""

from typing import Any

import numpy as np
import pytest
import torch
from hands import film, near, settings, sweep
from scipy.optimize import minimize_scalar
from scipy.special import softmax

import losscore
from losscore.explore.boundaries import train
from losscore.explore.simplex import answers, best, shares
from losscore.figures.numbers import short
from losscore.scenes.digits import two_classes
from pages.classification_boundary import A_BOUNDARY, BOUNDARY, START
from pages.classification_classes import OVER_CLASSES, THREE_CLASSES, TRIANGLE
from pages.ui.views import View
from pages.ui.words import words

PARTS = (THREE_CLASSES, A_BOUNDARY)
VIEWS = {part.key: part.view for part in PARTS}
NAMES = ("cat", "dog", "fish")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_every_number_of_a_film_is_read(view: View) -> None:
    asked = {piece.split('"')[0] for piece in view.reading(settings(view)).split('data-slot="')[1:]}
    assert asked == set(film(view).slots)


class TestTriangle:
    def test_untouched_it_shows_lesson_9(self) -> None:
        slots = film(TRIANGLE).slots
        assert f"{slots['cross_entropy.loss'][0]:.3f}" == f"{np.log(10):.3f}" == "2.303"
        near([slots[f"p.{name}"][0] for name in NAMES], [0.1, 0.5, 0.4])
        near([slots[f"cross_entropy.{name}"][0] for name in NAMES], [0.9, -0.5, -0.4])
        notice, why = words(TRIANGLE.key)
        assert f"({slots['brier_multiclass.loss'][0]:.3f} now)" in notice
        assert f"{np.log(3):.3f} for three" in why

    def test_only_some_losses_see_how_the_rest_is_shared(self) -> None:
        slots = sweep(TRIANGLE, "dog_fish").slots
        spread = {key: np.ptp(slots[f"{key}.loss"]) for key in OVER_CLASSES}
        blind = {key for key, width in spread.items() if width < 1e-6}
        assert blind == {"cross_entropy", "focal_multiclass", "generalized_ce"}

    @pytest.mark.parametrize("step", [0, 40, 98])
    def test_numbers_are_those_of_the_losses_and_pushes_their_gradients(self, step: int) -> None:
        slots = sweep(TRIANGLE, "p_cat").slots
        p = np.array([slots[f"p.{name}"][step] for name in NAMES])
        truth = {key: np.array([1.0, 0, 0]) for key in OVER_CLASSES}
        truth["label_smoothing_ce"] = np.array([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
        soft = np.array([0.7, 0.15, 0.15])
        costs = {
            "cross_entropy": lambda q: -np.log(q[0]),
            "label_smoothing_ce": lambda q: -(truth["label_smoothing_ce"] * np.log(q)).sum(),
            "focal_multiclass": lambda q: -((1 - q[0]) ** 2) * np.log(q[0]),
            "generalized_ce": lambda q: (1 - q[0] ** 0.7) / 0.7,
            "brier_multiclass": lambda q: ((q - np.eye(3)[0]) ** 2).sum(),
            "kl_divergence": lambda q: (soft * np.log(soft / q)).sum(),
        }
        for key, cost in costs.items():
            near(slots[f"{key}.loss"][step], cost(p))
            around = [np.log(p) + h * np.eye(3)[i] for i in range(3) for h in (1e-5, -1e-5)]
            value = np.array([cost(softmax(z)) for z in around]).reshape(3, 2)
            near([slots[f"{key}.{name}"][step] for name in NAMES], (value[:, 1] - value[:, 0]) / 2e-5, 1e-3)

    def test_a_chosen_loss_joins_the_table(self) -> None:
        q, soft, true = np.array([0.1, 0.5, 0.4]), np.array([0.7, 0.15, 0.15]), np.eye(3)[0]
        middle, rivals = (q + soft) / 2, 1 + np.log(q[1:] / q[0])
        costs = {
            "soft_cross_entropy": -(soft * np.log(q)).sum(),
            "js_divergence": (soft * np.log(soft / middle)).sum() / 2 + (q * np.log(q / middle)).sum() / 2,
            "poly1_ce": -np.log(0.1) + 0.9,
            "mae_probs": np.abs(q - true).sum(),
            "multiclass_hinge_cs": rivals.max(),
            "multiclass_hinge_ww": rivals.sum(),
            "zero_one_multiclass": 1.0,
        }
        for key, cost in costs.items():
            slots = film(TRIANGLE, over_classes=key).slots
            near(slots[f"{key}.loss"][0], cost)
            near(sum(slots[f"{key}.{name}"][0] for name in NAMES), 0, zero=1e-6)
            assert {f"{other}.loss" for other in (*OVER_CLASSES, key)} <= set(slots)
        assert slots["zero_one_multiclass.cat"][0] == 0
        assert f"{film(TRIANGLE, over_classes='multiclass_hinge_cs').slots['best'][0]:.3f}" == "0.577"  # e / (e + 2)

    def test_arrows_go_where_a_small_step_on_the_logits_goes(self) -> None:
        p = shares(torch.tensor([0.1, 0.5]), torch.tensor([1.25, 0.3]))
        for key in OVER_CLASSES:
            at = answers(key, p[:, None], {}, 0.7)
            moved = softmax(np.log(p.numpy()) + 1e-6 * at.push[:, 0].numpy(), axis=-1)
            near(at.drift[:, 0], (moved - p.numpy()) / 1e-6, 1e-3)

    def test_the_star_is_the_cheapest_answer(self) -> None:
        near(best("label_smoothing_ce", {"label_smoothing": torch.tensor([0.1, 0.3])}), [0.9333, 0.8], 1e-3)
        near(best("kl_divergence", {}, torch.tensor([0.4, 0.7])), [0.4, 0.7], 2e-3)
        for key in ("cross_entropy", "focal_multiclass", "brier_multiclass"):
            assert best(key, {}).item() > 0.99

    def test_shades_are_dark_where_the_loss_is_low(self) -> None:
        made = film(TRIANGLE)
        picture = made._pictures[0][0][0].long()
        assert picture[2, 60] == 0
        assert picture[-2, 60] > 10
        assert (picture == 13).float().mean() > 0.45
        column = picture[2:, 60]
        assert (column[1:] >= column[:-1]).all()

    def test_the_lines_of_the_presets_hold_their_numbers(self) -> None:
        presets = THREE_CLASSES.presets or {}

        def told(name: str, *slots: str) -> list[float]:
            made = film(TRIANGLE, **presets[name][0]).slots
            return [float(made[slot][0]) for slot in slots]

        ce, gce, brier = told("Sure and wrong", "cross_entropy.cat", "generalized_ce.cat", "brier_multiclass.cat")
        assert (
            f"with {ce:.2f}, generalised CE with {gce:.2f}, the Brier score with {brier:.2f}."
            in (presets["Sure and wrong"][1])
        )
        push, star = told("Too sure", "label_smoothing_ce.cat", "best")
        assert f"(−{-push:.3f}). Its star lies at {star:.3f}." in presets["Too sure"][1]
        focal, plain = told("Nearly there", "focal_multiclass.loss", "cross_entropy.loss")
        assert f"focal costs {focal:.3f}, a hundredth of cross-entropy's {plain:.3f}" in presets["Nearly there"][1]
        near(focal / plain, 0.01)
        near(told("A truth in doubt", "kl_divergence.cat", "best"), [-0.2, 0.7], 1e-3)
        assert f"costs {told('Guessing', 'cross_entropy.loss')[0]:.3f}," in presets["Guessing"][1]


class TestBoundary:
    def slots(self, **changes: Any) -> dict[str, np.ndarray]:
        return film(BOUNDARY, **changes).slots

    def test_untouched_mse_turns_to_points_on_the_right_side(self) -> None:
        now, without = self.slots(), self.slots(strays=0.0)
        notice = words(BOUNDARY.key)[0]
        assert f"accuracy is {now['mse.accuracy'][0]:.3f} where the others keep 0.967" in notice
        for key in START:
            assert f"{without[f'{key}.accuracy'][0]:.3f}" == "0.967"
            if key != "mse":
                assert f"{now[f'{key}.accuracy'][0]:.3f}" == "0.967"
        scenes = two_classes("digits", strays=torch.tensor([0.0, 12.0]), at=4.0)
        turned = {}
        for key in START:
            given = {"gamma": 2.0, "alpha": None} if key == "focal_binary" else {}
            ways = np.arctan2(*train(key, scenes, **given)[:, :2].T.numpy())
            turned[key] = abs(np.degrees(ways[1] - ways[0]))
        assert turned.pop("mse") > 10
        assert max(turned.values()) < 1
        assert (scenes.x[1, scenes.stray] @ train("mse", scenes)[1, :2] + train("mse", scenes)[1, 2] > 1).all()

    def test_the_hinge_gives_way_least_on_the_wrong_side(self) -> None:
        left = self.slots(stray_at=-4.0)
        assert max(START, key=lambda key: left[f"{key}.accuracy"][0]) == "hinge"

    def test_lines_of_the_figure_are_where_the_score_is_zero(self) -> None:
        made = sweep(BOUNDARY, "stray_at", borders=["hinge"])
        scene = two_classes("digits", strays=12.0, at=torch.tensor(BOUNDARY.sliders["stray_at"].values))
        theta = train("hinge", scene).numpy()
        trace = next(i for i, t in enumerate(made.figure.data) if t.name == "Hinge")
        x, y = (made._arrays[trace, name] for name in "xy")
        size = np.linalg.norm(theta[:, :2], axis=1, keepdims=True)
        beside = (theta[:, :1] * x + theta[:, 1:2] * y + theta[:, 2:]) / size
        near(beside, np.zeros_like(x), zero=1e-5)  # 32-bit numbers, places up to 60
        near(np.hypot(np.diff(x), np.diff(y)), np.full((len(x), 1), 60.0))

    def test_a_roc_curve_passes_its_marker(self) -> None:
        made = film(BOUNDARY, judged="roc", borders=["hinge"])
        line, dot = (made._arrays[len(made.figure.data) - back, "x"][0] for back in (2, 1))
        assert dot[0] in line
        assert (np.diff(line) >= 0).all()
        assert line[-1] == 1

    def test_the_lines_of_the_presets_hold_their_numbers(self) -> None:
        def digits(name: str, told: str, *keys: str) -> list[str]:
            made = self.slots(**A_BOUNDARY.presets[name][0])
            return [f"{made[f'{key}.{told}'][0]:.3f}" for key in keys]

        every = ("bce_with_logits", "mse", "focal_binary", "hinge")
        assert digits("On the wrong side", "accuracy", *every) == ["0.903", "0.876", "0.849", "0.941"]
        three = ("bce_with_logits", "weighted_cross_entropy", "mse")
        assert digits("One in twenty", "f1", *three) == ["0.600", "0.745", "0.444"]
        assert digits("One in twenty", "accuracy", "bce_with_logits") == ["0.971"]
        assert digits("One label in five is wrong", "calibration", "bce_with_logits") == ["0.202"]
        pair = ("bce_with_logits", "focal_binary")
        assert digits("Focal is shy", "calibration", *pair) == ["0.037", "0.224"]
        assert digits("Focal is shy", "accuracy", *pair) == ["0.967", "0.967"]
        assert digits("No face at all", "f1", "mse", "bce_with_logits", "weighted_cross_entropy") == [
            "0.000", "0.444", "0.534",
        ]  # fmt: skip
        assert digits("No face at all", "accuracy", "mse") == ["0.877"]
        three = ("bce_with_logits", "focal_binary", "weighted_cross_entropy")
        assert digits("Nine in ten", "blind", *three) == ["0.100", "0.306", "0.500"]

    def test_class_balanced_weights_run_from_equal_to_one_over_the_count(self) -> None:
        drawn = {
            "rare": 5.0,
            "strays": 0.0,
            "borders": ["bce_with_logits", "weighted_cross_entropy", "class_balanced_ce"],
        }
        slots = sweep(BOUNDARY, "class_balanced_ce_beta", **drawn).slots
        labels = two_classes("digits", share=0.05)
        few, many = (float((labels.weight * (labels.label == of)).sum()) for of in (1, 0))
        beta = np.array(BOUNDARY.sliders["class_balanced_ce_beta"].values)
        near(slots["class_balanced_ce.weight"], (1 - beta**many) / (1 - beta**few), 1e-6)
        near(slots["weighted_cross_entropy.weight"], [many / few] * len(beta))
        for told in ("f1", "auc", "blind", "calibration"):
            near(slots[f"class_balanced_ce.{told}"][0], slots[f"bce_with_logits.{told}"][0])
        assert slots["class_balanced_ce.weight"][-1] / slots["weighted_cross_entropy.weight"][-1] > 0.99
        assert (np.diff(slots["class_balanced_ce.blind"]) > 0).all()

    @pytest.mark.parametrize("name", ["Weights that tire", "Balanced too far"])
    def test_presets_of_class_balanced_weights_hold_their_numbers(self, name: str) -> None:
        changes, shows, _ = A_BOUNDARY.presets[name]
        slots = self.slots(**changes)
        told = [f"{key}.f1" for key in ("bce_with_logits", "class_balanced_ce")]
        told += ["class_balanced_ce.weight", "class_balanced_ce.blind"]
        if name == "Weights that tire":
            told += ["weighted_cross_entropy.f1", "weighted_cross_entropy.weight"]
        assert all(short(slots[slot][0]) in shows for slot in told)

    def test_what_is_said_of_the_unseen_shows_lesson_16(self) -> None:
        """Where no is right nine times in ten, what the classifiers that see nothing say of no."""
        gammas = torch.tensor([1.0, 2.0, 5.0])
        slots = self.slots(rare=10.0, strays=0.0, focal_binary_gamma=gammas)
        assert [f"{1 - p:.3f}" for p in slots["focal_binary.blind"]] == ["0.774", "0.694", "0.597"]
        near(slots["weighted_cross_entropy.blind"], [0.5] * 3)
        near(slots["bce_with_logits.blind"], [0.1] * 3)
        near(slots["mse.blind"], [0.1] * 3)

    def test_the_why_holds_lessons_8_and_16(self) -> None:
        why = " ".join(words(BOUNDARY.key)[1].split())
        now = self.slots()
        told = [f"{now[f'{key}.calibration'][0]:.3f}" for key in ("bce_with_logits", "focal_binary")]
        assert "{} under cross-entropy, {} under focal".format(*told) in why

        def honest(key: str, rate: float, **params: Any) -> float:
            loss = losscore.get(key)

            def cost(p: float) -> float:
                z = torch.full((2,), float(np.log(p / (1 - p))), dtype=torch.float64)
                each = loss(z, torch.tensor([1.0, 0.0], dtype=torch.float64), reduction="none", **params)
                return float(rate * each[0] + (1 - rate) * each[1])

            return float(minimize_scalar(cost, bounds=(1e-3, 1 - 1e-3), method="bounded", options={"xatol": 1e-7}).x)

        says = [f"{honest('focal_binary', 0.9, gamma=gamma, alpha=None):.3f}" for gamma in (1.0, 2.0, 5.0)]
        assert says == ["0.774", "0.694", "0.597"]
        assert all(number in why for number in says)
        assert honest("bce_with_logits", 0.1, pos_weight=9.0) == pytest.approx(0.5, abs=1e-5)
        mean = losscore.get("bce_probs")
        low = mean(torch.full((10,), 0.51), torch.ones(10))
        high = mean(torch.tensor([0.99] * 9 + [0.001]), torch.ones(10))
        assert f"accuracy 100 %, cross-entropy {low:.3f}." in why
        assert f"90 %, and {high:.3f}." in why
