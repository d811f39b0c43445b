"""The guest book and questions: only what a person let through is shown. And what printed copies are called."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from showground.exhibition.models import Board, Hall, Note
from showground.weeks.models import Week

PAGE = 50
PUBLIC = Q(state=Note.State.SHOWN) | Q(state=Note.State.HIDDEN, reason_code__startswith="desk.")


def _as_shown(note: Note) -> Note:
    """The line as everybody sees it: of one that the report desk withholds nothing is left but that it is so."""
    if note.state == Note.State.SHOWN:
        return note
    bare = copy.copy(note)
    bare.words, bare.language = _("This line is withheld: the report desk of this site decided so."), get_language() or "en"
    bare.signed = bare.answer = ""
    return bare


def shown(hall: Hall) -> list[Note]:
    """Returns the newest lines of a hall's guest book, and questions that were answered; of a withheld one only that it is."""
    found = hall.notes.filter(PUBLIC).exclude(kind=Note.Kind.QUESTION, answer="").select_related("board")
    return [_as_shown(note) for note in found[:PAGE]]


def answered(board: Board) -> list[Note]:
    """Returns the questions about a board that were answered."""
    return list(board.notes.filter(state=Note.State.SHOWN, kind=Note.Kind.QUESTION).exclude(answer="")[:PAGE])


def numbered(number: int) -> Note | None:
    """Returns a line that is shown, or that the report desk withholds, by its number; None if there is none."""
    return Note.objects.filter(PUBLIC, pk=number).select_related("hall__week").first()


def waiting(week: Week, halls: Sequence[Hall] | None = None) -> QuerySet[Note]:
    """Returns what visitors wrote and nobody has looked at, the oldest first; `halls`: in these only."""
    found = Note.objects.filter(hall__week=week) if halls is None else Note.objects.filter(hall__in=halls)
    return found.filter(state=Note.State.WAITING).select_related("hall", "board").order_by("pk")


def decided(halls: Sequence[Hall]) -> list[Note]:
    """Returns what was decided about lately in these halls, the newest first."""
    return list(Note.objects.filter(hall__in=halls).exclude(state=Note.State.WAITING).select_related("hall")[:PAGE])


def catalogue_name(hall: Hall, hanging: list[Board], lang: str) -> str:
    """Returns the name of a hall's catalogue: another order or another text has another name."""
    return f"catalogue-{_digest(hall, hanging)}-{lang}"


def signs_name(hall: Hall, hanging: list[Board], site: str) -> str:
    """Returns the name of a hall's sheet of QR signs."""
    return f"signs-{_digest(hall, hanging, site)}"


def _digest(hall: Hall, hanging: list[Board], more: str = "") -> str:
    told = [hall.week.code, hall.code, more, *(f"{board.code} {board.shown.sha256 if board.shown else ''}" for board in hanging)]
    return hashlib.sha256("\n".join([*told, str(sorted(hall.name.items()))]).encode()).hexdigest()[:32]


def of_halls(halls: Sequence[Hall], number: int) -> Note:
    """Returns a line of these halls' guest books by its number, or 404."""
    found = Note.objects.filter(hall__in=halls, pk=number).first()
    if found is None:
        raise Http404(str(number))
    return found
