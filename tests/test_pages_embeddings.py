"""The page of embeddings: its lessons' and presets' numbers, and its films against closed forms."""

import math
import re

import numpy as np
import pytest
from hands import film, near, preset, settings, sweep

import losscore
from pages.embeddings import PARTS
from pages.embeddings_batch import VIEW as BATCH
from pages.embeddings_circle import VIEW as CIRCLE
from pages.embeddings_ranking import VIEW as RANKING
from pages.embeddings_three import FORMULAS, NAMES, SLOTS, THREE
from pages.embeddings_three import VIEW as POINTS
from pages.table import link
from pages.ui.words import words

# Three points


def test_an_easy_negative_silences_the_triplet_however_far_the_positive() -> None:
    slots = film(POINTS).slots
    assert slots["three.triplet_euclidean"] == slots["three.triplet_euclidean.positive"] == 0
    near(slots["three.near"], [1.3])
    near(slots["three.far"], [1.921], 1e-3)
    assert slots["three.zone"] == 0
    near(slots["three.contrastive.positive"], [1.3])


def test_the_loss_wakes_where_the_negative_crosses_the_dashed_circle() -> None:
    moving = sweep(POINTS, "negative_x")
    silent = moving.slots["three.triplet_euclidean"] == 0
    assert silent.any()
    assert not silent.all()
    assert (silent == (moving.slots["three.far"] >= moving.slots["three.near"] + 0.5)).all()
    assert (silent == (moving.slots["three.zone"] == 0)).all()
    (circle,) = (i for i, trace in enumerate(moving.figure.data) if trace.name == "semi-hard inside")
    x, y = (moving._arrays[circle, axis] for axis in "xy")
    near(np.hypot(x - 0.2, y + 0.2), np.full(x.shape, 1.8))


def test_arrows_are_drawn_where_something_pulls_and_point_downhill() -> None:
    drawn = film(POINTS, negative_x=0.7, negative_y=0.4)
    (arrow,) = (i for i, trace in enumerate(drawn.figure.data) if trace.name == "Triplet pulls")
    x, y = (drawn._arrays[arrow, axis][0].reshape(3, 7) for axis in "xy")
    near(np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])[1:], [0.45, 0.45])  # half of the longest at a pull of 1
    assert x[1, 1] < x[1, 0]  # the positive comes, the negative goes
    assert math.hypot(x[2, 1] - 0.2, y[2, 1] + 0.2) > math.hypot(0.5, 0.6)
    (arrow,) = (i for i, trace in enumerate(film(POINTS).figure.data) if trace.name == "Triplet pulls")
    assert np.isnan(film(POINTS)._arrays[arrow, "x"]).all()


@pytest.mark.parametrize("key", NAMES)
def test_the_formula_with_its_numbers_gives_the_number_behind_it(key: str) -> None:
    slots = film(POINTS, three_losses=[key], negative_x=0.9, negative_y=0.3, cosine_margin=-0.3).slots
    text = FORMULAS[key]
    for name in SLOTS:
        text = text.replace(rf"\text{{@{name}}}", repr(float(slots[f"three.{name}"][0])))
    python = {r"\max": "max", r"\tfrac12 \cdot": "0.5 *", r"\ln": "log", "{": "(", "}": ")", "^": "**", "e**": "exp"}
    for latex, word in python.items():
        text = text.replace(latex, word)
    got = eval(text, {"max": max, "log": math.log, "exp": math.exp})
    near(slots[f"three.{key}"], [got], 1e-6)


def test_collapse_costs_the_margin_and_pulls_nothing() -> None:
    slots, shows = preset(POINTS, "Collapse")
    for key, want in (("triplet_euclidean", 0.5), ("contrastive", 0.125), ("logistic_margin", math.log(2))):
        near(slots[f"three.{key}"], [want])
        assert f"{want:.3f}" in shows
        assert not any(slots[f"three.{key}.{point}"].any() for point in ("anchor", "positive", "negative"))


