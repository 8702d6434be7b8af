"""A batch's squares put together in four ways, and two scores that rank two models: the numbers of both views."""

import re

import numpy as np
import pytest
from hands import film, near, preset, sweep

from losscore.figures.film import Film
from pages.regression_batch import REDUCTION
from pages.segmentation_ranking import RANKING
from pages.ui.presets import presets_of
from pages.ui.views import View
from pages.ui.words import words


def told(made: Film, step: int = 0) -> set[str]:
    """Every number of the reading, without its sign, as it stands there."""
    return {found for slot in made.slots for found in re.findall(r"\d[\d.]*\d", made.text(slot, step))}


def said(text: str) -> set[str]:
    """The numbers of a text that a view must show: those of four digits."""
    return {number for number in re.findall(r"\d+\.\d+", text) if len(number) > 4}


@pytest.mark.parametrize("view", [REDUCTION, RANKING], ids=lambda view: view.key)
def test_the_lines_of_the_presets_hold_their_numbers(view: View) -> None:
    for name, (changes, shows, _) in presets_of(view).items():
        first = told(film(view))  # what it was before
        assert said(shows)
        assert said(shows) <= told(film(view, **changes)) | first, name


class TestReduction:
    def test_untouched_it_shows_lesson_6(self) -> None:
        slots = film(REDUCTION).slots
        values = [slots[f"squares_{way}.value"][0] for way in ("norm", "sum", "half", "mean")]
        near(values, [5, 25, 12.5, 12.5])
        assert said(words("regression/reduction")[0]) <= told(film(REDUCTION))

    @pytest.mark.parametrize("first", [-6.0, 0.0, 3.0])
    def test_every_number_is_that_of_the_whole_batch(self, first: float) -> None:
        moving = sweep(REDUCTION, "reduced_count", reduced_first=first)
        for step, count in enumerate(REDUCTION.sliders["reduced_count"].values):
            r = np.array([first, 4.0] * (round(count) // 2))
            norm = np.linalg.norm(r)
            whole = {"sum": (norm**2, 2 * r), "half": (norm**2 / 2, r), "mean": ((r**2).mean(), 2 * r / len(r)),
                     "norm": (norm, r / norm)}  # fmt: skip
            for way, (value, slopes) in whole.items():
                found = [moving.slots[f"squares_{way}.{what}"][step] for what in ("value", "one", "all")]
                near(found, [value, slopes[0], slopes.sum()], zero=1e-6)

    def test_with_the_sum_the_pull_grows_with_the_batch_and_with_the_mean_it_does_not(self) -> None:
        moving = sweep(REDUCTION, "reduced_count")
        near(moving.slots["squares_sum.all"], 7 * np.array(REDUCTION.sliders["reduced_count"].values))
        near(moving.slots["squares_mean.all"], 7)
        near(moving.slots["squares_sum.one"], 6)
        assert said(words("regression/reduction")[1]) <= told(moving) | told(moving, -1)


class TestRanking:
    def test_untouched_it_shows_lesson_18(self) -> None:
        slots = film(RANKING).slots
        near([slots[f"metric_iou.{of}"][0] for of in ("a1", "a2", "b1", "b2")], [0.5, 0.5, 0.2, 0.85])
        near([slots[f"metric_iou.{of}"][0] for of in "ab"], [0.5, 0.525])
        near([slots[f"metric_dice.{of}"][0] for of in "ab"], [2 / 3, (1 / 3 + 1.7 / 1.85) / 2])
        assert said(words("segmentation/ranking")[0]) <= told(film(RANKING))

    def test_the_winners_differ_where_the_notice_says(self) -> None:
        slots = sweep(RANKING, "found_first").slots
        apart = slots["metric_iou.ahead"] * slots["metric_dice.ahead"] < -1e-9
        assert np.flatnonzero(apart).tolist() == [4, 5]

    def test_dice_takes_more_of_a_lost_object_and_gives_less_to_a_whole_one(self) -> None:
        slots = film(RANKING).slots
        iou, dice = ([slots[f"{key}.{of}"][0] for of in ("b1", "a1", "b2")] for key in ("metric_iou", "metric_dice"))
        near(dice, [2 * j / (1 + j) for j in iou])
        why = words("segmentation/ranking")[1]
        assert f"{iou[2] - iou[1]:.3f} to be had by IoU and only {dice[2] - dice[1]:.3f} by Dice" in why
        assert f"loses {iou[1] - iou[0]:.3f} and {dice[1] - dice[0]:.3f}" in why
        assert "| Dice | {:.3f} | {:.3f} | {:.3f} |".format(*dice) in why

    @pytest.mark.parametrize("slider", ["found_first", "found_second"])
    def test_scores_are_the_columns_that_are_found(self, slider: str) -> None:
        slots = sweep(RANKING, slider).slots
        near(slots[f"metric_iou.b{1 if slider == 'found_first' else 2}"], np.arange(21) / 20)

    def test_a_score_that_is_not_chosen_is_not_told(self) -> None:
        values = {control.key: control.default for control in RANKING.controls} | {"ranked": ["metric_iou"]}
        assert "metric_dice" not in RANKING.reading(values)
        assert preset(RANKING, "One found, one lost")[0]["metric_iou.ahead"][0] == 0
