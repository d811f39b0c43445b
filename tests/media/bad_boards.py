"""Boards that nobody should trust, written by hand so that every test can see what is wrong with its file."""

from __future__ import annotations

import io
import struct
import zipfile

from . import corpus, made

PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"


def written(
    content: str, *, root: str = "", page: str = "", font: str = "Helvetica", encrypt: str = "", more: tuple[str, ...] = ()
) -> bytes:
    """Returns a PDF of one page with a content stream, and whatever else its catalogue says."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{root}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE % page,
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type1/BaseFont/{font}>>",
        *more,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{text}endobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R{encrypt}>>\n"
    return body + end.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()


TEXT = "BT /F 20 Tf 50 700 Td (Report it to the desk) Tj ET"


def locked() -> bytes:
    """A PDF that opens with a password only (standard security handler, revision 2; the password's proof is no one's)."""
    proof = "41" * 32
    handler = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{proof}>/U<{proof}>/P -4>>/ID[<{'00' * 16}><{'00' * 16}>]"
    return written(TEXT, encrypt=handler)


def scripted() -> bytes:
    return written(TEXT, root="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def packed_script() -> bytes:
    """JavaScript in the document's name tree, its name written so that a search of the bytes does not find it."""
    return written(
        TEXT,
        root="/Names<</JavaScript<</Names[(a) 6 0 R]>>>>".replace("/JavaScript", "/J#61vaScript"),
        more=("<</S/J#61vaScript/J#53(1)>>",),
    )


def outlined() -> bytes:
    """Letters that are shapes: many closed paths and no text at all."""
    shapes = "".join(f"{50 + 7 * (n % 60)} {700 - 12 * (n // 60)} m 5 0 l 3 9 l h f\n" for n in range(400))
    return written(shapes)


def many_pages(count: int = 500) -> bytes:
    return made.pdf(f"#set page(width: 60mm, height: 60mm)\n#for n in range({count}) [Page #(n + 1) #pagebreak(weak: true)]")


def huge_tiff(width: int = 50_000, height: int = 40_000) -> bytes:
    """A TIFF whose header claims two thousand million pixels."""
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 1),
        (279, 4, 1, width),
    ]
    return (
        b"II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<H", len(tags))
        + b"".join(struct.pack("<HHII", *tag) for tag in tags)
        + bytes(4)
    )


def with_member(name: str, body: bytes) -> bytes:
    """The slides of the tests with one more file in their zip."""
    held = io.BytesIO(made.slides()[0])
    with zipfile.ZipFile(held, "a") as deck:
        deck.writestr(name, body)
    return held.getvalue()


def bomb_slides() -> bytes:
    slide = corpus.Entry("ppt/slides/slide1.xml", b" " * (40 << 20))
    return corpus.zipped(corpus.Entry("ppt/presentation.xml", b"<a/>"), slide)


def entity_slides() -> bytes:
    """A presentation whose XML asks for a file of the machine and for ten thousand million letters."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    evil = f'<?xml version="1.0"?><!DOCTYPE p [{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    held, whole = io.BytesIO(), zipfile.ZipFile(io.BytesIO(made.slides()[0]))
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as deck:
        for name in whole.namelist():
            body = whole.read(name)
            if name == "ppt/slides/slide1.xml":
                text = body.decode()
                start = text.index("?>") + 2
                body = (evil + text[start:].replace("识别钓鱼短信", "&f;&e9;")).encode()
            deck.writestr(name, body)
    return held.getvalue()


def old_office(locked: bool) -> bytes:
    inside = "EncryptedPackage" if locked else "PowerPoint Document"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + inside.encode("utf-16-le") + bytes(3000)
