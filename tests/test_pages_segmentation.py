"""The segmentation page: its films hold losscore's numbers, its lessons' numbers are true, no link breaks it."""

import base64
import io
import re
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hands import preset
from PIL import Image
from shown import claimed

import losscore
from losscore.figures.film import Film
from losscore.figures.mask_overlay import PALETTE, outline, shades
from losscore.figures.pixel_push import PUSH
from losscore.scenes.cases import case
from losscore.scenes.edits import EDITS, predict
from losscore.scenes.pictures import label_scene, scene
from pages.segmentation import PARTS
from pages.segmentation_masks import LABELS
from pages.ui.controls import Choice, Values, read
from pages.ui.presets import presets_of
from pages.ui.views import View

ROOT = Path(__file__).parents[1]
VIEWS = {part.key: part.view for part in PARTS}
FIRST = {key: read(view.controls, {})[0] for key, view in VIEWS.items()}


def film_of(key: str, slider: str = "", **changed: Any) -> tuple[Film, int]:
    """A part's film over one slider, and the step at which that slider stands."""
    view, values = VIEWS[key], FIRST[key] | changed
    swept = slider or view.first(values)
    steps = view.sliders[swept].values
    return view.film(values | {swept: torch.tensor(steps)}), steps.index(values[swept])


def slot(key: str, name: str, **changed: Any) -> float:
    film, step = film_of(key, **changed)
    return float(film.slots[name][step])


def edits(values: Values) -> Values:
    return {name: values[name] for name in EDITS}


# Films


@pytest.mark.parametrize("slider", ["shift_x", "rotation", "softness", "confidence", "blobs"])
def test_bars_are_the_losses_of_each_step(slider: str) -> None:
    film, _ = film_of("overlap", slider)
    steps, truth = VIEWS["overlap"].sliders[slider].values, scene("coins").truth
    for step in (0, len(steps) // 3, len(steps) - 1):
        one = predict(truth, **(edits(FIRST["overlap"]) | {slider: steps[step]}))
        p, z = one.probability[0], one.logits[0]
        two = torch.stack([torch.zeros_like(z), z])
        label = truth.long()
        want = {
            "pixel_cross_entropy": losscore.get("pixel_cross_entropy")(two, label),
            "pixel_weighted_ce": losscore.get("pixel_cross_entropy")(two, label, weight=[1.0, 10.0]),
            "lovasz_hinge": losscore.get("lovasz_hinge")(z, truth),
            "bce_jaccard": losscore.get("bce_jaccard")(z, truth),
        } | {
            key: losscore.get(key)(p, truth)
            for key in (
                "dice",
                "jaccard",
                "tversky",
                "focal_tversky",
                "boundary_loss",
                "hausdorff_dt",
                "combo_bce_dice",
            )
        }
        assert want.keys() | {"focal_binary"} >= LABELS.keys()
        for key, value in want.items():
            assert film.slots[f"overlap.{key}"][step] == pytest.approx(value.item(), rel=1e-4, abs=1e-6), key


def test_scores_follow_the_threshold_and_losses_do_not() -> None:
    film, _ = film_of("overlap", "threshold")
    at = VIEWS["overlap"].sliders["threshold"].values
    p = predict(scene("coins").truth, **edits(FIRST["overlap"])).probability[0].numpy()
    truth = scene("coins").truth.numpy() > 0.5
    for step in (0, len(at) // 2, len(at) - 4):
        said = p > np.float32(at[step])
        hits = (said & truth).sum()
        assert film.slots["overlap.metric_precision"][step] == pytest.approx(hits / said.sum(), rel=1e-5)
        assert film.slots["overlap.metric_recall"][step] == pytest.approx(hits / truth.sum(), rel=1e-5)
        assert film.slots["overlap.metric_accuracy"][step] == pytest.approx((said == truth).mean(), rel=1e-5)
    assert np.ptp(film.slots["overlap.dice"]) == 0


def test_the_pushed_picture_shows_the_gradient() -> None:
    film, step = film_of("push", "shift_x")
    truth = scene("coins").truth
    z = predict(truth, **edits(FIRST["push"])).logits[0].requires_grad_()
    p = torch.sigmoid(z)
    (1 - 2 * (p * truth).sum() / (p.sum() + truth.sum())).backward()
    assert z.grad is not None
    pull = z.grad.abs()
    assert film.slots["push.dice.total"][step] == pytest.approx(pull.sum().item(), rel=1e-4)
    assert film.slots["push.dice.largest"][step] == pytest.approx(pull.max().item(), rel=1e-4)
    assert film.slots["push.dice.object"][step] == pytest.approx(
        (pull * truth).sum().item() / pull.sum().item(), rel=1e-4
    )
    source = film.reel()["images"][2]["sources"][step]
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))))
    # Blue entries of the palette stand before the empty one, vermilion ones behind it.
    assert PUSH[0][2] > PUSH[0][0]
    assert PUSH[-1][0] > PUSH[-1][2]
    strong = pull > 0.05 * pull.max()
    assert (shown[(strong & (z.grad < 0)).numpy()] < 7).all()
    assert (shown[(strong & (z.grad > 0)).numpy()] > 7).all()


