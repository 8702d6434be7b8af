"""Losses of reconstruction against scikit-image, torchmetrics, kornia, SciPy and NumPy in float64.

Slopes are held to closed forms, or to central differences of the oracle along random directions.
"""

import math
from collections.abc import Callable

import kornia.losses
import numpy as np
import pytest
import scipy.signal
import skimage.metrics
import torch
import torchmetrics.functional.image as tmi
from torch import Tensor

import losscore

RNG = np.random.default_rng(5)
ROWS, COLUMNS = np.mgrid[:9, :12]
STEP = (COLUMNS >= 6).astype(float)
DISC = ((ROWS - 4) ** 2 + (COLUMNS - 5) ** 2 <= 9).astype(float)
SOFT = RNG.random((9, 12))
IMAGES: dict[str, tuple[np.ndarray, np.ndarray]] = {
    "noise": (SOFT, RNG.random((9, 12))),
    "noisy disc": (DISC + 0.1 * SOFT, DISC),
    "step and ramp": (STEP, COLUMNS / 11),
    "negative": (1 - SOFT, SOFT),
    "flat grey": (np.full((9, 12), 0.5), DISC),
    "large": (1e6 * SOFT, -1e6 * DISC),
    "one row": (SOFT[:1], DISC[4:5]),
    "one pixel": (np.full((1, 1), 0.3), np.ones((1, 1))),
}
EVERY_IMAGE = pytest.mark.parametrize("name", IMAGES)
Oracle = Callable[[np.ndarray], float]


def tensors(*arrays: np.ndarray) -> tuple[Tensor, ...]:
    return tuple(torch.tensor(array, dtype=torch.float64) for array in arrays)


def hold_value(key: str, arrays: tuple[np.ndarray, ...], expected: float, **params: float) -> None:
    """The same number in float64, and in float32 as near as that rounds the images."""
    found = losscore.get(key)(*tensors(*arrays), **params)
    assert found.item() == pytest.approx(expected, rel=1e-11, abs=1e-13)
    single = losscore.get(key)(*(x.float() for x in tensors(*arrays)), **params)
    assert single.item() == pytest.approx(expected, rel=2e-5, abs=1e-5)


def hold_slope(key: str, arrays: tuple[np.ndarray, ...], oracle: Oracle, at: int = 0, **params: float) -> None:
    """The gradient along five random directions, which meet no kink, against central differences of the oracle."""
    loss = losscore.get(key)
    slope = loss.gradient(*tensors(*arrays), wrt=list(loss.inputs)[at], **params).numpy()
    size = np.abs(arrays[at]).max()
    rng = np.random.default_rng(1)
    for _ in range(5):
        way = rng.standard_normal(arrays[at].shape)
        h = 1e-6 * size
        expected = (oracle(arrays[at] + h * way) - oracle(arrays[at] - h * way)) / (2 * h)
        assert (slope * way).sum() == pytest.approx(expected, rel=2e-6, abs=2e-7 * np.abs(slope).max() + 1e-12)


# Peak signal-to-noise ratio.


@EVERY_IMAGE
@pytest.mark.parametrize("data_range", [1.0, 255.0])
def test_psnr_is_that_of_scikit_image_and_torchmetrics(name: str, data_range: float) -> None:
    p, y = IMAGES[name]
    hold_value("psnr", (p, y), skimage.metrics.peak_signal_noise_ratio(y, p, data_range=data_range),
               data_range=data_range)
    other = tmi.peak_signal_noise_ratio(*tensors(p, y), data_range=data_range)
    assert losscore.get("psnr")(*tensors(p, y), data_range=data_range) == pytest.approx(other.item(), rel=1e-6)
    kornias = kornia.metrics.psnr(*tensors(p, y), data_range)
    assert losscore.get("psnr")(*tensors(p, y), data_range=data_range) == pytest.approx(kornias.item(), rel=1e-6)


@EVERY_IMAGE
def test_the_slope_of_psnr_is_that_of_a_logarithm(name: str) -> None:
    p, y = IMAGES[name]
    r = p - y
    closed = -20 / math.log(10) * r / (r.size * (r**2).mean())
    np.testing.assert_allclose(losscore.get("psnr").gradient(*tensors(p, y)), closed, rtol=1e-12, atol=0)


