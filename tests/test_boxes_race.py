"""Boxes of pictures, drawn cases, surfaces and races, each against a plain loop or a closed form."""

import itertools

import numpy as np
import pytest
import torch

import losscore
from losscore.explore.boxes import box_losses, box_pulls, nearest_box, offset_surface, race
from losscore.explore.detector import POSITIVE, detector_terms
from losscore.figures.box_drawing import edge_arrows
from losscore.figures.two_boxes import arrow
from losscore.scenes.anchors import coin_anchors
from losscore.scenes.boxes import OBJECTS, STARTS, box_scene, boxes_of, centred, edges, same_distance
from losscore.scenes.pictures import scene

KEYS = ("box_l1", "box_l2", "box_smooth_l1", "iou", "giou", "diou", "ciou", "eiou", "siou", "alpha_iou")
UNIT = torch.tensor([0.0, 0.0, 1.0, 1.0], dtype=torch.float64)


@pytest.mark.parametrize("key", OBJECTS)
def test_a_true_box_is_the_tightest_around_its_object(key: str) -> None:
    x1, y1, x2, y2 = (int(edge) for edge in box_scene(key).truth.tolist())
    mask = scene({"coin": "coins", "disc": "optic_disc", "lesion": "lesions"}.get(key, key)).truth.numpy() > 0.5
    inside = mask[y1:y2, x1:x2]
    for rim in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
        assert rim.any()
    frame = np.zeros_like(mask)
    frame[max(y1 - 1, 0) : y2 + 1, max(x1 - 1, 0) : x2 + 1] = True
    frame[y1:y2, x1:x2] = False
    assert not (mask & frame).any(), "the object goes on outside its box"


def test_every_coin_has_its_box() -> None:
    boxes = boxes_of(scene("coins"))
    assert boxes.shape == (4, 4)
    mask = scene("coins").truth.numpy() > 0.5
    held = np.zeros_like(mask)
    for x1, y1, x2, y2 in boxes.int().tolist():
        held[y1:y2, x1:x2] = True
    assert not (mask & ~held).any()


def test_corners_and_centres_make_the_same_box() -> None:
    left, width = torch.tensor([1.0, 4.0]), torch.tensor([2.0, 6.0])
    box = edges(left, 3.0, width, 5.0)
    assert box.tolist() == [[1, 3, 3, 8], [4, 3, 10, 8]]
    torch.testing.assert_close(centred(left + width / 2, 5.5, width, 5.0), box)
    stretched = edges(1.0, 3.0, 4.0, 6.0, torch.tensor([1.0, 4.0, 0.25]))
    torch.testing.assert_close(
        stretched, centred(3.0, 6.0, torch.tensor([4.0, 8.0, 2.0]), torch.tensor([6.0, 3.0, 12.0]))
    )


def test_unknown_scenes_are_named() -> None:
    with pytest.raises(KeyError, match="coin, horse"):
        box_scene("sheep")


def test_equal_edge_errors_and_other_overlaps() -> None:
    boxes = same_distance(torch.tensor([0.0, 4.0, 6.0]))
    errors = boxes.numpy() - np.array([0, 0, 10, 10])
    np.testing.assert_allclose(np.sqrt((errors**2).sum(-1)), [[0] * 3, [4] * 3, [6] * 3], atol=1e-12)
    shared = [64 / 136, 100 / 140, 60 / 100]
    score = 1 - losscore.get("iou")(boxes[1], torch.tensor([0.0, 0, 10, 10]).double(), reduction="none")
    np.testing.assert_allclose(score, shared, rtol=1e-12)
    assert [round(x, 3) for x in shared] == [0.471, 0.714, 0.6]


