"""The page of distributions and sequences: the numbers that it tells."""

import itertools
import math

import numpy as np
import ot
import torch
from hands import film, near, preset, sweep
from scipy.ndimage import gaussian_filter
from scipy.optimize import minimize
from scipy.spatial.distance import cosine, jensenshannon
from scipy.stats import energy_distance, entropy, norm, poisson, wasserstein_distance

import losscore
from losscore.explore.histograms import GRAINS, parcels, wishes
from losscore.explore.spelling import spelt
from losscore.figures.numbers import short
from losscore.scenes.histograms import BINS, TRUTHS, grains, humps, true_histogram
from losscore.scenes.people import HEADS, PEOPLE, TALL, WAYS, WIDE
from losscore.scenes.spelling import SYMBOLS, WORDS, rows, spoken
from pages.distributions_counts import COUNTS, CROWD
from pages.distributions_ctc import CTC
from pages.distributions_direction import DIRECTION
from pages.distributions_histograms import HISTOGRAMS
from pages.distributions_modes import MODES
from pages.table import link

PLACES = np.arange(1, BINS + 1.0)
COST = np.abs(PLACES[:, None] - PLACES)


def shares(place: float, spread: float, floor: float = 1e-3) -> np.ndarray:
    """A bell cut off at the last bins, above a floor."""
    bell = np.exp(-(((PLACES - place) / spread) ** 2) / 2)
    return np.asarray(floor + (1 - BINS * floor) * bell / bell.sum())


def told(view, **changes) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """What the slots of a view say."""
    return {name.partition(".")[2]: float(values[0]) for name, values in film(view, **changes).slots.items()}


# Two histograms


def test_a_spike_is_as_wrong_one_bin_off_as_eight_to_kl_and_js_but_not_to_the_earth_mover() -> None:
    moved = sweep(HISTOGRAMS, "hist_place").slots
    near(moved["hist.kl_divergence"][1:], 6.83, 1e-3)
    near(moved["hist.js_divergence"][1:], 0.680, 1e-3)
    near(moved["hist.emd_histogram"], 0.99 * np.arange(BINS))
    first = told(HISTOGRAMS)
    assert [round(first[key], 3) for key in ("kl_divergence", "js_divergence", "emd_histogram")] == [6.83, 0.68, 3.96]
    near(humps([(3.0, 0.1)])[0], np.where(PLACES == 3, 0.991, 0.001), 1e-12)


def test_every_number_of_two_histograms_is_that_of_other_libraries() -> None:
    p, t = shares(6, 1.5), (shares(2, 0.6) + shares(9, 0.6)) / 2
    said = told(HISTOGRAMS, hist_true="humps", hist_place=6.0, hist_spread=1.5, sinkhorn_transport_cost_reg=0.5)
    near(said["kl_divergence"], entropy(t, p))
    near(said["kl_reversed"], entropy(p, t))
    near(said["js_divergence"], jensenshannon(p, t) ** 2)
    near(said["soft_cross_entropy"], entropy(t) + entropy(t, p))
    near(said["emd_histogram"], wasserstein_distance(PLACES, PLACES, p, t))
    near(said["emd_histogram"], ot.emd2(p, t, COST))
    near(said["emd_squared_cdf"], energy_distance(PLACES, PLACES, p, t) ** 2 / 2)
    plan = ot.sinkhorn(p, t, COST, 0.5, method="sinkhorn_log", numItermax=20_000, stopThr=1e-12)
    near(said["sinkhorn_transport_cost"], (plan * COST).sum())
    x, y = (1.0 + np.searchsorted(np.cumsum(h), (np.arange(GRAINS) + 0.5) / GRAINS)
            for h in (p, t))  # fmt: skip
    near(said["wasserstein1_samples"], wasserstein_distance(x, y))
    near(said["wasserstein2sq_samples"], ot.wasserstein_1d(x, y, p=2))
    near(said["energy_distance_sq"], energy_distance(x, y) ** 2)
    kernels = [np.exp(-((a[:, None] - b) ** 2) / 2) for a, b in ((x, x), (y, y), (x, y))]
    near(said["mmd_rbf_biased"], kernels[0].mean() + kernels[1].mean() - 2 * kernels[2].mean())
    off = 1 - np.eye(GRAINS)
    inside = sum((k * off).sum() / off.sum() for k in kernels[:2])
    near(said["mmd_rbf_unbiased"], inside - 2 * kernels[2].mean())


