"""Notes of the staff, which never leave the desk, and what is noted of the staff themselves."""

from __future__ import annotations

from nacl.public import PublicKey

from showground.reports.actions.file import one_form
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, Event, StaffNote
from showground.reports.queries import queue
from showground.reports.queries.case import shut_to
from showground.reports.queries.keys import Unlocked, desk_key
from showground.rules.refused import Refused
from showground.vault import boxes

SEARCHES = 60  # in an hour, by one person


def write_note(case: Case, words: str, *, who: Unlocked, at: int, log: str) -> StaffNote:
    """A note for colleagues is kept, sealed to the desk."""
    may(case, who.holder.person)
    text = one_form(words).strip()
    if not text:
        raise Refused("report.empty")
    lock = boxes.new_lock()
    kept = StaffNote.objects.create(
        case=case,
        by=who.holder.person,
        wrapped=boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        sealed=boxes.seal(lock, text[:8000].encode(), "note"),
        at=at,
    )
    note("case", case.pk, "noted", role="officer", at=at, log=log)
    return kept


def search(typed: str, *, who: Unlocked, at: int, log: str) -> list[Case]:
    """Returns the cases of a number, an address or a hash; that somebody searched is noted, what for is not.

    Refuses a search for a person (`desk.no_person_search`), and more than 60 an hour (`desk.search_slow`).
    """
    recent = Event.objects.filter(thing="search", thing_id=who.holder.pk, at__gt=at - 3600).count()
    if recent >= SEARCHES:
        raise Refused("desk.search_slow", most=SEARCHES)
    if who.desk is None:
        raise Refused("desk.shut")
    kind, found = queue.search(typed, who.desk)
    shown = [case for case in found if not shut_to(case, who.holder.person)]
    note("search", who.holder.pk, "searched", role="officer", at=at, log=log, facts={"by": kind, "found": len(found)})
    return shown
