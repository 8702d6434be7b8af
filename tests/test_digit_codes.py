"""Digits through two numbers: the decoder, the parts of the loss by other hands, and the numbers of part and lesson."""

import re

import numpy as np
import pytest
import torch
from hands import film, preset, sweep
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from losscore import train
from losscore.explore.codes import judged, new_codes
from losscore.figures.digit_codes import REACH
from losscore.scenes.handwritten import digits
from losscore.train.vae import PASSES, WEIGHTS, decoded
from pages.reconstruction_vae import VAE, VIEW
from pages.ui.words import words


def shipped(weight: float) -> train.Run:
    run = train.shipped("digit_codes", {"weight": weight})
    assert run is not None
    return run


def by_hand(run: train.Run, codes: np.ndarray) -> np.ndarray:
    """The decoder's layers written out in NumPy, float64."""
    flat = run.frames["decoder"][-1].double().numpy()
    inner = np.maximum(codes @ flat[:64].reshape(32, 2).T + flat[64:96], 0)
    return 1 / (1 + np.exp(-(inner @ flat[96:2144].reshape(64, 32).T + flat[2144:])))


def test_the_decoder_reads_its_weights_in_order() -> None:
    run, codes = shipped(0.1), new_codes(5)
    got = decoded(run.frames["decoder"][-1].float(), codes)
    np.testing.assert_allclose(got, by_hand(run, codes.double().numpy()), atol=1e-5)
    both = decoded(run.frames["decoder"].float(), codes.expand(len(PASSES), -1, -1))
    torch.testing.assert_close(both[-1], got)


@pytest.mark.parametrize("weight", [0.01, 0.3])
def test_what_is_said_of_a_run_is_what_numpy_says(weight: float) -> None:
    run = shipped(weight)
    found = judged((run,), REACH)
    mean, logvar = (run.frames[part][-1].double().numpy() for part in ("mean", "logvar"))
    held, known = digits()[1].pictures.flatten(1).double().numpy(), digits()[0].pictures.flatten(1).double().numpy()
    kl = (0.5 * (mean**2 + np.exp(logvar) - 1 - logvar)).sum(1).mean()
    assert found.divergence[0, -1].item() == pytest.approx(kl, rel=1e-4)
    assert found.outside[0, -1].item() == pytest.approx((np.abs(mean) > REACH).any(1).mean(), abs=1e-6)
    assert found.variety[0, -1].item() == pytest.approx(by_hand(run, mean).var(0).sum() / held.var(0).sum(), rel=1e-3)
    rng = np.random.default_rng(1)
    drawn = [mean + np.exp(logvar / 2) * rng.standard_normal(mean.shape) for _ in range(200)]
    copies = np.mean([((by_hand(run, code) - held) ** 2).sum(1).mean() for code in drawn])
    assert found.copy[0, -1].item() == pytest.approx(copies, rel=0.02)
    assert found.total[0, -1].item() == pytest.approx(found.copy[0, -1].item() + weight * kl, rel=1e-4)
    near = (cdist(by_hand(run, new_codes(200).double().numpy()), known).min(1) ** 2).mean()
    assert found.strange[0, -1].item() == pytest.approx(near, rel=1e-3)


def test_untouched_the_codes_are_noise_and_all_copies_one_blur() -> None:
    slots = film(VIEW).slots
    assert slots["vae.kl"][0] < 5e-4
    assert slots["vae.variety"][0] < 1e-3
    run = shipped(4.0)
    copies = decoded(run.frames["decoder"][-1].float(), run.frames["mean"][-1].float())
    assert copies.std(0).max() < 0.01
    blur = digits()[0].pictures.flatten(1).mean(0)
    assert (copies.mean(0) - blur).abs().mean() < 0.02, "it is the mean digit"


def test_the_weight_trades_copies_for_divergence() -> None:
    slots = sweep(VIEW, "vae_weight").slots
    assert (np.diff(slots["vae.kl"]) < 0).all()
    assert (np.diff(slots["vae.outside"]) <= 0).all()
    assert slots["vae.copy"][0] == slots["vae.copy"].min()
    assert slots["vae.total"][-1] - slots["vae.total"][WEIGHTS.index(1.0)] < 0.1
    end = sweep(VIEW, "vae_passes").slots
    assert end["vae.copy"][-1] < end["vae.copy"][0]


def test_it_collapses_where_the_linear_one_does() -> None:
    widest = PCA().fit(digits()[0].pictures.flatten(1).numpy()).explained_variance_[0]
    text = " ".join(words(VIEW.key))
    assert f"{widest:.3f}" in text
    assert f"{2 * widest:.3f}" in text
    variety = dict(zip(WEIGHTS, sweep(VIEW, "vae_weight").slots["vae.variety"], strict=True))
    assert variety[2.0] < 0.001 < 0.03 < variety[1.0]
    assert 1 < 2 * widest < 2


def test_the_point_is_what_its_code_decodes_to() -> None:
    steps = torch.linspace(-4, 4, 9)
    pictures = film(VIEW, vae_weight=0.01, vae_first=steps, vae_second=1.0)._pictures[0][0]
    codes = torch.stack([steps, torch.ones(9)], 1).double().numpy()
    want = np.round(by_hand(shipped(0.01), codes).reshape(-1, 8, 8) * 15)
    size = pictures.shape[-1] // 8
    np.testing.assert_allclose(pictures[:, ::size, ::size].numpy(), want, atol=1)
    assert len(np.unique(want.reshape(9, -1), axis=0)) == 9


@pytest.mark.parametrize("name", list(VAE.presets))
def test_the_line_of_a_preset_holds_its_numbers(name: str) -> None:
    slots, shows = preset(VIEW, name)
    shown = {f"{float(value[0]):.3f}" for value in slots.values()} | {
        f"{float(value[0]):.0%}" for value in slots.values()
    }
    shown |= {"4.753", "0%"} if name == "Just before" else set()
    numbers = re.findall(r"\d+\.\d{3}|\d+(?= %)", shows)
    assert numbers
    assert {number if "." in number else f"{number}%" for number in numbers} <= shown
    assert f"{film(VIEW).slots['vae.total'][0]:.3f}" == "4.753"


def test_the_note_says_how_far_a_real_digit_is_from_the_next() -> None:
    (known, _), (held, _) = digits()
    near = (cdist(held.flatten(1).numpy(), known.flatten(1).numpy()).min(1) ** 2).mean()
    assert f"{near:.3f} from the nearest" in VIEW.reading({})
