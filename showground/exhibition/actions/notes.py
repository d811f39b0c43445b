"""What visitors leave in the guest book: kept unseen, then shown, hidden or answered by a person."""

from __future__ import annotations

from django.db import transaction

from showground.exhibition.models import Board, Hall, Note
from showground.media.boards import clean, mark
from showground.people.actions import allow, network_of
from showground.people.models import Person
from showground.rules.refused import Refused

WITHHELD = "desk."  # before the reason of a line that the report desk withholds
WITHHELD_FOR = ("deception", "persons", "rights")
WAITING = 500  # RULE exhibition: so many unread lines a hall; more would never be read


def leave(
    hall: Hall,
    *,
    kind: str,
    words: str,
    signed: str,
    language: str,
    address: str,
    at: int,
    board: Board | None = None,
    most: int = 6,
) -> Note:
    """The words wait for a person; nothing of who wrote them is kept but what they signed with. `most` an hour come from a network."""
    words = clean(words)
    if not words:
        raise Refused("note.empty")
    if len(words) > 400:
        raise Refused("note.long", most=400)
    if hall.notes.filter(state=Note.State.WAITING).count() >= WAITING:
        raise Refused("note.full")
    allow("note", network_of(address), most=most, per=3600, at=at)
    return Note.objects.create(
        hall=hall, board=board, kind=kind, words=words, signed=clean(signed)[:40], language=language[:8], at=at
    )


def standing(note: Note) -> str:
    """Returns a mark of what was decided about a line so far."""
    return mark([note.state, note.answer, note.reason_code])


@transaction.atomic
def decide(note: Note, *, show: bool, answer: str, reason: str, by: Person, seen: str = "") -> Note:
    """The line shows, with its answer if there is one, or is hidden for a reason; a question shows with its answer only.

    Raises note.changed if somebody decided otherwise since the page was shown (`seen`).
    """
    note = Note.objects.select_for_update().get(pk=note.pk)
    if seen and seen != standing(note):
        raise Refused("note.changed")
    if note.reason_code.startswith(WITHHELD):
        raise Refused("note.withheld")  # what the report desk decided, the desk alone can turn
    answer = "\n".join(line for line in map(clean, answer.splitlines()) if line)
    if show and note.kind == Note.Kind.QUESTION and not answer:
        raise Refused("note.unanswered")
    note.state = Note.State.SHOWN if show else Note.State.HIDDEN
    note.answer, note.reason_code, note.answered_by = answer, "" if show else reason.partition(".")[0][:30], by
    note.save(update_fields=["state", "answer", "reason_code", "answered_by"])
    return note


@transaction.atomic
def withhold_note(note: Note, *, reason_code: str, by: Person) -> Note:
    """A line that is shown is shown no more, its answer neither, until it is restored; in its place stands that it is withheld.

    Refuses a line that is not shown (`note.not_shown`), a reason that is none (`entry.reason`). Nobody knows who wrote it, so nobody
    can be told.
    """
    note = Note.objects.select_for_update().get(pk=note.pk)
    if note.state != Note.State.SHOWN:
        raise Refused("note.not_shown")
    if reason_code not in WITHHELD_FOR:
        raise Refused("entry.reason", reason=reason_code[:40])
    note.state, note.reason_code, note.answered_by = Note.State.HIDDEN, f"{WITHHELD}{reason_code}", by
    note.save(update_fields=["state", "reason_code", "answered_by"])
    return note


@transaction.atomic
def restore_note(note: Note, *, by: Person) -> Note:
    """The line is shown again, with its answer; refuses one that is not withheld (`note.not_withheld`)."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    if not note.reason_code.startswith(WITHHELD):
        raise Refused("note.not_withheld")
    note.state, note.reason_code, note.answered_by = Note.State.SHOWN, "", by
    note.save(update_fields=["state", "reason_code", "answered_by"])
    return note
