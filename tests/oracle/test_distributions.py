"""Distances of distributions against SciPy, scikit-learn, POT and brute force over all paths or plans.

Slopes are central differences of these, away from kinks.
"""

import itertools
import math
from collections.abc import Callable

import numpy as np
import ot
import pytest
import torch
from scipy import stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial import distance
from scipy.special import log_softmax
from sklearn.metrics.pairwise import rbf_kernel

import losscore

RNG = np.random.default_rng(21)
SAMPLES = {
    "ordinary": (RNG.normal(size=7), RNG.normal(1, 2, size=7)),
    "far apart": (RNG.normal(size=7), 1e6 + RNG.normal(size=7)),
    "tiny": (1e-6 * RNG.normal(size=7), 1e-6 * RNG.normal(size=7)),
    "with ties": (np.array([0.0, 0, 1, 1, 1, 5, 5]), np.array([1.0, 1, 1, 2, 0, 5, 7])),
    "equal": (np.arange(7.0), np.arange(7.0)[::-1].copy()),
}


def slope(oracle: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-6) -> np.ndarray:
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[place] = step
        found[place] = (oracle(at + move) - oracle(at - move)) / (2 * step)
    return found


def wasserstein2sq(x: np.ndarray, y: np.ndarray) -> float:
    """By the best of all assignments, which knows nothing of sorting."""
    cost = (x[:, None] - y) ** 2
    return cost[linear_sum_assignment(cost)].mean()


OF_SAMPLES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "wasserstein1_samples": stats.wasserstein_distance,
    "wasserstein2sq_samples": wasserstein2sq,
    # SciPy returns the root.
    "energy_distance_sq": lambda x, y: stats.energy_distance(x, y) ** 2,
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("key", OF_SAMPLES)
def test_samples_on_a_line(key: str, name: str) -> None:
    x, y = SAMPLES[name]
    record, given = losscore.get(key), (torch.as_tensor(x), torch.as_tensor(y))
    # The energy distance of samples that are the same to SciPy's eyes is a root of rounding there.
    size = np.abs(np.concatenate([x, y])).max()
    assert record(*given).item() == pytest.approx(OF_SAMPLES[key](x, y), rel=1e-9, abs=1e-13 * size)
    single = record(*(one.float() for one in given)).item()
    assert single == pytest.approx(OF_SAMPLES[key](x, y), rel=1e-5, abs=3e-7 * size)
    if name in ("ordinary", "tiny"):
        expected = slope(lambda moved: OF_SAMPLES[key](moved, y), x, 1e-6 * size)
        assert record.gradient(*given).numpy() == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_pot_has_the_same_transport_on_a_line() -> None:
    for x, y in SAMPLES.values():
        given = torch.as_tensor(x), torch.as_tensor(y)
        for key, power in (("wasserstein1_samples", 1), ("wasserstein2sq_samples", 2)):
            theirs = float(ot.wasserstein_1d(x, y, p=power))
            assert losscore.get(key)(*given).item() == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("sizes", [(1, 5), (4, 9), (30, 7)], ids=str)
def test_energy_distance_of_samples_of_different_sizes(sizes: tuple[int, int]) -> None:
    x, y = (RNG.normal(size=size) for size in sizes)
    ours = losscore.get("energy_distance_sq")(torch.as_tensor(x), torch.as_tensor(y)).item()
    assert ours == pytest.approx(stats.energy_distance(x, y) ** 2, rel=1e-10)


def test_coinciding_points_never_part_under_the_energy_distance() -> None:
    x, y = torch.zeros(4, dtype=torch.float64), torch.tensor([-1.0, -1.0, 1.0, 1.0]).double()
    assert losscore.get("energy_distance_sq")(x, y).item() == 1
    assert not losscore.get("energy_distance_sq").gradient(x, y).any()
    assert losscore.get("wasserstein1_samples").gradient(x, y).abs().tolist() == [0.25] * 4


HISTOGRAMS = {
    "ordinary": (RNG.dirichlet(np.ones(10)), RNG.dirichlet(np.ones(10))),
    "one bin away": (np.eye(10)[2], np.eye(10)[3]),
    "three bins away": (np.eye(10)[2], np.eye(10)[5]),
    "end to end": (np.eye(10)[0], np.eye(10)[9]),
    "equal": (np.full(10, 0.1), np.full(10, 0.1)),
    "one bin": (np.ones(1), np.ones(1)),
}


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_histograms(name: str) -> None:
    p, t = HISTOGRAMS[name]
    bins = np.arange(len(p))
    given = torch.as_tensor(p), torch.as_tensor(t)
    first = stats.wasserstein_distance(bins, bins, p, t)
    assert losscore.get("emd_histogram")(*given).item() == pytest.approx(first, rel=1e-12, abs=1e-14)
    exact = ot.emd2(p, t, np.abs(bins[:, None] - bins).astype(float))
    assert losscore.get("emd_histogram")(*given).item() == pytest.approx(exact, rel=1e-9, abs=1e-12)
    # SciPy: the root of twice the integral of the squared difference of the CDFs.
    second = stats.energy_distance(bins, bins, p, t) ** 2 / 2
    assert losscore.get("emd_squared_cdf")(*given).item() == pytest.approx(second, rel=1e-12, abs=1e-14)


