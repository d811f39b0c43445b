"""A mail taken to pieces without recursion: mails inside it, texts, attachments; what passes a limit is listed, not opened."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from showground.evidence import headers
from showground.media import sniff

Told = dict[str, Any]
# RULE reports 3.5: parts, levels, mails in one file; characters of one text.
PARTS, DEPTH, MAILS, TEXT = 500, 30, 20, 2_000_000
PAGES, PAGE = 10, 1_000_000  # pages that hang on one mail and are read for their links, and characters of one
PICTURES, PICTURE = 20, 10 << 20  # pictures of one mail that may be looked into, and bytes of one
_MAIL_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass
class Piece:
    """One mail among those that a file holds: its head, its texts (type, text), its attachments, and what was not opened."""

    lines: list[tuple[str, str]]
    depth: int
    texts: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[Told] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # HTML that hangs on the mail: read for its links, shown to nobody
    pictures: list[bytes] = field(default_factory=list)  # as they came: whoever decodes them stands in the jail
    limits: list[Told] = field(default_factory=list)


@dataclass
class _Part:
    raw: bytes
    depth: int
    piece: Piece | None  # None: the part is a mail of its own
    level: int = 0
    default: str = "text/plain"


def pieces(raw: bytes) -> list[Piece]:
    """Returns the mails of a file, the one furthest inside first; a mail that was forwarded whole comes before its wrapper."""
    found: list[Piece] = []
    waiting = [_Part(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t"), 0, None)]
    seen = 0
    while waiting:
        part = waiting.pop()
        seen += 1
        inner = list(_opened(part, found, seen))
        waiting += reversed(inner)
    return sorted(found, key=lambda piece: -piece.depth)


def _opened(part: _Part, found: list[Piece], seen: int) -> Iterator[_Part]:
    """Reads one part: lists what it is, and yields what is inside."""
    lines, body, limits = headers.split(part.raw)
    piece = part.piece
    if piece is None:
        piece = Piece(lines, part.level)
        found.append(piece)
    piece.limits += limits
    kind, boundary, charset = _type(lines, part.default)
    if kind.startswith("multipart/") and boundary:
        if part.depth >= DEPTH or seen > PARTS:
            piece.limits.append({"code": "limit.depth" if part.depth >= DEPTH else "limit.parts", "bytes": len(body)})
            piece.attachments.append(_attachment(lines, kind, body, opened=False))
            return
        inside = "message/rfc822" if kind == "multipart/digest" else "text/plain"  # SPEC rfc2046 5.1.5
        yield from (_Part(one, part.depth + 1, piece, part.level, inside) for one in _between(body, boundary, piece))
    elif kind in _MAIL_TYPES or (_name(lines).lower().endswith(".eml") and kind != "text/html"):
        data = _decoded(lines, body)
        full = len(found) >= MAILS or part.depth >= DEPTH
        piece.attachments.append(_attachment(lines, kind, data, opened=not full))
        if full:
            piece.limits.append({"code": "limit.mails", "bytes": len(data)})
        else:
            yield _Part(data.lstrip(b"\r\n"), part.depth + 1, None, part.level + 1)
    else:
        _leaf(piece, lines, kind, charset, body)


def _leaf(piece: Piece, lines: list[tuple[str, str]], kind: str, charset: str, body: bytes) -> None:
    data = _decoded(lines, body)
    shown = not re.match(r"\s*attachment", headers.first(lines, "content-disposition"), re.IGNORECASE)
    if shown and (kind in {"text/plain", "text/html", "text/enriched", "text/richtext"} or kind.startswith("multipart/")):
        text = headers.decoded(data[: 4 * TEXT], charset)
        if len(text) > TEXT or len(data) > 4 * TEXT:
            piece.limits.append({"code": "limit.text", "bytes": len(data), "read": TEXT})
        piece.texts.append((kind, text[:TEXT]))
        if _name(lines):  # programs show a text that has a name as they show one that has none
            piece.attachments.append(_attachment(lines, kind, data))
    elif data or len(lines) > 1:
        piece.attachments.append(_attachment(lines, kind, data))
        if (kind == "text/html" or _PAGES.search(_name(lines).strip(". "))) and len(piece.pages) < PAGES:
            piece.pages.append(headers.decoded(data[: 4 * PAGE], charset)[:PAGE])
        if (
            len(piece.pictures) < PICTURES
            and len(data) <= PICTURE
            and sniff.kind_of(data[: sniff.HEAD]) in sniff.CATEGORIES["picture"]
        ):
            piece.pictures.append(data)


def _attachment(lines: list[tuple[str, str]], kind: str, data: bytes, *, opened: bool = False) -> Told:
    """Returns what is told of an attachment: its name, the type it claims, its size and its hash; it is never opened here."""
    name = _name(lines)
    told: Told = {"name": name, "type": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "opened": opened}
    return told | {"flags": _doubts(name)}


_PROGRAMS = re.compile(
    r"\.(exe|scr|com|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|msi|msix|jar|lnk|iso|img|vhdx?|cpl|dll|reg|apk|dmg|pkg|appref-ms|one|chm)$",
    re.IGNORECASE,
)
_PAGES = re.compile(r"\.(s?html?|xhtml|mht|svg)$", re.IGNORECASE)
_LOCKED = re.compile(r"\.(docm|xlsm|pptm|xlam|xll|zip|rar|7z|gz|cab|ace)$", re.IGNORECASE)


def _doubts(name: str) -> list[Told]:
    """Returns what is doubtful about an attachment's name."""
    found: list[Told] = []
    bare = name.strip(". ")
    if re.search("[\u202a-\u202e\u2066-\u2069]", name):
        found.append({"code": "attachment.turned_name"})
    if _PROGRAMS.search(bare):
        double = re.search(r"\.(pdf|docx?|xlsx?|jpe?g|png|txt|zip)\s*\.\w+$", bare, re.IGNORECASE)
        found.append({"code": "attachment.double_ending" if double else "attachment.program"})
    elif _PAGES.search(bare):
        found.append({"code": "attachment.page"})
    elif _LOCKED.search(bare):
        found.append({"code": "attachment.container"})
    return found


