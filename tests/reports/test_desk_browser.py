"""The desk in a real browser: axe finds nothing, the keyboard is enough, scripts are not needed, nothing is wider than a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from showground.reports.actions.file import Upload
from showground.reports.models import Case, Report
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.reports.office import MAIL, NOW, Office, an_office, picture
from tests.reports.test_officer import Room

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


def _pages(case: Case) -> dict[str, str]:
    return {
        "queue": "reports/",
        "case": f"reports/case/{case.number}/",
        "shift": "reports/shift/",
        "appeals": "reports/appeals/",
        "cards": "reports/cards/",
    }


@pytest.mark.parametrize(("width", "dark", "lang"), [(390, False, "en"), (1280, True, "zh-hans"), (320, True, "en")])
def test_pages_are_clean_for_everybody(room: Room, browser: Browser, live_server: Any, width: int, dark: bool, lang: str) -> None:
    case = fill(room.office)
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser, width=width, dark=dark) as page:
        heard = complaints(page)
        sign_in(page, room, "ada", base)
        for name, path in _pages(case).items():
            page.goto(f"{base}/{lang}/sample/{path}")
            assert axe(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert heard == []


def test_a_case_is_worked_on_with_the_keyboard_alone(room: Room, browser: Browser, live_server: Any) -> None:
    fill(room.office)
    base = live_server.url.replace("127.0.0.1", "localhost")
    with tab(browser) as page:
        sign_in(page, room, "ada", base)
        page.goto(f"{base}/en/sample/reports/")
        page.keyboard.press("s")
        page.wait_for_url("**read=1**")
        for key in ("j", "j", "k"):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/case/**")
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Save the draft")
        page.keyboard.press("n")
        page.keyboard.type("Seen before")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".rd-notes >> text=Seen before")
        page.keyboard.press("?")
        assert page.is_visible("dialog.rd-help")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_url("**/reports/")


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
        page.wait_for_load_state()
        assert case.reports.count() == propose_count - 1
        assert sealed == {report.pk: bytes(report.body_sealed) for report in Report.objects.all()}
