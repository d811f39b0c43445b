"""A hall as its curators see it: the boards on its route with what each still wants, and how far each print file is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from showground.exhibition import jobs
from showground.exhibition.models import Board, Hall, Intake, Medium, Text
from showground.exhibition.queries import shown
from showground.exhibition.queries.gate import lacks
from showground.exhibition.staff.frame import in_words

LISTED = 20  # print files; the newest


@dataclass(frozen=True)
class BoardRow:
    """A board on the route: `state` is "public", "changed", "draft" or "withdrawn", `lacks` counts what the gate lists of a draft."""

    board: Board
    title: str
    state: str
    picture: shown.Picture | None
    blocks: int
    warnings: list[str]
    lacks: int


def rows(hall: Hall, listed: list[Board]) -> list[BoardRow]:
    """Returns a hall's boards with what each wants; three queries, however many there are."""
    drafts = {text.board_id: text for text in Text.objects.filter(board__hall=hall, state=Text.State.DRAFT)}
    media: dict[int, list[Medium]] = {}
    for medium in Medium.objects.filter(board__hall=hall).select_related("work", "board"):
        media.setdefault(medium.board_id, []).append(medium)
    return [_row(board, drafts.get(board.pk), media.get(board.pk, [])) for board in listed]


def _row(board: Board, draft: Text | None, media: list[Medium]) -> BoardRow:
    text = draft or board.shown
    document = text.document if text else {"title": {}, "warnings": [], "blocks": []}
    state = "withdrawn" if board.withdrawn else "draft" if board.shown is None else "changed" if draft else "public"
    return BoardRow(
        board=board,
        title=shown.title(document, ""),
        state=state,
        picture=shown.picture(board),
        blocks=len(document["blocks"]),
        warnings=in_words(document["warnings"]) if state == "draft" else [],
        lacks=len(lacks(board, draft, media)) if draft else 0,
    )


@dataclass(frozen=True)
class FileRow:
    """A print file: `state` in words, `reading` while the jail has it, how many pages are asked for, the first board that came of it."""

    intake: Intake
    state: str
    reading: bool
    pages: int
    first: str
    told: list[str]


def brought(hall: Hall) -> list[FileRow]:
    """Returns a hall's newest print files, each with how far it is."""
    turns = {one.pk: turn for turn, one in enumerate(jobs.queue())}
    found = hall.intakes.prefetch_related("boards").order_by("-pk")[:LISTED]
    drawn = {str(key)[:64] for key in hall.boards.values_list("picture__key", flat=True)}
    return [_file(one, turns.get(one.pk, 0), one.sha256 in drawn) for one in found]


def _file(one: Intake, turn: int, pictures: bool) -> FileRow:
    """`pictures`: boards of the hall show pages of this file."""
    hung = sorted(one.boards.all(), key=lambda board: board.place)
    reading, pages = one.state == Intake.State.WAITING and turn == 0, _asked(one)
    state = _waiting(one, turn, pages) if one.state == Intake.State.WAITING else _done(one, len(hung), pictures)
    return FileRow(one, state, reading, pages, hung[0].code if hung else "", in_words(one.told))


def _asked(one: Intake) -> int:
    """How many pages of the file are asked for; 0 while nobody knows how many it has."""
    return (one.last or one.pages) - one.first + 1 if one.pages else 0


def _done(one: Intake, hung: int, pictures: bool) -> str:
    if one.state == Intake.State.REFUSED:
        return _("not taken")
    if hung:
        return ngettext("%(n)s board", "%(n)s boards", hung) % {"n": hung}
    return _("the pictures of the slides") if pictures else _("its boards were taken away")


def _waiting(one: Intake, turn: int, pages: int) -> str:
    if turn:
        return ngettext("waiting, %(n)s file before it", "waiting, %(n)s files before it", turn) % {"n": turn}
    if pages:
        return _("being read: %(done)s of %(pages)s pages") % {"done": one.done, "pages": pages}
    return _("being read")
