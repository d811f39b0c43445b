"""Writing a board's text: a draft that may be changed freely, and texts that were published and never change."""

from __future__ import annotations

import copy
import shutil
from typing import Any

from django.db import transaction
from django.db.models import F

from showground.exhibition.actions.record import drop as drop_recording
from showground.exhibition.models import Board, Text
from showground.exhibition.queries import recordings, store
from showground.exhibition.queries.gate import lacks
from showground.ledger.actions.append import append
from showground.ledger.queries import find_log
from showground.media import boards
from showground.media.boards import Block
from showground.people.models import Person
from showground.rules.refused import Refused


def _locked(board: Board) -> Board:
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
def say(
    board: Board, *, title: dict[str, str], alt: dict[str, str], notes: dict[str, str], by: Person, at: int, seen: str = ""
) -> Text:
    """The draft has these texts about the whole board; raises board.changed if they are not what the page showed (`seen`)."""
    text = draft_of(_locked(board), by=by, at=at)
    _unchanged(spoken(text.document), seen)
    cleaned = {"title": _cleaned(title), "alt": _cleaned(alt), "notes": {k: v.strip() for k, v in notes.items() if v.strip()}}
    return _kept(text, {**text.document, **cleaned}, by, at)


def spoken(document: dict[str, Any]) -> list[dict[str, str]]:
    """Returns what is said of a board as a whole."""
    return [document[part] for part in ("title", "alt", "notes")]


def _unchanged(part: object, seen: str) -> None:
    """Nobody's words are written over unseen: what a page showed (its mark) must be what is there."""
    if seen and seen != boards.mark(part):
        raise Refused("board.changed")


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
    text = draft_of(_locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    place = _found(document, block)
    _unchanged(document["blocks"][place], seen)
    document["blocks"][place] = _mended(document["blocks"][place], kind, texts, box)
    return _kept(text, document, by, at)


def _mended(old: Block, kind: str, texts: dict[str, str], box: list[int] | None) -> Block:
    made: Block = {name: held for name, held in old.items() if name not in {"text", "rows", "heads", "box", "kind", "by", "mark"}}
    made |= {"kind": kind, "by": "person"}
    if box is not None:
        made["box"] = box
    if kind == "list_item":
        made["mark"] = old.get("mark", "•")
    if kind == "table":
        return made | {"rows": _rows(texts) or {old["lang"]: [[""]]}, "heads": old.get("heads", 1)}
    return made | {"text": _cleaned(texts)}


def _rows(texts: dict[str, str]) -> dict[str, list[list[str]]]:
    """Returns tables typed with a line for a row and a tab or a bar between cells; short rows are filled up."""
    made = {}
    for lang, text in texts.items():
        lines = [[boards.clean(cell) for cell in line.replace("|", "\t").split("\t")] for line in text.splitlines() if line.strip()]
        if lines:
            wide = max(len(line) for line in lines)
            made[lang] = [line + [""] * (wide - len(line)) for line in lines]
    return made


@transaction.atomic
def move(board: Board, block: str, by_places: int, *, by: Person, at: int) -> Text:
    """A block of the draft stands so many places later (or earlier) in the reading order."""
    text = draft_of(_locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    listed = document["blocks"]
    place = _found(document, block)
    goal = max(0, min(len(listed) - 1, place + by_places))
    listed.insert(goal, listed.pop(place))
    return _kept(text, document, by, at)


@transaction.atomic
def add(board: Board, *, lang: str, after: str, by: Person, at: int) -> str:
    """The draft has one more paragraph, empty, after the named block or at the end; returns its id, which no other ever had."""
    text = draft_of(_locked(board), by=by, at=at)
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
def drop(board: Board, block: str, *, by: Person, at: int) -> Text:
    """The draft has no such block any more; texts published before still have it."""
    text = draft_of(_locked(board), by=by, at=at)
    document = copy.deepcopy(text.document)
    del document["blocks"][_found(document, block)]
    return _kept(text, document, by, at)


@transaction.atomic
def translate(board: Board, lang: str, texts: dict[str, str], *, by: Person, at: int, seen: str = "") -> Text:
    """Every named block of the draft has this text in the language; an empty one takes it away. Raises board.changed as `say` does."""
    text = draft_of(_locked(board), by=by, at=at)
    _unchanged(text.document["blocks"], seen)
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
def confirm(board: Board, *, by: Person, at: int) -> Text:
    """A person says that they have read what a machine had read off the picture, against the picture."""
    text = draft_of(_locked(board), by=by, at=at)
    text.confirmed, text.written_by, text.written_at = True, by, at
    text.save(update_fields=["confirmed", "written_by", "written_at"])
    return text


@transaction.atomic
def publish(board: Board, *, excuse: str, by: Person, at: int) -> Text:
    """Visitors read the draft from now on, it has the next number, and its hash is on its way into the log.

    What the gate lists stops it (`board.gate`), unless a person says in words why it is published all the same; the words are shown
    with the text for ever.
    """
    board = _locked(board)
    text = board.texts.filter(state=Text.State.DRAFT).first()
    if text is None:
        raise Refused("board.no_draft")
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
def withdraw(board: Board, *, gone: bool) -> Board:
    """Visitors see the board no more, or again; what it said stays in its history and in the log."""
    board = _locked(board)
    board.withdrawn = gone
    board.save(update_fields=["withdrawn"])
    return board


@transaction.atomic
def take_away(board: Board) -> None:
    """A board that was never shown is gone with its draft, its recordings and its drawn picture; the route closes up.

    The print file stays among the files that were brought, and can be brought again.
    """
    board = _locked(board)
    if board.texts.filter(state=Text.State.PUBLISHED).exists():
        raise Refused("board.was_shown")
    for medium in board.media.all():
        drop_recording(medium)
    hall, picture = board.hall, board.picture
    board.texts.all().delete()
    board.delete()
    _close_up(list(hall.boards.select_for_update().order_by("place")))
    transaction.on_commit(lambda: _forget(picture))


def _forget(picture: dict[str, Any]) -> None:
    """No tile and no rendition is left that no other board shows."""
    if picture.get("key") and not Board.objects.filter(picture__key=picture["key"]).exists():
        shutil.rmtree(store.drawn(picture["key"]), ignore_errors=True)
    for one in picture.get("renditions", []):
        if not Board.objects.filter(picture__icontains=one["file"]).exists():
            store.rendition(one["file"]).unlink(missing_ok=True)


def _close_up(listed: list[Board]) -> None:
    """The boards hang on places 1, 2, 3 in this order."""
    Board.objects.filter(pk__in=[one.pk for one in listed]).update(place=F("place") + 10_000)  # out of the way of one another
    for number, one in enumerate(listed, 1):
        one.place = number
    Board.objects.bulk_update(listed, ["place"])


@transaction.atomic
def settle(board: Board, *, quiz: str, harm: str, minutes: int) -> Board:
    """The board leads to this quiz and this kind of report, and takes so many minutes."""
    Board.objects.filter(pk=board.pk).update(quiz=quiz, harm=harm, minutes=minutes)
    board.refresh_from_db()
    return board


@transaction.atomic
def rehang(board: Board, by_places: int) -> Board:
    """The board hangs so many places later (or earlier) on the route; places stay 1, 2, 3 without a gap."""
    listed = list(Board.objects.select_for_update().filter(hall_id=board.hall_id).order_by("place"))
    place = next(at for at, one in enumerate(listed) if one.pk == board.pk)
    listed.insert(max(0, min(len(listed) - 1, place + by_places)), listed.pop(place))
    _close_up(listed)
    board.refresh_from_db()
    return board
