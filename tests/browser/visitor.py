"""A visitor with a real browser: opens pages, moves sliders, reads the stage, and notes all that goes wrong."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserType, Page, expect

from pages.table import PAGES

FLAGS = [
    "--no-sandbox", "--no-first-run", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--enable-unsafe-swiftshader",
]  # fmt: skip
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SOMETHING = re.compile(".+")
PATIENCE = 60_000  # ms; how long a loaded machine may take, not how long a page should

expect.set_options(timeout=PATIENCE)

# The thumb's centre, the track's ends, and the position among the steps.
_PLACE = """input => {
  const thumb = input.closest('[style*="left"]'), track = thumb.parentElement.getBoundingClientRect();
  const t = thumb.getBoundingClientRect();
  const at = name => Number(input.getAttribute(name));
  return { x: t.x + t.width / 2, y: t.y + t.height / 2, left: track.left, width: track.width,
    step: Math.round((at('value') - at('min')) / at('step')), last: Math.round((at('max') - at('min')) / at('step')) };
}"""
_BRING = """input => {
  const thumb = input.closest('[style*="left"]');
  thumb.scrollIntoView({ block: 'nearest' });
  const box = thumb.getBoundingClientRect(), widget = thumb.closest('[class*="st-key-"]');
  return widget.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""
_NUMBERS = """root => Object.fromEntries([...root.querySelectorAll('[data-slot]')].map(
  e => [e.dataset.slot, e.getAttribute('value') === '' ? NaN : Number(e.getAttribute('value'))]))"""
# Traces as they stand in the figure; arrays come from the server as base64 and from a reel as Float32Array.
_TRACES = """root => root.querySelector('.stage-plot').data.map(trace => {
  const kinds = { f8: Float64Array, f4: Float32Array, i1: Int8Array, u1: Uint8Array, i2: Int16Array, i4: Int32Array };
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
  const plain = a => !a ? [] : [...(a.bdata ? new kinds[a.dtype](bytes(a.bdata)) : a)];
  return { name: trace.name || '', mode: trace.mode || '', x: plain(trace.x), y: plain(trace.y) };
})"""
# What a figure's axes say, and where on the screen it puts its markers and the ends of its lines.
_SCENE = """root => {
  const plot = root.querySelector('.stage-plot'), home = plot.getBoundingClientRect();
  const all = selector => [...plot.querySelectorAll(selector)];
  const middle = node => {
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2 - home.x, box.y + box.height / 2 - home.y];
  };
  const words = '.infolayer text, .cartesianlayer .xtick text, .cartesianlayer .ytick text';
  return { words: all(words).map(node => node.textContent),
    places: all('.scatterlayer path.point, .scatterlayer path.js-line').flatMap(middle) };
}"""

_OPEN_SLIDERS = """() => [...new Set([...document.querySelectorAll('input[type=range]')]
  .filter(e => e.closest('details:not([open])') === null).map(e => e.closest('[class*="st-key-"]')))]
  .map(e => [...e.classList].find(name => name.startsWith('st-key-')).slice(7))"""


def launch(chromium: BrowserType) -> Browser:
    """The Chromium that CHROMIUM names, else one on the PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    return chromium.launch(executable_path=found, args=FLAGS)


def place(view: str, **settings: str) -> str:
    """Path and query of a view of some page with these settings."""
    for page in PAGES:
        for index, one in enumerate(page.views):
            if one.key == view:
                part = {"part": view.split("/")[1]} if index else {}
                return f"/{page.path}?{urlencode(part | settings)}"
    raise KeyError(view)


class Visitor:
    """One browser context with one page.

    `complaints` gathers console errors, failed answers and exceptions; `strays` every request that left this machine.
    """

    def __init__(self, browser: Browser, base: str, **context: Any) -> None:
        context = {"viewport": {"width": 1280, "height": 720}} | context
        self.base, self.context, self.size = base, browser.new_context(**context), context["viewport"]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.strays: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._watch(asked.url))
        self.page.on("websocket", lambda socket: self._watch(socket.url))
        self.stage = self.page.locator(".stage")

    def _watch(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("localhost", "127.0.0.1"):
            self.strays.append(url)

    def open(self, where: str) -> "Visitor":
        """Go to a path and wait for its stage."""
        self.page.goto(self.base + where)
        self.ready()
        return self

    def ready(self) -> None:
        """Until the server's figure stands, nothing runs any more, and the frames of a slider are at hand."""
        self.settle()
        expect(self.stage).to_have_attribute("data-ready", SOMETHING)

    def settle(self) -> None:
        """Until the server's figure stands and the script has ended."""
        for _ in range(2):  # that of the page before goes when the script has ended, and may have been the one seen
            expect(self.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
            expect(self.stage).to_have_count(1)
            expect(self.stage).to_have_attribute("data-settled", SOMETHING)

    def quiet(self) -> None:
        """Nothing went wrong so far."""
        assert self.page.locator("[data-testid=stException]").count() == 0, self.page.locator(".stApp").inner_text()
        assert self.complaints == []
        assert self.strays == []

    # ---- what the stage shows ----------------------------------------------------------------------------------------
    def numbers(self) -> dict[str, float]:
        """slot -> the number that stands in the reading, NaN where there is none."""
        found = self.stage.evaluate(_NUMBERS)
        return {name: float("nan") if value is None else float(value) for name, value in found.items()}

    def traces(self) -> list[dict[str, Any]]:
        """Name, mode, x and y of the figure's traces as they are drawn now."""
        return list(self.stage.evaluate(_TRACES))

    def scene(self) -> dict[str, Any]:
        """The figure's words, among them its axes' titles and ticks, and where its points and lines lie, in px."""
        return dict(self.stage.evaluate(_SCENE))

    def picture(self) -> np.ndarray:
        """The figure's pixels, (H, W, 3)."""
        shot = Image.open(io.BytesIO(self.page.locator(".stage-plot").screenshot()))
        return np.asarray(shot.convert("RGB"), dtype=np.int16)

    def settled(self) -> int:
        """The number of the server's last figure; 0 while one is on its way."""
        return int(self.stage.get_attribute("data-settled") or 0)

    def speech(self) -> str:
        return self.page.locator(".stage-speech").inner_text()

    def query(self) -> dict[str, str]:
        return query_of(self.page.url)

    # ---- sliders -----------------------------------------------------------------------------------------------------
    def slider(self, key: str) -> Any:
        """The native input under a slider's key, in sight."""
        native = self.page.locator(f".st-key-{key} input[type=range]")
        folded = native.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.locator("summary").click()
        return native

    def open_sliders(self) -> list[str]:
        """The keys of the sliders that are in sight, from above."""
        return list(self.page.evaluate(_OPEN_SLIDERS))

    def at(self, key: str) -> dict[str, Any]:
        """x, y of the thumb, left and width of the track in px; step and last step."""
        return dict(self.slider(key).evaluate(_PLACE))

    def at_rest(self, key: str) -> dict[str, Any]:
        """`at`, once the slider stands still: what is folded away opens slowly."""
        before: dict[str, Any] = {}
        while (now := self.at(key)) != before:
            before = now
            self.page.wait_for_timeout(150)
        return now

    def bring(self, key: str) -> dict[str, Any]:
        """`at`, after scrolling no farther than is needed for the thumb to lie open to a hand."""
        before: dict[str, Any] = {}
        while (now := self.at_rest(key)) != before:
            before = now
            self.page.wait_for_function(_BRING, arg=self.slider(key).element_handle())
        return now

    def shows(self, key: str, step: int) -> None:
        """Until the stage shows this step of this slider."""
        expect(self.stage).to_have_attribute("data-step", f"{key}={step}")

    def grab(self, key: str) -> None:
        """Put the pointer on the thumb, wait for its frames, and press."""
        thumb = self.bring(key)
        self.page.mouse.move(thumb["x"], thumb["y"])
        expect(self.stage).to_have_attribute("data-ready", key)
        self.page.mouse.down()

    def pull(self, key: str, to: int, *, wait: bool = True) -> int:
        """With the thumb held, move it to a step, and wait until it is there; the step."""
        thumb = self.at(key)
        to = min(max(to, 0), int(thumb["last"]))
        self.page.mouse.move(thumb["left"] + thumb["width"] * to / thumb["last"], thumb["y"])
        if wait:
            self.page.wait_for_function(
                f"([input, step]) => ({_PLACE})(input).step === step", arg=[self.slider(key).element_handle(), to]
            )
        return to

    def drag(self, key: str, steps: Iterator[int] | range | list[int]) -> Iterator[int]:
        """Drag over these steps; yields each as soon as the stage shows it, with the thumb still held."""
        self.grab(key)
        for step in steps:
            taken = self.pull(key, step)
            self.shows(key, taken)
            yield taken
        self.page.mouse.up()

    def leave(self) -> None:
        """Let go of what is held, and be nowhere; the next to come finds the browser as it was."""
        if self.page.url == "about:blank":
            return
        self.page.mouse.up()
        self.page.unroute_all()
        self.page.goto("about:blank")
        self.page.set_viewport_size(self.size)
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        self.complaints.clear()
        self.strays.clear()

    def close(self) -> None:
        self.context.close()


def query_of(url: str) -> dict[str, str]:
    return {key: texts[0] for key, texts in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


def differ(one: np.ndarray, other: np.ndarray) -> float:
    """The share of pixels that an eye would see change: not an edge that is rounded to the next row of pixels."""
    assert one.shape == other.shape
    new = np.abs(one - other).max(-1) > 60
    return float((new[1:, 1:] & new[:-1, 1:] & new[1:, :-1] & new[:-1, :-1]).mean())
