"""Soft labels: scores, edges and centres are taught what closed forms say, and every number that is told holds."""

import math
import re

import numpy as np
import pytest
from hands import film, near, preset, sweep
from scipy.special import expit, logit, softmax, xlogy

from losscore.figures.numbers import short
from pages.boxes_soft import LABELS
from pages.ui.words import words


def iou(shift: float, width: float = 38.0) -> float:
    return (width - shift) / (width + shift)


@pytest.mark.parametrize("key", ["soft_score", "soft_shift", "quality_focal_beta"])
def test_scores_cost_what_the_formulas_say(key: str) -> None:
    slots = sweep(LABELS, key).slots
    for step, value in enumerate(LABELS.sliders[key].values):
        now = {"soft_score": 0.9, "soft_shift": 8.0, "quality_focal_beta": 2.0} | {key: value}
        s, y, beta = now["soft_score"], iou(now["soft_shift"]), now["quality_focal_beta"]
        cross, off = -xlogy(y, s) - xlogy(1 - y, 1 - s), abs(y - s)
        by_logit = off**beta * (s - y) + (
            beta * off ** (beta - 1) * np.sign(s - y) * s * (1 - s) * cross if beta else 0
        )
        near(slots["soft.quality_focal.loss"][step], off**beta * cross)
        near(slots["soft.quality_focal.slope"][step], by_logit)
        near(slots["soft.bce_with_logits.loss"][step], cross)
        near(slots["soft.bce_with_logits.slope"][step], s - y)
        near(slots["soft.focal_binary.loss"][step], -((1 - s) ** beta) * math.log(s))
        near(slots["soft.iou"][step], y)
        near(slots["soft.logit"][step], logit(s))


def test_the_score_learns_the_iou_and_not_1() -> None:
    slots = sweep(LABELS, "soft_shift").slots
    overlaps = np.array([iou(shift) for shift in LABELS.sliders["soft_shift"].values])
    near(slots["soft.quality_focal.rests"], overlaps, 1e-6)
    near(slots["soft.bce_with_logits.rests"], overlaps, 1e-6)
    near(slots["soft.focal_binary.rests"], np.ones_like(overlaps), 1e-6)
    exact = film(LABELS, soft_shift=0).slots  # with label 1 they are one
    near(exact["soft.quality_focal.loss"], exact["soft.focal_binary.loss"])


@pytest.mark.parametrize("key", ["edge_true", "edge_place", "edge_spread"])
def test_edges_are_drawn_to_the_two_nearest_bins(key: str) -> None:
    made = sweep(LABELS, key, taught="distribution_focal")
    pull = made._arrays[next(t for t, trace in enumerate(made.figure.data) if trace.name == "pull"), "y"][:, 1::3]
    bins = np.arange(8)
    for step, value in enumerate(LABELS.sliders[key].values):
        now = {"edge_true": 3.5, "edge_place": 3.5, "edge_spread": 1.0} | {key: value}
        share = softmax(-(((bins - now["edge_place"]) / now["edge_spread"]) ** 2) / 2)
        wanted = np.maximum(0, 1 - np.abs(bins - now["edge_true"]))
        near(made.slots["edge.loss"][step], -xlogy(wanted, share).sum(), 1e-4)
        near(made.slots["edge.least"][step], -xlogy(wanted, wanted).sum(), 1e-4, 1e-6)
        near(made.slots["edge.mean"][step], (share * bins).sum())
        near(pull[step], wanted - share, 1e-4, 1e-6)


@pytest.mark.parametrize("key", ["centre_off", "centre_height", "gaussian_focal_alpha", "gaussian_focal_beta"])
def test_false_alarms_near_the_centre_are_forgiven(key: str) -> None:
    slots = sweep(LABELS, key, taught="gaussian_focal").slots
    y, x = np.mgrid[-12:13, -12:13].astype(float)
    bell = np.exp(-(x**2 + y**2) / 18)
    for step in (0, 7, len(LABELS.sliders[key].values) - 1):
        start = {"centre_off": 2.0, "centre_height": 0.9, "gaussian_focal_alpha": 2.0, "gaussian_focal_beta": 4.0}
        off, height, alpha, beta = (start | {key: LABELS.sliders[key].values[step]}).values()
        p = height * np.exp(-((x - off) ** 2 + y**2) / 4.5)
        for name, power in (("gaussian_focal", beta), ("beta_0", 0.0)):
            alarms = -((1 - bell) ** power) * p**alpha * np.log1p(-p)
            alarms[12, 12] = 0
            centre = -((1 - p[12, 12]) ** alpha) * math.log(p[12, 12])
            near(slots[f"map.{name}.centre"][step], centre)
            near(slots[f"map.{name}.others"][step], alarms.sum(), 1e-3, 1e-6)
            near(slots[f"map.{name}.loss"][step], centre + alarms.sum(), 1e-3)


def test_the_notice_and_the_why_hold_their_numbers() -> None:
    first, (notice, _) = film(LABELS).slots, words(LABELS.key)
    assert f"by {first['soft.iou'][0]:.3f}, and the detector says {first['soft.score'][0]:g}" in notice
    assert first["soft.focal_binary.slope"][0] < 0 < first["soft.quality_focal.slope"][0]
    assert expit(first["soft.logit"][0]) == pytest.approx(0.9)


TOLD = {
    "A good box": ["soft.iou", "soft.quality_focal.slope"],
    "Half a box, and sure": [
        "soft.iou", "soft.focal_binary.loss", "soft.quality_focal.loss", "soft.quality_focal.slope",
    ],
    "The score tells the overlap": ["soft.iou", "soft.quality_focal.loss", "soft.bce_with_logits.loss"],
    "An edge between two bins": ["edge.off", "edge.loss"],
    "Half each, and not 0": ["edge.left", "edge.loss"],
    "Sure of the wrong place": ["edge.off", "edge.loss"],
    "A centre 2 px off": ["map.gaussian_focal.others", "map.beta_0.others", "map.beta_0.centre"],
    "Far off": ["map.gaussian_focal.others", "map.beta_0.others"],
    "Forgiven too far": ["map.gaussian_focal.others", "map.gaussian_focal.centre"],
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_the_presets_hold_their_numbers(name: str) -> None:
    slots, shows = preset(LABELS, name)
    said = {short(abs(slots[slot][0])) for slot in TOLD[name]}
    assert all(number in shows for number in said), said
    assert set(re.findall(r"\d+\.\d{3}", shows)) <= said
