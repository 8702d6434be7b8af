"""A tour as it is walked: an answer shows the view that answers, N and B go on and back, also to another page."""

from collections.abc import Callable

from playwright.sync_api import expect

from pages.table import placed
from pages.ui.lessons import Choices, Guess
from pages.ui.tours import begin, of_page, tours
from tests.browser.visitor import Visitor


def test_a_tour_is_walked_by_hand_and_keys(visit: Callable[..., Visitor]) -> None:
    tour = tours()["mistakes"]  # its third step stands on the same page, its fourth on another
    visitor = visit("/")
    visitor.page.locator("[data-testid=stPageLink] a").filter(has_text=tour.title).click()
    place = begin(tour)
    for step in tour.steps[:4]:
        assert isinstance(step.asks, Choices)
        where, settings = placed(step.shown)
        expect(visitor.page.get_by_text(step.ask)).to_be_visible()
        visitor.page.get_by_role("button", name=step.asks.truth, exact=True).click()
        expect(visitor.page.get_by_text("✓")).to_be_visible()
        visitor.ready()
        place = place.answered(step.asks.right)
        visitor.page.wait_for_url(f"**/{where.path}?**answers={place.answers}**")
        assert settings.items() <= visitor.query().items()
        visitor.page.keyboard.press("n")
        place = place.moved(1)
    expect(visitor.page.get_by_text(tour.steps[4].ask)).to_be_visible()
    visitor.page.keyboard.press("b")
    expect(visitor.page.get_by_text("✓")).to_be_visible()
    visitor.page.wait_for_url("**step=4**")
    visitor.quiet()


def test_a_tour_begun_far_down_a_phone_s_page_opens_at_its_strip(visit: Callable[..., Visitor]) -> None:
    visitor = visit("/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    link = visitor.page.locator("[data-testid=stPageLink] a").filter(has_text=tours()["robust"].title)
    link.scroll_into_view_if_needed()
    link.click()
    strip = visitor.page.locator(".st-key-tour")
    expect(strip).to_be_visible()
    visitor.ready()
    box = strip.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    visitor.quiet()


def test_a_number_is_committed_to_by_keys(visit: Callable[..., Visitor]) -> None:
    """The first question of Regression asks for a slope: two steps up from where the slider stands."""
    asks = of_page("regression").steps[0].asks
    assert isinstance(asks, Guess)
    visitor = visit("/regression")
    visitor.page.get_by_role("button", name="questions").click()
    visitor.page.wait_for_url("**tour=on-regression**")
    form = visitor.page.get_by_test_id("stForm")
    form.get_by_role("slider").focus()
    for _ in range(2):
        visitor.page.keyboard.press("ArrowRight")
    form.get_by_role("button", name="That is my guess").click()
    said = asks.said((asks.count + 1) // 2 + 2)
    expect(visitor.page.get_by_text(f"✗ {said}. It is {asks.truth}.")).to_be_visible()
    visitor.ready()
    visitor.quiet()
