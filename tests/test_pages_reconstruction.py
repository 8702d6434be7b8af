"""The reconstruction page: what its films, lessons and presets say, held to scikit-image, scipy and numbers by hand."""

import re

import numpy as np
import pytest
import torch
from hands import film, near, preset, settings, sweep
from scipy import ndimage, sparse
from scipy.fft import dctn
from scipy.sparse.linalg import spsolve
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity
from skimage.restoration import denoise_tv_chambolle

import losscore
from losscore.explore.denoise import denoise, smooth, weight_that_takes_off
from losscore.explore.equal_mse import equals
from losscore.explore.error_maps import MAPPED, error_map
from losscore.explore.judged import JUDGES, judge
from losscore.figures.equal_pictures import NAMES
from losscore.figures.greys import LEVELS
from losscore.scenes.distortions import distort, grain, shuffled
from losscore.scenes.filters import FILTERS, filter_bank
from losscore.scenes.photographs import MARGIN, PHOTOGRAPHS, SIDE, photograph
from pages.reconstruction import PARTS
from pages.reconstruction_distorted import BARS, DISTORTED
from pages.reconstruction_equal import EQUAL
from pages.reconstruction_features import FEATURES
from pages.reconstruction_variation import VARIATION

WHOLE = photograph("cat").whole
SHOWN = photograph("cat").shown


def changed(**amounts: float) -> np.ndarray:
    return distort(WHOLE, **amounts)[0].numpy().astype(np.float64)


# Scenes


def test_distortions_are_what_scipy_makes_of_the_picture() -> None:
    whole, shown, inside = WHOLE.numpy().astype(np.float64), SHOWN.numpy(), slice(MARGIN, -MARGIN)
    near(changed(), shown, 0, 1e-9)
    near(changed(shift=3), whole[inside, MARGIN - 3 : -MARGIN - 3], 0, 2e-5)
    # Away from the rim, where the two continue the picture in different ways.
    blurred = ndimage.gaussian_filter(whole, 1.2, truncate=8)[inside, inside]
    near(changed(blur=1.2)[8:-8, 8:-8], blurred[8:-8, 8:-8], 0, 2e-3)
    near(changed(brightness=0.2), shown + 0.2, 0, 2e-5)
    near(changed(contrast=0.25), shown.mean() + 0.25 * (shown - shown.mean()), 0, 2e-5)
    near(changed(noise=0.1), shown + 0.1 * grain().numpy(), 0, 2e-5)
    near([grain().mean(), grain().std(correction=0)], [0, 1], 0, 1e-5)
    covered = changed(patch=20) != shown
    assert covered.sum() == 400
    near(changed(patch=20)[32:52, 32:52], shown.mean(), 0, 2e-5)


def test_blocks_are_rounded_waves() -> None:
    step = 0.7
    waves = dctn(changed(blocks=step).reshape(12, 8, 12, 8), axes=(1, 3), norm="ortho") / step
    near(waves, waves.round(), 0, 2e-3)
    assert np.abs(changed(blocks=step) - SHOWN.numpy()).max() > 0.1


def test_no_distortion_of_another_name() -> None:
    with pytest.raises(KeyError, match="no distortion 'rotation'"):
        distort(WHOLE, rotation=1)
    with pytest.raises(KeyError, match="no photograph 'dog'"):
        photograph("dog")


def test_filters_answer_1_to_an_edge_and_nothing_to_flat_grey() -> None:
    kernels = filter_bank()
    assert len(FILTERS) == len(kernels)
    near(kernels.sum((-2, -1)), torch.zeros(len(FILTERS)))
    near(kernels.clamp(min=0).sum((-2, -1)), torch.ones(len(FILTERS)))


# What is said of a picture


def test_judges_agree_with_scikit_image() -> None:
    pictures, truth = torch.stack([torch.tensor(changed(noise=0.1)), torch.tensor(changed(blur=2))]), SHOWN.double()
    said = judge(pictures, truth)
    assert said.keys() == BARS.keys() == set(JUDGES)
    for at, picture in enumerate(pictures.numpy()):
        near(said["psnr"][at], peak_signal_noise_ratio(truth.numpy(), picture, data_range=1), 1e-9)
        _, windows = structural_similarity(
            truth.numpy(), picture, data_range=1, gaussian_weights=True, use_sample_covariance=False, full=True
        )
        near(said["ssim"][at], 1 - windows[5:-5, 5:-5].mean(), 1e-6)
        near(error_map("ssim", pictures, truth)[at, 5:-5, 5:-5], 1 - windows[5:-5, 5:-5], 1e-5, 1e-8)
    answers = [[np.maximum(ndimage.correlate(p, k)[1:-1, 1:-1], 0) for k in filter_bank().double().numpy()]
               for p in (pictures[0].numpy(), truth.numpy())]  # fmt: skip
    found, wanted = (np.array(each).reshape(len(FILTERS), -1) for each in answers)
    near(said["perceptual_fixed_filters"][0], ((found - wanted) ** 2).sum(), 1e-9)
    gram = (found @ found.T - wanted @ wanted.T) / found.size
    near(said["gram_style"][0], (gram**2).sum(), 1e-9)