@pytest.mark.parametrize(("slider", "step"), [("mixed", 3), ("shift_x", 12), ("confidence", 9)])
def test_class_losses_agree_with_one_prediction_made_by_hand(slider: str, step: int) -> None:
    film, _ = film_of("classes", slider)
    values = FIRST["classes"] | {slider: VIEWS["classes"].sliders[slider].values[step]}
    labels = label_scene("coins").labels
    moved = {name: values[name] for name in ("shift_x", "shift_y", "softness", "confidence")}
    ground = -predict((labels > 0).float(), **moved).logits[0]
    small, large = (predict((labels == k).float(), **moved).logits[0] for k in (1, 2))
    m = values["mixed"]
    logits = torch.stack(
        [
            ground,
            (1 - m) * small + m * torch.minimum(small, large),
            (1 - m) * large + m * torch.maximum(small, large),
        ]
    )
    for key in ("pixel_cross_entropy", "generalized_dice", "lovasz_softmax", "cross_entropy_iou_2d"):
        want = losscore.get(key)(logits, labels).item()
        assert film.slots[f"classes.{key}"][step] == pytest.approx(want, rel=1e-4), key
    right = (logits.argmax(0) == labels).float().mean().item()
    assert film.slots["classes.right"][step] == pytest.approx(right, rel=1e-5)


# The overlay


def test_every_outcome_has_shades_of_its_own_and_patterns_tell_the_errors_apart() -> None:
    truth = torch.zeros(32, 32)
    truth[:, :16] = 1
    p = torch.full((1, 32, 32), 0.03)
    p[:, :16, 8:24] = 0.97
    p[:, 16:, 8:24] = 0.6
    index = shades(p, truth)[0]
    hit, alarm = truth.bool() & (p[0] > 0.5), ~truth.bool() & (p[0] > 0.5)
    miss, rest = truth.bool() & (p[0] < 0.5), ~truth.bool() & (p[0] < 0.5)
    found = [set(index[where].tolist()) for where in (rest, hit, alarm, miss)]
    assert found == [{0}, {2, 3}, {4, 5, 6, 7}, {10, 11}]
    assert max(map(max, found)) < len(PALETTE) <= 16
    # Stripes run along the diagonal; the chequer does not.
    stripes, chequer = index[:16, 16:24], index[16:, :8]
    assert (stripes[1:, :-1] == stripes[:-1, 1:]).all()
    assert not (chequer[1:, :-1] == chequer[:-1, 1:]).all()


def test_an_outline_is_every_edge_between_inside_and_outside() -> None:
    mask = (torch.rand(9, 13, generator=torch.Generator().manual_seed(3)) > 0.5).float()
    x, y = (line.reshape(-1, 3).numpy() for line in outline(mask))
    assert np.isnan(x[:, 2]).all()
    length = np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]).sum()
    framed = np.pad(mask.numpy(), 1)
    assert length == np.abs(np.diff(framed, axis=0)).sum() + np.abs(np.diff(framed, axis=1)).sum()
    cells = Counter()
    for x0, x1, y0, y1 in zip(x[:, 0], x[:, 1], y[:, 0], y[:, 1], strict=True):
        if y0 == y1:
            for column in range(int(x0), int(x1)):
                cells[int(y0), column] += 1
    assert set(cells) == {tuple(place) for place in np.argwhere(np.diff(framed, axis=0)[:, 1:-1] != 0).tolist()}


