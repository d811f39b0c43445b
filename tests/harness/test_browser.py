from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from .browser import axe, complaints, tab
from .browser import browser as browser

pytestmark = pytest.mark.browser


def test_axe_finds_a_picture_without_words(browser: Browser) -> None:
    with tab(browser) as page:
        page.set_content("<html lang=en><title>T</title><main><h1>H</h1><img src='data:,x'></main>")
        assert [line.split(" ")[0] for line in axe(page)] == ["image-alt"]


def test_axe_finds_nothing_on_a_clean_page(browser: Browser) -> None:
    with tab(browser) as page:
        page.set_content("<html lang=en><title>T</title><main><h1>H</h1><p>Words</p></main>")
        assert axe(page) == []


def test_tab_has_the_size_scheme_and_language_it_was_asked_for(browser: Browser) -> None:
    with tab(browser, width=390, dark=True, lang="zh-CN") as page:
        told = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]"
        assert page.evaluate(told) == [390, True, "zh-CN"]


def test_tab_without_javascript_runs_none(browser: Browser) -> None:
    with tab(browser, javascript=False) as page:
        page.set_content("<title>still</title><script>document.title = 'ran'</script>")
        assert page.title() == "still"


def test_complaints_hear_an_uncaught_error(browser: Browser) -> None:
    with tab(browser) as page:
        heard = complaints(page)
        page.set_content("<script>console.error('told'); throw new Error('thrown')</script>")
        assert heard == ["told", "thrown"]