def test_a_wish_is_the_downhill_slope_along_shares_that_sum_to_one() -> None:
    p, t = shares(5, 1.3), shares(4, 1.0)
    kinds = {
        "kl_divergence": lambda q: (t * np.log(t / q)).sum(),
        "kl_reversed": lambda q: (q * np.log(q / t)).sum(),
        "soft_cross_entropy": lambda q: -(t * np.log(q)).sum(),
        "emd_squared_cdf": lambda q: (np.cumsum(q - t) ** 2).sum(),
    }
    for key, loss in kinds.items():
        lifts = [p + 1e-6 * (np.eye(BINS)[k] - 1 / BINS) for k in range(BINS)]
        slope = np.array([loss(p) - loss(lifted) for lifted in lifts])
        got = wishes(key, torch.tensor(p)[None], torch.tensor(t), {})[0]
        near(got, slope / np.abs(slope).max(), 1e-2, 1e-3)


def test_parcels_are_carried_as_the_cheapest_plan_does() -> None:
    for key in TRUTHS:
        start, end = parcels(humps([(6.0, 1.5)]), true_histogram(key), 20)
        near((start - end).abs().mean(), wasserstein_distance(start[0], end[0]))
        near(grains(true_histogram(key), 2000).mean(), true_histogram(key) @ torch.tensor(PLACES), 1e-3)


def test_presets_of_two_histograms_say_their_numbers() -> None:
    quoted = {
        "One bin off": ("kl_divergence", "js_divergence", "emd_histogram"),
        "Eight bins off": ("kl_divergence", "js_divergence", "emd_histogram"),
        "KL one way, and the other": ("kl_divergence", "kl_reversed"),
        "Sinkhorn, blurred": ("sinkhorn_transport_cost",),
        "Samples": ("mmd_rbf_biased",),
    }
    for name, keys in quoted.items():
        slots, shows = preset(HISTOGRAMS, name)
        for key in keys:
            number = slots[f"hist.{key}"][0]
            assert any(text in shows for text in (f"{number:.2f}", f"{number:.3f}")), (name, key, number)
    assert preset(HISTOGRAMS, "Sinkhorn, blurred")[0]["hist.emd_histogram"][0] == 0


# One bell, two modes


def reverse_fit(apart: float, width: float, right: float) -> tuple[float, float, float]:
    """Place, width and value of the least KL(bell || true), by a simplex from three starts."""

    x = np.linspace(-9, 9, 6001)
    truth = (1 - right) * norm.pdf(x, -apart, width) + right * norm.pdf(x, apart, width)

    def cost(at: np.ndarray) -> float:
        logs = norm.logpdf(x, at[0], math.exp(at[1]))
        return float(np.trapezoid(np.exp(logs) * (logs - np.log(truth)), x))

    starts = [(-apart, math.log(width)), (apart, math.log(width)), (0.0, math.log(1 + apart))]
    fits = [minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-8}) for start in starts]
    best = min(fits, key=lambda fit: float(fit.fun))
    return float(best.x[0]), math.exp(best.x[1]), float(best.fun)


def test_lesson_29_of_kl_either_way() -> None:
    first = film(MODES).slots
    near([first["coin.kl_divergence"][0], first["coin.kl_reversed"][0]], [0.368, 0.511], 1e-3)
    near(first["coin.kl_divergence"][0], entropy([0.9, 0.1], [0.5, 0.5]))
    near(first["coin.kl_reversed"][0], entropy([0.5, 0.5], [0.9, 0.1]))
    near([first["kl_divergence.width"][0], first["kl_reversed.width"][0]], [2.06, 0.50], 2e-3)
    near(first["kl_divergence.width"][0], math.sqrt(2**2 + 0.5**2), 1e-3)  # the truth's own spread
    near(first["kl_reversed.kl_reversed"][0], math.log(2), 1e-3)


