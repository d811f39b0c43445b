"""The zoom beyond its buttons: motion only for those who want it, and the page scrolls on under the closed and the open dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from showground.exhibition.models import Board
from tests.exhibition.hung import Hung, a_board, a_hall, published
from tests.harness.browser import PATIENCE
from tests.harness.browser import browser as browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRESS = """async () => {
  const canvas = document.querySelector('#zoom-stage canvas'), seen = []
  const look = () => { const small = document.createElement('canvas'); small.width = 40; small.height = 30
    small.getContext('2d').drawImage(canvas, 0, 0, 40, 30); return small.toDataURL() }
  document.querySelector('[data-do=in]').click()
  for (let frame = 0; frame < 60; frame++) { await new Promise(requestAnimationFrame); seen.push(look()) }
  return new Set(seen.slice(3)).size
}"""


@pytest.fixture
def shown(settings: Any, tmp_path: Path) -> tuple[Hung, Board]:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    return stood, published(stood, a_board(stood))


def opened(page: Page, url: str, board: Board) -> Page:
    page.goto(f"{url}/en/2026/boards/{board.code}/")
    page.locator("#zoom").click()
    expect(page.locator("[data-said]")).to_contain_text("100 %")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(("wish", "frames"), [("reduce", range(1, 4)), ("no-preference", range(4, 61))])
def test_the_picture_glides_only_for_those_who_have_not_asked_for_less_motion(
    wish: Any, frames: range, shown: Any, browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 700}, reduced_motion=wish)
    context.set_default_timeout(PATIENCE)
    try:
        assert opened(context.new_page(), live_server.url, shown[1]).evaluate(PRESS) in frames
    finally:
        context.close()


def test_three_buttons_are_buttons_by_role_and_name_in_the_order_of_tab_and_esc_gives_the_focus_back(
    shown: Any, browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    try:
        page = opened(context.new_page(), live_server.url, shown[1])
        named: list[str] = []
        for _ in range(6):
            page.keyboard.press("Tab")
            named.append(page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()"))
        at = named.index("BUTTON Closer")
        assert named[at : at + 3] == ["BUTTON Closer", "BUTTON Further", "BUTTON Whole board"]
        for name in ("Closer", "Further", "Whole board"):
            assert page.get_by_role("button", name=name, exact=True).count() == 1
        status = page.get_by_role("status")
        page.get_by_role("button", name="Closer").press("Enter")
        expect(status.filter(has_text="160 %")).to_have_attribute("aria-live", "polite")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "zoom"
        page.mouse.move(200, 400)
        page.mouse.wheel(0, 600)
        page.wait_for_function("() => scrollY > 100")
    finally:
        context.close()
