"""Who works at the desk, and what is left of those who do no longer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from showground.people.models import Person
from showground.reports.models import Case, Event, Holder, Proposal

HANDS = ("assigned", "given_back", "reopened", "recused")  # steps after which a case is in other hands, or in nobody's


@dataclass(frozen=True)
class Left:
    """What the page of a case says: when its officer left the desk (None: it is in hand), and who of the desk no more wrote its draft."""

    at: int | None
    wrote: Person | None


def in_office(duty: str) -> QuerySet[Holder]:
    """Returns the keys in use whose holders still have this duty in some week."""
    rows = Holder.objects.filter(duty=duty, revoked_at=None, person__is_active=True)
    return rows.filter(person__roles__duty=duty).distinct()


def works(person: Person) -> bool:
    """Tells whether the person is an officer who can open the desk."""
    return in_office(Holder.Duty.OFFICER).filter(person=person).exists()


def left(case: Case) -> Left:
    """Returns what a case has of somebody who left the desk."""
    proposal = Proposal.objects.filter(case=case).select_related("by").first()
    wrote = proposal.by if proposal is not None and not works(proposal.by) else None
    last = None
    if case.assignee_id is None:
        last = Event.objects.filter(thing="case", thing_id=case.pk, verb__in=HANDS).last()
    return Left(last.at if last is not None and last.facts.get("why") == "left" else None, wrote)
