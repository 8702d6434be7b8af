"""Linear classifiers and what is said of them, held against scikit-learn; the pictures they are trained on."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score, roc_curve
from sklearn.svm import SVC

import losscore
from losscore.explore.boundaries import RIDGE, said, scores, train
from losscore.explore.judging import accuracy_and_f1, reliability, roc
from losscore.scenes.digits import MOST_STRAYS, TwoClasses, two_classes

BETA = 0.98  # of class-balanced cross-entropy
SWEEPS = {
    "share": two_classes("digits", share=torch.tensor([0.05, 0.2, 0.5])),
    "flipped": two_classes("digits", flipped=torch.tensor([0.0, 0.1, 0.4])),
    "strays": two_classes("digits", strays=12.0, at=torch.tensor([-4.0, 0.0, 4.0])),
    "faces": two_classes("faces", share=torch.tensor([0.1, 0.5])),
}


def points(scene: TwoClasses, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The points of one step that are there, and their labels."""
    there = scene.weight[step] > 0
    return scene.x[step][there].numpy(), scene.label[step][there].numpy()


def apart(got: np.ndarray, want: np.ndarray) -> float:
    """How far the two lines where the score is 0 differ: their normals and constants, in standard deviations."""
    return float(np.abs(got / np.linalg.norm(got[:2]) - want / np.linalg.norm(want[:2])).max())


