"""For those who use a finger or no eyes: what a page shows when it is asked to; its parts: test_stage.py."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pages.ui.lessons import Choices
from pages.ui.tours import of_page
from tests.browser.audit import audit, unfold, within_a_finger_s_reach
from tests.browser.test_screens import PHONE
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]


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
