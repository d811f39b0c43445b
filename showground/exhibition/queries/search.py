"""Search over what boards say, in both languages: pairs of characters where no spaces part the words (media/words.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from showground.exhibition.models import Board, Text
from showground.exhibition.queries.shown import Row, reader, rows
from showground.media import boards, words


@dataclass(frozen=True)
class Found:
    """A board that says what was looked for: its row and the block that says it first ("" if it is the title)."""

    row: Row
    block: str
    quote: str


@lru_cache(maxsize=2000)
def _index(text_id: int, sha256: str) -> tuple[tuple[str, str, str], ...]:
    """Returns (block, padded tokens, words) of a published text, which never changes (its hash is in the key); the title first."""
    document = Text.objects.only("document").get(pk=text_id).document
    return tuple(_lines(document))


def _lines(document: boards.Board) -> Iterable[tuple[str, str, str]]:
    for text in document["title"].values():
        yield "", _padded(text), text
    for block in document["blocks"]:
        for lang in block.get("text") or block.get("rows") or {}:
            text = boards.plain(block, lang)
            yield block["id"], _padded(text), text
    for text in (*document["alt"].values(), *document["notes"].values()):
        yield "", _padded(text), text


def _padded(text: str) -> str:
    return f" {words.indexed(text)} "


def needles(query: str) -> list[str]:
    """Returns what must all stand in the padded tokens of a text for it to be found."""
    return [_needle(group) for group in words.asked(query)]


def _needle(group: list[str]) -> str:
    joined = " ".join(group)
    return f" {joined[:-1]}" if joined.endswith("*") else f" {joined} "


def find(listed: list[Board], query: str) -> list[Found]:
    """Returns the boards that say everything that was typed, best first: in the title, in one block, somewhere."""
    wanted = needles(query)
    if not wanted:
        return []
    scored = []
    for place, board in enumerate(listed):
        assert board.shown is not None
        if found := _match(_index(board.shown.pk, board.shown.sha256), wanted):
            score, block, quote = found
            scored.append((score, place, board, block, quote))
    scored.sort(key=lambda one: one[:2])
    found_rows = rows([board for _score, _place, board, _block, _quote in scored])
    return [
        Found(row, block, _cut(quote) if quote != row.title else "")
        for row, (_score, _place, _board, block, quote) in zip(found_rows, scored, strict=True)
    ]


def _match(lines: tuple[tuple[str, str, str], ...], wanted: list[str]) -> tuple[int, str, str] | None:
    whole = [line for line in lines if all(needle in line[1] for needle in wanted)]
    if whole:
        block, _tokens, quote = whole[0]
        return (0 if block == "" else 1, block, quote)
    if all(any(needle in line[1] for line in lines) for needle in wanted):
        block, _tokens, quote = next(line for line in lines if wanted[0] in line[1])
        return (2, block, quote)
    return None


def _cut(text: str) -> str:
    most = 60 if reader() == "zh" else 120
    return text if len(text) <= most else text[: most - 1] + "…"
