"""Reported pictures and PDFs through the real jail: pixels stay, everything else goes, and nothing can be scanned from a copy."""

from __future__ import annotations

import base64
import io
import random
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw

from showground.evidence import codes, fingerprint, observables
from showground.evidence.lookalike import NOBODY

from .conftest import Open


def screenshot(seed: int = 1, size: tuple[int, int] = (540, 960)) -> Image.Image:
    """Returns a picture like a phone's screen, different for each seed."""
    chance = random.Random(seed)
    picture = Image.new("RGB", size, "#f2f2f7")
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = chance.randrange(size[0]), chance.randrange(size[1])
        draw.rectangle(
            (left, top, left + chance.randrange(40, 300), top + chance.randrange(20, 200)), fill=f"#{chance.randrange(1 << 24):06x}"
        )
    return picture


def qr(text: str, scale: int = 5) -> Image.Image:
    held = io.BytesIO()
    segno.make(text).save(held, kind="png", scale=scale)
    return Image.open(io.BytesIO(held.getvalue())).convert("RGB")


def with_codes(*texts: str) -> Image.Image:
    picture = screenshot(size=(900, 900))
    for place, text in enumerate(texts):
        picture.paste(qr(text), (40 + 420 * (place % 2), 40 + 420 * (place // 2)))
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **more)
    return held.getvalue()


def pdf(pages: int = 1, *, link: str = "", text: str = "", password: str = "") -> bytes:
    """Returns a PDF of our own with a text on each page and a link area on the first."""
    content = f"BT /F1 24 Tf 40 700 Td ({text}) Tj ET".encode()
    area = f"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 600 800] /A << /S /URI /URI ({link}) >> >>]" if link else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{' '.join(f'{5 + n} 0 R' for n in range(pages))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> {area} >>".encode()
            for _ in range(pages)
        ),
    ]
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32)
        if password
        else b""
    )
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, lock, start,
    )  # fmt: skip
    return bytes(body)


def test_working_copy_has_no_metadata_and_no_place(opened: Open, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A phone of someone"
    exif.get_ifd(0x8825)[1] = "N"
    told = opened(saved(screenshot(), "JPEG", exif=exif, comment=b"at home"))
    [copy] = told["copies"]
    made = tmp_path / "copies" / copy["name"]
    with Image.open(made) as picture:
        assert (picture.format, picture.size, dict(picture.getexif()), set(picture.info)) == ("PNG", (540, 960), {}, set())
    assert b"phone" not in made.read_bytes() and b"home" not in made.read_bytes()
    assert (told["kind"], told["width"], told["height"]) == ("picture", 540, 960)


def test_qr_code_is_told_as_defanged_text_and_covered(opened: Open, tmp_path: Path) -> None:
    picture = with_codes("https://examp1ebank.test/login", "WIFI:S:free;T:nopass;;", "see evil.example now")
    told = opened(saved(picture))
    assert sorted(code["text"] for code in told["codes"]) == [
        "WIFI[:]S:free;T:nopass;;",
        "hxxps://examp1ebank[.]test/login",
        "see evil[.]example now",
    ]
    [link] = [code["link"] for code in told["codes"] if code["link"]]
    assert "host.look_alike" in {flag["code"] for flag in link["flags"]}
    with Image.open(tmp_path / "copies" / told["copies"][0]["name"]) as copy:
        assert copy.size == picture.size
        assert [code.text for code in zxingcpp.read_barcodes(copy)] == []
        assert [code.text for code in zxingcpp.read_barcodes(copy.resize((450, 450)))] == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_qr_code_is_read_from_every_kind_of_picture(opened: Open, kind: str) -> None:
    assert [code["format"] for code in opened(saved(with_codes("https://evil.example/"), kind))["codes"]] == ["QRCode"]


@pytest.mark.parametrize("change", ["small", "turned", "grey", "large"])
def test_qr_code_is_read_from_a_photo(change: str) -> None:
    picture = with_codes("https://evil.example/")
    changed = {
        "small": lambda: picture.resize((380, 380)),
        "turned": lambda: picture.rotate(17, fillcolor="white", expand=True),
        "grey": lambda: picture.convert("L").point(lambda level: 90 + level // 3),
        "large": lambda: picture.resize((4000, 4000)),
    }[change]()
    found, covered = codes.found(changed)
    assert [one["text"] for one in found] == ["hxxps://evil[.]example/"]
    assert not zxingcpp.read_barcodes(covered)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "tel:+441234567",
        "a@evil.example",
        "evil.example/x",
        "x" * 400,
    ],
)
def test_no_code_is_told_as_something_to_click(text: str) -> None:
    [code], _ = codes.found(with_codes(text))
    assert "http" not in code["text"]
    assert code["text"] != text or text == "x" * 400
    assert code["characters"] == len(text)


def test_fingerprint_stays_when_a_picture_is_changed_a_little() -> None:
    picture = screenshot()
    own = fingerprint.of(picture)
    jpeg = Image.open(io.BytesIO(saved(picture, "JPEG", quality=40)))
    cut = picture.crop((8, 14, 532, 946))
    for other in (jpeg, picture.resize((270, 480)), cut):
        assert fingerprint.apart(own, fingerprint.of(other)) <= fingerprint.ALIKE
    assert len(own) == 64


