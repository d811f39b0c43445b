"""Every component in a real browser, under the strict policy: axe finds nothing, nothing is blocked, nothing runs over the edge."""

from __future__ import annotations

import mimetypes
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from showground.ui import pages

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "showground" / "ui" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-quic", "--disable-sync", "--disable-component-update"]
FLAGS += ["--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(plain_site):
    drawn = {}
    for language in ("en", "zh-hans"):
        for query in ("", "?desk"):
            path = f"/{language}/-/specimen/{query}"
            with override(language):
                drawn[path] = pages.specimen(RequestFactory().get(path)).content

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = drawn.get(self.path)
            file = STATIC / self.path.removeprefix("/static/")
            if body is None and self.path.startswith("/static/") and file.is_file():
                body = file.read_bytes()
            self.send_response(404 if body is None else 200)
            kind = "text/html; charset=utf-8" if self.path in drawn else mimetypes.guess_type(self.path)[0] or "font/woff2"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("query", ["", "?desk"])
@pytest.mark.parametrize(("language", "width", "theme"), [("en", 390, "dark"), ("zh-hans", 1280, "light")])
def test_specimen_is_accessible_and_keeps_the_policy(browser, site, language, width, theme, query):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    tab = context.new_page()
    said = []
    tab.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    tab.goto(f"{site}/{language}/-/specimen/{query}", wait_until="networkidle")
    assert said == []
    for wide in (1280, 390, width):
        tab.set_viewport_size({"width": wide, "height": 844})
        assert tab.evaluate("document.documentElement.scrollWidth") <= wide
    tab.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = tab.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
    context.close()


def test_menu_opens_without_scripts_and_closes_on_escape(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(f"{site}/en/-/specimen/")
    tab.click("summary")
    assert tab.is_visible("details.menu li a")
    tab.keyboard.press("Escape")
    assert not tab.is_visible("details.menu li a")
    context.close()


def test_pictures_of_a_row_are_equally_high(browser, site):
    for width in (390, 800, 1280):
        context = browser.new_context(viewport={"width": width, "height": 844})
        tab = context.new_page()
        tab.goto(f"{site}/en/-/specimen/")
        read = "(pictures) => pictures.map((one) => one.getBoundingClientRect()).map((box) => [box.top, box.height])"
        boxes = tab.eval_on_selector_all(".works .pic img", read)
        heights = {}
        for top, height in boxes:
            heights.setdefault(round(top), []).append(height)
        assert len(heights) >= 3
        assert all(max(row) - min(row) < 2.5 for row in heights.values()), heights
        context.close()