# What the lessons say


@pytest.mark.parametrize(("side", "score"), [(2, 0.5), (4, 0.75), (10, 0.9), (50, 0.98)])
def test_one_pixel_off_costs_the_small_most(side: int, score: float) -> None:
    assert slot("size", f"size.{side}.metric_dice") == pytest.approx(score, abs=1e-6)


def test_who_gets_the_gradient_of_a_one_percent_object() -> None:
    film, step = film_of("size", "object_side", size="share")
    assert film.slots["size.area"][step] == pytest.approx(0.01)
    assert film.slots["size.pixel_cross_entropy.share"][step] == pytest.approx(0.083, abs=5e-4)
    assert film.slots["size.dice.share"][step] == pytest.approx(0.524, abs=5e-4)
    assert film.slots["size.pixel_weighted_ce.share"][step] == pytest.approx(0.476, abs=5e-4)


@pytest.mark.parametrize(("side", "accuracy"), [(100, 0.995), (1000, 0.99995)])
def test_dice_does_not_see_the_size_of_the_picture(side: int, accuracy: float) -> None:
    assert slot("size", f"size.counts_{side}.metric_dice") == pytest.approx(2 / 3, abs=1e-6)
    assert slot("size", f"size.counts_{side}.metric_iou") == pytest.approx(0.5)
    assert slot("size", f"size.counts_{side}.metric_accuracy") == pytest.approx(accuracy, abs=1e-7)


@pytest.mark.parametrize(("smooth", "loss"), [(1e-5, 0.99999), (1.0, 0.5)])
def test_a_false_pixel_on_an_empty_truth_costs_what_smoothing_says(smooth: float, loss: float) -> None:
    assert slot("empty", "empty.dice.mask", smooth=smooth) == pytest.approx(loss, abs=1e-6)


@pytest.mark.parametrize("kind", ["empty_truth", "empty_prediction", "disjoint"])
@pytest.mark.parametrize("column", ["", ".mask"])
def test_the_row_of_two_losses_is_the_mean_of_its_parts(kind: str, column: str) -> None:
    film, _ = film_of("empty", "smooth", empty=kind)
    parts = [film.slots[f"empty.{name}{column}"] for name in ("pixel_cross_entropy", "dice")]
    assert film.slots[f"empty.combo_bce_dice{column}"] == pytest.approx(sum(parts) / 2, rel=1e-7)


def test_tiny_pulls_keep_their_digits() -> None:
    """With p = 0.05 on every pixel but the false one at 0.95, d Dice / d z = s p (1 - p) / (sum p + s)^2."""
    film, step = film_of("empty", "smooth", pull="dice")
    s, pixels = 1e-5, 24 * 24
    want = s * 0.05 * 0.95 / (0.05 * (pixels - 1) + 0.95 + s) ** 2
    assert film.slots["empty.dice.down"][step] == pytest.approx(want, rel=1e-6)
    assert film.slots["empty.dice.total"][step] == pytest.approx(pixels * want, rel=1e-6)


@pytest.mark.parametrize(("view", "name"), [(part.view, name) for part in PARTS for name in part.presets])
def test_the_line_of_a_preset_tells_numbers_of_its_view(view: View, name: str) -> None:
    """As it is then set, or as it was untouched."""
    told = presets_of(view)[name]
    untouched = read(view.controls, {})[0]
    frames = [view.film(values).frame(0) for values in (untouched | told.settings, untouched)]
    shown = {number for frame in frames for _, text in frame["slots"].values() for number in claimed(text)}
    assert claimed(told.shows) <= shown


