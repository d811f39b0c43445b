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


@dataclass(frozen=True)
class Sheet:
    """A width of page: the classes' letter, then in px: width of the rows, height aimed at, gap, least width of a work."""

    letter: str
    width: int
    target: int
    gap: int
    least: int


SHEETS = (Sheet("s", 350, 200, 18, 150), Sheet("m", 720, 236, 28, 160), Sheet("w", 1152, 268, 28, 160))


@dataclass(frozen=True)
class Row:
    """Works `first` to `last` (inclusive) stand in one row of this height in px; `rest` is the ratio left empty at its end."""

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


def rows(ratios: Sequence[float], sheet: Sheet) -> list[Row]:
    """Returns the rows, reading order kept, that differ least from the sheet's target height; O(n) for rows of at most 12.

    A single tall work and the last row may leave the end of their row empty rather than grow too high.
    """
    best: list[tuple[float, Row | None]] = [(0.0, None)]
    for end in range(1, len(ratios) + 1):
        options = (_row(ratios, start, end, sheet) for start in range(max(0, end - 12), end))
        best.append(min(((best[row.first][0] + cost, row) for cost, row in options), key=lambda option: option[0]))
    found: list[Row] = []
    end = len(ratios)
    while row := best[end][1]:
        found.append(row)
        end = row.first
    return found[::-1]


def cells(works: Sequence[T], ratios: Sequence[float], sheets: Sequence[Sheet] = SHEETS) -> list[Cell[T]]:
    """Returns the works in order with the classes that `ui/works.html` needs; ratios are width / height."""
    held = [min(MOST, max(LEAST, ratio)) for ratio in ratios]
    hung = [Cell(work, ratio, f"r-{round(ratio * 100)}") for work, ratio in zip(works, held, strict=True)]
    for sheet in sheets:
        for row in rows(held, sheet):
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


def _row(ratios: Sequence[float], start: int, end: int, sheet: Sheet) -> tuple[float, Row]:
    """Returns what the row of works start..end-1 costs, and the row."""
    part = ratios[start:end]
    full = (sheet.width - sheet.gap * (len(part) - 1)) / sum(part)
    high = sheet.target * (1.4 if len(part) == 1 else 1.15)
    last = end == len(ratios)
    rest = (sheet.width - sheet.gap * len(part)) / high - sum(part)
    if rest > 0 and (last or len(part) == 1):
        cost = 0.05 if last else 0.6 if start else 0.7
        return cost, Row(start, end - 1, high, rest)
    slim = (max(0.0, 1 - ratio * full / sheet.least) for ratio in part)
    return (full / sheet.target - 1) ** 2 + 8 * sum(share * share for share in slim), Row(start, end - 1, full)
