import functools
import hashlib
import http.server
import io
import re
import tarfile
import threading
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from showground.commands.demo_works import clips, fetch, make
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser

ROWS = make.listed()
POSTERS = sorted((make.HERE / "posters").glob("*.svg")) + sorted((make.HERE / "h5").glob("*/poster.svg"))
PACKAGES = sorted(p.name for p in (make.HERE / "h5").iterdir())
HAN = re.compile("[\u4e00-\u9fff]")
DRAWN_WITH = {
    *("svg", "g", "defs", "path", "rect", "circle", "ellipse", "use", "clipPath"),
    *("linearGradient", "stop", "filter", "feTurbulence", "feDisplacementMap", "feGaussianBlur", "feColorMatrix"),
}
GENRES = {
    "picture": {"poster", "illustration", "comic", "photo"},
    "video": {"animation", "short-video", "mv"},
    "h5": {"game", "quiz", "story"},
}


def test_listed_works_fill_two_different_weeks() -> None:
    count = Counter(row["category"] for row in ROWS)
    assert count["picture"] >= 24 and count["video"] >= 7 and count["h5"] >= 7


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_label_is_complete_in_both_languages(row: dict) -> None:
    for name in ("title", "statement", "alt"):
        assert set(row[name]) == {"en", "zh"}
        assert HAN.search(row[name]["zh"]) and not HAN.search(row[name]["en"])
    assert row["genre"] in GENRES[row["category"]]
    assert row["maker"]["name"] and row["maker"]["kind"] in {"person", "group"}
    assert row["maker"]["age_group"] in {"child", "youth", "adult", "senior"}


def test_keys_and_file_names_are_used_once() -> None:
    for name in ("key", "filename"):
        assert max(Counter(row[name] for row in ROWS).values()) == 1


@pytest.mark.parametrize("row", [r for r in ROWS if "from" in r["file"]], ids=lambda row: row["key"])
def test_work_made_from_others_material_says_so_and_notice_credits_it(row: dict) -> None:
    assert row["credit"] and row["licence"] != make.OUR_LICENCE
    notice = (make.HERE.parents[2] / "NOTICE").read_text("utf-8")
    assert Path(fetch.PIECES[row["file"]["from"]].member).name in notice


def test_every_source_hangs_in_exactly_one_work() -> None:
    drawn = Counter(row["file"]["svg"] for row in ROWS if "svg" in row["file"])
    assert drawn == Counter(p.name for p in (make.HERE / "posters").iterdir())
    assert Counter(r["file"]["folder"] for r in ROWS if r["file"]["kind"] == "h5") == Counter(PACKAGES)
    assert Counter(r["file"]["clip"] for r in ROWS if r["file"]["kind"] == "clip") == Counter(clips.CLIPS.keys())


@pytest.mark.parametrize("path", POSTERS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_svg_needs_no_font_and_nothing_from_outside(path: Path) -> None:
    text = path.read_text("utf-8")
    root = ET.fromstring(text)
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= DRAWN_WITH
    assert not any((node.text or "").strip() for node in root.iter())
    for node in root.iter():
        for name, value in node.attrib.items():
            assert not name.rpartition("}")[2].endswith("href") or value.startswith("#")
            assert not name.startswith("on")
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))
    assert len(text) < 61440


@pytest.mark.parametrize("name", PACKAGES)
def test_package_is_whole_and_asks_nobody_else(name: str) -> None:
    folder = make.HERE / "h5" / name
    page = (folder / "index.html").read_text("utf-8")
    parts = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert parts and all((folder / part).is_file() for part in parts)
    assert {p.name for p in folder.iterdir()} == {"index.html", "poster.svg", *parts}
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z0-9-]+\.[a-z]{2,}/|@import|\beval\b|innerHTML|document\.cookie", text)


def test_prepare_makes_files_of_the_right_kind_once(tmp_path: Path) -> None:
    keys = ["one-key", "rn-is-not-m", "update-tonight", "clip-pixel-face", "h5-inbox-patrol"]
    said: list[str] = []
    works = {w.key: w for w in make.prepare(tmp_path, keys, said.append)}
    assert set(works) == set(keys) and len(said) == len(keys)
    kinds = {key: Image.open(works[key].file) for key in ("one-key", "rn-is-not-m", "update-tonight")}
    assert [im.format for im in kinds.values()] == ["JPEG", "PNG", "WEBP"]
    assert kinds["rn-is-not-m"].size == (1920, 1440)
    assert works["clip-pixel-face"].file.read_bytes()[4:8] == b"ftyp"
    poster = works["h5-inbox-patrol"].poster
    assert poster is not None and Image.open(poster).format == "PNG"
    with zipfile.ZipFile(works["h5-inbox-patrol"].file) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["game.js", "index.html", "mail.js", "poster.png", "style.css"]
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    again = make.prepare(tmp_path, keys, said.append)
    assert {w.key: w for w in again} == works and len(said) == len(keys)
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before


