"""PPTX boards: a slide's texts, tables, notes and alternative texts, with their places; macros and links are never followed."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from showground.media import boards, order, script, zips
from showground.media.glyphs import Edges
from showground.media.layout import Piece
from showground.media.tables import Table
from showground.rules.refused import Refused

# RULE boards: shapes on one slide, groups in groups, characters of one slide.
SHAPES, NESTED, CHARACTERS = 3_000, 8, 60_000
_PIXEL = 9_525  # EMU: 96 pixels an inch
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
_LISTS = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
_SKIPPED = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}


@dataclass
class _Slide:
    """What was found on a slide, in pixels."""

    pieces: list[Piece] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    shapes: int = 0
    letters: int = 0


def read(source: Path, sha256: str, asked: Callable[[int], range]) -> tuple[int, list[boards.Board]]:
    """Returns the number of slides and a board for each asked for; refuses a zip that is no presentation, or a bomb."""
    names = _checked(source)
    try:
        shown = Presentation(str(source))
        slides = list(shown.slides)
    except (ValueError, KeyError, AttributeError, LookupError, TypeError, etree.XMLSyntaxError, NotImplementedError):
        raise Refused("media.unreadable", tool="board", ended="decoder")
    told = [boards.warning("board.macros")] if any(name.lower().endswith("vbaproject.bin") for name in names) else []
    width, height = max(1, (shown.slide_width or 1) // _PIXEL), max(1, (shown.slide_height or 1) // _PIXEL)
    wanted = asked(len(slides)) if slides else range(0)
    made = [_board(slides[number - 1], number, len(slides), sha256, (width, height), told) for number in wanted]
    return len(slides), made


def _checked(source: Path) -> list[str]:
    """Returns the names in a zip; raises what zips.members raises, or work.kind if it is no presentation."""
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as zipped:
        names = [member.name for member in zips.members(zipped)]
    if "ppt/presentation.xml" not in names:
        found = next((kind for mark, kind in _OTHERS.items() if mark in names), "zip")
        raise Refused("work.kind", found=found, wanted=["pdf", "pptx", "jpeg", "png", "webp", "avif", "tiff"])
    return names


_OTHERS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "content.xml": "odf", "index.html": "h5"}


def _board(slide: Any, number: int, pages: int, sha256: str, size: tuple[int, int], told: list[dict[str, Any]]) -> boards.Board:
    from showground.media import board

    seen = _Slide()
    _walk(slide.shapes, (1.0, 0.0, 1.0, 0.0), seen, NESTED)
    blocks = board.blocked(_in_order(seen.pieces), (1.0, 1.0), *size)
    notes = _notes(slide)
    warnings = [*told, boards.warning("board.no_picture")]
    warnings += [boards.warning("board.left_out", what=what) for what in sorted(seen.lost)]
    if slide._element.get("show") == "0":
        warnings.append(boards.warning("board.hidden_slide"))
    if not blocks:
        warnings.append(boards.warning("board.no_text"))
    return {
        **board.bare("pptx", number, pages, sha256, *size, drawn=False),
        "title": board.titled(blocks),
        "notes": {script.language(notes): notes} if notes else {},
        "blocks": blocks,
        "warnings": warnings,
    }


def _notes(slide: Any) -> str:
    """Returns the speaker's notes, paragraphs parted by newlines: the draft of the audio guide's script."""
    if not slide.has_notes_slide:
        return ""
    frame = slide.notes_slide.notes_text_frame
    lines = [boards.clean(paragraph.text) for paragraph in frame.paragraphs] if frame is not None else []
    return "\n".join(line for line in lines if line)[: boards.TEXT]


def _in_order(pieces: list[Piece]) -> list[Piece]:
    """Returns the title first, then shapes in reading order; the paragraphs of one shape stay together."""
    heads = [piece for piece in pieces if piece.kind == "heading1"]
    groups: dict[Edges, list[Piece]] = {}
    for piece in pieces:
        if piece.kind != "heading1":
            groups.setdefault(piece.box, []).append(piece)
    firsts = order.ordered([group[0] for group in groups.values()])
    return heads + [piece for first in firsts for piece in groups[first.box]]


# ---- shapes ----

_Frame = tuple[float, float, float, float]  # scale and shift across, scale and shift down


def _walk(shapes: Any, frame: _Frame, seen: _Slide, depth: int) -> None:
    for shape in shapes:
        seen.shapes += 1
        if seen.shapes > SHAPES:
            raise Refused("board.too_much", what="shapes", found=seen.shapes, limit=SHAPES)
        kind = etree.QName(shape._element).localname
        if kind == "grpSp":
            if depth:
                _walk(shape.shapes, _inside(shape, frame), seen, depth - 1)
        elif getattr(shape, "has_text_frame", False) and shape.has_text_frame:
            _texts(shape, _box(shape, frame), seen)
        elif kind == "pic":
            _picture(shape, _box(shape, frame), seen)
        elif kind == "graphicFrame":
            _graphic(shape, _box(shape, frame), seen)


def _inside(group: Any, frame: _Frame) -> _Frame:
    """Returns the frame of what a group holds: its own system of places, scaled into the group's."""
    told = group._element.find(f".//{_A}xfrm")
    found = [told.find(f"{_A}{name}") for name in ("off", "ext", "chOff", "chExt")] if told is not None else []
    parts = [part for part in found if part is not None]
    if len(parts) < 4:
        return frame
    (x, y), (w, h), (cx, cy), (cw, ch) = ([int(value) for value in list(part.attrib.values())[:2]] for part in parts)
    across, down = w / cw if cw else 1.0, h / ch if ch else 1.0
    a, b, c, d = frame
    return a * across, a * (x - cx * across) + b, c * down, c * (y - cy * down) + d


