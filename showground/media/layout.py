"""From lines on a page to what a reader hears: paragraphs, headings, lists, tables and captions in reading order."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from showground.media import glyphs, order, script, tables
from showground.media.glyphs import Edges, Glyph, Line
from showground.media.tables import Stroke, Table

_MARK = re.compile(
    r"(?P<mark>[•‣▪■●○◦·◆◇►▶✓–—\-*]|[0-9]{1,3}[.)、．]|[（(][0-9一二三四五六七八九十]{1,3}[)）]|[a-zA-Z][.)]|[①-⑳])(?P<gap>\s*)(?P<rest>\S.*)?$"
)
_CAPTION = re.compile(r"(图|表|圖|Figure|Fig\.|Table|Photo|Picture)\s*[0-9一二三四五六七八九十]+", re.IGNORECASE)
_ENDS = "。！？.!?"


@dataclass(slots=True)
class Piece:
    """One thing to read: its lines (or a table, or a picture's alternative text) and what it is."""

    kind: str
    box: Edges
    size: float
    lines: list[Line] = field(default_factory=list)
    table: Table | None = None
    text: str = ""
    mark: str = ""
    bold: bool = False
    vertical: bool = False

    @property
    def rtl(self) -> bool:
        return script.backwards(self.text)


def read(page: Sequence[Glyph], strokes: Sequence[Stroke], pictures: Sequence[tuple[Edges, str]] = ()) -> list[Piece]:
    """Returns everything readable on a page in reading order; `pictures` are boxes and alternative texts."""
    boxed, taken = tables.ruled(strokes, page)
    lines = glyphs.lines([glyph for glyph in page if glyph.order not in taken])
    open_ones, lines = tables.open_tables(strokes, lines)
    found = [Piece("table", table.box, table.size, table=table) for table in [*boxed, *open_ones]]
    across = [line for line in lines if not line.vertical]
    found += [piece for region in order.regions(across) for piece in _paragraphs(region)]
    found += _columns([line for line in lines if line.vertical])
    _say(found, _parted(page))
    _rank(found)
    found += [Piece("picture", box, 0.0, text=text) for box, text in pictures]
    _captions(found)
    return order.ordered(found)


def _parted(page: Sequence[Glyph]) -> bool:
    """Tells whether this page prints spaces between Chinese and Latin, so that a broken line had one too."""
    with_space = without = 0
    for before, here, after in zip(page, page[1:], page[2:], strict=False):
        if here.char.isspace() and script.solid(before.char) != script.solid(after.char):
            with_space += before.char.isalnum() and after.char.isalnum()
        elif script.solid(before.char) != script.solid(here.char):
            without += before.char.isalnum() and here.char.isalnum()
    return with_space > without


def _say(found: Iterable[Piece], spaced: bool) -> None:
    """Gives every piece its text; a list's mark stands apart from it."""
    for piece in found:
        if piece.lines:
            piece.text = script.joined([line.text for line in piece.lines], spaced)
            if piece.kind == "list_item":
                told = _MARK.match(piece.text)
                piece.mark, piece.text = (told["mark"], told["rest"] or "") if told else ("", piece.text)


# ---- paragraphs of lines across ----


def _paragraphs(lines: Sequence[Line]) -> list[Piece]:
    """Returns lines grouped into paragraphs and list items by distance, size, indent and where they break."""
    rights = {id(line): _right(line, lines) for line in lines}
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box[1], one.box[0])):
        above = [group for group in groups if _under(group[-1], line)]
        home = min(above, key=lambda group: line.box[1] - group[-1].box[3], default=None)
        if home is None or _breaks(home, line, rights, lines):
            groups.append([line])
        else:
            home.append(line)
    return [_piece(group) for group in groups]


def _piece(group: list[Line]) -> Piece:
    size = statistics.median(line.size for line in group)
    kind = "list_item" if _marked(group[0]) else "paragraph"
    bold = sum(line.bold for line in group) * 2 > len(group)
    return Piece(kind, glyphs.around(line.box for line in group), size, lines=group, bold=bold)