def test_collapse_is_exact_on_the_way_of_every_slider() -> None:
    changes = THREE.presets["Collapse"].settings
    for key in ("negative_x", "positive_y", "three_margin"):
        step = POINTS.sliders[key].values.index(settings(POINTS, **changes)[key])
        moving = sweep(POINTS, key, **{name: value for name, value in changes.items() if name != key})
        assert moving.slots["three.near"][step] == moving.slots["three.far"][step] == 0
        assert moving.slots["three.zone"][step] == 2
        assert not any(moving.slots[f"three.triplet_euclidean.{point}"][step] for point in ("anchor", "negative"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Semi-hard", {"triplet_euclidean": "0.313"}),
        ("Hard", {"triplet_euclidean": "1.019"}),
        ("Squares forget", {"triplet_squared.positive": "0.200", "triplet_squared.negative": "0.800"}),
        ("Length is free", {"cosine_embedding": "0.000", "contrastive": "1.600"}),
    ],
)
def test_presets_of_three_points_tell_their_numbers(name: str, told: dict[str, str]) -> None:
    slots, shows = preset(POINTS, name)
    for slot, text in told.items():
        assert f"{slots[f'three.{slot}'][0]:.3f}" == text
        assert text in shows


def test_pulls_of_one_whatever_the_zone() -> None:
    for name, zone in (("Semi-hard", 1), ("Hard", 2), ("Squares forget", 1)):
        slots, _ = preset(POINTS, name)
        assert slots["three.zone"] == zone
        near([slots[f"three.triplet_euclidean.{point}"][0] for point in ("positive", "negative")], [1, 1])


def test_ranking_minus_the_distances_is_the_triplet_loss() -> None:
    moving = sweep(POINTS, "negative_y", three_losses=["triplet_euclidean", "margin_ranking"], negative_x=0.7)
    near(moving.slots["three.margin_ranking"], moving.slots["three.triplet_euclidean"], 1e-9, 1e-12)
    assert moving.slots["three.margin_ranking"].max() > 0.9


def test_the_margin_matters_where_a_loss_has_one() -> None:
    (margin,) = (control for control in POINTS.controls if control.key == "three_margin")
    assert margin.shown(settings(POINTS))
    assert not margin.shown(settings(POINTS, three_losses=["cosine_embedding", "logistic_margin"]))
    assert THREE.view is POINTS


# On a circle


def test_one_of_five_negatives_bears_the_push() -> None:
    cold, warm = (film(CIRCLE, circle_temperature=value).slots for value in (0.1, 1))
    near(cold["circle.info_nce_symmetric.n1"], [0.962], 1e-3)
    assert [cold[f"circle.info_nce_symmetric.n{k}"][0] < 0.002 for k in (3, 4, 5)] == [True] * 3
    near([cold[f"circle.cosine_embedding.n{k}"][0] for k in range(1, 6)], [0.5, 0.5, 0, 0, 0])
    for slots, factor in ((cold, 26), (warm, 1.4)):
        n1, n2 = (slots[f"circle.info_nce_symmetric.n{k}"][0] for k in (1, 2))
        near(n1 / n2, factor, 0.02)
    shares = sweep(CIRCLE, "circle_temperature").slots["circle.info_nce_symmetric.n1"]
    assert (np.diff(shares) < 1e-9).all()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Warm", {"info_nce_symmetric.n1": "35.6 %", "info_nce_symmetric.n5": "9.1 %"}),
        ("Cold, wrong label", {"info_nce_symmetric.n1": "100.0 %", "info_nce_symmetric": "8.683"}),
        ("A margin", {"info_nce_symmetric": "0.070", "arcface": "1.619", "cosface": "2.467"}),
        ("A perfect answer", {"cosface": "0.713", "arcface": "0.024"}),
        ("No negatives", {"cosine_proximity": "−0.766"}),
    ],
)
def test_presets_of_the_circle_tell_their_numbers(name: str, told: dict[str, str]) -> None:
    slots, shows = preset(CIRCLE, name)
    for slot, text in told.items():
        value = slots[f"circle.{slot}"][0]
        assert text == (f"{100 * value:.1f} %" if "%" in text else f"{value:.3f}".replace("-", "−"))
        assert text in shows


def test_bars_stand_at_the_angles_and_the_drag_moves_them() -> None:
    moving = sweep(CIRCLE, "circle_n1", circle_losses=["info_nce_symmetric"])
    (bars,) = (i for i, trace in enumerate(moving.figure.data) if trace.name == "InfoNCE: part")
    across, up = (moving._arrays[bars, axis] for axis in "xy")
    near(across[:, 0], CIRCLE.sliders["circle_n1"].values)
    near(up[:, 1], moving.slots["circle.info_nce_symmetric.n1"])
    assert {handle["x"] for handle in moving.handles} == {"circle_positive", *(f"circle_n{k}" for k in range(1, 6))}


# Ranking


