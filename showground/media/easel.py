"""Boards from a file, outside the jail: the tool is run in it, and what it says is believed only after a look."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from showground.media import board, boards, harvest, ocr
from showground.media.jail import Jail
from showground.rules.refused import Refused

_MOST = 400 << 20


@dataclass(frozen=True)
class Taken:
    """What a file held: its kind ("pdf", "pptx" or a picture's), all its pages, and a board for each page that was read."""

    kind: str
    pages: int
    boards: list[boards.Board]


def read(jail: Jail, source: Path, **options: int) -> Taken:
    """Returns the boards of a file (`first`, `last`: pages; `most`: so many of them now; `dpi`), or raises Refused."""
    with tempfile.TemporaryDirectory() as folder:
        answer = jail.run("board", source, Path(folder), options)
        return _taken(answer, Path(folder) / board.FILE, harvest.sha256(source))


def _taken(answer: Mapping[str, Any], file: Path, sha256: str) -> Taken:
    if not file.is_file() or file.stat().st_size > _MOST:
        raise Refused("media.unreadable", tool="board", ended="strange")
    found = boards.read(file)
    if any(one["source"]["sha256"] != sha256 for one in found) or len(found) != answer.get("boards"):
        raise Refused("media.unreadable", tool="board", ended="strange")
    return Taken(str(answer["kind"]), int(answer["pages"]), found)


def recognised(jail: Jail, source: Path, taken: Taken) -> Taken:
    """Returns the boards with a draft of the text for those that are only pictures, as far as text recognition is installed."""
    return Taken(taken.kind, taken.pages, [recognise(jail, source, one) if unread(one) else one for one in taken.boards])


def can_recognise() -> bool:
    """Tells whether text recognition is installed."""
    return ocr.available()


def unread(one: boards.Board) -> bool:
    """Tells whether a board has a picture, and nothing to read but what its picture shows."""
    return bool(one["picture"]["drawn"]) and not any(boards.plain(block).strip() for block in one["blocks"])


def recognise(jail: Jail, source: Path, one: boards.Board) -> boards.Board:
    """Returns a board with what a machine reads off its picture, each block marked so; a warning says how it went."""
    kept = [told for told in one["warnings"] if told["code"] not in {"board.ocr", "board.no_ocr", "board.ocr_failed"}]
    try:
        blocks, answer = _recognised(jail, source, one)
    except Refused as no:
        code = "board.no_ocr" if no.code == "board.no_ocr" else "board.ocr_failed"
        return {**one, "warnings": [*kept, boards.warning(code)]}
    if not blocks:
        return {**one, "warnings": [*kept, boards.warning("board.ocr", lines=0, sure=0)]}
    told = boards.warning("board.ocr", lines=int(answer["lines"]), sure=int(answer["sure"]))
    made = {**one, "title": one["title"] or board.titled(blocks), "blocks": [*one["blocks"], *blocks], "warnings": [*kept, told]}
    return boards.checked(made)


def _recognised(jail: Jail, source: Path, one: boards.Board) -> tuple[list[boards.Block], dict[str, Any]]:
    if not ocr.available():
        raise Refused("board.no_ocr")
    wanted = {"page": one["source"]["page"], "width": one["picture"]["width"], "height": one["picture"]["height"]}
    with tempfile.TemporaryDirectory() as folder:
        answer = jail.run("ocr", source, Path(folder), wanted)
        file = Path(folder) / ocr.FILE
        if not file.is_file() or file.stat().st_size > boards.BYTES:
            raise Refused("media.unreadable", tool="ocr", ended="strange")
        blocks = json.loads(file.read_bytes())
    used = [int(block["id"][1:]) for block in one["blocks"]]
    return [{**block, "id": f"b{number}", "by": "ocr"} for number, block in enumerate(blocks, max(used, default=0) + 1)], answer


def draw(jail: Jail, source: Path, out: Path, **options: int) -> dict[str, Any]:
    """Leaves the tiles (`out`/tiles) and renditions of a picture or of one page (`page`, `dpi`) in `out`; returns what was made."""
    return jail.run("tiles", source, out, options)


@dataclass(frozen=True)
class Drawn:
    """What was made of one page: its facts with its renditions, files of `home`, and the folder of its tiles."""

    made: dict[str, Any]
    home: Path
    tiles: Path


def draw_run(jail: Jail, source: Path, out: Path, *, page: int, last: int, **options: int) -> dict[int, Drawn]:
    """Leaves the tiles and renditions of pages from `page` on in `out`, as many up to `last` as one run draws; at least one.

    Where something in a run is refused its first half is tried, in the end the first page alone: a broken page stops none before it.
    """
    while last > page:
        try:
            return _run(jail.run("tiles", source, out, {**options, "page": page, "last": last}), out, page, last)
        except Refused:
            last = (page + last) // 2
    return {page: Drawn(draw(jail, source, out, page=page, **options), out, out / "tiles")}


def _run(answer: Mapping[str, Any], out: Path, page: int, last: int) -> dict[int, Drawn]:
    found = {int(one["page"]): dict(one) for one in answer.get("pages", ())}
    if list(found) != list(range(page, page + len(found))) or not 1 <= len(found) <= last - page + 1:
        raise Refused("media.unreadable", tool="tiles", ended="strange")
    for number, one in found.items():
        one["renditions"] = [made for made in answer["renditions"] if made.get("page") == number]
    return {number: Drawn(one, out, out / f"p{number}" / "tiles") for number, one in found.items()}


def paired(text: Taken, printed: Taken) -> list[boards.Board]:
    """Returns the boards of a PPTX on the pages of its PDF; a slide without a page stays without a picture."""
    pages = {one["source"]["page"]: one for one in printed.boards}
    placed = [boards.placed_on(one, pages[one["source"]["page"]]) if one["source"]["page"] in pages else one for one in text.boards]
    if text.pages != printed.pages:
        told = boards.warning("board.other_pages", slides=text.pages, pages=printed.pages)
        placed = [{**one, "warnings": [*one["warnings"], told]} for one in placed]
    return placed
