"""Pictures of the pages of a running demo: `make demo` in one terminal, `make screenshots` in another.

Six pages in two widths, two languages and two themes, 48 pictures in docs/pictures/all/ (not kept in the repository), and the ones
that the README shows in docs/pictures/.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from tests.harness.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("home", "gallery", "work", "vote", "receipt", "result")
WIDTHS = (390, 1280)
LANGUAGES = ("en", "zh-hans")
THEMES = ("light", "dark")


def addresses(page: Page, site: str, language: str, receipt: str) -> dict[str, str]:
    """Returns the address of each page in one language; the work is the first interactive one of the gallery."""
    home = f"{site}/{language}/autumn"
    page.goto(f"{home}/works/?o=7")
    code = re.findall(r"/works/([a-z2-7]{6})/", page.content())[1]
    return {
        "home": f"{home}/", "gallery": f"{home}/works/?o=7", "work": f"{home}/works/{code}/?o=7", "vote": f"{home}/vote/",
        "receipt": f"{home}/receipt/{receipt}/", "result": f"{site}/{language}/spring/result/",
    }  # fmt: skip


def vote(page: Page, site: str) -> str:
    """A visitor votes for two works; returns the index of the ballot. The paper stays in the browser's cookies."""
    address = f"visitor{int(time.monotonic() * 1000)}@pictures.example"
    page.goto(f"{site}/en/autumn/vote/")
    page.fill('input[name="email"]', address)
    page.click("main form .form-end button.btn")
    page.wait_for_selector('input[name="code"]')
    letters = page.context.new_page()
    letters.goto(f"{site}/en/autumn/letters/?to={address}")
    digits = re.search(r"\b(\d{3})\s?(\d{3})\b", letters.inner_text("main"))
    letters.close()
    assert digits, "no letter came"
    page.fill('input[name="code"]', digits[1] + digits[2])
    page.click("main form .form-end button.btn")
    page.wait_for_selector('input[name="choice"]')
    for box in page.locator('input[name="choice"]').all()[:2]:
        box.check(force=True)
    page.click(".bar button.btn")
    page.wait_for_url("**/receipt/*/")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def settle(page: Page) -> None:
    """Every lazy picture of the page is loaded, and the page stands at its top."""
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 600)"
        " { scrollTo(0, y); await new Promise(r => setTimeout(r, 60)) } scrollTo(0, 0) }"
    )
    page.wait_for_load_state("networkidle")


def shots(site: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Yields name, whole page and first view of every picture, as PNG."""
    with chromium() as browser:
        for theme in THEMES:
            for width in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": 844 if width < 600 else 800}, color_scheme=theme)
                page = context.new_page()
                receipt = vote(page, site)
                for language in LANGUAGES:
                    for name, address in addresses(page, site, language, receipt).items():
                        page.goto(address)
                        settle(page)
                        yield f"{name}-{width}-{language}-{theme}", page.screenshot(full_page=True), page.screenshot()
                context.close()


def small(png: bytes) -> Image.Image:
    """Returns a picture in 256 colours, a third of the size."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)


KEPT = {
    "home-1280-en-light": "home.png", "gallery-1280-zh-hans-dark": "gallery.png", "result-1280-en-light": "result.png",
    "receipt-390-zh-hans-light": "receipt.png", "vote-390-en-dark": "vote.png",
}  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Takes the pictures and says where they are."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--site", default="http://localhost:8300")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "pictures" / "all")
    words: Any = parser.parse_args(argv)
    words.into.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, whole, first in shots(words.site):
        small(whole).save(words.into / f"{name}.png", optimize=True)
        if name in KEPT:
            small(first).save(ROOT / "docs" / "pictures" / KEPT[name], optimize=True)
        count += 1
    print(f"{count} pictures in {words.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
