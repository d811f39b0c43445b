"""Reads boards: each page of a PDF, each slide of a PPTX, or one picture becomes a document of what it says and where."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# The tools for each kind are fetched where they are needed: a jail starts anew for every file.
from showground.media import boards, script, sniff
from showground.media.layout import Piece
from showground.rules.refused import Refused

DPI = 300
PAGES = 60  # RULE boards: pages read in one run; more are asked for by number
FILE = "boards.jsonl"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `out`/boards.jsonl, a board a line, for the pages `first` to `last` (all by default)."""
    kind = check(source)
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if kind == "pdf":
        pages, found = _from_pdf(source, sha256, options)
    elif kind == "zip":
        from showground.media import board_pptx

        kind = "pptx"
        pages, found = board_pptx.read(source, sha256, lambda pages: asked(options, pages))
    else:
        pages, found = 1, [_from_picture(source, kind, sha256)]
    boards.write(out / FILE, found)
    return {"kind": kind, "pages": pages, "boards": len(found), "file": FILE}


def check(source: Path) -> str:
    """Returns the kind of a print file by its first bytes, or refuses what is none, naming what Office wrote; decodes nothing."""
    _check_office(source)
    return sniff.check(source, "board")


def _check_office(source: Path) -> None:
    """Names the two things that Office's older container holds: a presentation locked with a password, or one of before 2007."""
    with source.open("rb") as file:
        head = file.read(sniff.HEAD)
        if sniff.kind_of(head) == "office":
            inside = head + file.read(1 << 20)
            raise Refused("board.password" if _LOCKED in inside else "board.old_office")


def asked(options: Mapping[str, Any], pages: int) -> range:
    """Returns the numbers of the pages to read; raises board.too_many_pages or board.no_page."""
    first, last = int(options.get("first", 1)), int(options.get("last") or pages)
    if "most" in options and 1 <= first <= pages and last <= pages:  # a part: the rest is asked for by and by
        last = min(last, first + min(PAGES, int(options["most"])) - 1)
    if not 1 <= first <= last <= pages:
        raise Refused("board.no_page", page=first if first > pages or first < 1 else last, pages=pages)
    if last - first >= PAGES:
        raise Refused("board.too_many_pages", pages=last - first + 1, limit=PAGES)
    return range(first, last + 1)


def _from_pdf(source: Path, sha256: str, options: Mapping[str, Any]) -> tuple[int, list[boards.Board]]:
    from showground.media import board_pdf

    with board_pdf.opened(source) as document:
        pages = len(document)
        wanted = asked(options, pages)
        told = board_pdf.warnings(source, document)
        dpi = int(options.get("dpi", DPI))
        return pages, [_page(document, number, dpi, told, sha256, pages) for number in wanted]


def _page(document: Any, number: int, dpi: int, told: Sequence[dict[str, Any]], sha256: str, pages: int) -> boards.Board:
    from showground.media import board_pdf

    page = board_pdf.page_of(document, number)
    seen = board_pdf.read(page)
    sharp = board_pdf.dpi_for(page, dpi)
    width, height = board_pdf.pixels(page, sharp)
    more = [boards.warning("board.lower_dpi", dpi=int(sharp), wanted=dpi)] if int(sharp) < dpi else []
    blocks = blocked(board_pdf.pieces(seen), (width / seen.width, height / seen.height), width, height)
    page.close()
    return {
        **bare("pdf", number, pages, sha256, width, height, drawn=True),
        "title": titled(blocks),
        "blocks": blocks,
        "warnings": [*told, *board_pdf.page_warnings(seen), *more],
    }


def _from_picture(source: Path, kind: str, sha256: str) -> boards.Board:
    from showground.media import tiles

    width, height = tiles.size_of(source, kind)
    return {**bare("picture", 1, 1, sha256, width, height, drawn=True), "warnings": [boards.warning("board.no_text")]}


def bare(kind: str, number: int, pages: int, sha256: str, width: int, height: int, *, drawn: bool) -> boards.Board:
    """Returns a board with nothing on it yet; `drawn` says whether its picture can be made from the file."""
    return {
        "v": boards.VERSION,
        "type": "board",
        "title": {},
        "alt": {},
        "notes": {},
        "picture": {"width": width, "height": height, "drawn": drawn},
        "source": {"kind": kind, "page": number, "pages": pages, "sha256": sha256},
        "blocks": [],
        "warnings": [],
    }


def blocked(pieces: Sequence[Piece], scale: tuple[float, float], width: int, height: int) -> list[boards.Block]:
    """Returns pieces as blocks of a board, their places in pixels of its picture."""
    if len(pieces) > boards.BLOCKS:
        raise Refused("board.too_much", what="paragraphs", found=len(pieces), limit=boards.BLOCKS)
    usual = script.language(" ".join(piece.text for piece in pieces))
    return [_block(number, piece, scale, width, height, usual) for number, piece in enumerate(pieces, 1)]


def _block(number: int, piece: Piece, scale: tuple[float, float], width: int, height: int, usual: str) -> boards.Block:
    block: boards.Block = {"id": f"b{number}", "kind": piece.kind}
    if piece.table:
        rows = [[boards.clean(cell)[: boards.TEXT] for cell in row] for row in piece.table.rows]
        block["lang"] = script.language(" ".join(cell for row in rows for cell in row), usual)
        block |= {"rows": {block["lang"]: rows}, "heads": piece.table.heads}
    else:
        text = boards.clean(piece.text)[: boards.TEXT]
        block["lang"] = script.language(text, usual)
        block["text"] = {block["lang"]: text}
    if piece.mark:
        block["mark"] = boards.clean(piece.mark)[:12]
    if piece.vertical:
        block["writing"] = "vertical"
    if script.backwards(piece.text):
        block["dir"] = "rtl"
    left, top, right, bottom = piece.box
    if right > left and bottom > top:
        edges = left * scale[0], top * scale[1], right * scale[0], bottom * scale[1]
        block["box"] = boards.fitted(edges, width, height)
    return block


def titled(blocks: Sequence[boards.Block]) -> dict[str, str]:
    """Returns the board's title by language: the first of its largest headings in each; {} if it has none."""
    for kind in ("heading1", "heading2", "heading3"):
        heads = [block for block in blocks if block["kind"] == kind]
        if heads:
            return {block["lang"]: block["text"][block["lang"]] for block in reversed(heads)}
    return {}
