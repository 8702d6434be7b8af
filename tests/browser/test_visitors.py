"""Several visitors, and a server that goes away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.server import Server
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]


def loss_at(step: int) -> float:
    """The home page's loss at a step of its slider, in plain arithmetic."""
    slope = -0.5 + 0.05 * step
    points = [(x, x) for x in range(9)] + [(9, 24)]
    return sum((slope * x - y) ** 2 for x, y in points) / len(points)


def move(visitor: Visitor, step: int) -> None:
    """Drag the home page's slider to a step and let go."""
    for _ in visitor.drag("w", [step]):
        assert visitor.numbers()["home.loss"] == pytest.approx(loss_at(step), rel=1e-4)


def test_neither_of_two_sees_what_the_other_does(visit: Visit) -> None:
    one, two = visit("/"), visit("/")
    untouched = two.numbers()
    move(one, 20)
    one.page.wait_for_url("**/?w=0.5")
    one.ready()
    assert two.numbers() == untouched
    assert two.query() == {}
    move(two, 70)
    two.page.wait_for_url("**/?w=3")
    two.ready()
    assert one.numbers()["home.loss"] == pytest.approx(loss_at(20), rel=1e-4)
    assert one.query() == {"w": "0.5"}
    three = visit("/")
    assert three.numbers() == untouched
    for visitor in (one, two, three):
        visitor.quiet()


def test_both_move_at_once(visit: Visit) -> None:
    one, two = visit("/"), visit("/")
    for here, there in zip(one.drag("w", [10, 20, 30]), two.drag("w", [80, 70, 65]), strict=True):
        assert one.numbers()["home.loss"] == pytest.approx(loss_at(here), rel=1e-4)
        assert two.numbers()["home.loss"] == pytest.approx(loss_at(there), rel=1e-4)
    for visitor in (one, two):
        visitor.page.mouse.up()
        visitor.ready()
        visitor.quiet()


def test_a_server_that_goes_away_during_a_drag_takes_nothing_with_it(visit: Visit, other_server: Server) -> None:
    visitor = visit("/", base=other_server.url)
    visitor.grab("w")
    visitor.shows("w", visitor.pull("w", 25))
    other_server.stop()
    expect(visitor.slider("w")).to_be_disabled()
    visitor.page.mouse.up()
    visitor.page.wait_for_url("**/?w=0.75")
    expect(visitor.page.locator(".stage-line")).to_contain_text("Your settings are in the link")
    visitor.shows("w", 25)
    assert visitor.numbers()["home.loss"] == pytest.approx(loss_at(25), rel=1e-4)
    other_server.start()
    visitor.page.reload()
    visitor.ready()
    visitor.shows("w", 25)
    assert visitor.numbers()["home.loss"] == pytest.approx(loss_at(25), rel=1e-4)


def test_frames_that_do_not_come_are_said_calmly(visit: Visit) -> None:
    visitor = visit("/regression")
    key = visitor.open_sliders()[1]  # its frames are not at hand yet
    before = visitor.numbers()
    visitor.page.route("**/frames/**", lambda route: route.abort())
    visitor.slider(key).scroll_into_view_if_needed()
    thumb = visitor.at(key)
    visitor.page.mouse.move(thumb["x"], thumb["y"])
    line = visitor.page.locator(".stage-line")
    expect(line).to_contain_text("cannot follow just now")
    assert visitor.numbers() == before
    visitor.page.unroute("**/frames/**")
    visitor.page.mouse.down()
    visitor.shows(key, visitor.pull(key, 2))
    expect(line).to_be_hidden()
    visitor.page.mouse.up()


def test_without_plotly_the_numbers_still_stand(visit: Visit, browser: object, server: Server) -> None:
    visitor = Visitor(browser, server.url)  # type: ignore[arg-type]
    visitor.page.route("**/vendor/**", lambda route: route.abort())
    visitor.page.goto(server.url)
    expect(visitor.page.locator(".stage-line")).to_contain_text("could not be drawn")
    assert visitor.numbers()["home.loss"] == pytest.approx(loss_at(60), rel=1e-4)
    visitor.close()
