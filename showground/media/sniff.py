"""What a file truly is, told from its first bytes and never from its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from showground.rules.refused import Refused

HEAD = 4096
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "picture": ("jpeg", "png", "webp", "gif", "avif"),
    "video": ("mp4", "mov", "webm", "mkv"),
    "h5": ("zip",),
    "board": ("pdf", "zip", "jpeg", "png", "webp", "avif", "tiff"),
    "audio": ("mp3", "wav", "ogg", "flac", "aac", "mp4", "mov", "webm", "mkv"),
    "handout": ("pdf", "jpeg", "png", "webp", "avif"),
}
# RULE uploads: bytes of an upload per category.
LARGEST: Mapping[str, int] = {
    **{"picture": 30 << 20, "video": 500 << 20, "h5": 200 << 20, "board": 600 << 20},
    **{"audio": 300 << 20, "handout": 100 << 20},
}
TYPES: Mapping[str, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
}
# SPEC ISO 11172-3 2.4.2.3 and ISO 13818-7 6.2: the second byte of a frame of MPEG layer III, of ADTS.
_LAYER_3, _ADTS = frozenset(b"\xfb\xfa\xf3\xf2\xe3\xe2"), frozenset(b"\xf0\xf1\xf8\xf9")
# Kinds we do not take but name, so that a refusal can say what was sent.
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"#EXTM3U", "playlist"),
    (b"ffconcat", "playlist"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"8BPS", "psd"),
    (b"BM", "bmp"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (b"\xd0\xcf\x11\xe0", "office"),
)
_BRANDS: Mapping[bytes, str] = {b"avif": "avif", b"avis": "avif", b"qt  ": "mov", b"heic": "heic", b"heix": "heic", b"mif1": "heic"}


def kind_of(head: bytes) -> str:
    """Returns the kind told by a file's first 4,096 bytes: "jpeg", "mp4", "zip" ..., "svg", "html", "text", or "unknown"."""
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[4:8] in {b"moov", b"mdat", b"wide", b"free", b"skip"}:
        return "mov"
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "unknown")
    if head[:4] == b"\x1aE\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv"
    return next((kind for start, kind in _STARTS if head.startswith(start)), "") or _frames(head) or _words(head)


def _frames(head: bytes) -> str:
    """Names a stream of sound frames that begins without any header."""
    if head[:1] != b"\xff" or len(head) < 4:
        return ""
    return "mp3" if head[1] in _LAYER_3 else "aac" if head[1] in _ADTS else ""


def _brand(head: bytes) -> str:
    """Returns what an ISO file says it is: its major brand first, then (HEIF containers) its compatible brands."""
    end = min(int.from_bytes(head[:4], "big"), 256)
    others = {head[at : at + 4] for at in range(16, end, 4)}
    major = _BRANDS.get(head[8:12], "mp4")
    return "avif" if major == "heic" and b"avif" in others else major


def _words(head: bytes) -> str:
    """Names what looks like text, for the refusal's sake only."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start[:1024]:
        return "svg"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "text" if head and not any(byte < 9 for byte in head) else "unknown"


def check(path: Path, category: str) -> str:
    """Returns the kind of a file that the category takes, or raises work.empty, work.too_large or work.kind."""
    size = path.stat().st_size
    if not size:
        raise Refused("work.empty")
    with path.open("rb") as file:
        found = kind_of(file.read(HEAD))
    if found not in CATEGORIES[category]:
        raise Refused("work.kind", found=found, wanted=list(CATEGORIES[category]))
    if size > LARGEST[category]:
        raise Refused("work.too_large", bytes=size, limit=LARGEST[category])
    return found


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Tells the kind and media type of a file; refuses what the category, if one is given, does not take."""
    if "category" in options:
        kind = check(source, str(options["category"]))
    else:
        with source.open("rb") as file:
            kind = kind_of(file.read(HEAD))
    return {"kind": kind, "type": TYPES.get(kind, "application/octet-stream")}