# A parameter that stands behind very many others is found as well.
_BOUNDARY, _FAR = re.compile(r";\s{0,9}boundary\s{0,9}=\s{0,9}(?:\"([^\"]{1,400})\"|([^\s;\"]{1,400}))", re.IGNORECASE), 100_000


def _type(lines: list[tuple[str, str]], default: str = "text/plain") -> tuple[str, str, str]:
    """Returns a part's media type, boundary and charset as the standard library reads them; rubbish is text/plain."""
    if not headers.first(lines, "content-type"):
        return default, "", ""
    probe = _probe("content-type", lines)
    try:
        kind = probe.get_content_type()
        boundary, charset = probe.get_boundary() or "", str(probe.get_param("charset") or "")
    except Exception:
        return "text/plain", "", ""  # the library has raised on strange parameters before
    if kind.startswith("multipart/") and not boundary:
        far = _BOUNDARY.search(headers.first(lines, "content-type")[:_FAR])
        boundary = (far[1] or far[2]) if far else ""
    return kind, boundary, charset


def _name(lines: list[tuple[str, str]]) -> str:
    """Returns a part's file name in words, by RFC 2231 or, as most write it, RFC 2047; "" if it has none."""
    for key, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        probe = _probe(key, lines)
        value = _parameter(probe, parameter, key)
        if isinstance(value, tuple):
            charset, _, coded = value
            return headers.decoded(coded.encode("latin-1", "replace"), charset or "")[:255]
        if value:
            return headers.words(str(value))[:255]
    return ""


def _parameter(probe: Message, parameter: str, key: str) -> Any:
    try:
        return probe.get_param(parameter, header=key)
    except Exception:
        return None  # the library has raised on strange parameters before


def _probe(key: str, lines: list[tuple[str, str]]) -> Message:
    """Returns an empty message with one line of the part's head, cut: the library takes time with the square of its parameters."""
    probe = Message()
    probe[key] = headers.first(lines, key)[:2000].encode("ascii", "replace").decode() or "text/plain"
    return probe


def _between(body: bytes, boundary: str, piece: Piece) -> list[bytes]:
    """Returns the parts between a multipart's boundaries; without any, the body is one text."""
    mark = re.compile(rb"(?:\A|\r\n|\n|\r)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=[\r\n]|\Z)")
    found: list[bytes] = []
    begin = -1
    for hit in mark.finditer(body):
        if begin >= 0:
            found.append(_unled(body[begin : hit.start()]))
        begin = hit.end()
        if hit[1] or len(found) >= PARTS:
            break
    else:
        if begin >= 0:
            found.append(_unled(body[begin:]))
            begin = len(body)
    if not found and begin < 0:
        return [b"\r\n" + body]
    if len(found) >= PARTS:
        piece.limits.append({"code": "limit.parts", "bytes": len(body) - begin})
    return found


def _unled(part: bytes) -> bytes:
    """Returns a part without the end of its boundary's line."""
    return part[2:] if part[:2] == b"\r\n" else part[1:]


def _decoded(lines: list[tuple[str, str]], body: bytes) -> bytes:
    """Returns a part's bytes without their transfer encoding; what is broken is decoded as far as it goes."""
    how = re.sub(r"\([^()]{0,200}\)|\"", "", headers.first(lines, "content-transfer-encoding")[:500]).strip().lower()
    if how.startswith("base64"):
        return headers.unbase64(body)
    if how.startswith("quoted"):
        return binascii.a2b_qp(body)
    return _unencoded(body) if how in {"x-uuencode", "uuencode", "x-uue", "uue"} else body


def _unencoded(body: bytes) -> bytes:
    """Returns uuencoded bytes decoded, lines that are none left out."""
    parts = []
    for line in body.partition(b"\n")[2].splitlines():
        if line.strip() == b"end":
            break
        try:
            parts.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(parts)
