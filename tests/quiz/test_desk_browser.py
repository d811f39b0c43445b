"""The quiz desk in a real browser: axe, both languages and themes, a phone's width, keys, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.quiz.sample import Bank, a_bank, both
from tests.quiz.test_compose_pages import draft

SHAPES = ("multiple", "numeric", "matching", "cloze", "phish")  # one of each shape of the sheet
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(transactional_db: None, settings: Any, tmp_path: Path) -> Bank:
    for name in ("DATA", "MEDIA_STORE", "KEYS", "LOG_ROOT"):
        setattr(settings, name, tmp_path / name.lower())
    made = a_bank()
    settings.CLOCK = lambda: made.now
    return made


def enter_as(page: Page, site: str, room: Bank, who: str) -> None:
    client = Client()
    client.force_login(room.people[who])
    page.context.add_cookies([{"name": "sid", "value": client.cookies["sid"].value, "url": site}])


@pytest.fixture
def page(browser: Any, live_server: Any, room: Bank) -> Iterator[Page]:
    with tab(browser) as opened:
        enter_as(opened, live_server.url, room, "author")
        yield opened


@pytest.mark.parametrize(
    ("width", "language", "dark"), [pytest.param(1280, "en", False, marks=pytest.mark.drill), (390, "zh-hans", True)]
)
def test_every_page_is_clean_and_never_scrolls_sideways(
    browser: Any, live_server: Any, room: Bank, width: int, language: str, dark: bool
) -> None:
    for kind in SHAPES:
        room.draft(kind)
    room.draft("single", "long", text=both("A very long question " * 30, "很长的题目" * 60), title=both("Long" * 25, "长" * 100))
    draft(room)
    bank = [
        "",
        "new/",
        "files/",
        *(f"q/one-{kind.replace('_', '-')}/" for kind in SHAPES),
        "q/long/",
        "q/second-0/compare/",
        "q/long/preview/",
    ]
    desk = [
        "quizzes/",
        "quizzes/new/",
        "quizzes/second/",
        "quizzes/second/pool/",
        "quizzes/second/rules/",
        "quizzes/second/figures/",
        "flags/",
    ]
    with tab(browser, width=width, dark=dark) as page:
        enter_as(page, live_server.url, room, "organiser")
        heard = complaints(page)
        for path in [*(f"bank/{one}" for one in bank), *(f"desk/{one}" for one in desk)]:
            page.goto(f"{live_server.url}/{language}/2026/{path}")
            assert axe(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert heard == []


def test_a_question_is_written_read_and_put_into_use_by_keyboard(page: Page, live_server: Any, room: Bank) -> None:
    room.draft("single", "call")
    page.goto(f"{live_server.url}/en/2026/bank/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The bank calls back")
    first = page.get_by_label("Option A, English")
    first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("Option B, English")).to_be_focused()
    page.keyboard.press("Alt+l")
    expect(page.get_by_label("Option B, 简体中文")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("Option C, 简体中文")).to_be_focused()
    page.keyboard.press("Alt+k")
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("Draft, saved")).to_be_visible()
    expect(page.get_by_label("Option C is right")).to_be_checked()


def test_the_editor_works_without_scripts(browser: Any, live_server: Any, room: Bank) -> None:
    room.draft("phish", "parcel")
    with tab(browser, javascript=False, width=390) as page:
        enter_as(page, live_server.url, room, "author")
        page.goto(f"{live_server.url}/en/2026/bank/q/parcel/")
        page.get_by_role("button", name="Add a line", exact=True).click()
        page.get_by_label("Line 4, English", exact=True).fill("Hurry")
        page.get_by_label("Line 4, English", exact=True).press("Tab")
        page.get_by_label("Line 4 gives it away").check()
        page.get_by_role("button", name="Move Line 4 up").click()
        assert page.get_by_label("Line 3, English", exact=True).input_value() == "Hurry"
        assert page.get_by_label("Line 3 gives it away").is_checked()
        page.get_by_role("button", name="Ask for a second reader").click()
        assert page.get_by_text("Another person reads it.").is_visible()
