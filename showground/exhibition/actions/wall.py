"""Boards on the wall: taken down and hung again, moved along the route, taken away for good."""

from __future__ import annotations

import shutil
from typing import Any

from django.db import transaction
from django.db.models import F

from showground.exhibition.actions.record import drop as drop_recording
from showground.exhibition.actions.write import locked
from showground.exhibition.models import Board, Hanging, Text
from showground.exhibition.queries import store
from showground.ledger.actions.append import append
from showground.people.models import Person
from showground.rules.refused import Refused


@transaction.atomic
def withdraw(board: Board, *, gone: bool, by: Person, at: int) -> Board:
    """Visitors see the board no more, or again; when, stands in its history with what it said, and in the log.

    What is so already is not written twice. Raises board.not_shown for a board that never hung.
    """
    board = locked(board)
    text = board.shown
    if text is None:
        raise Refused("board.not_shown")
    if board.withdrawn == gone:
        return board
    Hanging.objects.create(board=board, text=text, gone=gone, by=by, at=at, minute_id=_turned(board, text, gone, at))
    board.withdrawn = gone
    board.save(update_fields=["withdrawn"])
    return board


def _turned(board: Board, text: Text, gone: bool, at: int) -> int | None:
    """Returns the key of the record that a board is taken down or hung again; None where the log does not know what came before."""
    last = board.hangings.order_by("-pk").first()
    known = text.minute_id if gone else last and last.minute_id
    if known is None:
        return None
    kind = "board.withdrawn" if gone else "board.restored"
    return append(board.hall.week.origin, kind, written_at=at, board=board.code, version=text.number).pk


@transaction.atomic
def take_away(board: Board) -> None:
    """A board that was never shown is gone with its draft, its recordings and its drawn picture; the route closes up.

    The print file stays among the files that were brought, and can be brought again.
    """
    board = locked(board)
    if board.texts.filter(state=Text.State.PUBLISHED).exists():
        raise Refused("board.was_shown")
    for medium in board.media.all():
        drop_recording(medium)
    hall, picture = board.hall, board.picture
    board.texts.all().delete()
    board.delete()
    _close_up(list(hall.boards.select_for_update().order_by("place")))
    transaction.on_commit(lambda: forget(picture))


def forget(picture: dict[str, Any]) -> None:
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
def rehang(board: Board, by_places: int = 0, *, to: int = 0) -> Board:
    """The board hangs so many places later (or earlier) on the route, or at the place `to`; places stay 1, 2, 3 without a gap."""
    listed = list(Board.objects.select_for_update().filter(hall_id=board.hall_id).order_by("place"))
    place = next(at for at, one in enumerate(listed) if one.pk == board.pk)
    goal = to - 1 if to else place + by_places
    listed.insert(max(0, min(len(listed) - 1, goal)), listed.pop(place))
    _close_up(listed)
    board.refresh_from_db()
    return board
