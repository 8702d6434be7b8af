"""The HTML under a stage: numbers that move with the figure, formulas, tables.

It is made from records and validated settings, never from what a visitor types.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

from losscore.figures import theme


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
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def swatch(key: str, label: str) -> str:
    """A loss's name behind its line as it is drawn."""
    style = {"solid": "solid", "dot": "dotted"}.get(theme.dash(key), "dashed")
    return f'<span class="swatch" style="--ink:{theme.colour(key)};border-top-style:{style}"></span>{escape(label)}'


def note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


@lru_cache(maxsize=512)
def formula(latex: str, slots: tuple[tuple[str, str], ...] = ()) -> str:
    """LaTeX as MathML; `slots` pairs a placeholder, written \\text{@name} in the LaTeX, with the slot that fills it."""
    written = convert(latex)
    for placeholder, name in slots:
        number = f'<mn data-slot="{escape(name)}">{placeholder}</mn>'
        written = written.replace(f"<mtext>@{placeholder}</mtext>", number)
    return f'<div class="formula">{written}</div>'