@pytest.mark.parametrize(
    ("key", "name", "told"),
    [
        ("overlap", "Small lesions", "Dice score %(overlap.metric_dice).2f."),
        ("overlap", "One far speck", "the Dice score is %(overlap.metric_dice).2f"),
        ("overlap", "One far speck", "from 0 to %(overlap.metric_hd95).0f px"),
        ("empty", "Empty truth, smooth 1", "Dice loss %(empty.dice.mask).1f."),
        ("empty", "Near miss", "Dice loss %(empty.dice.mask).3f, Hausdorff-DT %(empty.hausdorff_dt.mask).3f."),
        ("empty", "Far miss", "%(empty.dice.mask).3f again. Hausdorff-DT says %(empty.hausdorff_dt.mask).2f."),
        ("shape", "No tolerance at all", "the ragged rim least, %(shape.1.metric_nsd).3f,"),
        ("classes", "Surer of the same mistake", "to %(classes.pixel_cross_entropy).3f. Generalised"),
        ("classes", "Surer of the same mistake", "to %(classes.generalized_dice).3f and Lovász"),
        ("classes", "Surer of the same mistake", "to %(classes.lovasz_softmax).3f: they"),
    ],
)
def test_the_line_of_a_preset_says_which_number_is_whose(key: str, name: str, told: str) -> None:
    slots, shows = preset(VIEWS[key], name)
    assert told % {slot: shown[0] for slot, shown in slots.items()} in shows


def test_presets_compare_with_what_they_say() -> None:
    slots, _ = preset(VIEWS["shape"], "No tolerance at all")
    assert slots["shape.1.metric_nsd"][0] == min(slots[f"shape.{n}.metric_nsd"][0] for n in range(1, 5))
    assert slots["shape.1.metric_hausdorff"][0] == 1
    surer, _ = preset(VIEWS["classes"], "Surer of the same mistake")
    for name in ("right", *(f"{k}.metric_iou" for k in range(3))):
        assert surer[f"classes.{name}"][0] == slot("classes", f"classes.{name}")
    half, _ = preset(VIEWS["size"], "One half everywhere")
    assert half["size.pixel_cross_entropy.share"][0] == pytest.approx(half["size.area"][0], rel=1e-5)
    assert slot("overlap", "overlap.metric_hd95", picture="cell", shift_x=0, shift_y=0, blobs=0) == 0


def test_presets_of_the_push_hold_their_numbers() -> None:
    slots, shows = preset(VIEWS["push"], "Small lesions")
    shares = [f"{100 * slots[f'push.{key}.object'][0]:.0f} %" for key in ("pixel_cross_entropy", "dice")]
    assert all(share in shows for share in shares), shares
    sure, shows = preset(VIEWS["push"], "Sure of itself")
    untouched = film_of("push", "shift_x")[0].slots["push.dice.total"]
    assert f"{sure['push.dice.total'][0]:.2f} in all" in shows
    step = VIEWS["push"].sliders["shift_x"].values.index(FIRST["push"]["shift_x"])
    assert f"it was {untouched[step]:.2f}" in shows
    good, _ = preset(VIEWS["push"], "A good mask")
    assert good["push.dice.wrong"][0] == good["push.pixel_cross_entropy.wrong"][0] == 0
    assert good["push.dice.total"][0] > 0.05


def test_a_preset_that_swallows_the_large_class_says_so() -> None:
    swallowed = next(preset.settings for name, preset in PARTS[5].presets.items() if "swallow" in name)
    film, step = film_of("classes", "mixed", **swallowed)
    labels = label_scene("nucleus").labels
    assert (labels == 1).sum() > 5 * (labels == 2).sum()
    assert film.slots["classes.1.metric_iou"][step] == 0
    assert film.slots["classes.2.metric_iou"][step] == pytest.approx(
        (labels == 2).sum().item() / (labels > 0).sum().item(), rel=1e-5
    )


def test_an_unsure_mask_is_perfect_once_it_is_cut() -> None:
    unsure = case("unsure")
    assert losscore.get("dice")(unsure.probability, unsure.truth).item() == pytest.approx(0.25, abs=1e-5)
    assert slot("overlap", "overlap.metric_dice", shift_x=0, shift_y=0, blobs=0, confidence=0.59) == 1
    assert slot("overlap", "overlap.dice", shift_x=0, shift_y=0, blobs=0, confidence=0.59) > 0.4