def test_the_bells_are_the_best_that_a_search_finds() -> None:
    for apart, width, right in ((1.0, 0.5, 0.5), (2.0, 0.5, 0.3), (1.5, 0.8, 0.4)):
        slots = film(MODES, mode_apart=apart, mode_width=width, mode_right=right).slots
        mean = apart * (2 * right - 1)
        near(slots["kl_divergence.place"][0], mean, 1e-3, 1e-6)
        near(slots["kl_divergence.width"][0], math.sqrt(width**2 + apart**2 - mean**2), 2e-3)
        place, wide, value = reverse_fit(apart, width, right)
        near(slots["kl_reversed.place"][0], place, 2e-3, 2e-3)
        near(slots["kl_reversed.width"][0], wide, 2e-3)
        near(slots["kl_reversed.kl_reversed"][0], value, 1e-4, 1e-6)


def test_presets_of_one_bell_say_their_numbers() -> None:
    before, shows = preset(MODES, "Just before the leap")
    assert all(f"{before[f'{side}.width'][0]:.3f}" in shows for side in ("kl_divergence", "kl_reversed"))
    assert film(MODES, mode_apart=1.5).slots["kl_reversed.width"][0] < 0.6
    for name, slot in (("A smaller right mode", "kl_reversed.kl_reversed"), ("Wide modes", "kl_reversed.width")):
        slots, shows = preset(MODES, name)
        assert f"{slots[slot][0]:.3f}" in shows


# Counts, and a crowd


def test_poisson_weighs_an_error_by_what_is_there_and_mse_does_not() -> None:
    first = film(COUNTS).slots
    for square, true in (("quiet", 2), ("busy", 50)):
        near(first[f"{square}.mse"][0], 100)
        near(first[f"{square}.mse.slope"][0], 20)
        near(first[f"{square}.poisson_nll"][0], poisson.logpmf(true, true) - poisson.logpmf(true, true + 10))
        near(first[f"{square}.poisson_nll.slope"][0], 1 - true / (true + 10))
        near(first[f"{square}.chance"][0], poisson.std(true))
    near([first["quiet.poisson_nll"][0], first["busy.poisson_nll"][0]], [6.42, 0.884], 1e-3)
    two, shows = preset(COUNTS, "Two busy squares")
    for slot in ("quiet.poisson_nll.slope", "busy.poisson_nll.slope", "quiet.chance"):
        assert f"{two[slot][0]:.3g}".rstrip("0") in shows or f"{two[slot][0]:.3f}" in shows
    one, _ = preset(COUNTS, "One too few")
    near([one["quiet.poisson_nll.slope"][0], one["busy.poisson_nll.slope"][0]], [-1, -0.020], 3e-2)
    assert one["quiet.mse.slope"][0] == one["busy.mse.slope"][0] == -2
    many, _ = preset(COUNTS, "Thirty too many")
    near([many[f"{s}.poisson_nll"][0] for s in ("quiet", "busy")], [24.45, 6.5], 2e-4)


def painted(off: float, spread: float) -> np.ndarray:
    """The crowd's density, head by head."""
    y, x = np.mgrid[0:TALL, 0:WIDE] + 0.5
    heads = HEADS.numpy() + off * WAYS.numpy()
    return np.asarray(sum(norm.pdf(x, hx, spread) * norm.pdf(y, hy, spread) for hx, hy in heads))


