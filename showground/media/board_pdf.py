"""PDF boards: what PDFium reads on a page (text, lines, pictures, tags), and the page drawn as pixels. Nothing in the file is run."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from showground.media import boards, layout
from showground.media.glyphs import Edges, Glyph
from showground.media.layout import Piece
from showground.media.tables import Stroke
from showground.rules.refused import Refused

# RULE boards: characters and ruled lines read on a page, objects looked at, nested forms, pixels drawn.
GLYPHS, STROKES, OBJECTS, NESTED, PIXELS = 60_000, 20_000, 200_000, 6, 150_000_000
DPI = 300
_MARKS = ((b"/JavaScript", "javascript"), (b"/JS", "javascript"), (b"/Launch", "launch"), (b"/XFA", "xfa"))
_UNREADABLE = 0.05


@dataclass
class Page:
    """What one page holds, its places in points from its upper left corner as it is seen."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictures: list[tuple[Edges, str]] = field(default_factory=list)
    paths: int = 0
    unmapped: int = 0
    hidden: int = 0
    unembedded: set[str] = field(default_factory=set)


@contextmanager
def opened(source: Path) -> Iterator[Any]:
    """Yields the open PDF; raises board.password, work.cut_off or media.unreadable."""
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as no:
        if getattr(no, "err_code", 0) == raw.FPDF_ERR_PASSWORD or "assword" in str(no):
            raise Refused("board.password")
        with source.open("rb") as file:
            file.seek(max(0, source.stat().st_size - 2048))
            ends = b"%%EOF" in file.read()
        raise Refused("media.unreadable", tool="board", ended="decoder") if ends else Refused("work.cut_off", found="pdf")
    try:
        yield document
    finally:
        document.close()


def warnings(source: Path, document: Any) -> list[dict[str, Any]]:
    """Returns what the file carries besides pages that is left out: scripts, attached files, forms."""
    found = {word for mark, word in _MARKS if _holds(source, mark)}
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        found.add("javascript")
    attached = raw.FPDFDoc_GetAttachmentCount(document)
    told = [boards.warning(f"board.{word}") for word in sorted(found)]
    return told + ([boards.warning("board.attachments", files=attached)] if attached > 0 else [])


def _holds(source: Path, mark: bytes) -> bool:
    """Tells whether the file's bytes hold a name (what lies in packed objects is found by PDFium or not at all)."""
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_:
        at = bytes_.find(mark)
        while at >= 0:
            if not bytes_[at + len(mark) : at + len(mark) + 1].isalnum():
                return True
            at = bytes_.find(mark, at + 1)
    return False


def page_of(document: Any, number: int) -> Any:
    """Returns a page by its number from 1, or raises media.unreadable for one that is broken."""
    try:
        return document[number - 1]
    except pdfium.PdfiumError:
        raise Refused("media.unreadable", tool="board", ended=f"page {number}")


def read(page: Any) -> Page:
    """Returns what a page holds; raises board.too_much with what there is too much of."""
    width, height = page.get_size()
    seen = Page(width, height)
    turn = _turner(page, width, height)
    _read_objects(page, seen, turn)
    _read_glyphs(page, seen, turn)
    _read_tags(page, seen)
    return seen


def _turner(page: Any, width: float, height: float) -> Callable[[float, float, float, float], Edges]:
    """Returns what turns a box of the file (left, bottom, right, top) into one of the page as it is seen."""
    scale = 1 << 20
    x, y = ctypes.c_int(), ctypes.c_int()

    def seen(across: float, up: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, across, up, x, y)
        return x.value / scale * width, y.value / scale * height

    zero, right, top = seen(0, 0), seen(100, 0), seen(0, 100)
    a, b, c, d = (right[0] - zero[0]) / 100, (right[1] - zero[1]) / 100, (top[0] - zero[0]) / 100, (top[1] - zero[1]) / 100

    def turned(x0: float, y0: float, x1: float, y1: float) -> Edges:
        across = zero[0] + a * x0 + c * y0, zero[0] + a * x1 + c * y1
        down = zero[1] + b * x0 + d * y0, zero[1] + b * x1 + d * y1
        return min(across), min(down), max(across), max(down)

    return turned


# ---- text ----


