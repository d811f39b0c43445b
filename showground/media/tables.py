"""Tables on a printed page: from ruled lines, or from cells that stand in line with one another."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from showground.media import glyphs, script
from showground.media.glyphs import Edges, Glyph, Line

SNAP = 2.5  # points: lines nearer than this are one


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight ruled line, across or down: `at` is its place, `low` and `high` its ends, in points."""

    down: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table's cells as texts, its place, and how many of its first rows are heads."""

    rows: list[list[str]]
    box: Edges
    size: float
    heads: int = 1


def ruled(strokes: Sequence[Stroke], page: Sequence[Glyph]) -> tuple[list[Table], set[int]]:
    """Returns the tables whose cells are boxed in by lines, and the `order` of the glyphs in them."""
    tables: list[Table] = []
    taken: set[int] = set()
    for group in _joined(_merged(strokes)):
        rights = _places(stroke.at for stroke in group if stroke.down)
        downs = _places(stroke.at for stroke in group if not stroke.down)
        if len(rights) < 3 or len(downs) < 3 or (len(rights) - 1) * (len(downs) - 1) > 4000:
            continue
        box = rights[0], downs[0], rights[-1], downs[-1]
        inside = [glyph for glyph in page if _within(glyph, box)]
        rows = _cells(inside, rights, downs, group)
        filled = sum(bool(cell) for row in rows for cell in row)
        if filled >= 3 and len(rows) > 1 and len(rows[0]) > 1 and filled * 3 >= len(rows) * len(rows[0]):
            tables.append(Table(rows, box, statistics.median(glyph.size for glyph in inside)))
            taken.update(glyph.order for glyph in inside)
    return tables, taken


