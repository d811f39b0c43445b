"""Media in packages: what kind a file is by its first bytes, how large a picture is, and where a reference leads."""

from __future__ import annotations

import posixpath
import re
import struct
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_KINDS: Final = (
    (rb"\x89PNG\r\n\x1a\n", "picture", "image/png", ".png"),
    (rb"\xff\xd8\xff", "picture", "image/jpeg", ".jpg"),
    (rb"GIF8[79]a", "picture", "image/gif", ".gif"),
    (rb"RIFF....WEBP", "picture", "image/webp", ".webp"),
    (rb"RIFF....WAVE", "audio", "audio/wav", ".wav"),
    (rb"ID3|\xff[\xfb\xf3\xf2]", "audio", "audio/mpeg", ".mp3"),
    (rb"OggS", "audio", "audio/ogg", ".ogg"),
    (rb"fLaC", "audio", "audio/flac", ".flac"),
    (rb"....ftypM4A", "audio", "audio/mp4", ".m4a"),
    (rb"....ftyp", "video", "video/mp4", ".mp4"),
    (rb"\x1a\x45\xdf\xa3", "video", "video/webm", ".webm"),
)


@dataclass(frozen=True)
class Medium:
    """A file of a package that a question shows: its place, its bytes and what they are."""

    path: str
    data: bytes
    mime: str


def kind_of(data: bytes) -> tuple[str, str, str]:
    """Returns (picture, audio or video; MIME type; ending) by the first bytes; ("", "application/octet-stream", ".bin") for others."""
    for sign, kind, mime, ending in _KINDS:
        if re.match(sign, data[:16], re.DOTALL):
            return kind, mime, ending
    return "", "application/octet-stream", ".bin"


def size(data: bytes) -> tuple[int, int] | None:
    """Returns the width and height that a PNG, GIF, JPEG or WebP says it has; None if it does not."""
    try:
        sizes = _size(data)
    except (struct.error, IndexError):
        return None
    return sizes if sizes and min(sizes) > 0 and max(sizes) < 100_000 else None


def _size(data: bytes) -> tuple[int, int] | None:
    kind = kind_of(data)[1]
    if kind == "image/png":
        wide, high = struct.unpack(">II", data[16:24])
    elif kind == "image/gif":
        wide, high = struct.unpack("<HH", data[6:10])
    elif kind == "image/jpeg":
        return _jpeg(data)
    elif kind == "image/webp" and data[12:16] == b"VP8X":
        wide, high = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == "image/webp" and data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == "image/webp":
        wide, high = (n & 0x3FFF for n in struct.unpack("<HH", data[26:30]))
    else:
        return None
    return wide, high


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walks the segments of a JPEG to the one that says its size."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark in range(0xC0, 0xD0) and mark not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return wide, high
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def target(base: str, href: str) -> str | None:
    """Returns where in the package a reference in the file `base` leads; None if it leads out of it or anywhere else."""
    plain = unquote(href.partition("#")[0].partition("?")[0]).strip()
    if not plain or "\\" in plain or "\0" in plain or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", plain):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return None if path == "." or path.startswith("../") or path == ".." else path
