"""Adversarial losses against closed forms in NumPy with their slopes, MONAI, scikit-learn and torch's autograd.

Where MONAI bends the scores first or leaves out a half, the test says so.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from monai.losses import PatchAdversarialLoss
from scipy.special import expit
from sklearn.metrics import hinge_loss, log_loss
from torch import Tensor

import losscore

# A mean over each batch of a function of its scores: the functions of real and of fake, and their slopes.
Terms = tuple[Callable[..., np.ndarray], Callable[..., np.ndarray]]


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, x)


def nothing(x: np.ndarray) -> np.ndarray:
    return np.zeros_like(x)


def ones(x: np.ndarray) -> np.ndarray:
    return np.ones_like(x)


# Value and slope for the real scores, value and slope for the made ones.
SEPARATE: dict[str, tuple[Terms, Terms]] = {
    "gan_d": ((lambda r: softplus(-r), lambda r: -expit(-r)), (softplus, expit)),
    "gan_g_saturating": ((nothing, nothing), (lambda f: -softplus(f), lambda f: -expit(f))),
    "gan_g_nonsaturating": ((nothing, nothing), (lambda f: softplus(-f), lambda f: -expit(-f))),
    "lsgan_d": ((lambda r: (r - 1) ** 2 / 2, lambda r: r - 1), (lambda f: f**2 / 2, lambda f: f)),
    "lsgan_g": ((nothing, nothing), (lambda f: (f - 1) ** 2 / 2, lambda f: f - 1)),
    "wgan_critic": ((np.negative, lambda r: -ones(r)), (np.positive, ones)),
    "wgan_g": ((nothing, nothing), (np.negative, lambda f: -ones(f))),
    "hinge_d": (
        (lambda r: np.maximum(0, 1 - r), lambda r: -1.0 * (r < 1)),
        (lambda f: np.maximum(0, 1 + f), lambda f: 1.0 * (f > -1)),
    ),
    "hinge_g": ((nothing, nothing), (np.negative, lambda f: -ones(f))),
}  # fmt: skip
# Of scores relative to the mean of the other batch, halved.
RELATIVE: dict[str, tuple[Terms, Terms]] = {
    "rasgan_d": SEPARATE["gan_d"],
    "rasgan_g": ((softplus, expit), (lambda f: softplus(-f), lambda f: -expit(-f))),
    "ralsgan_d": ((lambda r: (r - 1) ** 2, lambda r: 2 * (r - 1)), (lambda f: (f + 1) ** 2, lambda f: 2 * (f + 1))),
    "ralsgan_g": ((lambda r: (r + 1) ** 2, lambda r: 2 * (r + 1)), (lambda f: (f - 1) ** 2, lambda f: 2 * (f - 1))),
    "rahinge_d": SEPARATE["hinge_d"],
}
RNG = np.random.default_rng(21)
BATCHES: dict[str, tuple[np.ndarray, np.ndarray]] = {
    "ordinary": (RNG.normal(0.5, 2, 6), RNG.normal(-0.5, 2, 6)),
    "of two sizes": (RNG.normal(0, 3, 5), RNG.normal(0, 3, 8)),
    "one each": (np.array([0.3]), np.array([-1.7])),
    "a draw": (np.zeros(4), np.zeros(4)),
    "critic wins": (np.full(3, 1e4), np.full(5, -1e4)),
    "critic loses": (np.full(3, -1e4), np.full(5, 1e4)),
    "mixed": (np.array([1e4, -1e4, 3.0]), np.array([-1e4, 0.0, 88.0, 1e4])),
}
DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)


def tensors(batch: tuple[np.ndarray, np.ndarray], dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    real, fake = (torch.tensor(part, dtype=dtype) for part in batch)
    return real, fake


def hold(key: str, given: tuple[Tensor, ...], value: float, *slopes: np.ndarray, **params: float) -> None:
    record, wide = losscore.get(key), given[0].dtype is torch.float64
    rel = 1e-13 if wide else 2e-6
    assert record(*given, **params).item() == pytest.approx(value, rel=rel, abs=rel)
    for name, slope in zip(record.inputs, slopes, strict=True):
        got = record.gradient(*given, wrt=name, **params).double().numpy()
        # Relative scores of 1e4 carry the rounding of the mean they are held against.
        np.testing.assert_allclose(got, slope, rtol=1e-11 if wide else 2e-4, atol=1e-13 if wide else 1e-6)


@DTYPES
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("key", SEPARATE)
def test_each_batch_is_judged_by_itself(key: str, batch: str, dtype: torch.dtype) -> None:
    given = tensors(BATCHES[batch], dtype)
    (of_real, real_slope), (of_fake, fake_slope) = SEPARATE[key]
    r, f = (part.double().numpy() for part in given)
    value = of_real(r).sum() / len(r) + of_fake(f).sum() / len(f)
    hold(key, given, value, real_slope(r) / len(r), fake_slope(f) / len(f))


@DTYPES
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("key", RELATIVE)
def test_each_sample_is_held_against_the_mean_of_the_others(key: str, batch: str, dtype: torch.dtype) -> None:
    given = tensors(BATCHES[batch], dtype)
    (of_real, real_slope), (of_fake, fake_slope) = RELATIVE[key]
    r, f = (part.double().numpy() for part in given)
    lead, lag = r - f.sum() / len(f), f - r.sum() / len(r)
    value = of_real(lead).sum() / len(r) / 2 + of_fake(lag).sum() / len(f) / 2
    # A real score also lowers what all the made ones are held against, and the other way round.
    in_real = (real_slope(lead) - fake_slope(lag).sum() / len(f)) / len(r) / 2
    in_fake = (fake_slope(lag) - real_slope(lead).sum() / len(r)) / len(f) / 2
    hold(key, given, value, in_real, in_fake)


@DTYPES
@pytest.mark.parametrize("batch", [name for name, (r, f) in BATCHES.items() if len(r) == len(f)])
def test_pairs_of_scores(batch: str, dtype: torch.dtype) -> None:
    given = tensors(BATCHES[batch], dtype)
    lead = given[0].double().numpy() - given[1].double().numpy()
    pull = expit(-lead) / len(lead), expit(lead) / len(lead)
    hold("rsgan_d", given, softplus(-lead).mean(), -pull[0], pull[0])
    hold("rsgan_g", given, softplus(lead).mean(), pull[1], -pull[1])


COSINES = {
    "ordinary": (np.array([0.4, -0.2, 0.9]), np.array([0.1, 0.3, -0.8])),
    "a draw": (np.full(3, 0.2), np.full(3, 0.2)),
    "ends": (np.array([1.0, -1.0, 1.0, -1.0]), np.array([-1.0, 1.0, 1.0, -1.0])),
    "one pair": (np.array([-0.3]), np.array([0.6])),
}


@DTYPES
@pytest.mark.parametrize(("s", "m"), [(10.0, 0.35), (1.0, 0.0), (64.0, 1.0)])
@pytest.mark.parametrize("batch", COSINES)
def test_pairs_of_cosines(batch: str, s: float, m: float, dtype: torch.dtype) -> None:
    given = tensors(COSINES[batch], dtype)
    r, f = (part.double().numpy() for part in given)
    for key, lead, sign in (("rmcosgan_d", r - f, 1), ("rmcosgan_g", f - r, -1)):
        value = softplus(s * (m - lead)).mean()
        slope = sign * -s * expit(s * (m - lead)) / len(lead)
        hold(key, given, value, slope, -slope, s=s, m=m)


def test_cosines_at_a_draw_and_at_their_ends() -> None:
    draw = torch.full((5,), 0.2, dtype=torch.float64)
    ends = torch.ones(5, dtype=torch.float64), -torch.ones(5, dtype=torch.float64)
    for key, (winner, loser) in {"rmcosgan_d": ends, "rmcosgan_g": ends[::-1]}.items():
        record = losscore.get(key)
        assert record(draw, draw).item() == pytest.approx(3.53, abs=5e-3)
        assert record(winner, loser).item() == pytest.approx(math.log1p(math.exp(-10 * 1.65)), rel=1e-12)
        assert record(loser, winner).item() == pytest.approx(math.log1p(math.exp(10 * 2.35)), rel=1e-12)


def test_both_sides_of_a_gan_are_those_of_monai_and_scikit_learn() -> None:
    criterion = PatchAdversarialLoss(criterion="bce")
    for name in ("ordinary", "one each", "a draw"):
        real, fake = tensors(BATCHES[name], torch.float64)
        # A patch critic's map of scores; the two halves are added.
        maps = real[None, None, None], fake[None, None, None]
        want = criterion(maps[0], True, True) + criterion(maps[1], False, True)
        got = losscore.get("gan_d")(real, fake).item()
        assert got == pytest.approx(want.item(), rel=1e-6)
        truth = [1] * len(real) + [0] * len(fake)
        assert got == pytest.approx(2 * log_loss(truth, expit(torch.cat([real, fake]).numpy())), rel=1e-12)
        generator = losscore.get("gan_g_nonsaturating")(real, fake).item()
        assert generator == pytest.approx(criterion(maps[1], True, False).item(), rel=1e-6)


def test_least_squares_are_half_of_those_of_monai_without_its_bent_scores() -> None:
    criterion = PatchAdversarialLoss(criterion="least_squares", no_activation_leastsq=True)
    for name in ("ordinary", "of two sizes", "one each"):
        real, fake = tensors(BATCHES[name], torch.float64)
        maps = real[None, None, None], fake[None, None, None]
        critic = criterion(maps[0], True, True) + criterion(maps[1], False, True)
        assert losscore.get("lsgan_d")(real, fake).item() == pytest.approx(critic.item() / 2, rel=1e-6)
        generator = criterion(maps[1], True, False)
        assert losscore.get("lsgan_g")(real, fake).item() == pytest.approx(generator.item() / 2, rel=1e-6)


def test_the_hinge_is_that_of_scikit_learn() -> None:
    for name in ("ordinary", "one each", "a draw"):
        real, fake = tensors(BATCHES[name], torch.float64)
        want = 2 * hinge_loss([1] * len(real) + [-1] * len(fake), torch.cat([real, fake]).numpy())
        assert losscore.get("hinge_d")(real, fake).item() == pytest.approx(want, rel=1e-12)


@DTYPES
@pytest.mark.parametrize("norms", [[0.0, 0.0], [1.0, 1.0, 1.0], [0.5, 2.0, 7.0], [1e6, 0.0]], ids=str)
@pytest.mark.parametrize("lam", [0.0, 10.0, 20.0])
def test_the_gradient_penalty_is_a_mean_of_squares(norms: list[float], lam: float, dtype: torch.dtype) -> None:
    g = np.array(norms)
    value, slope = lam * ((g - 1) ** 2).sum() / len(g), 2 * lam * (g - 1) / len(g)
    hold("wgan_gp_penalty", (torch.tensor(norms, dtype=dtype),), value, slope, lam=lam)


def test_the_gradient_penalty_of_a_critic_with_a_known_slope() -> None:
    """Of x -> |x|^2 the gradient's norm is 2 |x|; it is 1 on the circle of radius 1/2."""
    angles = torch.linspace(0, 6, 9, dtype=torch.float64)
    for radius, want in ((0.5, 0.0), (1.0, 10.0), (0.0, 10.0), (2.0, 90.0)):
        points = radius * torch.stack([angles.cos(), angles.sin()], -1)
        points.requires_grad_()
        (slope,) = torch.autograd.grad(points.square().sum(), points)
        assert losscore.get("wgan_gp_penalty")(slope.norm(dim=-1)).item() == pytest.approx(want, abs=1e-12)


