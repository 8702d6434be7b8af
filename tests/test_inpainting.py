"""Holes filled by networks: the hole, the measures by other hands, and the numbers of part and lesson."""

import re

import numpy as np
import pytest
import torch
from hands import film, preset, settings, sweep
from scipy.ndimage import correlate

from losscore import train
from losscore.scenes.handwritten import digits
from losscore.train.inpainting import INSIDE, SHOWN, TERMS, masked
from losscore.train.inpainting import inpainting as filling
from pages.reconstruction_inpainting import INPAINTING, VIEW
from pages.ui import runs
from pages.ui.words import words

ALONE = {term: {name: float(name == term) for name in TERMS} for term in TERMS}


def shipped(**weights: float) -> train.Run:
    run = train.shipped("inpainting", weights)
    assert run is not None
    return run


def test_the_hole_leaves_the_outermost_ring() -> None:
    picture = torch.arange(1.0, 65).reshape(1, 8, 8)
    left = masked(picture)[0].numpy()
    ring = np.ones((8, 8), bool)
    ring[1:-1, 1:-1] = False
    np.testing.assert_array_equal(left, np.where(ring, picture[0].numpy(), 0))
    assert picture.min() == 1, "the picture itself stays whole"


@pytest.mark.parametrize("weights", [ALONE["pixel"], ALONE["adversarial"]], ids=["pixels", "critic"])
def test_the_digits_shown_are_of_the_run_that_is_measured(weights: dict[str, float]) -> None:
    """Six digits are no 300, but over the epochs they err and darken as the others do."""
    frames = shipped(**weights).frames
    truth = digits()[1].pictures[list(SHOWN)][:, *INSIDE].double().numpy()
    hole = frames["hole"].double().numpy() / 255
    error = ((hole - truth) ** 2).mean((1, 2, 3))
    contrast = hole.reshape(*hole.shape[:2], -1).var(-1).mean(-1) / truth.reshape(6, -1).var(1).mean()
    for shown, measured in ((error, frames["pixel"]), (contrast, frames["contrast"])):
        assert np.corrcoef(shown, measured.double().numpy())[0, 1] > 0.9


def test_measures_at_the_start_are_numpys() -> None:
    """Before its first step the filler answers nearly 0.5 everywhere: a fill that can be written down."""
    frame = next(filling.function())
    held = digits()[1].pictures.double().numpy()
    flat = held.copy()
    flat[:, 1:-1, 1:-1] = 0.5
    assert frame["pixel"].item() == pytest.approx(((flat - held) ** 2).sum((1, 2)).mean() / 36, rel=0.05)
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4
    slanted = np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]) / 4
    spot = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8
    bank = [np.rot90(kernel, turn) for kernel in (sobel, slanted) for turn in range(4)] + [spot, -spot]

    def answers(pictures: np.ndarray) -> np.ndarray:
        return np.stack([np.maximum(correlate(pictures, kernel[None]), 0)[:, 1:-1, 1:-1] for kernel in bank])

    apart = ((answers(flat) - answers(held)) ** 2).sum((0, 2, 3)).mean() / 36
    assert frame["perceptual"].item() == pytest.approx(apart, rel=0.05)
    assert frame["contrast"] < 0.02


def test_untouched_pixels_alone_have_the_least_error_and_the_least_contrast() -> None:
    slots = {name: float(values[0]) for name, values in film(VIEW).slots.items()}
    names = ("mix", "pixel", "perceptual", "adversarial")
    assert min(names, key=lambda name: slots[f"fill.{name}.pixel"]) == "pixel"
    assert min(names, key=lambda name: slots[f"fill.{name}.contrast"]) == "pixel"
    assert slots["fill.mix.contrast"] > 1.5 * slots["fill.pixel.contrast"]
    assert slots["fill.adversarial.contrast"] > 1.2
    assert slots["fill.adversarial.read"] < 0.15, "one of ten is chance"
    text = " ".join(words(VIEW.key))
    said = set(re.findall(r"\d\.\d{3}", text))
    assert said
    assert said <= {f"{value:.3f}" for value in slots.values()}


def test_the_critic_alone_fills_every_hole_alike() -> None:
    critic, pixels = (shipped(**ALONE[term]).frames["hole"][-1].float() / 255 for term in ("adversarial", "pixel"))
    assert critic.var(0).mean() < pixels.var(0).mean() / 2


def test_the_epochs_are_gone_through() -> None:
    slots = sweep(VIEW, "fill_epoch").slots
    for name in ("mix", "pixel", "perceptual"):
        errors = slots[f"fill.{name}.pixel"]
        assert errors[-1] < 0.9 * errors[0]
    assert slots["fill.weight.adversarial"] == pytest.approx(0.3)


@pytest.mark.parametrize("name", list(INPAINTING.presets))
def test_presets_are_trained_already_and_say_their_numbers(name: str) -> None:
    changes = INPAINTING.presets[name][0]
    assert VIEW.trained is not None
    assert runs.lacking(VIEW.trained(settings(VIEW, **changes))) == []
    slots, shows = preset(VIEW, name)
    numbers = re.findall(r"\d\.\d{3}", shows)
    assert numbers
    assert set(numbers) <= {f"{float(values[0]):.3f}" for values in slots.values()}


def test_other_weights_are_trained_on_request_and_equal_ones_once() -> None:
    assert VIEW.trained is not None
    assert len(runs.lacking(VIEW.trained(settings(VIEW, fill_pixel=3)))) == 1
    assert len(VIEW.trained(settings(VIEW, fill_perceptual=0, fill_adversarial=0))) == 3
    assert "CC BY 4.0" in VIEW.reading({})
