"""A training from the page: asked for, seen, cancelled, repeated, scrubbed; and another visitor, who drags on."""

from collections.abc import Callable
from statistics import median

import pytest
from playwright.sync_api import expect

from losscore import train
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]
LOSS = "triplet_semi_hard_all"  # the one that takes longest
SETTINGS = {"digits_left": LOSS, "digits_right": LOSS, "digits_seed": "7"}


def took(visitor: Visitor, steps: list[int]) -> float:
    """The median time, in ms, that the home page's stage takes to paint a step of a drag; every step is painted."""
    times = []
    for step in visitor.drag("w", steps):
        visitor.shows("w", step)
        times.append(float(visitor.stage.get_attribute("data-took") or "nan"))
    return median(times)


def test_a_training_is_cancelled_repeated_and_scrubbed_while_another_visitor_drags(visit: Visit) -> None:
    other, visitor = visit("/"), visit("/")
    before = took(other, list(range(10, 30)))
    other.ready()
    page = visitor.page
    page.goto(visitor.base + place("embeddings/trained", **SETTINGS))
    start, stop = page.get_by_role("button", name="Train"), page.get_by_role("button", name="Cancel")
    start.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    stop.click()
    expect(start).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".voice[role=status]")).to_contain_text("Training:")
    during = took(other, list(range(40, 20, -1)))
    # No clock decides here: a drag that stood still would take hundreds of milliseconds a step.
    assert during < 5 * before + 50
    # It waits for everybody else on the machine, and may so take minutes.
    expect(page.locator(".st-key-training")).to_have_count(0, timeout=300_000)
    visitor.ready()
    recall = train.run("digits_plane", loss=LOSS, seed=7).frames["recall"]
    for epoch in visitor.drag("digits_epoch", [0, 13, 27, 40]):
        assert visitor.numbers()["digits.left.recall"] == pytest.approx(recall[epoch].item(), abs=0.01)
    assert visitor.query()["digits_seed"] == "7"
    for one in (visitor, other):
        one.quiet()
