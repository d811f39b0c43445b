"""The seal: a picture cut from the hash of a tree head, so that two people can compare two phones at a glance.

It is decoration for comparing and proves nothing; docs/formats/seal.md freezes the drawing, with test vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

Point = tuple[int, int]
Stroke = tuple[Point, Point]

PREFIX = b"showground seal v1\n"
FIELD = 96
FIRST = 10.0
STEP = 76 / 9


def strokes(root: bytes) -> list[Stroke]:
    """Returns the white strokes on a 10 x 10 lattice (0..9) for a 32-byte tree head hash, sorted, each from its lesser end."""
    bits = _bits(root)
    first_lies = next(bits)
    found = set()
    for quarter in range(4):
        across, down = quarter % 2, quarter // 2
        lies = bool(first_lies) ^ (across != down)
        for one, other in _quarter(bits):
            ends = sorted(_place(point, lies, across, down) for point in (one, other))
            found.add((ends[0], ends[1]))
    return sorted(found)


def corners(root: bytes) -> list[Point]:
    """Returns how far each corner of the red field is cut back, 0 to 3 units, clockwise from the upper left one."""
    tail = _digest(root)[-2:]
    value = int.from_bytes(tail, "big")
    return [((value >> (4 * corner + 2)) & 3, (value >> (4 * corner)) & 3) for corner in range(4)]


def draw(root: bytes, *, title: str = "", size: int = 64) -> str:
    """Returns the seal of a 32-byte tree head hash as inline SVG, `size` px wide; without a title it is hidden from readers."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners(root)
    field = f"M{ax} {ay}L{FIELD - bx} {by}L{FIELD - cx} {FIELD - cy}L{dx} {FIELD - dy}z"
    lines = "".join(f"M{_at(x)} {_at(y)}L{_at(u)} {_at(v)}" for (x, y), (u, v) in strokes(root))
    label = f'role="img"><title>{title}</title>' if title else 'aria-hidden="true">'
    return (
        f'<svg class="chop chop-{size}" viewBox="0 0 {FIELD} {FIELD}" width="{size}" height="{size}" {label}'
        f'<path fill="currentColor" d="{field}"/>'
        f'<path fill="none" stroke="#fbf4ef" stroke-width="4.2" stroke-linecap="square" d="{lines}"/></svg>'
    )


def _digest(root: bytes) -> bytes:
    if len(root) != 32:
        raise ValueError("a tree head hash has 32 bytes")
    return hashlib.sha256(PREFIX + root).digest()


def _bits(root: bytes) -> Iterator[int]:
    for byte in _digest(root):
        for place in range(8):
            yield byte >> place & 1


def _take(bits: Iterator[int], count: int) -> int:
    return sum(next(bits) << place for place in range(count))


def _quarter(bits: Iterator[int]) -> Iterator[Stroke]:
    """Five bars, the inner three whole or one cell short, each tied to the next at one side, some by a tick inside too."""
    left, right = [0] * 5, [4] * 5
    for row in (1, 2, 3):
        kind = _take(bits, 2)
        left[row], right[row] = int(kind == 2), 4 - int(kind == 3)
    for row in range(5):
        yield (left[row], row), (right[row], row)
    for row in range(4):
        at_right, tick = _take(bits, 1), _take(bits, 2)
        side = min(right[row], right[row + 1]) if at_right else max(left[row], left[row + 1])
        yield (side, row), (side, row + 1)
        if tick:
            yield (tick, row), (tick, row + 1)


def _place(point: Point, lies: bool, across: int, down: int) -> Point:
    x, y = point if lies else (point[1], point[0])
    return x + 5 * across, y + 5 * down


def _at(lattice: int) -> str:
    return f"{FIRST + STEP * lattice:.2f}".rstrip("0").rstrip(".")