def test_one_item_out_of_place_and_who_is_moved() -> None:
    slots = film(RANKING).slots
    near([slots[f"rank.margin_ranking.{item}"][0] for item in "ABCDE"], [0.3, -0.1, -0.1, -0.1, 0])
    assert slots["rank.logistic_margin.E"] < -0.05
    assert slots["rank.misplaced"] == 3
    moving = sweep(RANKING, "rank_rate")
    firsts = [int(np.argmin(moving.slots[f"rank.{key}.misplaced"])) for key in ("margin_ranking", "logistic_margin")]
    assert 0 < firsts[0] < firsts[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("A longer step", {"margin_ranking.after": "0.000", "logistic_margin.after": "0.343"}),
        ("Hopelessly low", {"margin_ranking.A": "0.400", "logistic_margin.A": "0.363"}),
        ("By a hair", {"margin_ranking": "0.000", "logistic_margin": "0.599"}),
        ("All the same", {"margin_ranking": "0.000", "logistic_margin": "0.693"}),
        ("A wide margin", {"margin_ranking.B": "0.100"}),
    ],
)
def test_presets_of_the_list_tell_their_numbers(name: str, told: dict[str, str]) -> None:
    slots, shows = preset(RANKING, name)
    for slot, text in told.items():
        assert f"{slots[f'rank.{slot}'][0]:.3f}" == text
        assert text in shows


def test_pairs_misplaced_in_the_presets_of_the_list() -> None:
    left = preset(RANKING, "A longer step")[0]
    assert [left[f"rank.{key}.misplaced"][0] for key in ("margin_ranking", "logistic_margin")] == [0, 1]
    assert preset(RANKING, "All the same")[0]["rank.misplaced"] == 10
    silent = preset(RANKING, "By a hair")[0]
    assert not any(silent[f"rank.margin_ranking.{item}"][0] for item in "ABCDE")
    near(preset(RANKING, "A wide margin")[0]["rank.margin_ranking.E"], [-0.1])


def test_the_lines_of_places_say_who_is_where() -> None:
    drawn = film(RANKING)
    found = {
        trace.name: drawn._arrays[i, "y"][0]
        for i, trace in enumerate(drawn.figure.data)
        if "place" in (trace.name or "")
    }
    near(found["place of A"], [4, 2, 3])
    near(found["place of B"], [1, 1, 1])
    assert {handle["x"] for handle in drawn.handles} == {f"rank_{item}" for item in "abcde"}


# A batch


def test_batch_hard_minds_the_stranger_and_semi_hard_does_not() -> None:
    slots = film(BATCH).slots
    assert round(slots["batch.left.share"][0]) == 44
    assert slots["batch.right.moved"] == slots["batch.right.share"] == 0
    assert slots["batch.right.loss"] > 0
    moving = sweep(BATCH, "batch_margin")
    assert moving.slots["batch.right.moved"].max() > 0.3
    drawn = film(BATCH)
    ends = {handle["name"]: (handle["x"], handle["y"]) for handle in drawn.handles}
    assert set(ends.values()) == {("batch_x", "batch_y")}
    assert len(ends) == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Everybody home", {"left.pulled": "3", "left.loss": "0.244"}),
        ("All negatives", {"left.pulled": "6", "right.pulled": "2"}),
        ("Warmer", {"left.pushed": "27"}),
        ("Proxies", {"left.share": "12 %", "right.share": "44 %"}),
        ("A margin of 0", {"right.loss": "0.000", "left.loss": "0.842"}),
    ],
)
def test_presets_of_the_batch_tell_their_numbers(name: str, told: dict[str, str]) -> None:
    slots, shows = preset(BATCH, name)
    for slot, text in told.items():
        value = slots[f"batch.{slot}"][0]
        assert text == (f"{value:.3f}" if "." in text else f"{value:.0f} %" if "%" in text else f"{value:.0f}")
        assert text in shows
    assert preset(BATCH, "All negatives")[0]["batch.left.pushed"] == 7
    assert preset(BATCH, "A margin of 0")[0]["batch.right.moved"] == 0


# The whole page


def test_lessons_tell_numbers() -> None:
    for part in PARTS:
        assert re.search(r"\d", words(part.view.key)[0])


def test_every_loss_of_embeddings_can_be_chosen() -> None:
    keys = [loss.key for loss in losscore.losses("embeddings")]
    assert len(keys) == 15
    for key in (*keys, "cosine_proximity"):
        found = link(key)
        assert found is not None
        assert found[0].path == "embeddings", key
