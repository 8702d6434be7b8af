"""Structural similarity against scikit-image, kornia and a loop over windows in float64 NumPy or mpmath."""

import math

import kornia.metrics
import mpmath
import numpy as np
import pytest
import torch
import torchmetrics.functional.image as tmi
from skimage.metrics import structural_similarity
from torch import Tensor

import losscore

SSIM, MS_SSIM = losscore.get("ssim"), losscore.get("ms_ssim")


def scenes(height: int, width: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(9)
    rows, columns = np.mgrid[:height, :width]
    waves = 0.5 + 0.2 * np.sin(rows / 2.0) * np.cos(columns / 3.0)
    disc = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2 <= height**2 / 9).astype(float)
    noise = rng.random((height, width))
    return {
        "noisy waves": (np.clip(waves + 0.1 * (noise - 0.5), 0, 1), waves),
        "noise": (noise, rng.random((height, width))),
        "negative": (1 - waves, waves),
        "brighter": (waves + 0.2, waves),
        "shifted disc": (np.roll(disc, 2, 1), disc),
        "flat": (np.full((height, width), 0.2), np.full((height, width), 0.8)),
        "black": (np.zeros((height, width)), np.zeros((height, width))),
        "flat and disc": (np.full((height, width), 0.5), disc),
    }


SMALL = scenes(19, 24)
EVERY_SCENE = pytest.mark.parametrize("name", SMALL)


def tensors(*arrays: np.ndarray) -> tuple[Tensor, ...]:
    return tuple(torch.tensor(array, dtype=torch.float64) for array in arrays)


def by_scikit_image(p: np.ndarray, y: np.ndarray, **given: float) -> float:
    options = {"data_range": 1.0, "sigma": 1.5} | given
    return structural_similarity(p, y, gaussian_weights=True, use_sample_covariance=False, **options)


def by_windows(
    p: np.ndarray, y: np.ndarray, win: int = 11, sigma: float = 1.5, K1: float = 0.01, K2: float = 0.03,
    data_range: float = 1.0,
) -> float:
    """The index of Wang et al. window by window, with the covariance as it is written."""
    at = np.arange(win) - win // 2
    weight = np.exp(-(at[:, None] ** 2 + at**2) / (2 * sigma**2))
    weight /= weight.sum()
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    found = []
    for i in range(p.shape[0] - win + 1):
        for j in range(p.shape[1] - win + 1):
            a, b = p[i : i + win, j : j + win], y[i : i + win, j : j + win]
            ma, mb = (weight * a).sum(), (weight * b).sum()
            va, vb = (weight * (a - ma) ** 2).sum(), (weight * (b - mb) ** 2).sum()
            cov = (weight * (a - ma) * (b - mb)).sum()
            found.append((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2)))
    return float(np.mean(found))


@EVERY_SCENE
def test_ssim_is_that_of_scikit_image_and_kornia_inside_the_picture(name: str) -> None:
    p, y = SMALL[name]
    found = SSIM(*tensors(p, y)).item()
    assert found == pytest.approx(1 - by_scikit_image(p, y), abs=1e-13)
    kornias = kornia.metrics.ssim(*(x[None, None] for x in tensors(p, y)), 11, 1.0, eps=0.0, padding="valid")
    assert found == pytest.approx(1 - kornias.mean().item(), abs=1e-12)
    assert SSIM(*(x.float() for x in tensors(p, y))).item() == pytest.approx(found, abs=1e-6)


@EVERY_SCENE
@pytest.mark.parametrize(
    "given",
    [
        {"win": 3, "sigma": 5.0},
        {"win": 7, "sigma": 0.5, "K1": 0.1},
        {"win": 19, "sigma": 3.0, "K2": 0.1},
        {"data_range": 255.0},
        {"data_range": 0.3, "K1": 0.002, "K2": 0.005},
    ],
    ids=str,
)
def test_ssim_is_that_of_a_loop_over_windows(name: str, given: dict[str, float]) -> None:
    p, y = SMALL[name]
    assert SSIM(*tensors(p, y), **given).item() == pytest.approx(1 - by_windows(p, y, **given), abs=1e-12)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ["noise", "shifted disc"])
def test_the_window_of_scikit_image_ends_at_three_and_a_half_sigmas(name: str, sigma: float) -> None:
    p, y = SMALL[name]
    win = 2 * int(3.5 * sigma + 0.5) + 1
    expected = 1 - by_scikit_image(p, y, sigma=sigma, K1=0.02, K2=0.05)
    assert SSIM(*tensors(p, y), win=win, sigma=sigma, K1=0.02, K2=0.05).item() == pytest.approx(expected, abs=1e-13)


