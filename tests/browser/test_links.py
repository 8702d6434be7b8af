"""Links: they hold a page's whole state, and a stale or hostile one opens the page at its defaults."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from pages.table import PAGES, VIEWS, Page
from pages.ui.controls import Choice, Control, Slider, Switch, Values, read, write
from pages.ui.runs import lacking
from pages.ui.views import View
from tests.browser.answers import Answers
from tests.browser.server import Server
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]

LED = [page for page in PAGES if page.views]
FIRST = [page.views[0] for page in LED]
NUMBERS = ("nan", "x" * 10_000)
# Every page's links are read in one place, and walked without a browser; these pages have no parts, and most of them.
SOME = [page for page in LED if page.path in ("", "segmentation")]
every_page = pytest.mark.parametrize("view", FIRST, ids=lambda view: view.key)
UNREAD = "The link could not be read whole"


def elsewhere(control: Control) -> object:
    """A value that is not the default."""
    if isinstance(control, Slider):
        return control.values[0] if control.values[0] != control.default else control.values[-1]
    if isinstance(control, Switch):
        return not control.default
    other = next(key for key in control.options if key != control.default and [key] != control.default)
    return [other] if control.several else other


def all_moved(view: View) -> Values:
    """Every slider away from home, but for those whose move would have to be trained first."""
    values = read(view.controls, {})[0]
    for slider in (control for control in view.controls if isinstance(control, Slider) and control.shown(values)):
        moved = values | {slider.key: elsewhere(slider)}
        if not lacking(view.trained(moved) if view.trained else []):
            values = moved
    return values


def open_at_defaults(visitor: Visitor, view: View) -> None:
    values, _ = read(view.controls, {})
    made = next(iter(view.film(values).slots.items()), None)
    assert made is not None
    slot, numbers = made
    want = float(numbers[0]) if np.isfinite(numbers[0]) else np.nan
    np.testing.assert_allclose(visitor.numbers()[slot], want, rtol=1e-4, atol=1e-6)
    visitor.quiet()


@pytest.mark.parametrize(
    ("page", "text"), list(zip(SOME, NUMBERS, strict=True)), ids=[page.path or "home" for page in SOME]
)
def test_a_stale_or_hostile_link_opens_at_the_defaults_and_says_so_once(visit: Visit, page: Page, text: str) -> None:
    view = page.views[0]
    key = view.first(read(view.controls, {})[0])
    visitor = visit(place(view.key, **{key: text}))
    unread = visitor.page.get_by_text(UNREAD)
    expect(unread).to_have_count(1)
    assert view.sliders[key].label.lower() in unread.inner_text()
    open_at_defaults(visitor, view)
    assert key not in visitor.query()

    choices = [c.key for c in view.controls if isinstance(c, Choice)]
    visitor.open(place(view.key, **dict.fromkeys(choices, "no_such_loss")))
    expect(unread).to_have_count(1)
    open_at_defaults(visitor, view)

    visitor.open(place(view.key, nonsense="1", _sweep="__class__", session_state="x", why="y" * 10_000))
    expect(unread).to_have_count(0)
    open_at_defaults(visitor, view)
    assert visitor.query() == {}

    for part in ("nowhere", "x" * 10_000) if len(page.views) > 1 else ():
        visitor.open(f"/{page.path}?part={part}")
        expect(visitor.page.get_by_text("The link names a part that is not here")).to_have_count(1)
        open_at_defaults(visitor, view)


@every_page
def test_every_setting_is_taken_from_the_link_and_stays_in_it(visit: Visit, view: View) -> None:
    values = all_moved(view)
    link = write(view.controls, values)
    visitor = visit(place(view.key, **link))
    expect(visitor.page.get_by_text(UNREAD)).to_have_count(0)
    assert {key: text for key, text in visitor.query().items() if key != "part"} == link
    wanted = view.film(values).slots
    for slot, number in visitor.numbers().items():
        want = float(wanted[slot][0]) if np.isfinite(wanted[slot][0]) else np.nan
        np.testing.assert_allclose(number, want, rtol=1e-4, atol=1e-6, err_msg=slot)
    visitor.quiet()


def test_an_answer_that_is_only_late_keeps_the_way_back(browser: Browser, server: Server) -> None:
    visitor = Visitor(browser, server.url)
    answers = Answers(visitor.page)
    visitor.open("/")
    before = visitor.numbers()
    answers.hold()
    for _ in visitor.drag("w", [10]):
        pass
    visitor.page.evaluate("new Promise(resolve => setTimeout(resolve, 3000))")  # a clock of the page beside the stage's
    assert visitor.query() == {}
    answers.let_go()
    visitor.page.wait_for_url(re.compile("[?&]w="))
    visitor.ready()
    visitor.page.go_back()
    visitor.shows("w", VIEWS["home/line"].sliders["w"].values.index(2.5))
    visitor.ready()
    assert visitor.query() == {}
    assert visitor.numbers() == before
    visitor.quiet()
    visitor.close()
