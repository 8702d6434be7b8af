"""What the Tab key comes to on a page: everything, in the order of the page, in sight, and marked."""

from itertools import pairwise

from tests.browser.visitor import Visitor

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


def reaches_everything(visitor: Visitor) -> None:
    """AssertionError for what Tab misses, comes to too late, or gives the focus without a mark."""
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
