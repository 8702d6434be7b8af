"""What a figure lets a hand take hold of: a box dragged by mouse and by touch, its numbers following on the way."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from pages.table import VIEWS
from pages.ui.controls import read
from tests.browser.server import Server
from tests.browser.test_screens import _SCROLLED, PHONE, swipe
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]
PAIR = VIEWS["boxes/pair"]
WAY = [(-10, -5), (-25, -20), (-44, -31)]  # in px of the picture, from where the box was taken
_SCALE = """() => { const axis = document.querySelector('.stage-plot')._fullLayout.xaxis;
  return axis._length / (axis.range[1] - axis.range[0]); }"""


class Hand:
    """A mouse, or a finger, on a grip."""

    def __init__(self, visitor: Visitor, grip: str, finger: bool) -> None:
        box = visitor.page.locator(grip).bounding_box()
        assert box is not None
        self._visitor, self.scale = visitor, float(visitor.page.evaluate(_SCALE))
        # In the upper left of the grip, where no other one lies over it.
        self._x, self._y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 4
        self._touches = visitor.context.new_cdp_session(visitor.page) if finger else None

    def take(self) -> None:
        if self._touches:
            self._touch("touchStart", {"x": self._x, "y": self._y})
        else:
            self._visitor.page.mouse.move(self._x, self._y)
            self._visitor.page.mouse.down()

    def move(self, x: float, y: float) -> None:
        """To so many units of the axes from where it was taken."""
        to = {"x": self._x + x * self.scale, "y": self._y + y * self.scale}
        if self._touches:
            self._touch("touchMove", to)
        else:
            self._visitor.page.mouse.move(to["x"], to["y"], steps=3)

    def let_go(self) -> None:
        if self._touches:
            self._touch("touchEnd")
        else:
            self._visitor.page.mouse.up()

    def _touch(self, kind: str, *points: dict[str, float]) -> None:
        assert self._touches is not None
        self._touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def shows(visitor: Visitor, **box: float) -> None:
    """Until the figure stands at these settings; its numbers are torch's for them."""
    texts = {key: f"{value:g}" for key, value in box.items()}
    visitor.page.wait_for_function(
        "wanted => { const hand = document.querySelector('.stage').dataset.hand; "
        "return hand && Object.entries(JSON.parse(hand)).every(([key, text]) => wanted[key] === text); }",
        arg=texts,
    )
    numbers_are(visitor, **box)


def numbers_are(visitor: Visitor, **box: float) -> None:
    values: dict[str, Any] = read(PAIR.controls, {})[0] | box
    film = PAIR.film(values | {"box_left": torch.tensor([float(values["box_left"])])})
    shown = visitor.numbers()
    assert shown["boxes.pred.left"] == values["box_left"]
    for slot, number in shown.items():
        want = film.slots[slot][0] if np.isfinite(film.slots[slot][0]) else np.nan  # an infinite one stands as a word
        np.testing.assert_allclose(number, want, rtol=1e-4, atol=1e-6, err_msg=slot)


@pytest.mark.parametrize("context", [{}, PHONE], ids=["mouse", "touch"])
def test_a_dragged_box_brings_its_numbers_along_and_stays_where_it_is_dropped(visit: Visit, context: Any) -> None:
    visitor = visit(place(PAIR.key), **context)
    hand, scrolled = Hand(visitor, ".grip-body", bool(context)), visitor.page.evaluate(_SCROLLED)
    hand.take()
    for x, y in WAY:
        hand.move(x, y)
        shows(visitor, box_left=64 + x, box_top=66 + y)
    assert visitor.page.evaluate(_SCROLLED) == scrolled, "the page moved, not the box"
    assert visitor.query() == {}, "the server was told before the box was let go"
    hand.let_go()
    visitor.page.wait_for_url("**/boxes?*box_top=35*")
    visitor.ready()
    assert visitor.query() == {"box_left": "20", "box_top": "35"}
    assert (visitor.at("box_left")["step"], visitor.at("box_top")["step"]) == (20, 35)
    visitor.shows("box_left", 20)
    numbers_are(visitor, box_left=20, box_top=35)
    again = Hand(visitor, ".grip-body", bool(context))  # the next one starts there
    again.take()
    again.move(5, 0)
    shows(visitor, box_left=25, box_top=35)
    again.let_go()
    visitor.page.wait_for_url("**/boxes?*box_left=25*")
    visitor.ready()
    visitor.page.go_back()
    visitor.page.wait_for_url("**/boxes?*box_left=20*")
    visitor.shows("box_left", 20)
    visitor.ready()
    numbers_are(visitor, box_left=20, box_top=35)
    visitor.quiet()


