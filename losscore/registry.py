"""Every declared loss by its key, in teaching order."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from losscore.record import Loss

_records: "dict[str, Loss]" = {}


def register(record: "Loss") -> None:
    if record.key in _records:
        raise ValueError(f"two losses are declared as {record.key!r}")
    _records[record.key] = record


def get(key: str) -> "Loss":
    """The loss of that key. Raises KeyError naming the nearest keys."""
    if key in _records:
        return _records[key]
    near = get_close_matches(str(key)[:80], _records, n=3, cutoff=0.5)
    hint = f"; nearest: {', '.join(near)}" if near else f"; there are {len(_records)}, see losscore.losses()"
    raise KeyError(f"no loss {str(key)[:80]!r}{hint}")


def losses(family: str | None = None) -> "list[Loss]":
    """All losses, or those of one family, in teaching order. Raises ValueError for an unknown family."""
    if family is not None and family not in families():
        raise ValueError(f"no family {family!r}; there are: {', '.join(families())}")
    return [record for record in _records.values() if family in (None, record.family)]


def families() -> list[str]:
    """The families that have losses, in teaching order."""
    return list(dict.fromkeys(record.family for record in _records.values()))
