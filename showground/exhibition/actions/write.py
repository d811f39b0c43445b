"""Writing a board's text: a draft that may be changed freely, and texts that were published and never change."""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction

from showground.exhibition.models import Board, Text
from showground.exhibition.queries import recordings
from showground.exhibition.queries.gate import LANGUAGES, lacks
from showground.ledger.actions.append import append
from showground.ledger.queries import find_log
from showground.media import boards
from showground.media.boards import Block
from showground.people.models import Person
from showground.rules.refused import Refused


def locked(board: Board) -> Board:
    """Returns the board as it is now; nobody else changes it before this transaction ends."""
    return Board.objects.select_for_update(of=("self",)).select_related("hall__week", "shown").get(pk=board.pk)


def draft_of(board: Board, *, by: Person, at: int) -> Text:
    """Returns the draft; one begins as a copy of what is shown."""
    found = board.texts.filter(state=Text.State.DRAFT).first()
    if found is not None:
        return found
    if board.shown is None:
        raise Refused("board.no_draft")
    document = copy.deepcopy(board.shown.document)
    return Text.objects.create(board=board, document=document, confirmed=board.shown.confirmed, written_by=by, written_at=at)


def _kept(text: Text, document: dict[str, Any], by: Person, at: int) -> Text:
    text.document = boards.checked(document)
    text.written_by, text.written_at = by, at
    text.save(update_fields=["document", "written_by", "written_at"])
    return text


@transaction.atomic
def say(board: Board, *, title: dict[str, str], alt: dict[str, str], notes: dict[str, str], by: Person, at: int) -> Text:
    """The draft has these texts about the whole board."""
    text = draft_of(locked(board), by=by, at=at)
    return _kept(text, {**text.document, **_spoken(title, alt, notes)}, by, at)


def _spoken(title: dict[str, str], alt: dict[str, str], notes: dict[str, str]) -> dict[str, dict[str, str]]:
    lines = {lang: "\n".join(text.splitlines()).strip() for lang, text in notes.items()}
    return {"title": _cleaned(title), "alt": _cleaned(alt), "notes": {lang: text for lang, text in lines.items() if text}}


@transaction.atomic
def keep_whole(
    board: Board, *, texts: dict[str, dict[str, str]], quiz: str, harm: str, minutes: int, by: Person, at: int, seen: str = ""
) -> Board:
    """What is said of the whole board (`texts`: title, alt, notes) and where it leads is this; only new words begin a draft.

    Raises board.changed if any of it is not what the page showed (`seen`).
    """
    board = locked(board)
    text = board.texts.filter(state=Text.State.DRAFT).first() or board.shown
    if text is None:
        raise Refused("board.no_draft")
    unchanged(whole(board, text.document), seen)
    told = _spoken(texts["title"], texts["alt"], texts["notes"])
    if any(text.document[part] != words for part, words in told.items()):
        say(board, **told, by=by, at=at)
    return settle(board, quiz=quiz, harm=harm, minutes=minutes)


def whole(board: Board, document: dict[str, Any]) -> list[object]:
    """Returns what a page shows of the whole board: its words, where it leads, how long it takes."""
    return [document["title"], document["alt"], document["notes"], board.quiz, board.harm, board.minutes]


def unchanged(part: object, seen: str, code: str = "board.changed") -> None:
    """Nobody's words are written over or shown unseen: what a page showed (its mark) must be what is there."""
    if seen and seen != boards.mark(part):
        raise Refused(code)


def _cleaned(texts: dict[str, str]) -> dict[str, str]:
    return {lang: boards.clean(text) for lang, text in texts.items() if text.strip()}


def _found(document: dict[str, Any], block: str) -> int:
    for place, one in enumerate(document["blocks"]):
        if one["id"] == block:
            return place
    raise Refused("board.no_block", block=block)


