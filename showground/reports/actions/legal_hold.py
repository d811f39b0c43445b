"""A legal hold keeps everything of a case: one person sets it at once, two end it, and it goes with every report that leaves the case."""

from __future__ import annotations

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.at_work import at_work
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, Deletion, HoldEnd
from showground.rules.refused import Refused


def _locked(case: Case, by: Person) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    may(case, by)
    return case


@transaction.atomic
def hold(case: Case, reason: str, *, by: Person, at: int, log: str) -> None:
    """Nothing of the case is erased while the hold stands. With a new reason it stands anew, and a request to end it is void.

    Refuses (`hold.reason`) an empty reason: nobody ends a hold alone.
    """
    case = _locked(case, by)
    if not reason.strip():
        raise Refused("hold.reason")
    case.legal_hold = reason.strip()[:200]
    case.save(update_fields=["legal_hold"])
    HoldEnd.objects.filter(case=case).delete()
    note("case", case.pk, "held", role="officer", at=at, log=log)


@transaction.atomic
def ask_end(case: Case, *, by: Person, at: int, log: str) -> HoldEnd:
    """One person asks that the hold end; it stands until a second agrees. Refuses (`hold.none`, `hold.asked`)."""
    case = _locked(case, by)
    if not case.legal_hold:
        raise Refused("hold.none")
    if HoldEnd.objects.filter(case=case).exists():
        raise Refused("hold.asked")
    asked = HoldEnd.objects.create(case=case, asked_by=by, asked_at=at)
    note("case", case.pk, "hold_end_asked", role="officer", at=at, log=log)
    return asked


@transaction.atomic
def answer_end(case: Case, agreed: bool, *, by: Person, at: int, log: str) -> None:
    """A second person agrees and the hold is ended, or anybody says no and it stands.

    Whatever was to be destroyed can be objected to for 15 days anew: nobody had a reason to while the hold stood. Refuses
    (`hold.not_asked`), and (`decision.same_person`) who asked for it.
    """
    at_work(by)
    case = _locked(case, by)
    asked = HoldEnd.objects.filter(case=case).first()
    if asked is None or not case.legal_hold:
        raise Refused("hold.not_asked")
    if agreed and asked.asked_by_id == by.pk:
        raise Refused("decision.same_person")
    asked.delete()
    if agreed:
        case.legal_hold = ""
        case.save(update_fields=["legal_hold"])
        Deletion.objects.filter(report__case=case, done_at=None, objected_at=None, agreed_at__isnull=False).update(agreed_at=at)
    note("case", case.pk, "hold_ended" if agreed else "hold_end_refused", role="officer", at=at, log=log)


def carry(before: Case | None, into: Case, *, at: int, log: str) -> None:
    """The hold of the case that a report leaves stands on the one that it joins: nobody gets round it by putting a report elsewhere."""
    stands = Case.objects.filter(pk=before.pk).values_list("legal_hold", flat=True).first() if before is not None else ""
    if not stands or into.legal_hold:
        return
    into.legal_hold = stands
    into.save(update_fields=["legal_hold"])
    note("case", into.pk, "held", role="desk", at=at, log=log, facts={"why": "carried"})
