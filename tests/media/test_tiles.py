"""Tiles and renditions of a board's picture: what the image standard asks of level 0, and decoders that stay shut."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from showground.media import board_pdf, easel, tiles, walls
from showground.media import jail as jails
from showground.media.jail import best_available
from showground.rules.refused import Refused

from . import bad_boards, corpus, made

GRID = Path(__file__).resolve().parents[3] / "shared/data/iiif/67352ccc-d1b0-11e1-89ae-279075081939.png"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def draw(out: Path, body: bytes, **options: int) -> dict[str, Any]:
    return easel.draw(best_available(), made.write(out.parent, "upload", body), out, **options)


def refused(out: Path, body: bytes, **options: int) -> Refused:
    with pytest.raises(Refused) as no:
        draw(out, body, **options)
    assert not list(out.iterdir())
    return no.value


def info(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "tiles/info.json").read_text(encoding="utf-8")))


def near(one: Any, other: Any) -> bool:
    return all(abs(a - b) < 6 for a, b in zip(one[:3], other[:3], strict=True))


def test_tiles_of_the_official_picture_pass_the_five_tests_of_level_0(out: Path) -> None:
    """The tests that the image standard's validator runs at level 0 of 3.0: format_jpg, id_basic, id_squares, info_json, size_nofull."""
    if not GRID.is_file():
        pytest.skip("the official test picture is not beside the project (shared/data/iiif)")
    draw(out, GRID.read_bytes())
    original = Image.open(GRID).convert("RGB")
    with Image.open(out / "tiles/full/max/0/default.jpg") as whole:
        assert (whole.format, whole.size) == ("JPEG", (1000, 1000))
        assert all(near(whole.getpixel(spot), original.getpixel(spot)) for spot in _middles())
    told = info(out)
    assert (told["@context"], told["type"], told["protocol"], told["profile"]) == (
        "http://iiif.io/api/image/3/context.json",
        "ImageService3",
        "http://iiif.io/api/image",
        "level0",
    )
    assert (told["width"], told["height"], told["sizes"][-1]) == (1000, 1000, {"width": 1000, "height": 1000})
    assert not (out / "tiles/full/full").exists()
    with Image.open(out / "tiles/512,512,488,488/488,488/0/default.jpg") as tile:
        assert all(near(tile.getpixel((x - 512, y - 512)), original.getpixel((x, y))) for x, y in _middles() if min(x, y) > 512)


def _middles() -> list[tuple[int, int]]:
    return [(x + 50, y + 50) for x in range(0, 1000, 100) for y in range(0, 1000, 100)]


def test_picture_larger_than_4096_is_whole_in_2400_and_says_so(out: Path) -> None:
    draw(out, made.pixels(4200, 3000, "JPEG"))
    told = info(out)
    assert (told["width"], told["maxWidth"], told["maxHeight"], told["sizes"][-1]) == (
        4200,
        2400,
        1714,
        {"width": 2400, "height": 1714},
    )
    with Image.open(out / "tiles/full/max/0/default.jpg") as whole:
        assert whole.size == (2400, 1714)


def test_picture_between_2400_and_4096_is_whole_in_its_full_size(out: Path) -> None:
    draw(out, made.pixels(2700, 1100, "PNG"))
    told = info(out)
    assert "maxWidth" not in told
    with Image.open(out / "tiles/full/max/0/default.jpg") as whole:
        assert whole.size == (2700, 1100)
        assert near(whole.getpixel((700, 200)), (0xB3, 0x26, 0x1E))
        assert near(whole.getpixel((2000, 1000)), Image.open(io.BytesIO(made.pixels(2700, 1100))).getpixel((2000, 1000)))


def test_renditions_come_in_three_formats_and_never_wider_than_the_picture(out: Path) -> None:
    answer = draw(out, made.pixels(1000, 700, "JPEG"))
    told = {(one["name"], one["type"], one["width"], one["height"]) for one in answer["renditions"]}
    sizes = ((480, 336), (960, 672), (1000, 700))
    kinds = (("webp", "image/webp"), ("avif", "image/avif"), ("jpg", "image/jpeg"))
    phone = {(f"w{wide}.webp", "image/webp", wide, high) for wide, high in ((360, 252), (720, 504))}  # for pages only
    phone |= {("w640.avif", "image/avif", 640, 448)}
    assert told == phone | {(f"w{wide}.{end}", kind, wide, high) for wide, high in sizes for end, kind in kinds}
    for one in answer["renditions"]:
        with Image.open(out / one["name"]) as image:
            assert image.size == (one["width"], one["height"])


def test_one_page_of_a_pdf_is_drawn_at_the_asked_resolution(out: Path) -> None:
    body = made.pdf('#set page(width: 200mm, height: 100mm)\nfirst #pagebreak() #page(fill: rgb("#123456"))[]')
    answer = draw(out, body, page=2, dpi=150)
    assert (answer["width"], answer["height"], answer["color"]) == (1181, 591, "#123456")
    assert refused_page(out.parent, body).code == "board.no_page"


