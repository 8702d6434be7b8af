"""A view outside its own window: inside another site's page, and in front of a class."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pages.regression_errors import ONE_ERROR
from tests.browser.server import Server
from tests.browser.visitor import SOMETHING, Visitor, place

Visit = Callable[..., Visitor]


@pytest.fixture
def course(tmp_path: Path, server: Server) -> Iterator[str]:
    """The address of a course page of another origin with a view in it."""
    where = f"{server.url}{place(ONE_ERROR.key, r='3.5')}&embed=true"
    page = f'<!DOCTYPE html><h1>Lecture 3</h1><iframe src="{where}" width="900" height="640"></iframe>'
    (tmp_path / "course.html").write_text(page)
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}/course.html"
    site.shutdown()
    site.server_close()


def test_inside_a_course_page(browser: Browser, server: Server, course: str) -> None:
    visitor = Visitor(browser, server.url)
    visitor.page.goto(course)
    inside = visitor.page.frame_locator("iframe")
    stage = inside.locator(".stage")
    expect(stage).to_have_attribute("data-ready", SOMETHING)
    expect(inside.locator('[data-slot="mse.loss"]').first).to_have_attribute("value", "12.25")
    assert inside.locator('[data-testid^="stTopNav"], [data-testid="stMainMenu"]').count() == 0
    box = inside.locator(".stage-plot").bounding_box()
    assert box is not None
    assert box["y"] < 300, "no room is left for a bar that is not there"
    inside.locator(".st-key-r input[type=range]").press("ArrowRight")
    expect(inside.locator('[data-slot="mse.loss"]').first).not_to_have_attribute("value", "12.25")
    out = inside.get_by_role("link", name="Open in Loss Explorer")
    expect(stage).to_have_attribute("data-settled", SOMETHING)
    out.focus()
    assert "embed" not in str(out.get_attribute("href"))
    assert "part=one-error" in str(out.get_attribute("href"))
    visitor.quiet()
    visitor.close()


def test_in_front_of_a_class(visit: Visit) -> None:
    visitor = visit("/regression?present=1")
    slider = visitor.slider("y")
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert visitor.page.locator(".present-code").is_visible()
    visitor.page.keyboard.press("PageDown")
    visitor.page.wait_for_url("**/regression?present=1&y=9")
    visitor.ready()
    slider.press("ArrowRight")
    visitor.page.wait_for_url("**/regression?present=1&y=10")  # the slider's own key: not another preset
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.wait_for_url("**/regression?present=1")
    visitor.ready()
    visitor.quiet()
