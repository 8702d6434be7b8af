"""What a visitor brings: read with care, refused by row and column, and shared out among its rows and pixels."""

import io

import numpy as np
import pytest
import torch
from hands import opened, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import (
    f1_score,
    hinge_loss,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    mean_squared_log_error,
)

from losscore.explore.owned import Owned, half_of, own_pixels, own_rows
from losscore.own.tables import MOST_BYTES, MOST_ROWS, MOST_SIDE, Table, Unreadable, read_mask, read_table
from losscore.scenes.brought import SLIPPED, example_masks, example_table

RNG = np.random.default_rng(0)
NOISE = RNG.integers(0, 256, (40, 40)).astype(np.uint8)


def written(head: str, *columns: np.ndarray, comma: str = ",") -> bytes:
    rows = [head, *(comma.join(f"{number:.9g}" for number in row) for row in zip(*columns, strict=True))]
    return "\n".join(rows).encode()


def by_key(owned: list[Owned]) -> dict[str, Owned]:
    return {one.loss.key: one for one in owned}


def png(mask: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(mask).save(file, "PNG")
    return file.getvalue()


class TestTables:
    def test_numbers_come_out_as_they_went_in(self) -> None:
        pred, target = RNG.normal(size=(2, 40))
        table = read_table(written("id,Prediction,Target", np.arange(40), pred, target))
        np.testing.assert_allclose(table.pred, pred, rtol=1e-8)
        np.testing.assert_allclose(table.target, target, rtol=1e-8)
        assert (table.task, table.lines.tolist()) == ("values", list(range(2, 42)))

    def test_commas_semicolons_tabs_blanks_and_marks(self) -> None:
        for data in ("y;pred\n1,5;2\n\n2;1\n", "\ufeffy\tpred\n1.5\t2\n2\t1", 'y,pred\r\n"1.5", 2\r\n2,1\r\n'):
            table = read_table(data.encode())
            assert (table.target.tolist(), table.pred.tolist()) == ([1.5, 2.0], [2.0, 1.0])

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"pred,guess\n1,2", "called target"),
            (b"target,truth,pred\n1,1,1", "must be called target"), (b"target,guess\n1,2", "prediction, logit"),
            (b"target,pred,logit\n1,2,3", "prediction, logit"), (b"target,pred\n", "no row"),
            (b"target,pred\n1,2\n3,x", "Row 3, column pred: “x” is no number"),
            (b"target,pred\n1,2\n\n3", "Row 4, column pred: there is no number"),
            (b"target,pred\nnan,2", "Row 2, column target"), (b"target,pred\n1,inf", "Row 2, column pred"),
            (b"target,pred\n1,1e300", "10"), (b"target,prob\n1,0.5\n0,1.5", "Row 3, column prob: 1.5"),
            (b"target,logit\n2,0.5", "Row 2, column target: 2"), (b"target,logit_0,logit_1\n2,0,0", "from 0 to 1"),
            (b"target,logit_0,logit_1\n0.5,0,0", "Row 2, column target: 0.5"), (b'target,pred\n"1,2', "cannot be read"),
            (b"target," + b",".join(b"logit_%d" % n for n in range(101)), "at most 100"),
            (b"target,pred\n" + b"1,2\n" * (MOST_ROWS + 1), "at most 20,000"), (b"a" * (MOST_BYTES + 1), "bytes"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_taken_is_said_with_its_place(self, data: bytes, says: str) -> None:
        with pytest.raises(Unreadable) as refused:
            read_table(data)
        assert says in str(refused.value)
        assert len(str(refused.value)) < 400

    @settings(max_examples=200, deadline=None)
    @given(data=st.binary(max_size=80) | st.text('target,pred;\n1230.e-x"\t', max_size=80).map(str.encode))
    def test_any_file_is_a_table_or_a_sentence(self, data: bytes) -> None:
        try:
            read: Table | str = read_table(data)
        except Unreadable as refused:
            read = str(refused)
        assert read.endswith(".") if isinstance(read, str) else len(read.pred) == len(read.lines)


class TestRows:
    def test_values_are_those_of_another_library(self) -> None:
        pred, target = RNG.gamma(2.0, size=(2, 60))
        owned = by_key(own_rows(read_table(written("pred,target", pred, target))))
        assert owned["mse"].value == pytest.approx(mean_squared_error(target, pred), rel=1e-6)
        assert owned["mae"].value == pytest.approx(mean_absolute_error(target, pred), rel=1e-6)
        assert owned["msle"].value == pytest.approx(mean_squared_log_error(target, pred), rel=1e-6)
        assert owned["mse"].shares is not None
        np.testing.assert_allclose(owned["mse"].shares, (pred - target) ** 2 / ((pred - target) ** 2).sum(), rtol=1e-5)

    def test_so_are_those_of_two_classes(self) -> None:
        logit, target = RNG.normal(size=50), RNG.integers(0, 2, 50)
        p = 1 / (1 + np.exp(-logit))
        for name, column in (("logit", logit), ("probability", p)):
            owned = by_key(own_rows(read_table(written(f"target,{name}", target, column))))
            assert owned["bce_with_logits"].value == pytest.approx(log_loss(target, p), rel=1e-5)
            assert owned["bce_probs"].value == pytest.approx(log_loss(target, p), rel=1e-5)
            assert owned["hinge"].value == pytest.approx(hinge_loss(2 * target - 1, logit), rel=1e-5)
            pulls = owned["bce_with_logits"].pulls
            assert pulls is not None
            np.testing.assert_allclose(pulls, np.abs(p - target) / np.abs(p - target).sum(), rtol=1e-5)

    def test_and_of_many(self) -> None:
        logits, target = RNG.normal(size=(4, 50)), RNG.integers(0, 4, 50)
        owned = by_key(own_rows(read_table(written("target,logit_0,logit_1,logit_2,logit_3", target, *logits))))
        p = np.exp(logits.T) / np.exp(logits.T).sum(1, keepdims=True)
        for key in ("cross_entropy", "weighted_cross_entropy"):
            assert owned[key].value == pytest.approx(log_loss(target, p, labels=range(4)), rel=1e-5)
        assert owned["zero_one_multiclass"].value == pytest.approx(np.mean(p.argmax(1) != target))
        pulls, apart = owned["cross_entropy"].pulls, np.linalg.norm(p - np.eye(4)[target], axis=1)
        assert pulls is not None
        np.testing.assert_allclose(pulls, apart / apart.sum(), rtol=1e-5)

    def test_a_loss_that_does_not_take_these_numbers_says_why(self) -> None:
        owned = by_key(own_rows(read_table(b"target,pred\n1,-3\n2,2")))
        assert "(-1, inf)" in owned["msle"].refused
        assert np.isnan(owned["msle"].value)
        assert not owned["mse"].refused

    def test_the_example_is_as_it_is_told(self) -> None:
        table = example_table()
        owned = by_key(own_rows(table))
        for key, share, pull in (("mse", 0.97, 0.41), ("huber", 0.66, 0.02), ("tukey_biweight", None, 0.0)):
            shares, pulls = owned[key].shares, owned[key].pulls
            assert shares is not None
            assert pulls is not None
            assert share is None or float(shares[SLIPPED]) == pytest.approx(share, abs=0.005)
            assert float(pulls[SLIPPED]) == pytest.approx(pull, abs=0.006)
        assert table.lines[SLIPPED] == 50

    def test_half_of_a_whole(self) -> None:
        assert half_of(torch.tensor([0.6, 0.1, 0.1, 0.2])) == 0.25
        assert half_of(torch.full((4,), 0.25)) == 0.5


class TestMasks:
    def test_values_are_those_of_another_library(self) -> None:
        truth = RNG.integers(0, 2, (24, 30)).astype(bool)
        grey = RNG.integers(0, 256, (24, 30)).astype(np.uint8)
        pred = read_mask(png(grey), "predicted mask")
        np.testing.assert_array_equal(pred, grey / 255)
        owned, metrics = own_pixels(pred, torch.from_numpy(truth).double())
        assert by_key(metrics)["metric_dice"].value == pytest.approx(f1_score(truth.ravel(), grey.ravel() >= 128))
        assert {"dice", "tversky", "lovasz_hinge", "hausdorff_dt"} <= by_key(owned).keys()
        for one in owned:
            assert np.isfinite(one.value)
            assert one.pulls is None or float(one.pulls.sum()) == pytest.approx(1)

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "no picture"), (b"\x89PNG\r\n\x1a\n broken", "no picture"), (b"a" * (MOST_BYTES + 1), "bytes"),
            (png(np.zeros((4, MOST_SIDE + 1), np.uint8)), "513 by 4"), (png(NOISE)[:900], "no picture"),
        ],
    )  # fmt: skip
    def test_what_is_no_mask_is_said(self, data: bytes, says: str) -> None:
        with pytest.raises(Unreadable, match=says):
            read_mask(data, "true mask")

    def test_two_sizes_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one size"):
            own_pixels(torch.zeros(4, 5), torch.zeros(5, 4))


def test_the_desks_open_by_link_take_files_and_say_what_is_wrong() -> None:
    at = walk(opened("own"), part="rows")
    assert not at.exception
    assert any("row 50" in text.value for text in at.markdown)
    assert at.query_params["part"] == "rows"
    uploaded = at.get("file_uploader")[0]
    uploaded.upload("mine.csv", b"target,pred\n1,2\n2,two", "text/csv").run()
    assert [warning.value for warning in at.warning] == ["Row 3, column pred: “two” is no number."]
    at.get("file_uploader")[0].upload("mine.csv", b"target,pred\n1,2\n2,2", "text/csv").run()
    assert not at.exception
    assert not at.warning
    assert not any("row 50" in text.value for text in at.markdown)
    walk(at, part="masks")
    assert not at.exception
    assert any("horse" in text.value for text in at.markdown)
    assert example_masks()[0].shape == example_masks()[1].shape
