"""QR codes and barcodes in a picture: read as text, never as something to scan, and covered in the copy that people look at."""

from __future__ import annotations

import re
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw

from showground.evidence import links
from showground.evidence.lookalike import NOBODY, Names

Told = dict[str, Any]
# Pixels a side in which codes are looked for; codes listed; characters of one.
SIDE, LISTED, LONGEST = 3000, 50, 4096
_ROUNDS = 6
_LINK = re.compile(
    r"\s*(?:[A-Za-z][A-Za-z0-9+.-]{1,30}://|(?:javascript|data|intent):|(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?:[/:?#]|\s*$))"
)


def found(picture: Image.Image, names: Names = NOBODY) -> tuple[list[Told], Image.Image]:
    """Returns the codes of a picture ({format, text, characters, link}) and a copy in which none can be scanned any more."""
    covered = picture.convert("RGB") if picture.mode != "RGB" else picture.copy()
    every: dict[tuple[str, str], Told] = {}
    for _ in range(_ROUNDS):
        seen = _read(covered)
        for code, _ in seen:
            text = _text(code)
            every.setdefault((code.format.name, text), _told(code, text, names))
        if not seen:
            return list(every.values())[:LISTED], covered
        for code, scale in seen:
            _cover(covered, code.position, scale)
    # What can still be read after so many rounds is not worth looking at in detail.
    return list(every.values())[:LISTED], covered.resize((8, 8)).resize(covered.size)


def _read(picture: Image.Image) -> list[tuple[Any, float]]:
    """Returns codes with the scale at which they were found: 1, then smaller (blur, moire), then larger (tiny codes)."""
    grey = picture.convert("L")
    first = min(1.0, SIDE / max(grey.size))
    for scale in (first, first / 2, first / 4, 2.0):
        size = round(grey.width * scale), round(grey.height * scale)
        if min(size) < 16 or max(size) > SIDE or (scale == 2.0 and max(grey.size) > 800):
            continue
        seen = zxingcpp.read_barcodes(grey if scale == 1 else grey.resize(size, Image.Resampling.LANCZOS))
        if seen:
            return [(code, scale) for code in seen]
    return []


def _text(code: Any) -> str:
    return str(code.text)


def _told(code: Any, text: str, names: Names) -> Told:
    """Returns one code in words; its text is defanged, and told apart as a link if it is one."""
    plain = text[:LONGEST]
    told: Told = {"format": code.format.name, "text": links.defang_text(plain), "characters": len(text), "link": None}
    if _LINK.match(plain):
        told["link"] = links.read(plain.strip(), via="qr", names=names)
        told["text"] = told["link"]["defanged"]
    elif re.match(r"\s*[A-Za-z][\w+.-]{1,30}:", plain):
        told["text"] = links.defang(plain)
    return told


def _cover(picture: Image.Image, position: Any, scale: float) -> None:
    """Paints over the place of a code and a margin around it."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across = [round(corner.x / scale) for corner in corners]
    down = [round(corner.y / scale) for corner in corners]
    margin = 4 + max(max(across) - min(across), max(down) - min(down)) // 12
    box = (min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin)
    draw = ImageDraw.Draw(picture)
    draw.rectangle(box, fill="#8a8a8a")
    for line in (((box[0], box[1]), (box[2], box[3])), ((box[0], box[3]), (box[2], box[1]))):
        draw.line(line, fill="#d0d0d0", width=max(2, margin // 3))
