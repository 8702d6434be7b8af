"""Small screens: a swipe scrolls, the figure stays beside the slider that is moved, what is cut off is hinted at."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from pages.table import PAGES
from pages.ui.controls import Slider, read
from pages.ui.views import View
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
# How far all that scrolls has been scrolled, in px.
_SCROLLED = """() => [...document.querySelectorAll('[data-testid=stMain], [data-testid=stColumn]')]
  .reduce((sum, box) => sum + box.scrollTop, 0)"""
_RANGES = """plot => ['xaxis', 'yaxis'].map(name => plot._fullLayout[name].range)"""


def swipe(visitor: Visitor, x: float, y: float, by: float) -> None:
    """A finger put down at x, y in px, moved up by so many px, and lifted."""
    touches = visitor.context.new_cdp_session(visitor.page)
    touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 11):
        point = {"x": x, "y": y - by * part / 10}
        touches.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def last_of_more(page: Any) -> tuple[View, str] | None:
    """A view of this page with sliders under More, and the last of them."""
    for view in page.views:
        values = read(view.controls, {})[0]
        keys = [c.key for c in view.controls if isinstance(c, Slider) and c.more and c.live and c.shown(values)]
        if keys:
            return view, keys[-1]
    return None


FOLDED = [found for page in PAGES if (found := last_of_more(page))]


@pytest.mark.parametrize("view", ["regression/outliers", "segmentation/overlap"])
def test_a_swipe_over_the_figure_scrolls_and_does_not_zoom(visit: Visit, view: str) -> None:
    visitor = visit(place(view), **PHONE)
    plot = visitor.page.locator(".stage-plot")
    box, before = plot.locator(".nsewdrag").first.bounding_box(), plot.evaluate(_RANGES)
    assert box is not None
    swipe(visitor, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 150)
    visitor.page.wait_for_function(f"() => ({_SCROLLED})() > 60")
    assert plot.evaluate(_RANGES) == before
    visitor.quiet()


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize(("view", "key"), FOLDED, ids=lambda value: getattr(value, "key", value))
def test_the_figure_is_seen_with_the_last_slider_under_more(visit: Visit, view: View, key: str, screen: Any) -> None:
    visitor = visit(place(view.key), **screen)
    thumb, plot = visitor.bring(key), visitor.page.locator(".stage-plot").bounding_box()
    assert plot is not None
    high = screen["viewport"]["height"]
    assert 0 <= thumb["y"] <= high
    seen = min(plot["y"] + plot["height"], high) - max(plot["y"], 0)
    assert seen >= (min(0.9 * plot["height"], 0.4 * high) if screen is PHONE else 0.9 * plot["height"])


def test_what_the_stage_has_below_is_hinted_at_until_it_is_reached(visit: Visit) -> None:
    visitor = visit(place("segmentation/overlap"), **PHONE)
    hint = visitor.page.locator(".stage-more")
    expect(hint).to_be_visible()
    visitor.stage.evaluate("root => root.closest('[data-testid=stColumn]').scrollBy(0, 1e5)")
    expect(hint).to_be_hidden()


def test_the_controls_come_before_the_tools_of_the_figure(visit: Visit) -> None:
    visitor = visit(place("regression/outliers"))
    keys = visitor.open_sliders()
    before = """([key]) => document.querySelector(`.st-key-${key} input`)
      .compareDocumentPosition(document.querySelector('.stage')) & Node.DOCUMENT_POSITION_FOLLOWING"""
    for key in keys:
        assert visitor.page.evaluate(before, [key])
    boxes = [visitor.page.locator(".stage-plot").bounding_box(), visitor.slider(keys[0]).bounding_box()]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] < boxes[1]["x"], "for the eye the stage stands on the left"


# Where the two columns stand, in every frame since there are two.
_COLUMNS = """window.columns = []; (function look() {
  const pair = [...document.querySelectorAll('.stHorizontalBlock > [data-testid=stColumn]')].slice(0, 2);
  const boxes = pair.map(one => one.getBoundingClientRect());
  if (boxes.length === 2) window.columns.push(boxes.map(box => [box.x, box.y]));
  requestAnimationFrame(look);
})()"""


@pytest.mark.parametrize(("screen", "axis"), [(LAPTOP, 0), (PHONE, 1)], ids=["laptop", "phone"])
def test_the_controls_never_stand_in_the_place_of_the_stage(visit: Visit, screen: dict[str, Any], axis: int) -> None:
    visitor = visit("/", first=True, **screen)
    visitor.context.add_init_script(_COLUMNS)
    visitor.open(place("regression/outliers"))
    seen = visitor.page.evaluate("window.columns")
    assert len(seen) > 5
    assert all(stage[axis] < controls[axis] for controls, stage in seen)