@EVERY_SCENE
@pytest.mark.parametrize("at", [0, 1])
def test_the_slope_of_ssim(name: str, at: int) -> None:
    arrays = SMALL[name]
    slope = SSIM.gradient(*tensors(*arrays), wrt=("pred", "target")[at]).numpy()
    rng = np.random.default_rng(2)
    for _ in range(4):
        way = rng.standard_normal(arrays[at].shape)

        def moved(h: float, way: np.ndarray = way) -> float:
            pair = [x + h * way if k == at else x for k, x in enumerate(arrays)]
            return 1 - by_scikit_image(*pair)

        h = 1e-6
        expected = (moved(h) - moved(-h)) / (2 * h)
        assert (slope * way).sum() == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_equal_pictures_cost_nothing_and_have_no_slope() -> None:
    for _, y in SMALL.values():
        for dtype in (torch.float32, torch.float64):
            image = torch.tensor(y, dtype=dtype)
            assert SSIM(image, image).item() == 0
            assert torch.equal(SSIM.gradient(image, image), torch.zeros_like(image))


def test_a_fault_too_small_for_the_index_still_has_a_cost() -> None:
    p, y = SMALL["noisy waves"]
    near = y + 1e-9 * (p - y)
    with mpmath.workdps(50):
        expected = by_exact_windows(near, y)
    assert SSIM(*tensors(near, y)).item() == pytest.approx(expected, rel=1e-6)
    assert expected < 1e-15


