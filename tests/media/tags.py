"""Reads the tags of a PDF through PDFium: what a screen reader is told, element by element, in order."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from showground.media.board_pdf import words

Element = tuple[str, str, str, str]  # role, text, alternative text, language


def tagged(body: bytes) -> bool:
    """Tells whether a PDF says of itself that it is tagged and PDF/UA-1."""
    document = pdfium.PdfDocument(body)
    marked = raw.FPDFCatalog_IsTagged(document)
    document.close()
    return bool(marked) and b"<pdfuaid:part>1</pdfuaid:part>" in body


def elements(body: bytes) -> list[Element]:
    """Returns the elements of all pages in the order of the tags; an element's text is what its own marked content prints."""
    found: list[Element] = []
    document = pdfium.PdfDocument(body)
    for page in document:
        text = page.get_textpage()
        marks = _marks(page, text)
        tree = raw.FPDF_StructTree_GetForPage(page)
        for place in range(raw.FPDF_StructTree_CountChildren(tree)):
            found += _below(raw.FPDF_StructTree_GetChildAtIndex(tree, place), marks)
        raw.FPDF_StructTree_Close(tree)
        text.close()
    document.close()
    return found


def _marks(page: Any, text: Any) -> dict[int, str]:
    """Returns what each marked content of a page prints, by its number."""
    marks: dict[int, str] = {}
    for place in range(raw.FPDFPage_CountObjects(page)):
        thing = raw.FPDFPage_GetObject(page, place)
        number = raw.FPDFPageObj_GetMarkedContentID(thing)
        if number >= 0 and raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
            size = raw.FPDFTextObj_GetText(thing, text, None, 0)
            held = ctypes.create_string_buffer(size)
            raw.FPDFTextObj_GetText(thing, text, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), size)
            marks[number] = marks.get(number, "") + held.raw[: size - 2].decode("utf-16-le")
    return marks


def _below(element: Any, marks: dict[int, str]) -> Iterator[Element]:
    if not element:
        return
    role, alt, lang = (
        words(ask, element)
        for ask in (raw.FPDF_StructElement_GetType, raw.FPDF_StructElement_GetAltText, raw.FPDF_StructElement_GetLang)
    )
    numbers = [
        raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, place)
        for place in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element))
    ]
    yield role, "".join(marks.get(number, "") for number in numbers if number >= 0), alt, lang
    for place in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        yield from _below(raw.FPDF_StructElement_GetChildAtIndex(element, place), marks)