@pytest.mark.parametrize("key", KEYS)
def test_pulls_are_the_slopes_of_the_losses(key: str) -> None:
    pred = torch.tensor([[0.3, -0.4, 1.7, 0.9], [2.1, 1.2, 2.9, 3.1], [0.2, 0.25, 0.7, 0.6]], dtype=torch.float64)
    (got,) = box_pulls(pred, UNIT, [key]).values()
    step = 1e-6
    for edge in range(4):
        way = torch.zeros(4, dtype=torch.float64)
        way[edge] = step
        ahead, behind = (box_losses(pred + sign * way, UNIT, [key])[key] for sign in (1, -1))
        if key == "ciou":  # its alpha is no part of the gradient
            continue
        np.testing.assert_allclose(got[:, edge], (ahead - behind) / (2 * step), rtol=1e-5, atol=1e-7)


def test_arrows_go_downhill_and_are_absent_without_a_pull() -> None:
    push = arrow("box_l1", torch.tensor([[1.0, -0.25, 0.0, 0.0]], dtype=torch.float64), side=40.0)
    assert push[0, 0] < 0 < push[0, 1]
    assert push[0, 0].abs() == pytest.approx(2 * float(push[0, 1]))  # four times the pull
    x, y = edge_arrows(torch.tensor([[0.0, 0.0, 10.0, 20.0]], dtype=torch.float64), push, 0.5, 2.0)
    strokes = torch.stack([x, y], -1).reshape(4, 7, 2)
    assert strokes[0, 0].tolist() == [0, 10]  # on the middle of the left edge
    assert strokes[0, 1, 0] == push[0, 0]
    assert strokes[1, 1].tolist() == [5, pytest.approx(float(push[0, 1]))]
    assert strokes[2:].isnan().all()


@pytest.mark.parametrize("key", ["iou", "giou", "diou", "box_l1"])
def test_a_surface_is_the_loss_place_by_place(key: str) -> None:
    loss, truth = losscore.get(key), torch.tensor([-2.0, -2, 2, 2], dtype=torch.float64)
    dx, dy = torch.linspace(-4, 4, 7).double(), torch.linspace(-3, 5, 5).double()
    box = centred(0.0, 0.0, torch.tensor([2.0, 3.0]), 2.5)
    value, slope = offset_surface(loss, box, truth, dx, dy)
    assert value.shape == (2, 5, 7)
    step = 1e-6
    for s, j, i in itertools.product(range(2), range(5), range(7)):
        at = torch.stack([dx[i], dy[j]]).repeat(2)
        assert value[s, j, i].item() == pytest.approx(loss(box[s] + at, truth).item(), rel=1e-12)
        for axis in range(2):
            way = torch.zeros(2, dtype=torch.float64)
            way[axis] = step
            ahead, behind = (loss(box[s] + at + sign * way.repeat(2), truth).item() for sign in (1, -1))
            kinked = abs(loss(box[s] + at, truth).item() - (ahead + behind) / 2) > 1e-9
            if not kinked:
                assert slope[s, j, i, axis].item() == pytest.approx((ahead - behind) / (2 * step), abs=1e-5)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("start", STARTS)
def test_a_race_keeps_boxes_valid_and_takes_the_steps_of_its_gradient(key: str, start: str) -> None:
    loss, first = losscore.get(key), torch.tensor(STARTS[start][1], dtype=torch.float64)
    rate, steps = 0.15, 12
    path = race(loss, first, UNIT, rate, steps)
    assert path.shape == (steps + 1, 4)
    assert (path[:, 2:] >= path[:, :2]).all()
    assert path.isfinite().all()
    at = first.numpy()
    for step in range(steps):
        slope = loss.gradient(torch.tensor(at), UNIT).numpy()
        moved = at - rate * (1 - step / steps) * slope
        for low in (0, 1):
            if moved[low] > moved[low + 2]:
                moved[[low, low + 2]] = moved[[low, low + 2]].mean()
        at = moved
        np.testing.assert_allclose(path[step + 1], at, rtol=1e-9, atol=1e-12)


def test_a_race_of_two_starts_is_two_races() -> None:
    starts = torch.tensor([STARTS[key][1] for key in ("inside", "apart")], dtype=torch.float64)
    both = race(losscore.get("giou"), starts, UNIT, 0.1, 9)
    for index, start in enumerate(starts):
        torch.testing.assert_close(both[:, index], race(losscore.get("giou"), start, UNIT, 0.1, 9))


