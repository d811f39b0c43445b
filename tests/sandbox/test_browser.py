"""A hostile work in a real browser: what does it see, and whom can it reach? Each attack is first shown to work elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.harness.browser import browser as browser
from tests.harness.browser import tab

from .conftest import Publish
from .stage import Stage, published, staged

pytestmark = pytest.mark.browser
ATTACK = (Path(__file__).parent / "attack.js").read_bytes()


@pytest.fixture
def stage(store: Path) -> Iterator[Stage]:
    with staged(store) as running:
        yield running


def _page(stage: Stage) -> bytes:
    return f"<!doctype html><body><script src=attack.js data-evil={stage.evil} data-site={stage.site}></script>".encode()


def _framed(page: Page, stage: Stage, work: str) -> dict[str, Any]:
    """Opens the work's page on the site and returns what the work could tell afterwards."""
    page.goto(f"{stage.site}/show/{work}")
    told = page.frame_locator("iframe").locator("#told").text_content()
    return dict(json.loads(told or "{}"))


@dataclass
class Attack:
    """What the attacking work saw, and what was asked of the site and of the listener while it ran to its end."""

    told: dict[str, Any]
    site: list[str]
    evil: list[str]


@pytest.fixture(scope="module")
def attack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Attack:
    store = tmp_path_factory.mktemp("h5")
    with staged(store) as stage, tab(browser) as page:
        files = {"index.html": _page(stage), "attack.js": ATTACK, "sw.js": b"onfetch = e => 0"}
        work = published(store, files, "a" * 32)
        told = _framed(page, stage, work)
        assert page.url == f"{stage.site}/show/{work}"
        assert len(page.context.pages) == 1
    return Attack(told, stage.asked_site, stage.asked_evil)


def test_attacks_without_the_sandbox_reach_the_listener(browser: Browser, stage: Stage) -> None:
    stage.pages |= {"/control/": _page(stage).replace(b"<body>", b"<body><script>top.vote = () => 1</script>")}
    # All attacks but those that would move the control page itself.
    here = ATTACK.replace(b"top.location = ", b"").replace(b"top.location.replace", b"String").replace(b", '_top'", b"")
    stage.pages |= {"/control/sw.js": b"onfetch = e => 0", "/control/attack.js": here}
    with tab(browser) as page:
        page.goto(f"{stage.site}/control/")
        told = json.loads(page.locator("#told").text_content() or "{}")
    assert told["camera"] == told["service worker"].replace("registered", "true") == "true"
    arrived = {path.strip("/") for path in stage.asked_evil}
    assert arrived >= {
        *("fetch", "xhr", "beacon", "websocket", "eventsource", "import.js", "worker", "font", "img", "script", "iframe", "embed"),
        *("object", "video", "stylesheet", "prefetch", "modulepreload", "preload", "style-import", "background", "form", "open"),
    }


def test_work_sees_nothing_of_the_site(attack: Attack) -> None:
    for name in ("parent cookie", "parent page", "parent storage", "parent address", "top function"):
        assert attack.told[name] == "SecurityError", name
    assert attack.told["frame element"] == "null"
    assert "SECRET" not in attack.told["own cookie"]
    assert attack.told["cookie for all works"] == attack.told["own cookie"] == ""
    everything = json.dumps(attack.told)
    assert not [word for word in ("SECRET", "PRIVATE", "VOTED") if word in everything]


def test_work_has_storage_of_its_own(attack: Attack) -> None:
    assert attack.told["own storage"] == "kept,undefined"


def test_work_reaches_no_host_and_not_the_site(attack: Attack) -> None:
    assert attack.evil == []
    assert [path for path in attack.site if not path.startswith(("/show/", "/main.js", "/favicon.ico"))] == []
    assert "fetch site read" not in attack.told


def test_work_cannot_open_windows_nor_move_the_page(attack: Attack) -> None:
    assert attack.told["window.open"] == "null"
    assert attack.told["top navigation"] == attack.told["top replace"] == "SecurityError"


def test_work_gets_no_camera_no_place_and_no_service_worker(attack: Attack) -> None:
    for feature in ("camera", "microphone", "geolocation", "payment", "clipboard-read", "usb"):
        assert attack.told[feature] == "false", feature
    assert attack.told["fullscreen"] == attack.told["autoplay"] == "true"
    assert attack.told["service worker"] in {"SecurityError", "TypeError"}


@pytest.mark.parametrize(
    "leave",
    [
        "<script>location = '{evil}/self'</script>",
        "<script>location.replace('{evil}/self')</script>",
        "<meta http-equiv=refresh content='0;url={evil}/self'>",
        "<a href={evil}/self>x</a><script>document.links[0].click()</script>",
        "<a href={evil}/self download>x</a><script>document.links[0].click()</script>",
        "<form action={evil}/self></form><script>document.forms[0].submit()</script>",
        "<script>location = '{site}/private'</script>",
        "<script>location = 'data:text/html,<script>parent.location=1<' + '/script>'</script>",
    ],
)
def test_work_cannot_leave_its_frame(browser: Browser, stage: Stage, publish: Publish, leave: str) -> None:
    leave = leave.replace("{evil}", stage.evil).replace("{site}", stage.site)
    work = publish({"index.html": f"<!doctype html><title>w</title><body>{leave}".encode()})
    with tab(browser) as page:
        page.goto(f"{stage.site}/show/{work}")
        page.wait_for_timeout(800)
        assert page.url == f"{stage.site}/show/{work}"
        assert page.title() == "main"
    assert stage.asked_evil == []
    assert "/private" not in stage.asked_site


def test_frame_that_may_go_anywhere_would_be_left(browser: Browser, stage: Stage, publish: Publish) -> None:
    """The control of the test above: without the page's frame-src the listener is reached."""
    work = publish({"index.html": f"<!doctype html><script>location = '{stage.evil}/self'</script>".encode()})
    stage.pages["/loose"] = f"<iframe src='http://w{work}.h5.localhost:{stage.site.rpartition(':')[2]}/'></iframe>".encode()
    with tab(browser) as page:
        page.goto(f"{stage.site}/loose")
        for _ in range(300):
            if stage.asked_evil:
                break
            page.wait_for_timeout(100)
    assert stage.asked_evil == ["/self"]


def test_work_opened_by_its_address_lands_on_its_page(browser: Browser, stage: Stage, publish: Publish) -> None:
    work = publish({"index.html": b"<!doctype html><title>pretends to be the site</title>"})
    with tab(browser) as page:
        page.goto(f"http://w{work}.h5.localhost:{stage.site.rpartition(':')[2]}/")
        assert page.url == f"{stage.site}/h5/{work}"


def test_work_cannot_read_another_work_s_storage(browser: Browser, stage: Stage, publish: Publish) -> None:
    show = b"<!doctype html><pre id=told></pre><script>told.textContent = JSON.stringify({...localStorage}); localStorage.mark = "
    first = publish({"index.html": show + b"'first'</script>"}, "a" * 32)
    second = publish({"index.html": show + b"'second'</script>"}, "b" * 32)
    with tab(browser) as page:
        assert _framed(page, stage, first) == {}
        assert _framed(page, stage, first) == {"mark": "first"}
        assert _framed(page, stage, second) == {}
