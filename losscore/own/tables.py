"""What somebody brings: a table of targets and predictions, or a picture of a mask; bounded, and read with care."""

import csv
import io
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

MOST_BYTES = 2_000_000
MOST_ROWS, MOST_CLASSES, MOST_SIDE = 20_000, 100, 512

Task = Literal["values", "logit", "probability", "classes"]
_TARGETS = ("target", "truth", "true", "y", "y_true", "label", "actual")
_PREDICTIONS: dict[str, Task] = {
    **dict.fromkeys(("pred", "prediction", "predicted", "y_pred", "yhat", "forecast"), "values"),
    **dict.fromkeys(("logit", "score"), "logit"),
    **dict.fromkeys(("probability", "prob", "p"), "probability"),
}  # fmt: skip


class Unreadable(ValueError):
    """A file that cannot be taken, with a sentence that says where and why."""


@dataclass(frozen=True)
class Table:
    """N rows of a file: target (N,); pred (N,), or (N, C) logits of "classes"; lines (N,), their places in the file."""

    task: Task
    pred: Tensor
    target: Tensor
    lines: Tensor


def read_table(data: bytes) -> Table:
    """A CSV with a head row: a target, and a prediction, a logit, a probability, or columns logit_0, logit_1, ...

    Separated by commas, semicolons (then a comma may be the decimal sign) or tabs. Targets of logits and probabilities
    are 0 or 1, those of classes whole numbers from 0. Raises Unreadable, naming row and column.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} are taken.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is no text in UTF-8; save the table as CSV (UTF-8).") from None
    first = text.split("\n", 1)[0]
    comma = max(",;\t", key=first.count)
    rows = _rows(text, comma)
    if not rows:
        raise Unreadable("The file is empty.")
    names = [name.strip().lower() for name in rows[0][1]]
    targets = [at for at, name in enumerate(names) if name in _TARGETS]
    if len(targets) != 1:
        raise Unreadable(f"One column must be called target; the first row says: {', '.join(names)[:200]}.")
    task, columns = _predictions(names)
    body = rows[1:]
    if not body:
        raise Unreadable("There is no row under the names of the columns.")
    if len(body) > MOST_ROWS:
        raise Unreadable(f"The file has {len(body):,} rows; at most {MOST_ROWS:,} are taken.")
    wanted = [*targets, *columns]
    numbers = [[_number(cells, at, line, names, decimal=comma == ";") for at in wanted] for line, cells in body]
    table = torch.tensor(numbers, dtype=torch.float64)
    lines = torch.tensor([line for line, _ in body])
    _check(task, table, lines, names, wanted)
    pred = table[:, 1:] if task == "classes" else table[:, 1]
    return Table(task, pred, table[:, 0].long() if task == "classes" else table[:, 0], lines)


def read_mask(data: bytes, what: str) -> Tensor:
    """A picture as shares from 0 (black) to 1 (white), (H, W) float64. `what` is its name in messages.

    Raises Unreadable for what is no picture or larger than MOST_SIDE pixels a side.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The {what} has {len(data):,} bytes; at most {MOST_BYTES:,} are taken.")
    try:
        picture = Image.open(io.BytesIO(data))
        if max(picture.size) > MOST_SIDE:
            wide, high = picture.size
            raise Unreadable(f"The {what} is {wide} by {high} pixels; at most {MOST_SIDE} a side are taken.")
        grey = np.asarray(picture.convert("L"), dtype=np.float64) / 255
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise Unreadable(f"The {what} is no picture that can be read; PNG and JPEG are.") from None
    return torch.from_numpy(grey)


def _rows(text: str, comma: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that is not blank."""
    try:
        reader = csv.reader(io.StringIO(text), delimiter=comma, strict=True)
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}.") from None


def _predictions(names: list[str]) -> tuple[Task, list[int]]:
    """What is predicted, and the columns that hold it."""
    classes = [at for at, name in enumerate(names) if name.startswith(("logit_", "class_"))]
    if len(classes) > MOST_CLASSES:
        raise Unreadable(f"The table has {len(classes)} classes; at most {MOST_CLASSES} are taken.")
    if len(classes) > 1:
        return "classes", classes
    found = [(at, _PREDICTIONS[name]) for at, name in enumerate(names) if name in _PREDICTIONS]
    if len(found) != 1:
        raise Unreadable(
            "Beside the target there must be one column called prediction, logit or probability, or several called "
            f"logit_0, logit_1 and so on; the first row says: {', '.join(names)[:200]}."
        )
    return found[0][1], [found[0][0]]


def _number(cells: list[str], at: int, line: int, names: list[str], *, decimal: bool) -> float:
    if at >= len(cells) or not cells[at].strip():
        raise Unreadable(f"Row {line}, column {names[at]}: there is no number.")
    text = cells[at].strip()
    try:
        number = float(text.replace(",", ".") if decimal else text)
    except ValueError:
        raise Unreadable(f"Row {line}, column {names[at]}: “{text[:40]}” is no number.") from None
    if not math.isfinite(number) or abs(number) > 1e12:
        raise Unreadable(f"Row {line}, column {names[at]}: “{text[:40]}” is no number up to 10¹².")
    return number


def _check(task: Task, table: Tensor, lines: Tensor, names: list[str], wanted: list[int]) -> None:
    """Targets and probabilities that make sense for the task."""

    def refuse(bad: Tensor, column: int, accepted: str) -> None:
        if bad.any():
            row = int(bad.nonzero()[0, 0])
            found = f"Row {lines[row]}, column {names[wanted[column]]}: {table[row, column]:g} is not accepted here"
            raise Unreadable(f"{found}; {accepted}.")

    target = table[:, 0]
    if task in ("logit", "probability"):
        refuse((target != 0) & (target != 1), 0, "the target of a logit or a probability is 0 or 1")
    if task == "probability":
        refuse((table[:, 1] < 0) | (table[:, 1] > 1), 1, "a probability lies between 0 and 1")
    if task == "classes":
        last = table.shape[1] - 2
        refuse((target != target.round()) | (target < 0) | (target > last), 0, f"classes go from 0 to {last}")
