"""Who leaves the desk leaves nothing in hand: shifts end on every device, open cases wait in the queue again, proposals are drafts.

A duty is taken away elsewhere (weeks/actions.py: end_duty), or with a key (keys.py: revoke_key); `sweep` finds whoever it was.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from showground.people.models import Person
from showground.people.queries import persons
from showground.reports.actions.note import note
from showground.reports.models import Appeal, Case, Holder, Proposal, Shift
from showground.reports.queries.left import in_office
from showground.reports.queries.states import CASE_STEPS, OPEN

OFFICER = Holder.Duty.OFFICER


@transaction.atomic
def leave(person: Person, *, at: int, log: str) -> int:
    """Nothing of the desk is in the person's hands any more; returns how many cases went back to the queue. Their words stay.

    A proposal that waits for its second reader is a draft again: nobody agrees with somebody who is not there.
    """
    Shift.objects.filter(holder__person=person, holder__duty=OFFICER).delete()
    mine = Q(state__in=OPEN, assignee=person)
    proposed = Q(pk__in=Proposal.objects.filter(by=person, state=Proposal.State.PROPOSED).values("case"))
    locked = list(Case.objects.select_for_update().filter(mine | proposed).order_by("pk"))
    cases = [case for case in locked if case.assignee_id == person.pk and case.state in OPEN]
    for case in cases:
        put_down(case)
        note("case", case.pk, "given_back", role="desk", at=at, log=log, facts={"why": "left"})
    Appeal.objects.filter(handler=person, decided_at=None).update(handler=None)
    Proposal.objects.filter(by=person, state=Proposal.State.PROPOSED).update(state=Proposal.State.DRAFT)
    return len(cases)


def put_down(case: Case) -> None:
    """The case is nobody's; one that waits for its reporter goes on waiting, so that its clock runs again with the answer."""
    case.assignee = None
    if case.state != Case.State.AWAITING_REPORTER and case.closed_at is None and Case.State.NEW in CASE_STEPS[case.state]:
        case.state = Case.State.NEW
    case.save(update_fields=["assignee", "state"])


def sweep(now: int, *, log: Callable[[], str]) -> int:
    """Whoever lost the duty or the key since the last time has left; returns how many persons. Runs again unharmed.

    `log` is asked for the log's name only if somebody has: this is looked for every second.
    """
    for duty in Holder.Duty.values:
        Shift.objects.filter(holder__duty=duty).exclude(holder__in=in_office(duty).values("pk")).delete()
    gone = persons(_with_something_in_hand() - set(in_office(OFFICER).values_list("person", flat=True)))
    for person in gone:
        leave(person, at=now, log=log())
    return len(gone)


def _with_something_in_hand() -> set[int]:
    """Keys of the persons who hold an open case, wait for a second reader, or hear an appeal."""
    cases = Case.objects.filter(state__in=OPEN, assignee__isnull=False).values_list("assignee", flat=True)
    proposed = Proposal.objects.filter(state=Proposal.State.PROPOSED).values_list("by", flat=True)
    heard = Appeal.objects.filter(handler__isnull=False, decided_at=None).values_list("handler", flat=True)
    return {*cases, *proposed, *heard}
