"""Parts and presets in a real browser: Back and Forward, what a preset leaves behind."""

from collections.abc import Callable

from playwright.sync_api import expect

from pages import regression
from pages.ui.page import START
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]

QUESTIONS = {part.title: part.question for part in regression.PARTS}

# Counts how often a style of the whole page is written in the thirty pictures after something about the page changed.
_COUNT = """() => {
  const style = document.documentElement.style, write = style.setProperty;
  window.writes = window.pictures = 0;
  style.setProperty = function (...given) { window.writes += 1; return write.apply(this, given); };
  document.documentElement.classList.toggle('nudged');
  const next = () => { window.pictures += 1; if (window.pictures <= 30) requestAnimationFrame(next); };
  next();
}"""


def turn(visitor: Visitor, title: str) -> None:
    visitor.page.get_by_role("radio", name=title, exact=True).click()
    shows(visitor, title)


def shows(visitor: Visitor, title: str) -> None:
    """Until the part of this title stands, alone."""
    expect(visitor.page.locator("h2").first).to_contain_text(QUESTIONS[title])
    expect(visitor.stage).to_have_count(1)
    visitor.ready()


def test_back_and_forward_go_over_the_parts(visit: Visit) -> None:
    visitor = visit("/regression")
    turn(visitor, "One error")
    turn(visitor, "Surface")
    for title in ("One error", "Outliers"):
        visitor.page.go_back()
        shows(visitor, title)
    assert visitor.query() == {}
    for title in ("One error", "Surface"):
        visitor.page.go_forward()
        shows(visitor, title)
    assert visitor.query() == {"part": "surface"}
    visitor.quiet()


def test_a_preset_closes_its_menu_and_its_link_brings_it_back(visit: Visit) -> None:
    visitor = visit("/regression?part=surface")
    visitor.page.get_by_role("button", name="Presets").click()
    visitor.page.get_by_role("menuitem", name="Momentum").click()
    expect(visitor.page.get_by_role("menuitem")).to_have_count(0)
    expect(visitor.page.get_by_text("Momentum.", exact=True)).to_be_visible()
    visitor.ready()
    other = visit(visitor.page.url.removeprefix(visitor.base))
    assert other.stage.get_attribute("data-step") == visitor.stage.get_attribute("data-step")
    assert other.numbers() == visitor.numbers()
    assert other.query() == visitor.query()
    visitor.quiet()


def test_the_page_lives_on_after_a_preset_and_another_part(visit: Visit) -> None:
    visitor = visit("/regression?part=surface")
    visitor.page.get_by_role("button", name="Presets").click()
    visitor.page.get_by_role("menuitem", name="Momentum").click()
    expect(visitor.page.get_by_text("Momentum.", exact=True)).to_be_visible()
    turn(visitor, "Outliers")
    visitor.page.evaluate(_COUNT)
    visitor.page.wait_for_function("window.pictures > 30")
    assert visitor.page.evaluate("window.writes") <= 1, "stages keep on waking each other"


def test_once_moved_the_notice_is_about_the_start(visit: Visit) -> None:
    visitor = visit("/regression")
    label = visitor.page.get_by_test_id("stCaptionContainer").get_by_text(START, exact=True)
    expect(label).to_have_count(0)
    for _ in visitor.drag(visitor.open_sliders()[0], [3]):
        pass
    expect(label).to_be_visible()