def _read_glyphs(page: Any, seen: Page, turn: Callable[[float, float, float, float], Edges]) -> None:
    text = page.get_textpage()
    count = raw.FPDFText_CountChars(text)
    if count > GLYPHS:
        raise Refused("board.too_much", what="characters", found=count, limit=GLYPHS)
    last: Glyph | None = None
    for place in range(count):
        char = _char(text, place)
        if char and not raw.FPDFText_IsGenerated(text, place):
            glyph = _glyph(text, place, char, turn)
            if raw.FPDFText_HasUnicodeMapError(text, place) == 1 or "\ue000" <= char <= "\uf8ff" or char == "\ufffd":
                seen.unmapped += 1
            if last is None or not _twice(last, glyph):
                if _on_page(glyph.box, seen):
                    seen.glyphs.append(glyph)
                last = glyph
    text.close()


def _char(text: Any, place: int) -> str:
    """Returns the character at a place; "" for the second half of one that needs two, and for what is no character."""
    code = raw.FPDFText_GetUnicode(text, place)
    if 0xDC00 <= code < 0xE000:
        return ""
    if 0xD800 <= code < 0xDC00:
        low = raw.FPDFText_GetUnicode(text, place + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    if code == 2:  # PDFium's sign for a word parted at the end of a line
        return "\u00ad"
    return chr(code) if code >= 0x20 else ""


def _glyph(text: Any, place: int, char: str, turn: Callable[[float, float, float, float], Edges]) -> Glyph:
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, place, rect)
    box = turn(rect.left, rect.bottom, rect.right, rect.top)
    angle = raw.FPDFText_GetCharAngle(text, place)
    across = abs(angle % 3.14159) > 0.3 and abs(angle % 3.14159) < 2.84
    size = (box[2] - box[0] if across else box[3] - box[1]) or 1.0
    told = abs(raw.FPDFText_GetFontSize(text, place))
    if 0.6 * size < told < 1.7 * size:
        size = told
    return Glyph(char, box, size, place, raw.FPDFText_GetFontWeight(text, place) >= 600, across)


def _twice(last: Glyph, glyph: Glyph) -> bool:
    """Tells whether a letter was printed again a hair beside itself, as some programs make bold type; a ligature's two "f" are not."""
    return (
        last.char == glyph.char
        and last.box != glyph.box
        and all(abs(a - b) < 0.09 * glyph.size for a, b in zip(last.box, glyph.box, strict=True))
    )


def _on_page(box: Edges, seen: Page) -> bool:
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return -1 <= across <= seen.width + 1 and -1 <= down <= seen.height + 1


# ---- lines and pictures ----

_Matrix = tuple[float, float, float, float, float, float]


def _read_objects(page: Any, seen: Page, turn: Callable[[float, float, float, float], Edges]) -> None:
    left = [OBJECTS]
    for place in range(raw.FPDFPage_CountObjects(page)):
        _look(raw.FPDFPage_GetObject(page, place), (1, 0, 0, 1, 0, 0), seen, turn, NESTED, left)


def _look(
    thing: Any, by: _Matrix, seen: Page, turn: Callable[[float, float, float, float], Edges], depth: int, left: list[int]
) -> None:
    left[0] -= 1
    if left[0] < 0:
        raise Refused("board.too_much", what="objects", found=OBJECTS, limit=OBJECTS)
    kind = raw.FPDFPageObj_GetType(thing)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        seen.paths += 1
        _strokes(thing, by, seen, turn)
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        x0, y0, x1, y1 = _bounds(thing)
        seen.pictures.append((turn(*_moved(by, x0, y0), *_moved(by, x1, y1)), ""))
    elif kind == raw.FPDF_PAGEOBJ_TEXT:
        _font(thing, seen)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
        inner = _times(_matrix(thing), by)
        for place in range(raw.FPDFFormObj_CountObjects(thing)):
            _look(raw.FPDFFormObj_GetObject(thing, place), inner, seen, turn, depth - 1, left)


def _matrix(thing: Any) -> _Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(by: _Matrix, x: float, y: float) -> tuple[float, float]:
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def _bounds(thing: Any) -> Edges:
    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(thing, *edges)
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def _font(thing: Any, seen: Page) -> None:
    """Notes a font that the file does not carry, and text that is there but not printed (as OCR programs put it)."""
    if raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        seen.hidden += 1
    font = raw.FPDFTextObj_GetFont(thing)
    if font and raw.FPDFFont_GetIsEmbedded(font) == 0 and len(seen.unembedded) < 12:
        held = ctypes.create_string_buffer(128)
        raw.FPDFFont_GetBaseFontName(font, held, 128)
        seen.unembedded.add(boards.clean(held.value.decode("utf-8", "replace"))[:60])