def test_crossed_edges_meet_in_the_middle() -> None:
    crossed = torch.tensor([[3.0, 0.0, 1.0, 2.0], [0.0, 5.0, 2.0, -1.0]])
    assert nearest_box(crossed).tolist() == [[2, 0, 2, 2], [0, 2, 2, 2]]
    # One step three times too long: the edges at -0.4 and 1.4 would jump to 0.8 and 0.2.
    start = torch.tensor([-0.4, 0.0, 1.4, 1.0], dtype=torch.float64)
    path = race(losscore.get("box_l2"), start, UNIT, 1.5, 1)
    torch.testing.assert_close(path[-1], torch.tensor([0.5, 0.0, 0.5, 1.0], dtype=torch.float64))


@pytest.mark.parametrize(("rate", "steps"), [(0.0, 5), (-1.0, 5), (0.1, -1)])
def test_a_race_refuses_what_makes_no_sense(rate: float, steps: int) -> None:
    with pytest.raises(ValueError, match="rate must be positive"):
        race(losscore.get("iou"), UNIT + 0.1, UNIT, rate, steps)


def test_who_starts_who_grows_and_who_goes_straight() -> None:
    first = torch.tensor(STARTS["apart"][1], dtype=torch.float64)
    paths = {key: race(losscore.get(key), first, UNIT, 0.15, 120)[:41].numpy() for key in ("iou", "giou", "diou")}
    assert np.ptp(paths["iou"], axis=0).max() == 0
    areas = {key: (path[:, 2] - path[:, 0]) * (path[:, 3] - path[:, 1]) for key, path in paths.items()}
    assert areas["giou"][20] > 1.3 * areas["diou"][20] > 2 * areas["iou"][20]
    bend = {}
    for key in ("giou", "diou"):
        centre = (paths[key][:, :2] + paths[key][:, 2:]) / 2 - 0.5
        along = centre[0] / np.hypot(*centre[0])
        bend[key] = np.abs(centre[:, 0] * along[1] - centre[:, 1] * along[0]).max()
    assert bend["diou"] == pytest.approx(0.08, abs=0.005)
    assert bend["giou"] == pytest.approx(0.35, abs=0.005)


def test_the_terms_of_a_detector_add_up_to_the_detection_sum() -> None:
    coins = coin_anchors(8)
    on = (coins.overlap >= POSITIVE).double()
    p = torch.tensor([0.2, 0.3], dtype=torch.float64)[on.long()]
    terms = detector_terms(coins, 0.2, 0.3, 5.0, gamma=1.5)
    nothing = torch.zeros(len(on), 4, dtype=torch.float64)
    for name, gamma, alpha, factor in (("modern", 1.5, 0.25, 1.0), ("plain", 0.0, 0.5, 2.0)):
        want = losscore.get("retinanet_sum")(torch.logit(p), on, nothing, nothing, on, gamma=gamma, alpha=alpha)
        got = terms[name]["background"] + terms[name]["object"]
        assert got.item() == pytest.approx(factor * want.item(), rel=1e-9)
    assert terms["plain"]["box"].item() == pytest.approx(25)  # px²: each coordinate is 5 px off
    assert 0 < terms["modern"]["box"].item() < 2


def test_anchors_know_the_coin_that_they_overlap_most() -> None:
    coins = coin_anchors(16)
    for anchor, owner, overlap in zip(coins.anchors, coins.owner, coins.overlap, strict=True):
        scores = [1 - losscore.get("iou")(anchor, truth).item() for truth in coins.truth]
        assert max(scores) == pytest.approx(overlap.item(), abs=1e-12)
        assert scores[owner] == pytest.approx(max(scores))
    eight = coin_anchors(8)
    assert {int(owner) for owner in eight.owner[eight.overlap >= POSITIVE]} == {0, 1, 2, 3}
