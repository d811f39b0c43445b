from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from showground.media.jail import best_available
from showground.sandbox.app import application, hash_of

from .conftest import Publish

MAIN, DOMAIN = "http://localhost:8300", "h5.localhost"
PAGE = b"<!doctype html><title>Work</title>"


@dataclass
class Said:
    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[..., Said]


@pytest.fixture
def ask(store: Path) -> Ask:
    """Asks the application as a WSGI server would; the standard's validator sits between."""
    app = validator(application(store, MAIN, DOMAIN))

    def asks(path: str = "/", host: str = f"w{'a' * 32}.{DOMAIN}:8300", method: str = "GET", **headers: str) -> Said:
        environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "HTTP_HOST": host, "QUERY_STRING": ""}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        said: list[tuple[str, list[tuple[str, str]]]] = []
        parts = app(environ, lambda status, more, exc=None: said.append((status, more)))  # type: ignore[arg-type, return-value]
        body = b"".join(parts)
        parts.close()  # type: ignore[attr-defined]
        return Said(int(said[0][0][:3]), dict(said[0][1]), body)

    return asks


def test_work_is_served_with_the_headers_that_hold_it(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    said = ask("/")
    assert (said.status, said.body, said.headers["Content-Type"]) == (200, PAGE, "text/html")
    policy = said.headers["Content-Security-Policy"].split("; ")
    framed = f"frame-ancestors {MAIN} 'self'"
    assert {"object-src 'none'", "form-action 'none'", framed, "connect-src 'self' data: blob:"} <= set(policy)
    assert not [rule for rule in policy if "*" in rule or "http://" in rule.replace(MAIN, "")]
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in said.headers["Permissions-Policy"]
    assert "immutable" in said.headers["Cache-Control"]
    assert not {"Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"} & said.headers.keys()


@pytest.mark.parametrize("path", ["/nothing", "/../index.html", "/index.html/..", "/manifest.json", "/f0000", "/..%2findex.html"])
def test_path_that_is_not_listed_is_not_found(ask: Ask, publish: Publish, path: str) -> None:
    publish({"index.html": PAGE})
    assert ask(path).status == 404


@pytest.mark.parametrize("file", ["../secret", "/etc/passwd", "manifest.json", "f0000/../../secret", ""])
def test_manifest_that_names_other_files_opens_none(ask: Ask, store: Path, file: str) -> None:
    (store / "secret").write_text("secret", encoding="utf-8")
    home = store / ("a" * 32)
    home.mkdir()
    listed = f'{{"index.html": {{"file": "{file}", "bytes": 6, "sha256": "x"}}}}'
    (home / "manifest.json").write_text(f'{{"files": {listed}}}', encoding="utf-8")
    assert ask("/").status == 404


def test_path_that_is_no_utf8_is_not_found(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    assert ask("/\xff").status == 404


def test_chinese_path_is_found_however_it_was_composed(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE, "图片/caf\u00e9.png": b"x"})
    assert ask("/" + "图片/cafe\u0301.png".encode().decode("latin-1")).body == b"x"


def test_folder_with_an_index_is_answered_by_it(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE, "zh/index.html": b"zh"})
    assert (ask("/zh/").body, ask("/en/").status) == (b"zh", 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_method_other_than_reading_is_refused(ask: Ask, publish: Publish, method: str) -> None:
    publish({"index.html": PAGE})
    said = ask(method=method)
    assert (said.status, said.headers["Allow"]) == (405, "GET, HEAD")


def test_head_tells_all_but_the_body(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    said = ask(method="HEAD")
    assert (said.status, said.body, said.headers["Content-Length"]) == (200, b"", str(len(PAGE)))


@pytest.mark.parametrize(
    "host",
    ["localhost:8300", DOMAIN, f"evil.{DOMAIN}", f"w{'a' * 31}.{DOMAIN}", f"w{'A' * 32}1.{DOMAIN}", f"x.w{'a' * 32}.{DOMAIN}", ""],
)
def test_host_that_names_no_work_is_not_found(ask: Ask, publish: Publish, host: str) -> None:
    publish({"index.html": PAGE})
    assert (ask(host=host).status, hash_of(host, DOMAIN)) == (404, "")


def test_host_is_read_without_regard_to_case_or_port(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    assert ask(host=f"W{'A' * 32}.H5.LOCALHOST").status == 200


def test_work_opened_as_a_page_goes_to_its_page_on_the_site(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    said = ask("/index.html", sec_fetch_dest="document")
    assert (said.status, said.headers["Location"]) == (303, f"{MAIN}/h5/{'a' * 32}")
    assert said.headers["Cache-Control"] == "no-store"
    assert ask("/index.html", sec_fetch_dest="iframe").status == 200


def test_service_worker_is_refused(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE, "sw.js": b"x"})
    assert ask("/sw.js", service_worker="script").status == 403
    assert ask("/sw.js").status == 200


def test_work_taken_down_is_gone_and_takes_its_storage_along(ask: Ask, publish: Publish, store: Path) -> None:
    publish({"index.html": PAGE})
    assert ask("/").status == 200
    (store / f"{'a' * 32}.gone").touch()
    said = ask("/")
    assert (said.status, said.headers["Clear-Site-Data"], said.headers["Cache-Control"]) == (410, '"*"', "no-store")


@pytest.mark.parametrize(
    ("path", "kind", "encoding"),
    [
        ("app.wasm", "application/wasm", None),
        ("app.wasm.gz", "application/wasm", "gzip"),
        ("app.framework.js.br", "text/javascript", "br"),
        ("app.data.gz", "application/octet-stream", "gzip"),
        ("app.unityweb", "application/octet-stream", None),
        ("notes.gz", "application/octet-stream", None),
        ("page.HTML", "text/html", None),
        ("picture.svg", "image/svg+xml", None),
        ("strange.xyz", "application/octet-stream", None),
        ("nothing", "application/octet-stream", None),
    ],
)
def test_type_comes_from_our_table(ask: Ask, publish: Publish, path: str, kind: str, encoding: str | None) -> None:
    body = gzip.compress(b"x")
    publish({"index.html": PAGE, path: body})
    said = ask(f"/{path}")
    assert (said.headers["Content-Type"], said.headers.get("Content-Encoding"), said.body) == (kind, encoding, body)


@pytest.mark.parametrize(
    ("asked", "body", "told"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=8-", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=5-99999", b"56789", "bytes 5-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_range_gives_the_part_that_was_asked_for(ask: Ask, publish: Publish, asked: str, body: bytes, told: str) -> None:
    publish({"index.html": PAGE, "film.mp4": b"0123456789"})
    said = ask("/film.mp4", range=asked)
    assert (said.status, said.body, said.headers["Content-Range"]) == (206, body, told)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=7-3", "bytes=-0"])
def test_range_outside_the_file_is_refused(ask: Ask, publish: Publish, asked: str) -> None:
    publish({"index.html": PAGE, "film.mp4": b"0123456789"})
    said = ask("/film.mp4", range=asked)
    assert (said.status, said.headers["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=" + "9" * 5000 + "-"])
def test_range_that_is_not_one_plain_range_gives_the_whole_file(ask: Ask, publish: Publish, asked: str) -> None:
    publish({"index.html": PAGE, "film.mp4": b"0123456789"})
    said = ask("/film.mp4", range=asked)
    assert (said.status, said.body) == (200, b"0123456789")


def test_range_of_a_packed_file_gives_the_whole_file(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE, "app.js.gz": b"0123456789"})
    assert ask("/app.js.gz", range="bytes=0-1").status == 200


def test_file_that_the_browser_has_is_not_sent_again(ask: Ask, publish: Publish) -> None:
    publish({"index.html": PAGE})
    tag = ask("/").headers["ETag"]
    said = ask("/", if_none_match=f'"other", {tag}')
    assert (said.status, said.body) == (304, b"")
    assert ask("/", if_range='"other"', range="bytes=0-1").status == 200


@pytest.mark.parametrize(
    ("main", "domain"), [("http://h5.localhost", "h5.localhost"), ("https://a.h5.org", "h5.org"), ("", "h5.org")]
)
def test_site_that_would_share_a_host_with_works_does_not_start(store: Path, main: str, domain: str) -> None:
    with pytest.raises(ValueError, match="apart"):
        application(store, main, domain)


def test_package_from_the_jail_is_served_as_it_was_handed_in(ask: Ask, store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with zipfile.ZipFile(tmp_path / "game.zip", "w") as package:
        package.writestr("游戏/index.html", PAGE)
        package.writestr("游戏/js/app.js", b"play()")
    answer = best_available().run("package", tmp_path / "game.zip", out)
    (out / "h5").rename(store / answer["hash32"])
    host = f"w{answer['hash32']}.{DOMAIN}:8300"
    assert ask("/", host=host).body == PAGE
    assert ask("/js/app.js", host=host).headers["Content-Type"] == "text/javascript"