@DTYPES
@pytest.mark.parametrize("lam", [0.0, 10.0, 20.0])
def test_pictures_must_come_back(lam: float, dtype: torch.dtype) -> None:
    for shape, scale in (((4, 6), 1.0), ((1, 1), 1.0), ((5, 3), 1e6)):
        given = tensors((scale * RNG.random(shape), scale * RNG.random(shape)), dtype)
        r = given[0].double().numpy() - given[1].double().numpy()
        slope = lam * np.sign(r) / r.size
        for key, share in (("cycle_consistency", 1.0), ("identity_loss", 0.5)):
            value = share * lam * np.abs(r).sum() / r.size
            hold(key, given, value, share * slope, -share * slope, lam=lam)
            assert losscore.get(key)(given[0], given[0], lam=lam) == 0


def at(key: str, real: float, fake: float) -> float:
    return losscore.get(key)(*torch.full((2, 8), 0.0, dtype=torch.float64).add(torch.tensor([[real], [fake]]))).item()


def test_a_draw_between_the_two_networks() -> None:
    assert at("gan_d", 0, 0) == pytest.approx(2 * math.log(2)) == pytest.approx(1.386, abs=5e-4)
    assert at("gan_g_nonsaturating", 0, 0) == pytest.approx(math.log(2)) == pytest.approx(0.693, abs=5e-4)
    assert at("lsgan_d", 0.5, 0.5) == pytest.approx(0.25)
    for key in ("rsgan_d", "rsgan_g", "rasgan_d", "rasgan_g"):
        assert at(key, 3, 3) == pytest.approx(math.log(2))
    for key in ("ralsgan_d", "ralsgan_g", "rahinge_d"):
        assert at(key, 3, 3) == 1


