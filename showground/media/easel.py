"""Boards from a file, outside the jail: the tool is run in it, and what it says is believed only after a look."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from showground.media import board, boards, harvest
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
    """Returns the boards of a file (`first`, `last`: pages; `dpi`), or raises Refused; nothing is left on the disk."""
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


def draw(jail: Jail, source: Path, out: Path, **options: int) -> dict[str, Any]:
    """Leaves the tiles (`out`/tiles) and renditions of a picture or of one page (`page`, `dpi`) in `out`; returns what was made."""
    return jail.run("tiles", source, out, options)


def paired(text: Taken, printed: Taken) -> list[boards.Board]:
    """Returns the boards of a PPTX on the pages of its PDF; a slide without a page stays without a picture."""
    pages = {one["source"]["page"]: one for one in printed.boards}
    placed = [boards.placed_on(one, pages[one["source"]["page"]]) if one["source"]["page"] in pages else one for one in text.boards]
    if text.pages != printed.pages:
        told = boards.warning("board.other_pages", slides=text.pages, pages=printed.pages)
        placed = [{**one, "warnings": [*one["warnings"], told]} for one in placed]
    return placed