def likeness(x: np.ndarray, y: np.ndarray) -> float:
    """Mean structural similarity of windows of 7 px inside the picture, by moments about 0."""

    def mean(picture: np.ndarray) -> np.ndarray:
        return np.asarray(gaussian_filter(picture, 1.5, radius=3)[3:-3, 3:-3])

    mx, my, c1, c2 = mean(x), mean(y), (0.01 * y.max()) ** 2, (0.03 * y.max()) ** 2
    vx, vy, both = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    return float(((2 * mx * my + c1) * (2 * both + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean())


def test_pixels_alone_paint_fewer_people_than_there_are_where_they_cannot_place_them() -> None:
    first = film(CROWD).slots
    best = [first[f"crowd.{term}.best"][0] for term in ("pixel", "count", "structure", "crowd_sum")]
    assert best == [20, 30, 16, 20]
    for off, spread in ((2.0, 1.0), (0.0, 2.0), (1.0, 1.5)):
        true, pred = painted(0, 1.0), painted(off, spread)
        slots = film(CROWD, crowd_off=off, crowd_spread=spread).slots
        number = PEOPLE * (true * pred).sum() / (pred**2).sum()  # least squares
        assert slots["crowd.pixel.best"][0] == round(number)
        shown = slots["crowd.pixel.best"][0] / PEOPLE * pred
        near(slots["crowd.pixel"][0], ((shown - true) ** 2).mean() / (true**2).mean())
        near(slots["crowd.count"][0], abs(shown.sum() / PEOPLE - 1), 1e-4, 1e-6)
        near(slots["crowd.structure"][0], 1 - likeness(shown, true), 1e-3)


def test_presets_of_the_crowd_say_their_numbers() -> None:
    quoted = {"With a count": 29, "Structure, no count": 19, "Blurred instead": 39, "All three": 30}
    for name, people in quoted.items():
        slots, shows = preset(CROWD, name)
        assert slots["crowd.crowd_sum.best"][0] == people
        assert str(people) in shows
    slots, shows = preset(CROWD, "With a count")
    assert f"{slots['crowd.pixel'][0]:.3f}" in shows
    assert f"{film(CROWD).slots['crowd.pixel'][0]:.3f}" in shows


# CTC


def read(symbols: tuple[int, ...]) -> str:
    """What a row of symbols spells: repeats dropped, then blanks."""
    return "".join(SYMBOLS[symbol] for symbol, _ in itertools.groupby(symbols) if symbol)


def enumerated(word: str, likely: np.ndarray) -> tuple[float, float, int, np.ndarray]:
    """By trying all rows of symbols: the sum's and the best one's probability, how many spell the word, the shares."""
    total, best, count, shares = 0.0, 0.0, 0, np.zeros_like(likely)
    for row in itertools.product(range(len(SYMBOLS)), repeat=len(likely)):
        if read(row) == word:
            chance = math.prod(frame[symbol] for frame, symbol in zip(likely, row, strict=True))
            total, best, count = total + chance, max(best, chance), count + 1
            shares += chance * np.eye(len(SYMBOLS))[list(row)]
    return total, best, count, shares / max(total, 1e-300)


def test_lesson_33_of_ctc() -> None:
    first = told(CTC)
    assert (first["ways"], round(first["loss"], 3), round(first["best"], 3)) == (15, 1.686, 4.394)
    assert told(CTC, ctc_frames=2.0)["ways"] == 1
    few, enough = told(CTC, ctc_word="aa", ctc_frames=2.0), told(CTC, ctc_word="aa", ctc_frames=3.0)
    assert (few["loss"], few["best"], few["ways"], few["share"]) == (math.inf, math.inf, 0, 0)
    near(enough["loss"], 3 * math.log(3))
    for letters in (1, 2):  # closed form for a word of different letters: choose 2 L of T + L
        ways = [told(CTC, ctc_word="ab"[:letters], ctc_frames=float(t))["ways"] for t in range(2, 9)]
        assert ways == [math.comb(t + letters, 2 * letters) for t in range(2, 9)]


def test_what_is_infinite_is_told_by_a_word() -> None:
    frame = film(CTC, ctc_word="abb", ctc_frames=3.0).frame(0)
    assert frame["slots"]["ctc.loss"] == [None, "infinite"]
    assert "loss infinite" in frame["speech"]
    assert "nan" not in str(frame["slots"]).lower()


def test_ctc_is_what_trying_every_row_of_symbols_gives() -> None:
    for word, frames, sure, when in (("ab", 4, 0.0, 1), ("aa", 5, 0.6, 2), ("aba", 3, 0.3, 1), ("abb", 6, 0.9, 4)):
        logits = spoken(word, frames, sure, when)
        said = spelt(word, logits)
        likely = logits.softmax(-1)[0, :frames].numpy()
        total, best, count, shares = enumerated(word, likely)
        near(said.loss[0], -math.log(total), 1e-9)
        near(said.best[0], -math.log(best), 1e-9)
        assert said.ways[0] == count
        near(said.push[0, :frames], shares - likely, 1e-6, 1e-9)
        near(said.push[0, frames:], 0)
        near(said.seen[0, ::2].sum(0)[:frames], shares[:, 0], 1e-6)
    for word in WORDS:
        none = spelt(word, spoken(word, len(word) - 1, 0.0, 1))
        assert none.loss.isinf().all()
        assert not none.push.any()
        assert not none.ways.any()


def test_a_network_that_is_sure_spells_the_word_and_the_best_way_is_one() -> None:
    for word in WORDS:
        logits = spoken(word, 7, 0.98, 2)
        assert read(tuple(logits[0].argmax(-1).tolist())) == word
        said = spelt(word, logits)
        near(said.best[0], -7 * math.log(0.98 + 0.02 / 3), 1e-9)
        way = said.path[0]
        assert read(tuple(rows(word)[way].tolist())) == word
        assert said.steps[0, torch.arange(7), way[:-1], way[1:]].all()
        near(said.seen[0].sum(0), 1, 1e-9)


def test_presets_of_ctc_say_their_numbers() -> None:
    assert told(CTC, ctc_word="aa", ctc_frames=2.0)["loss"] == math.inf
    for name in ("Just enough", "Early or late", "Heard too late"):
        slots, shows = preset(CTC, name)
        assert f"{slots['ctc.loss'][0]:.3f}" in shows
    early = sweep(CTC, "ctc_when", ctc_frames=8.0, ctc_sure=0.9).slots["ctc.loss"]
    near(early[2:5], 0.464, 1e-3)


# Direction


def test_lesson_32_cosine_does_not_see_the_length() -> None:
    first = film(DIRECTION).slots
    assert round(first["cosine_proximity.value"][0], 9) == -1
    near(first["mse.value"][0], np.mean((100 * np.array([3, 4]) - [3, 4]) ** 2))
    near(sweep(DIRECTION, "vector_stretch").slots["cosine_proximity.value"], -1)
    assert film(DIRECTION).frame(0)["slots"]["mse.value"][1] == "122512"


def test_losses_and_gradients_of_a_turned_vector() -> None:
    true = np.array([3.0, 4.0])
    losses = {
        "cosine_proximity": lambda p: cosine(p, true) - 1,
        "mse": lambda p: np.mean((p - true) ** 2),
        "mae": lambda p: np.mean(np.abs(p - true)),
    }
    for stretch, angle in ((2.0, 40.0), (0.5, -120.0), (10.0, 90.0)):
        turn = math.radians(angle)
        p = stretch * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) @ true
        ahead = p / np.linalg.norm(p)
        left = np.array([-ahead[1], ahead[0]])
        slots = film(DIRECTION, vector_stretch=stretch, vector_angle=angle).slots
        for key, loss in losses.items():
            near(slots[f"{key}.value"][0], loss(p))
            for part, way in (("along", ahead), ("across", left)):
                step = 1e-5 * way
                near(slots[f"{key}.{part}"][0], (loss(p + step) - loss(p - step)) / 2e-5, 1e-4, 1e-8)


def test_presets_of_direction_say_their_numbers() -> None:
    quoted = {
        "A quarter turn": {"cosine_proximity.value": "0.000", "mse.value": "25.00"},
        "Twice as long": {"cosine_proximity.value": "−1.000", "mse.value": "12.50"},
        "40 degrees off": {"cosine_proximity.value": "−0.766", "mse.value": "5.849"},
        "The opposite": {"cosine_proximity.value": "1.000", "cosine_proximity.across": "0.000"},
        "Long and askew": {"cosine_proximity.across": "0.001"},
    }
    for name, numbers in quoted.items():
        slots, shows = preset(DIRECTION, name)
        for slot, text in numbers.items():
            assert text in shows
            assert short(slots[slot][0]) == text
    assert (
        f"{film(DIRECTION, vector_stretch=1.0, vector_angle=40.0).slots['cosine_proximity.across'][0]:.3f}" == "0.129"
    )


# The page


def test_every_loss_of_the_family_is_chosen_on_some_page() -> None:
    for loss in losscore.losses(family="distributions"):
        page, settings = link(loss.key) or (None, {})
        assert page is not None
        assert page.path != "catalogue", loss.key
        assert loss.key in "".join(settings.values())
