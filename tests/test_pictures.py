"""Scenes of pictures: each true mask is a mask, and lies where its object is seen."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage
from skimage import data, measure
from sklearn.metrics import roc_auc_score

from losscore.scenes.pictures import LABEL_SCENES, SCENES, label_scene, scene

FOLDER = Path(__file__).parents[1] / "assets" / "pictures"
# By which brightness an object stands out: +1 brighter than its ground, -1 darker, and how clearly (area under the ROC
# curve; dark vessels cross the optic disc, and the dark vessels of the retina are no lesions).
SIGHT = {
    "coins": (1, 0.97), "cell": (1, 0.99), "horse": (-1, 0.999), "optic_disc": (1, 0.88), "lesions": (-1, 0.98),
    "disc": (1, 0.99), "ring": (1, 0.99), "blobs": (1, 0.99), "pixel": (1, 0.99),
}  # fmt: skip


def green(key):
    return scene(key).picture[..., 1].numpy().astype(float)


@pytest.mark.parametrize("key", SCENES)
def test_a_scene_is_a_picture_and_its_mask(key):
    shown = scene(key)
    assert shown.key == key
    assert shown.title
    assert shown.picture.shape == (128, 128, 3)
    assert shown.picture.dtype == torch.uint8
    assert shown.truth.shape == (128, 128)
    assert shown.truth.dtype == torch.float32
    assert set(shown.truth.unique().tolist()) == {0.0, 1.0}
    frame = torch.cat([shown.truth[0], shown.truth[-1], shown.truth[:, 0], shown.truth[:, -1]])
    assert not frame.any(), "an object cut by the frame can't be shifted"
    assert ("ynthetic" in shown.title) == shown.credit.startswith("Synthetic")
    assert scene(key) is shown


@pytest.mark.parametrize("key", SCENES)
def test_the_object_is_told_apart_by_brightness(key):
    sign, clear = SIGHT[key]
    assert roc_auc_score(scene(key).truth.numpy().ravel() > 0.5, sign * green(key).ravel()) > clear


@pytest.mark.parametrize("key", SCENES)
def test_no_shift_of_the_mask_fits_the_picture_better(key):
    truth = scene(key).truth.numpy() > 0.5

    def contrast(by):
        mask = np.roll(truth, by, (0, 1))
        inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask)
        rims = [green(key)[(depth > 0) & (depth <= 4)].mean() for depth in (inside, outside)]
        return SIGHT[key][0] * (rims[0] - rims[1])

    shifts = [(0, 3), (0, -3), (3, 0), (-3, 0), (0, 6), (0, -6), (6, 0), (-6, 0)]
    assert contrast((0, 0)) > 1.1 * max(contrast(by) for by in shifts)


@pytest.mark.parametrize("key", ["coins", "cell", "horse", "disc", "ring"])
def test_the_outline_follows_the_steepest_change(key):
    steep = np.hypot(*np.gradient(green(key)))
    inside = scene(key).truth.numpy() > 0.5
    away = np.where(inside, ndimage.distance_transform_edt(inside), ndimage.distance_transform_edt(~inside))
    on, beside = steep[away < 1.5].mean(), steep[(away > 3) & (away < 5)].mean()
    assert on > 1.5 * beside


def test_counts_of_objects():
    parts = {key: measure.label(scene(key).truth.numpy()).max() for key in SCENES}
    assert parts == {
        "coins": 4, "cell": 1, "horse": 1, "optic_disc": 1, "lesions": 2, "disc": 1, "ring": 1, "blobs": 2, "pixel": 1,
    }  # fmt: skip
    assert measure.euler_number(scene("ring").truth.numpy() > 0.5) == 0
    assert scene("pixel").truth.sum() == 1
    assert scene("disc").truth.sum().item() == pytest.approx(np.pi * 24**2, rel=0.01)


def test_lesions_are_small():
    lesions = scene("lesions").truth
    assert 20 < lesions.sum() < 60
    assert lesions.mean() < 0.005


def test_the_horse_is_the_silhouette_it_was_made_from():
    area = (~data.horse()).sum() / 424**2
    assert scene("horse").truth.mean().item() == pytest.approx(area, rel=0.01)


@pytest.mark.parametrize("key", LABEL_SCENES)
def test_a_label_scene_names_every_class(key):
    shown = label_scene(key)
    assert shown.labels.dtype == torch.int64
    assert shown.picture.shape == (*shown.labels.shape, 3)
    assert shown.labels.unique().tolist() == list(range(len(shown.names)))
    assert len(shown.names) == 3


def test_coins_have_one_label_each_and_the_larger_ones_are_called_large():
    shown = label_scene("coins")
    coins = measure.label(shown.labels.numpy() > 0)
    areas = {}
    for coin in range(1, coins.max() + 1):
        (label,) = set(shown.labels.numpy()[coins == coin].tolist())
        areas.setdefault(shown.names[label], []).append(int((coins == coin).sum()))
    assert len(areas["small"]) == len(areas["large"]) == 2
    assert max(areas["small"]) < min(areas["large"])
    assert torch.equal((shown.labels > 0).float(), scene("coins").truth)


def test_the_nucleus_lies_in_the_cell_body():
    labels = label_scene("nucleus").labels.numpy()
    assert not ndimage.binary_dilation(labels == 2)[labels == 0].any()


def test_unknown_scenes_are_named():
    with pytest.raises(KeyError, match="no mask scene 'moon'; there are: coins"):
        scene("moon")
    with pytest.raises(KeyError, match="several classes 'horse'; there are: coins, nucleus"):
        label_scene("horse")


def test_files_are_small_and_their_source_is_told():
    files = list(FOLDER.glob("*.png"))
    assert sum(file.stat().st_size for file in files) <= 400_000
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip() for line in told.splitlines() if line.startswith("|")}
    for file in files:
        assert file.stem.removesuffix("_mask") in rows