def test_fingerprints_of_other_pictures_are_far_apart() -> None:
    found = [fingerprint.of(screenshot(seed)) for seed in range(12)]
    assert min(fingerprint.apart(one, other) for at, one in enumerate(found) for other in found[:at]) > fingerprint.ALIKE


@pytest.mark.parametrize("colour", ["white", "black", "#808080"])
def test_blank_picture_has_no_fingerprint(colour: str) -> None:
    assert fingerprint.of(Image.new("RGB", (300, 300), colour)) == ""


def test_known_fingerprint_has_not_changed() -> None:
    """Fingerprints are stored: a new way to make them would part old reports from new ones (docs/formats/evidence.md)."""
    picture = Image.new("L", (64, 64))
    picture.putdata([(x * x + 3 * y * x + 7 * y) % 256 for y in range(64) for x in range(64)])
    assert fingerprint.of(picture) == "53a900f4e7e9569ffff8cefac7ad7cf1f400ced9eb90dd605600aa90248056c0"


@pytest.mark.parametrize("broken", ["cut", "noise", "bomb"])
def test_broken_picture_is_named_and_nothing_is_left(opened: Open, tmp_path: Path, broken: str) -> None:
    raw = {
        "cut": saved(screenshot())[:2000],
        "noise": b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000),
        "bomb": saved(Image.new("1", (16_000, 16_000))),
    }[broken]
    told = opened(raw)
    assert (told["opened"], told["why"]["code"]) == (False, "work.too_many_pixels" if broken == "bomb" else "evidence.unreadable")
    assert told["bytes"] == len(raw) and not list((tmp_path / "copies").iterdir())


def test_pdf_is_told_by_pages_words_link_areas_and_codes(opened: Open, tmp_path: Path) -> None:
    told = opened(pdf(7, link="https://examp1ebank.test/a", text="pay at https://evil.example/b"))
    assert (told["kind"], told["pages"], len(told["copies"])) == ("pdf", 7, 5)
    assert {link["url"]: link["via"] for link in told["links"]} == {
        "https://examp1ebank.test/a": "pdf",
        "https://evil.example/b": "text",
    }
    assert told["limits"] == [{"code": "limit.pages", "pages": 7, "shown": 5, "read": 7}]
    for copy in told["copies"]:
        with Image.open(tmp_path / "copies" / copy["name"]) as page:
            assert max(page.size) <= 1600


def test_pdf_code_on_a_page_is_read_and_covered(opened: Open, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(600, 800)
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(pypdfium2.PdfBitmap.from_pil(qr("https://evil.example/pdf")))
    image.set_matrix(pypdfium2.PdfMatrix().scale(300, 300).translate(100, 300))
    page.insert_obj(image)
    page.gen_content()
    held = io.BytesIO()
    document.save(held)
    told = opened(held.getvalue())
    assert [code["text"] for code in told["codes"]] == ["hxxps://evil[.]example/pdf"]
    with Image.open(tmp_path / "copies" / told["copies"][0]["name"]) as copy:
        assert not zxingcpp.read_barcodes(copy)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (pdf(password="x"), "evidence.locked"),
        (b"%PDF-1.7\n" + b"rubbish" * 99, "evidence.unreadable"),
        (pdf()[:300], "evidence.unreadable"),
    ],
)
def test_pdf_that_is_locked_or_broken_is_named(opened: Open, raw: bytes, code: str) -> None:
    told = opened(raw)
    assert (told["opened"], told["why"]["code"]) == (False, code)


# ---- pictures that hang on a mail ----


def _mail_with(*parts: bytes, kind: str = "image/png") -> bytes:
    rows = [
        b"From: a@b.example\r\nSubject: scan me\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nScan the code.\r\n"
    ]
    for number, data in enumerate(parts):
        head = f'--x\r\nContent-Type: {kind}; name="{number}.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        rows.append(head.encode() + base64.encodebytes(data) + b"\r\n")
    return b"".join(rows) + b"--x--\r\n"


def test_a_code_in_a_picture_of_a_mail_is_read_and_is_an_observable(opened: Open) -> None:
    told = opened(_mail_with(saved(with_codes("https://examp1ebank.test/pay"))))
    [mail] = told["mails"]
    assert [code["text"] for code in mail["codes"]] == ["hxxps://examp1ebank[.]test/pay"] and told["copies"] == []
    seen = observables.flat(told, NOBODY)
    assert {"url", "host"} <= {one["type"] for one in seen if one["via"] == "qr"}


def test_a_picture_that_calls_itself_a_text_is_looked_into_and_a_text_that_calls_itself_a_picture_is_not(opened: Open) -> None:
    told = opened(_mail_with(saved(with_codes("https://evil.example/")), kind="application/octet-stream"))
    assert len(told["mails"][0]["codes"]) == 1
    assert opened(_mail_with(b"GIF? no, words"))["mails"][0]["codes"] == []


def test_a_mail_is_read_whatever_its_pictures_are(opened: Open) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    whole = saved(with_codes("https://evil.example/"))
    told = opened(_mail_with(bomb.getvalue(), whole[: len(whole) // 2], b"\x89PNG\r\n\x1a\n" + b"\0" * 99, *[whole] * 3))
    assert told["opened"] and told["mails"][0]["subject"] == "scan me" and len(told["mails"][0]["attachments"]) == 6
    assert {code["text"] for code in told["mails"][0]["codes"]} == {"hxxps://evil[.]example/"}
