"""Rows of pictures of one height: which work ends a row is worked out here, for three widths of page at once.

The browser does the rest without scripts or style attributes: inside a row every picture's share of the width is its ratio
(classes .r-30 to .r-320, made by build.mjs), so all pictures of a row come out equally high, uncropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

LEAST, MOST = 0.30, 3.20
NARROW = 112


@dataclass(frozen=True)
class Sheet:
    """A width of page: the classes' letter, the width of the rows in px, the height aimed at, the gap."""

    letter: str
    width: int
    target: int
    gap: int


SHEETS = (Sheet("s", 350, 190, 18), Sheet("m", 720, 230, 28), Sheet("w", 1152, 262, 28))


@dataclass(frozen=True)
class Row:
    """Works `first` to `last` (inclusive) stand in one row of this height in px; `rest` is the ratio left empty in the last row."""

    first: int
    last: int
    height: float
    rest: float = 0.0


@dataclass
class Cell(Generic[T]):
    """A work in its row: `grow` is its class; `after` are the classes of the empty elements that end rows behind it."""

    work: T
    ratio: float
    grow: str
    after: list[str] = field(default_factory=list)


def rows(ratios: Sequence[float], width: int, target: int, gap: int) -> list[Row]:
    """Returns the rows (reading order kept) whose heights differ least from `target`, summed as squares; works in O(n * 12)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(ratios) + 1):
        options = [
            (best[start][0] + _cost(ratios[start:end], width, target, gap, is_last=end == len(ratios)), start)
            for start in range(max(0, end - 12), end)
        ]
        best.append(min(options))
    found: list[Row] = []
    end = len(ratios)
    while end:
        start = best[end][1]
        found.append(_row(ratios, start, end, width, target, gap))
        end = start
    return found[::-1]


def cells(works: Sequence[T], ratios: Sequence[float], sheets: Sequence[Sheet] = SHEETS) -> list[Cell[T]]:
    """Returns the works in order with the classes that `ui/works.html` needs; ratios are width / height."""
    held = [min(MOST, max(LEAST, ratio)) for ratio in ratios]
    hung = [Cell(work, ratio, f"r-{round(ratio * 100)}") for work, ratio in zip(works, held, strict=True)]
    for sheet in sheets:
        for row in rows(held, sheet.width, sheet.target, sheet.gap):
            tenths = min(80, round(row.rest * 10))
            if tenths:
                hung[row.last].after.append(f"fill fill-{sheet.letter} g-{tenths}")
            if row.last + 1 < len(hung):
                hung[row.last].after.append(f"br br-{sheet.letter}")
    return hung


def hang_class(ratio: float, area: int = 60000) -> str:
    """Returns the class of height for a work on the wall, so that wide and tall works take the same area: .h-14 to .h-34."""
    height = (area / max(LEAST, ratio)) ** 0.5
    return f"h-{min(34, max(14, round(height / 10)))}"


def _height(ratios: Sequence[float], width: int, gap: int) -> float:
    return (width - gap * (len(ratios) - 1)) / sum(ratios)


def _cost(ratios: Sequence[float], width: int, target: int, gap: int, *, is_last: bool) -> float:
    height = _height(ratios, width, gap)
    if is_last and height > target:
        return 0.05
    slim = (max(0.0, 1 - ratio * height / NARROW) for ratio in ratios)
    return ((height - target) / target) ** 2 + 8 * sum(share * share for share in slim)


def _row(ratios: Sequence[float], start: int, end: int, width: int, target: int, gap: int) -> Row:
    part = ratios[start:end]
    height = _height(part, width, gap)
    if end == len(ratios) and height > target * 1.25:
        rest = (width - gap * len(part)) / target - sum(part)
        return Row(start, end - 1, float(target), max(0.0, rest))
    return Row(start, end - 1, height)
