"""Glyphs on a page, and the lines of text they stand in: across the page, or down it as old Chinese print runs."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from showground.media import script

Edges = tuple[float, float, float, float]  # left, top, right, bottom, y grows downwards


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character: `box` is its place in the line (advance and font height), `order` its place in the file."""

    char: str
    box: Edges
    size: float
    order: int
    bold: bool = False
    turned: bool = False


@dataclass(slots=True)
class Line:
    """A piece of one line of text, without a wide gap in it."""

    glyphs: list[Glyph]
    vertical: bool = False
    box: Edges = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)

    def __post_init__(self) -> None:
        marks = [glyph for glyph in self.glyphs if not glyph.char.isspace()] or self.glyphs
        self.box = around(glyph.box for glyph in marks)
        self.size = statistics.median(glyph.size for glyph in marks)
        self.bold = 2 * sum(glyph.bold for glyph in marks) > len(marks)

    @property
    def rtl(self) -> bool:
        return any(script.has_rtl(glyph.char) for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """The line's characters in reading order; a space only where one is printed or Latin words stand apart."""
        text, last = "", None
        for glyph in self.glyphs:
            if last is not None and _apart(last, glyph, vertical=self.vertical):
                text += " "
            text += glyph.char
            last = glyph
        return text.strip()


def around(boxes: Iterable[Edges]) -> Edges:
    """Returns the smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def overlap(low: float, high: float, other_low: float, other_high: float) -> float:
    """Returns how much of the shorter of two spans lies in the other, 0 to 1."""
    shorter = min(high - low, other_high - other_low)
    shared = min(high, other_high) - max(low, other_low)
    return max(0.0, shared / shorter) if shorter > 0 else float(shared >= 0)


def _apart(last: Glyph, glyph: Glyph, *, vertical: bool) -> bool:
    """Tells whether a space stands between two characters that print none; Chinese is set solid."""
    if last.char.isspace() or glyph.char.isspace() or script.solid(last.char) or script.solid(glyph.char):
        return False
    low, high = (1, 3) if vertical else (0, 2)
    gap = max(glyph.box[low] - last.box[high], last.box[low] - glyph.box[high])
    return gap > 0.17 * max(last.size, glyph.size) and last.char not in "([{“‘" and glyph.char not in ")]},.;:!?”’"


def lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Returns the lines of a page's glyphs; those that run downwards are marked `vertical`."""
    down = _vertical(glyphs)
    across = [glyph for glyph in glyphs if glyph.order not in down]
    return [*_across(across), *_down([glyph for glyph in glyphs if glyph.order in down])]


# ---- across ----


def _across(glyphs: Sequence[Glyph]) -> list[Line]:
    runs: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: one.order):
        if runs and _follows(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        elif not glyph.char.isspace():
            runs.append([glyph])
    return [Line(_in_order(run)) for run in _merged(runs)]


def _follows(last: Glyph, glyph: Glyph) -> bool:
    """Tells whether a glyph stands on the same line as the one before it and next to it, on either side."""
    if overlap(last.box[1], last.box[3], glyph.box[1], glyph.box[3]) < 0.5:
        return False
    size = max(last.size, glyph.size)
    if max(size, 0.1) > 2.2 * max(0.1, min(last.size, glyph.size)):
        return False
    return max(glyph.box[0] - last.box[2], last.box[0] - glyph.box[2]) < _reach(last, glyph) * size


def _reach(last: Glyph, glyph: Glyph) -> float:
    """Returns the widest gap inside a line in em: justified Latin may be stretched, Chinese hardly is."""
    return 0.75 if script.solid(last.char) and script.solid(glyph.char) else 1.0


def _merged(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Joins runs that the file wrote apart although they stand in one line."""
    boxes = [around(glyph.box for glyph in run) for run in runs]
    order = sorted(range(len(runs)), key=lambda one: (boxes[one][1], boxes[one][0]))
    done: list[int] = []
    for one in sorted(order, key=lambda this: boxes[this][0]):
        home = next((other for other in reversed(done) if _same_line(runs[other], boxes[other], runs[one], boxes[one])), None)
        if home is None:
            done.append(one)
            continue
        runs[home] = runs[home] + runs[one]
        boxes[home] = around((boxes[home], boxes[one]))
    return [runs[one] for one in done]


def _same_line(run: list[Glyph], box: Edges, other: list[Glyph], there: Edges) -> bool:
    if there[1] > box[3] or there[3] < box[1] or overlap(box[1], box[3], there[1], there[3]) < 0.6:
        return False
    size = max(run[-1].size, other[0].size)
    last = max(run, key=lambda glyph: glyph.box[2])
    first = min(other, key=lambda glyph: glyph.box[0])
    if size > 2.2 * min(run[-1].size, other[0].size):
        return False
    return there[0] - box[2] < _reach(last, first) * size and there[0] > box[0] - size


def _in_order(run: list[Glyph]) -> list[Glyph]:
    """Returns a line's glyphs from left to right; one with letters that run the other way as the decoder read it."""
    if any(script.has_rtl(glyph.char) for glyph in run):
        return _by_run(run)
    return sorted(run, key=lambda glyph: (glyph.box[0] + glyph.box[2], glyph.order))


def _by_run(run: list[Glyph]) -> list[Glyph]:
    """Returns glyphs as the decoder read them, the letters of a ligature turned round: PDFium turns them once too often."""
    done: list[Glyph] = []
    for glyph in sorted(run, key=lambda one: one.order):
        place = len(done)
        while place and script.has_rtl(glyph.char) and done[place - 1].box == glyph.box:
            place -= 1
        done.insert(place, glyph)
    return done


# ---- down ----


def _vertical(glyphs: Sequence[Glyph]) -> set[int]:
    """Returns the `order` of the glyphs in text that runs down: there the next sign is nearer below than beside."""
    solid = [glyph for glyph in glyphs if script.solid(glyph.char)]
    if len(solid) < 4:
        return set()
    near = _Near(glyphs)
    votes = {glyph.order: near.vote(glyph) for glyph in solid}
    down: set[int] = set()
    for group in near.groups():
        cast = [votes[glyph.order] for glyph in group if votes.get(glyph.order)]
        if len(cast) >= 3 and sum(cast) * 3 > len(cast):  # two thirds and more say "down"
            down.update(glyph.order for glyph in group)
    return down


class _Near:
    """Finds neighbours on a grid as wide as the largest glyph."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = [glyph for glyph in glyphs if not glyph.char.isspace()]
        self.step = 2.0 * max((glyph.size for glyph in self.glyphs), default=1.0)
        self.cells: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for glyph in self.glyphs:
            self.cells[self._cell(glyph)].append(glyph)

    def _cell(self, glyph: Glyph) -> tuple[int, int]:
        return int((glyph.box[0] + glyph.box[2]) / 2 // self.step), int((glyph.box[1] + glyph.box[3]) / 2 // self.step)

    def _round(self, glyph: Glyph) -> Iterable[Glyph]:
        across, down = self._cell(glyph)
        for x in (across - 1, across, across + 1):
            for y in (down - 1, down, down + 1):
                yield from self.cells.get((x, y), ())

    def gaps(self, glyph: Glyph) -> tuple[float, float]:
        """Returns the gaps to the next glyph beside (either side) and below or above, in em; 9.0 if there is none."""
        beside = below = 9.0
        for other in self._round(glyph):
            if other is glyph or max(other.size, glyph.size) > 1.5 * min(other.size, glyph.size):
                continue
            if overlap(glyph.box[1], glyph.box[3], other.box[1], other.box[3]) > 0.5:
                beside = min(beside, max(other.box[0] - glyph.box[2], glyph.box[0] - other.box[2]) / glyph.size)
            if overlap(glyph.box[0], glyph.box[2], other.box[0], other.box[2]) > 0.7:
                below = min(below, max(other.box[1] - glyph.box[3], glyph.box[1] - other.box[3]) / glyph.size)
        return beside, below

    def vote(self, glyph: Glyph) -> int:
        """Returns 1 for "down", -1 for "across", 0 for a glyph that cannot tell."""
        beside, below = self.gaps(glyph)
        if min(beside, below) > 1.0 or abs(beside - below) < 0.08:
            return 0
        return 1 if below < beside else -1

    def groups(self) -> Iterable[list[Glyph]]:
        """Yields the glyphs in groups that stand less than 1.2 em from one another."""
        waiting = {glyph.order: glyph for glyph in self.glyphs}
        while waiting:
            group = [waiting.popitem()[1]]
            for glyph in group:
                for other in self._round(glyph):
                    if other.order in waiting and _gap(glyph, other) < 1.2 * min(glyph.size, other.size):
                        group.append(waiting.pop(other.order))
            yield group


def _gap(one: Glyph, other: Glyph) -> float:
    return max(
        max(one.box[0], other.box[0]) - min(one.box[2], other.box[2]), max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
    )


def _down(glyphs: Sequence[Glyph]) -> list[Line]:
    """Returns the columns of text that runs down, cut where more than an em and a half stays free."""
    columns: list[list[Glyph]] = []
    for glyph in sorted((one for one in glyphs if not one.char.isspace()), key=lambda one: (-one.box[2], one.box[1])):
        home = next((column for column in columns if _in_column(column[0], glyph)), None)
        columns.append([glyph]) if home is None else home.append(glyph)
    return [Line(part, vertical=True) for column in columns for part in _parts(column)]


def _in_column(first: Glyph, glyph: Glyph) -> bool:
    close = overlap(first.box[0], first.box[2], glyph.box[0], glyph.box[2]) > 0.6
    return close and max(first.size, glyph.size) < 1.5 * min(first.size, glyph.size)


def _parts(column: list[Glyph]) -> Iterable[list[Glyph]]:
    column.sort(key=lambda glyph: (round(glyph.box[1], 1), glyph.box[0]))
    part = [column[0]]
    for glyph in column[1:]:
        if glyph.box[1] - part[-1].box[3] > 1.5 * glyph.size:
            yield part
            part = []
        part.append(glyph)
    yield part