def _marked(line: Line) -> str:
    """Returns the mark a list item's line begins with, or ""."""
    told = _MARK.match(line.text)
    if not told:
        return ""
    mark = told["mark"]
    if mark in "–—-*·" or mark[0].isalpha():  # these also begin ordinary lines: a list leaves a gap after them
        return mark if told["gap"] and told["rest"] else ""
    if mark[-1] == "." and not told["gap"] and not script.solid((told["rest"] or " ")[0]):  # 3.5 is no list, 1.先 is
        return ""
    return mark


def _under(last: Line, line: Line) -> bool:
    """Tells whether a line stands right below another; a last line of one sign may lie all under the indent of the first."""
    gap = line.box[1] - last.box[3]
    close = -0.6 * last.size < gap < 1.6 * max(last.size, line.size)
    return close and line.box[1] > last.box[1] + 0.3 * last.size and _shared(last.box, line.box) > -1.2 * line.size


def _shared(one: Edges, other: Edges) -> float:
    return min(one[2], other[2]) - max(one[0], other[0])


def _breaks(group: list[Line], line: Line, rights: dict[int, float], lines: Sequence[Line]) -> bool:
    """Tells whether a line begins something new instead of continuing the group above it."""
    last = group[-1]
    if max(last.size, line.size) > 1.12 * min(last.size, line.size) or _marked(line):
        return True
    if last.bold != line.bold and len(group) == 1 and not _runs_on(last, line):
        return True
    if any(_between(last, other, line) for other in lines if other is not last and other is not line):
        return True
    gap, usual = line.box[1] - last.box[3], _usual(group)
    if gap > usual * 1.45 + 0.12 * line.size:
        return True
    if script.backwards(last.text):
        return False
    if _centred(group, line):
        return False
    indented = line.box[0] - min(one.box[0] for one in group) > 1.4 * line.size
    hanging = _marked(group[0]) != "" or (len(group) == 1 and group[0].box[0] < line.box[0] - 3 * line.size)
    if indented and not hanging and last.text[-1:] in _ENDS:
        return True
    return _ended(last, line, rights[id(last)])


def _runs_on(last: Line, line: Line) -> bool:
    """Tells whether a line that is not bold throughout goes on in the weight in which it ends, as a sentence set in bold does."""
    ends, begins = ([glyph.bold for glyph in one.glyphs if not glyph.char.isspace()] for one in (last, line))
    return not all(ends) and ends[-1:] == begins[:1]


def _between(last: Line, other: Line, line: Line) -> bool:
    """Tells whether another line stands between two, so that they cannot belong together."""
    middle = (other.box[1] + other.box[3]) / 2
    return last.box[3] < middle < line.box[1] and _shared(other.box, line.box) > 0


def _usual(group: list[Line]) -> float:
    """Returns the usual gap between the group's lines; for one line what is usual in print, 0.55 em."""
    gaps = [below.box[1] - above.box[3] for above, below in itertools.pairwise(group)]
    return statistics.median(gaps) if gaps else 0.55 * group[0].size


def _centred(group: list[Line], line: Line) -> bool:
    last = group[-1]
    off = abs((last.box[0] + last.box[2]) - (line.box[0] + line.box[2])) / 2
    return off < 0.3 * line.size and abs(last.box[0] - line.box[0]) > 0.6 * line.size


def _ended(last: Line, line: Line, right: float) -> bool:
    """Tells whether the line above was ended on purpose: the next word would still have found place in it."""
    word = line.text.split(" ")[0] if line.text else ""
    solid = next((place for place, char in enumerate(word) if script.solid(char)), len(word))
    first = [glyph for glyph in line.glyphs if not glyph.char.isspace()][: max(1, solid)]
    needed = sum(glyph.box[2] - glyph.box[0] for glyph in first)
    return right - last.box[2] > needed + (1.6 if last.text[-1:] in _ENDS else 4.0) * line.size


