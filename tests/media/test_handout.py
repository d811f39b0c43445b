"""What visitors carry away is written anew: the pixels of a picture, the printed pages of a PDF, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from tests.media import bad_boards, made
from tests.media.conftest import Refuses, Run


def test_leaflet_keeps_its_pages_and_text_and_loses_everything_else(run: Run, out: Path) -> None:
    body = made.pdf(
        '#set document(title: "t", author: "Secret Person")\n#set page(width: 105mm, height: 148mm)\n'
        '挂断后拨打96110 #link("https://evil.example/")[press here]\n#pagebreak()\n= Second page'
    )
    told = run("handout", body)
    assert (told["kind"], told["pages"]) == ("pdf", 2)
    assert {one["use"] for one in told["renditions"]} == {"download", "picture", "share"}
    raw = (out / "download.pdf").read_bytes()
    assert b"Secret" not in raw and b"evil.example" not in raw and b"/Annots" not in raw
    with pdfium.PdfDocument(raw) as held:
        texts = [page.get_textpage().get_text_range() for page in held]
        assert "挂断后拨打 96110" in texts[0] and "press here" in texts[0] and "Second page" in texts[1]
        assert [round(side) for side in held[0].get_size()] == [298, 420]


@pytest.mark.parametrize("body", [bad_boards.scripted(), bad_boards.packed_script()])
def test_scripts_of_a_leaflet_do_not_come_along(run: Run, out: Path, body: bytes) -> None:
    run("handout", body)
    raw = (out / "download.pdf").read_bytes()
    assert b"JavaScript" not in raw and b"#61vaScript" not in raw and b"OpenAction" not in raw
    with pdfium.PdfDocument(raw) as held:
        assert "Report it to the desk" in held[0].get_textpage().get_text_range()


def test_poster_keeps_its_size_and_loses_where_it_was_taken(run: Run, out: Path) -> None:
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Home address"
    Image.new("RGB", (2600, 1300), "#b33").save(held, "JPEG", exif=exif)
    told = run("handout", held.getvalue())
    (whole,) = [one for one in told["renditions"] if one["use"] == "download"]
    assert (whole["type"], whole["width"], whole["height"]) == ("image/jpeg", 2600, 1300)
    assert b"Home address" not in (out / "download.jpg").read_bytes()


def test_what_is_no_handout_is_refused_by_name(refused: Refuses) -> None:
    assert refused("handout", b"PK\x03\x04" + bytes(99)).code == "work.kind"
    assert refused("handout", bad_boards.locked()).code == "board.password"
    no = refused("handout", bad_boards.many_pages(61))
    assert (no.code, no.facts["pages"], no.facts["limit"]) == ("handout.pages", 61, 60)
