"""Many at once, during a flood: rejected as spam with a reason, or folded into one case; every act can be taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.link import merge, settle, undo, wake, weigh
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, CaseLink, Clock, Report
from showground.reports.queries.states import LIVE_REPORTS, OPEN
from showground.rules.refused import Refused

SPAM_REASONS = ("advertising", "nonsense", "test", "flood")
SPAM_KEPT = 14 * 86400


def _fresh(cases: Iterable[Case]) -> list[Case]:
    return list(Case.objects.select_for_update().filter(pk__in=[case.pk for case in cases]).order_by("opened_at", "pk"))


@transaction.atomic
def reject(cases: Iterable[Case], reason_code: str, *, by: Person, at: int, log: str) -> list[str]:
    """Every living report of these cases is spam, kept for 14 days in case that is wrong; returns their numbers.

    Refuses (`bulk.decided`) a case that has been decided: what was decided is not spam.
    """
    if reason_code not in SPAM_REASONS:
        raise Refused("desk.reason", reason=reason_code[:40])
    numbers: list[str] = []
    for case in _fresh(cases):
        may(case, by)
        if case.state not in OPEN or case.decisions.exists():
            raise Refused("bulk.decided", case=case.number)
        for report in case.reports.filter(state__in=LIVE_REPORTS):
            report.state, report.expires_at = Report.State.REJECTED_SPAM, at + SPAM_KEPT
            report.save(update_fields=["state", "expires_at"])
            Clock.objects.filter(thing="report", thing_id=report.pk, met_at=None).update(met_at=at)
            note("report", report.pk, "rejected", role="officer", at=at, log=log, facts={"reason": reason_code})
            numbers.append(report.number)
        settle(case, at=at, log=log)
    return numbers


@transaction.atomic
def take_back(numbers: Iterable[str], *, by: Person, at: int, log: str) -> int:
    """Reports that were rejected are reports again, in the cases they were in; returns how many."""
    gone = Report.objects.filter(number__in=list(numbers), state=Report.State.REJECTED_SPAM, erased_at=None, case__isnull=False)
    cases = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=gone.values("case")).order_by("pk")}
    back = [report for report in gone.select_for_update() if report.case_id in cases]
    for report in back:
        report.case = cases[report.case_id or 0]
        may(report.case, by)
        report.state, report.expires_at = Report.State.CLUSTERED, None
        report.save(update_fields=["state", "expires_at"])
        note("report", report.pk, "rejection_undone", role="officer", at=at, log=log)
        wake(report.case, at=at, log=log)
        weigh(report.case)
    return len(back)


@transaction.atomic
def unfold(case: Case, *, folded_at: int, by: Person, at: int, log: str) -> int:
    """What this person folded into a case at that time is in the cases where it was; returns how many reports went back."""
    may(case, by)
    folded = CaseLink.objects.filter(case=case, rule="merged", by=by, at=folded_at, suggested=False, undone_at=None)
    rows = list(folded.filter(report__case=case).select_related("report").order_by("pk"))
    for row in rows:
        undo(row.report, by=by, at=at, log=log)
    return len(rows)


@transaction.atomic
def fold(cases: list[Case], *, by: Person, at: int, log: str) -> tuple[Case, int]:
    """The reports of several cases belong to the oldest of them, each by a link of its own; returns that case and how many came."""
    cases = _fresh(cases)
    if len(cases) < 2:
        raise Refused("bulk.two")
    for case in cases:
        may(case, by)
        if case.state not in OPEN:
            raise Refused("bulk.decided", case=case.number)
    first, *others = sorted(cases, key=lambda case: (case.assignee_id is None, case.opened_at, case.pk))
    return first, sum(merge(case, first, by=by, at=at, log=log) for case in others)
