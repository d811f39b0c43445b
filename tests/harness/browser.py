"""The one browser driver: Debian's Chromium, started by us and driven over its debugging port.

    from tests.harness.browser import axe, browser as browser, complaints, tab      # `browser` is a fixture per module
    with tab(browser, width=390, dark=True, lang="zh-CN") as page:
        page.goto(url)
        assert axe(page) == []

Playwright is not let to start the browser: it would switch off the partition of third-party storage, and with it what a framed
work really sees.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
FLAGS = (
    *("--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--disable-gpu"),
    *("--disable-dev-shm-usage", "--password-store=basic", "--disable-features=Translate,OptimizationHints,MediaRouter"),
    *("--mute-audio", "--hide-scrollbars", "--disable-popup-blocking"),
)

PATIENCE = 45_000  # milliseconds until a test gives up waiting for something: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


@contextlib.contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Starts Chromium with an empty profile and yields it; ended with everything it started."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(CHROMIUM), *FLAGS, *more, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                with sync_playwright() as play:
                    driven = play.chromium.connect_over_cdp(f"http://127.0.0.1:{_port(process, Path(profile))}")
                    yield driven
                    driven.close()
            finally:
                process.terminate()


def _port(process: subprocess.Popen[bytes], profile: Path) -> int:
    """Returns the debugging port once Chromium has written it into its profile."""
    written = profile / "DevToolsActivePort"
    for _ in range(2400):
        if process.poll() is not None:
            raise RuntimeError(f"Chromium ended with {process.returncode}")
        if written.exists() and (lines := written.read_text(encoding="ascii").split()):
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError("Chromium did not open its debugging port")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per module; a machine without it fails, with the line to type.

    Playwright keeps an event loop in this thread while it lives, and Django refuses database work beside one: so the browser ends
    with its module, and meanwhile Django is told that this is meant.
    """
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch, chromium() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@contextlib.contextmanager
def tab(
    browser: Browser, *, width: int = 1280, height: int = 800, dark: bool = False, lang: str = "en", javascript: bool = True
) -> Iterator[Page]:
    """Yields a page in a context of its own (no cookies, no storage) of the given size, colour scheme and language."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=lang,
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


def complaints(page: Page) -> list[str]:
    """Returns a list that fills with every console error (refused by a policy, not found ...) and uncaught error of a page."""
    heard: list[str] = []
    page.on(
        "console",
        lambda said: heard.append(f"{said.text} {said.location.get('url', '')}".rstrip()) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def axe(page: Page, *, within: str = "html") -> list[str]:
    """Returns axe-core's violations as lines "rule (impact): help | first elements"; an empty list is a clean page."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async within => (await axe.run(within, {resultTypes: ['violations']})).violations", within)
    return [
        f"{one['id']} ({one['impact']}): {one['help']} | {', '.join(node['target'][0] for node in one['nodes'][:3])}"
        for one in found
    ]
