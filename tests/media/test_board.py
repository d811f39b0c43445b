"""What is read from boards: the six of the issue exactly, in order; where it stands; what bad files are told."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from showground.media import boards, easel
from showground.media.easel import Taken
from showground.media.jail import best_available
from showground.rules.refused import Refused

from . import bad_boards, corpus, made

PDFS = [(name, body) for name, body, _ in made.six() if name.endswith(".pdf") and name != "picture.pdf"]


def read(tmp_path: Path, body: bytes, name: str = "upload", **options: int) -> Taken:
    return easel.read(best_available(), made.write(tmp_path, name, body), **options)


def refused(tmp_path: Path, body: bytes, **options: int) -> Refused:
    with pytest.raises(Refused) as no:
        read(tmp_path, body, **options)
    return no.value


def codes(taken: Taken) -> list[str]:
    return [one["code"] for one in taken.boards[0]["warnings"]]


@pytest.mark.parametrize(("name", "body", "pages"), made.six(), ids=[name for name, *_ in made.six()])
def test_board_says_exactly_what_is_printed_in_order(tmp_path: Path, name: str, body: bytes, pages: list[made.Expected]) -> None:
    taken = read(tmp_path, body)
    assert [made.said(board) for board in taken.boards] == pages
    assert taken.kind == name.rpartition(".")[2]


def test_board_from_right_to_left_is_read_in_order(tmp_path: Path) -> None:
    body, parts = made.backwards()
    board = read(tmp_path, body).boards[0]
    assert made.said(board) == parts
    assert [(block["lang"], block["dir"]) for block in board["blocks"]] == [("ar", "rtl"), ("he", "rtl")]


def test_a_sentence_set_in_bold_parts_no_paragraph_and_numbers_make_a_list(tmp_path: Path) -> None:
    said = "骗子冒充法院工作人员，要求您把钱转到“安全账户”。真正的法院不会通过电话办案，也没有“安全账户”。"
    bold = said.replace("真正的法院不会通过电话办案，也没有“安全账户”。", "*真正的法院不会通过电话办案，也没有“安全账户”。*")
    source = f"= 接到来电\n{bold}\n\n*三个信号*\n\n要求您保密。\n\n1.立即挂断\n\n2.到举报台举报\n\n3.15晚会每年三月举行"
    board = read(tmp_path, made.pdf(made.head(width=148, height=210, margin=14, size=11) + source)).boards[0]
    told = [(block["kind"], block["text"]["zh"]) for block in board["blocks"]]
    assert told[1] == ("paragraph", said) and told[3] == ("paragraph", "要求您保密。")
    assert told[4:] == [("list_item", "立即挂断"), ("list_item", "到举报台举报"), ("paragraph", "3.15晚会每年三月举行")]


def test_board_that_runs_down_says_so_and_its_title_does_not(tmp_path: Path) -> None:
    board = read(tmp_path, made.vertical()[0]).boards[0]
    assert [block.get("writing") for block in board["blocks"]] == [None, "vertical", "vertical"]


def _ink(body: bytes, width: int, height: int) -> Iterator[tuple[float, float, float, float]]:
    """Yields the ink boxes of all printed letters in pixels, asked of PDFium directly."""
    page = pdfium.PdfDocument(body)[0]
    wide, high = page.get_size()
    text = page.get_textpage()
    edges = [ctypes.c_double() for _ in range(4)]
    for place in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, place) or chr(raw.FPDFText_GetUnicode(text, place)).isspace():
            continue
        raw.FPDFText_GetCharBox(text, place, *edges)
        left, right, bottom, top = (edge.value for edge in edges)
        yield left * width / wide, (high - top) * height / high, right * width / wide, (high - bottom) * height / high


@pytest.mark.parametrize(("name", "body"), PDFS, ids=[name for name, _ in PDFS])
def test_board_s_regions_cover_the_glyphs(tmp_path: Path, name: str, body: bytes) -> None:
    board = read(tmp_path, body).boards[0]
    boxes = [block["box"] for block in board["blocks"]]
    ink = list(_ink(body, board["picture"]["width"], board["picture"]["height"]))
    held = [
        any(x <= left and y <= top and right <= x + w and bottom <= y + h for x, y, w, h in boxes)
        for left, top, right, bottom in ink
    ]
    assert len(ink) > 60
    assert sum(held) >= 0.95 * len(ink), f"{sum(held)} of {len(ink)}"


def test_board_s_regions_do_not_lie_over_one_another(tmp_path: Path) -> None:
    boxes = [block["box"] for block in read(tmp_path, made.columns()[0]).boards[0]["blocks"]]
    for place, (x, y, w, h) in enumerate(boxes):
        for left, top, wide, high in boxes[place + 1 :]:
            across, down = min(x + w, left + wide) - max(x, left), min(y + h, top + high) - max(y, top)
            assert across <= 0 or down <= 0.2 * min(h, high)


def test_pptx_gives_notes_as_the_script_and_the_slide_as_text(tmp_path: Path) -> None:
    board = read(tmp_path, made.slides()[0]).boards[0]
    assert board["notes"] == {"zh": made.NOTES}
    assert board["title"] == {"zh": "识别钓鱼短信"}
    assert (board["picture"]["drawn"], codes(read(tmp_path, made.slides()[0]))) == (False, ["board.no_picture"])


def test_pptx_beside_its_pdf_stands_on_the_pdf_s_picture(tmp_path: Path) -> None:
    text = read(tmp_path, made.slides()[0])
    printed = read(tmp_path, made.pdf("#set page(width: 338.7mm, height: 190.5mm)\n识别#pagebreak()A"), dpi=144)
    one, two = easel.paired(text, printed)
    assert (one["picture"], one["warnings"]) == (printed.boards[0]["picture"], [])
    assert one["blocks"][1]["box"] == [112, 255, 796, 341]  # 20, 45, 140, 60 mm at 144 dpi, outwards to whole pixels of both
    assert boards.checked(two)


def test_pptx_with_fewer_pages_in_its_pdf_keeps_all_slides(tmp_path: Path) -> None:
    one, two = easel.paired(read(tmp_path, made.slides()[0]), read(tmp_path, made.pdf("识别")))
    assert "board.other_pages" in {warning["code"] for warning in one["warnings"]}
    assert {warning["code"] for warning in two["warnings"]} >= {"board.no_picture", "board.other_pages"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_picture_is_a_board_without_text(tmp_path: Path, kind: str) -> None:
    taken = read(tmp_path, made.pixels(600, 800, kind), "poster.pdf")
    board = taken.boards[0]
    assert (board["source"]["kind"], board["picture"], codes(taken)) == (
        "picture",
        {"width": 600, "height": 800, "drawn": True},
        ["board.no_text"],
    )


# ---- bad input ----


def test_pdf_with_a_password_is_refused_by_name(tmp_path: Path) -> None:
    assert refused(tmp_path, bad_boards.locked()).code == "board.password"


def test_pdf_cut_off_or_damaged_is_refused_by_name(tmp_path: Path) -> None:
    whole = made.table()[0]
    assert refused(tmp_path, whole[:400]).code == "work.cut_off"
    assert refused(tmp_path, b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF\n").code == "media.unreadable"


def test_pdf_of_500_pages_is_refused_with_the_count_and_read_in_parts(tmp_path: Path) -> None:
    body = bad_boards.many_pages()
    no = refused(tmp_path, body)
    assert (no.code, no.facts) == ("board.too_many_pages", {"pages": 500, "limit": 60})
    taken = read(tmp_path, body, first=499, last=500)
    assert (taken.pages, [board["source"]["page"] for board in taken.boards]) == (500, [499, 500])
    assert made.said(taken.boards[1])[0][1] == "Page 500"
    assert refused(tmp_path, body, first=501, last=501).facts == {"page": 501, "pages": 500}


def test_pdf_of_a0_at_600_dpi_is_drawn_at_what_fits(tmp_path: Path) -> None:
    taken = read(tmp_path, made.pdf("#set page(width: 841mm, height: 1189mm)\nA0"), dpi=600)
    picture = taken.boards[0]["picture"]
    assert 149_000_000 < picture["width"] * picture["height"] <= 150_100_000
    assert taken.boards[0]["warnings"] == [{"code": "board.lower_dpi", "facts": {"dpi": 311, "wanted": 600}}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bad_boards.scripted(), "board.javascript"),
        (bad_boards.packed_script(), "board.javascript"),
        (bad_boards.written(bad_boards.TEXT), "board.font_missing"),
        (bad_boards.outlined(), "board.outlines"),
        (made.picture_only()[0], "board.no_text"),
        (made.pixels(), "board.no_text"),
        (bad_boards.with_member("ppt/vbaProject.bin", b"x"), "board.macros"),
    ],
    ids=["javascript", "packed javascript", "fonts", "outlines", "picture in a pdf", "picture", "macros"],
)
def test_board_with_something_a_person_must_know_is_taken_with_a_warning(tmp_path: Path, body: bytes, code: str) -> None:
    assert code in codes(read(tmp_path, body))


def test_pdf_with_javascript_keeps_its_text(tmp_path: Path) -> None:
    assert made.said(read(tmp_path, bad_boards.scripted()).boards[0]) == [("paragraph", "Report it to the desk")]


def test_tiff_of_two_thousand_million_pixels_is_refused_by_its_header(tmp_path: Path) -> None:
    no = refused(tmp_path, bad_boards.huge_tiff())
    assert (no.code, no.facts) == ("work.too_many_pixels", {"width": 50_000, "height": 40_000, "limit": 600_000_000})


@pytest.mark.parametrize(
    ("body", "code", "found"),
    [
        (b"", "work.empty", None),
        (b"<html>hello</html>", "work.kind", "html"),
        (corpus.honest(), "work.kind", "h5"),
        (corpus.zipped(corpus.Entry("word/document.xml", b"<a/>")), "work.kind", "docx"),
        (bad_boards.bomb_slides(), "package.bomb", None),
        (bad_boards.entity_slides(), "media.unreadable", None),
        (bad_boards.with_member("../../evil.xml", b"x"), "package.name", None),
        (made.slides()[0][:9000], "work.cut_off", "zip"),
        (corpus.zipped(corpus.Entry("ppt/presentation.xml", b"not xml")), "media.unreadable", None),
        (bad_boards.old_office(True), "board.password", None),
        (bad_boards.old_office(False), "board.old_office", None),
        (corpus.bomb_png(60_000, 60_000), "work.too_many_pixels", None),
    ],
    ids=[
        "empty",
        "html",
        "h5",
        "docx",
        "zip bomb",
        "entities",
        "escaping name",
        "cut off",
        "no xml",
        "locked pptx",
        "old ppt",
        "png bomb",
    ],
)
def test_file_that_is_no_board_is_refused_by_name(tmp_path: Path, body: bytes, code: str, found: str | None) -> None:
    no = refused(tmp_path, body)
    assert no.code == code
    assert found is None or no.facts["found"] == found
