"""A reported screenshot or photo, and the first pages of a PDF: pixels only, without codes to scan or places where they were taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw as pdfium

from showground.evidence import codes, fingerprint, links, text
from showground.evidence.lookalike import NOBODY, Names
from showground.media import picture as pictures
from showground.rules.refused import Refused

Told = dict[str, Any]
# Pixels a side of a working copy; pages of a PDF that are shown, pages whose links are read, characters listed, link areas a page.
SIDE, PAGES, LINKED, SHOWN, AREAS = 2048, 5, 50, 20_000, 500
_PAGE_SIDE = 1400


def read(source: Path, out: Path, stem: str, names: Names = NOBODY) -> Told:
    """Writes a working copy `<stem>.png` of a picture into `out` and tells its codes and fingerprint; Refused if it cannot be decoded."""
    try:
        picture, frames = pictures.decoded(source)
    except pictures.BROKEN:
        raise Refused("evidence.unreadable", ended="decoder")
    found, covered = codes.found(_on_white(picture), names)
    return {
        "kind": "picture",
        "width": picture.width,
        "height": picture.height,
        "frames": frames,
        "fingerprint": fingerprint.of(_on_white(picture)),
        "codes": found,
        "copies": [_copied(covered, out, f"{stem}.png", SIDE)],
    }


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _copied(picture: Image.Image, out: Path, name: str, side: int) -> str:
    """Writes pixels as a PNG with nothing else in it, at most `side` pixels a side, and returns its name."""
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    fresh.thumbnail((side, side), Image.Resampling.LANCZOS)
    fresh.save(out / name, "PNG", compress_level=4)
    return name


def read_pdf(source: Path, out: Path, stem: str, names: Names = NOBODY) -> Told:
    """Writes the first five pages `<stem>-1.png` ... into `out` and tells text, links and codes; Refused if locked or broken."""
    try:
        document = pypdfium2.PdfDocument(source)
        count = len(document)
    except pypdfium2.PdfiumError as no:
        locked = "password" in str(no).lower() or getattr(no, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Refused("evidence.locked") if locked else Refused("evidence.unreadable", ended="decoder")
    told: Told = {"kind": "pdf", "pages": count, "codes": [], "copies": [], "fingerprint": "", "limits": []}
    words: list[str] = []
    areas: list[str] = []
    for number in range(min(count, LINKED)):
        page = _page(document, number)
        if page is None:
            told["limits"].append({"code": "limit.page", "page": number + 1})
            continue
        words.append(_words(page))
        areas += _areas(document, page)
        if number < PAGES:
            _show(page, number, told, out, stem, names)
        page.close()
    if count > PAGES:
        told["limits"].append({"code": "limit.pages", "pages": count, "shown": PAGES, "read": min(count, LINKED)})
    said = "\n".join(words)
    spoken = text.read(said, names=names)
    targets = [links.read(one, via="pdf", names=names) for one in dict.fromkeys(areas)]
    spoken["links"] = [one for link in targets for one in links.unfolded(link, names)] + spoken["links"]
    return told | {"text": said[:SHOWN]} | spoken


def _page(document: pypdfium2.PdfDocument, number: int) -> Any:
    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None


def _words(page: Any) -> str:
    try:
        return str(page.get_textpage().get_text_bounded())
    except pypdfium2.PdfiumError:
        return ""


def _show(page: Any, number: int, told: Told, out: Path, stem: str, names: Names) -> None:
    """Adds one page to what is told: its working copy and its codes; the first gives the fingerprint."""
    width, height = page.get_size()
    scale = min(2.0, _PAGE_SIDE / max(width, height, 1))
    try:
        picture = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        told["limits"].append({"code": "limit.page", "page": number + 1})
        return
    found, covered = codes.found(picture, names)
    told["codes"] += found
    told["fingerprint"] = told["fingerprint"] or (fingerprint.of(picture) if number == 0 else "")
    told["copies"].append(_copied(covered, out, f"{stem}-{number + 1}.png", SIDE))


def _areas(document: pypdfium2.PdfDocument, page: Any) -> list[str]:
    """Returns the web addresses behind the link areas of a page: most phishing PDFs are one picture with one area."""
    import ctypes

    at, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    found: list[str] = []
    while len(found) < AREAS and pdfium.FPDFLink_Enumerate(page, at, link):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        size = pdfium.FPDFAction_GetURIPath(document, action, None, 0)
        held = ctypes.create_string_buffer(min(size, 8192))
        pdfium.FPDFAction_GetURIPath(document, action, held, len(held))
        found.append(held.raw.rstrip(b"\0").decode("utf-8", "replace"))
    return [one for one in found if one]
