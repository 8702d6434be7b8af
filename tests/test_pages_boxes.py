"""The boxes page: its films hold losscore's numbers, its lessons' numbers are true, no link breaks it."""

import re
from html import escape
from typing import Any

import numpy as np
import pytest
import torch

import losscore
from losscore.figures.film import Film
from losscore.figures.numbers import short
from losscore.scenes.anchors import coin_anchors
from losscore.scenes.boxes import OBJECTS, STARTS, box_scene
from pages.boxes import PARTS
from pages.boxes_pair import BARS, LABELS
from pages.ui.controls import Choice, Slider, read
from pages.ui.page import Part
from pages.ui.words import words

VIEWS = {part.key: part.view for part in PARTS}
FIRST = {key: read(view.controls, {})[0] for key, view in VIEWS.items()}
PRESETS = [(part, name) for part in PARTS for name in part.presets or {}]


def film_of(key: str, slider: str = "", **changed: Any) -> tuple[Film, int]:
    """A part's film over one slider, and the step at which that slider stands."""
    view, values = VIEWS[key], FIRST[key] | changed
    swept = slider or view.first(values)
    steps = view.sliders[swept].values
    return view.film(values | {swept: torch.tensor(steps)}), steps.index(values[swept])


def slots(key: str, **changed: Any) -> dict[str, float]:
    film, step = film_of(key, **changed)
    return {name: float(values[step]) for name, values in film.slots.items()}


def box(*corners: float) -> torch.Tensor:
    return torch.tensor(corners, dtype=torch.float64)


# Films


@pytest.mark.parametrize("slider", ["box_left", "box_top", "box_width", "box_height"])
def test_bars_and_gradients_are_those_of_each_step(slider: str) -> None:
    film, _ = film_of("pair", slider)
    steps, truth = VIEWS["pair"].sliders[slider].values, box_scene("coin").truth
    for step in (0, 20, 55, len(steps) - 1):
        now = FIRST["pair"] | {slider: steps[step]}
        x, y, w, h = (now[f"box_{name}"] for name in ("left", "top", "width", "height"))
        pred = box(x, y, x + w, y + h)
        for key in BARS:
            want = losscore.get(key)(pred, truth).item()
            assert film.slots[f"boxes.{key}"][step] == pytest.approx(want, rel=1e-4, abs=1e-9), key
        for key in FIRST["pair"]["pulls"]:
            slopes = losscore.get(key).gradient(pred, truth).tolist()
            said = [film.slots[f"boxes.{key}.{edge}"][step] for edge in ("left", "top", "right", "bottom")]
            assert said == pytest.approx(slopes, rel=1e-4, abs=1e-9), key


@pytest.mark.parametrize("key", ["alpha_iou", "siou"])
def test_a_parameters_slider_moves_its_loss_alone(key: str) -> None:
    name = {"alpha_iou": "alpha", "siou": "theta"}[key]
    overlapping = {"box_left": 20, "box_top": 30, "pulls": ["alpha_iou", "siou"]}
    film, _ = film_of("pair", f"{key}_{name}", **overlapping)
    steps = VIEWS["pair"].sliders[f"{key}_{name}"].values
    pred = box(20, 30, 60, 56)
    for step in (0, len(steps) - 1):
        want = losscore.get(key)(pred, box_scene("coin").truth, **{name: steps[step]}).item()
        assert film.slots[f"boxes.{key}"][step] == pytest.approx(want, rel=1e-4)
    assert np.ptp(film.slots["boxes.giou"]) == 0


