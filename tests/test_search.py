"""Search: what people type, with a few records of known words and with all that are declared."""

import random
import string

import pytest
from torch import Tensor

import losscore
from losscore import registry
from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Values
from losscore.record import Loss
from losscore.search import search


def _declare(key: str, title: str, insight: str, *, family: str = "regression", **card: object) -> Loss:
    def cost(pred: Values, target: Values) -> Tensor:
        return pred - target

    cost.__name__ = key
    card = {"title": title, "family": family, "insight": insight, "source": "", "claims": Claims()} | card
    return loss(formula="r", **card)(cost)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_records", {})
    _declare("old_dice", "Dice, squared", "Squares below.", family="segmentation", variant_of="dice", aliases=("Cone",))
    _declare("log_dice", "Log-cosh of Dice", "Flat where no error is left.", family="segmentation")
    _declare("mse", "Mean squared error", "One far point outvotes many.", aliases=("MSE", "L2 loss"))
    _declare("mae", "Mean absolute error", "The median wins.", aliases=("MAE", "L1 loss"))
    _declare("pseudo_huber", "Pseudo-Huber", "A smooth bowl that becomes a cone.")
    _declare("huber", "Huber", "A bowl; an outlier pulls no harder than delta.")
    _declare("smooth_l1", "Smooth L1", "Huber, scaled.")
    _declare("dice", "Dice", "Does not see true negatives.", family="segmentation", aliases=("Sørensen", "F1"))
    _declare("ranking_hinge", "Lovász extension of the hinge", "Ranks the pixels.", family="segmentation")
    _declare("urn", "Pólya tree", "Splits and splits again.", family="distributions", claims=Claims(robust=True))
    _declare("giou", "Generalised overlap", "Boxes that part.", family="boxes", claims=Claims(imbalance=True))


def _keys(text: str, limit: int = 8) -> list[str]:
    return [record.key for record in search(text, limit)]


@pytest.mark.usefixtures("shelf")
class TestKnownShelf:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("dice", ["dice", "log_dice", "old_dice"]),
            ("DICE loss!", ["dice", "log_dice", "old_dice"]),
            ("dic", ["dice", "log_dice", "old_dice"]),
            ("dice squared", ["old_dice"]),
            ("MSE", ["mse"]),
            ("l1", ["mae", "smooth_l1"]),
            ("L-1", ["mae"]),
            ("smoothl1", ["smooth_l1"]),
            ("mean", ["mse", "mae"]),
            ("error absolute", ["mae"]),
            ("hubr", ["huber", "pseudo_huber", "smooth_l1"]),
            ("pseudohuber", ["pseudo_huber"]),
            ("psuedo huber", ["pseudo_huber"]),
            ("lovasz", ["ranking_hinge"]),
            ("LOVÁSZ", ["ranking_hinge"]),
            ("tree polya", ["urn"]),
            ("error", ["mse", "mae", "log_dice"]),
            ("cone", ["old_dice", "pseudo_huber"]),
            ("f1", ["dice"]),
            ("iou", ["giou"]),
            ("outlier", ["huber", "urn"]),
            ("outliers", ["huber", "urn"]),
            ("outleir", ["huber", "urn"]),
            ("dise", ["dice", "log_dice", "old_dice"]),
            ("dcie", ["dice", "log_dice", "old_dice"]),
            ("coen", ["pseudo_huber", "old_dice"]),
            ("boxes", ["giou"]),
            ("bowls", ["pseudo_huber", "huber"]),
            ("medians", ["mae"]),
            ("rare class", ["giou"]),
            ("class imbalance", ["giou"]),
            ("robust against outliers", ["urn"]),
            ("median", ["mae"]),
            ("segmentation", ["log_dice", "dice", "ranking_hinge", "old_dice"]),
            ("segmentaton", ["log_dice", "dice", "ranking_hinge", "old_dice"]),
            ("zebra", []),
            ("dice zebra", []),
            ("", []),
            (" \t ", []),
            ("?!", []),
        ],
    )
    def test_finds(self, typed: str, found: list[str]) -> None:
        assert _keys(typed) == found

    def test_a_name_in_full_comes_before_one_that_contains_it(self) -> None:
        assert _keys("huber")[:2] == ["huber", "pseudo_huber"]

    @pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (0, 0), (-1, 0)])
    def test_limit(self, limit: int, count: int) -> None:
        assert len(search("regression", limit)) == count

    def test_only_the_first_eighty_characters_count(self) -> None:
        assert _keys("dice" + " " * 76 + "zebra") == ["dice", "log_dice", "old_dice"]
        assert _keys("dice" + " " * 70 + "zebra") == []

    def test_any_text_gives_a_list(self) -> None:
        rng = random.Random(0)
        signs = string.printable + "äßøλ\x00\u202e\U0001f600"
        for length in [1, 2, 5, 20, 10_000] * 10:
            assert len(search("".join(rng.choices(signs, k=length)))) <= 8


@pytest.mark.parametrize("record", losscore.losses(), ids=lambda record: record.key)
def test_every_name_finds_its_loss_among_the_first(record: Loss) -> None:
    assert search(record.key)[0] is record
    for name in (record.title, *record.aliases):
        namesakes = sum(name in (other.title, *other.aliases) for other in losscore.losses())
        assert record in search(name, max(8, namesakes)), name


@pytest.mark.parametrize(
    ("typed", "claim"),
    [("class imbalance", "imbalance"), ("imbalanced classes", "imbalance"), ("robust to outliers", "robust")],
)
def test_what_is_claimed_is_found(typed: str, claim: str) -> None:
    assert any(getattr(record.claims, claim) for record in search(typed))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dise", "dice"), ("outliers", "huber"), ("boundary", "boundary_loss"), ("hubers", "huber"),
        ("hausdorf", "hausdorff_dt"), ("jacard", "jaccard"), ("medians", "mae"),
    ],
)  # fmt: skip
def test_slips_and_plurals_of_what_people_type(typed: str, meant: str) -> None:
    assert meant in [record.key for record in search(typed)]


@pytest.mark.parametrize("typed", ["zebra", "book", "lamp", "tomato", "hello"])
def test_what_means_no_loss_finds_none(typed: str) -> None:
    assert search(typed) == []
