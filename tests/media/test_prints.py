"""Printed things: are they tagged and in order, and do the codes on the signs still read when small or damaged?"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from showground.media import board, boards, easel, prints
from showground.media.jail import best_available
from showground.media.prints import Sign
from showground.rules.refused import Refused

from . import made, tags

ADDRESS = "https://hall.example/b7"
ROLES = {
    "heading1": "H1",
    "heading2": "H2",
    "heading3": "H3",
    "paragraph": "P",
    "caption": "P",
    "list_item": "LBody",
    "table": "Table",
}


def read(tmp_path: Path, body: bytes) -> boards.Board:
    return easel.read(best_available(), made.write(tmp_path, "upload", body)).boards[0]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def outline(body: bytes) -> list[tuple[str, Any]]:
    """Returns what the tags say: headings, paragraphs, list items and tables (rows of cells), in the tags' order."""
    told: list[tuple[str, Any]] = []
    for role, text, _, _ in tags.elements(body):
        if role == "Table":
            told.append((role, []))
        elif role == "TR":
            told[-1][1].append([])
        elif role in {"TH", "TD"}:
            told[-1][1][-1].append(bare(text))
        elif role == "Span" and told and told[-1][0] == "Table":
            told[-1][1][-1][-1] += bare(text)
        elif role in {"H1", "H2", "H3", "P", "LBody"}:
            told.append((role, bare(text)))
    return [one for one in told if one[1]]


def wanted(one: boards.Board) -> list[tuple[str, Any]]:
    return [
        (ROLES[kind], [[bare(cell) for cell in row] for row in text] if kind == "table" else bare(text))
        for kind, text in made.said(one)
    ]


@pytest.mark.parametrize("make", [made.bilingual, made.columns, made.table, made.vertical], ids=lambda make: make.__name__)
def test_printed_board_is_tagged_in_the_order_of_the_board(tmp_path: Path, make: Any) -> None:
    one = read(tmp_path, make()[0])
    body = prints.board(one)
    assert tags.tagged(body)
    assert outline(body) == wanted(one)


def test_printed_board_says_its_languages(tmp_path: Path) -> None:
    """The document says English, the language of most letters here, so every Chinese element says Chinese itself."""
    body = prints.board(read(tmp_path, made.bilingual()[0]))
    told = [(text, lang) for role, text, _, lang in tags.elements(body) if role in {"H1", "P"}]
    assert {lang for text, lang in told if re.search(r"[\u4e00-\u9fff]", text)} == {"zh"}
    assert {lang for text, lang in told if not re.search(r"[\u4e00-\u9fff]", text)} == {""}


def test_printed_board_from_right_to_left_is_tagged_as_such(tmp_path: Path) -> None:
    body = prints.board(read(tmp_path, made.backwards()[0]))
    assert tags.tagged(body)
    assert {lang for role, _, _, lang in tags.elements(body) if role == "P"} <= {"ar", "he", ""}


def test_printed_picture_has_its_alternative_text(tmp_path: Path) -> None:
    one = {**read(tmp_path, made.table()[0]), "alt": {"zh": "蓝色展板", "en": "A blue board"}}
    body = prints.board(one, "en", picture=made.pixels(600, 800, "JPEG"))
    assert [alt for role, _, alt, _ in tags.elements(body) if role == "Figure"] == ["A blue board"]


def test_printed_board_in_another_language_takes_what_is_translated(tmp_path: Path) -> None:
    one = read(tmp_path, made.bilingual()[0])
    one["blocks"][0]["text"]["en"] = "What it is"
    assert outline(prints.board(one, "en"))[0] == ("H1", "Whatitis")


def test_headings_never_leave_a_level_out() -> None:
    blocks = [
        {"id": f"b{n}", "kind": kind, "lang": "en", "text": {"en": kind}}
        for n, kind in enumerate(("heading3", "paragraph", "heading3", "heading1", "heading3"), 1)
    ]
    one = {**board.bare("pdf", 1, 1, "0" * 64, 10, 10, drawn=True), "blocks": blocks}
    assert [role for role, _ in outline(prints.board(one))] == ["H1", "P", "H2", "H1", "H2"]


def test_catalogue_is_tagged_with_a_list_of_contents_and_every_board(tmp_path: Path) -> None:
    many = [(read(tmp_path, make()[0]), b"") for make in (made.columns, made.table)]
    body = prints.catalogue(many, title="展览图录 Catalogue")
    assert tags.tagged(body)
    links = [bare(text) for role, text, _, _ in tags.elements(body) if role == "Link"]
    assert links == [bare(many[0][0]["title"]["zh"]) + "2", "举报渠道3"]
    told = outline(body)
    start = told.index(wanted(many[0][0])[0])
    assert told[start:] == wanted(many[0][0]) + wanted(many[1][0])