def test_pages_of_one_run_are_what_each_is_alone(out: Path) -> None:
    source = made.write(out.parent, "upload", bad_boards.many_pages(3))
    drawn = easel.draw_run(best_available(), source, out, page=2, last=9, dpi=150, kept_only=1)
    assert list(drawn) == [2, 3]
    for number, one in drawn.items():
        alone = out.parent / f"alone{number}"
        alone.mkdir()
        told = easel.draw(best_available(), source, alone, page=number, dpi=150, kept_only=1)
        assert {made["sha256"] for made in one.made["renditions"]} == {made["sha256"] for made in told["renditions"]}
        assert (one.made["width"], one.made["color"]) == (told["width"], told["color"])
        assert files(one.tiles) == files(alone / "tiles")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_run_draws_as_many_pixels_as_one_page_may_have(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = made.write(out.parent, "upload", bad_boards.many_pages(4))
    monkeypatch.setattr(board_pdf, "PIXELS", 2_100_000)  # four pages of 709 x 709 pixels would be 2,010,724, at 300 dots an inch
    with board_pdf.opened(source) as document:
        assert [one["page"] for one in tiles._run(document, range(1, 5), 300, out, ("jpg",))] == [1, 2, 3, 4]
        monkeypatch.setattr(board_pdf, "PIXELS", 1_100_000)
        again = out / "again"
        again.mkdir()
        assert [one["page"] for one in tiles._run(document, range(2, 5), 300, again, ("jpg",))] == [2, 3]


def test_a_page_that_is_too_much_stops_none_before_it(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "#set page(width: 80mm, height: 80mm, margin: 0mm)\n#set text(size: 3pt)\n"
    source = made.write(out.parent, "upload", made.pdf(f"{page}one #pagebreak() two #pagebreak() #lorem(900)"))
    monkeypatch.setitem(jails.LIMITS, "tiles", replace(jails.LIMITS["tiles"], file=60_000))
    assert list(easel.draw_run(best_available(), source, out, page=1, last=3, kept_only=1)) == [1, 2]
    with pytest.raises(Refused):
        easel.draw_run(best_available(), source, out, page=3, last=3, kept_only=1)


def refused_page(folder: Path, body: bytes) -> Refused:
    (folder / "other").mkdir()
    return refused(folder / "other", body, page=3)


def test_picture_lying_on_its_side_is_tiled_upright(out: Path) -> None:
    answer = draw(out, corpus.located(640, 480))
    assert (answer["width"], answer["height"]) == (480, 640)
    red, _, blue = Image.open(out / "w480.jpg").getpixel((240, 40))
    assert red > 150 > 60 > blue


def test_nothing_of_the_original_s_metadata_is_left(out: Path) -> None:
    draw(out, corpus.located(640, 480))
    for path in out.rglob("*.*"):
        body = path.read_bytes()
        assert not any(trace in body for trace in (b"WHEREIWAS", b"Exif", b"http://ns.adobe.com")), path.name


def test_picture_with_transparency_stands_on_white(out: Path) -> None:
    held = io.BytesIO()
    Image.new("RGBA", (300, 300), (255, 0, 0, 0)).save(held, "PNG")
    assert draw(out, held.getvalue())["color"] == "#ffffff"


def test_picture_of_four_printing_colours_comes_out_in_srgb(out: Path) -> None:
    held = io.BytesIO()
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(held, "JPEG")
    draw(out, held.getvalue())
    with Image.open(out / "w64.jpg") as image:
        red, green, blue = image.getpixel((32, 32))
        assert (image.mode, red > 180, green < 90, blue < 90) == ("RGB", True, True, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bad_boards.huge_tiff(), "work.too_many_pixels"),
        (corpus.bomb_png(70_000, 100), "work.too_many_pixels"),
        (made.pixels(900, 900, "JPEG")[:2000], "work.cut_off"),
        (made.pixels(900, 900)[:3000], "work.cut_off"),
        (bad_boards.locked(), "board.password"),
    ],
    ids=["2-gigapixel tiff", "wide png", "cut jpeg", "cut png", "locked pdf"],
)
def test_picture_that_cannot_be_tiled_is_refused_by_name(out: Path, body: bytes, code: str) -> None:
    assert refused(out, body).code == code


def test_no_other_decoder_of_libvips_can_be_reached(tmp_path: Path) -> None:
    """A file with a harmless name and the first bytes of another kind: libvips itself must have no decoder for it."""
    (tmp_path / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    (tmp_path / "x.ppm").write_bytes(b"P6 1 1 255 abc")
    (tmp_path / "x.gif").write_bytes(corpus.picture(8, 8, "GIF"))
    (tmp_path / "x.png").write_bytes(made.pixels(9, 9))
    code = textwrap.dedent("""
        import sys, pyvips
        from showground.media import tiles
        tiles._guard()
        for name in sys.argv[1:]:
            try:
                print(pyvips.Image.new_from_file(name).width)
            except pyvips.Error as no:
                print("blocked" if "block" in str(no) or "not a known file format" in str(no) else no)
    """)
    names = [str(tmp_path / f"x.{end}") for end in ("svg", "ppm", "gif", "png")]
    told = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, cwd=walls.PACKAGE.parent)
    assert told.stdout.split("\n")[:4] == ["blocked", "blocked", "blocked", "9"], told.stderr


@pytest.mark.drill
def test_a0_at_600_dpi_as_a_picture_is_tiled_within_its_limits(tmp_path: Path, out: Path) -> None:
    code = f"import pyvips; pyvips.Image.black(19866, 28087, bands=3).jpegsave({str(tmp_path / 'a0.jpg')!r}, Q=50)"
    subprocess.run([sys.executable, "-c", code], check=True)
    answer = easel.draw(best_available(), tmp_path / "a0.jpg", out)
    assert (answer["width"], answer["height"]) == (19866, 28087)
    assert answer["tiles"] > 2000
    assert os.path.getsize(out / "tiles/full/max/0/default.jpg") > 0