@transaction.atomic
def mend(
    board: Board, block: str, *, kind: str, texts: dict[str, str], box: list[int] | None, by: Person, at: int, seen: str = ""
) -> Text:
    """A block of the draft says this, is of this kind and stands here; a person has read it. Raises board.changed as `say` does."""
    text = draft_of(locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    place = _found(document, block)
    unchanged(document["blocks"][place], seen)
    document["blocks"][place] = _mended(document["blocks"][place], kind, texts, box)
    return _kept(text, document, by, at)


def _mended(old: Block, kind: str, texts: dict[str, str], box: list[int] | None) -> Block:
    made: Block = {name: held for name, held in old.items() if name not in {"text", "rows", "heads", "box", "kind", "by", "mark"}}
    made |= {"kind": kind, "by": "person"}
    if box is not None:
        made["box"] = box
    if kind == "list_item":
        made["mark"] = old.get("mark", "•")
    told = _other_words(old) | texts
    if kind == "table":
        return made | {"rows": _rows(told) or {old["lang"]: [[""]]}, "heads": old.get("heads", 1)}
    return made | {"text": _cleaned(told)}


def _other_words(block: Block) -> dict[str, str]:
    """Returns what a block says in languages that have no field on the page, so that mending it does not lose them."""
    held = block["rows" if block["kind"] == "table" else "text"]
    return {lang: boards.plain(block, lang) for lang in held if lang not in LANGUAGES}


def _rows(texts: dict[str, str]) -> dict[str, list[list[str]]]:
    """Returns tables typed with a line for a row and a tab or, in a line without one, a bar between cells; short rows are filled up."""
    made = {}
    for lang, text in texts.items():
        parted = [line.split("\t" if "\t" in line else "|") for line in text.splitlines() if line.strip()]
        lines = [[boards.clean(cell) for cell in cells] for cells in parted]
        if lines:
            wide = max(len(line) for line in lines)
            made[lang] = [line + [""] * (wide - len(line)) for line in lines]
    return made


@transaction.atomic
def move(board: Board, block: str, by_places: int, *, by: Person, at: int) -> Text:
    """A block of the draft stands so many places later (or earlier) in the reading order."""
    text = draft_of(locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    listed = document["blocks"]
    place = _found(document, block)
    goal = max(0, min(len(listed) - 1, place + by_places))
    listed.insert(goal, listed.pop(place))
    return _kept(text, document, by, at)


@transaction.atomic
def add(board: Board, *, lang: str, after: str, by: Person, at: int) -> str:
    """The draft has one more paragraph, empty, after the named block or at the end; returns its id, which no other ever had."""
    text = draft_of(locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    used = [int(one["id"][1:]) for one in document["blocks"]]
    for old in board.texts.all():
        used += [int(one["id"][1:]) for one in old.document["blocks"]]
    name = f"b{max(used, default=0) + 1}"
    place = _found(document, after) + 1 if after else len(document["blocks"])
    document["blocks"].insert(place, {"id": name, "kind": "paragraph", "lang": lang, "text": {}, "by": "person"})
    _kept(text, document, by, at)
    return name


@transaction.atomic
def drop(board: Board, block: str, *, by: Person, at: int, seen: str = "") -> Text:
    """The draft has no such block any more; texts published before still have it. Raises board.stale if somebody changed it meanwhile."""
    text = draft_of(locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    place = _found(document, block)
    unchanged(document["blocks"][place], seen, "board.stale")
    del document["blocks"][place]
    return _kept(text, document, by, at)


@transaction.atomic
def translate(board: Board, lang: str, texts: dict[str, str], *, by: Person, at: int, seen: str = "") -> Text:
    """Every named block of the draft has this text in the language; an empty one takes it away. Raises board.changed as `say` does."""
    text = draft_of(locked(board), by=by, at=at)
    unchanged(text.document["blocks"], seen)
    document = copy.deepcopy(text.document)
    for block in document["blocks"]:
        if block["id"] in texts and block["lang"] != lang:
            _say_in(block, lang, texts[block["id"]])
    return _kept(text, document, by, at)


def _say_in(block: Block, lang: str, said: str) -> None:
    part = "rows" if block["kind"] == "table" else "text"
    made = _rows({lang: said}) if part == "rows" else _cleaned({lang: said})
    block[part] = {other: held for other, held in block[part].items() if other != lang} | made


@transaction.atomic
def confirm(board: Board, *, by: Person, at: int, seen: str = "") -> Text:
    """A person says that they have read what a machine had read off the picture, against the picture; raises board.stale as `publish`."""
    text = draft_of(locked(board), by=by, at=at)
    unchanged(text.document, seen, "board.stale")
    text.confirmed, text.written_by, text.written_at = True, by, at
    text.save(update_fields=["confirmed", "written_by", "written_at"])
    return text


@transaction.atomic
def publish(board: Board, *, excuse: str, by: Person, at: int, seen: str = "") -> Text:
    """Visitors read the draft from now on, it has the next number, and its hash is on its way into the log.

    What the gate lists stops it (`board.gate`), unless a person says in words why it is published all the same; the words are shown
    with the text for ever. Raises board.stale if the draft is not the one that the page showed (`seen`): nobody publishes words unread.
    """
    board = locked(board)
    text = board.texts.filter(state=Text.State.DRAFT).first()
    if text is None:
        raise Refused("board.no_draft")
    unchanged(text.document, seen, "board.stale")
    missing = lacks(board, text)
    if missing and len(excuse.split()) < 3 and len(excuse.strip()) < 8:
        raise Refused("board.gate", lacks=len(missing))
    number = board.texts.filter(state=Text.State.PUBLISHED).count() + 1
    digest = boards.sha256(text.document)
    origin = board.hall.week.origin
    if find_log(origin) is not None:
        text.minute = append(origin, "board.published", written_at=at, board=board.code, version=number, sha256=digest)
    text.state, text.number, text.sha256, text.published_at = Text.State.PUBLISHED, number, digest, at
    text.written_by, text.excuse = by, excuse.strip() if missing else ""
    text.save()
    _let_through(board, text.excuse)
    board.shown, board.withdrawn = text, False
    board.save(update_fields=["shown", "withdrawn"])
    return text


def _let_through(board: Board, excuse: str) -> None:
    """Recordings without all their words are shown if a person said why; those that have them need no excuse any more."""
    found = recordings.of_board(board)
    for medium in found:
        wanting = recordings.ready(medium) and recordings.wants(medium, found)
        medium.excuse = excuse if wanting else ""
        medium.save(update_fields=["excuse"])


@transaction.atomic
def settle(board: Board, *, quiz: str, harm: str, minutes: int) -> Board:
    """The board leads to this quiz and this kind of report, and takes so many minutes."""
    Board.objects.filter(pk=board.pk).update(quiz=quiz, harm=harm, minutes=minutes)
    board.refresh_from_db()
    return board
