"""One server and one browser for all tests of this folder; a visitor of its own where a first visit is the point."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.server import Server
from tests.browser.visitor import Visitor, launch

_SERVERS: list[Server] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of two processes opens one server and one browser, and takes every other test."""
    mine = [item for item in items if "/browser/" in item.path.as_posix()]
    for place, item in enumerate(mine):
        item.add_marker(pytest.mark.xdist_group(f"browser-{place % 2}"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as `make run` starts it."""
    one = Server(tmp_path_factory.mktemp("server") / "log")
    _SERVERS.append(one)
    yield one.start()
    one.stop()


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[Server]:
    """A second one, fresh, to be stopped or looked at alone."""
    one = Server(tmp_path / "log")
    _SERVERS.append(one)
    yield one.start()
    one.stop()
    _SERVERS.remove(one)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = launch(playwright.chromium)
        yield one
        one.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Opens a path as a new visitor; `base` for another server, the rest describes the browser's context."""
    visitors: list[Visitor] = []

    def come(where: str, base: str = "", **context: Any) -> Visitor:
        visitors.append(Visitor(browser, base or server.url, **context))
        return visitors[-1].open(where)

    yield come
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="session")
def _tab(browser: Browser, server: Server) -> Iterator[Visitor]:
    one = Visitor(browser, server.url)
    yield one
    one.close()


@pytest.fixture
def revisit(_tab: Visitor) -> Iterator[Callable[[str], Visitor]]:
    """Opens a path in a browser that has been here before: for what a first visit would not show otherwise."""

    def come(where: str) -> Visitor:
        return _tab.open(where)

    _tab.complaints.clear()
    _tab.strays.clear()
    yield come
    _tab.page.mouse.up()  # a test that failed may still hold something
    _tab.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """With a failed test comes what the servers wrote last."""
    report = yield
    if report.failed and "/browser/" in item.path.as_posix():
        for one in _SERVERS:
            report.sections.append((f"server on port {one.port}", one.said()[-4000:]))
    return report
