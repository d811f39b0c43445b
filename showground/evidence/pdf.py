"""The first pages of a reported PDF as pixels, and its words, link areas and codes."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from showground.evidence import codes, fingerprint, links, picture, text
from showground.evidence.lookalike import NOBODY, Names
from showground.rules.refused import Refused

Told = dict[str, Any]
# Pages that are shown, pages whose links are read, characters listed, link areas a page, pixels a side of a page.
PAGES, LINKED, SHOWN, AREAS, SIDE = 5, 50, 20_000, 500, 1400


def read(source: Path, out: Path, stem: str, names: Names = NOBODY) -> Told:
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
    return told | {"text": said[:SHOWN]} | spoken | {"limits": told["limits"] + spoken["limits"]}


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
    scale = min(2.0, SIDE / max(width, height, 1))
    try:
        drawn = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        told["limits"].append({"code": "limit.page", "page": number + 1})
        return
    found, covered = codes.found(drawn, names)
    told["codes"] += found
    told["fingerprint"] = told["fingerprint"] or (fingerprint.of(drawn) if number == 0 else "")
    told["copies"].append(picture.copied(covered, out, f"{stem}-{number + 1}.png"))


def _areas(document: pypdfium2.PdfDocument, page: Any) -> list[str]:
    """Returns the web addresses behind the link areas of a page: most phishing PDFs are one picture with one area."""
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
