"""The HTML under a stage: numbers that move with the figure, formulas, tables.

It is made from records and validated settings; what a visitor types is escaped, and stands in `pointed` alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

from latex2mathml.converter import convert

from losscore import typeset
from losscore.figures import theme

# How long a line of three pixels is drawn and left out by turns, as Plotly does it.
_STROKES = {
    "solid": (1,), "dot": (3, 3), "dash": (9, 9), "longdash": (15, 15), "dashdot": (9, 3, 3, 3),
    "longdashdot": (15, 6, 3, 6),
}  # fmt: skip


def slot(name: str) -> str:
    """A number that the film fills; `value` carries seven digits of it."""
    return f'<data data-slot="{escape(name)}"></data>'


def meter(label: str, name: str, ink: str, low: float = 0.0, high: float = 1.0) -> str:
    """A labelled bar from low to high beside its number."""
    return (
        f'<div class="meter" style="--ink:{ink}"><span>{escape(label)}</span><span class="track"><span class="bar" '
        f'data-bar="{escape(name)}" data-low="{low}" data-high="{high}"></span></span>{slot(name)}</div>'
    )


def meters(rows: Iterable[str]) -> str:
    return f'<div class="rows">{"".join(rows)}</div>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML already."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def swatch(key: str, label: str) -> str:
    """A loss's name behind its line as it is drawn."""
    stops, end = [], 0
    for place, length in enumerate(_STROKES[theme.dash(key)]):
        start, end = end, end + length
        stops.append(f"{'transparent' if place % 2 else theme.colour(key)} {start}px {end}px")
    line = f"repeating-linear-gradient(to right,{','.join(stops)})"
    return f'<span class="swatch" style="background:{line}"></span>{escape(label)}'


def note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def pointed(said: str, text: str, place: int) -> str:
    """What is wrong with a typed text, and an arrow under the character it is about."""
    return f'{note(said)}<pre class="note">{escape(text)}\n{" " * place}↑</pre>'


def lines(program: str) -> str:
    """A program, folded away."""
    return f"<details><summary>The lines in PyTorch</summary><pre><code>{escape(program)}</code></pre></details>"


@lru_cache(maxsize=512)
def formula(latex: str, slots: tuple[tuple[str, str], ...] = ()) -> str:
    """LaTeX as MathML; `slots` pairs a placeholder, written \\text{@name} in the LaTeX, with the slot that fills it."""
    written = convert(latex)
    for placeholder, name in slots:
        number = f'<mn data-slot="{escape(name)}">{placeholder}</mn>'
        written = written.replace(f"<mtext>@{placeholder}</mtext>", number)
    return f'<div class="formula" tabindex="0">{written}</div>'


def worked(formula_text: str, slots: Mapping[str, str], result: str) -> str:
    """SymPy text with a slot's number in the place of each symbol, and the slot of what it comes to."""
    places = {**slots, "value": result}
    written = typeset.latex(formula_text, {name: rf"\text{{@{name}}}" for name in slots}) + r" = \text{@value}"
    return formula(written, tuple(places.items()))


def labels(html: str) -> dict[str, str]:
    """slot -> what stands beside its number: a row and a column of a table, or the label of a bar."""
    found = _Labels()
    found.feed(html)
    return found.labels


class _Labels(HTMLParser):
    """Reads the head of each column and row on its way to the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: dict[str, str] = {}
        self._head: list[str] = []
        self._texts: list[str] = []  # of the row's cells, or of a bar's parts, so far
        self._in_head = self._is_bar = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "thead":
            self._head, self._in_head = [], True
        if tag == "tr" or given.get("class") == "meter":
            self._texts, self._is_bar = [], tag != "tr"
        if tag in ("th", "td", "span") and given.get("class") != "swatch":
            self._texts.append("")
        column = len(self._texts) - 1
        if tag == "data" and self._texts and not (self._head and column == 0):  # a number in a row's head names itself
            parts = (self._texts[0], self._head[column] if column < len(self._head) else "")
            self.labels[given["data-slot"] or ""] = ": ".join(" ".join(part.split()) for part in parts if part)
            if self._is_bar:  # its one number
                self._texts = []

    def handle_data(self, data: str) -> None:
        if self._texts:
            self._texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self._in_head:
            self._head = self._texts
        if tag in ("tr", "table"):
            self._texts = []
        if tag == "thead":
            self._in_head = False
        if tag == "table":
            self._head = []
