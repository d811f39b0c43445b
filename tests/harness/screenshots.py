"""Pictures of the pages, each in two widths, two languages and two themes: `make screenshots`.

The rows of SETS say what is pictured. The set `demo` wants a running `make demo`; the set `desk` starts a site of its own, whose report
desk has content (tests/harness/desk_content.py). All pictures go to docs/pictures/all/ (not kept in the repository), the few that the
guides show (KEPT) to docs/pictures/. `make screenshots ARGS="desk --only figures"` makes a part of them.

A new page is a new row: a name, and a path after /<language>/<week>/ (or after /<language> if it begins with a slash), or steps.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from tests.harness.browser import chromium
from tests.harness.desk import CONTENT, desk_site

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (390, 1280)
LANGUAGES = ("en", "zh-hans")
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Tour:
    """A site to be pictured: its address, its week, the language just now, and what a set wants to remember of it."""

    url: str
    week: str
    language: str = "en"
    told: dict[str, Any] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """Returns a whole address: `path` stands after the language if it begins with a slash, else after the week."""
        return f"{self.url}/{self.language}{path}" if path.startswith("/") else f"{self.url}/{self.language}/{self.week}/{path}"


@dataclass(frozen=True)
class Shot:
    """One page: where it is, or the steps that lead to it, and who is signed in (a name of the set's `cookies`)."""

    name: str
    where: str | Callable[[Page, Tour], None]
    who: str = ""


@dataclass(frozen=True)
class Set:
    """Pages of one site; `prepare` is done once in every new browser."""

    open: Callable[[argparse.Namespace], AbstractContextManager[Tour]]
    shots: Sequence[Shot]
    prepare: Callable[[Page, Tour], None] | None = None


# ---- the demo: two weeks of votes ----


@contextlib.contextmanager
def the_demo(words: argparse.Namespace) -> Iterator[Tour]:
    """Yields the running demo."""
    yield Tour(words.site, "autumn")


def vote(page: Page, tour: Tour) -> None:
    """A visitor votes for two works; the tour knows the ballot's index. The paper stays in the browser's cookies."""
    address = f"visitor{int(time.monotonic() * 1000)}@pictures.example"
    page.goto(tour.at("vote/"))
    page.fill('input[name="email"]', address)
    page.click("main form .form-end button.btn")
    page.wait_for_selector('input[name="code"]')
    letters = page.context.new_page()
    letters.goto(tour.at(f"letters/?to={address}"))
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
    tour.told["receipt"] = page.url.rstrip("/").rsplit("/", 1)[1]


def a_work(page: Page, tour: Tour) -> None:
    """The first interactive work of the gallery."""
    page.goto(tour.at("works/?o=7"))
    page.goto(tour.at(f"works/{re.findall(r'/works/([a-z2-7]{6})/', page.content())[1]}/?o=7"))


def zoom(page: Page, tour: Tour) -> None:
    """A board, closer by one step."""
    page.goto(tour.at("boards/b8/"))
    page.click("#zoom")
    page.click("[data-do=in]")
    page.locator("[data-said]", has_text="160").wait_for(state="attached")


DEMO = (
    Shot("home", ""),
    Shot("gallery", "works/?o=7"),
    Shot("work", a_work),
    Shot("vote", "vote/"),
    Shot("receipt", "receipt/{receipt}/"),
    Shot("result", "/spring/result/"),
    Shot("halls", "halls/"),
    Shot("hall", "halls/desk/"),
    Shot("hall-winners", "/spring/halls/winners/"),
    Shot("board", "boards/b1/"),
    Shot("board-region", "boards/b7/#r-b8"),
    Shot("board-zoom", zoom),
    Shot("boards-found", "boards/?q=110"),
    Shot("board-history", "boards/b1/history/"),
    Shot("programme", "programme/"),
    Shot("hand-outs", "halls/desk/hand-outs/"),
    Shot("demo-figures", "figures/"),
)


# ---- the report desk ----


@contextlib.contextmanager
def the_desk(_: argparse.Namespace) -> Iterator[Tour]:
    """Yields a site of our own whose desk has content."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, desk_site(Path(folder), opening=CONTENT) as site:
        yield Tour(site.url, "sample", told=json.loads(site.said.splitlines()[-1]))


def tell(page: Page, tour: Tour, harm: str = "phishing") -> None:
    """The field page of a harm."""
    page.goto(tour.at("report/"))
    page.click(f"button[value={harm}]")
    page.wait_for_selector("#tell")


def refused(page: Page, tour: Tour) -> None:
    """The field page again: nothing was written."""
    tell(page, tour)
    page.locator("#words").evaluate("one => one.required = false")
    page.click("[data-send]")
    page.wait_for_selector("#said")


def code(page: Page, tour: Tour) -> None:
    """A report is sent; the page with its code."""
    tell(page, tour)
    page.fill("#words", "Text from 95588-99: your parcel is held, pay 1.20 at hxxps://post-fee.example/p")
    page.click("[data-send]")
    page.wait_for_selector(".groups")


def status(name: str) -> Callable[[Page, Tour], None]:
    """Returns the way to the page of a report with its code."""

    def go(page: Page, tour: Tour) -> None:
        page.goto(tour.at("report/look/"))
        page.fill("#code", tour.told["codes"][name])
        page.click("[data-send]")
        page.wait_for_selector(".closing")

    return go


def wrong_code(page: Page, tour: Tour) -> None:
    """A code that was mistyped."""
    page.goto(tour.at("report/look/"))
    page.fill("#code", "1234 5678 9012 3456 78")
    page.click("[data-send]")
    page.wait_for_selector("#said")


def half_a_decision(page: Page, tour: Tour) -> None:
    """A decision that lacks what its outcome needs."""
    page.goto(tour.at(f"reports/case/{tour.told['cases']['rich']}/#decision"))
    page.click("[name=do][value=decide]")
    page.wait_for_selector(".errors")


DESK = (
    Shot("report", "report/"),
    Shot("tell", tell),
    Shot("tell-harassment", lambda page, tour: tell(page, tour, "harassment")),
    Shot("tell-refused", refused),
    Shot("code", code),
    Shot("look", "report/look/"),
    Shot("look-wrong", wrong_code),
    Shot("status", status("rich")),
    Shot("status-decided", status("decided")),
    Shot("advice", "report/advice/"),
    Shot("kiosk", "report/kiosk/{kiosk}/"),
    Shot("figures", "figures/"),
    Shot("channels", "channels/"),
    Shot("channels-found", "channels/?q=bank+card"),
    Shot("cards", "cards/"),
    Shot("card", "cards/{card}/"),
    Shot("answer", "partner/{token}/"),
    Shot("notice", "notice/{affected}/"),
    Shot("desk-shift", "reports/shift/", "ada"),
    Shot("desk-queue", "reports/", "ada"),
    Shot("desk-case", "reports/case/{cases[rich]}/", "ada"),
    Shot("desk-cluster", "reports/case/{cases[cluster]}/", "ada"),
    Shot("desk-long", "reports/case/{cases[long]}/", "ben"),
    Shot("desk-read", "reports/case/{cases[read]}/", "ada"),
    Shot("desk-decided", "reports/case/{cases[decided]}/", "ada"),
    Shot("desk-decision-refused", half_a_decision, "ada"),
    Shot("desk-notice", "reports/notices/{drafted}/", "cyd"),
    Shot("desk-appeals", "reports/appeals/", "ben"),
    Shot("desk-appeal", "reports/appeals/{appeal}/", "ben"),
    Shot("desk-cards", "reports/cards/", "cyd"),
    Shot("desk-card", "reports/case/{cases[warned]}/card/", "ada"),
    Shot("desk-booths", "reports/booths/", "ada"),
    Shot("desk-deletions", "reports/deletions/", "ada"),
    Shot("desk-identities", "reports/identities/", "approver"),
    Shot("desk-custodian", "reports/identities/", "custodian"),
    Shot("desk-hand", "reports/by-hand/", "ada"),
)

SETS = {"demo": Set(the_demo, DEMO, vote), "desk": Set(the_desk, DESK)}

KEPT = {
    "home-1280-en-light": "home.webp", "gallery-1280-zh-hans-dark": "gallery.webp", "result-1280-en-light": "result.webp",
    "receipt-390-zh-hans-light": "receipt.webp", "vote-390-en-dark": "vote.webp",
    "report-390-en-light": "report.png", "desk-case-1280-en-light": "desk.png", "demo-figures-1280-en-light": "figures.png",
    "hall-1280-en-light": "hall.webp", "board-390-zh-hans-light": "board.webp",
}  # fmt: skip


# ---- taking them ----


def settle(page: Page) -> None:
    """Every lazy picture of the page is loaded, and the page stands at its top."""
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 600)"
        " { scrollTo(0, y); await new Promise(r => setTimeout(r, 60)) } scrollTo(0, 0) }"
    )
    page.wait_for_load_state("networkidle")


def go(page: Page, tour: Tour, shot: Shot, *, still: bool = False) -> None:
    """The page of a row is open, with its person signed in; `still`: it is not scrolled for its lazy pictures."""
    page.context.clear_cookies(name=re.compile("kept|desk-|sid"))
    cookies = tour.told.get("cookies", {}).get(shot.who, {})
    page.context.add_cookies([{"name": name, "value": value, "url": tour.url} for name, value in cookies.items()])
    if isinstance(shot.where, str):
        page.goto(tour.at(shot.where.format(**tour.told)))
    else:
        shot.where(page, tour)
    if not still:
        settle(page)


def taken(chosen: Set, words: argparse.Namespace) -> Iterator[tuple[str, bytes, bytes]]:
    """Yields name, whole page and first view of every picture of a set, as PNG."""
    with chosen.open(words) as site, chromium() as browser:
        for theme in words.themes:
            for width in words.widths:
                context = browser.new_context(viewport={"width": width, "height": 844 if width < 600 else 800}, color_scheme=theme)
                page = context.new_page()
                if chosen.prepare:
                    chosen.prepare(page, site)
                for language in words.languages:
                    for shot in chosen.shots:
                        if words.only in shot.name:
                            go(page, Tour(site.url, site.week, language, site.told), shot)
                            yield f"{shot.name}-{width}-{language}-{theme}", page.screenshot(full_page=True), page.screenshot()
                context.close()


def small(png: bytes) -> Image.Image:
    """Returns a picture in 256 colours, a third of the size."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)


def keep(png: bytes, place: Path) -> None:
    """The picture lies at `place`: as WebP where it is rich, in 256 colours where it is type and lines."""
    if place.suffix == ".webp":
        Image.open(io.BytesIO(png)).convert("RGB").save(place, quality=80, method=6)
    else:
        small(png).save(place, optimize=True)


def read_words(argv: list[str] | None) -> argparse.Namespace:
    """Returns what was asked for."""
    parser = argparse.ArgumentParser(
        prog="make screenshots", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", help=f"some of: {', '.join(SETS)} (default: all)")
    parser.add_argument("--site", default="http://localhost:8300", help="where the demo runs")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=THEMES)
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "pictures" / "all")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Takes the pictures and says where they are."""
    words = read_words(argv)
    words.into.mkdir(parents=True, exist_ok=True)
    count = 0
    for name in words.sets or SETS:
        for picture, whole, first in taken(SETS[name], words):
            small(whole).save(words.into / f"{picture}.png", optimize=True)
            if picture in KEPT:
                keep(first, ROOT / "docs" / "pictures" / KEPT[picture])
            count += 1
    print(f"{count} pictures in {words.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
