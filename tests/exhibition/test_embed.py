"""A board's card: the one page that other sites may frame. It has no script, no form and no cookie, and nothing else may be framed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from showground.exhibition.models import Board, Visits
from tests.exhibition.hung import Hung, a_board, a_hall, published
from tests.harness.bare import bare_host
from tests.harness.browser import axe, tab
from tests.harness.browser import browser as browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings: Any, tmp_path: Path) -> tuple[Hung, Board]:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    return stood, published(stood, a_board(stood))


def test_oembed_answers_a_frame_without_scripts_and_a_picture(shown: Any, settings: Any) -> None:
    stood, board = shown
    ask = stood.client().get
    told = ask("/oembed/board", {"url": f"{settings.SITE_URL}/{board.code}", "maxwidth": "500"}).json()
    assert (told["type"], told["version"], told["title"], told["width"]) == ("rich", "1.0", "Telling fraud", 500)
    assert told["thumbnail_width"] <= 500 and told["thumbnail_url"].startswith(f"{settings.SITE_URL}/media/")
    assert f'src="{settings.SITE_URL}/embed/en/{board.code}"' in told["html"] and "allow-scripts" not in told["html"]
    chinese = ask("/oembed/board", {"url": f"{settings.SITE_URL}/zh-hans/2026/boards/{board.code}/"}).json()
    assert chinese["title"] == "识别诈骗" and "/embed/zh-hans/" in chinese["html"]
    assert ask("/oembed/board", {"url": f"https://evil.example/{board.code}"}, follow=True).status_code == 404
    assert ask("/oembed/board", {"url": f"{settings.SITE_URL}/{board.code}", "format": "xml"}).status_code == 501


def test_only_the_card_may_be_framed_and_it_can_do_nothing(shown: Any) -> None:
    stood, board = shown
    client = stood.client()
    card = client.get(f"/embed/en/{board.code}")
    policy = card["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "X-Frame-Options" not in card and not card.cookies
    for part in ("default-src 'none'", "script-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'"):
        assert part in policy
    html = card.content.decode()
    assert not re.search(r"<(?:script|form|iframe|input|button)", html)
    assert [re.search(r'target="_blank" rel="noopener"', link) is not None for link in re.findall(r"<a [^>]*>", html)] == [True]
    for path in (f"/en/2026/boards/{board.code}/", "/en/2026/halls/street/", f"/embed/fr/{board.code}", "/embed/en/b999"):
        answer = client.get(path, follow=True)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"


def test_an_opening_from_a_card_is_counted_as_such(shown: Any) -> None:
    from showground.exhibition.actions import visits

    stood, board = shown
    link = re.findall(r'href="https?://[^/]+(/en/[^"]+via=embed)"', stood.client().get(f"/embed/en/{board.code}").content.decode())
    assert stood.client().get(link[0]).status_code == 200
    visits.flush(stood.now)
    assert list(Visits.objects.values_list("thing", "entry", "deed", "count")) == [(board.code, "embed", "view", 1)]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height", "dark"), [(640, 570, False), (280, 300, True), (400, 210, False)])
def test_a_card_fits_its_frame_on_a_strangers_page(
    width: int, height: int, dark: bool, shown: Any, browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    _, board = shown
    frame = f"{live_server.url}/embed/en/{board.code}"
    told = f'<!doctype html><title>x</title><iframe src="{frame}" width="{width}" height="{height}"></iframe>'
    (tmp_path / "index.html").write_text(told, encoding="utf-8")
    with bare_host(tmp_path) as stranger, tab(browser, width=width + 20, height=height + 20, dark=dark) as page:
        page.goto(stranger)
        inside = page.frames[1]
        assert inside.locator("h1").inner_text() == "Telling fraud"
        assert inside.locator("a").is_visible()
        box = inside.evaluate(
            "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
        )
        assert box[1] <= 0 and box[0] <= 0
        assert page.context.cookies() == []
    with tab(browser, width=width, height=height, dark=dark) as page:
        page.goto(frame)
        assert axe(page) == []