def test_two_models_that_dice_and_iou_rank_differently() -> None:
    ious = torch.tensor([[0.5, 0.5], [0.2, 0.85]], dtype=torch.float64)
    # In a picture of N pixels that are all object, a prediction of a share s of them has IoU s.
    truth = torch.ones(1, 100, dtype=torch.float64)
    pred = (torch.arange(100) < 100 * ious[..., None, None]).double()
    scores = {
        name: losscore.get(name)(pred, truth, reduction="none").mean(-1) for name in ("metric_iou", "metric_dice")
    }
    torch.testing.assert_close(scores["metric_iou"], torch.tensor([0.5, 0.525], dtype=torch.float64))
    torch.testing.assert_close(
        scores["metric_dice"], torch.tensor([0.667, 0.626], dtype=torch.float64), atol=5e-4, rtol=0
    )


def test_the_numbers_the_notices_quote() -> None:
    quoted = {
        ("overlap", "overlap.metric_accuracy"): (0.90, 0.005), ("overlap", "overlap.metric_dice"): (0.864, 5e-4),
        ("overlap", "overlap.metric_nsd"): (0.36, 0.005), ("overlap", "overlap.metric_hd95"): (11.3, 0.05),
        ("push", "push.pixel_cross_entropy.wrong"): (0.60, 0.005), ("push", "push.dice.wrong"): (0.19, 0.005),
        ("tversky", "trade.alarm.tversky"): (0.11, 0.005), ("tversky", "trade.miss.tversky"): (0.15, 0.005),
        ("tversky", "trade.alarm.dice"): (0.143, 5e-4), ("tversky", "trade.miss.dice"): (0.156, 5e-4),
        ("shape", "shape.2.metric_nsd"): (0.929, 5e-4), ("shape", "shape.3.metric_nsd"): (0.916, 5e-4),
        ("shape", "shape.4.metric_nsd"): (0.940, 5e-4),
        ("empty", "empty.dice.total"): (3.1e-7, 5e-9), ("empty", "empty.pixel_cross_entropy.total"): (0.052, 5e-4),
        ("shape", "shape.1.metric_hausdorff"): (1, 1e-6), ("shape", "shape.4.metric_hausdorff"): (54, 0.5),
        ("classes", "classes.right"): (0.80, 0.005), ("classes", "classes.1.metric_iou"): (0, 1e-9),
    }  # fmt: skip
    for (key, name), (value, digits) in quoted.items():
        assert slot(key, name) == pytest.approx(value, abs=digits), name
    assert slot("overlap", "overlap.metric_dice", blobs=0) == pytest.approx(0.871, abs=5e-4)
    assert slot("overlap", "overlap.metric_hd95", blobs=0) == pytest.approx(4.3, abs=0.05)
    assert slot("overlap", "overlap.metric_accuracy", picture="lesions", blobs=0) == pytest.approx(0.995, abs=5e-4)
    assert slot("overlap", "overlap.metric_dice", picture="lesions", blobs=0) == pytest.approx(0.09, abs=0.005)
    assert slot("empty", "empty.dice.total", smooth=1.0) == pytest.approx(0.029, abs=5e-4)
    gaps = [slot("empty", "empty.hausdorff_dt", empty="disjoint", gap=gap) for gap in (1, 30)]
    assert gaps == pytest.approx([8.0, 89], abs=0.5)
    surely = [slot("empty", "empty.hausdorff_dt.mask", empty="disjoint", gap=gap) for gap in (1, 30)]
    assert surely == pytest.approx([5.4, 95], abs=0.5)
    speck = [slot("overlap", "overlap.metric_hd95", picture="cell", shift_x=0, shift_y=0, blobs=n) for n in (0, 1)]
    assert speck == pytest.approx([0, 23], abs=0.5)
    far, near = (slot("shape", f"shape.{number}.hausdorff_dt") for number in (4, 1))
    assert far / near == pytest.approx(2, abs=0.1)


def test_equal_dice_at_every_distance_and_a_hausdorff_distance_that_falls() -> None:
    film, _ = film_of("shape", "away")
    every = np.concatenate([film.slots[f"shape.{number}.metric_dice"] for number in range(1, 5)])
    assert every == pytest.approx(every[0], abs=1e-7)
    assert (np.diff(film.slots["shape.4.metric_hausdorff"]) > 0).all()
    stored = case("equal_dice")
    want = losscore.get("metric_hausdorff")(stored.probability[3], stored.truth[3]).item()
    assert film.slots["shape.4.metric_hausdorff"][-1] == pytest.approx(want)


