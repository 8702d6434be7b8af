"""The catalogue in a browser: the table's rows choose the cards, and the figure follows the thumb."""

from collections.abc import Callable

from playwright.sync_api import expect

import losscore
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]


def test_a_row_of_the_table_chooses_the_loss_below(visit: Visit) -> None:
    visitor = visit("/catalogue?q=tukey")
    table = visitor.page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    visitor.page.mouse.click(box["x"] + 18, box["y"] + 53)  # the box in front of the first row
    expect(visitor.page.get_by_role("heading", name="Tukey biweight")).to_be_visible()
    visitor.page.wait_for_url(lambda url: "cards=tukey_biweight" in url)
    visitor.ready()
    assert "tukey_biweight.loss" in visitor.numbers()
    visitor.quiet()


def test_the_lines_to_copy_are_those_of_the_core(visit: Visit) -> None:
    visitor = visit("/catalogue?cards=huber,charbonnier&huber_delta=2")
    for expander in visitor.page.get_by_text("PyTorch, to copy").all():
        expander.click()
    shown = [code.inner_text().strip() for code in visitor.page.get_by_test_id("stCode").all()]
    assert [text.splitlines()[-1] for text in shown] == [
        losscore.get("huber").snippet(delta=2.0).strip().splitlines()[-1],
        losscore.get("charbonnier").snippet().strip().splitlines()[-1],
    ]
    visitor.quiet()


def test_a_fourth_row_is_answered_with_a_line(visit: Visit) -> None:
    visitor = visit("/catalogue?cards=mse,mae,huber")
    table = visitor.page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    visitor.page.mouse.click(box["x"] + 18, box["y"] + 53 + 3 * 35)  # the box in front of the fourth row
    expect(visitor.page.get_by_text("More than that are chosen: the first ones are shown.")).to_be_visible()
    visitor.page.wait_for_url(lambda url: "cards=mse,mae,huber" in url.replace("%2C", ","))
    visitor.quiet()
