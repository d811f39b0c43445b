"""The page of a withheld work, and the wall it hangs on, in a real browser: axe finds nothing, nothing is wider than a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.showcase.conftest import Hang
from tests.showcase.test_views import instant
from tests.showcase.test_withheld import WORDS, winner, withhold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_about_a_withheld_work_are_readable_by_everybody(
    browser: Browser, live_server: Any, hang: Hang, settings: Any
) -> None:
    _, row = hang()
    now = instant(row, "results")
    settings.CLOCK = lambda: now
    entry = winner(row)
    withhold(entry, now - 7200, words=WORDS)
    for width, language, dark in ((390, "en", False), (390, "zh-hans", True), (1280, "zh-hans", False), (1280, "en", True)):
        with tab(browser, width=width, lang=language[:2], dark=dark) as page:
            told = complaints(page)
            for place in (f"works/{entry.code}/", "works/?o=3", "result/"):
                answer = page.goto(f"{live_server.url}/{language}/2026/{place}")
                assert answer is not None and answer.status == (451 if entry.code in place else 200), place
                assert axe(page) == [], (place, width, language)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, width, language)
            assert [one for one in told if "451" not in str(one)] == []
