"""The entrant's and the screener's desks in a real browser: uploads in pieces over a bad line, keys, axe, small and large screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from showground.media import sniff
from showground.works.actions import receive
from showground.works.models import Work
from tests.entries.sample import Desks
from tests.entries.test_pages import png
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db: None, room: Desks, settings: Any) -> Desks:
    settings.CLOCK = lambda: room.calling
    return room


def enter_as(page: Page, site: str, room: Desks, who: str) -> None:
    client = Client()
    client.force_login(room.people[who])
    page.context.add_cookies([{"name": "sid", "value": client.cookies["sid"].value, "url": site}])


@pytest.fixture
def page(browser: Any, live_server: Any, desk: Desks) -> Iterator[Page]:
    with tab(browser) as opened:
        enter_as(opened, live_server.url, desk, "maker")
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A picture of a little over three pieces."""
    made = tmp_path / "bait.png"
    made.write_bytes(png(1880))
    assert 3 << 20 < made.stat().st_size < 4 << 20
    return made


def send(page: Page, file: Path) -> None:
    page.set_input_files("[type=file]", file)
    page.get_by_role("button", name="Upload", exact=True).click()


def test_an_upload_goes_on_by_itself_when_the_line_breaks(page: Page, desk: Desks, live_server: Any, file: Path) -> None:
    entry = desk.draft(work=None)
    asked: list[str] = []
    page.route("**/pieces/*/?offset=1048576", lambda route: route.abort(), times=2)
    page.on("request", lambda r: asked.append(r.url.rpartition("=")[2]) if "offset=" in r.url else None)
    page.goto(f"{live_server.url}/en/2026/enter/{entry.code}/")
    send(page, file)
    expect(page.get_by_text("The line broke.")).to_be_visible()
    expect(page.get_by_text("Received, is being opened and checked")).to_be_visible()
    assert asked == ["0", "1048576", "1048576", "1048576", "2097152", "3145728"]
    work = Work.objects.get()
    assert work.state == "waiting" and receive.quarantine(work).read_bytes() == file.read_bytes()


def test_an_upload_left_behind_goes_on_where_it_stopped(page: Page, desk: Desks, live_server: Any, file: Path) -> None:
    entry = desk.draft(work=None)
    home = f"{live_server.url}/en/2026/enter/{entry.code}/"
    page.route("**/pieces/*/?offset=2097152", lambda route: route.abort())
    page.goto(home)
    send(page, file)
    expect(page.get_by_text("The line broke.")).to_be_visible()
    page.unroute("**/pieces/*/?offset=2097152")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url.rpartition("=")[2]) if "offset=" in r.url else None)
    page.goto(home)
    expect(page.get_by_text("Choose the same file again and the upload goes on where it stopped.")).to_be_visible()
    send(page, file)
    expect(page.get_by_text("Received, is being opened and checked")).to_be_visible()
    assert asked == ["2097152", "3145728"] and Work.objects.count() == 1
    assert receive.quarantine(Work.objects.get()).read_bytes() == file.read_bytes()


def test_a_file_too_large_is_told_before_a_byte_is_sent(
    page: Page, desk: Desks, live_server: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = desk.draft(work=None)
    monkeypatch.setitem(sniff.LARGEST, "picture", 1 << 20)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/en/2026/enter/{entry.code}/")
    send(page, file)
    expect(page.get_by_role("alert")).to_contain_text("The file is too large")
    assert not Work.objects.exists()


def test_without_javascript_the_same_form_sends_the_file_in_one(browser: Any, live_server: Any, desk: Desks, file: Path) -> None:
    entry = desk.draft(work=None)
    with tab(browser, javascript=False) as page:
        enter_as(page, live_server.url, desk, "maker")
        page.goto(f"{live_server.url}/en/2026/enter/{entry.code}/")
        send(page, file)
        expect(page.get_by_text("Received, is being opened and checked")).to_be_visible()
        page.get_by_role("link", name="Look again").click()
        assert page.url.endswith(f"/enter/{entry.code}/")
    assert Work.objects.get().state == "waiting"


def test_the_page_looks_again_until_the_file_is_checked_and_keeps_what_is_typed(page: Page, desk: Desks, live_server: Any) -> None:
    entry = desk.draft(work="waiting")
    page.goto(f"{live_server.url}/en/2026/enter/{entry.code}/")
    page.get_by_text("The form").click()
    page.get_by_label("Title in English").fill("A better title")
    Work.objects.update(state="safe")
    expect(page.get_by_text("Ready")).to_be_visible()
    assert page.get_by_label("Title in English").input_value() == "A better title"


def test_keys_of_the_screening_desk_move_and_never_decide(browser: Any, live_server: Any, desk: Desks) -> None:
    first, second = desk.submitted(desk.other), desk.submitted(desk.other)
    with tab(browser) as page:
        heard = complaints(page)
        enter_as(page, live_server.url, desk, "screener")
        page.goto(f"{live_server.url}/en/2026/screening/")
        page.keyboard.press("j")
        page.wait_for_url(f"**/screening/{second.code}/")
        page.keyboard.press("k")
        page.wait_for_url(f"**/screening/{first.code}/")
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="Admit")).to_be_focused()
        page.keyboard.press("b")
        expect(page.get_by_label("Reason")).to_be_focused()
        page.keyboard.press("j")  # typed into a field, it is no key of the desk
        assert page.url.endswith(f"{first.code}/")
        assert heard == [line for line in heard if "404" in line]  # the sample's renditions do not lie in the store
    first.refresh_from_db()
    assert first.state == "submitted"


PAGES = {
    "desk": ("maker", "enter/"),
    "register": ("maker", "enter/new/"),
    "draft": ("maker", "enter/{draft}/"),
    "returned": ("maker", "enter/{returned}/"),
    "screening": ("screener", "screening/"),
    "today": ("organiser", "desk/today/"),
    "panel": ("organiser", "desk/panel/"),
    "notary": ("notary", "notary/"),
}


@pytest.mark.parametrize(("width", "dark", "lang"), [(390, True, "en"), (390, False, "zh-hans"), (1280, False, "en")])
def test_every_desk_is_clean_to_axe_and_fits_the_screen(
    browser: Any, live_server: Any, desk: Desks, width: int, dark: bool, lang: str
) -> None:
    codes = {"draft": desk.draft().code, "returned": desk.returned().code}
    desk.submitted(desk.other, category="h5", genre="game")
    with tab(browser, width=width, dark=dark) as page:
        for name, (who, path) in PAGES.items():
            enter_as(page, live_server.url, desk, who)
            page.goto(f"{live_server.url}/{lang}/2026/{path.format(**codes)}")
            for fold in page.locator("details:not(.menu) > summary").all():
                fold.click()
            assert axe(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