def fitted(key: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What scikit-learn takes for the best line under the mean loss and the same ridge."""
    many = len(y)
    if key == "mse":
        model = Ridge(alpha=RIDGE * many / 2, tol=1e-10).fit(x, 2 * y - 1)
        return np.append(model.coef_, model.intercept_)
    if key == "hinge":
        model = SVC(kernel="linear", C=1 / (RIDGE * many), tol=1e-8).fit(x, y)
    else:
        new = {label: (1 - BETA ** np.sum(y == label)) / (1 - BETA) for label in (0, 1)}  # effective numbers
        weighted = {"weighted_cross_entropy": "balanced", "class_balanced_ce": {of: 1 / n for of, n in new.items()}}
        if key == "class_balanced_ce":  # the ridge is over a mean whose weights add up to 1
            many = sum(weighted[key][label] * np.sum(y == label) for label in (0, 1))
        model = LogisticRegression(C=1 / (RIDGE * many), tol=1e-10, max_iter=5000, class_weight=weighted.get(key))
        model.fit(x, y)
    return np.append(model.coef_[0], model.intercept_)


@pytest.mark.parametrize("key", ["bce_with_logits", "weighted_cross_entropy", "class_balanced_ce", "hinge", "mse"])
@pytest.mark.parametrize("sweep", SWEEPS)
def test_lines_are_those_of_scikit_learn(key: str, sweep: str) -> None:
    scene = SWEEPS[sweep]
    got = train(key, scene, **({"beta": BETA} if key == "class_balanced_ce" else {})).numpy()
    for step in range(len(scene.x)):
        want = fitted(key, *points(scene, step))
        assert apart(got[step], want) < 1e-3
        np.testing.assert_allclose(got[step], want, atol=2e-3)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 5.0])
@pytest.mark.parametrize("sweep", SWEEPS)
def test_focal_rests_where_scipy_does(gamma: float, sweep: str) -> None:
    scene = SWEEPS[sweep]
    got = train("focal_binary", scene, gamma=torch.full((len(scene.x),), gamma), alpha=None).numpy()
    for step in range(len(scene.x)):
        x, y = points(scene, step)

        def cost(theta: np.ndarray, x: np.ndarray = x, y: np.ndarray = y) -> float:
            odds = np.logaddexp(0, -(2 * y - 1) * (x @ theta[:2] + theta[2]))  # minus the log of p
            return float(((1 - np.exp(-odds)) ** gamma * odds).mean() + RIDGE / 2 * (theta[:2] ** 2).sum())

        want = minimize(
            cost, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000}
        )
        assert cost(got[step]) <= want.fun + 1e-10


def test_weights_are_those_of_the_weighted_loss() -> None:
    """The mean is the record's own: of all the lines near it, the one that is found has the least value."""
    x, y = points(SWEEPS["share"], 0)
    best = train("weighted_cross_entropy", SWEEPS["share"])[0]
    loss, weight = losscore.get("weighted_cross_entropy"), [0.5, 0.5 * (y == 0).sum() / (y == 1).sum()]

    def cost(theta: torch.Tensor) -> float:
        score = torch.tensor(x) @ theta[:2] + theta[2]
        logits = torch.stack([torch.zeros_like(score), score], -1)
        value = loss(logits, torch.tensor(y).long(), weight=weight)
        return float(value + RIDGE / 2 * theta[:2].square().sum())

    nearby = [best + 0.01 * way for way in torch.cat([torch.eye(3), -torch.eye(3)]).double()]
    assert all(cost(best) < cost(other) for other in nearby)


def test_a_loss_of_no_score_is_refused() -> None:
    for key in ("cross_entropy", "brier_binary"):
        with pytest.raises(ValueError, match="one logit or score"):
            train(key, SWEEPS["share"])


@pytest.mark.parametrize("sweep", SWEEPS)
def test_the_verdicts_are_those_of_scikit_learn(sweep: str) -> None:
    scene = SWEEPS[sweep]
    score = scores(train("bce_with_logits", scene), scene.held_x)
    accuracy, f1 = accuracy_and_f1(score, scene.held_label, scene.held_weight)
    curve, label = roc(score, scene.held_label), scene.held_label.numpy()
    for step, of in enumerate(score.numpy()):
        weight = scene.held_weight.expand(len(score), -1)[step].numpy()
        assert accuracy[step].item() == pytest.approx(accuracy_score(label, of > 0, sample_weight=weight))
        assert f1[step].item() == pytest.approx(f1_score(label, of > 0, sample_weight=weight))
        assert curve.area[step].item() == pytest.approx(roc_auc_score(label, of, sample_weight=weight))
        false, true, _ = roc_curve(label, of, drop_intermediate=False)
        np.testing.assert_allclose(curve.false[step], false)
        np.testing.assert_allclose(curve.true[step], true)


def test_a_tie_counts_as_half_in_the_area() -> None:
    label = torch.tensor([0.0, 1.0, 1.0, 0.0])
    score = torch.tensor([[1.0, 1.0, 2.0, 0.0]])
    assert roc(score, label).area.item() == pytest.approx(roc_auc_score(label, score[0]))


def test_the_bins_hold_what_is_in_them() -> None:
    label = torch.tensor([0.0, 1.0, 1.0, 1.0, 0.0])
    p, weight = torch.tensor([[0.1, 0.15, 1.0, 0.9, 0.5]]), torch.tensor([[1.0, 1.0, 1.0, 3.0, 2.0]])
    bins = reliability(p, label, weight, 5)
    np.testing.assert_allclose(bins.said[0], [0.125, np.nan, 0.5, np.nan, 0.925], rtol=1e-6)
    np.testing.assert_allclose(bins.seen[0], [0.5, np.nan, 0.0, np.nan, 1.0], rtol=1e-6)
    assert bins.error.item() == pytest.approx((2 * 0.375 + 2 * 0.5 + 4 * 0.075) / 8)


def test_what_a_score_says() -> None:
    score = torch.tensor([-3.0, 0.0, 0.5, 2.0])
    assert said("hinge", score) is None
    np.testing.assert_allclose(said("mse", score), [0.0, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(said("focal_binary", score), 1 / (1 + np.exp(-score.numpy())), rtol=1e-6)


class TestScene:
    def test_the_digits_are_two_principal_components_of_pictures(self) -> None:
        data = load_digits()
        chosen = np.isin(data.target, (3, 8))
        places = PCA(2, svd_solver="full").fit_transform(data.data[chosen])
        places = np.abs(places / places[:, 0].std())
        scene = two_classes("digits")
        ours = np.abs(np.concatenate([scene.x[0, ~scene.stray].numpy(), scene.held_x.numpy()]))
        assert ours.shape == places.shape
        np.testing.assert_allclose(np.sort(ours, 0), np.sort(places, 0), atol=1e-4)
        assert len(scene.held_x) == 177

    def test_yes_has_its_share_in_training_and_after(self) -> None:
        for share in (0.05, 0.3, 0.5):
            scene = two_classes("digits", share=share)
            _, label = points(scene, 0)
            assert label.mean() == pytest.approx(share, abs=0.005)
            after = scene.held_weight[0]
            assert (after * scene.held_label).sum() / after.sum() == pytest.approx(share)

    def test_flips_are_even_and_grow_one_by_one(self) -> None:
        wrong = torch.linspace(0, 0.4, 41)
        scene = two_classes("digits", flipped=wrong)
        own = ~scene.stray
        original = two_classes("digits").label[0]
        assert torch.equal(scene.flipped, scene.label != original)
        for of in (0, 1):
            part = scene.flipped[:, own & (original == of)].double().mean(-1)
            np.testing.assert_allclose(part, wrong, atol=0.02)
        assert (scene.flipped[1:] >= scene.flipped[:-1]).all()

    def test_strays_stand_round_their_place(self) -> None:
        scene = two_classes("digits", strays=torch.tensor([0.0, 5.0, 12.0]), at=-2.0)
        assert scene.weight[:, scene.stray].sum(-1).tolist() == [0, 5, 12]
        assert (scene.x[0, scene.stray] - torch.tensor([-2.0, 1.6])).norm(dim=-1).max() < 0.4
        assert scene.stray.sum() == MOST_STRAYS

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"share": 0.6}, "share must be"),
            ({"flipped": -0.1}, "flipped must be"),
            ({"strays": 13.0}, "strays must be"),
        ],
    )
    def test_numbers_out_of_range_are_refused(self, wrong: dict[str, float], says: str) -> None:
        with pytest.raises(ValueError, match=says):
            two_classes("digits", **wrong)
        with pytest.raises(KeyError):
            two_classes("cats")

    @pytest.mark.parametrize("name", ["digits", "faces"])
    def test_every_file_names_its_source(self, name: str) -> None:
        folder = Path(__file__).parents[1] / "assets" / "points"
        assert f"`{name}.csv`" in (folder / "README.md").read_text()
