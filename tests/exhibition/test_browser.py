"""A board in a real browser: zoom by keys with what is shown in words, the page that still scrolls, regions without scripts, axe."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from showground.exhibition.models import Board
from tests.exhibition.hung import Hung, a_board, a_hall, published
from tests.harness.browser import PATIENCE, axe, complaints, tab
from tests.harness.browser import browser as browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth - innerWidth"
FETCHED = "performance.getEntriesByType('resource').filter(one => one.initiatorType !== 'img').map(one => one.name)"


def weight(page: Page) -> int:
    """How many bytes the page in the tab is without its pictures, zipped as the front door sends it."""
    return sum(len(gzip.compress(page.request.get(address).body())) for address in [page.url, *page.evaluate(FETCHED)])


@pytest.fixture
def shown(settings: Any, tmp_path: Path) -> tuple[Hung, Board]:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    return stood, published(stood, a_board(stood))


def test_zoom_is_three_buttons_and_words_and_gives_the_focus_back(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    with tab(browser, width=390, height=720) as page:
        heard = complaints(page)
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        assert page.context.cookies() == []
        assert page.locator("script[src*='zoom.js']").count() == 0
        page.locator("#zoom").focus()
        page.keyboard.press("Enter")
        said = page.locator("[data-said]")
        expect(said).to_have_text("100 %. Shown: the whole board")
        buttons = [page.get_by_role("button", name=name, exact=True) for name in ("Close", "Closer", "Further", "Whole board")]
        reached = set()
        for _ in range(8):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.textContent.trim()"))
        assert {"Closer", "Further", "Whole board", "Close"} <= reached
        assert [button.count() for button in buttons] == [1, 1, 1, 1]
        for button in buttons:
            box = button.bounding_box()
            assert box is not None and box["height"] >= 44
        buttons[1].click()
        expect(said).to_contain_text("160 %. Shown: ")
        page.keyboard.press("-")
        expect(said).to_have_text("100 %. Shown: the whole board")
        assert page.locator("#zoom-stage").get_attribute("role") == "img"
        assert page.locator("#zoom-stage").get_attribute("aria-label") == "A board about calls from a bank."
        assert axe(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#zoom-room")).to_be_hidden()
        assert page.evaluate("document.activeElement.id") == "zoom"
        assert heard == [], [one[:150] for one in heard[:3]]


def test_a_finger_on_the_picture_scrolls_the_page(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    context = browser.new_context(viewport={"width": 390, "height": 640}, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        box = page.locator(".bd-pane img").bounding_box()
        assert box is not None
        client = context.new_cdp_session(page)
        x, y = box["x"] + 100, min(600, box["y"] + 250)
        for kind, way in (("touchStart", 0), *(("touchMove", step * 20) for step in range(1, 13))):
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - way}]})
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("() => scrollY > 100")
    finally:
        context.close()


def test_regions_and_paragraphs_lead_to_each_other_without_scripts(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    with tab(browser, width=390, javascript=False) as page:
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        link = page.locator(".show").first
        name = str(link.get_attribute("href")).removeprefix("#r-")
        link.click()
        region = page.locator(f"#r-{name}")
        expect(region.locator("text")).to_be_visible()
        box = region.locator("text").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 14
        page.keyboard.press("Enter") if page.evaluate("document.activeElement.id") == f"r-{name}" else region.locator(
            ".spot"
        ).click()
        page.wait_for_url(f"**#t-{name}")


def test_a_mark_says_where_it_leads_and_is_large_enough_for_a_finger(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    for width in (390, 1280):
        with tab(browser, width=width) as page:
            page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
            marks = page.locator(".show:visible")
            assert marks.count() >= 1
            for mark in marks.all():
                assert str(mark.get_attribute("aria-label")).startswith("Show on the board: ")
                box = mark.bounding_box()
                assert box is not None and min(box["width"], box["height"]) >= 44
                assert box["x"] >= 0 and box["x"] + box["width"] <= width
            beside = page.locator(".blk-head:has(+ .blk:not(.blk-head)) > .show")
            assert beside.count() == 0  # one mark is enough for a heading and its own text


def test_a_paragraph_under_the_pointer_lights_its_region(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    with tab(browser, width=1280) as page:
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        block = page.locator(".blk:has(> .show)").first
        name = str(block.get_attribute("id")).removeprefix("t-")
        block.hover()
        expect(page.locator(f"#r-{name}")).to_have_class("reg lit")
        page.mouse.move(1, 1)
        expect(page.locator(f"#r-{name}")).to_have_class("reg")


def test_a_walk_leads_through_every_room_of_the_map(shown: Any, browser: Browser, live_server: Any) -> None:
    stood, board = shown
    second = published(stood, a_board(stood))
    with tab(browser, width=390, javascript=False) as page:
        page.goto(f"{live_server.url}/en/2026/halls/street/")
        rooms = [str(one.get_attribute("href")) for one in page.locator(".map a").all()]
        walk = [str(one.get_attribute("href")) for one in page.locator(".walk h2 a").all()]
        assert rooms == walk == [f"/en/2026/boards/{one.code}/?via=hall" for one in (board, second)]
        first = page.locator(".walk img").first
        assert first.get_attribute("fetchpriority") == "high" and first.get_attribute("loading") is None
        assert page.locator(".walk img").last.get_attribute("loading") == "lazy"
        box = first.bounding_box()
        assert box is not None and box["y"] + 0.5 * box["height"] < 844  # half of the first board is seen before anybody scrolls
        assert page.get_by_role("link", name="Begin the walk").get_attribute("href") == walk[0]
        expect(page.locator("#note-words")).to_be_hidden()
        page.get_by_text("Leave a line").click()
        expect(page.locator("#note-words")).to_be_visible()
        page.goto(f"{live_server.url}{walk[0]}")
        page.locator("[rel=next]").click()
        assert f"/boards/{second.code}/" in page.url
        assert page.locator("[rel=next]").count() == 0 and page.get_by_text("To the other halls").is_visible()


def test_the_picture_of_a_board_is_in_the_first_screen_of_a_phone(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    with tab(browser, width=390, height=844) as page:
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        box = page.locator(".bd-pane img").bounding_box()
        assert box is not None and box["y"] + 0.8 * box["height"] < 844
        assert weight(page) < 100_000
        faces = [str(name).rpartition("/")[2] for name in page.evaluate(FETCHED) if str(name).endswith(".woff2")]
        assert sorted(faces) == ["basic-besley.woff2", "basic-instrument-sans.woff2"]


def test_a_desk_s_first_screen_shows_the_whole_board_its_buttons_and_the_way_on(
    shown: Any, browser: Browser, live_server: Any
) -> None:
    stood, board = shown
    second = published(stood, a_board(stood))
    with tab(browser, width=1280, height=900) as page:
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        way = page.locator(".step a")
        for one in (page.locator(".bd-pane img"), page.locator("#zoom"), way):
            box = one.bounding_box()
            assert box is not None and box["y"] + box["height"] <= 900
        way.click()
        assert f"/boards/{second.code}/?via=next" in page.url
        assert str(page.locator(".step .back").get_attribute("href")).endswith(f"/boards/{board.code}/?via=back")
        page.set_viewport_size({"width": 320, "height": 640})
        page.locator("#zoom").evaluate("one => one.textContent = 'Look at it closely'")
        assert page.evaluate(WIDE) <= 0, "long words in the buttons take a second line"


def test_a_phone_with_a_dense_screen_fetches_no_finer_picture_than_eyes_do(shown: Any, browser: Browser, live_server: Any) -> None:
    _, board = shown
    html = urlopen(f"{live_server.url}/en/2026/boards/{board.code}/").read().decode()
    light, others = re.findall(r'srcset="([^"]+)"', html)[:2]
    widths = dict(pair.split(" ")[::-1] for pair in others.split(", "))
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3)
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/en/2026/boards/{board.code}/")
        assert page.locator(".bd-pane img").evaluate("one => one.currentSrc").endswith(light)
        page.locator(".bd-pane source").evaluate("one => one.remove()")  # a phone that does not know AVIF
        page.wait_for_function("end => document.querySelector('.bd-pane img').currentSrc.endsWith(end)", arg=widths["720w"])
    finally:
        context.close()


@pytest.mark.parametrize(("lang", "dark", "width"), [("en", False, 320), ("zh-hans", True, 1280)])
def test_pages_are_clean_narrow_and_light(
    lang: str, dark: bool, width: int, shown: Any, browser: Browser, live_server: Any
) -> None:
    _, board = shown
    with tab(browser, width=width, dark=dark) as page:
        for path in (
            "halls/",
            "halls/street/",
            f"boards/{board.code}/",
            f"boards/{board.code}/history/",
            "boards/?q=bank",
            "programme/",
            "visits/",
        ):
            page.goto(f"{live_server.url}/{lang}/2026/{path}")
            assert axe(page) == [], path
            assert page.evaluate(WIDE) <= 0, path
        assert page.context.cookies() == []


def test_the_desk_draws_a_region_and_is_clean(shown: Any, browser: Browser, live_server: Any) -> None:
    stood, board = shown
    from django.conf import settings

    session = stood.client("curator").cookies[settings.SESSION_COOKIE_NAME].value
    with tab(browser, width=1280, height=900) as page:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        home = f"boards/{board.code}"
        for path in ("halls/", "halls/new/", "halls/street/", "guest-book/", "visits/", f"{home}/whole/", f"{home}/languages/"):
            page.goto(f"{live_server.url}/en/2026/desk/{path}")
            assert axe(page) == [], path
        name = board.shown.document["blocks"][1]["id"]
        page.goto(f"{live_server.url}/en/2026/desk/boards/{board.code}/?block={name}")
        assert axe(page) == []
        box = page.locator(".ex-pane svg").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 240, box["y"] + 90)
        page.mouse.up()
        page.locator(".ex-blocks button.ink").click()
        page.wait_for_url("**#e-*")
        x, y, w, h = board.texts.get(state="draft").document["blocks"][1]["box"]
        scale = board.shown.document["picture"]["width"] / box["width"]
        assert [round(side / scale) for side in (x, y, w, h)] == pytest.approx([40, 40, 200, 50], abs=2)
