"""Things to take home: a picture or a PDF written anew, so that nobody carries away what the file's maker left in it.

Of a picture come its pixels, in full size. Of a PDF come its pages as they are printed, each as one drawing with its fonts: text can
still be searched and copied, while scripts, forms, links, attached files, layers of comments and the names of people are not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from showground.media import board_pdf, picture, sniff, whole
from showground.rules.refused import Refused

# RULE exhibition: pages of a leaflet, quality of a picture to keep.
PAGES, QUALITY = 60, 90
PREVIEW = 1400  # pixels of the longer side of a leaflet's first page


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes what is taken home (`use` "download") and pictures of it into `out`."""
    kind = sniff.check(source, "handout")
    return _leaflet(source, out) if kind == "pdf" else _picture(source, out, kind)


def _picture(source: Path, out: Path, kind: str) -> dict[str, Any]:
    made = picture.render(source, out, kind)
    try:
        held, _frames = picture.decoded(source)
    except picture.BROKEN:
        raise whole.undecodable(source, kind, "handout")
    flat = picture.on_white(held)
    flat.save(out / "download.jpg", "JPEG", quality=QUALITY, optimize=True, progressive=True)
    whole_size = {"name": "download.jpg", "use": "download", "type": "image/jpeg", "width": flat.width, "height": flat.height}
    return {**made, "pages": 1, "renditions": [whole_size, *made["renditions"]]}


def _leaflet(source: Path, out: Path) -> dict[str, Any]:
    """Writes the pages of a PDF into a new one, and its first page as a picture."""
    with board_pdf.opened(source) as document:
        pages = len(document)
        if pages > PAGES:
            raise Refused("handout.pages", pages=pages, limit=PAGES)
        sizes = _copied(document, out / "download.pdf")
        still = _still(document, out)
    made = picture.render(still, out, "png", before="page-")
    still.unlink()
    wide, high = sizes[0]
    rendition = {"name": "download.pdf", "use": "download", "type": "application/pdf", "width": round(wide), "height": round(high)}
    return {**made, "kind": "pdf", "pages": pages, "renditions": [rendition, *made["renditions"]]}


def _copied(document: Any, goal: Path) -> list[tuple[float, float]]:
    """Draws every page of the document on a page of its own in a new file; returns their sizes in points."""
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    fresh, sizes = pdfium.PdfDocument.new(), []
    for number in range(1, len(document) + 1):
        old = board_pdf.page_of(document, number)
        wide, high = old.get_size()
        sizes.append((wide, high))
        old.close()
        drawn = raw.FPDF_NewXObjectFromPage(fresh, document, number - 1)
        page = fresh.new_page(wide, high)
        raw.FPDFPage_InsertObject(page, raw.FPDF_NewFormObjectFromXObject(drawn))
        raw.FPDFPage_GenerateContent(page)
        raw.FPDF_CloseXObject(drawn)
    with goal.open("wb") as file:
        fresh.save(file)
    return sizes


def _still(document: Any, out: Path) -> Path:
    page = board_pdf.page_of(document, 1)
    wide, high = page.get_size()
    scale = PREVIEW / max(wide, high)
    bitmap = board_pdf.draw(page, max(1, round(wide * scale)), max(1, round(high * scale)))
    still = out / "still.png"
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    Image.frombytes("RGB", size, bytes(bitmap.buffer)).save(still)
    return still