@pytest.mark.parametrize("key", MAPPED)
def test_a_map_adds_up_to_its_loss(key: str) -> None:
    pictures = distort(WHOLE, blur=torch.tensor([0.5, 2.0])).double()
    heat = error_map(key, pictures, SHOWN.double())
    assert heat.shape == (2, SIDE, SIDE)
    whole = heat.sum((-2, -1))
    if losscore.get(key).key == "ssim":
        whole = whole / (SIDE - 10) ** 2
    elif key in ("mse", "mae", "charbonnier"):
        whole = whole / SIDE**2
    near(whole, judge(pictures, SHOWN.double(), [key])[key], 1e-9)


# A distorted picture


def test_untouched_three_losses_see_nothing() -> None:
    slots = film(DISTORTED).slots
    near(slots["distorted.mse"], 0.15**2, 1e-3)
    blind = ("gradient_difference", "perceptual_fixed_filters", "gram_style")
    assert {slots[f"distorted.{key}"][0] for key in blind} == {0}
    noisy = sweep(DISTORTED, "grain", brightness=0).slots
    for key in ("gradient_difference", "perceptual_fixed_filters"):
        share = noisy[f"distorted.{key}"] / BARS[key][1]
        assert (share[1:] > noisy["distorted.mse"][1:] / BARS["mse"][1]).all()


def test_lesson_30_stripes() -> None:
    moved, _ = preset(DISTORTED, "Stripes, shifted by 1 px")
    flat, _ = preset(DISTORTED, "Stripes, wiped out")
    assert (moved["distorted.mse"], moved["distorted.gradient_difference"]) == (1, 0)
    assert flat["distorted.mse"] == 0.25
    assert flat["distorted.gradient_difference"] / (SIDE * (SIDE - 1)) == 1


def test_numbers_of_the_presets() -> None:
    first = film(DISTORTED).slots
    moved, shows = preset(DISTORTED, "One px to the right")
    assert f"{moved['distorted.ssim'][0]:.3f}" == "0.225"
    assert moved["distorted.ssim"] > first["distorted.ssim"]
    near(moved["distorted.gram_style"], 4e-9, 0.1)
    near(moved["distorted.gram_style"] * 500, BARS["gram_style"][1] / 10, 0.1)
    blurred, shows = preset(DISTORTED, "Blurred")
    assert f"{blurred['distorted.gradient_difference'][0]:.0f}" in shows
    near(blurred["distorted.mse"] / first["distorted.mse"], 0.25, 0.1)
    noisy, shows = preset(DISTORTED, "Noisy")
    near(noisy["distorted.mse"], 0.01, 1e-3)
    assert f"{noisy['distorted.ssim'][0]:.3f}" in shows
    assert noisy["distorted.psnr"] > first["distorted.psnr"]


# Equal MSE


def test_seven_pictures_of_one_error() -> None:
    levels = EQUAL.sliders["equal_mse"].values
    for picture in ("portrait", "camera", "gravel"):
        found, truth = equals(picture, levels), photograph(picture).shown.numpy().astype(np.float64)
        errors = ((found.pictures.numpy() - truth) ** 2).mean((-2, -1))
        near(errors, np.tile(np.array(levels)[:, None], 7), 2e-3)  # greys are steps of 2^-16
    # Three of the amounts have a closed form.
    amounts = dict(zip(found.names, found.amounts[-2].tolist(), strict=True))
    near([amounts["noise"], amounts["brightness"]], [0.1, 0.1], 1e-3)
    near(amounts["contrast"], 1 - 0.1 / truth.std(), 1e-3)
    near(mean_squared_error(changed(shift=1), SHOWN.numpy()), judge(distort(WHOLE, shift=1), SHOWN)["mse"], 1e-4)


