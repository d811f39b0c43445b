"""The guest book and questions: only what a person let through is shown. And what printed copies are called."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.http import Http404

from showground.exhibition.models import Board, Hall, Note
from showground.weeks.models import Week

PAGE = 50


def shown(hall: Hall) -> list[Note]:
    """Returns the newest lines of a hall's guest book, and questions that were answered."""
    found = hall.notes.filter(state=Note.State.SHOWN).exclude(kind=Note.Kind.QUESTION, answer="").select_related("board")
    return list(found[:PAGE])


def answered(board: Board) -> list[Note]:
    """Returns the questions about a board that were answered."""
    return list(board.notes.filter(state=Note.State.SHOWN, kind=Note.Kind.QUESTION).exclude(answer="")[:PAGE])


def waiting(week: Week) -> QuerySet[Note]:
    """Returns what visitors wrote and nobody has looked at, the oldest first."""
    return Note.objects.filter(hall__week=week, state=Note.State.WAITING).select_related("hall", "board").order_by("pk")


def decided(week: Week) -> list[Note]:
    """Returns what was decided about lately, the newest first."""
    return list(Note.objects.filter(hall__week=week).exclude(state=Note.State.WAITING).select_related("hall")[:PAGE])


def catalogue_name(hall: Hall, hanging: list[Board], lang: str) -> str:
    """Returns the name of a hall's catalogue: another order or another text has another name."""
    return f"catalogue-{_digest(hall, hanging)}-{lang}"


def signs_name(hall: Hall, hanging: list[Board], site: str) -> str:
    """Returns the name of a hall's sheet of QR signs."""
    return f"signs-{_digest(hall, hanging, site)}"


def _digest(hall: Hall, hanging: list[Board], more: str = "") -> str:
    told = [hall.week.code, hall.code, more, *(f"{board.code} {board.shown.sha256 if board.shown else ''}" for board in hanging)]
    return hashlib.sha256("\n".join([*told, str(sorted(hall.name.items()))]).encode()).hexdigest()[:32]


def of_week(week: Week, number: int) -> Note:
    """Returns a line of a week's guest books by its number, or 404."""
    found = Note.objects.filter(hall__week=week, pk=number).first()
    if found is None:
        raise Http404(str(number))
    return found
