"""One server and one browser for all tests of this folder; a browser that was never here where that is the point."""

from collections.abc import Callable, Iterator
from itertools import chain
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


@pytest.fixture(scope="session")
def _tabs() -> Iterator[dict[str, list[Visitor]]]:
    """Visitors kept from test to test, by what their browser's context is like: one that has been here is fast."""
    tabs: dict[str, list[Visitor]] = {}
    yield tabs
    for visitor in chain(*tabs.values()):
        visitor.close()


@pytest.fixture
def visit(browser: Browser, server: Server, _tabs: dict[str, list[Visitor]]) -> Iterator[Callable[..., Visitor]]:
    """Opens a path as a new visitor, in a browser that may have been here before; the session is always a new one.

    `first` for a browser that has never been here, or that is left otherwise than it was found; `base` for another
    server, whose visitors' are such too. The rest describes the browser's context.
    """
    kept: dict[str, list[Visitor]] = {key: list(found) for key, found in _tabs.items()}
    first_ones: list[Visitor] = []

    def come(where: str, base: str = "", first: bool = False, **context: Any) -> Visitor:
        if first or base:
            first_ones.append(Visitor(browser, base or server.url, **context))
            return first_ones[-1].open(where)
        free = kept.setdefault(str(context), [])
        if not free:
            free.append(Visitor(browser, server.url, **context))
            _tabs.setdefault(str(context), []).append(free[0])
        return free.pop(0).open(where)

    yield come
    for visitor in first_ones:
        visitor.close()
    for visitor in chain(*_tabs.values()):
        visitor.leave()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """With a failed test comes what the servers wrote last."""
    report = yield
    if report.failed and "/browser/" in item.path.as_posix():
        for one in _SERVERS:
            report.sections.append((f"server on port {one.port}", one.said()[-4000:]))
    return report
