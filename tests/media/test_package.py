from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showground.rules.refused import Refused

from . import corpus
from .corpus import INDEX, Entry, zipped

Run = Callable[..., dict[str, Any]]
Refuses = Callable[..., Refused]


def _unpacked(out: Path) -> dict[str, bytes]:
    manifest = json.loads((out / "h5/manifest.json").read_text(encoding="utf-8"))
    return {path: (out / "h5" / entry["file"]).read_bytes() for path, entry in manifest["files"].items()}


def test_package_is_unpacked_under_names_of_ours(run: Run, out: Path) -> None:
    answer = run("package", corpus.honest(**{"js/游戏.js": b"play()"}))
    assert _unpacked(out) == {"index.html": INDEX, "js/游戏.js": b"play()"}
    assert {path.name for path in (out / "h5").iterdir()} == {"manifest.json", "f0000", "f0001"}
    assert (answer["files"], answer["bytes"], answer["index"], answer["notes"]) == (2, len(INDEX) + 6, "index.html", [])


def test_package_hash_is_of_the_upload(run: Run) -> None:
    upload = corpus.honest()
    wanted = base64.b32encode(hashlib.sha256(upload).digest()).decode().lower()[:32]
    assert run("package", upload)["hash32"] == wanted


def test_package_in_one_folder_loses_it_and_the_rubbish_of_desktops(run: Run, out: Path) -> None:
    entries = [Entry("game/", mode=0o040755), Entry("game/index.html", INDEX), Entry("game/a/b.css", b"x")]
    rubbish = [Entry("__MACOSX/game/._index.html", b"x"), Entry("game/.DS_Store", b"x"), Entry("game/Thumbs.db", b"x")]
    run("package", zipped(*entries, *rubbish))
    assert set(_unpacked(out)) == {"index.html", "a/b.css"}


def test_package_with_hidden_files_leaves_them_out_and_says_so(run: Run, out: Path) -> None:
    answer = run("package", corpus.honest(**{".git/config": b"secret"}))
    assert set(_unpacked(out)) == {"index.html"}
    assert answer["notes"] == [{"note": "hidden", "file": ".git/config", "what": ""}]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([Entry("readme.txt", b"x")], "package.no_index"),
        ([Entry("a/b/index.html", INDEX), Entry("c.txt")], "package.no_index"),
        ([Entry("a/index.html", INDEX), Entry("b/index.html", INDEX)], "package.several_indexes"),
        ([Entry("index.html", INDEX), Entry("more.zip", b"x")], "package.forbidden"),
        ([Entry("index.html", INDEX), Entry("shell.PHP", b"x")], "package.forbidden"),
        ([Entry("index.html", INDEX), Entry("data.bin", corpus.honest())], "package.forbidden"),
        ([Entry("index.html", INDEX), Entry("data.bin", b"\x7fELF\2\1\1")], "package.forbidden"),
        ([Entry("index.html", INDEX), Entry("data.bin", b"MZ" + bytes(60) + b"PE\0\0")], "package.forbidden"),
        ([Entry("index.html", INDEX), Entry("../../etc/cron.d/x", b"x")], "package.name"),
    ],
)
def test_package_that_may_not_be_shown_is_refused(refused: Refuses, entries: list[Entry], code: str) -> None:
    assert refused("package", zipped(*entries)).code == code


def test_package_that_is_a_picture_is_refused_by_its_content(refused: Refuses) -> None:
    no = refused("package", corpus.picture())
    assert (no.code, no.facts) == ("work.kind", {"found": "jpeg", "wanted": ["zip"]})


def test_package_bombs_are_refused(refused: Refuses) -> None:
    assert refused("package", corpus.overlapping()).code == "package.damaged"
    assert refused("package", zipped(Entry("index.html", INDEX), Entry("a", bytes(90 << 20)))).code == "package.bomb"


def test_package_with_links_writes_nothing_outside(refused: Refuses, tmp_path: Path) -> None:
    link = Entry("out", b"/", mode=0o120777)
    before = set(tmp_path.rglob("*"))
    assert refused("package", zipped(Entry("index.html", INDEX), link, Entry("out/x", b"x"))).code == "package.special"
    assert {path.name for path in set(tmp_path.rglob("*")) - before} == {"upload"}


def test_package_scan_notes_what_a_screener_should_see(run: Run) -> None:
    page = b"""<!doctype html><html xmlns="http://www.w3.org/1999/xhtml"><meta http-equiv=refresh content="0;url=https://evil.example/">
        <script src="//cdn.example.org/lib.js"></script><input type="password">"""
    script = b"new RTCPeerConnection(); new WebSocket('wss://pool.example.net/coinhive')  // just a comment.txt"
    answer = run("package", zipped(Entry("index.html", page), Entry("a.js", script)))
    assert {(note["note"], note["file"], note["what"]) for note in answer["notes"]} == {
        ("remote", "index.html", "evil.example"),
        ("remote", "index.html", "cdn.example.org"),
        ("remote", "a.js", "pool.example.net"),
        ("refresh", "index.html", "<meta http-equiv=refresh"),
        ("password", "index.html", 'type="password'),
        ("webrtc", "a.js", "RTCPeerConnection"),
        ("miner", "a.js", "coinhive"),
    }


def test_package_poster_is_rendered_like_any_picture(run: Run, out: Path) -> None:
    answer = run("package", corpus.honest(**{"cover.png": corpus.picture(kind="PNG")}))
    assert [made["name"] for made in answer["renditions"]] == ["poster-w480.webp", "poster-w640.webp", "poster-share.jpg"]
    assert (answer["width"], answer["height"]) == (640, 480)
    assert (out / "poster-w480.webp").stat().st_size == answer["renditions"][0]["bytes"]


@pytest.mark.parametrize("bad", [b"not a picture", corpus.bomb_png(30_000, 30_000), b""])
def test_package_with_a_bad_poster_is_taken_without_one(run: Run, bad: bytes) -> None:
    answer = run("package", corpus.honest(**{"poster.png": bad}))
    assert (answer["renditions"], answer["color"]) == ([], None)
    assert [note["note"] for note in answer["notes"]] == ["poster"]


def test_package_of_an_ordinary_tool_is_taken(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "game.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.mkdir("assets")
        package.writestr("index.html", INDEX, compress_type=zipfile.ZIP_STORED)
        package.writestr("assets/声音.ogg", b"OggS", compress_type=zipfile.ZIP_DEFLATED)
        package.comment = b"made by a game maker"
    run("package", path)
    assert set(_unpacked(out)) == {"index.html", "assets/声音.ogg"}