def test_prepare_refuses_a_key_that_is_not_listed(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no-such-work"):
        make.prepare(tmp_path, ["one-key", "no-such-work"])


def test_prepare_leaves_out_a_work_whose_material_is_out_of_reach(tmp_path: Path, monkeypatch) -> None:
    nowhere = fetch.Piece("apt", "showground-no-such-package", "./nothing.jpg", "0" * 64)
    monkeypatch.setitem(fetch.PIECES, "coffee", nowhere)
    said: list[str] = []
    works = make.prepare(tmp_path, ["one-table-over", "three-seconds"], said.append)
    assert [w.key for w in works] == ["three-seconds"]
    assert any(line.startswith("one-table-over: left out") for line in said)


def test_clip_has_picture_and_sound_of_its_length() -> None:
    import av

    clip = clips.CLIPS["pixel-face"]
    with av.open(io.BytesIO(clips.encode("pixel-face", make.render))) as box:
        film, sound = box.streams.video[0], box.streams.audio[0]
        assert (film.codec_context.name, film.width, film.height) == ("h264", clips.WIDTH, clips.HEIGHT)
        assert sound.codec_context.name == "aac"
        assert film.frames == clip.seconds * clips.FPS
        assert abs(float(sound.duration * sound.time_base) - clip.seconds) < 0.1


@pytest.mark.parametrize("name", clips.CLIPS)
def test_frames_parse_and_change(name: str) -> None:
    clip = clips.CLIPS[name]
    frames = [clip.frame(i / clips.FPS) for i in range(round(clip.seconds * clips.FPS))]
    for frame in frames:
        assert {node.tag.rpartition("}")[2] for node in ET.fromstring(frame).iter()} <= DRAWN_WITH
    assert len(set(frames)) >= 12
    assert all(begins < clip.seconds for begins, *_ in clip.notes)


def test_zip_depends_on_names_and_bodies_only() -> None:
    one = make.zipped({"b.txt": b"2", "a.txt": b"1"})
    assert one == make.zipped({"a.txt": b"1", "b.txt": b"2"})
    assert one != make.zipped({"a.txt": b"1", "b.txt": b"3"})


def test_halftone_is_darker_where_the_photograph_is() -> None:
    slope = Image.linear_gradient("L").rotate(90).resize((200, 100)).convert("RGB")  # black left, white right
    dark_left = slope.getpixel((0, 50)) < slope.getpixel((199, 50))  # type: ignore[operator]
    sheet = make.TREATMENTS["halftone"](slope, {"cells": 20, "ink": "#000000", "paper": "#FFFFFF"}).convert("L")
    left, right = (sum(sheet.crop(box).tobytes()) for box in ((0, 0, 100, 100), (100, 0, 200, 100)))
    assert sheet.size == (200, 100) and (left < right) == dark_left and abs(left - right) > 200_000


def test_debian_archive_gives_up_the_member_asked_for() -> None:
    def member(name: str, body: bytes) -> bytes:
        return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(body):<10}`\n".encode() + body + b"\n" * (len(body) % 2)

    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:xz") as archive:
        info = tarfile.TarInfo("./a.jpg")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"jpg"))
    deb = b"!<arch>\n" + member("debian-binary", b"2.0") + member("data.tar.xz", tar.getvalue())
    assert fetch._ar_member(deb, "data.tar") == tar.getvalue()
    with pytest.raises(KeyError):
        fetch._ar_member(deb, "control")


def test_fetched_bytes_with_another_hash_are_not_kept(tmp_path: Path) -> None:
    right = hashlib.sha256(b"right").hexdigest()
    fetch._keep(b"right", right, tmp_path / "kept")
    with pytest.raises(ValueError):
        fetch._keep(b"wrong", right, tmp_path / "refused")
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


class _Sandbox(http.server.SimpleHTTPRequestHandler):
    """Serves a package as strictly as any host would: nothing inline, nothing from elsewhere."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    handler = functools.partial(_Sandbox, directory=make.HERE / "h5")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("name", PACKAGES)
def test_package_runs_on_a_phone_in_two_languages_without_a_foreign_request(browser, address: str, name: str) -> None:
    with tab(browser, width=390, height=700) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        wrong = complaints(page)
        page.goto(f"{address}/{name}/index.html?lang=en")
        english = page.inner_text("h1")
        assert axe(page) == []
        page.click("#lang")
        assert HAN.search(page.inner_text("h1")) and not HAN.search(english)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe(page) == []
        assert all(url.startswith(f"{address}/") for url in asked)
        assert not [line for line in wrong if "404" not in line]  # a browser asks every host for /favicon.ico
