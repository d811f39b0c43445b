"""A person who stays out of a case, and who that must be."""

from __future__ import annotations

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.leave import put_down
from showground.reports.actions.note import note
from showground.reports.models import Appeal, Case, Proposal, Recusal
from showground.reports.queries.case import shut_to
from showground.rules.refused import Refused

REASONS = ("knows_reporter", "knows_accused", "own_work", "own_interest", "other")


def may(case: Case, person: Person) -> None:
    """Refuses (`desk.recused`) a person who stays out of the case."""
    if shut_to(case, person):
        raise Refused("desk.recused")


@transaction.atomic
def recuse(case: Case, person: Person, *, reason_code: str, at: int, log: str) -> Recusal:
    """The person no longer sees the case; what they had in hand waits for somebody else. There is no way back."""
    if reason_code not in REASONS:
        raise Refused("desk.reason", reason=reason_code[:40])
    case = Case.objects.select_for_update().get(pk=case.pk)  # first: what the person does elsewhere is done before, or not at all
    kept, fresh = Recusal.objects.get_or_create(case=case, person=person, defaults={"reason_code": reason_code, "at": at})
    if not fresh:
        return kept
    if case.assignee_id == person.pk:
        put_down(case)
    Case.objects.filter(pk=case.pk, second_reader=person).update(second_reader=None)
    Appeal.objects.filter(decision__case=case, handler=person, decided_at=None).update(handler=None)
    Proposal.objects.filter(case=case, by=person, state=Proposal.State.PROPOSED).update(state=Proposal.State.DRAFT)
    note("case", case.pk, "recused", role="officer", at=at, log=log, facts={"reason": reason_code})
    return kept