def _merged(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Joins strokes that continue or cover one another, so that a border drawn cell by cell is one line."""
    done: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda one: (one.down, round(one.at / SNAP), one.low)):
        last = done[-1] if done else None
        if last and last.down == stroke.down and abs(last.at - stroke.at) <= SNAP and stroke.low <= last.high + SNAP:
            done[-1] = Stroke(last.down, last.at, last.low, max(last.high, stroke.high))
        else:
            done.append(stroke)
    return done


def _joined(strokes: Sequence[Stroke]) -> Iterable[list[Stroke]]:
    """Yields strokes in groups that touch one another, a line across always by a line down."""
    waiting = list(strokes)
    while waiting:
        group = [waiting.pop()]
        for stroke in group:
            touching = [other for other in waiting if _touch(stroke, other)]
            group += touching
            waiting = [other for other in waiting if other not in touching]
        yield group


def _touch(one: Stroke, other: Stroke) -> bool:
    return (
        one.down != other.down and other.low - SNAP <= one.at <= other.high + SNAP and one.low - SNAP <= other.at <= one.high + SNAP
    )


def _places(places: Iterable[float]) -> list[float]:
    """Returns places in ascending order, those nearer than SNAP as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > SNAP:
            found.append(place)
    return found


def _within(glyph: Glyph, box: Edges) -> bool:
    across, down = (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _cells(inside: Sequence[Glyph], rights: list[float], downs: list[float], group: Sequence[Stroke]) -> list[list[str]]:
    """Returns the texts of a grid; a cell that spans others holds its text in its first place."""
    found: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in inside:
        row = sum(place <= (glyph.box[1] + glyph.box[3]) / 2 for place in downs[1:-1])
        column = sum(place <= (glyph.box[0] + glyph.box[2]) / 2 for place in rights[1:-1])
        while column and not _walled(group, rights[column], downs[row], downs[row + 1]):
            column -= 1
        while row and not _floored(group, downs[row], rights[column], rights[column + 1]):
            row -= 1
        found.setdefault((row, column), []).append(glyph)
    texts = [[cell_text(found.get((row, column), [])) for column in range(len(rights) - 1)] for row in range(len(downs) - 1)]
    kept = [column for column in range(len(rights) - 1) if any(row[column] for row in texts)]
    return [[row[column] for column in kept] for row in texts if any(row)]


def _walled(group: Sequence[Stroke], at: float, low: float, high: float) -> bool:
    middle = (low + high) / 2
    return any(one.down and abs(one.at - at) <= SNAP and one.low <= middle <= one.high for one in group)


def _floored(group: Sequence[Stroke], at: float, low: float, high: float) -> bool:
    middle = (low + high) / 2
    return any(not one.down and abs(one.at - at) <= SNAP and one.low <= middle <= one.high for one in group)


def cell_text(inside: Sequence[Glyph]) -> str:
    """Returns the text of one cell, its lines from top to bottom."""
    found = sorted(glyphs.lines(inside), key=lambda line: (round(line.box[1]), line.box[0]))
    return script.joined([line.text for line in found])


# ---- without lines down the page ----


def open_tables(strokes: Sequence[Stroke], lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Returns the tables that have no lines between columns, and the lines of text that are not in one."""
    left = list(lines)
    tables = []
    for rows in [*_between_rules(strokes, left), *_aligned(left)]:
        members = [line for row in rows for line in row]
        if not all(any(line is one for one in left) for line in members):
            continue
        table = _table(rows)
        if table:
            tables.append(table)
            left = [line for line in left if not any(line is one for one in members)]
    return tables, left


def _between_rules(strokes: Sequence[Stroke], lines: Sequence[Line]) -> Iterable[list[list[Line]]]:
    """Yields the rows between the first and the last of rules of one length above one another."""
    across = sorted((one for one in _merged(strokes) if not one.down and one.high - one.low > 60), key=lambda one: one.at)
    while across:
        first = across[0]
        same = [one for one in across if abs(one.low - first.low) < 2 * SNAP and abs(one.high - first.high) < 2 * SNAP]
        across = [one for one in across if one not in same]
        if len(same) >= 2:
            box = first.low - SNAP, same[0].at, first.high + SNAP, same[-1].at
            yield _rows([line for line in lines if not line.vertical and _holds(box, line.box)])


def _holds(box: Edges, inner: Edges) -> bool:
    across, down = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Returns lines grouped by the height they stand at, each group from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box[1] + one.box[3]) / 2):
        if rows and glyphs.overlap(*_span(rows[-1][0]), *_span(line)) > 0.5:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _span(line: Line) -> tuple[float, float]:
    return line.box[1], line.box[3]


def _aligned(lines: Sequence[Line]) -> Iterable[list[list[Line]]]:
    """Yields runs of three rows and more that have several pieces each, without the full lines of text columns."""
    run: list[list[Line]] = []
    for row in [*_rows(line for line in lines if not line.vertical), []]:
        near = not run or (row and row[0].box[1] - run[-1][0].box[3] < 2.5 * row[0].size)
        if len(row) > 1 and near:
            run.append(row)
            continue
        if len(run) >= 3 and not _columns_of_text(run):
            yield run
        run = [row] if len(row) > 1 else []


def _columns_of_text(run: Sequence[Sequence[Line]]) -> bool:
    """Tells whether rows are columns of running text that happen to stand in line: their pieces are long and fill the column."""
    pieces = [line for row in run for line in row]
    if {len(row) for row in run} != {len(run[0])}:
        return any(line.box[2] - line.box[0] > 12 * line.size for line in pieces)
    for column in range(len(run[0])):
        widths = [(row[column].box[2] - row[column].box[0]) / row[column].size for row in run]
        if max(widths) > 10 and sum(width > 0.85 * max(widths) for width in widths) * 2 >= len(widths):
            return True
    return False


def _table(rows: Sequence[Sequence[Line]]) -> Table | None:
    """Returns the table in rows of pieces, or None if they share no gaps from top to bottom."""
    pieces = [line for row in rows for line in row]
    if len(rows) < 2 or len(pieces) < 4:
        return None
    edges = _columns(pieces)
    if len(edges) < 2:
        return None
    texts: list[list[str]] = []
    for row in rows:
        cells = [
            script.joined([line.text for line in row if low <= line.box[0] + 0.1 and line.box[2] - 0.1 <= high])
            for low, high in edges
        ]
        if texts and not cells[0]:  # a cell of several lines goes on
            texts[-1] = [script.joined([above, cell]) for above, cell in zip(texts[-1], cells, strict=True)]
        else:
            texts.append(cells)
    if len(texts) < 2:
        return None
    return Table(texts, glyphs.around(line.box for line in pieces), statistics.median(line.size for line in pieces))


def _columns(pieces: Sequence[Line]) -> list[tuple[float, float]]:
    """Returns the spans across the page that pieces cover, parted by gaps of half an em and more."""
    spans: list[tuple[float, float]] = []
    for line in sorted(pieces, key=lambda one: one.box[0]):
        if spans and line.box[0] - spans[-1][1] < 0.5 * line.size:
            spans[-1] = spans[-1][0], max(spans[-1][1], line.box[2])
        else:
            spans.append((line.box[0], line.box[2]))
    return spans
