"""From outside, on a running site: a walk without scripts from the hall to the quiz and the report desk; nothing is set, nothing kept."""

from __future__ import annotations

import gzip
import ipaddress
import re
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser

from tests.harness.browser import PATIENCE
from tests.harness.browser import browser as browser
from tests.harness.hall import HallSite

ADDRESS = "203.0.113.77"  # who the visitor is, as the trusted proxy tells it
MOST = 100_000  # bytes of a first view without its pictures


def public(site: HallSite) -> Iterator[str]:
    """Yields the address of every public page and file of the exhibition."""
    board, week = site.boards[0], "sample"
    for lang in ("en", "zh-hans"):
        for path in (
            *(
                "halls/",
                "halls/street/",
                "halls/street/hand-outs/",
                "boards/?q=银行",
                f"boards/{board}/",
                f"boards/{board}/history/",
            ),
            *(f"boards/{board}/text/1.json", f"boards/{board}/quiz/", f"boards/{board}/report/", "programme/", "programme.ics"),
            *("visits/", "visits/visits.csv", "visits/visits.json"),
            *(
                "halls/street/kiosk/",
                "kiosk/street/1/",
                "kiosk/street/1/hall/",
                f"kiosk/street/1/{board}/",
                "kiosk/street/1/guest-book/",
            ),
        ):
            yield site.page(path, lang)
        yield f"{site.url}/embed/{lang}/{board}"
        yield f"{site.url}/kept/{week}/street/{lang}/"
        yield f"{site.url}/kept/{week}/street/{lang}/{board}/"
        yield f"{site.url}/kept/{week}/street/{lang}.webmanifest"
    for path in ("list.json", "worker.js", "away/"):
        yield f"{site.url}/kept/{week}/street/{path}"
    for path in (
        f"{board}/manifest.json",
        f"{board}/board.json",
        f"{board}/tiles/info.json",
        f"{board}/canvas/1/text/zh",
        f"halls/{week}/street/collection.json",
    ):
        yield f"{site.url}/iiif/{path}"
    yield f"{site.url}/oembed/board?url={site.url}/{board}"
    yield f"{site.url}/{board}"


