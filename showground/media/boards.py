"""What a board says: the document that pages, manifests, printed copies and hashes are made from; docs/formats/board.md."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from showground.rules.records import canonical
from showground.rules.refused import Refused

Board = dict[str, Any]
Block = dict[str, Any]

VERSION: Final = 1
KINDS: Final = ("heading1", "heading2", "heading3", "paragraph", "list_item", "table", "caption", "picture")
SOURCES: Final = ("pdf", "pptx", "picture")
# RULE boards: blocks on one board, characters in one text, bytes of one document, cells of one table.
BLOCKS, TEXT, BYTES, CELLS = 2_000, 20_000, 2 << 20, 5_000
_LANG = re.compile(r"[a-z]{2,3}\Z")
_ID = re.compile(r"b[1-9][0-9]{0,4}\Z")
_CODE = re.compile(r"board\.[a-z_]+\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
# Forms of letters that fonts hide behind other code points: Kangxi radicals, ligatures, Arabic presentation forms.
_FORMS = re.compile(r"[\u2e80-\u2fdf\ufb00-\ufdff\ufe70-\ufeff]")


def clean(text: str) -> str:
    """Returns the text in NFC with plain letters, without control characters, and with single spaces."""
    plain = _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
    kept = "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in plain)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def encoded(board: Board) -> bytes:
    """Returns the one byte form of a checked board: canonical JSON as in docs/formats/records.md."""
    return canonical(checked(board))


def sha256(board: Board) -> str:
    """Returns the lower-case hex SHA-256 of a board's bytes: what the ledger says was shown."""
    return hashlib.sha256(encoded(board)).hexdigest()