def test_what_is_best_for_a_network_costs_it_nothing() -> None:
    assert at("lsgan_d", 1, 0) == at("lsgan_g", 0, 1) == at("hinge_d", 1, -1) == 0
    assert at("ralsgan_d", 4, 3) == at("ralsgan_g", 3, 4) == at("rahinge_d", 4, 3) == 0


def test_the_best_critic_measures_the_jensen_shannon_divergence() -> None:
    """With scores log(p / q), where p and q are how often each of three pictures is real and made, out of eight."""
    p, q = np.array([4, 3, 1]), np.array([1, 2, 5])
    scores = np.log(p / q)
    given = torch.tensor(np.repeat(scores, p)), torch.tensor(np.repeat(scores, q))
    middle = (p + q) / 2
    divergence = ((p * np.log(p / middle)).sum() + (q * np.log(q / middle)).sum()) / 16
    assert losscore.get("gan_d")(*given).item() == pytest.approx(2 * math.log(2) - 2 * divergence, rel=1e-12)
    worse = [losscore.get("gan_d")(given[0] + shift, given[1] + shift).item() for shift in (-0.1, 0.1)]
    assert min(worse) > losscore.get("gan_d")(*given).item()


def test_a_saturating_generator_learns_least_when_it_loses_most() -> None:
    real = torch.zeros(1)
    for score, saturating, other in ((-8.0, 3.4e-4, 0.9997), (math.log(0.01 / 0.99), 0.01, 0.99)):
        fake = torch.tensor([score])
        slopes = [losscore.get(f"gan_g_{way}").gradient(real, fake, wrt="fake").item() for way in
                  ("saturating", "nonsaturating")]  # fmt: skip
        assert slopes == pytest.approx([-saturating, -other], rel=0.02)


@pytest.mark.parametrize("key", ["gan_g_saturating", "gan_g_nonsaturating", "lsgan_g", "wgan_g", "hinge_g"])
def test_a_generator_that_ignores_the_real_samples_still_has_their_batch(key: str) -> None:
    record, real, fake = losscore.get(key), torch.zeros(3, 1, 5), torch.arange(8.0).reshape(2, 4)
    each = record(real, fake, reduction="none")
    assert each.shape == (3, 2)
    assert torch.equal(each[0], each[2])
    assert not record.gradient(real, fake).any()


def test_a_relativistic_generator_feels_the_real_samples() -> None:
    real, fake = tensors(BATCHES["ordinary"], torch.float64)
    assert losscore.get("rsgan_g").gradient(real, fake).abs().min() > 0
