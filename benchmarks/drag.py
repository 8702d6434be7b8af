"""A one-second drag over 60 steps: how many of them the figure shows, and what a frame costs the main thread."""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.row import Row
from tests.browser.visitor import Visitor

STEPS = 60
REPEATS = 5
PLAIN_KEY = "slope"

# At every frame of the screen: where the thumb is, and a print of all that a drag may change in a figure.
_WATCH = """key => {
  const input = document.querySelector(`.st-key-${key} input[type=range]`);
  const layers = ['.scatterlayer path', '.imagelayer image', '.contourlayer path'];
  const print = () => [...document.querySelectorAll(layers.join())]
    .map(e => e.getAttribute('transform') || (e.getAttribute('d') || e.getAttribute('href') || '').slice(-400)).join();
  window.watched = { passed: 0, painted: 0 };
  new MutationObserver(changes => watched.passed += changes.filter(c => c.target === input).length)
    .observe(document.body, { subtree: true, attributes: true, attributeFilter: ['value'] });
  let last = print(), credited = 0;
  const look = () => {
    const now = print();
    // Steps that were passed between two frames of the screen count as one that was painted.
    if (now !== last && watched.passed > credited) { watched.painted++; credited = watched.passed; }
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def rows(browser: Browser, plain: str, app: str, pages: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """pages: name -> (path, key of the slider)."""
    share, _ = _drags(browser, plain, "/", PLAIN_KEY, live=False)
    yield Row("steps painted during a one-second drag over 60 steps, `st.slider` with `st.plotly_chart`", median(share))
    for name, (path, key) in pages.items():
        share, cost = _drags(browser, app, path, key, live=True)
        note = f"{min(share):.2f} to {max(share):.2f}"
        yield Row(f"steps painted during a one-second drag over 60 steps, {name}", median(share), "", 0.95, True, note)
        yield Row(f"main thread, a frame, {name}", median(cost), " ms", 33, note=f"{min(cost):.1f} to {max(cost):.1f}")


def _drags(browser: Browser, base: str, path: str, key: str, *, live: bool) -> tuple[list[float], list[float]]:
    """Share of the passed steps that were painted, and ms of the main thread for each, in several drags."""
    visitor = Visitor(browser, base)
    if live:
        visitor.open(path)
    else:
        visitor.page.goto(base + path)
        visitor.page.wait_for_selector(".js-plotly-plot .scatterlayer path", state="attached")
        visitor.page.wait_for_timeout(1500)
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    shares, costs = [], []
    for _ in range(REPEATS):
        visitor.slider(key).scroll_into_view_if_needed()
        thumb = visitor.at(key)
        visitor.page.mouse.move(thumb["x"], thumb["y"])
        visitor.page.wait_for_timeout(700)
        visitor.page.mouse.down()
        before = _busy(session)
        visitor.page.evaluate(_WATCH, key)
        _move(visitor, thumb)
        visitor.page.wait_for_timeout(120)
        seen = visitor.page.evaluate("() => watched")
        spent = (_busy(session) - before) * 1000
        visitor.page.mouse.up()
        shares.append(seen["painted"] / seen["passed"])
        costs.append(spent / max(1, seen["painted"]))
        visitor.page.wait_for_timeout(1500)
        visitor.page.reload()
        visitor.page.wait_for_selector(".js-plotly-plot .scatterlayer path", state="attached")
        visitor.page.wait_for_timeout(1500)
    visitor.close()
    return shares, costs


def _move(visitor: Visitor, thumb: dict[str, Any]) -> None:
    """60 single steps within a second, turning round at the ends of the track."""
    step, way = thumb["step"], 1
    start = time.perf_counter()
    for passed in range(1, STEPS + 1):
        way = -way if not 0 <= step + way <= thumb["last"] else way
        step += way
        ahead = start + passed / STEPS - time.perf_counter()
        if ahead > 0:
            visitor.page.wait_for_timeout(ahead * 1000)
        visitor.page.mouse.move(thumb["left"] + thumb["width"] * step / thumb["last"], thumb["y"])


def _busy(session: Any) -> float:
    """Seconds of processor time that the page's main thread has worked."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])
