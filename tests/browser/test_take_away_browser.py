"""What is taken away from a figure, in a browser: the offers under it, and the file opened with no network."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, expect

import losscore
from pages.regression_errors import ONE_ERROR
from tests.browser.audit import audit
from tests.browser.visitor import Visitor, place

Visit = Callable[..., Visitor]
SIZES = {"laptop": {}, "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True}}


@pytest.mark.parametrize("size", SIZES)
def test_everything_is_offered_under_the_figure(visit: Visit, size: str) -> None:
    visitor = visit(place(ONE_ERROR.key, r="3.5"), **SIZES[size])
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.get_by_role("button", name="Take away").click()
    box = visitor.page.get_by_role("dialog", name="Take away")
    for name, ending, begins in (("Picture (PNG)", "png", b"\x89PNG"), ("Drawing (SVG)", "svg", b"<svg")):
        with visitor.page.expect_download() as coming:
            box.get_by_role("button", name=name).click()
        assert coming.value.suggested_filename == f"regression-one-error.{ending}"
        assert coming.value.path().read_bytes().startswith(begins)
    box.get_by_role("button", name="Copy the link").click()
    expect(box.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.page.url
    lines = box.locator("details").filter(has_text="MSE").first
    expect(lines).to_contain_text("12.25")
    lines.get_by_role("button", name="Copy").click()
    expect(lines.get_by_role("button", name="Copied")).to_be_visible()
    assert "3.5" in visitor.page.evaluate("navigator.clipboard.readText()")
    pressed = box.locator(":is(button, a, summary):visible")
    sizes = pressed.evaluate_all("all => all.map(e => e.offsetHeight)")
    assert min(sizes) >= 40
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    audit(visitor)
    visitor.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    visitor.quiet()


def test_the_file_moves_with_no_network(visit: Visit, browser: Browser, tmp_path: Path) -> None:
    visitor = visit(place(ONE_ERROR.key, r="3.5"))
    visitor.page.get_by_role("button", name="Take away").click()
    with visitor.page.expect_download() as coming:
        visitor.page.get_by_role("link", name="The moving figure (HTML)").click()
    taken = tmp_path / coming.value.suggested_filename
    coming.value.save_as(taken)

    context = browser.new_context(offline=True, color_scheme="dark")
    page, complaints, asked = context.new_page(), [], []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(taken.as_uri())
    expect(page.locator(".stage")).to_have_attribute("data-ready", "r")
    r, delta = (page.locator(f'[data-key="{key}"]') for key in ("r", "huber_delta"))

    def shown(slot: str) -> float:
        return float(page.locator(f'[data-slot="{slot}"]').first.get_attribute("value") or "nan")

    def huber(residual: float, delta: float) -> float:
        return losscore.get("huber")(torch.tensor([residual]), torch.zeros(1), delta=delta).item()

    def place_of(key: str) -> float:
        text = page.locator(f'label:has([data-key="{key}"]) output').inner_text()
        return float(text)

    assert shown("huber.loss") == pytest.approx(huber(3.5, 1.0))
    dot = page.locator(".scatterlayer path.point").first
    before = dot.get_attribute("transform")
    track = r.bounding_box()
    assert track is not None
    page.mouse.move(track["x"] + track["width"] * 0.79, track["y"] + track["height"] / 2)
    page.mouse.down()
    for share in (0.7, 0.6, 0.3):
        page.mouse.move(track["x"] + track["width"] * share, track["y"] + track["height"] / 2)
        expect(page.locator(".stage")).to_have_attribute("data-step", f"r={r.input_value()}")
        assert shown("huber.loss") == pytest.approx(huber(place_of("r"), 1.0))  # while it is dragged
    page.mouse.up()
    assert dot.get_attribute("transform") != before

    delta.press("End")
    expect(page.locator(".stage")).to_have_attribute("data-step", f"huber_delta={delta.get_attribute('max')}")
    assert place_of("r") == 3.5, "the others go back to where the figure was taken"
    assert shown("huber.loss") == pytest.approx(huber(3.5, place_of("huber_delta")))
    assert complaints == []
    assert asked == [taken.as_uri()]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    context.close()
