"""Resident memory of the served app, and how it grows with each visitor."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.row import Row
from tests.browser.server import Server
from tests.browser.visitor import Visitor

VISITORS = 10


def rows(browser: Browser, server: Server, paths: list[str]) -> Iterator[Row]:
    """paths: every page and part, each opened once; then ten visitors who stay, each on the next of them."""
    visitor = Visitor(browser, server.url)
    for path in paths:
        visitor.open(path)
    visitor.close()
    opened = resident(server.pid)
    yield Row("resident memory after every page was opened once", opened, " MB", 800)
    stay = [Visitor(browser, server.url).open(paths[n % len(paths)]) for n in range(VISITORS)]
    stay[-1].page.wait_for_timeout(2000)
    grown = (resident(server.pid) - opened) / VISITORS
    for visitor in stay:
        visitor.close()
    yield Row("growth for each further visitor with a page open", grown, " MB", 12, note=f"{VISITORS} visitors")


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024
