"""Prints what the promises of speed and size measure here, as a Markdown table: python -m benchmarks.run [part ...]

Every time is held against something else measured in the same run, so that the machine drops out.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import costs, drag, memory, surfaces, visits, wire
from benchmarks.row import Row
from pages.table import PAGES
from pages.ui.controls import read
from tests.browser.server import Server
from tests.browser.visitor import launch, place

# name -> (path, the slider that is dragged) of every page's first view
FIRST = {
    page.title: (place(view.key), view.first(read(view.controls, {})[0])) for page in PAGES for view in page.views[:1]
}
FAMILIES = {name: where for name, where in FIRST.items() if name != "Home"}
# On a slider of a few stops a release would often change nothing.
FINE = {page.title for page in PAGES for view in page.views[:1] if view.sliders[FIRST[page.title][1]].steps >= 20}
RELEASED = {name: where for name, where in FAMILIES.items() if name in FINE}
EVERY = [place(view.key) for page in PAGES for view in page.views]

PARTS: dict[str, Callable[[Browser, Server, Server], Iterator[Row]]] = {
    "memory": lambda browser, app, plain: memory.rows(browser, app, EVERY),
    "drag": lambda browser, app, plain: drag.rows(browser, plain.url, app.url, FAMILIES),
    "visits": lambda browser, app, plain: visits.first_views(browser, plain.url, app.url, FIRST),
    "releases": lambda browser, app, plain: visits.releases(browser, plain.url, app.url, RELEASED),
    "wire": lambda browser, app, plain: wire.rows(browser, app.url, FAMILIES),
    "surfaces": lambda browser, app, plain: surfaces.rows(),
    "costs": lambda browser, app, plain: costs.rows(),
}


def main(asked: list[str]) -> None:
    """Run the parts that are named, or all; the memory of a fresh server comes first."""
    unknown = set(asked) - PARTS.keys()
    if unknown:
        raise SystemExit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print("| What | Measured | Bound | | In detail |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app, plain = Server(Path(folder) / "app"), Server(Path(folder) / "plain", "benchmarks/plain_page.py")
        browser = launch(playwright.chromium)
        try:
            app.start()
            plain.start()
            for name in asked or PARTS:
                for row in PARTS[name](browser, app, plain):
                    print(row.line(), flush=True)
        finally:
            browser.close()
            app.stop()
            plain.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