def test_words_in_a_board_are_never_read_as_typesetting(tmp_path: Path) -> None:
    text = '#import "@preview/x:1.0.0"; #read("/etc/passwd") $x$ *b* \\ @a <b> `c`'
    block = {"id": "b1", "kind": "paragraph", "lang": "en", "text": {"en": text}}
    one = {**board.bare("pdf", 1, 1, "0" * 64, 10, 10, drawn=True), "title": {"en": "#panic()"}, "blocks": [block]}
    assert outline(prints.board(one))[-1] == ("P", bare(text))


def test_sign_no_font_has_is_refused_by_name() -> None:
    block = {"id": "b1", "kind": "paragraph", "lang": "en", "text": {"en": "a \U0001e900 b"}}
    with pytest.raises(Refused) as no:
        prints.board({**board.bare("pdf", 1, 1, "0" * 64, 10, 10, drawn=True), "title": {"en": "A"}, "blocks": [block]})
    assert no.value.code == "board.unprintable"


# ---- QR signs ----


def drawn(address: str, pixels: int) -> Image.Image:
    """Returns the code at so many pixels a module, with its quiet zone."""
    matrix = [*prints.code(address).matrix_iter(scale=1, border=4)]
    image = Image.new("L", (len(matrix), len(matrix)))
    image.putdata([0 if dark else 255 for row in matrix for dark in row])
    return image.resize((len(matrix) * pixels, len(matrix) * pixels), Image.Resampling.NEAREST)


def reads(image: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(image) if found.valid)


def damaged(image: Image.Image, share: float, seed: int) -> Image.Image:
    """Returns the code with a torn patch (white, grey or black) over a share of its area; the three corner marks stay free."""
    chance, hurt = random.Random(seed), image.copy()
    side = image.width * (1 - 8 / (image.width / pixels_of(image)))
    across = side * (share * chance.uniform(0.6, 1.6)) ** 0.5
    down = share * side * side / across
    quiet, corner = (image.width - side) / 2, 8.0 * pixels_of(image)
    while True:
        x, y = quiet + chance.uniform(0, side - across), quiet + chance.uniform(0, side - down)
        left, top = x < quiet + corner, y < quiet + corner
        right, bottom = x + across > quiet + side - corner, y + down > quiet + side - corner
        if not ((left and top) or (right and top) or (left and bottom)):
            break
    ImageDraw.Draw(hurt).rectangle((x, y, x + across, y + down), fill=chance.choice((0, 128, 255)))
    return hurt


def pixels_of(image: Image.Image) -> float:
    return image.width / prints.code(ADDRESS).symbol_size(scale=1, border=4)[0]


@pytest.mark.parametrize("address", [ADDRESS, "https://week.example.gov/b123", "https://2026.week.example.org/hall-2/b18"])
def test_code_reads_at_two_pixels_a_module(address: str) -> None:
    assert reads(drawn(address, 2)) == [address]


def test_code_reads_with_a_patch_over_15_percent() -> None:
    failed = [seed for seed in range(60) if reads(damaged(drawn(ADDRESS, 6), 0.15, seed)) != [ADDRESS]]
    assert failed == []


def test_code_under_a_patch_of_half_its_area_does_not_read() -> None:
    image = drawn(ADDRESS, 6)
    ImageDraw.Draw(image).rectangle((0, image.height // 2, image.width, image.height), fill=255)
    assert reads(image) == []


def test_signs_are_tagged_and_read_from_the_printed_page_at_two_pixels_a_module() -> None:
    listed = [
        Sign(f"https://hall.example/b{number}", f"{number} / 18", {"zh": "识别诈骗", "en": "Telling fraud"})
        for number in range(1, 13)
    ]
    body = prints.signs(listed, title="二维码 QR signs")
    assert tags.tagged(body)
    assert [alt for role, _, alt, _ in tags.elements(body) if role == "Figure"] == [f"QR: {one.address}" for one in listed]
    document = pdfium.PdfDocument(body)
    found = [text for page in document for text in reads(page.render(scale=2 / (prints.MODULE / 25.4 * 72)).to_pil().convert("L"))]
    document.close()
    assert sorted(found) == sorted(one.address for one in listed)