def test_the_order_is_that_of_the_loss() -> None:
    for key in ("ssim", "ms_ssim", "mae"):
        slots = sweep(EQUAL, "equal_mse", ranked_by=key).slots
        values, ranks = (np.stack([slots[f"equal.{name}.{what}"] for name in NAMES]) for what in (key, "rank"))
        ordered = np.take_along_axis(values, ranks.argsort(0), 0) * (-1 if key == "ms_ssim" else 1)
        assert (np.diff(ordered, axis=0) > -0.01 * values.max()).all()
        assert (np.sort(ranks, 0) == np.arange(1, 8)[:, None]).all()


def test_numbers_told_of_equal_pictures() -> None:
    def say(slots: dict[str, np.ndarray], name: str, key: str) -> str:
        return f"{slots[f'equal.{name}.{key}'][0]:.3f}"

    first = film(EQUAL).slots
    told = [("brightness", "0.046"), ("blur", "0.483"), ("patch", "0.277"), ("shift", "0.336")]
    assert [(name, say(first, name, "ssim")) for name, _ in told] == told
    near(first["equal.shift.amount"], 1.4, 0.02)
    mae, shows = preset(EQUAL, "By MAE")
    assert (mae["equal.patch.rank"], mae["equal.brightness.rank"]) == (1, 7)
    assert all(say(mae, name, "mae") in shows for name in ("patch", "brightness"))
    wide, shows = preset(EQUAL, "By MS-SSIM")
    assert wide["equal.patch.rank"] == 7
    assert all(say(wide, name, "ms_ssim") in shows for name in ("patch", "noise"))
    style, _ = preset(EQUAL, "By style")
    told = [style[f"equal.{name}.gram_style"][0] for name in ("shift", "blocks", "contrast")]
    near(told, [9e-9, 1.3e-7, 3.8e-6], 0.05, 1e-12)
    near(preset(EQUAL, "Hardly changed")[0]["equal.noise.psnr"], 33, 1e-3)
    gravel, shows = preset(EQUAL, "Gravel")
    assert all(f"{gravel[f'equal.{name}.amount'][0]:.2f}" in shows for name in ("shift", "contrast"))


# Features


def test_mixing_moves_every_tile_whole() -> None:
    number = torch.arange(float(SIDE * SIDE)).reshape(1, SIDE, SIDE)
    mixed = shuffled(number)[0].numpy()
    assert set(mixed.flatten()) == set(number.flatten().tolist())
    tiles = mixed.reshape(4, 24, 4, 24).transpose(0, 2, 1, 3).reshape(16, 24, 24)
    whole = tiles - tiles[:, :1, :1]
    assert (whole == whole[0]).all()
    assert len(set(tiles[:, 0, 0])) == 16
    assert (tiles[:, 0, 0] != number[0, ::24, ::24].flatten().numpy()).sum() > 10


def test_numbers_told_of_features() -> None:
    def shares(slots: dict[str, np.ndarray]) -> list[float]:
        return [slots[f"features.{key}.share"][0] for key in ("mse", "perceptual_fixed_filters", "gram_style")]

    near(shares(film(FEATURES).slots), [117, 114, 0.217], 5e-3)
    told = {
        "One px on": {0: "32 %", 1: "45 %", 2: "0.003 %"},
        "Gravel, mixed": {0: "116 %", 2: "0.22 %"},
        "A cat in pieces": {2: "1.07 %"},
        "Half the contrast": {1: "19 %", 2: "202 %"},
        "Blurred, or somebody else": {1: "13.7 %", 2: "459 %"},
    }
    for name, parts in told.items():
        slots, shows = preset(FEATURES, name)
        for at, words in parts.items():
            assert words in shows, name
            digits = len(words.partition(".")[2].removesuffix(" %"))
            assert f"{shares(slots)[at]:.{digits}f} %" == words, name
    moved = sweep(FEATURES, "feature_shift").slots
    assert moved["features.gram_style.share"].max() < 1 < moved["features.mse.share"][1:].min()


def test_the_maps_are_the_filters_answers() -> None:
    shown = film(FEATURES, feature_filters=["brighter-up"], feature_shift=0.0)
    still, palette = shown._pictures[0]
    assert len(palette) == LEVELS + 10 + 1
    answer = ndimage.correlate(photograph("gravel").shown.numpy(), filter_bank()[FILTERS.index("brighter up")].numpy())
    found = still[0, 1:95, 101:195].numpy().astype(float) - LEVELS  # the second of three columns, 4 px apart
    near(found, np.sqrt((answer[1:-1, 1:-1] / 0.4).clip(0, 1)) * 9, 0, 0.51)


# Total variation


NOISY = distort(WHOLE, noise=0.12)[:, :40, :50].double()
WEIGHTS = torch.tensor([0.05, 0.2], dtype=torch.float64)