def _right(line: Line, lines: Sequence[Line]) -> float:
    """Returns the right edge of the column a line stands in: the furthest end of lines that begin where it begins."""
    same = [one for one in lines if abs(one.box[0] - line.box[0]) < 3 * line.size and abs(one.size - line.size) < 0.15 * line.size]
    near = [one.box[2] for one in same if abs(one.box[1] - line.box[1]) < 40 * line.size]
    return max(near, default=line.box[2])


# ---- lines that run down ----


def _columns(lines: Sequence[Line]) -> list[Piece]:
    """Returns columns of vertical text grouped into paragraphs, the right one first."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (-one.box[2], one.box[1])):
        beside = [group for group in groups if _beside(group[-1], line)]
        home = min(beside, key=lambda group: group[-1].box[0] - line.box[2], default=None)
        if home is None or _new_column(home, line, lines):
            groups.append([line])
        else:
            home.append(line)
    pieces = [_piece(group) for group in groups]
    for piece in pieces:
        piece.vertical, piece.kind = True, "paragraph"
    return pieces


def _beside(last: Line, line: Line) -> bool:
    gap = last.box[0] - line.box[2]
    return -0.3 * line.size < gap < 1.6 * line.size and glyphs.overlap(last.box[1], last.box[3], line.box[1], line.box[3]) > 0.3


def _new_column(group: list[Line], line: Line, lines: Sequence[Line]) -> bool:
    """Tells whether a column begins a paragraph: other size, an indent, or the one before ended early."""
    last = group[-1]
    if max(last.size, line.size) > 1.12 * min(last.size, line.size):
        return True
    foot = max(one.box[3] for one in lines if abs(one.size - line.size) < 0.15 * line.size)
    head = min(one.box[1] for one in group)
    return foot - last.box[3] > 2.6 * line.size or line.box[1] - head > 1.4 * line.size


# ---- what a piece is ----


def _rank(found: Sequence[Piece]) -> None:
    """Turns paragraphs in larger or bolder type into headings of up to three levels, the largest first."""
    weights: Counter[float] = Counter()
    for piece in found:
        if piece.lines:
            weights[round(piece.size, 1)] += len(piece.text)
    if not weights:
        return
    body = weights.most_common(1)[0][0]
    titles = [piece for piece in found if _is_title(piece, body)]
    steps: list[float] = []
    for size in sorted({piece.size for piece in titles if piece.size > 1.12 * body}, reverse=True):
        if not steps or size < 0.92 * steps[-1]:
            steps.append(size)
    for piece in titles:
        level = next((number for number, size in enumerate(steps, 1) if piece.size >= 0.92 * size), len(steps) + 1)
        piece.kind = f"heading{min(3, level)}"
        piece.mark, piece.text = "", f"{piece.mark} {piece.text}".strip() if piece.mark.isascii() else piece.mark + piece.text


def _is_title(piece: Piece, body: float) -> bool:
    if not piece.lines or len(piece.lines) > 4 or len(piece.text) > 160 or not any(char.isalnum() for char in piece.text):
        return False
    if piece.size > 1.12 * body:
        return True
    short = len(piece.lines) == 1 and len(piece.text) <= 60 and piece.text[-1:] not in "。，；,;."
    return piece.bold and short and piece.size > 0.95 * body and piece.kind == "paragraph"


def _captions(found: Sequence[Piece]) -> None:
    """Marks a paragraph as a caption if it says so ("图 1", "Table 2") or stands in small type at a table or picture."""
    things = [piece for piece in found if piece.kind in {"table", "picture"}]
    body = statistics.median([piece.size for piece in found if piece.kind == "paragraph"] or [0.0])
    for piece in found:
        if piece.kind != "paragraph" or len(piece.text) > 200:
            continue
        near = any(_near(piece.box, thing.box, 2.0 * piece.size) for thing in things)
        if near and (_CAPTION.match(piece.text) or piece.size < 0.92 * body):
            piece.kind = "caption"


def _near(one: Edges, other: Edges, most: float) -> bool:
    gap = max(one[1] - other[3], other[1] - one[3])
    return -most < gap < most and _shared(one, other) > 0
