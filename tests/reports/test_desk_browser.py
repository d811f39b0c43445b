"""The desk in a real browser: axe finds nothing, the keyboard is enough, scripts are not needed, nothing is wider than a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response

from showground.reports.actions.file import Upload
from showground.reports.models import Case, Report
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.harness.desk import CONTENT, desk_site
from tests.harness.screenshots import DESK, Shot, Tour, go
from tests.reports.office import MAIL, NOW, Office, an_office, picture
from tests.reports.test_officer import Room
from tests.reports.test_sixty_seconds import slow_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARCEL = "【顺达快递】您的包裹因地址不详无法派送，请支付 2.99 元改派费：https://shunda-ex\u0440ress.top/p?id={n} 逾期退回。"
SCAMS = (
    ("A shop took 240 for shoes and never sent them: https://runner-outlet.example/sale", "scam", "web"),
    ("He says he is from the tax office and wants gift cards. He called from +44 7700 900123.", "impersonation", "phone"),
    ("A man posts my address under every photo of me, on https://wall.example/t/9", "harassment", "web"),
    ("The app at https://free-movies.example/app.apk asked for my contacts and now my friends get messages", "malware", "kiosk"),
)


def fill(office: Office) -> Case:
    """A desk as it is on a Thursday: a cluster of a parcel scam over three days, a mail with a picture, and others; returns the first."""
    day = 86400
    for n in range(7):
        office.now = NOW - (3 - n % 4) * day + n * 600
        office.file(PARCEL.format(n=n), language="zh-hans", channel="kiosk" if n % 3 else "web")
        office.take_in()
    office.now = NOW - 3600
    reports = [office.file(files=[Upload("frozen.eml", "message/rfc822", MAIL), Upload("screen.png", "image/png", picture())])[0]]
    for words, category, channel in SCAMS:
        office.file(words, category, channel=channel, standing="target" if category == "harassment" else "")
    office.take_in()
    office.now = NOW
    office.file("Waiting: https://prize-draw.example/win", "scam")
    return Case.objects.get(pk=Report.objects.get(pk=reports[0].pk).case_id or 0)


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def sign_in(page: Page, room: Room, name: str, base: str) -> None:
    """The person's browser has their session and an open shift."""
    client = room.enter(name)
    page.context.add_cookies(
        [
            {"name": key, "value": morsel.value, "domain": "localhost", "path": morsel["path"] or "/"}
            for key, morsel in client.cookies.items()
        ]
    )
    page.goto(base)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    """A running site whose desk has one case of everything, and the way to each of its pages (tests/harness/screenshots.py)."""
    with desk_site(tmp_path_factory.mktemp("desk") / "data", opening=CONTENT.replace("build()", "build(weeks=0)")) as running:
        yield Tour(running.url, "sample", told=json.loads(running.said.splitlines()[-1]))


def pages(site: Tour, lang: str, only: str = "") -> Iterator[tuple[Shot, Tour]]:
    for shot in DESK:
        if shot.name.startswith(only):
            yield shot, Tour(site.url, site.week, lang, site.told)


@pytest.mark.parametrize(
    ("width", "dark", "lang"), [pytest.param(390, False, "en", marks=pytest.mark.drill), (1280, True, "zh-hans")]
)
def test_every_page_is_clean_for_everybody(site: Tour, browser: Browser, width: int, dark: bool, lang: str) -> None:
    found: dict[str, list[str]] = {}
    with tab(browser, width=width, dark=dark, lang=lang) as page:
        heard = complaints(page)
        for shot, tour in pages(site, lang):
            go(page, tour, shot, still=True)
            wrong = axe(page) + [line for line in heard if "422" not in line]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append("wider than the screen")
            heard.clear()
            found |= {shot.name: wrong} if wrong else {}
    assert found == {}


def test_nothing_is_wider_than_the_smallest_phone_or_breaks_at_twice_the_letter_size(site: Tour, browser: Browser) -> None:
    wide = []
    with tab(browser, width=320) as page:
        for shot, tour in pages(site, "en"):
            go(page, tour, shot, still=True)
            for size in ("100%", "200%"):
                page.evaluate("size => document.documentElement.style.fontSize = size", size)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append(f"{shot.name} at {size}")
    assert wide == []


FRAME = ("report", "tell", "code", "look", "status", "advice", "kiosk")  # the light frame of those who report
TELLING = re.compile("report|phish|scam|harass|abuse|crime|police|举报|诈骗|钓鱼|骚扰", re.I)


def answers(page: Page) -> list[Response]:
    """Returns a list that fills with every answer that the page gets."""
    heard: list[Response] = []
    page.on("response", lambda answer: heard.append(answer))  # noqa: PLW0108  Playwright marks the function it is given
    return heard


def test_pages_for_everybody_are_light_and_say_nothing_to_others(site: Tour, browser: Browser) -> None:
    for shot, tour in pages(site, "en"):
        if shot.who:
            continue
        light = shot.name.startswith(FRAME)
        with tab(browser, width=390, height=844) as page:
            asked = answers(page)
            go(page, tour, shot, still=True)
            last = next(one for one in reversed(asked) if one.request.is_navigation_request() and one.status != 303)
            assert {one.url.split("/")[2] for one in asked if one.url.startswith("http")} == {site.url.split("/")[2]}, shot.name
            if light or shot.name in {"answer", "notice"}:
                assert last.headers["cache-control"] == "no-store" and last.headers["referrer-policy"] == "no-referrer", shot.name
                assert page.get_attribute("meta[name=robots]", "content") == "noindex", shot.name
            if light:
                week = page.title().rpartition(" · ")
                assert week[1] and not TELLING.search(week[0]), page.title()
                says_which_tab = re.sub(r"/code/\?of=\w{8}$", "/code/", page.url)  # of the browser's own reports, by a random word
                assert "phishing" not in page.url and "?" not in says_which_tab, page.url