def fetch(url: str, **headers: str) -> tuple[int, dict[str, list[str]], bytes]:
    """Returns status, headers and body as they come over the wire; a redirect is not followed."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc, "Connection": "close", "X-Forwarded-For": ADDRESS, "Accept-Encoding": "gzip", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as wire:
        wire.sendall(f"GET {quoted(path)} HTTP/1.1\r\n{lines}\r\n".encode())
        data = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    told: dict[str, list[str]] = {}
    for line in rest:
        name, _, value = line.partition(":")
        told.setdefault(name.strip().lower(), []).append(value.strip())
    return int(first.split(" ")[1]), told, body


def quoted(path: str) -> str:
    return "".join(sign if ord(sign) < 128 else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in path)


# ---- the walk ----


@pytest.mark.browser
def test_a_walk_without_scripts_goes_from_the_hall_to_a_question_and_to_a_report(running: HallSite, browser: Browser) -> None:
    context = browser.new_context(
        java_script_enabled=False, extra_http_headers={"X-Forwarded-For": ADDRESS}, viewport={"width": 390, "height": 800}
    )
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(running.page("halls/"))
        page.get_by_role("link", name="The street").first.click()
        page.get_by_role("link", name="Telling fraud").last.click()
        assert page.locator("h1").inner_text() == "Telling fraud"
        board = page.url
        page.locator("a[href*='/quiz/']").last.click()
        page.wait_for_url("**/quiz/practice/")
        page.locator("#begin button, form button").first.click()
        page.wait_for_url("**/1/")
        assert "Question" in page.locator("main").inner_text() and page.locator("main input").count() > 1
        page.goto(board)
        page.locator("a[href*='/report/']").last.click()
        page.wait_for_url("**/report/**")
        assert page.locator("form").count() >= 1
        page.goto(board)
        page.locator("a[rel=next]").last.click()
        assert page.locator("h1").inner_text() == "A call from the bank"
    finally:
        context.close()


def test_every_link_of_a_hall_and_its_boards_leads_somewhere(running: HallSite) -> None:
    seen: set[str] = set()
    for start in (
        running.page("halls/"),
        running.page("halls/street/"),
        *(running.page(f"boards/{code}/") for code in running.boards),
    ):
        html = text_of(fetch(start))
        for link in re.findall(r'<a [^>]*href="([^"#]+)', html):
            url = urljoin(start, link.replace("&amp;", "&"))
            if url not in seen and url.startswith(running.url):
                seen.add(url)
                assert fetch(url)[0] in {200, 302}, (start, url)
    assert len(seen) > 12


# ---- nothing set, nothing kept ----


def test_no_public_address_of_the_exhibition_sets_a_cookie(running: HallSite) -> None:
    for url in public(running):
        status, headers, _ = fetch(url)
        assert status in {200, 302}, url
        assert "set-cookie" not in headers, url


def test_every_public_page_is_under_100_kb_in_its_first_view_without_pictures(running: HallSite) -> None:
    weights: dict[str, int] = {}
    for url in [*public(running), *(running.page("boards/?q=bank", lang) for lang in ("en", "zh-hans"))]:
        status, headers, _ = fetch(url)
        if status == 200 and headers["content-type"][0].startswith("text/html"):
            weights[url] = weight(url)
    assert {url: size for url, size in weights.items() if size >= MOST} == {}
    assert len(weights) >= 26 and min(weights.values()) > 1_000 and max(weights.values()) > 60_000  # style sheets and faces count


def text_of(answer: tuple[int, dict[str, list[str]], bytes]) -> str:
    _, headers, body = answer
    return (gzip.decompress(body) if headers.get("content-encoding") == ["gzip"] else body).decode()


def weight(start: str) -> int:
    """Returns the bytes over the wire of a page with its style sheets, scripts and fonts."""
    answer = fetch(start)
    html = text_of(answer)
    named = re.findall(r'<link rel="(?:stylesheet|preload)"[^>]*?href="([^"]+)"', html) + re.findall(r'<script src="([^"]+)"', html)
    assert named, start
    faces = {face for sheet in named if "song" in sheet for face in song(urljoin(start, sheet), html)}
    return len(answer[2]) + sum(len(part(url)[2]) for url in {urljoin(start, name) for name in named} | faces)


part = cache(fetch)  # what many pages share is fetched once


def song(sheet: str, html: str) -> Iterator[str]:
    """Yields the pieces of the Song face that a browser fetches: those with a sign that stands in a head of the page."""
    typed = re.sub(r'<(\w+)[^>]*class="[^"]*typed[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
    heads = re.findall(r"<(h[1-3]|b)(?:\s[^>]*)?>(.*?)</\1>", typed, re.DOTALL)
    signs = {ord(sign) for _tag, text in heads for sign in re.sub(r"<[^>]+>", "", text)}
    for url, ranges in re.findall(r'url\("([^")]+\.woff2)"\)[^}]*?unicode-range:([^}]+)', text_of(fetch(sheet))):
        if signs & {int(one, 16) for one in re.findall(r"U\+([0-9a-f]+)", ranges, re.IGNORECASE)}:
            yield urljoin(sheet, url)


def traces(home: Path) -> list[str]:
    """Returns the files below the site's folder in which the visitor's address stands, in words, as bytes or as a number."""
    number = int(ipaddress.ip_address(ADDRESS))
    signs = [
        ADDRESS.encode(),
        ADDRESS.rpartition(".")[0].encode() + b".",
        number.to_bytes(4, "big"),
        str(number).encode(),
        f"::ffff:{ADDRESS}".encode(),
    ]
    words = [sign for sign in signs if len(sign) > 4]
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix not in {".jpg", ".webp", ".avif", ".woff2", ".gz"}:
            try:
                data = path.read_bytes()
            except FileNotFoundError:  # a running site's: a journal that is folded back, a letter that is renamed
                continue
            kept = words if path.suffix in {".css", ".js"} else signs if path.suffix in {".sqlite3", ".sqlite3-wal"} else words
            found += [f"{path.relative_to(home)}: {sign!r}" for sign in kept if sign in data]
    return found


def test_after_all_that_the_visitors_address_stands_nowhere(running: HallSite) -> None:
    for url in public(running):
        fetch(url)
    for path, told in (
        ("halls/street/guest-book/", "kind=guest_book&words=Good.&signed="),
        ("kiosk/street/1/guest-book/", "words=Good."),
    ):
        send(running.page(path), told, running.url)
    running.site.shell("from showground.exhibition.models import Note; assert Note.objects.count() == 2, Note.objects.count()")
    assert traces(running.home) == []
    (running.home / "planted.log").write_text(f"GET /b1 from {ADDRESS}", encoding="utf-8")
    assert traces(running.home) != []
    (running.home / "planted.log").unlink()


def send(url: str, told: str, origin: str) -> None:
    headers = {"Origin": origin, "X-Forwarded-For": ADDRESS, "Content-Type": "application/x-www-form-urlencoded"}
    with urlopen(Request(url, data=told.encode(), headers=headers), timeout=30) as answer:
        assert answer.status == 200 and answer.headers.get("Set-Cookie") is None
