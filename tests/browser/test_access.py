"""For those who use a keyboard alone, a finger, or no eyes: what a page shows only when it is asked to."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from pages.table import PAGES
from pages.ui.lessons import Choices
from pages.ui.tours import of_page
from pages.ui.views import View
from tests.browser.audit import audit, unfold, within_a_finger_s_reach
from tests.browser.test_screens import PHONE
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]

every_page = pytest.mark.parametrize("view", [page.views[0] for page in PAGES], ids=lambda view: view.key)

# All that a keyboard has to come to, numbered in the order of the page. Radio buttons are one stop, and so is a field
# with buttons of its own: the arrows do the rest. What stands at each, to tell which was not reached.
_STOPS = """() => {
  const pressed = 'a[href], button, input, textarea, summary';
  const own = '[data-testid=stMultiSelect], [data-testid=stSelectbox]';
  const stop = e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled
    && (e.tabIndex >= 0 || e.matches(pressed) && !e.closest(own));
  const group = e => e.closest('[role=radiogroup]') || e;
  const stops = [...new Set([...document.querySelectorAll(`${pressed}, [tabindex]`)].filter(stop).map(group))];
  stops.forEach((e, place) => { e.dataset.stop = place; });
  return stops.map(e => e.outerHTML.slice(0, 160));
}"""
# The number of what has the focus; whether it can be seen, and whether it looks otherwise than without the focus.
_HERE = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 20);
  const thumb = e.type === 'range' && getComputedStyle(e.closest('[style*="left"]'));
  const ring = look => look.outlineStyle !== 'none' || look.boxShadow !== 'none';
  const field = e.matches('input:not([type=range])') || e.matches('canvas, main');
  const stop = e.closest('[data-stop]:not(main)')?.dataset.stop ?? e.dataset.stop ?? null;
  return { stop, name: e.outerHTML.slice(0, 160),
    seen: x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight, marked: field || ring(thumb || style) };
}"""


@every_page
def test_a_keyboard_reaches_everything_in_the_order_of_the_page(visit: Visit, view: View) -> None:
    visitor = visit(place(view.key))
    unfold(visitor)
    visitor.page.evaluate("document.activeElement.blur()")
    stops, way = visitor.page.evaluate(_STOPS), []
    while len(way) < 2 * len(stops):
        visitor.page.keyboard.press("Tab")
        here = visitor.page.evaluate(_HERE)
        if here["stop"] is None:
            continue
        if way and int(here["stop"]) == way[0]:
            break  # and around again
        assert here["seen"], here["name"]
        assert here["marked"], here["name"]
        way.append(int(here["stop"]))
    missed = [name for stop, name in enumerate(stops) if stop not in way]
    assert not missed, "\n".join(missed)
    back = [stops[after] for before, after in pairwise(way) if after < before]
    assert not back, "\n".join(back)
    visitor.quiet()


def test_what_opens_over_a_page_is_there_for_everybody(visit: Visit) -> None:
    visitor = visit("/regression", **PHONE)
    page = visitor.page
    for name in ("Presets", "Take away"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu" if name == "Presets" else "dialog")).to_be_visible()
        within_a_finger_s_reach(visitor)
        audit(visitor)
        page.keyboard.press("Escape")
    asks = of_page("classification").steps[0].asks
    assert isinstance(asks, Choices)
    visitor.open("/classification?tour=on-classification")
    within_a_finger_s_reach(visitor)
    audit(visitor)
    page.get_by_role("button", name=asks.truth, exact=True).click()
    expect(page.get_by_text("✓")).to_be_visible()
    visitor.ready()
    within_a_finger_s_reach(visitor)
    audit(visitor)
    visitor.quiet()


@pytest.mark.parametrize("desk", ["rows", "masks"])
def test_one_s_own_data_is_for_everybody(visit: Visit, desk: str) -> None:
    visitor = visit("/own", **PHONE)
    visitor.page.goto(f"{visitor.base}/own?part={desk}")
    expect(visitor.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(visitor.page.get_by_test_id("stFileUploader").first).to_be_visible()
    unfold(visitor)
    within_a_finger_s_reach(visitor)
    audit(visitor)
    visitor.quiet()
