"""Notices that stand between the desk and their partner: to be read, to be sent, or given to a mail server that did not say."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from showground.people.models import Person
from showground.reports.models import Referral
from showground.reports.queries.queue import seen_by

S = Referral.State
SAID_WITHIN = 120  # seconds in which a mail server has said how it ended, or will not any more
LISTED = 6


@dataclass(frozen=True)
class Unsent:
    """Notices in one state: how many, and the oldest of them."""

    state: str
    count: int
    rows: list[Referral]


def unsure(now: int) -> int:
    """Returns how many notices were given to a mail server and have not left for certain."""
    return Referral.objects.filter(state=S.POSTING, posting_at__lte=now - SAID_WITHIN).count()


def unsent(person: Person, now: int) -> list[Unsent]:
    """Returns what this officer can do something about, what may be lost first; nothing of cases that the person stays out of.

    Who wrote a notice does not read it, and a notice whose decision holds no longer goes nowhere.
    """
    theirs = (
        Q(state=S.POSTING, posting_at__lte=now - SAID_WITHIN) | Q(state=S.SECOND_READ) | Q(state=S.DRAFTED) & ~Q(drafted_by=person)
    )
    waiting = Referral.objects.filter(theirs, decision__case__in=seen_by(person).values("pk"), decision__replaced_by=None)
    found: dict[str, list[Referral]] = {S.POSTING: [], S.DRAFTED: [], S.SECOND_READ: []}
    for row in waiting.select_related("partner", "decision__case").order_by("pk"):
        found[row.state].append(row)
    return [Unsent(state, len(rows), rows[:LISTED]) for state, rows in found.items() if rows]
