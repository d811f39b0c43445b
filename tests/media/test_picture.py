from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from showground.rules.refused import Refused

from . import corpus

Run = Callable[..., dict[str, Any]]
Refuses = Callable[..., Refused]


def _opened(out: Path, answer: dict[str, Any], width: int) -> Image.Image:
    name = next(made["name"] for made in answer["renditions"] if made["width"] == width)
    return Image.open(out / name)


def test_picture_larger_than_all_widths_gets_three_webps_and_a_jpeg(run: Run, out: Path) -> None:
    answer = run("picture", corpus.picture(2400, 1600))
    told = [(made["name"], made["use"], made["width"], made["height"]) for made in answer["renditions"]]
    assert told == [
        ("w480.webp", "picture", 480, 320),
        ("w960.webp", "picture", 960, 640),
        ("w1920.webp", "picture", 1920, 1280),
        ("share.jpg", "share", 1200, 800),
    ]
    assert {path.name for path in out.iterdir()} == {made["name"] for made in answer["renditions"]}


def test_picture_renditions_are_measured(run: Run, out: Path) -> None:
    for made in run("picture", corpus.picture())["renditions"]:
        body = (out / made["name"]).read_bytes()
        assert (made["bytes"], made["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize(("width", "widths"), [(100, [100]), (480, [480]), (700, [480, 700]), (1920, [480, 960, 1920])])
def test_picture_is_never_upscaled(run: Run, width: int, widths: list[int]) -> None:
    answer = run("picture", corpus.picture(width, 90))
    assert [made["width"] for made in answer["renditions"] if made["use"] == "picture"] == widths


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF"])
def test_picture_of_every_kind_is_taken(run: Run, kind: str) -> None:
    answer = run("picture", corpus.picture(kind=kind))
    assert (answer["kind"], answer["width"], answer["height"]) == (kind.lower(), 640, 480)


def test_picture_without_a_trace_of_where_it_was_taken(run: Run, out: Path) -> None:
    upload = corpus.located()
    assert upload.count(b"WHEREIWAS") >= 4  # EXIF, XMP, IPTC, comment: the corpus is what it says
    answer = run("picture", upload)
    for made in answer["renditions"]:
        body = (out / made["name"]).read_bytes()
        for trace in (b"WHEREIWAS", b"Exif", b"EXIF", b"xmp", b"XMP", b"Photoshop", b"ICCP"):
            assert trace not in body
        with Image.open(out / made["name"]) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "photoshop", "icc_profile", "comment"} & image.info.keys()


def test_picture_lying_on_its_side_is_turned_upright(run: Run, out: Path) -> None:
    answer = run("picture", corpus.located(640, 480))  # orientation 6: the left side is up
    assert (answer["width"], answer["height"]) == (480, 640)
    image = _opened(out, answer, 480).convert("RGB")
    (top_red, *_), (bottom_red, *_) = image.getpixel((240, 40)), image.getpixel((240, 600))
    assert top_red > 150 > 60 > bottom_red


def test_picture_in_another_colour_space_comes_out_as_srgb(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "cmyk.jpg"
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(path)
    image = _opened(out, run("picture", path), 64)
    red, green, blue = image.convert("RGB").getpixel((32, 32))
    assert image.mode == "RGB"
    assert red > 200
    assert green < 80 > blue


def test_picture_of_sixteen_bits_keeps_its_greys(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "grey.png"
    Image.new("I;16", (64, 64), 0x8000).save(path)
    level = _opened(out, run("picture", path), 64).convert("L").getpixel((1, 1))
    assert 120 < level < 136


def test_picture_with_transparency_keeps_it_and_shares_on_white(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "clear.png"
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(path)
    run("picture", path)
    assert Image.open(out / "w64.webp").getpixel((1, 1))[3] == 0
    assert min(Image.open(out / "share.jpg").getpixel((1, 1))) > 250


def test_picture_that_moves_is_shown_by_its_first_frame(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    frames = [Image.new("RGB", (32, 32), color) for color in ("#ff0000", "#00ff00", "#0000ff")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    answer = run("picture", path)
    assert answer["frames"] == 3
    assert answer["color"] == "#ff0000"


def test_picture_with_too_many_frames_is_refused(refused: Refuses, tmp_path: Path) -> None:
    path = tmp_path / "endless.gif"
    frames = [Image.new("RGB", (4, 4), (index % 256, index // 256, 0)) for index in range(301)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert refused("picture", path).code == "work.too_many_frames"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_picture_cut_off_in_the_middle_is_refused(refused: Refuses, tmp_path: Path, kind: str) -> None:
    noise = tmp_path / "noise"
    Image.effect_noise((200, 200), 90).save(noise, kind)
    whole = noise.read_bytes()
    no = refused("picture", whole[: len(whole) * 6 // 10])
    assert (no.code, no.facts) == ("work.cut_off", {"found": kind.lower()})


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (16_385, 10), (2**31 - 1, 2**31 - 1), (8_000, 7_000)])
def test_picture_with_huge_sides_is_refused_before_decoding(refused: Refuses, width: int, height: int) -> None:
    assert refused("picture", corpus.bomb_png(width, height)).code == "work.too_many_pixels"


def test_picture_full_of_rubbish_after_its_magic_is_unreadable(refused: Refuses) -> None:
    no = refused("picture", b"\xff\xd8\xff\xe0" + b"\x55" * 5000 + b"\xff\xd9")
    assert no.code == "media.unreadable"


def test_picture_that_is_also_a_web_page_leaves_only_pixels(run: Run, out: Path) -> None:
    run("picture", corpus.picture() + b"<html><script>alert(1)</script></html>PK\x03\x04")
    for path in out.iterdir():
        assert b"script" not in path.read_bytes()


def test_picture_taller_than_webp_can_hold_is_fitted(run: Run) -> None:
    answer = run("picture", corpus.picture(300, 16_384, kind="PNG"))
    assert answer["height"] == 16_384
    assert max(made["height"] for made in answer["renditions"]) <= 16_383
