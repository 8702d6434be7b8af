"""A row of the table: what was measured, and the bound it has to keep."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """`value` must be at most `bound`, or at least it with `least`; a row without a bound only tells."""

    what: str
    value: float
    unit: str = ""
    bound: float | None = None
    least: bool = False
    note: str = ""

    def line(self) -> str:
        """The row in Markdown."""
        if self.bound is None:
            return f"| {self.what} | {self.value:.3g}{self.unit} | | | {self.note} |"
        met = self.value >= self.bound if self.least else self.value <= self.bound
        wanted = f"{'at least' if self.least else 'at most'} {self.bound:g}{self.unit}"
        kept = "met" if met else "**missed**"
        return f"| {self.what} | {self.value:.3g}{self.unit} | {wanted} | {kept} | {self.note} |"


def ratio(ours: list[float], plain: list[float]) -> float:
    return median(ours) / median(plain)


def times(values: list[float]) -> str:
    """Median and spread of durations in ms."""
    return f"{median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"
