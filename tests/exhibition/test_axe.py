"""Rooms that other files do not open in a browser: the winners' hall and the hand-outs are clean, narrow and without a cookie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from showground.exhibition.actions import halls
from showground.exhibition.models import Hall
from tests.exhibition.test_handouts import laid
from tests.exhibition.test_handouts import stood as stood
from tests.harness.browser import axe, tab
from tests.harness.browser import browser as browser
from tests.harness.site import stand
from tests.harness.week import START, Week
from tests.media import corpus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS = [("en", False, 320), ("zh-hans", True, 1280)]


def clean(browser: Browser, url: str, path: str) -> None:
    for lang, dark, width in VIEWS:
        with tab(browser, width=width, dark=dark) as page:
            assert page.goto(f"{url}/{lang}/2026/{path}").status == 200  # type: ignore[union-attr]
            assert axe(page) == [], (path, lang)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, lang)
            assert page.context.cookies() == []


def test_the_winners_hall_is_clean(settings: Any, tmp_path: Path, browser: Browser, live_server: Any) -> None:
    settings.MEDIA_STORE, settings.LOG_ROOT = tmp_path / "media", tmp_path / "log"
    week = stand(Week(seed=1, voters=12).run())
    halls.build(week, code="won", name={"en": "Winners", "zh": "获奖厅"}, about={}, opens=START, kind=Hall.Kind.WINNERS)
    settings.CLOCK = lambda: START + 40 * 86400
    for path in ("halls/won/", "halls/", "kiosk/won/1/", "kiosk/won/1/hall/"):
        clean(browser, live_server.url, path)


def test_the_hand_outs_are_clean(stood: Any, browser: Browser, live_server: Any) -> None:
    laid(stood, corpus.picture(600, 800, "PNG"), kind="poster")
    clean(browser, live_server.url, "halls/street/hand-outs/")