def _box(shape: Any, frame: _Frame) -> Edges:
    """Returns a shape's place in pixels; an empty one if the file does not say it."""
    try:
        x, y, w, h = (int(value or 0) for value in (shape.left, shape.top, shape.width, shape.height))
    except (AttributeError, ValueError, TypeError):
        return 0.0, 0.0, 0.0, 0.0
    a, b, c, d = frame
    return (a * x + b) / _PIXEL, (c * y + d) / _PIXEL, (a * (x + w) + b) / _PIXEL, (c * (y + h) + d) / _PIXEL


def _texts(shape: Any, box: Edges, seen: _Slide) -> None:
    role = _role(shape)
    if role in _SKIPPED:
        return
    vertical = (shape.text_frame._txBody.bodyPr.get("vert") or "") in {"eaVert", "wordArtVert", "vert"}
    for paragraph in shape.text_frame.paragraphs:
        text = boards.clean("".join(_runs(paragraph)))
        seen.letters += len(text)
        if seen.letters > CHARACTERS:
            raise Refused("board.too_much", what="characters", found=seen.letters, limit=CHARACTERS)
        if text:
            seen.pieces.append(Piece(_kind(role, paragraph), box, 12.0, text=text, vertical=vertical))


def _runs(paragraph: Any) -> Iterator[str]:
    """Yields a paragraph's texts in order, a break as a space."""
    for part in paragraph._p:
        name = etree.QName(part).localname if isinstance(part.tag, str) else ""
        if name in {"r", "fld"}:
            yield "".join(part.itertext(f"{_A}t"))
        elif name == "br":
            yield " "


def _role(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _kind(role: Any, paragraph: Any) -> str:
    if role in _TITLES:
        return "heading1"
    if role == PP_PLACEHOLDER.SUBTITLE:
        return "heading2"
    marks = paragraph._p.find(f"{_A}pPr")
    names = {etree.QName(part).localname for part in marks if isinstance(part.tag, str)} if marks is not None else set()
    if "buNone" in names:
        return "paragraph"
    return "list_item" if role in _LISTS or names & {"buChar", "buAutoNum"} else "paragraph"


def _picture(shape: Any, box: Edges, seen: _Slide) -> None:
    if shape._element.find(f".//{_A}videoFile") is not None or shape._element.find(f".//{_A}audioFile") is not None:
        seen.lost.add("media")
    told = shape._element.xpath(".//p:cNvPr")
    text = boards.clean(told[0].get("descr") or "")[:2000] if told else ""
    seen.pieces.append(Piece("picture", box, 0.0, text=text))


def _graphic(shape: Any, box: Edges, seen: _Slide) -> None:
    """Takes tables and the numbers behind charts; a diagram or an embedded object is named as left out."""
    if shape.has_table:
        rows = [[boards.clean(cell.text) for cell in row.cells] for row in shape.table.rows]
        seen.pieces.append(_table(rows, box, heads=int(bool(shape.table.first_row))))
    elif shape.has_chart:
        _chart(shape.chart, box, seen)
    else:
        seen.lost.add("diagram" if "diagram" in str(shape._element.xpath(".//a:graphicData/@uri")) else "object")


def _table(rows: list[list[str]], box: Edges, heads: int = 1) -> Piece:
    if len(rows) * len(rows[0] if rows else []) > boards.CELLS:
        raise Refused("board.too_much", what="cells", found=len(rows) * len(rows[0]), limit=boards.CELLS)
    return Piece("table", box, 12.0, table=Table(rows, box, 12.0, heads))


def _chart(chart: Any, box: Edges, seen: _Slide) -> None:
    try:
        plot = chart.plots[0]
        series = list(plot.series)
        rows = [["", *[boards.clean(one.name or "") for one in series]]]
        for place, category in enumerate(plot.categories):
            rows.append([boards.clean(str(category)), *[f"{one.values[place]:g}" for one in series]])
    except (IndexError, ValueError, TypeError, KeyError, AttributeError, NotImplementedError):
        seen.lost.add("chart")
        return
    seen.pieces.append(_table(rows, box))
