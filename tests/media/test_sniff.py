from __future__ import annotations

from pathlib import Path

import pytest

from showground.media import sniff
from showground.rules.refused import Refused

from . import corpus


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_kind_of_a_picture_is_told_by_its_bytes(kind: str) -> None:
    assert sniff.kind_of(corpus.picture(kind=kind)[: sniff.HEAD]) == kind.lower()


@pytest.mark.parametrize(("ending", "kind"), [("mp4", "mp4"), ("mov", "mov"), ("webm", "webm"), ("mkv", "mkv")])
def test_kind_of_a_film_is_told_by_its_bytes(tmp_path: Path, ending: str, kind: str) -> None:
    path = corpus.film(tmp_path / f"film.{ending}", seconds=0.2, sound=False)
    assert sniff.check(path, "video") == kind


@pytest.mark.parametrize(
    ("upload", "found"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"MZ\x90\0", "program"),
        (b"#!/bin/sh\nrm -rf /\n", "text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "svg"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "svg"),
        (b"\xef\xbb\xbf<!DOCTYPE html><script>alert(1)</script>", "html"),
        (b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (bytes(64), "unknown"),
    ],
)
def test_check_of_another_kind_names_what_was_found(tmp_path: Path, upload: bytes, found: str) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(upload)
    with pytest.raises(Refused) as no:
        sniff.check(path, "picture")
    assert (no.value.code, no.value.facts["found"]) == ("work.kind", found)
    assert "jpeg" in no.value.facts["wanted"]


def test_check_of_a_renamed_film_refuses_it_as_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    with pytest.raises(Refused, match=r"work\.kind"):
        sniff.check(path, "picture")
    assert sniff.check(path, "video") == "mp4"


def test_check_of_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    with pytest.raises(Refused, match=r"work\.empty"):
        sniff.check(path, "picture")


def test_check_above_the_size_limit_tells_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate((30 << 20) + 1)
    with pytest.raises(Refused) as no:
        sniff.check(path, "picture")
    assert no.value.code == "work.too_large"
    assert no.value.facts == {"bytes": (30 << 20) + 1, "limit": 30 << 20}
