"""What visitors leave in the guest book: kept unseen, then shown, hidden or answered by a person."""

from __future__ import annotations

from django.db import transaction

from showground.exhibition.models import Board, Hall, Note
from showground.media.boards import clean
from showground.people.actions import allow, network_of
from showground.people.models import Person
from showground.rules.refused import Refused

WAITING = 500  # RULE exhibition: so many unread lines a hall; more would never be read


def leave(
    hall: Hall, *, kind: str, words: str, signed: str, language: str, address: str, at: int, board: Board | None = None
) -> Note:
    """The words wait for a person; nothing of who wrote them is kept but what they signed with."""
    words = clean(words)
    if not words:
        raise Refused("note.empty")
    if len(words) > 400:
        raise Refused("note.long", most=400)
    if hall.notes.filter(state=Note.State.WAITING).count() >= WAITING:
        raise Refused("note.full")
    allow("note", network_of(address), most=6, per=3600, at=at)
    return Note.objects.create(
        hall=hall, board=board, kind=kind, words=words, signed=clean(signed)[:40], language=language[:8], at=at
    )


@transaction.atomic
def decide(note: Note, *, show: bool, answer: str, reason: str, by: Person) -> Note:
    """The line shows, with its answer if there is one, or is hidden for a reason."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    note.state = Note.State.SHOWN if show else Note.State.HIDDEN
    note.answer, note.reason_code, note.answered_by = answer.strip(), "" if show else reason[:30], by
    note.save(update_fields=["state", "answer", "reason_code", "answered_by"])
    return note
