"""A hall on a screen in the booth: it begins anew by itself, keeps nothing of a visitor, and nothing on it leads away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from showground.exhibition.actions import visits
from showground.exhibition.models import Board, Note, Visits
from showground.exhibition.views import kiosk
from tests.exhibition.hung import Hung, a_board, a_hall, published
from tests.harness.browser import PATIENCE, axe, complaints, tab
from tests.harness.browser import browser as browser

pytestmark = pytest.mark.django_db
HOME = "/en/2026/kiosk/street/3/"
AWAY = re.compile(r'(?:href|action|formaction)="([^"]+)"')


@pytest.fixture
def shown(settings: Any, tmp_path: Path) -> tuple[Hung, list[Board]]:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    return stood, [published(stood, a_board(stood)) for _ in range(2)]


def body(html: str) -> str:
    return html.partition("<body")[2]


# ---- no way out, no trace ----


def test_no_link_and_no_form_of_a_kiosk_leads_out_of_it_and_no_page_sets_a_cookie(shown: Any) -> None:
    stood, boards = shown
    client, seen, ahead = stood.client(), set(), [HOME]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        for link in AWAY.findall(body(answer.content.decode())):
            if not link.startswith("#"):
                assert re.match(r"/(en|zh-hans)/2026/kiosk/street/3/", link), (path, link)
                ahead.append(link)
    wanted = {f"/{lang}/2026/kiosk/street/3/{part}" for lang in ("en", "zh-hans") for part in ("", "hall/", "guest-book/")}
    wanted |= {f"/{lang}/2026/kiosk/street/3/{board.code}/" for lang in ("en", "zh-hans") for board in boards}
    assert wanted <= {path.partition("?")[0] for path in seen}
    assert client.cookies == {}


def test_without_scripts_every_page_begins_anew_by_itself(shown: Any) -> None:
    stood, boards = shown
    for path in ("hall/", "guest-book/", f"{boards[0].code}/"):
        head = stood.client().get(HOME + path).content.decode().partition("<body")[0]
        assert f'<noscript><meta http-equiv="refresh" content="{kiosk.ALONE}; url={HOME}"></noscript>' in head


def test_a_board_that_is_gone_leads_back_to_the_hall_and_no_other_number_is_a_kiosk(shown: Any) -> None:
    stood, _boards = shown
    assert stood.client().get(HOME + "b999/")["Location"] == HOME + "hall/"
    assert stood.client().get("/en/2026/halls/street/kiosk/")["Location"] == "/en/2026/kiosk/street/1/"
    assert stood.client().get(f"/en/2026/kiosk/street/{kiosk.STANDS + 1}/").status_code == 404


def test_walks_are_counted_for_each_kiosk(shown: Any) -> None:
    stood, boards = shown
    for path in ("hall/?via=start", f"{boards[0].code}/"):
        stood.client().get(HOME + path)
    visits.flush(stood.now)
    cells = {(one.thing, one.entry, one.deed): one.count for one in Visits.objects.all()}
    assert cells == {
        ("kiosk:street:3", "kiosk", "begin"): 1,
        ("hall:street", "kiosk", "view"): 1,
        (boards[0].code, "kiosk", "view"): 1,
    }


def test_a_line_of_the_guest_book_is_kept_unseen_and_a_refusal_stays_in_the_kiosk(shown: Any) -> None:
    stood, _boards = shown
    client, here = stood.client(), {"HTTP_ORIGIN": "http://localhost:8300"}
    assert client.post(HOME + "guest-book/", {"words": "Good."}, **here)["Location"] == HOME + "guest-book/?kept"
    assert Note.objects.get().state == Note.State.WAITING
    empty = client.post(HOME + "guest-book/", {"words": " "}, **here)
    assert empty.status_code == 422
    assert all(
        link.startswith(("#", "/en/2026/kiosk/", "/zh-hans/2026/kiosk/")) for link in AWAY.findall(body(empty.content.decode()))
    )
    assert client.get(HOME + "guest-book/")["Cache-Control"].count("no-store") == 1


# ---- in a browser ----


@pytest.fixture
def touched(browser: Browser) -> Any:
    context = browser.new_context(viewport={"width": 1080, "height": 1400}, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def begin(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(url + HOME)
    page.get_by_role("link", name="Touch to begin").first.tap()
    page.wait_for_url("**/hall/**")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_walk_by_touch_and_a_screen_left_alone_asks_then_begins_anew(shown: Any, touched: Any, live_server: Any) -> None:
    page = touched.new_page()
    heard = complaints(page)
    begin(page, live_server.url)
    page.get_by_role("link", name="1. Telling fraud").tap()
    page.wait_for_url("**/b1/")
    page.locator("#zoom").tap()
    expect(page.locator("[data-said]")).to_contain_text("100 %")
    page.clock.fast_forward(kiosk.IDLE * 1000 + 2000)
    expect(page.get_by_role("dialog", name="Are you still here?")).to_be_visible()
    expect(page.locator("#zoom-room")).to_be_hidden()
    page.get_by_role("button", name="I am still reading").tap()
    expect(page.locator("[data-ask]")).to_be_hidden()
    page.clock.fast_forward((kiosk.IDLE - 10) * 1000)
    expect(page.locator("[data-ask]")).to_be_hidden()
    page.clock.fast_forward(12_000)
    expect(page.locator("[data-ask]")).to_be_visible()
    page.clock.fast_forward((kiosk.WARN + 2) * 1000)
    page.wait_for_url("**" + HOME)
    late = "Tile %s failed"  # the viewer gives up on tiles when the test moves the clock
    assert touched.cookies() == [] and [one for one in heard if late not in one] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_a_visitor_typed_is_gone_for_the_next_also_by_going_back(shown: Any, touched: Any, live_server: Any) -> None:
    page = touched.new_page()
    begin(page, live_server.url)
    page.get_by_role("link", name="Guest book").tap()
    page.locator("#note-words").fill("My number is 12345")
    page.clock.fast_forward((kiosk.IDLE + kiosk.WARN + 3) * 1000)
    page.clock.fast_forward(2000)
    page.wait_for_url("**" + HOME)
    page.go_back(wait_until="commit")
    if "guest-book" in page.url:
        expect(page.locator("#note-words")).to_have_value("")
    assert page.evaluate("[...document.querySelectorAll('textarea')].every(one => one.value === '')")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_a_network_the_screen_stays_where_it_is_and_is_empty(shown: Any, touched: Any, live_server: Any) -> None:
    page = touched.new_page()
    begin(page, live_server.url)
    page.get_by_role("link", name="Guest book").tap()
    page.locator("#note-words").fill("typed")
    touched.set_offline(True)
    page.clock.fast_forward((kiosk.IDLE + kiosk.WARN + 3) * 1000)
    page.clock.fast_forward(2000)
    expect(page.locator("#note-words")).to_have_value("")
    assert page.url.endswith("guest-book/") and page.locator("h1").inner_text() == "Guest book"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("lang", "dark", "width"), [("en", False, 1080), ("zh-hans", True, 768)])
def test_targets_are_large_and_pages_clean(
    lang: str, dark: bool, width: int, shown: Any, browser: Browser, live_server: Any
) -> None:
    small = (
        "[...document.querySelectorAll('a[href], button, summary, textarea')].filter(e => e.checkVisibility() && !e.closest('svg') && "
        "!e.matches('.skip') && e.getBoundingClientRect().height < 64).map(e => e.outerHTML.slice(0, 80))"
    )
    with tab(browser, width=width, height=1000, dark=dark) as page:
        for path in ("", "hall/", "b1/", "guest-book/"):
            page.goto(live_server.url + HOME.replace("/en/", f"/{lang}/") + path)
            assert axe(page) == [], path
            assert page.evaluate(small) == [], path
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
