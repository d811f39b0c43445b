"""Where the bytes of boards lie: print files as they came, tiles, and printed copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings


def original(sha256: str) -> Path:
    """Returns where a print file lies as it came; no page serves it."""
    return Path(settings.WORKS) / "boards" / sha256


def drawn(key: str) -> Path:
    """Returns the folder that holds the tiles of a picture; `key` is "<sha256 of the file>-<page>"."""
    return Path(settings.MEDIA_STORE) / "boards" / key[:2] / key


def rendition(name: str) -> Path:
    """Returns where a public rendition lies; its name is its hash."""
    return Path(settings.MEDIA_STORE) / name[:2] / name


def printed(name: str) -> Path:
    """Returns where a printed copy lies; `name` says what it is made from, so that another text has another file."""
    return Path(settings.MEDIA_STORE) / "prints" / f"{name}.pdf"


def jpeg(picture: dict[str, Any], width: int = 1600) -> bytes:
    """Returns the JPEG of a picture that is nearest to `width` pixels wide; nothing if there is none."""
    found = [one for one in picture.get("renditions", []) if one["type"] == "image/jpeg"]
    if not found:
        return b""
    best = min(found, key=lambda one: abs(one["width"] - width))
    return rendition(best["file"]).read_bytes()