def test_the_isotropic_form_is_what_scikit_image_finds() -> None:
    for weight, found in zip(WEIGHTS.tolist(), denoise(NOISY, WEIGHTS, "tv_isotropic"), strict=True):
        want = denoise_tv_chambolle(NOISY[0].numpy(), weight=weight, eps=1e-9, max_num_iter=2000)
        near(found, want, 0, 4e-3)
        near(np.sqrt(((found.numpy() - want) ** 2).mean()), 0, 0, 6e-4)


@pytest.mark.parametrize("form", ["tv_anisotropic", "tv_isotropic"])
def test_a_step_keeps_its_edge_and_loses_contrast(form: str) -> None:
    step = torch.zeros(1, 8, 24, dtype=torch.float64)
    step[..., 16:] = 1
    found = denoise(step, torch.tensor([0.2]), form)  # each plateau moves by the weight over its width
    near(found[0, 3], np.repeat([0.2 / 16, 1 - 0.2 / 8], [16, 8]), 0, 1e-3)


def test_anisotropic_no_nearby_picture_is_cheaper() -> None:
    tv, found = losscore.get("tv_anisotropic"), denoise(NOISY, WEIGHTS, "tv_anisotropic")

    def cost(picture: torch.Tensor) -> torch.Tensor:
        return (picture - NOISY).square().sum((-2, -1)) / 2 + WEIGHTS * tv(picture, reduction="none")

    draw = torch.Generator().manual_seed(0)
    for size in (0.02, 0.1):
        for way in (torch.randn(NOISY.shape, generator=draw).double(), NOISY - found, found - found.mean()):
            assert (cost(found + size * way) > cost(found)).all()


def test_the_squared_form_solves_its_linear_equation() -> None:
    height, width = NOISY.shape[-2:]
    down, across = (sparse.diags([-1.0, 1.0], [0, 1], shape=(n - 1, n)) for n in (height, width))
    steps = sparse.vstack([sparse.kron(sparse.eye(height), across), sparse.kron(down, sparse.eye(width))])
    found = smooth(NOISY.float(), WEIGHTS.float())
    for weight, picture in zip(WEIGHTS.tolist(), found, strict=True):
        system = (sparse.eye(height * width) + 2 * weight * steps.T @ steps).tocsc()
        near(picture.flatten(), spsolve(system, NOISY.flatten().numpy()), 0, 1e-5)
    removed = (found - NOISY).square().sum((-2, -1)).float()
    near(weight_that_takes_off(NOISY.float(), removed), WEIGHTS, 1e-3)


def test_lesson_31_step_and_ramp() -> None:
    for name, squared in (("A step", 1), ("A ramp", 0.1)):
        slots, shows = preset(VARIATION, name)
        near(slots["tv.truth.row.tv_squared"], squared, 1e-3)
        near(slots["tv.truth.row.tv_anisotropic"], 1, 1e-6)
    assert "0.100" in shows


def test_numbers_told_of_total_variation() -> None:
    first = film(VARIATION).slots
    told = [f"{first[f'tv.{form}.psnr'][0]:.2f}" for form in ("tv_isotropic", "tv_squared")]
    assert told == ["22.25", "20.99"]
    for name, digits in (("Step, noisy", 1), ("Too much", 2)):
        slots, shows = preset(VARIATION, name)
        for form in ("tv_isotropic", "tv_squared"):
            assert f"{slots[f'tv.{form}.psnr'][0]:.{digits}f}" in shows, name
    slots, shows = preset(VARIATION, "Ramp, noisy")
    assert f"{slots['tv.tv_isotropic.row.tv_squared'][0]:.3f}" in shows
    both = sweep(VARIATION, "tv_weight").slots
    assert both["tv.tv_isotropic.psnr"].max() > both["tv.tv_squared.psnr"].max() + 1
    alone = film(VARIATION, tv_forms=["tv_squared"]).slots  # takes off as much as the form that is not shown
    beside = film(VARIATION, tv_forms=["tv_squared", "tv_anisotropic"]).slots
    near(alone["tv.tv_squared.weight"], beside["tv.tv_squared.weight"])


def test_pictures_name_their_source() -> None:
    for key in PHOTOGRAPHS:
        assert re.search("CC0|Public domain", photograph(key).credit)
        assert photograph(key).credit in DISTORTED.reading(settings(DISTORTED, photo=key))


def test_parts_stand_under_their_names() -> None:
    assert [part.view.key for part in PARTS] == [f"reconstruction/{part.key}" for part in PARTS]