def test_surface_dice_forgives_the_knob_and_not_the_hole_or_the_blob() -> None:
    film, _ = film_of("shape", "tau")
    knob, hole, blob = (film.slots[f"shape.{number}.metric_nsd"][-1] for number in (3, 2, 4))
    assert knob == 1
    assert max(hole, blob) < 1


def test_tverskys_halves_are_dice_and_its_wholes_are_iou() -> None:
    film, step = film_of("tversky", "alpha", alpha=0.5, beta=0.5)
    assert film.slots["trade.tversky"][step] == pytest.approx(film.slots["trade.dice"][step], abs=1e-5)
    whole = slot("tversky", "trade.tversky", alpha=1, beta=1)
    half = film.slots["trade.dice"][step]
    assert whole == pytest.approx(2 * half / (1 + half), abs=1e-5)


def test_a_background_of_weight_zero_never_minds_a_false_alarm() -> None:
    film, _ = film_of("tversky", "grown")
    grown = np.array(VIEWS["tversky"].sliders["grown"].values)
    free = film.slots["trade.pixel_ce_zero_background"][grown >= 1]
    assert np.ptp(free) < 1e-4
    assert film.slots["trade.pixel_ce_zero_background"][0] > 1


def test_dice_does_not_tell_a_near_miss_from_a_far_one_and_distances_do() -> None:
    film, _ = film_of("empty", "gap", empty="disjoint")
    for name in ("dice", "jaccard", "pixel_cross_entropy"):
        assert np.ptp(film.slots[f"empty.{name}"]) < 1e-5
    assert (np.diff(film.slots["empty.hausdorff_dt"]) > 0).all()


def test_without_prices_no_mistake_costs_anything() -> None:
    film, _ = film_of("tversky", "grown", alpha=0.0, beta=0.0)
    assert np.ptp(film.slots["trade.tversky"]) == film.slots["trade.tversky"][0] == 0


def test_a_curve_on_its_own_scale_says_what_its_ends_stand_for() -> None:
    own: Values = {"own_scale": True, "mask_curves": ["dice", "boundary_loss"]}
    film, step = film_of("overlap", "shift_x", **own)
    html = VIEWS["overlap"].reading(FIRST["overlap"] | own)
    for key in own["mask_curves"]:
        values = film.slots[f"overlap.{key}"]
        ends = {"low": values.min(), "high": values.max()}
        for edge, want in ends.items():
            assert film.slots[f"overlap.{key}.{edge}"][step] == want
            assert f'data-slot="overlap.{key}.{edge}"' in html
        (curve,) = (trace for trace in film.figure.data if trace.name == LABELS[key])
        assert (min(curve.y), max(curve.y)) == (0, 1)


@pytest.mark.parametrize(
    ("key", "pictures"), [("push", "picture"), ("overlap", "picture"), ("classes", "class_picture")]
)
def test_the_pictures_source_and_licence_stand_under_it(key: str, pictures: str) -> None:
    view = VIEWS[key]
    (choice,) = (control for control in view.controls if control.key == pictures)
    assert isinstance(choice, Choice)
    for name in choice.options:
        shown = label_scene(name) if key == "classes" else scene(name)
        assert escape(shown.credit) in view.reading(FIRST[key] | {pictures: name})


def test_every_bar_says_where_it_is_full() -> None:
    for key in ("overlap", "classes"):
        html = VIEWS[key].reading(FIRST[key])
        bar = r'<span>([^<]*)</span>[^/]*data-bar="[^"]*" data-low="([^"]*)" data-high="([^"]*)"'
        ends = re.findall(bar, html)
        assert len(ends) == html.count('class="meter"') > 0
        assert all(float(low) == 0 for _, low, _ in ends)
        (said,) = re.findall(r"full at 1; ([^<]*)\.</p>", html)
        assert said.split(", ") == [f"{name} at {float(high):g}" for name, _, high in ends if float(high) != 1]


# The page


def test_every_part_has_its_lesson() -> None:
    from pages.ui.words import words

    for part in PARTS:
        assert part.view.key == f"segmentation/{part.key}"
        notice, why = words(part.view.key)
        assert re.search(r"\d", notice)
        assert why
