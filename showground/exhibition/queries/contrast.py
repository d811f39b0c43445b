"""How far text stands out from its ground on a picture that we made ourselves."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

EDGE = 0.02  # of the pixels are left out at either end, so that a stray dot is not taken for the text


def measured(document: dict[str, Any], jpeg: bytes) -> dict[str, int]:
    """Returns, for each block of text with a place, ten times the contrast of its darkest and lightest pixels; SPEC WCAG 2.2 1.4.3."""
    if not jpeg:
        return {}
    with Image.open(io.BytesIO(jpeg)) as opened:
        grey = opened.convert("L")
    scale = grey.width / document["picture"]["width"]
    found = {}
    for block in document["blocks"]:
        if "box" in block and block["kind"] != "picture":
            x, y, wide, high = (side * scale for side in block["box"])
            found[block["id"]] = _ratio(grey.crop((int(x), int(y), int(x + wide) + 1, int(y + high) + 1)))
    return found


def _ratio(part: Image.Image) -> int:
    counts, total = part.histogram(), part.width * part.height
    dark, light = _level(counts, total * EDGE), 255 - _level(counts[::-1], total * EDGE)
    return round(10 * (_luminance(light) + 0.05) / (_luminance(dark) + 0.05))


def _level(counts: list[int], most: float) -> int:
    seen = 0
    for level, count in enumerate(counts):
        seen += count
        if seen > most:
            return level
    return 255


def _luminance(level: int) -> float:
    part = level / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
