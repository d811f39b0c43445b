"""The PDFs that a site really sends: board, catalogue, signs. Tagged as PDF/UA-1, whole, in order; no text outside the tags; codes that read."""

from __future__ import annotations

import ctypes
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from pypdfium2 import raw

from showground.exhibition import jobs
from showground.exhibition.models import Board
from showground.exhibition.queries import manifests
from showground.media import boards, prints
from tests.exhibition.hung import Hung, a_board, a_hall, published
from tests.media import made, tags

pytestmark = pytest.mark.django_db
HOME = "/{}/2026/"


@pytest.fixture
def hung(settings: Any, tmp_path: Path) -> tuple[Hung, list[Board]]:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    settings.CLOCK = lambda: stood.now
    hanging = [published(stood, a_board(stood)) for _ in range(2)]
    jobs.print_missing()
    return stood, hanging


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def loose(body: bytes) -> list[str]:
    """Returns the text that stands outside the tags and is not marked as an ornament (PDF/UA-1, 7.1: all content is one or the other)."""
    found = []
    document = pdfium.PdfDocument(body)
    for page in document:
        text = page.get_textpage()
        for place in range(raw.FPDFPage_CountObjects(page)):
            thing = raw.FPDFPage_GetObject(page, place)
            if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_TEXT or raw.FPDFPageObj_GetMarkedContentID(thing) >= 0:
                continue
            if "Artifact" not in _marks(thing):
                found.append(_said(thing, text))
        text.close()
    document.close()
    return [one for one in found if one.strip()]


def _marks(thing: Any) -> list[str]:
    names = []
    for number in range(raw.FPDFPageObj_CountMarks(thing)):
        held, size = ctypes.create_string_buffer(200), ctypes.c_ulong()
        where = ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort))
        raw.FPDFPageObjMark_GetName(raw.FPDFPageObj_GetMark(thing, number), where, 200, ctypes.byref(size))
        names.append(held.raw[: size.value - 2].decode("utf-16-le"))
    return names


def _said(thing: Any, text: Any) -> str:
    size = raw.FPDFTextObj_GetText(thing, text, None, 0)
    held = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(thing, text, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), size)
    return held.raw[: size - 2].decode("utf-16-le")


def sound(body: bytes) -> None:
    """What PDF/UA-1 asks and a machine can see: marked, titled, in a language, figures described, headings without gaps, nothing loose."""
    document = pdfium.PdfDocument(body)
    assert document.get_metadata_value("Title")
    document.close()
    assert tags.tagged(body) and loose(body) == []
    assert re.search(rb"/DisplayDocTitle\s+true", body) and re.search(rb"/Lang\s*\(", body)
    elements = tags.elements(body)
    assert all(alt for role, _, alt, _ in elements if role == "Figure")
    levels = [int(role[1]) for role, *_ in elements if re.fullmatch(r"H[1-6]", role)]
    assert levels[:1] in ([1], []) and all(two - one <= 1 for one, two in pairwise(levels))


@pytest.mark.parametrize(("lang", "alt"), [("en", "A board about calls from a bank."), ("zh-hans", "讲冒充银行来电的展板。")])
def test_a_board_s_pdf_is_tagged_in_order_and_describes_its_picture(lang: str, alt: str, hung: Any) -> None:
    stood, hanging = hung
    body = stood.client().get(f"{HOME.format(lang)}boards/{hanging[0].code}/board.pdf").content
    sound(body)
    elements = tags.elements(body)
    assert [told for role, _, told, _ in elements if role == "Figure"] == [alt]
    text = bare("".join(text for _, text, _, _ in elements))
    said = [bare(boards.plain(block)) for block in hanging[0].shown.document["blocks"] if boards.plain(block).strip()]
    places = [text.find(one) for one in said]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_a_catalogue_holds_every_board_in_the_order_of_the_route(lang: str, hung: Any) -> None:
    stood, hanging = hung
    body = stood.client().get(f"{HOME.format(lang)}halls/street/catalogue.pdf").content
    sound(body)
    assert len([role for role, *_ in tags.elements(body) if role == "Figure"]) == len(hanging)


def test_the_sheet_of_signs_is_tagged_and_every_code_leads_to_its_board(hung: Any) -> None:
    stood, hanging = hung
    body = stood.client("curator").get("/en/2026/desk/halls/street/signs.pdf").content
    sound(body)
    document = pdfium.PdfDocument(body)
    scale = 2 / (prints.MODULE / 25.4 * 72)  # two pixels a module
    read = [found.text for page in document for found in zxingcpp.read_barcodes(page.render(scale=scale).to_pil().convert("L"))]
    document.close()
    assert sorted(read) == sorted(manifests.short(board) for board in hanging)
    assert bare(manifests.short(hanging[0]).partition("://")[2]) in bare("".join(text for _, text, _, _ in tags.elements(body)))


def test_text_outside_the_tags_is_seen() -> None:
    assert bare("".join(loose(made.pdf("#set page(width: 80mm, height: 40mm)\nfirst")))) == "first"
    assert loose(made.pdf("#set page(width: 80mm, height: 40mm)\nfirst", tags=True)) == []