def test_half_the_error_is_six_decibels_more_and_equal_images_are_infinite() -> None:
    p, y = tensors(*IMAGES["noise"])
    psnr = losscore.get("psnr")
    gained = psnr(y + (p - y) / 2, y) - psnr(p, y)
    assert gained.item() == pytest.approx(6.0206, abs=1e-4)
    assert psnr(p, p).item() == math.inf
    assert torch.equal(psnr.gradient(p, p), torch.zeros_like(p))


def test_the_slope_of_psnr_grows_as_the_error_shrinks() -> None:
    p, y = tensors(*IMAGES["noise"])
    slopes = [losscore.get("psnr").gradient(y + k * (p - y), y).norm() for k in (1.0, 0.01)]
    assert (slopes[1] / slopes[0]).item() == pytest.approx(100, rel=1e-9)


def test_a_batch_is_averaged_in_decibels_where_kornia_pools_the_errors() -> None:
    p, y = (torch.stack([a, b]) for a, b in zip(tensors(*IMAGES["noise"]), tensors(*IMAGES["negative"]), strict=True))
    psnr = losscore.get("psnr")
    by_image = skimage.metrics.peak_signal_noise_ratio
    each = [by_image(b.numpy(), a.numpy(), data_range=1) for a, b in zip(p, y, strict=True)]
    assert psnr(p, y).item() == pytest.approx(np.mean(each))
    assert kornia.metrics.psnr(p, y, 1.0).item() < np.mean(each)


# Total variation, pixel by pixel.


def variation(image: np.ndarray, length: Callable[[float, float], float]) -> float:
    """The sum of `length` over each pixel's steps to the right and down; none leads out of the picture."""
    height, width = image.shape
    total = 0.0
    for i in range(height):
        for j in range(width):
            across = image[i, j + 1] - image[i, j] if j + 1 < width else 0.0
            down = image[i + 1, j] - image[i, j] if i + 1 < height else 0.0
            total += length(across, down)
    return total


LENGTHS: dict[str, Callable[[float, float], float]] = {
    "tv_squared": lambda a, b: a * a + b * b,
    "tv_anisotropic": lambda a, b: abs(a) + abs(b),
    "tv_isotropic": lambda a, b: math.sqrt(a * a + b * b + 1e-8),
}


@EVERY_IMAGE
@pytest.mark.parametrize("key", LENGTHS)
def test_total_variation_is_the_sum_over_the_pixels(key: str, name: str) -> None:
    image = IMAGES[name][0]
    hold_value(key, (image,), variation(image, LENGTHS[key]))


@pytest.mark.parametrize("key", LENGTHS)
@pytest.mark.parametrize("name", ["noise", "negative", "large", "one row"])
def test_the_slope_of_total_variation(key: str, name: str) -> None:
    hold_slope(key, IMAGES[name][:1], lambda image: variation(image, LENGTHS[key]))


@pytest.mark.parametrize("name", ["noise", "noisy disc", "step and ramp", "large"])
def test_anisotropic_total_variation_is_that_of_torchmetrics_and_kornia(name: str) -> None:
    (image,) = tensors(IMAGES[name][0])
    found = losscore.get("tv_anisotropic")(image).item()
    assert tmi.total_variation(image[None, None]).item() == pytest.approx(found, rel=1e-12)
    assert kornia.losses.total_variation(image[None]).item() == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize("eps", [0.0, 1e-4, 0.1])
def test_the_epsilon_of_isotropic_total_variation(eps: float) -> None:
    for name, (image, _) in IMAGES.items():
        expected = variation(image, lambda a, b: math.sqrt(a * a + b * b + eps))
        assert losscore.get("tv_isotropic")(*tensors(image), eps=eps).item() == pytest.approx(expected, rel=1e-12), name
    flat = torch.full((9, 12), 0.5, dtype=torch.float64)
    assert losscore.get("tv_isotropic")(flat, eps=eps).item() == pytest.approx(108 * math.sqrt(eps))
    assert torch.equal(losscore.get("tv_isotropic").gradient(flat, eps=eps), torch.zeros_like(flat))


def test_squares_prefer_a_ramp_and_absolute_values_do_not_mind() -> None:
    step = torch.tensor([0.0] * 11 + [1.0] * 11, dtype=torch.float64)[None]
    ramp = torch.cat([torch.zeros(6), torch.arange(1, 10) / 10, torch.ones(7)]).double()[None]
    assert [losscore.get("tv_squared")(x).item() for x in (step, ramp)] == pytest.approx([1, 0.1])
    assert [losscore.get("tv_anisotropic")(x).item() for x in (step, ramp)] == pytest.approx([1, 1])