def by_exact_windows(p: np.ndarray, y: np.ndarray, win: int = 11) -> float:
    """1 - SSIM with 50 digits; sums of squares less squares of sums do no harm there."""
    at = range(-(win // 2), win // 2 + 1)
    bell = [mpmath.exp(-mpmath.mpf(k * k) / (2 * mpmath.mpf(1.5) ** 2)) for k in at]
    total = mpmath.fsum(bell)
    bell = [b / total for b in bell]
    a, b = ([[mpmath.mpf(float(v)) for v in row] for row in x] for x in (p, y))

    def smooth(z: list[list[mpmath.mpf]]) -> list[list[mpmath.mpf]]:
        rows = [[mpmath.fdot(bell, row[j : j + win]) for j in range(len(row) - win + 1)] for row in z]
        columns = list(zip(*rows, strict=True))
        return [[mpmath.fdot(bell, c[i : i + win]) for i in range(len(c) - win + 1)] for c in columns]

    def times(x: list[list[mpmath.mpf]], z: list[list[mpmath.mpf]]) -> list[list[mpmath.mpf]]:
        return [[u * v for u, v in zip(r, s, strict=True)] for r, s in zip(x, z, strict=True)]

    maps = [smooth(z) for z in (a, b, times(a, a), times(b, b), times(a, b))]
    c1, c2 = mpmath.mpf(0.01) ** 2, mpmath.mpf(0.03) ** 2
    found = [
        (2 * ma * mb + c1) * (2 * (ab - ma * mb) + c2) / ((ma**2 + mb**2 + c1) * (aa - ma**2 + bb - mb**2 + c2))
        for rows in zip(*maps, strict=True)
        for ma, mb, aa, bb, ab in zip(*rows, strict=True)
    ]
    return float(1 - mpmath.fsum(found) / len(found))


@pytest.mark.parametrize("bright", [1e3, 1e6])
def test_bright_pictures_keep_the_digits_of_their_texture(bright: float) -> None:
    p, y = (x[:13, :13] + bright for x in SMALL["noise"])
    with mpmath.workdps(50):
        expected = by_exact_windows(p, y)
    assert SSIM(*tensors(p, y)).item() == pytest.approx(expected, rel=1e-12 * bright)


def test_numbers_worth_knowing() -> None:
    """A wrong brightness costs little; a negative costs nearly all that there is, whatever its squared error."""
    assert 1 - SSIM(*tensors(*SMALL["flat"])).item() == pytest.approx(0.4707, abs=1e-4)
    rows, columns = np.mgrid[:32, :32]
    board = 0.5 + 0.12 * (-1.0) ** (rows + columns)
    similarity = 1 - SSIM(*tensors(1 - board, board)).item()
    assert similarity == pytest.approx(-0.94, abs=0.005)
    assert losscore.get("mse")(*tensors(1 - board, board)).item() == pytest.approx(0.0576)


def test_other_borders_and_windows_give_other_numbers() -> None:
    p, y = SMALL["noisy waves"]
    inside = 1 - SSIM(*tensors(p, y)).item()
    reflected = tmi.structural_similarity_index_measure(*(x[None, None] for x in tensors(p, y)), data_range=1.0).item()
    uniform = structural_similarity(p, y, data_range=1.0)
    assert min(abs(inside - reflected), abs(inside - uniform)) > 1e-3


def test_a_picture_smaller_than_the_window_is_refused() -> None:
    x = torch.rand(8, 30)
    with pytest.raises(ValueError, match=r"ssim: pred needs 11 or more along H and W for win=11, got \(8, 30\)"):
        SSIM(x, x)
    assert SSIM(x, x, win=7).item() == 0


# Several scales.

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def halved(image: np.ndarray) -> np.ndarray:
    """Means of 2 x 2; an odd side gets a zero in front and behind, of which the last is left over."""
    image = np.pad(image, [(n % 2, n % 2) for n in image.shape])
    image = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
    return image.reshape(image.shape[0] // 2, 2, image.shape[1] // 2, 2).mean((1, 3))


def by_scales(p: np.ndarray, y: np.ndarray, weights: tuple[float, ...] = WEIGHTS, data_range: float = 1.0) -> float:
    """Scikit-image at each scale; with an immense K1 the luminance is 1 and only the structure is left."""
    product = 1.0
    for scale, weight in enumerate(weights):
        last = scale == len(weights) - 1
        index = by_scikit_image(p, y, data_range=data_range, K1=0.01 if last else 1e10, K2=0.03)
        product *= max(index, 0.0) ** weight
        p, y = halved(p), halved(y)
    return product


LARGE = scenes(176, 192)
ODD = scenes(161, 163)
THREE = (0.2, 0.5, 0.3)


@pytest.mark.parametrize("name", LARGE)
def test_ms_ssim_is_scikit_image_at_five_scales(name: str) -> None:
    assert MS_SSIM(*tensors(*LARGE[name])).item() == pytest.approx(by_scales(*LARGE[name]), rel=1e-11, abs=1e-13)
    single = MS_SSIM(*(x.float() for x in tensors(*LARGE[name]))).item()
    assert single == pytest.approx(by_scales(*LARGE[name]), abs=1e-5)


@pytest.mark.parametrize("name", ["noisy waves", "brighter", "shifted disc"])
def test_ms_ssim_of_odd_sides_other_weights_and_ranges(name: str) -> None:
    p, y = ODD[name]
    assert MS_SSIM(*tensors(p, y)).item() == pytest.approx(by_scales(p, y), rel=1e-11)
    p, y = p[:41, :64], y[:41, :64]
    for weights in (THREE, (1.0,), (0.0, 1.0)):
        expected = by_scales(p, y, weights, 2.0)
        assert MS_SSIM(*tensors(p, y), weights=weights, data_range=2.0).item() == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("name", ["noisy waves", "brighter", "shifted disc", "flat"])
@pytest.mark.parametrize("weights", [(0.6, 0.4), THREE])
def test_the_slope_of_ms_ssim(name: str, weights: tuple[float, ...]) -> None:
    p, y = (x[:44, :48] for x in LARGE[name])
    slope = MS_SSIM.gradient(*tensors(p, y), weights=weights).numpy()
    rng = np.random.default_rng(3)
    for _ in range(3):
        way, h = rng.standard_normal(p.shape), 1e-6
        expected = (by_scales(p + h * way, y, weights) - by_scales(p - h * way, y, weights)) / (2 * h)
        assert (slope * way).sum() == pytest.approx(expected, rel=1e-5, abs=2e-6)


def test_one_scale_is_the_index_itself() -> None:
    for p, y in (SMALL["noisy waves"], SMALL["noise"], SMALL["brighter"]):
        index = 1 - SSIM(*tensors(p, y)).item()
        assert MS_SSIM(*tensors(p, y), weights=[1.0]).item() == pytest.approx(max(0, index), rel=1e-12)


def test_an_inverted_texture_ends_at_zero_without_a_slope() -> None:
    p, y = tensors(*LARGE["negative"])
    assert MS_SSIM(p, y).item() == 0
    assert torch.equal(MS_SSIM.gradient(p, y), torch.zeros_like(p))
    assert MS_SSIM(y, y).item() == pytest.approx(1, abs=1e-14)
    assert math.isfinite(MS_SSIM.gradient(y, y).abs().max())


def test_a_picture_too_small_for_its_scales_is_refused() -> None:
    x = torch.rand(160, 200)
    with pytest.raises(ValueError, match=r"ms_ssim: pred needs 161 or more .* for 5 scales, got \(160, 200\)"):
        MS_SSIM(x, x)
    with pytest.raises(ValueError, match="ms_ssim: weights must have one number a scale"):
        MS_SSIM(x, x, weights=[])
    assert MS_SSIM(x, x, weights=WEIGHTS[:4]).item() == pytest.approx(1, abs=1e-6)
