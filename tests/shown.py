"""What a text claims of a view: the numbers at an address, as the page writes them."""

import re
from collections.abc import Iterable

from pages.table import Page, placed
from pages.ui.controls import Values, nearest, read
from pages.ui.views import View


def aimed(address: str) -> tuple[Page, View, Values]:
    """The page, the view and the settings that an address opens. AssertionError where anything of it is not taken."""
    page, query = placed(address)
    part = query.pop("part", None)
    view = page.views[0] if part is None else next(v for v in page.views if v.key == f"{page.path}/{part}")
    assert query.keys() <= {control.key for control in view.settings}, address
    values, unread = read(view.settings, query)
    assert unread == [], address
    assert nearest(view.settings, query) == [], address
    hidden = [control.key for control in view.settings if control.key in query and not control.shown(values)]
    assert hidden == [], address
    return page, view, values


def numbers_of(address: str, slots: Iterable[str]) -> dict[str, str]:
    """What stands in these slots of the view at an address."""
    _, view, values = aimed(address)
    frame = view.film(values).frame(0)
    return {slot: frame["slots"][slot][1] for slot in slots}


def claimed(text: str) -> set[str]:
    """The numbers in a text that have three decimals or are per cent with one: those that a view must show."""
    return set(re.findall(r"(?<![\d.])\d+\.\d{3}(?!\d)|\d+\.\d %", text))
