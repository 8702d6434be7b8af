"""First view, and release to settled, against a bare Streamlit page with one Plotly chart."""

from collections.abc import Iterator

from playwright.sync_api import Browser

from benchmarks.drag import PLAIN_KEY
from benchmarks.row import Row, ratio, times
from tests.browser.visitor import Visitor

REPEATS = 7
# When a page's figure stands: the plain chart once it is drawn, ours once the server's numbers stand beside it too.
_PLAIN = "() => document.querySelector('.stPlotlyChart .scatterlayer .trace path') !== null"
_STAGE = "() => !!document.querySelector('.stage')?.dataset.settled"
_STOOD = """ready => {
  const look = () => (0, eval)(ready)() ? window.stood = performance.now() : requestAnimationFrame(look);
  look();
}"""
# From the release of a thumb until each of some prints of the page has changed.
_RELEASED = """prints => { const look = prints.map(print => (0, eval)(print)); window.took = null;
  document.addEventListener('pointerup', () => {
    const start = performance.now(), before = look.map(print => print());
    const wait = () => {
      if (look.every((print, i) => print() && print() !== before[i])) window.took = performance.now() - start;
      else requestAnimationFrame(wait);
    };
    wait();
  }, { once: true, capture: true }); }"""
_PLAIN_STATE = [
    "() => [...document.querySelectorAll('.stPlotlyChart .scatterlayer path')].map("
    "e => e.getAttribute('d') + e.getAttribute('transform')).join()",
    "() => [...document.querySelectorAll('.stMarkdown p')].map(e => e.innerText).find(text => text.startsWith('Loss'))",
]
_STAGE_STATE = ["() => document.querySelector('.stage').dataset.settled"]


def first_views(browser: Browser, plain: str, app: str, pages: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """pages: name -> (path, key of a slider). The server is warm, the browser has nothing yet."""
    took: dict[str, list[float]] = {name: [] for name in ("plain", *pages)}
    for _ in range(REPEATS):
        for name in took:
            base, path, ready = (plain, "/", _PLAIN) if name == "plain" else (app, pages[name][0], _STAGE)
            visitor = Visitor(browser, base)
            visitor.context.add_init_script(f"({_STOOD})({ready!r})")
            visitor.page.goto(base + path)
            visitor.page.wait_for_function("() => window.stood", polling=200)
            took[name].append(visitor.page.evaluate("() => window.stood"))
            visitor.close()
    for name in pages:
        note = f"{times(took[name])}, plain page {times(took['plain'])}"
        yield Row(f"first view, {name}", ratio(took[name], took["plain"]), " times", 1.6, note=note)


def releases(browser: Browser, plain: str, app: str, pages: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """From release until figure and numbers are the server's, and until the frames of another slider are at hand."""
    bare = _plain_rerun(browser, plain)
    for name, (path, key) in pages.items():
        settled, ready = _release(browser, app, path, key)
        note = f"{times(settled)}, plain page {times(bare)}"
        yield Row(f"release to settled, {name}", ratio(settled, bare), " times", 2.5, note=note)
        if ready:
            note = f"{times(ready)} with the hand on another slider"
            yield Row(f"release to the next drag's frames, {name}", ratio(ready, bare), " times", 8, note=note)


def _plain_rerun(browser: Browser, base: str) -> list[float]:
    visitor = Visitor(browser, base)
    visitor.page.goto(base)
    visitor.page.wait_for_selector(".stPlotlyChart .scatterlayer path", state="attached")
    visitor.page.wait_for_timeout(2000)
    took = [_let_go(visitor, PLAIN_KEY, turn, _PLAIN_STATE) for turn in range(REPEATS)]
    visitor.close()
    return took


def _release(browser: Browser, base: str, path: str, key: str) -> tuple[list[float], list[float]]:
    visitor = Visitor(browser, base).open(path)
    visitor.page.wait_for_timeout(1500)
    others = [name for name in visitor.open_sliders() if name != key]
    settled, ready = [], []
    for turn in range(REPEATS):
        settled.append(_let_go(visitor, key, turn, _STAGE_STATE))
        visitor.ready()
        if others:
            ready.append(settled[-1] + _reach(visitor, others[0]))
    visitor.close()
    return settled, ready


def _let_go(visitor: Visitor, key: str, turn: int, state: list[str]) -> float:
    """Drag to another step each turn; ms from release until the page has changed."""
    visitor.slider(key).scroll_into_view_if_needed()
    thumb = visitor.at(key)
    visitor.page.mouse.move(thumb["x"], thumb["y"])
    visitor.page.wait_for_timeout(600)
    visitor.page.evaluate(_RELEASED, state)
    visitor.page.mouse.down()
    visitor.pull(key, 2 + 3 * turn + (thumb["last"] // 2 if turn % 2 else 0))
    visitor.page.wait_for_timeout(100)
    visitor.page.mouse.up()
    visitor.page.wait_for_function("() => window.took", polling=50)
    return float(visitor.page.evaluate("() => window.took"))


def _reach(visitor: Visitor, key: str) -> float:
    """Put the hand on a slider; ms until its frames are at hand."""
    visitor.slider(key).scroll_into_view_if_needed()
    thumb = visitor.at(key)
    visitor.page.evaluate(
        """key => { window.reached = null; const stage = document.querySelector('.stage');
        document.addEventListener('pointerover', () => {
          const start = performance.now();
          const look = () => {
            if (stage.dataset.ready === key) window.reached = performance.now() - start;
            else requestAnimationFrame(look);
          };
          look();
        }, { once: true, capture: true }); }""",
        key,
    )
    visitor.page.mouse.move(thumb["x"], thumb["y"])
    visitor.page.wait_for_function("() => window.reached !== null", polling=50)
    return float(visitor.page.evaluate("() => window.reached"))
