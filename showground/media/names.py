"""Names inside a zip: decoded as their writers meant them, and refused when they could mislead a file system or a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from showground.rules.refused import Refused

LONGEST, DEEPEST = 240, 16
_ENCODINGS = ("utf-8", "gb18030", "big5", "shift_jis")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_JOINERS = "\u200c\u200d"  # they make one emoji of several


def decoded(raws: Sequence[tuple[bytes, bool]]) -> list[str]:
    """Returns the names as text; those without the UTF-8 flag are all read in the one encoding that fits them best."""
    old = b"\n".join(raw for raw, is_utf8 in raws if not is_utf8)
    fits = [encoding for encoding in _ENCODINGS if _reads(old, encoding)]
    best = next((encoding for encoding in fits if _common(old, encoding)), fits[0] if fits else "")
    return [_text(raw, "utf-8" if is_utf8 else best) for raw, is_utf8 in raws]


def _reads(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common(raw: bytes, encoding: str) -> bool:
    """Tells whether the text uses everyday characters of that encoding only: Big5 bytes read as GB18030 give rare ones."""
    narrow = {"gb18030": "gb2312", "shift_jis": "iso2022_jp"}.get(encoding, encoding)
    try:
        again = raw.decode(encoding).encode(narrow)
    except UnicodeEncodeError:
        return False
    return narrow != "big5" or not any(0xC7 <= byte <= 0xC8 or byte > 0xF9 for byte in again)


def _text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding) if encoding else raw.decode("ascii")
    except UnicodeDecodeError:
        raise Refused("package.name", name=shown(raw.decode("ascii", "replace")), reason="encoding")


def safe(name: str) -> str:
    """Returns the name in NFC without a closing slash, or raises package.name with the reason."""
    path = unicodedata.normalize("NFC", name.removesuffix("/"))
    if reason := _wrong(path):
        raise Refused("package.name", name=shown(name), reason=reason)
    return path


def _wrong(path: str) -> str:
    """Returns why a path may not be used, or ""."""
    parts = path.split("/")
    if not path:
        return "empty"
    if any(_unseen(char) for char in path):
        return "control"
    if "\\" in path:
        return "backslash"
    if path.startswith("/") or _DRIVE.match(path):
        return "absolute"
    if any(part in {"", ".", ".."} for part in parts):
        return "dots"
    if any(part.endswith((".", " ")) or _RESERVED.match(part) for part in parts):
        return "reserved"
    return "long" if len(path.encode()) > LONGEST or len(parts) > DEEPEST else ""


def _unseen(char: str) -> bool:
    """Tells whether a character hides itself or turns the text around it."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in _JOINERS


def shown(name: str) -> str:
    """Returns a name that can be put on a page: what hides is shown as a replacement character, 80 characters at most."""
    return "".join("\ufffd" if _unseen(char) else char for char in name)[:80]
