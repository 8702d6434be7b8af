"""Photographs the first figure of every page for the home page's cards, and the README's picture.

Run by hand while the app runs: PYTHONPATH=. python assets/make_cards.py http://localhost:8501
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pages.table import PAGES

ASSETS = Path(__file__).parent
CARD = (640, 320)  # px, twice what a card is wide on a laptop


def photograph(page: Page, address: str) -> Image.Image:
    """The settled figure of a page."""
    page.goto(address)
    page.wait_for_selector(".stage[data-ready]")
    page.wait_for_timeout(1000)
    shot = page.locator(".stage-plot").screenshot()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def main(base: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720}, device_scale_factor=1.5)
        for entry in PAGES:
            if entry.about:
                card = photograph(page, f"{base}/{entry.path}")
                card.thumbnail(CARD, Image.Resampling.LANCZOS)
                card.quantize(128).save(ASSETS / "cards" / f"{entry.path}.png", optimize=True)
        page.goto(f"{base}/segmentation")
        page.wait_for_selector(".stage[data-ready]")
        page.wait_for_timeout(1000)
        whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        whole.quantize(128).save(ASSETS / "readme.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
