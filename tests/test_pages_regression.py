"""The Regression page: every part opens, every control reaches its ends, a drag shows what losscore says."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from hands import film, near, preset, settings, sweep
from scipy.optimize import minimize_scalar

import losscore
from losscore.explore.fits import fit_line
from losscore.explore.noise import sample
from losscore.figures.film import Film
from losscore.figures.noise_spread import DRAWS, MEDIAN
from losscore.scenes.points import diabetes, line_with_outliers, stereo_row
from pages import regression
from pages.regression_errors import INFLUENCE, NOISE, ONE_ERROR
from pages.regression_lines import FITTED, OUTLIERS, SURFACE
from pages.ui.controls import Choice
from pages.ui.words import words

VIEWS = {view.key: view for view in regression.VIEWS}


def traces(made: Film) -> list[tuple[int, Any]]:
    return list(enumerate(made.figure.data))


def markers(made: Film, trace: int) -> int:
    """How many markers of a trace the browser finds in the settled figure."""
    drawn = made.figure.data[trace]
    if "mode" not in drawn or "markers" not in drawn.mode:
        return 0
    moving = made._arrays.get((trace, "x"))
    return len(drawn.x) if moving is None else moving.shape[1]


class TestOutliers:
    def test_untouched_it_shows_lesson_2(self) -> None:
        slots = film(OUTLIERS).slots
        slopes = {key: float(slots[f"{key}.slope"][0]) for key in ("mse", "huber", "mae", "tukey_biweight")}
        assert [f"{slopes[key]:.2f}" for key in slopes] == ["2.64", "1.08", "1.00", "1.00"]

    def test_leverage_shows_lesson_3(self) -> None:
        slots = film(OUTLIERS, **regression.PARTS[0].presets["Leverage"][0]).slots
        slopes = [f"{slots[f'{key}.slope'][0]:.3f}" for key in ("mse", "mae", "huber")]
        assert slopes == ["-0.032", "-0.154", "-0.118"]
        assert abs(slots["tukey_biweight.slope"][0] - 1) < 0.05
        told = "slope %(mse.slope).2f (MSE), %(mae.slope).2f (MAE), %(huber.slope).2f (Huber)"
        shows = preset(OUTLIERS, "Leverage")[1].replace("\N{MINUS SIGN}", "-")
        assert told % {key: shown[0] for key, shown in slots.items()} in shows

    def test_least_squares_follow_the_outlier_as_numpy_says(self) -> None:
        moving = sweep(OUTLIERS, "y")
        x = np.arange(10.0)
        for step in range(0, moving.steps, 5):
            y = np.append(np.arange(9.0), OUTLIERS.sliders["y"].values[step])
            near([moving.slots["mse.slope"][step], moving.slots["mse.intercept"][step]], np.polyfit(x, y, 1))

    @pytest.mark.parametrize("key", ["mae", "huber", "tukey_biweight"])
    @pytest.mark.parametrize("points", ["line", "stereo", "diabetes"])
    def test_lines_are_the_fits_of_losscore(self, points: str, key: str) -> None:
        slider, make, at = {
            "line": ("y", line_with_outliers, 9.0),
            "stereo": ("disparity", stereo_row, 480.0),
            "diabetes": ("score", diabetes, 42.0),
        }[points]
        moving = sweep(OUTLIERS, slider, points=points, losses=[key], arrows="none")
        for step in (0, 7, 20):
            fit = fit_line(losscore.get(key), make(at, OUTLIERS.sliders[slider].values[step], 1))
            near(moving.slots[f"{key}.slope"][step], fit.slope)
            near(moving.slots[f"{key}.intercept"][step], fit.intercept)

    def test_distance_is_the_mean_gap_to_the_clean_line(self) -> None:
        slots = film(OUTLIERS).slots
        x = np.arange(9.0)
        gap = np.abs(slots["mse.slope"][0] * x + slots["mse.intercept"][0] - x).mean()
        near(slots["mse.distance"][0], gap)
        assert film(OUTLIERS, count=0.0).slots["mse.distance"][0] < 1e-5

    def test_arrows_run_from_the_points_to_the_line(self) -> None:
        made = film(OUTLIERS, losses=["mse"], y=25.0)
        arrows = next(x for (t, name), x in made._arrays.items() if name == "y" and x.shape[1] == 70).reshape(10, 7)
        slope, intercept = (made.slots[f"mse.{name}"][0] for name in ("slope", "intercept"))
        near(arrows[:, 0], [*range(9), 25.0])
        near(arrows[:, 1], slope * np.arange(10) + intercept, 1e-3)

    def test_the_lines_of_the_presets_hold_their_numbers(self) -> None:
        presets = regression.PARTS[0].presets
        wins = film(OUTLIERS, **presets["The outliers win"][0]).slots
        assert all(wins[f"{key}.slope"][0] > 3 for key in ("mse", "mae", "huber", "tukey_biweight"))
        floor = film(OUTLIERS, **presets["A motorcycle on the floor"][0]).slots
        row, disparity, outlier = np.loadtxt("assets/points/stereo_row.csv", delimiter=",", skiprows=1, unpack=True)
        said, clean = presets["A motorcycle on the floor"][1], outlier == 0
        assert f"tips to {np.polyfit(row, disparity, 1)[0]:.3f}" in said
        assert f"floor has {np.polyfit(row[clean], disparity[clean], 1)[0]:.3f}" in said
        assert max(floor["mae.distance"][0], floor["tukey_biweight.distance"][0]) < 0.1 < floor["huber.distance"][0]
        patients = film(OUTLIERS, **presets["Patients"][0]).slots
        assert [f"{patients[f'{key}.slope'][0]:.2f}" for key in ("mse", "huber", "tukey_biweight", "mae")] == [
            "0.09", "0.09", "0.09", "0.12",
        ]  # fmt: skip
        body, progression, _ = np.loadtxt("assets/points/diabetes.csv", delimiter=",", skiprows=1, unpack=True)
        quantiles = film(OUTLIERS, **presets["Quantiles"][0]).slots
        for key, share in (("pinball", 0.9), ("mae", 0.5)):
            line = quantiles[f"{key}.slope"][0] * body + quantiles[f"{key}.intercept"][0]
            assert (progression < line - 1e-6).mean() <= share <= (progression < line + 1e-6).mean()

    def test_speech_says_how_many_outliers_there_are(self) -> None:
        heard = sweep(OUTLIERS, "count").reel()["speech"]
        assert heard[0].startswith("No dragged outlier. Slopes: MSE 1.000")
        assert heard[1].startswith("Dragged outliers: 1, at x 9.000, y 39.00. Slopes: MSE 2.636")


class TestOneError:
    def test_the_numbers_are_those_of_the_losses(self) -> None:
        moving = sweep(ONE_ERROR, "r")
        r = np.array(ONE_ERROR.sliders["r"].values)
        near(moving.slots["mse.loss"], r**2)
        near(moving.slots["mae.slope"], np.sign(r))
        near(moving.slots["huber.slope"], r.clip(-1, 1))
        near(moving.slots["cauchy.loss"], np.log1p(r**2 / 2))

    def test_huber_is_not_smooth_l1_as_lesson_4_says(self) -> None:
        slots = film(ONE_ERROR, **regression.PARTS[1].presets["Huber is not smooth L1"][0]).slots
        near(slots["huber.loss"], 8.0)
        near(slots["smooth_l1.loss"], 4.0)

    def test_the_why_holds_the_numbers_of_lessons_1_and_6(self) -> None:
        why = words("regression/one-error")[1]
        nine = torch.tensor([1.0] * 9 + [10.0])
        two = torch.tensor([3.0, 4.0])
        told = {
            "MSE 10.9": losscore.get("mse")(nine, torch.zeros(10)),
            "MAE 1.9": losscore.get("mae")(nine, torch.zeros(10)),
            "RMSE 3.30": losscore.get("rmse")(nine, torch.zeros(10)),
            "MSE 12.5": losscore.get("mse")(two, torch.zeros(2)),
        }
        for text, number in told.items():
            digits = len(text.partition(".")[2])
            assert f"{float(number):.{digits}f}" == text.split()[1]
            assert text in " ".join(why.split())

    def test_the_lines_of_the_presets_hold_their_numbers(self) -> None:
        low, high = (film(ONE_ERROR, curves=["msle"], r=r).slots["msle.loss"][0] for r in (-1.5, 1.5))
        slots, shows = preset(ONE_ERROR, "Ratios")
        assert f"1.5 too low costs {low:.2f}, 1.5 too high {high:.2f}." in shows
        assert f"MSE charges {slots['mse.loss'][0]:.2f} for both." in shows
        slots, shows = preset(ONE_ERROR, "Below minus one")
        assert np.isnan([slots["msle.loss"][0], slots["msle.slope"][0]]).all()
        assert f"MSE charges {slots['mse.loss'][0]:.2f}." in shows
        tube = regression.PARTS[1].presets["A tube and a tilt"][0]
        under, over = (film(ONE_ERROR, **tube | {"r": r}).slots for r in (-1.0, 1.0))
        near([under["pinball.loss"][0], over["pinball.loss"][0]], [0.8, 0.2])
        near([under["epsilon_insensitive.loss"][0], over["epsilon_insensitive.loss"][0]], [0.0, 0.0])
        for alpha, twin in ((0.0, "cauchy"), (1.0, "pseudo_huber")):
            meeting = sweep(ONE_ERROR, "r", curves=["barron", twin], barron_alpha=alpha).slots
            near(meeting["barron.loss"], meeting[f"{twin}.loss"])

    def test_twice_the_error_is_what_the_notice_says(self) -> None:
        at, twice = (film(ONE_ERROR, r=r).slots for r in (2.5, 5.0))
        ratio = {key: twice[f"{key}.loss"][0] / at[f"{key}.loss"][0] for key in ("mse", "huber", "mae", "cauchy")}
        told = "MSE costs {mse:.0f} times as much, Huber {huber:.2f}, MAE {mae:.0f} and Cauchy {cauchy:.2f} times"
        assert told.format(**ratio) in words("regression/one-error")[0]

    def test_a_parameter_that_picks_the_case_stays_a_letter(self) -> None:
        barron = ONE_ERROR.reading(settings(ONE_ERROR, curves=["barron"]))
        assert 'data-slot="barron.alpha"' not in barron
        assert 'data-slot="barron.c"' in barron
        assert 'data-slot="huber.delta"' in ONE_ERROR.reading(settings(ONE_ERROR, curves=["huber"]))

    def test_parameters_move_the_curves(self) -> None:
        moving = sweep(ONE_ERROR, "barron_alpha", curves=["barron"], r=5.0)
        alpha = np.array(ONE_ERROR.sliders["barron_alpha"].values)
        for step in (0, 20, len(alpha) - 1):
            b, square = abs(alpha[step] - 2), 25.0
            near(moving.slots["barron.loss"][step], b / alpha[step] * ((square / b + 1) ** (alpha[step] / 2) - 1))

    def test_target_counts_where_the_residual_does_not_say_it(self) -> None:
        moving = sweep(ONE_ERROR, "target", curves=["msle", "mse"], r=1.0)
        target = np.array(ONE_ERROR.sliders["target"].values)
        near(moving.slots["msle.loss"], (np.log1p(target + 1) - np.log1p(target)) ** 2)
        near(moving.slots["mse.loss"], np.ones_like(target))

    def test_numbers_of_a_product_have_a_dot_between_them_and_no_other(self) -> None:
        for loss in losscore.losses("regression"):
            reading = ONE_ERROR.reading(settings(ONE_ERROR, curves=[loss.key]))
            assert not re.search(r"</mn>\s*<mn", reading), loss.key
            assert not re.search(r"<(mrow|mtd[^>]*)><mo[^>]*>&#x000B7;", reading), loss.key


class TestSurface:
    def path(self, slot: str, **changes: Any) -> np.ndarray:
        return sweep(SURFACE, "steps", **changes).slots[slot]

    def test_lesson_5_mae_never_settles_and_mse_does(self) -> None:
        start = {"landscape": "one", "rate": 0.3, "start": 1.0}
        mae = self.path("b", surface_loss="mae", **start)
        near(mae[:8], [1.0, 0.7, 0.4, 0.1, -0.2, 0.1, -0.2, 0.1])
        near(np.abs(mae[-2:]).sum(), 0.3)
        mse = self.path("b", surface_loss="mse", **start)
        near(mse[:30], 0.4 ** np.arange(30))
        assert f"{mse[8]:.4f}" == "0.0007"

    def test_steps_go_down_the_gradient(self) -> None:
        x, y = np.arange(10.0), np.append(np.arange(9.0), 39.0)
        w, b = -0.5, 7.0
        shown = {slot: self.path(slot, rate=0.02) for slot in ("w", "b", "loss", "gradient")}
        for step in range(40):
            r = w * x + b - y
            gradient = np.array([2 * (r * x).mean(), 2 * r.mean()])
            near([shown[slot][step] for slot in shown], [w, b, (r**2).mean(), np.hypot(*gradient)])
            w, b = np.array([w, b]) - 0.02 * gradient

    def test_the_minimum_is_the_fit(self) -> None:
        slots = film(SURFACE).slots
        w, b = np.polyfit(np.arange(10.0), np.append(np.arange(9.0), 39.0), 1)
        near([slots["best.w"][0], slots["best.b"][0]], [w, b])

    def test_too_fast_diverges_and_is_told(self) -> None:
        rates = sweep(SURFACE, "rate", steps=80.0)
        assert rates.slots["course"][0] == -1
        assert rates.slots["course"][-1] == 2
        assert np.isfinite(rates.slots["loss"]).all()

    def test_the_course_compares_the_loss_with_that_at_the_start(self) -> None:
        presets = regression.PARTS[2].presets
        courses = {name: film(SURFACE, **presets[name][0]).slots["course"][0] for name in presets}
        assert courses == {
            "MAE never settles": -1, "MSE does": -1, "Too fast": 1, "Momentum": -1, "No slope, no way": 0,
        }  # fmt: skip

    def test_the_lines_of_the_presets_hold_their_numbers(self) -> None:
        presets = regression.PARTS[2].presets
        x, y = np.arange(10.0), np.append(np.arange(9.0), 39.0)
        design = np.column_stack([x, np.ones(10)])

        def after(steps: int, rate: float, momentum: float = 0.0) -> float:
            at, speed = np.array([-0.5, 7.0]), np.zeros(2)
            for _ in range(steps):
                speed = momentum * speed - rate * 2 * design.T @ (design @ at - y) / 10
                at = at + speed
            return float(((design @ at - y) ** 2).mean())

        fastest = 2 / np.linalg.eigvalsh(2 * design.T @ design / 10)[-1]
        assert f"({fastest:.4f})" in presets["Too fast"][1]
        assert f"loss is {after(12, 0.0355):.0f}, from {after(0, 0.0355):.0f}." in presets["Too fast"][1]
        rolled, plain, least = after(80, 0.01, 0.9), after(80, 0.01), film(SURFACE).slots["best.loss"][0]
        assert f"loss is {rolled:.2f}, the minimum {least:.2f}." in presets["Momentum"][1]
        assert f"at {plain:.2f}." in presets["Momentum"][1]
        near(film(SURFACE, **presets["Momentum"][0]).slots["loss"][0], rolled)

    def test_the_bar_tells_what_the_shades_of_the_map_mean(self) -> None:
        made = film(SURFACE)
        scale = made.figure.layout.coloraxis
        shades = np.array(made.figure.data[0].z, dtype=float)
        assert scale.cmax == pytest.approx(shades.max())
        told = [float(text) for text in scale.colorbar.ticktext]
        near(np.square(scale.colorbar.tickvals), told)
        assert len(set(told)) == 4
        assert max(told) <= shades.max() ** 2
        w, b = made.figure.data[0].x[7], made.figure.data[0].y[40]
        r = w * np.arange(10.0) + b - np.append(np.arange(9.0), 39.0)
        near(shades[40, 7] ** 2, (r**2).mean() - film(SURFACE).slots["best.loss"][0], 1e-3)

    @pytest.mark.parametrize("space", ["contours", "3d"])
    def test_a_path_is_drawn_up_to_the_step_shown(self, space: str) -> None:
        made = sweep(SURFACE, "steps", space=space)
        path = next(x for (t, name), x in made._arrays.items() if made.figure.data[t].name == "path" and name == "x")
        assert path.shape == (81, 81)
        near(path[12, 12:], np.full(69, made.slots["w"][12]), 1e-3)
        near(path[12, :13], made.slots["w"][:13], 1e-3)


class TestInfluence:
    def test_five_values_show_lesson_2(self) -> None:
        slots = film(INFLUENCE, values="five").slots
        r = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
        huber = minimize_scalar(lambda m: np.where(abs(r - m) < 1, (r - m) ** 2 / 2, abs(r - m) - 0.5).sum(), (0, 5))
        near([slots[f"{key}.estimate"][0] for key in ("mse", "mae", "huber")], [22.0, 3.0, huber.x], 1e-3)

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("1, 2, 3, 4, 100", "takes the mean, %(mse.estimate).0f. MAE takes the median, %(mae.estimate).0f,"),
            ("1, 2, 3, 4, 100", "Huber says %(huber.estimate).0f too"),
            ("More than half are wrong", "MAE to %(mae.broken).2f, Tukey to %(tukey_biweight.broken).2f."),
            ("More than half are wrong", "at %(mse.broken).2f."),
            ("A delta too wide", "twelve of 40 move it to %(huber.broken).3f."),
            ("A delta too wide", "move MAE to %(mae.broken).3f."),
        ],
    )
    def test_the_lines_of_the_presets_hold_their_numbers(self, name: str, told: str) -> None:
        slots, shows = preset(INFLUENCE, name)
        assert told % {key: shown[0] for key, shown in slots.items()} in shows

    def test_the_presets_count_the_outliers_among_forty(self) -> None:
        for name, told in (("More than half are wrong", "21 of 40 values"), ("A delta too wide", "twelve of 40")):
            slots, shows = preset(INFLUENCE, name)
            near(slots["mse.broken"][0], 20 * {"21": 21, "twelve": 12}[told.split()[0]] / 40)
            assert told in shows
        assert f"moved it to {film(INFLUENCE).slots['huber.broken'][0]:.3f}," in " ".join(shows.split())

    @pytest.mark.parametrize("changes", [preset.settings for preset in regression.PARTS[3].presets.values()])
    def test_the_marker_of_the_mean_is_in_the_picture_where_words_speak_of_it(self, changes: Any) -> None:
        made = film(INFLUENCE, **changes)
        panel = "yaxis2" if "outlier_share" in changes else "yaxis"
        low, high = made.figure.layout[panel].range
        assert low < made.slots["mse.broken" if panel == "yaxis2" else "mse.estimate"][0] < high

    def test_classes_are_those_of_the_theory(self) -> None:
        slots = film(INFLUENCE).slots
        kinds = [int(slots[f"{key}.class"][0]) for key in ("mse", "mae", "huber", "cauchy", "tukey_biweight")]
        assert kinds == [0, 1, 1, 2, 2]

    def test_the_mean_follows_and_breaks_at_once_the_median_at_one_half(self) -> None:
        near(
            sweep(INFLUENCE, "outlier_size").slots["mse.estimate"],
            np.array(INFLUENCE.sliders["outlier_size"].values) / 16,
        )
        share = np.array(INFLUENCE.sliders["outlier_share"].values)
        broken = sweep(INFLUENCE, "outlier_share").slots
        near(broken["mse.broken"], share / 100 * 20)
        assert (np.abs(broken["mae.broken"][share < 49]) < 2.5).all()
        assert (broken["mae.broken"][share > 51] > 15).all()


class TestNoise:
    def test_lesson_36(self) -> None:
        assert f"{MEDIAN['gaussian']:.3f}" == "0.637"
        assert MEDIAN["laplace"] == 2.0
        gaussian, laplace = (film(NOISE, noise=noise).slots["mae.efficiency"][0] for noise in ("gaussian", "laplace"))
        # A thousand draws tell a ratio of variances to about 6 %; under Laplace noise 101 values fall short.
        assert gaussian == pytest.approx(2 / np.pi, rel=0.12)
        assert 1.6 < laplace < 2.1

    def test_the_lines_of_the_presets_and_the_notice_hold_their_numbers(self) -> None:
        def efficiency(key: str, noise: str) -> float:
            return float(film(NOISE, noise=noise).slots[f"{key}.efficiency"][0])

        wide = {key: f"{efficiency(key, 'contaminated'):.1f}" for key in ("huber", "mae")}
        said = "Huber is {huber} times as efficient as the mean, MAE {mae} times".format(**wide)
        assert said in regression.PARTS[4].presets["Contaminated"][1]
        notice = words("regression/noise")[0]
        assert f"{efficiency('mae', 'laplace'):.2f} times as efficient" in notice
        assert f"{efficiency('mae', 'gaussian'):.2f} of its efficiency" in notice

    @pytest.mark.parametrize("noise", MEDIAN)
    def test_estimates_are_means_and_medians(self, noise: Any) -> None:
        moving = sweep(NOISE, "draws", noise=noise, per_sample="31", centres=["mse", "mae"])
        drawn = sample(noise, 31, DRAWS).numpy()
        for step, count in enumerate(NOISE.sliders["draws"].values):
            mean, median = (at(drawn[: int(count)], axis=1).var(ddof=1) for at in (np.mean, np.median))
            near(moving.slots["mse.variance"][step], 31 * mean)
            near(moving.slots["mae.efficiency"][step], mean / median)

    @pytest.mark.parametrize("noise", MEDIAN)
    def test_the_axis_holds_every_efficiency_that_is_drawn(self, noise: Any) -> None:
        for per_sample in ("11", "31", "101"):
            made = film(NOISE, noise=noise, per_sample=per_sample)
            drawn = [y for (t, name), y in made._arrays.items() if name == "y" and made.figure.data[t].yaxis == "y2"]
            low, high = made.figure.layout.yaxis2.range
            assert low < min(y.min() for y in drawn) <= max(y.max() for y in drawn) < high

    @pytest.mark.parametrize("noise", MEDIAN)
    def test_the_theory_is_that_of_the_noise(self, noise: Any) -> None:
        drawn = sample(noise, 2000, 1000, seed=1).numpy().ravel()
        width = 0.05
        density = (np.abs(drawn) < width).mean() / (2 * width)
        assert 4 * density**2 * drawn.var() == pytest.approx(MEDIAN[noise], rel=0.12)


class TestPage:
    def test_every_loss_of_the_family_can_be_chosen(self) -> None:
        family = {loss.key for loss in losscore.losses("regression")}
        curves = next(control for control in ONE_ERROR.controls if control.key == "curves")
        assert isinstance(curves, Choice)
        assert set(curves.options) == family
        assert set(FITTED) == {key for key in family if losscore.get(key).of_residual}
