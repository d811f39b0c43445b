"""The areas of a picture in QTI, in pixels or per cent and many shapes, as boxes in thousandths."""

from __future__ import annotations

import re

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_body import Reading
from showground.interchange.questions.qti_declared import plain_number


def area_of(reading: Reading, spot: Element, shown: Element) -> list[int]:
    """Returns x, y, width, height in thousandths; the box around a circle or polygon, which is noted; [] for none."""
    shape, sizes = str(spot.get("shape", "")), [plain_number(shown.get(side)) for side in ("width", "height")]
    parts = [part.strip() for part in str(spot.get("coords", "")).split(",")]
    if not all(re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?%?", part) for part in parts):
        reading.note("area", "unused", f"{shape} {spot.get('coords', '')}")
        return []
    if not all(sizes) and not all(part.endswith("%") for part in parts):
        reading.note("area", "unused", "the picture does not say its size")
        return []
    wide, high = (float(side or 100) or 100.0 for side in sizes)
    box = _box(shape, [_pixels(part, high if n % 2 else wide) for n, part in enumerate(parts)], min(wide, high))
    if box is None:
        reading.note("area", "unused", f"{shape} {spot.get('coords', '')}")
        return []
    if shape != "rect":
        reading.note("area", "markup", f"the box around a {shape}")
    edges = [min(1000, max(0, round(1000 * edge / (high if n % 2 else wide)))) for n, edge in enumerate(box)]
    area = [edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]]
    return area if min(area[2:]) > 0 else []


def _pixels(part: str, side: float) -> float:
    return float(part[:-1]) * side / 100 if part.endswith("%") else float(part)


def _box(shape: str, n: list[float], side: float) -> tuple[float, float, float, float] | None:
    if shape == "rect" and len(n) == 4:
        return min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])
    if shape == "circle" and len(n) == 3:
        return n[0] - n[2], n[1] - n[2], n[0] + n[2], n[1] + n[2]
    if shape == "ellipse" and len(n) == 4:
        return n[0] - n[2], n[1] - n[3], n[0] + n[2], n[1] + n[3]
    if shape == "poly" and len(n) >= 6 and len(n) % 2 == 0:
        return min(n[::2]), min(n[1::2]), max(n[::2]), max(n[1::2])
    return None
