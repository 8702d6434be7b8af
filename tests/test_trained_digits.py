"""Digits laid out by trained networks: Recall@1, what each loss is fed, the figure, and the numbers of the lesson."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from losscore import train
from losscore.explore.neighbours import recall_at_1
from losscore.figures.glyphs import glyphs
from losscore.scenes.handwritten import digits
from losscore.train.digits import LOSSES, ON_CIRCLE, SEEDS
from pages.embeddings_trained import NAMES, TRAINED, VIEW, WIDE
from pages.ui import runs
from pages.ui.controls import read
from pages.ui.views import Shelf
from pages.ui.words import words


def slots(epoch: int, **query: str) -> dict[str, float]:
    values = read(VIEW.controls, query)[0]
    film = Shelf(room=1).get(VIEW, values, "digits_epoch").film
    return {name: float(numbers[epoch]) for name, numbers in film.slots.items()}


def sklearn_recall(places: np.ndarray, labels: np.ndarray) -> float:
    nearest = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(places).kneighbors(places)[1][:, 1]
    return float((labels[nearest] == labels).mean())


def test_held_out_digits_are_never_trained_on_and_all_are_scikit_learns() -> None:
    (pictures, _), (held, held_labels) = digits()
    assert (len(pictures), len(held)) == (1497, 300)
    assert held_labels.tolist() == [digit for digit in range(10) for _ in range(30)]
    rows = {(picture.flatten() * 16).int().numpy().tobytes() + bytes([label]) for part in digits()
            for picture, label in zip(*part, strict=True)}  # fmt: skip
    data = load_digits()
    assert rows == {row.astype(np.int32).tobytes() + bytes([y]) for row, y in zip(data.data, data.target, strict=True)}
    alike = (torch.cdist(held.flatten(1), pictures.flatten(1)) == 0).any()
    assert not alike


@pytest.mark.parametrize("dims", [1, 2, 16])
def test_recall_is_scikit_learns_nearest_neighbour(dims: int) -> None:
    draw = torch.Generator().manual_seed(dims)
    places = torch.randn(5, 60, dims, generator=draw) + torch.arange(60)[:, None] / 30
    labels = torch.arange(60) // 12
    want = [sklearn_recall(one.numpy(), labels.numpy()) for one in places]
    assert recall_at_1(places, labels).tolist() == pytest.approx(want)
    assert 0.1 < min(want) < max(want) < 0.9


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_shown_is_what_is_measured(loss: str) -> None:
    """The shipped places, rounded for the eye, give the shipped recall; losses of angles lie on the circle."""
    run = runs.get("digits_plane", {"loss": loss})
    labels = digits()[1].labels.numpy()
    for epoch in (10, 40):
        places = run.frames["points"][epoch].float()
        assert sklearn_recall(places.numpy(), labels) == pytest.approx(run.frames["recall"][epoch].item(), abs=0.04)
        lengths = places.norm(dim=-1)
        assert ((lengths - 1).abs().max() < 1e-3) == (loss in ON_CIRCLE)
    starts = runs.get("digits_spread", {"loss": loss}).frames["recall"]
    assert starts.shape == (41, SEEDS)
    assert starts[:, 0].tolist() == pytest.approx(run.frames["recall"].tolist(), abs=0.01), "start 0 is the one shown"


def test_every_loss_begins_at_the_same_places() -> None:
    first = [runs.get("digits_plane", {"loss": loss}).frames["points"][0] for loss in LOSSES if loss not in ON_CIRCLE]
    assert all(torch.equal(one, first[0]) for one in first)


def test_a_network_learns_by_every_loss() -> None:
    for loss in LOSSES:
        run = runs.get("digits_plane", {"loss": loss})
        assert run.frames["loss"][-1] < run.frames["loss"][1]
        assert run.frames["recall"][-1] > run.frames["recall"][0] + 0.25


def test_the_first_view_is_a_collapse_at_the_margin() -> None:
    now = slots(6)
    assert now["digits.left.loss"] == pytest.approx(1.005, abs=5e-4)
    assert now["digits.left.spread"] == pytest.approx(0.021, abs=5e-4)
    assert now["digits.right.spread"] > 5
    assert slots(10)["digits.left.spread"] < 0.1 < slots(20)["digits.left.spread"]


def test_triplet_is_ahead_of_proxy_nca_here_and_by_less_with_more_numbers() -> None:
    end = slots(40)
    said = {
        "triplet_squared": (0.791, 0.952), "proxy_nca": (0.702, 0.922), "triplet_batch_hard": (0.612, 0.959)
    }  # fmt: skip
    for key, (two, more) in said.items():
        assert (end[f"digits.{key}.mean"], end[f"digits.{key}.wide"]) == pytest.approx((two, more), abs=6e-4)
    assert end["digits.triplet_squared.low"] > end["digits.proxy_nca.high"], "not one start is the other way round"
    wide = {key: end[f"digits.{key}.wide"] for key in LOSSES}
    assert max(wide, key=wide.__getitem__) == "triplet_batch_hard"
    assert all(0.92 <= value <= 0.96 for value in wide.values())
    text = " ".join(words(VIEW.key))
    numbers = {f"{value:.3f}" for pair in said.values() for value in pair} - {"0.612"}
    assert numbers <= set(re.findall(r"\d\.\d+", text))


@pytest.mark.parametrize("name", list(TRAINED.presets))
def test_presets_are_trained_already(name: str) -> None:
    changes, shows, _ = TRAINED.presets[name]
    values = read(VIEW.controls, {})[0] | changes
    assert VIEW.trained is not None
    assert runs.lacking(VIEW.trained(values)) == []
    film = VIEW.film(values)
    shown = {f"{float(value[0]):.{digits}f}" for value in film.slots.values() for digits in (2, 3)}
    numbers = re.findall(r"\d\.\d+", shows)
    assert numbers
    assert set(numbers) <= shown


def test_a_setting_of_no_account_needs_no_training() -> None:
    values: dict[str, Any] = read(VIEW.controls, {"digits_left": "proxy_nca", "digits_right": "n_pair"})[0]
    assert VIEW.trained is not None
    assert runs.lacking(VIEW.trained(values | {"digits_margin": 0.5})) == []
    assert len(runs.lacking(VIEW.trained(values | {"digits_seed": 3}))) == 2
    assert len(VIEW.trained(values | {"digits_right": "proxy_nca"})) == 1


def test_digits_are_written_around_their_middles() -> None:
    middles = torch.tensor([[[float(k), -k] for k in range(10)]])
    ways = glyphs(middles, 0.1)[0]
    for digit, way in enumerate(ways):
        drawn = way[way.isfinite().all(-1)] - middles[0, digit]
        assert drawn[:, 1].abs().max().item() == pytest.approx(0.1, rel=1e-4)
    assert len({tuple((way - middle).nan_to_num(9).flatten().round(decimals=3).tolist())
                for way, middle in zip(ways, middles[0], strict=True)}) == 10  # fmt: skip


def test_names_and_numbers_stand_in_the_reading() -> None:
    assert list(NAMES) == list(LOSSES)
    assert train.shipped("digits_spread", {"dims": WIDE}) is not None
    html = VIEW.reading(read(VIEW.controls, {})[0])
    assert "CC BY 4.0" in html
