"""Every page as it is first opened: by a cold deep link, on a phone, and what it costs on the wire."""

import csv
import json
import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, expect

from pages.table import PAGES, VIEWS, Page, sections
from pages.ui.controls import read
from pages.ui.views import View
from tests.browser.audit import audit, unfold
from tests.browser.reach import reaches_everything
from tests.browser.server import Server
from tests.browser.visitor import Visitor, place
from tests.browser.wire import Wire

Visit = Callable[..., Visitor]

every_page = pytest.mark.parametrize("view", [page.views[0] for page in PAGES], ids=lambda view: view.key)
# The least there is to send, pictures, many losses, and a page with more than its stage. Films are weighed elsewhere.
SOME = ["home/line", "segmentation/overlap", "regression/outliers", "catalogue/card"]
some_pages = pytest.mark.parametrize("name", SOME)
WIRE = 400_000  # bytes for one change of one slider: forty laptops share one network


def moved(view: View) -> str:
    return view.first(read(view.controls, {})[0])


@some_pages
def test_one_change_of_one_slider_is_light_and_back_undoes_it(visit: Visit, name: str) -> None:
    view = VIEWS[name]
    visitor, key = visit(place(name), first=True), moved(view)
    before = visitor.numbers()
    others = [name for name, slider in view.sliders.items() if slider.shown(read(view.controls, {})[0]) and name != key]
    visitor.page.wait_for_load_state("networkidle")  # pictures beside the stage may still be coming
    wire = Wire(visitor.page)
    home = visitor.at(key)["step"]
    for _ in visitor.drag(key, [home // 2 or home + 1]):
        assert wire.bytes == 0, "the drag itself asked for something"
    visitor.page.wait_for_url(lambda url: f"{key}=" in url)
    visitor.ready()
    if others:  # the change makes new frames of any other slider, fetched as the hand reaches for it
        visitor.grab(others[0])
        visitor.page.mouse.up()
    visitor.page.wait_for_load_state("networkidle")
    assert 1_000 < wire.bytes <= WIRE
    visitor.page.go_back()
    visitor.shows(key, home)
    visitor.ready()
    assert json.dumps(visitor.numbers()) == json.dumps(before)  # as text, for numbers that there are none of
    assert key not in visitor.query()
    visitor.quiet()


def opens(visitor: Visitor, page: Page) -> None:
    """A link to the page's last part, one slider moved, shows that; the navigation stands."""
    view = next(view for view in reversed(page.views) if view.sliders)
    key = moved(view)
    slider = view.sliders[key]
    value = slider.values[1] if slider.values[1] != slider.default else slider.values[2]
    visitor.open(place(view.key, **{key: slider.write(value)}))
    visitor.shows(key, slider.values.index(value))
    for section, others in sections().items():
        for name, role in [(section, "button")] if section else [(other.title, "link") for other in others]:
            expect(visitor.page.get_by_role(role, name=name, exact=True).first).to_be_visible()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_count(1)
    assert visitor.query()[key] == slider.write(value)


@pytest.mark.parametrize("page", [PAGES[0], PAGES[-1]], ids=lambda page: page.path or "home")
def test_a_cold_deep_link_opens_its_page(browser: Browser, other_server: Server, page: Page) -> None:
    """As the first visitor that a fresh server ever has, when Streamlit does not know the app's pages yet."""
    visitor = Visitor(browser, other_server.url)
    opens(visitor, page)
    visitor.quiet()
    visitor.close()
    assert "Traceback" not in other_server.said(), other_server.said()


def test_every_deep_link_opens_its_page(visit: Visit) -> None:
    visitor = visit("/")
    for page in PAGES:
        opens(visitor, page)
    for section, others in sections().items():
        if section:
            visitor.page.get_by_role("button", name=section, exact=True).click()
            expect(visitor.page.get_by_role("menuitem").locator("p")).to_have_text([other.title for other in others])
            visitor.page.keyboard.press("Escape")
    audit(visitor)
    visitor.quiet()


@some_pages
def test_a_phone_shows_a_page_without_scrolling_sideways(visit: Visit, name: str) -> None:
    """As it is opened there; every part is made narrow where it is dragged."""
    visitor = visit(place(name), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    wider = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert visitor.page.evaluate(wider) <= 1
    assert visitor.page.locator(".stage-plot").bounding_box()["width"] > 300  # type: ignore[index]
    visitor.quiet()


@every_page
def test_untouched_on_a_projector(visit: Visit, view: View) -> None:
    """Title, question, stage and slider need no scrolling, headings go down, the numbers can be taken away.

    And the keyboard reaches everything, what is folded away too.
    """
    visitor, key = visit(place(view.key)), moved(view)
    for locator in (visitor.page.locator("h1"), visitor.page.locator("h2").first, visitor.page.locator(".stage-plot")):
        box = locator.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
    assert visitor.at(key)["y"] < 720

    levels = visitor.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
    assert levels[:2] == [1, 2]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert visitor.page.locator(":is(h1, h2, h3, h4, h5, h6) a").count() == 0, "a heading is no stop of the keyboard"

    plot = visitor.page.locator(".stage-plot")
    expect(plot).to_have_attribute("role", "img")
    assert len(plot.get_attribute("aria-label") or "") > 20
    assert view.sliders[key].label in (visitor.slider(key).get_attribute("aria-label") or "")

    unfold(visitor)
    reaches_everything(visitor)
    visitor.page.get_by_role("button", name="Take away").click()
    with visitor.page.expect_download() as coming:
        visitor.page.locator(".stage-numbers").click()
    visitor.page.keyboard.press("Escape")
    head, *rows = csv.reader(coming.value.path().read_text(encoding="utf-8").splitlines())
    assert head[0].startswith(view.sliders[key].label)
    assert len(rows) == view.sliders[key].steps
    slots = view.film(read(view.controls, {})[0]).slots  # the columns follow these; they are headed by what a page says
    row = dict(zip([key, *slots], map(float, rows[visitor.at(key)["step"]]), strict=True))
    for slot, number in visitor.numbers().items():
        want = row[slot] if math.isfinite(row[slot]) else math.nan
        assert number == pytest.approx(want, rel=1e-5, abs=1e-7, nan_ok=True), slot
    visitor.quiet()


def test_a_loss_is_found_by_its_nickname(visit: Visit) -> None:
    visitor = visit("/")
    visitor.page.get_by_label("Name, nickname or what it is for").fill("jaccard")
    visitor.page.keyboard.press("Enter")
    found = visitor.page.locator("[data-testid=stPageLink]").filter(has_text="Jaccard").first
    found.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Segmentation")
    visitor.ready()
    assert "jaccard" in ",".join(visitor.query().values())
    visitor.quiet()