def mark(part: object) -> str:
    """Returns a short mark of a part of a board, by which a page tells whether somebody changed it meanwhile."""
    return hashlib.sha256(json.dumps(part, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def write(path: Path, boards: Iterable[Board]) -> int:
    """Writes a board a line and returns how many."""
    lines = [encoded(board) + b"\n" for board in boards]
    path.write_bytes(b"".join(lines))
    return len(lines)


def read(path: Path) -> list[Board]:
    """Returns the boards of a file, each checked; raises board.document with what is wrong."""
    with path.open("rb") as file:
        return [decoded(line) for line in file]


def decoded(line: bytes) -> Board:
    """Returns the board in one line, or raises board.document."""
    if len(line) > BYTES:
        raise _wrong("bytes")
    try:
        return checked(json.loads(line))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _wrong("json")


def checked(board: object) -> Board:
    """Returns the board unchanged if it has the shape of docs/formats/board.md; raises board.document with the place."""
    if not isinstance(board, dict) or board.get("v") != VERSION or board.get("type") != "board":
        raise _wrong("type")
    for name, good in _PARTS.items():
        if not good(board.get(name)):
            raise _wrong(name)
    if board.keys() != {"v", "type", *_PARTS}:
        raise _wrong("fields")
    width, height = board["picture"]["width"], board["picture"]["height"]
    seen: set[str] = set()
    for block in board["blocks"]:
        _check_block(block, width, height)
        if block["id"] in seen:
            raise _wrong(block["id"])
        seen.add(block["id"])
    return board


def _wrong(place: str) -> Refused:
    return Refused("board.document", place=place)


def _number(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _texts(value: object) -> bool:
    """Tells whether a value is {language: text}."""
    return isinstance(value, dict) and all(
        _LANG.match(str(lang)) and isinstance(text, str) and len(text) <= TEXT for lang, text in value.items()
    )


def _rows(value: object) -> bool:
    """Tells whether a value is {language: rows}, all rows of a table as long as its first."""
    if not isinstance(value, dict) or not value:
        return False
    return all(_LANG.match(str(lang)) and isinstance(rows, list) and _even(rows) for lang, rows in value.items())


def _even(rows: Sequence[object]) -> bool:
    lists = [row for row in rows if isinstance(row, list) and all(isinstance(cell, str) and len(cell) <= TEXT for cell in row)]
    return bool(rows) and len(lists) == len(rows) and len({len(row) for row in lists}) == 1 and len(rows) * len(lists[0]) <= CELLS


def _picture(value: object) -> bool:
    side = _number(1, 1_000_000)
    return (
        isinstance(value, dict)
        and value.keys() == {"width", "height", "drawn"}
        and side(value["width"])
        and side(value["height"])
        and isinstance(value["drawn"], bool)
    )


def _source(value: object) -> bool:
    page = _number(1, 100_000)
    return (
        isinstance(value, dict)
        and value.keys() == {"kind", "page", "pages", "sha256"}
        and value["kind"] in SOURCES
        and page(value["page"])
        and page(value["pages"])
        and bool(_SHA256.match(str(value["sha256"])))
    )


def _warnings(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and one.keys() == {"code", "facts"}
        and bool(_CODE.match(str(one["code"])))
        and isinstance(one["facts"], dict)
        and all(isinstance(fact, (str, int)) for fact in one["facts"].values())
        for one in value
    )


_PARTS: Mapping[str, Callable[[object], bool]] = {
    "title": _texts,
    "alt": _texts,
    "notes": _texts,
    "picture": _picture,
    "source": _source,
    "warnings": _warnings,
    "blocks": lambda value: isinstance(value, list) and len(value) <= BLOCKS,
}
_MUST, _MAY = {"id", "kind", "lang"}, {"text", "rows", "heads", "box", "mark", "dir", "writing", "by"}


def _check_block(block: object, width: int, height: int) -> None:
    """Raises board.document with the block's id if a field is missing, unknown or out of the picture."""
    if not isinstance(block, dict):
        raise _wrong("blocks")
    name = str(block.get("id"))
    good = [
        bool(_ID.match(name)),
        block.get("kind") in KINDS,
        bool(_LANG.match(str(block.get("lang")))),
        block.keys() >= _MUST and block.keys() <= _MUST | _MAY,
        _rows(block.get("rows")) and "text" not in block if block.get("kind") == "table" else _texts(block.get("text")),
        "box" not in block or inside(block["box"], width, height),
        _number(0, CELLS)(block.get("heads", 0)),
        isinstance(block.get("mark", ""), str) and len(block.get("mark", "")) <= 12,
        block.get("dir", "rtl") == "rtl" and block.get("writing", "vertical") == "vertical",
        block.get("by", "person") in {"ocr", "person"},
    ]
    if not all(good):
        raise _wrong(name)


def inside(box: object, width: int, height: int) -> bool:
    """Tells whether a value is [x, y, w, h] in whole pixels of the picture, at least one pixel large, nothing of it outside."""
    if not isinstance(box, list) or len(box) != 4 or not all(_number(0, 1_000_000)(one) for one in box):
        return False
    x, y, w, h = box
    return bool(w > 0 < h and x + w <= width and y + h <= height)


def warning(code: str, /, **facts: str | int) -> dict[str, Any]:
    """Returns a warning: a code "board.<name>" and its facts."""
    return {"code": code, "facts": facts}


def languages(board: Board) -> list[str]:
    """Returns the languages of the printed texts, the commonest first."""
    counts: dict[str, int] = {}
    for block in board["blocks"]:
        counts[block["lang"]] = counts.get(block["lang"], 0) + len(plain(block))
    return sorted(counts, key=lambda lang: (-counts[lang], lang))


def plain(block: Block, lang: str = "") -> str:
    """Returns a block's text in a language (the printed one if none is named); cells are parted by tabs, rows by newlines."""
    wanted = lang or block["lang"]
    if block["kind"] == "table":
        return "\n".join("\t".join(row) for row in block["rows"].get(wanted, []))
    return str(block["text"].get(wanted, ""))


def placed_on(board: Board, drawn: Board) -> Board:
    """Returns `board` (its text) on the picture of `drawn` (the same page, printed): boxes are scaled to its pixels."""
    old, new = board["picture"], drawn["picture"]
    across, down = new["width"] / old["width"], new["height"] / old["height"]
    blocks = [{**block, **_scaled(block, across, down, new)} for block in board["blocks"]]
    kept = [one for one in board["warnings"] if one["code"] != "board.no_picture"]
    if abs(across / down - 1) > 0.01:
        kept.append(warning("board.other_shape", width=new["width"], height=new["height"]))
    return {**board, "picture": new, "blocks": blocks, "warnings": kept}


def _scaled(block: Block, across: float, down: float, picture: Mapping[str, int]) -> dict[str, list[int]]:
    if "box" not in block:
        return {}
    x, y, w, h = block["box"]
    return {"box": fitted((x * across, y * down, (x + w) * across, (y + h) * down), picture["width"], picture["height"])}


def fitted(edges: tuple[float, float, float, float], width: int, height: int) -> list[int]:
    """Returns left, top, right, bottom as a box of whole pixels around them, cut to the picture and never empty."""
    left, top = (max(0, min(most - 1, int(edge))) for edge, most in zip(edges[:2], (width, height), strict=True))
    right, bottom = (min(most, -int(-edge // 1)) for edge, most in zip(edges[2:], (width, height), strict=True))
    return [left, top, max(1, right - left), max(1, bottom - top)]
