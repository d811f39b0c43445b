"""A reporter takes the report back, or has what they told erased while the thread goes on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from showground.reports.actions.link import settle
from showground.reports.actions.note import note
from showground.reports.models import Case, Clock, Evidence, Report
from showground.reports.queries.reading import Held
from showground.rules.refused import Refused


@transaction.atomic
def withdraw(held: Held, *, at: int, log: str) -> None:
    """Nobody works on the report any more; it stays readable for its reporter, and its count in the figures stays true."""
    report = _locked(held)
    if report.state == Report.State.WITHDRAWN:
        raise Refused("report.withdrawn")
    report.state = Report.State.WITHDRAWN
    report.save(update_fields=["state"])
    Clock.objects.filter(thing="report", thing_id=report.pk, met_at=None).update(met_at=at)
    note("report", report.pk, "withdrawn", role="reporter", at=at, log=log)
    if report.case is not None:
        settle(report.case, at=at, log=log)


def _locked(held: Held) -> Report:
    """The report as it is now: another page of its reporter may have done the same a moment ago. Cases are locked before reports."""
    if held.report.case_id is not None:
        Case.objects.select_for_update().filter(pk=held.report.case_id).first()
    return Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=held.report.pk)


@transaction.atomic
def erase(held: Held, *, at: int, log: str) -> None:
    """Words, files and what was read of them are gone for everybody; messages, state and reasons stay.

    Refuses (`report.on_hold`) while a legal hold stands on the case: the reason is shown, and the hold ends some day.
    """
    report = _locked(held)
    if report.erased_at is not None:
        raise Refused("report.erased")
    if report.case is not None and report.case.legal_hold:
        raise Refused("report.on_hold")
    names = [name for one in report.evidence.all() for name in (one.original, one.copy) if name]
    report.evidence.all().delete()
    report.marks.all().delete()
    report.body_sealed, report.erased_at = b"", at
    report.save(update_fields=["body_sealed", "erased_at"])
    note("report", report.pk, "erased", role="reporter", at=at, log=log, facts={"files": len(names)})
    transaction.on_commit(lambda: _remove(names))


def _remove(names: list[str]) -> None:
    """The sealed bytes leave the store, unless another report's evidence has the very same sealed bytes (it never has)."""
    for name in names:
        if not Evidence.objects.filter(original=name).exists() and not Evidence.objects.filter(copy=name).exists():
            (Path(settings.DESK_STORE) / name[:2] / name).unlink(missing_ok=True)