# Gradient difference.


def edges(p: np.ndarray, y: np.ndarray, alpha: float = 1.0) -> float:
    return sum((np.abs(np.abs(np.diff(p, axis=k)) - np.abs(np.diff(y, axis=k))) ** alpha).sum() for k in (0, 1))


@EVERY_IMAGE
@pytest.mark.parametrize("alpha", [1.0, 1.5, 2.0])
def test_gradient_difference(name: str, alpha: float) -> None:
    p, y = IMAGES[name]
    hold_value("gradient_difference", (p, y), edges(p, y, alpha), alpha=alpha)
    # torchmetrics gives the missing step at the far border as 0, which adds nothing.
    if min(p.shape) > 1:
        steps = [tmi.image_gradients(x[None, None]) for x in tensors(p, y)]
        whole = sum(((a.abs() - b.abs()).abs() ** alpha).sum() for a, b in zip(*steps, strict=True)).item()
        found = losscore.get("gradient_difference")(*tensors(p, y), alpha=alpha).item()
        assert found == pytest.approx(whole, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", ["noise", "large", "one row"])
@pytest.mark.parametrize("alpha", [1.0, 1.5, 2.0])
def test_the_slope_of_gradient_difference(name: str, alpha: float) -> None:
    p, y = IMAGES[name]
    hold_slope("gradient_difference", (p, y), lambda x: edges(x, y, alpha), alpha=alpha)
    hold_slope("gradient_difference", (p, y), lambda x: edges(p, x, alpha), at=1, alpha=alpha)


def test_what_gradient_difference_does_not_see() -> None:
    black, white = tensors(np.zeros((9, 12)), np.ones((9, 12)))
    image, other = tensors(SOFT, 1 - SOFT)
    loss = losscore.get("gradient_difference")
    assert loss(black, white).item() == 0
    assert loss(image, other).item() == pytest.approx(0, abs=1e-13)
    assert torch.equal(loss.gradient(white / 2, image), torch.zeros_like(image))


def test_stripes_moved_by_a_pixel_are_the_worst_for_squares_and_perfect_for_edges() -> None:
    stripes = torch.arange(32, dtype=torch.float64).remainder(2).expand(32, 32)
    moved, grey = 1 - stripes, torch.full_like(stripes, 0.5)
    steps = 32 * 31
    found = [[losscore.get("mse")(x, stripes).item(), losscore.get("gradient_difference")(x, stripes).item() / steps]
             for x in (moved, grey)]
    assert found == [[1, 0], [0.25, 1]]


# Features.


def filtered(image: np.ndarray, kernels: np.ndarray) -> np.ndarray:
    return np.array([np.maximum(scipy.signal.correlate2d(image, kernel, mode="valid"), 0) for kernel in kernels])


KERNELS = {
    "sobel": np.array([[[1, 0, -1], [2, 0, -2], [1, 0, -1]], [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]], dtype=float),
    "random": RNG.standard_normal((5, 3, 3)),
    "one": RNG.standard_normal((1, 3, 3)),
}


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("name", [name for name in IMAGES if not name.startswith("one")])
def test_perceptual_loss_with_fixed_filters(name: str, kernels: str) -> None:
    (p, y), bank = IMAGES[name], KERNELS[kernels]
    expected = ((filtered(p, bank) - filtered(y, bank)) ** 2).sum()
    hold_value("perceptual_fixed_filters", (p, y, bank), expected)
    # Away from places where a filter's answer is exactly 0.
    p = p + 0.01 * np.abs(p).max() * SOFT**2
    hold_slope("perceptual_fixed_filters", (p, y, bank), lambda x: ((filtered(x, bank) - filtered(y, bank)) ** 2).sum())


def test_filters_are_those_of_a_convolution_layer() -> None:
    p, y, bank = tensors(*IMAGES["noise"], KERNELS["random"])
    maps = [torch.nn.functional.conv2d(x[None, None], bank[:, None]).relu() for x in (p, y)]
    expected = (maps[0] - maps[1]).square().sum()
    torch.testing.assert_close(losscore.get("perceptual_fixed_filters")(p, y, bank), expected, rtol=1e-13, atol=0)
    slope = losscore.get("perceptual_fixed_filters").gradient(p, y, bank, wrt="kernels")
    free = bank.clone().requires_grad_()
    maps = [torch.nn.functional.conv2d(x[None, None], free[:, None]).relu() for x in (p, y)]
    (wanted,) = torch.autograd.grad((maps[0] - maps[1]).square().sum(), free)
    torch.testing.assert_close(slope, wanted, rtol=1e-12, atol=1e-12)


def test_filters_of_another_size_are_refused() -> None:
    p, y = tensors(*IMAGES["noise"])
    with pytest.raises(ValueError, match=r"kernels must have shape \(..., F, 3, 3\), got \(2, 5, 3\)"):
        losscore.get("perceptual_fixed_filters")(p, y, torch.ones(2, 5, 3).double())


FEATURES = {
    "noise": (RNG.standard_normal((4, 30)), RNG.standard_normal((4, 30))),
    "one channel": (RNG.standard_normal((1, 7)), RNG.standard_normal((1, 7))),
    "silent": (np.zeros((3, 5)), RNG.standard_normal((3, 5))),
    "large": (1e6 * RNG.standard_normal((3, 8)), RNG.standard_normal((3, 8))),
}


@pytest.mark.parametrize("name", FEATURES)
def test_gram_matrices(name: str) -> None:
    p, y = FEATURES[name]
    grams = [np.einsum("cn,dn->cd", x, x) / x.size for x in (p, y)]
    hold_value("gram_style", (p, y), ((grams[0] - grams[1]) ** 2).sum())
    closed = 4 / p.size * (grams[0] - grams[1]) @ p
    slope = losscore.get("gram_style").gradient(*tensors(p, y))
    np.testing.assert_allclose(slope, closed, rtol=1e-11, atol=1e-14 * np.abs(closed).max())


def test_style_does_not_know_where() -> None:
    p, _ = tensors(*FEATURES["noise"])
    shuffled = p[:, torch.randperm(30, generator=torch.Generator().manual_seed(0))]
    assert losscore.get("gram_style")(p, shuffled).item() == pytest.approx(0, abs=1e-28)
    assert losscore.get("gram_style")(p, p.flip(0)).item() > 1e-3


CODES = {
    "ordinary": (RNG.standard_normal(6), RNG.standard_normal(6)),
    "plain noise": (np.zeros(4), np.zeros(4)),
    "far": (np.array([1e6, -3.0]), np.array([-50.0, 50.0])),
    "near plain": (np.array([1e-6]), np.array([1e-5])),
}


@pytest.mark.parametrize("beta", [0.0, 0.01, 4.0])
@pytest.mark.parametrize("name", CODES)
def test_negative_elbo(name: str, beta: float) -> None:
    mu, logvar = CODES[name]
    recon, target = SOFT.ravel()[:9], DISC.ravel()[40:49]
    normal = torch.distributions.Normal
    code, plain = normal(*tensors(mu, np.exp(logvar / 2))), normal(*tensors(np.zeros_like(mu), np.ones_like(mu)))
    kl = torch.distributions.kl_divergence(code, plain).sum().item()
    squares = ((recon - target) ** 2).sum()
    given = (recon, target, mu, logvar)
    hold_value("vae_elbo", given, squares + beta * kl, kl_weight=beta)
    closed = {"recon": 2 * (recon - target), "mu": beta * mu, "logvar": beta / 2 * np.expm1(logvar)}
    for wrt, slope in closed.items():
        found = losscore.get("vae_elbo").gradient(*tensors(*given), wrt=wrt, kl_weight=beta)
        np.testing.assert_allclose(found, slope, rtol=1e-11, atol=1e-18)


def test_a_code_beside_plain_noise_keeps_its_digits() -> None:
    tiny = torch.tensor([1e-5], dtype=torch.float64)
    empty = torch.zeros(1, dtype=torch.float64)
    loss = losscore.get("vae_elbo")
    assert loss(empty, empty, tiny, empty, kl_weight=1.0).item() == pytest.approx(5e-11, rel=1e-9, abs=0)
    series = (1e-10 / 2 + 1e-15 / 6 + 1e-20 / 24) / 2
    assert loss(empty, empty, empty, tiny, kl_weight=1.0).item() == pytest.approx(series, rel=1e-9, abs=0)


def test_a_log_variance_beyond_float32_is_refused() -> None:
    x = torch.zeros(2)
    with pytest.raises(ValueError, match=r"vae_elbo: logvar must lie in \[-50, 50\]"):
        losscore.get("vae_elbo")(x, x, x, x + 1e4)
