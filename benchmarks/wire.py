"""Bytes that arrive for one change of one slider: the settled figure, and the frames of the next."""

from collections.abc import Iterator

from playwright.sync_api import Browser

from benchmarks.row import Row
from tests.browser.visitor import Visitor
from tests.browser.wire import Wire


def rows(browser: Browser, base: str, pages: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """pages: name -> (path, key of the slider)."""
    for name, (path, key) in pages.items():
        visitor = Visitor(browser, base).open(path)
        others = [other for other in visitor.open_sliders() if other != key]
        wire = Wire(visitor.page)
        for _ in visitor.drag(key, [visitor.at(key)["step"] // 2]):
            pass
        visitor.page.wait_for_url(lambda url, key=key: f"{key}=" in url)
        visitor.ready()
        settled = wire.bytes
        if others:
            visitor.grab(others[0])
            visitor.page.mouse.up()
        visitor.page.wait_for_load_state("networkidle")
        visitor.close()
        note = f"{settled / 1000:.0f} kB for the figure, the rest for the frames of the next slider"
        yield Row(f"one change of one slider, {name}", wire.bytes / 1000, " kB", 400, note=note)