def _strokes(thing: Any, by: _Matrix, seen: Page, turn: Callable[[float, float, float, float], Edges]) -> None:
    """Notes the straight lines across and down that a path consists of."""
    own = _times(_matrix(thing), by)
    x, y = ctypes.c_float(), ctypes.c_float()
    last = start = (0.0, 0.0)
    for place in range(min(raw.FPDFPath_CountSegments(thing), 400)):
        segment = raw.FPDFPath_GetPathSegment(thing, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here, kind = _moved(own, x.value, y.value), raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            _stroke(turn(*last, *here), seen)
        if raw.FPDFPathSegment_GetClose(segment):
            _stroke(turn(*here, *start), seen)
        last = here


def _stroke(edges: Edges, seen: Page) -> None:
    wide, high = edges[2] - edges[0], edges[3] - edges[1]
    if len(seen.strokes) >= STROKES or max(wide, high) < 6 or min(wide, high) > 0.8:
        return
    down = high > wide
    at = (edges[0] + edges[2]) / 2 if down else (edges[1] + edges[3]) / 2
    seen.strokes.append(Stroke(down, at, edges[1] if down else edges[0], edges[3] if down else edges[2]))


# ---- tags ----


def _read_tags(page: Any, seen: Page) -> None:
    """Gives the pictures of a tagged page their alternative texts, in order, where as many are told as are printed."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    told: list[str] = []
    for place in range(max(0, raw.FPDF_StructTree_CountChildren(tree))):
        _alt(raw.FPDF_StructTree_GetChildAtIndex(tree, place), told, 30)
    raw.FPDF_StructTree_Close(tree)
    if told and len(told) == len(seen.pictures):
        seen.pictures = [(box, text) for (box, _), text in zip(seen.pictures, told, strict=True)]


def _alt(element: Any, told: list[str], depth: int) -> None:
    if not element or not depth or len(told) > 500:
        return
    if words(raw.FPDF_StructElement_GetType, element) == "Figure":
        told.append(boards.clean(words(raw.FPDF_StructElement_GetAltText, element))[:2000])
        return
    for place in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        _alt(raw.FPDF_StructElement_GetChildAtIndex(element, place), told, depth - 1)


def words(ask: Callable[..., int], element: Any) -> str:
    """Returns what PDFium answers in UTF-16 when asked for a text; "" if it has none."""
    size = ask(element, None, 0)
    if size <= 2:
        return ""
    held = ctypes.create_string_buffer(size)
    ask(element, held, size)
    return held.raw[: size - 2].decode("utf-16-le", "replace")


# ---- from page to board ----


def pieces(seen: Page) -> list[Piece]:
    """Returns what is to be read on a page; a picture behind everything is the board itself and no part of it."""
    area = seen.width * seen.height
    parts = [(box, alt) for box, alt in seen.pictures if _area(box) > 0.004 * area and (_area(box) < 0.7 * area or alt)]
    return layout.read(seen.glyphs, seen.strokes, parts[:60])


def _area(box: Edges) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def page_warnings(seen: Page) -> list[dict[str, Any]]:
    """Returns what a person must know of a page before it is shown: why there is no text, or why it may be wrong."""
    told = []
    if not seen.glyphs:
        told.append(boards.warning("board.outlines" if seen.paths > 200 and not _covered(seen) else "board.no_text"))
    elif seen.unmapped > _UNREADABLE * len(seen.glyphs):
        told.append(boards.warning("board.unmapped", found=seen.unmapped, of=len(seen.glyphs)))
    if seen.unembedded:
        told.append(boards.warning("board.font_missing", fonts=", ".join(sorted(seen.unembedded))[:240]))
    if seen.hidden:
        told.append(boards.warning("board.hidden_text"))
    return told


def _covered(seen: Page) -> bool:
    return any(_area(box) > 0.5 * seen.width * seen.height for box, _ in seen.pictures)


def dpi_for(page: Any, wanted: int = DPI) -> float:
    """Returns the resolution to draw a page at: the wanted one, lower where the picture would be more than PIXELS."""
    width, height = page.get_size()
    inches = max(1e-6, width * height / 72 / 72)
    return float(min(wanted, (PIXELS / inches) ** 0.5, 60_000 * 72 / max(width, height, 1)))


def pixels(page: Any, dpi: float) -> tuple[int, int]:
    """Returns the width and height of a page drawn at a resolution."""
    width, height = page.get_size()
    return max(1, round(width * dpi / 72)), max(1, round(height * dpi / 72))


def draw(page: Any, width: int, height: int) -> Any:
    """Returns the page drawn on white as a packed bitmap of three bytes a pixel: red, green, blue."""
    bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    flags = raw.FPDF_ANNOT | raw.FPDF_RENDER_LIMITEDIMAGECACHE | raw.FPDF_REVERSE_BYTE_ORDER
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    return bitmap