@pytest.mark.parametrize(
    "shot", [shot for shot in DESK if not shot.who and isinstance(shot.where, str)], ids=lambda shot: shot.name
)
def test_a_page_for_everybody_weighs_little_and_needs_no_script(site: Tour, browser: Browser, shot: Shot) -> None:
    with tab(browser, width=390, height=844) as page:
        came = slow_line(page)
        page.goto(site.at(str(shot.where).format(**site.told)), wait_until="load")
        page.wait_for_timeout(100)
        most = 60_000 if shot.name.startswith(FRAME) else 100_000
        assert 3_000 < came["bytes"] <= most, f"{came['bytes']} bytes"
    with tab(browser, width=390, height=844, javascript=False) as page:
        page.goto(site.at(str(shot.where).format(**site.told)))
        assert page.is_visible("h1") and page.locator("main").inner_text().strip()


def test_a_case_is_worked_on_with_the_keyboard_alone(room: Room, browser: Browser, live_server: Any) -> None:
    fill(room.office)
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser) as page:
        sign_in(page, room, "ada", base)
        page.goto(f"{base}/en/sample/reports/?view=free")
        page.keyboard.press("s")
        page.wait_for_url("**read=1**")
        assert page.locator("[data-said]").evaluate("one => one === document.activeElement"), "what was done has the focus"
        for key in ("j", "j", "k"):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/case/**")
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Save the draft")
        page.keyboard.press("4")
        assert page.is_checked("[value=lawful_no_action]")
        page.wait_for_selector("[data-saved] >> text=Draft, saved")
        here = page.url
        page.get_by_role("link", name="Where was it?").press("Enter")
        assert "您是在哪里看到的" in page.input_value("#message") and page.url == here, "a template costs no page"
        page.fill("#message", "")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.type("Seen before")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".rd-notes >> text=Seen before")
        page.wait_for_function("() => document.activeElement.hasAttribute('data-said')")  # also where the address names a part
        page.keyboard.press("e")
        assert page.locator(":focus").get_attribute("value") == "decide"
        page.keyboard.press("m")
        page.keyboard.press("Alt+n")
        assert page.locator(":focus").get_attribute("id") == "note", "while one types a key wants Alt"
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        assert page.locator(".keys span").first.inner_text().startswith("1"), "rooms have numbers"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.is_visible("dialog.rd-help")
        page.check("[data-letters]")
        page.keyboard.press("Escape")
        page.keyboard.press("m")
        assert page.locator("#message").evaluate("one => one !== document.activeElement"), "single letters can be switched off"
        page.keyboard.press("Alt+m")
        assert page.locator("#message").evaluate("one => one === document.activeElement")
        page.evaluate("localStorage.clear()")
        page.reload()
        page.keyboard.press("l")
        page.wait_for_function("was => location.href !== was && document.querySelector('.rd-case')", arg=page.url)
        page.keyboard.press("Escape")
        page.wait_for_url("**/reports/?view=free")
        assert page.locator(":focus").get_attribute("data-row") is not None, (
            "and the line that took the place of the one opened has the focus"
        )


def test_the_reports_of_a_case_are_read_one_after_the_other_and_a_wrong_one_is_put_apart_by_keys(
    room: Room, browser: Browser, live_server: Any
) -> None:
    fill(room.office)
    case = Case.objects.filter(reports__language="zh-hans").distinct().get()
    numbers = [report.number for report in case.reports.order_by("pk")]
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser) as page:
        sign_in(page, room, "ada", base)
        page.goto(f"{base}/en/sample/reports/case/{case.number}/")
        page.keyboard.press("j")
        page.wait_for_url(f"**?report={numbers[1]}")
        page.keyboard.press("x")
        page.keyboard.press("Enter")
        page.wait_for_selector(".rd-did >> text=Put apart")
        assert numbers[1] not in case.reports.values_list("number", flat=True)
        page.wait_for_function("() => document.activeElement.hasAttribute('data-said')")
        assert page.is_visible("h1 >> text=Phishing"), "the head of the case stays in sight"


def test_pixels_are_blurred_until_asked_for_without_scripts(room: Room, browser: Browser, live_server: Any) -> None:
    case = fill(room.office)
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser, javascript=False) as page:
        sign_in(page, room, "ada", base)
        page.goto(f"{base}/en/sample/reports/case/{case.number}/")
        blur = "getComputedStyle(document.querySelector('.rd-veil img')).filter"
        assert "blur" in page.locator(".rd-veil img").evaluate("one => getComputedStyle(one).filter"), blur
        page.get_by_label("Show pixels").check(force=True)
        assert page.locator(".rd-veil img").evaluate("one => getComputedStyle(one).filter") == "none"
        page.get_by_role("button", name="Take the case").click()
        page.wait_for_selector("text=Save the draft")


def test_a_wrong_merge_is_undone_by_a_click(room: Room, browser: Browser, live_server: Any) -> None:
    fill(room.office)
    case = Case.objects.filter(reports__language="zh-hans").distinct().get()
    propose_count = case.reports.count()
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser) as page:
        sign_in(page, room, "ada", base)
        page.goto(f"{base}/en/sample/reports/case/{case.number}/")
        sealed = {report.pk: bytes(report.body_sealed) for report in Report.objects.all()}
        page.get_by_role("button", name="is not the same").first.click()
        page.wait_for_selector(".rd-did >> text=Put apart")
        assert case.reports.count() == propose_count - 1
        assert sealed == {report.pk: bytes(report.body_sealed) for report in Report.objects.all()}
