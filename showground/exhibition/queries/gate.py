"""The gate before publishing: what is missing for people who do not see the picture, do not hear, or read the other language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from showground.exhibition.models import Board, Medium, Text
from showground.exhibition.queries import recordings
from showground.media import boards

LANGUAGES = ("zh", "en")
PALE = 3.0  # RULE WCAG 1.4.3: large text has at least 3:1; what is under it on the picture is under it for everybody
ENOUGH = 1 / 3  # a language is on the board if so much of what is to be read is printed in it


@dataclass(frozen=True)
class Lack:
    """Something missing: `code` names the rule, `of` the languages or blocks it is missing for."""

    code: str
    of: tuple[str, ...] = ()


def lacks(board: Board, text: Text, media: list[Medium] | None = None) -> list[Lack]:
    """Returns everything that the gate lists for a board with this text and its recordings (`media`), in the order of its rules."""
    document = text.document
    found = [*_titles(document), *_text(document), *_alts(document), *_second(document), *_read(document, text)]
    return [*found, *_media(recordings.of_board(board) if media is None else media), *_pale(board, document)]


def _titles(document: dict[str, Any]) -> Iterator[Lack]:
    if missing := _missing(document["title"]):
        yield Lack("title", missing)


def _missing(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(lang for lang in LANGUAGES if not str(texts.get(lang, "")).strip())


def _text(document: dict[str, Any]) -> Iterator[Lack]:
    if not any(boards.plain(block).strip() for block in document["blocks"] if block["kind"] != "picture"):
        yield Lack("text")


def _alts(document: dict[str, Any]) -> Iterator[Lack]:
    if document["picture"]["drawn"] and (missing := _missing(document["alt"])):
        yield Lack("alt", missing)
    bare = tuple(b["id"] for b in document["blocks"] if b["kind"] == "picture" and _missing(b["text"]))
    if bare:
        yield Lack("picture_alt", bare)


def _second(document: dict[str, Any]) -> Iterator[Lack]:
    said = [block for block in document["blocks"] if boards.plain(block).strip() and block["kind"] != "picture"]
    for lang in LANGUAGES:
        printed = sum(_weight(block) for block in said if block["lang"] == lang)
        untold = tuple(block["id"] for block in said if not boards.plain(block, lang).strip())
        if untold and printed < ENOUGH * sum(_weight(block) for block in said):
            yield Lack("second_language", (lang, *untold))


def _weight(block: dict[str, Any]) -> float:
    """How much there is to read: an English word takes as long as two Chinese characters."""
    text = boards.plain(block)
    return len(text) / 2 if block["lang"] == "zh" else len(text.split())


def _read(document: dict[str, Any], text: Text) -> Iterator[Lack]:
    doubtful = tuple(block["id"] for block in document["blocks"] if block.get("by") == "ocr")
    if doubtful and not text.confirmed:
        yield Lack("unconfirmed", doubtful)


def _media(found: list[Medium]) -> Iterator[Lack]:
    told: dict[str, list[str]] = {}
    for medium in found:
        for code, missing in recordings.wants(medium, found) if recordings.ready(medium) else []:
            told.setdefault(code, []).extend(f"{medium} → {lang}" for lang in missing)
    for code in ("transcript", "captions"):
        if code in told:
            yield Lack(code, tuple(told[code]))


def _pale(board: Board, document: dict[str, Any]) -> Iterator[Lack]:
    measured = board.picture.get("contrast", {})
    known = {block["id"] for block in document["blocks"] if block["kind"] != "picture"}
    pale = tuple(f"{name} {ratio / 10:.1f}" for name, ratio in measured.items() if name in known and ratio < PALE * 10)
    if pale:
        yield Lack("contrast", pale)