def test_slopes_of_histograms() -> None:
    p, t = HISTOGRAMS["ordinary"]
    for key, power in (("emd_histogram", 1), ("emd_squared_cdf", 2)):

        def written(p: np.ndarray, power: int = power) -> float:
            return sum(abs(p[: k + 1].sum() - t[: k + 1].sum()) ** power for k in range(len(p)))

        ours = losscore.get(key).gradient(torch.as_tensor(p), torch.as_tensor(t)).numpy()
        assert ours == pytest.approx(slope(written, p), rel=1e-6, abs=1e-8)


def test_rounding_past_the_last_bin_does_not_pull() -> None:
    generator = torch.Generator().manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        p, t = torch.rand(2, 50, 16, generator=generator).to(dtype)
        p, t = (x / x.sum(-1, keepdim=True) for x in (p, t))
        # Also where shares that were made in single precision are used in double.
        for one, other in ((p, t), (p.double(), t.double())):
            assert not losscore.get("emd_histogram").gradient(one, other, reduction="sum")[:, -1].any()


def test_a_spike_on_its_way_kl_sees_nothing_and_emd_counts_the_bins() -> None:
    spike = np.full(10, 0.001)
    spike[1] = 0.991
    for shift in range(1, 9):
        moved = np.roll(spike, shift)
        assert stats.entropy(spike, moved) == pytest.approx(6.83, abs=0.005)
        ours = losscore.get("emd_histogram")(torch.as_tensor(moved), torch.as_tensor(spike)).item()
        assert ours == pytest.approx(0.99 * shift, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_cosine_proximity(scale: float) -> None:
    x, y = RNG.normal(size=(2, 5, 4))
    record = losscore.get("cosine_proximity")
    ours = record(torch.as_tensor(scale * x), torch.as_tensor(y), reduction="none")
    expected = [distance.cosine(a, b) - 1 for a, b in zip(x, y, strict=True)]
    assert ours.tolist() == pytest.approx(expected, rel=1e-12)
    slopes = record.gradient(torch.as_tensor(scale * x), torch.as_tensor(y), reduction="sum").numpy() * scale
    for row in range(5):
        by_hand = slope(lambda moved, row=row: distance.cosine(moved, y[row]) - 1, x[row])
        assert slopes[row] == pytest.approx(by_hand, rel=1e-5, abs=1e-8)
    assert record(torch.as_tensor(y), torch.as_tensor(100 * y)).item() == pytest.approx(-1, rel=1e-15)
    nothing = torch.zeros(4, dtype=torch.float64)
    assert record(nothing, torch.as_tensor(y[0])) == 0
    assert not record.gradient(nothing, torch.as_tensor(y[0])).any()


@pytest.mark.parametrize("sigma", [0.01, 0.3, 1.0, 10.0])
@pytest.mark.parametrize("sizes", [(6, 6), (2, 9)], ids=str)
def test_mmd_is_that_of_scikit_learns_kernel(sizes: tuple[int, int], sigma: float) -> None:
    x, y = (RNG.normal(size=(size, 3)) for size in sizes)

    def both(x: np.ndarray) -> tuple[float, float]:
        kxx, kyy, kxy = (rbf_kernel(*pair, gamma=1 / (2 * sigma**2)) for pair in ((x, x), (y, y), (x, y)))
        n, m = len(x), len(y)
        unbiased = kxx[~np.eye(n, dtype=bool)].sum() / n / (n - 1) + kyy[~np.eye(m, dtype=bool)].sum() / m / (m - 1)
        return kxx.mean() + kyy.mean() - 2 * kxy.mean(), unbiased - 2 * kxy.mean()

    for at, key in enumerate(("mmd_rbf_biased", "mmd_rbf_unbiased")):
        given = torch.as_tensor(x), torch.as_tensor(y)
        ours = losscore.get(key)(*given, sigma=sigma).item()
        assert ours == pytest.approx(both(x)[at], rel=1e-9, abs=1e-13)
        slopes = losscore.get(key).gradient(*given, sigma=sigma).numpy()
        expected = slope(lambda moved, at=at: both(moved)[at], x, 1e-5 * min(1.0, sigma))
        assert slopes == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_mmd_keeps_its_digits_far_from_the_origin() -> None:
    x, y = torch.as_tensor(RNG.normal(size=(2, 6, 3)))
    # A power of two, so that the shifted numbers themselves lose a known few bits.
    far = x + 2.0**20, y + 2.0**20
    for key in ("mmd_rbf_biased", "mmd_rbf_unbiased"):
        near = losscore.get(key)(x, y).item()
        assert losscore.get(key)(*far).item() == pytest.approx(near, rel=1e-8)


def test_mmd_of_one_point_is_refused_where_it_is_undefined() -> None:
    x, y = torch.zeros(1, 2), torch.zeros(3, 2)
    assert losscore.get("mmd_rbf_biased")(x, y) == 0
    with pytest.raises(ValueError, match="two or more points, got 1 and 3"):
        losscore.get("mmd_rbf_unbiased")(x, y)


def all_paths(z: np.ndarray, labels: list[int], blank: int) -> tuple[float, int]:
    """CTC by writing out every path, and how many of them spell the labels."""
    log_p, found = log_softmax(z, axis=1), []
    for path in itertools.product(range(z.shape[1]), repeat=len(z)):
        if [k for k, _ in itertools.groupby(path) if k != blank] == labels:
            found.append(sum(log_p[t, k] for t, k in enumerate(path)))
    return (-float(np.logaddexp.reduce(found)) if found else math.inf), len(found)


SPELT = [([1], 4), ([1, 2], 4), ([1, 1], 3), ([2, 1, 2], 5), ([1, 1, 2], 5), ([2, 2, 2], 5), ([1, 2, 1, 2], 4)]


@pytest.mark.parametrize("spread", [0.0, 1.0, 20.0])
@pytest.mark.parametrize(("labels", "frames"), SPELT, ids=str)
def test_ctc_is_the_sum_over_all_paths(labels: list[int], frames: int, spread: float) -> None:
    z = spread * RNG.normal(size=(frames, 3))
    record, given = losscore.get("ctc"), (torch.as_tensor(z), torch.tensor(labels))
    expected, _ = all_paths(z, labels, 0)
    assert record(*given).item() == pytest.approx(expected, rel=1e-12)
    by_hand = slope(lambda moved: all_paths(moved, labels, 0)[0], z, 1e-5)
    assert record.gradient(*given).numpy() == pytest.approx(by_hand, rel=1e-5, abs=1e-7)
    # The last class as the blank: the labels are one lower.
    turned = torch.as_tensor(np.roll(z, -1, axis=1)), torch.tensor(labels) - 1
    assert record(*turned, blank=-1).item() == pytest.approx(expected, rel=1e-12)


def test_ctc_known_numbers() -> None:
    record = losscore.get("ctc")
    assert record(torch.zeros(2, 3), torch.tensor([1, 1])).item() == math.inf
    assert not record.gradient(torch.zeros(2, 3), torch.tensor([1, 1])).any()
    assert record(torch.zeros(3, 3), torch.tensor([1, 1])).item() == pytest.approx(3.296, abs=5e-4)
    assert all_paths(np.zeros((4, 3)), [1, 2], 0)[1] == 15
    assert record(torch.zeros(4, 3), torch.tensor([1, 2])).item() == pytest.approx(1.686, abs=5e-4)


def test_blanks_among_the_labels_only_fill_up() -> None:
    z = torch.as_tensor(RNG.normal(size=(3, 5, 4)))
    padded = torch.tensor([[1, 2, 0], [0, 3, 3], [0, 0, 0]])
    ours = losscore.get("ctc")(z, padded, reduction="none").tolist()
    expected = [all_paths(one.numpy(), labels, 0)[0] for one, labels in zip(z, ([1, 2], [3, 3], []), strict=True)]
    assert ours == pytest.approx(expected, rel=1e-12)


def test_torchs_mean_divides_by_the_labels() -> None:
    z, labels = torch.as_tensor(RNG.normal(size=(2, 6, 4))), torch.tensor([[1, 2, 3], [3, 1, 0]])
    lengths = torch.tensor([3, 2])
    theirs = torch.nn.functional.ctc_loss(z.log_softmax(-1).transpose(0, 1), labels, torch.tensor([6, 6]), lengths)
    ours = losscore.get("ctc")(z, labels, reduction="none")
    assert (ours / lengths).mean().item() == pytest.approx(theirs.item(), rel=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_ctc_is_finite_for_sure_and_wrong_frames(dtype: torch.dtype) -> None:
    z = torch.full((6, 4), -1e4, dtype=dtype)
    z[:, 3] = 1e4
    # None of the 70 paths that spell the labels uses the sure class, in none of six frames.
    assert losscore.get("ctc")(z, torch.tensor([1, 2])).item() == pytest.approx(6 * 2e4 - math.log(70), rel=1e-6)
    slopes = losscore.get("ctc").gradient(z, torch.tensor([1, 2]))
    assert slopes.isfinite().all()