@pytest.mark.parametrize("slider", ["offset_x", "offset_y", "pred_width", "pred_height"])
def test_the_marker_on_the_surface_stands_at_the_loss(slider: str) -> None:
    film, _ = film_of("surface", slider)
    steps = VIEWS["surface"].sliders[slider].values
    for step in (0, len(steps) // 3, len(steps) - 1):
        now = FIRST["surface"] | {slider: steps[step]}
        half = now["pred_width"] / 2, now["pred_height"] / 2
        x, y = now["offset_x"], now["offset_y"]
        pred = box(x - half[0], y - half[1], x + half[0], y + half[1])
        for key in ("iou", "diou"):
            want = losscore.get(key)(pred, box(-2, -2, 2, 2)).item()
            assert film.slots[f"surface.{key}.loss"][step] == pytest.approx(want, rel=1e-4)
            (curve,) = (i for i, trace in enumerate(film.figure.data) if trace.name == LABELS[key])
            xs, ys = (film._arrays[curve, axis][-1 if len(film._arrays[curve, axis]) == 1 else step] for axis in "xy")
            if -6 <= x <= 6:
                assert np.interp(x, xs, ys) == pytest.approx(want, abs=0.02)


def test_stripes_lie_where_the_loss_is_flat() -> None:
    for key, outside, inside in (("iou", True, True), ("giou", False, True), ("diou", False, False)):
        film, _ = film_of("surface", box_loss=key, box_beside="iou")
        picture = film._pictures[0][0][0]
        corner, middle = picture[:16, :16], picture[75:87, 75:87]
        striped = picture.max()
        assert bool((corner == 8).any()) is outside, key
        assert bool((middle == 8).any()) is inside, key
        assert striped == (8 if outside or inside else 7)


# What the lessons say


def test_boxes_apart_get_no_gradient_from_their_overlap() -> None:
    first = slots("pair")
    assert first["boxes.iou"] == 1
    assert {first[f"boxes.iou.{edge}"] for edge in ("left", "top", "right", "bottom")} == {0}
    assert first["boxes.giou"] == pytest.approx(1.617, abs=5e-4)
    assert first["boxes.diou"] == pytest.approx(1.319, abs=1e-3)
    for key in ("giou", "diou"):
        assert min(first[f"boxes.{key}.left"], first[f"boxes.{key}.top"]) > 2e-3
        assert first[f"boxes.{key}.bottom"] < -1e-4
        assert first[f"boxes.{key}.right"] < 1e-5


def test_unit_boxes_two_and_ten_apart() -> None:
    for apart, iou, giou, diou in ((2, 1, 1.333, 1.400), (10, 1, 1.818, 1.820)):
        at = slots("same", same="unit", apart=apart)
        assert at["unit.iou"] == iou
        assert at["unit.iou.slope"] == 0
        assert at["unit.giou"] == pytest.approx(giou, abs=5e-4)
        assert at["unit.diou"] == pytest.approx(diou, abs=5e-4)
    near, far = (slots("same", same="unit", apart=apart) for apart in (2, 10))
    assert (near["unit.giou.slope"], near["unit.diou.slope"]) == pytest.approx((0.222, 0.160), abs=5e-4)
    assert (far["unit.giou.slope"], far["unit.diou.slope"]) == pytest.approx((0.017, 0.016), abs=6e-4)


def test_the_logarithm_pulls_hardest_where_least_is_shared_until_nothing_is() -> None:
    for apart in (0.3, 0.5, 0.9):  # the overlap is (1 - d) / (1 + d)
        at = slots("same", same="unit", apart=apart, apart_curves=["iou", "iou_log"])
        assert at["unit.iou_log"] == pytest.approx(np.log1p(apart) - np.log1p(-apart))
        assert at["unit.iou_log.slope"] == pytest.approx(2 / (1 - apart**2))
        assert at["unit.iou.slope"] == pytest.approx(2 / (1 + apart) ** 2)
    (why,) = (text for text in words("boxes/same") if "−ln IoU" in text)
    for apart in (0.5, 0.9):
        at = slots("same", same="unit", apart=apart, apart_curves=["iou", "iou_log"])
        assert all(short(at[f"unit.{key}.slope"]) in why for key in ("iou", "iou_log"))
    presets = {name: (slots("same", **changes), shows) for name, (changes, shows, _) in PARTS[3].presets.items()}
    at, shows = presets["Nearly apart"]
    assert all(short(at[f"unit.{key}{part}"]) in shows for key in ("iou", "iou_log") for part in ("", ".slope"))
    assert at["unit.score"] == pytest.approx(1 / 20, abs=5e-3)
    at, _ = presets["Just apart"]
    assert (at["unit.iou_log"], at["unit.iou_log.slope"], at["unit.iou.slope"]) == (np.inf, 0, 0)


def test_an_infinite_loss_leaves_the_others_their_axis() -> None:
    film, _ = film_of("pair", pulls=["iou", "iou_log"])
    low, high = film.figure.layout.yaxis2.range
    steps = np.array(VIEWS["pair"].sliders["box_left"].values)
    assert np.isinf(film.slots["boxes.iou_log"]).all()  # the first box touches nothing wherever it is pushed to
    assert (low, high) == pytest.approx((-0.04, 1.06))
    film, _ = film_of("pair", pulls=["iou", "iou_log"], box_top=30)
    assert np.isinf(film.slots["boxes.iou_log"][steps > 51]).all()
    assert np.isfinite(film.slots["boxes.iou_log"][steps < 51]).all()
    assert film.figure.layout.yaxis2.range[1] < 10
    film, _ = film_of("surface", box_loss="iou_log")
    assert film._pictures[0][0][0].max() == 8  # flat where it is infinite
    assert len(film._pictures[0][0][0].unique()) > 5  # and shaded where it is not


def test_inside_the_true_box_giou_is_iou_wherever_it_lies() -> None:
    for x, y, diou in ((0, 0, 0.750), (1, 0, 0.781), (1, 1, 0.8125)):
        at = slots("surface", offset_x=x, offset_y=y, box_loss="giou")
        assert at["surface.giou.loss"] == pytest.approx(0.75, abs=1e-6)
        assert at["surface.score"] == pytest.approx(0.25, abs=1e-6)
        assert at["surface.diou.loss"] == pytest.approx(diou, abs=5e-4)
    first = slots("surface")
    assert (first["surface.iou.loss"], first["surface.iou.dx"]) == (0.75, 0)
    assert first["surface.diou.loss"] == pytest.approx(0.766, abs=5e-4)
    assert first["surface.diou.dx"] > 0


def test_one_edge_error_three_ways() -> None:
    first = slots("same")
    scores = [first[f"same.{n}.score"] for n in (1, 2, 3)]
    assert scores == pytest.approx([0.471, 0.714, 0.600], abs=5e-4)
    assert [first[f"same.{n}.box_l2"] for n in (1, 2, 3)] == pytest.approx([16] * 3)
    assert [first[f"same.{n}.box_l1"] for n in (1, 2, 3)] == pytest.approx([8, 4, 4])
    small = slots("same", edge_error=1)
    assert [small[f"same.{n}.score"] for n in (1, 2, 3)] == pytest.approx([0.822, 0.909, 0.900], abs=5e-4)


def test_who_is_where_in_the_race() -> None:
    first, last = slots("race"), slots("race", race_step=120)
    assert [first[f"race.{key}.area"] for key in ("iou", "giou", "diou", "eiou")] == pytest.approx(
        [0.64, 1.94, 1.36, 1.22], abs=5e-3
    )
    assert [first[f"race.{key}.score"] for key in ("iou", "giou", "diou", "eiou")] == pytest.approx(
        [0, 0.15, 0, 0], abs=5e-3
    )
    assert [last[f"race.{key}.score"] for key in ("iou", "giou", "diou", "eiou")] == pytest.approx(
        [0, 0.998, 0.998, 0.998], abs=6e-4
    )
    assert last["race.diou.largest"] == pytest.approx(2.56, abs=5e-3)
    assert last["race.eiou.largest"] < 1.41
    lapped = slots("race", race_start="overlapping")
    assert (lapped["race.iou.score"], lapped["race.diou.score"]) == pytest.approx((0.90, 0.94), abs=5e-3)
    assert lapped["race.diou.score"] == max(lapped[f"race.{key}.score"] for key in FIRST["race"]["racers"])
    inside = slots("race", race_start="inside", race_step=10)
    assert (inside["race.iou.score"], inside["race.diou.score"]) == pytest.approx((0.87, 0.91), abs=5e-3)
    thin = slots("race", race_start="thin", race_step=10)
    assert (thin["race.giou.largest"], thin["race.eiou.largest"]) == pytest.approx((2.24, 1.85), abs=5e-3)
    assert set(STARTS) == {"apart", "overlapping", "inside", "thin"}
    changes, shows, _ = PARTS[1].presets["Nothing shared"]
    apart = slots("race", **changes)
    for key in ("iou", "iou_log", "alpha_iou"):
        assert apart[f"race.{key}.away"] == slots("race", **changes | {"race_step": 0})[f"race.{key}.away"]
        assert f"{apart[f'race.{key}.away']:.3f} widths" in shows
    assert f"to {apart['race.siou.largest']:.3f}" in shows
    assert f"only {apart['race.siou.score']:.3f}" in shows


def test_what_the_presets_of_two_boxes_say() -> None:
    said = {name: slots("pair", **changes) for name, (changes, _, _) in PARTS[0].presets.items()}
    large, small = said["One px off, large"], said["One px off, small"]
    assert (large["boxes.iou"], small["boxes.iou"]) == pytest.approx((0.051, 0.286), abs=5e-4)
    assert large["boxes.box_l1"] == small["boxes.box_l1"] == 2
    gap = said["One px of gap"]
    assert (gap["boxes.iou"], gap["boxes.iou.left"]) == (1, 0)
    assert gap["boxes.giou"] == pytest.approx(1.013, abs=5e-4)
    assert gap["boxes.giou.left"] > 0.01
    narrow = said["Too narrow"]
    assert narrow["boxes.iou"] == pytest.approx(0.632, abs=5e-4)
    assert narrow["boxes.diou"] == pytest.approx(narrow["boxes.iou"], abs=1e-12)
    assert narrow["boxes.ciou"] - narrow["boxes.diou"] == pytest.approx(0.009, abs=5e-4)
    assert narrow["boxes.eiou"] - narrow["boxes.diou"] == pytest.approx(0.399, abs=5e-4)
    assert narrow["boxes.eiou.left"] > 2 * narrow["boxes.ciou.left"]


def test_who_owns_the_sum_of_a_detector() -> None:
    first = slots("detector")
    assert (first["detector.count"], first["detector.positives"]) == (768, 9)
    quoted = {
        ("plain", "background"): ({}, 80), ("plain", "object"): ({}, 13), ("modern", "background"): ({}, 12),
        ("modern", "object"): ({}, 63),
    }  # fmt: skip
    for (name, part), (changes, share) in quoted.items():
        assert slots("detector", **changes)[f"detector.{name}.{part}.share"] == pytest.approx(share, abs=0.5)
    far = slots("detector", det_shift=20)
    assert far["detector.plain.box"] == pytest.approx(0.1 * 400)
    assert (far["detector.plain.box.share"], far["detector.modern.box.share"]) == pytest.approx((89, 67), abs=0.5)
    heavy = slots("detector", det_weight=1)
    assert (heavy["detector.plain.box.share"], heavy["detector.modern.box.share"]) == pytest.approx((44, 77), abs=0.5)
    changes, shows, _ = PARTS[4].presets["Begun with rare objects"]
    rare = slots("detector", **changes)
    for name, of in (("plain", "the plain sum"), ("modern", "focal + GIoU")):
        assert f"{rare[f'detector.{name}.object.share']:.0f} % of {of}" in shows
    new = slots("detector", det_background=0.5, det_found=0.5)
    assert new["detector.modern.background.share"] == pytest.approx(99, abs=0.5)
    assert slots("detector", det_gamma=0)["detector.modern.background.share"] == pytest.approx(94, abs=0.5)
    for name in ("plain", "modern"):
        parts = [first[f"detector.{name}.{part}"] for part in ("background", "object", "box")]
        assert sum(parts) == pytest.approx(first[f"detector.{name}.total"], rel=1e-6)


def test_retinanets_sum_tells_errors_in_sides_of_the_anchor() -> None:
    scene = coin_anchors(8)
    sides = (scene.anchors[:, 2:] - scene.anchors[:, :2])[scene.overlap >= 0.7]
    for shift in (2, 20):
        at = slots("detector", det_sum="retinanet_sum", det_weight=1, det_shift=shift)
        off = float((shift / sides).sum() / len(sides))  # along both axes, the boxes' own sides being right
        assert at["detector.retinanet_sum.box"] == pytest.approx(off, rel=1e-6)
        for part in ("background", "object"):
            assert at[f"detector.retinanet_sum.{part}"] == slots("detector")[f"detector.modern.{part}"]
    (why,) = words("boxes/detector")[1:]
    assert f"20 px are {short(at['detector.retinanet_sum.box'])} there" in why
    changes, shows, _ = PARTS[4].presets["RetinaNet's sum"]
    at = slots("detector", **changes)
    assert f"cost {short(at['detector.retinanet_sum.box'])} and are" in shows
    for part in ("box", "background"):
        assert f"{at[f'detector.retinanet_sum.{part}.share']:.0f} %" in shows


def test_surfaces_of_equal_boxes_and_of_boxes_far_apart() -> None:
    equal = slots("surface", pred_width=4, pred_height=4, offset_x=2, offset_y=1)
    assert equal["surface.iou.loss"] == pytest.approx(0.769, abs=5e-4)
    changes, shows, _ = PARTS[2].presets["Near a corner"]
    near = slots("surface", **changes)
    assert (near["surface.giou.loss"], near["surface.giou.dx"]) == pytest.approx((0.75, 0), abs=1e-9)
    assert f"DIoU says {near['surface.diou.loss']:.3f}" in shows
    assert near["surface.diou.dx"] > 0.04
    far = slots("surface", offset_x=5, offset_y=0, box_loss="giou")
    assert far["surface.giou.loss"] == pytest.approx(1.375, abs=5e-4)
    assert far["surface.giou.dx"] > 0.05


@pytest.mark.parametrize("name", OBJECTS)
def test_the_pictures_source_and_licence_stand_under_it(name: str) -> None:
    assert escape(box_scene(name).credit) in VIEWS["pair"].reading(FIRST["pair"] | {"box_object": name})
    film, _ = film_of("pair", box_object=name)
    assert film.slots["boxes.truth.left"][0] == box_scene(name).truth[0]


def test_every_bar_says_where_it_is_full() -> None:
    html = VIEWS["pair"].reading(FIRST["pair"])
    ends = re.findall(r'<span>([^<]*)</span>[^/]*data-bar="[^"]*" data-low="([^"]*)" data-high="([^"]*)"', html)
    assert len(ends) == len(BARS)
    (said,) = re.findall(r"full at 2; ([^<]*)\.</p>", html)
    assert said.split(", ") == [f"{name} at {float(high):g}" for name, _, high in ends if float(high) != 2]


# The page


@pytest.mark.parametrize(("part", "name"), PRESETS, ids=[f"{part.key}-{name}" for part, name in PRESETS])
def test_presets_set_what_the_controls_can_show(part: Part, name: str) -> None:
    controls = {control.key: control for control in part.view.controls}
    settings, why, _ = part.presets[name]
    assert why.endswith(".")
    assert re.search(r"\d", why)
    values = FIRST[part.key] | settings
    for key, value in settings.items():
        control = controls[key]
        assert control.shown(values)
        if isinstance(control, Slider):
            assert value in control.values
        else:
            assert isinstance(control, Choice)
            assert set(value if control.several else [value]) <= control.options.keys()


def test_every_part_has_its_lesson() -> None:
    for part in PARTS:
        assert part.view.key == f"boxes/{part.key}"
        notice, why = words(part.view.key)
        assert re.search(r"\d", notice)
        assert why