def test_a_corner_sets_width_and_height_and_stops_at_their_ends(visit: Visit) -> None:
    visitor = visit(place(PAIR.key))
    hand = Hand(visitor, ".grip-point", finger=False)
    hand.take()
    hand.move(10, 8)
    shows(visitor, box_width=50, box_height=34)
    hand.move(-200, 1000)
    shows(visitor, box_width=2, box_height=122)
    hand.let_go()
    visitor.page.wait_for_url("**/boxes?*box_height=122*")
    visitor.ready()
    assert visitor.query() == {"box_width": "2", "box_height": "122"}
    numbers_are(visitor, box_width=2, box_height=122)
    visitor.quiet()


def test_a_swipe_beside_the_handle_still_scrolls(visit: Visit) -> None:
    visitor = visit(place(PAIR.key), **PHONE)
    before, box = visitor.numbers(), visitor.page.locator(".stage-plot .nsewdrag").first.bounding_box()
    assert box is not None
    swipe(visitor, box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"], 150)
    visitor.page.wait_for_function(f"() => ({_SCROLLED})() > 60")
    assert visitor.numbers() == before
    visitor.quiet()


def test_a_box_dropped_when_the_server_is_gone_is_in_the_link(visit: Visit, other_server: Server) -> None:
    visitor = visit(place(PAIR.key), base=other_server.url)
    hand = Hand(visitor, ".grip-body", finger=False)
    hand.take()
    hand.move(-20, -20)
    shows(visitor, box_left=44, box_top=46)
    other_server.stop()
    expect(visitor.slider("box_left")).to_be_disabled()
    hand.let_go()
    visitor.page.wait_for_url("**/boxes?box_left=44&box_top=46")
    expect(visitor.page.locator(".stage-line")).to_contain_text("Your settings are in the link")
    assert json.loads(visitor.stage.get_attribute("data-hand") or "") == {"box_left": "44", "box_top": "46"}


def test_an_arrow_that_was_not_there_appears_during_the_drag(visit: Visit) -> None:
    """The triplet pulls nothing until the negative is dragged near enough; Plotly had drawn no line for it."""
    visitor = visit(place("embeddings/three"))
    length = """() => [...document.querySelectorAll('.scatterlayer .trace')]
      .filter(node => node.__data__[0].trace.name === 'Triplet pulls')
      .flatMap(node => [...node.querySelectorAll('path.js-line')])
      .reduce((sum, path) => sum + path.getTotalLength(), 0)"""
    assert visitor.page.evaluate(length) == 0
    hand = Hand(visitor, "[title='Drag the negative']", finger=False)
    hand.take()
    hand.move(0.8, 0.7)  # axes grow upwards, the screen downwards
    visitor.page.wait_for_function(f"() => ({length})() > 50")
    hand.move(0, 0)
    visitor.page.wait_for_function(f"() => ({length})() === 0")
    hand.move(0.8, 0.7)
    hand.let_go()
    visitor.page.wait_for_url("**/embeddings?*negative_x=-0.2*")
    visitor.ready()
    assert visitor.page.evaluate(length) > 50
    visitor.quiet()


def test_of_two_points_over_each_other_the_nearer_is_taken(visit: Visit) -> None:
    visitor = visit(place("embeddings/three", positive_x="-0.9", positive_y="1.3"))
    box = visitor.page.locator("[title='Drag the positive']").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    on_top = visitor.page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('.grip').title", [x, y])
    assert on_top == "Drag the negative"
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + 60, y, steps=3)
    visitor.page.mouse.up()
    visitor.page.wait_for_url("**/embeddings?*positive_x=*")
    visitor.ready()
    assert visitor.query().keys() == {"positive_x", "positive_y"}
    assert float(visitor.query()["positive_x"]) > -0.8
    visitor.quiet()
