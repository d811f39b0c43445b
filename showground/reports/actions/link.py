"""Which reports are one case: links are made by rules or people, undone by people, and touch no text."""

from __future__ import annotations

import secrets

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.legal_hold import carry
from showground.reports.actions.note import note
from showground.reports.models import Case, CaseLink, Clock, Report
from showground.reports.queries import clocks
from showground.reports.queries.states import LIVE_REPORTS, OPEN
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused

# How grave a kind of harm is before anything else is known, 1 to 5; spread over channels and days adds one, numbers add nothing.
GRAVITY = {
    "child": 5,
    "intimate": 4,
    "malware": 3,
    "phishing": 3,
    "harassment": 3,
    "privacy": 3,
    "scam": 3,
    "impersonation": 2,
    "rights": 2,
}
SPREAD = 3


def new_case(report: Report, *, at: int, log: str) -> Case:
    """A case of its own for a report, with the clock of its decision."""
    letters = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
    number = "K" + "".join(secrets.choice(letters) for _ in range(6))
    case = Case.objects.create(
        number=number, category=report.category, severity=GRAVITY[report.category], work=report.subject[:12], opened_at=at
    )
    due = report.received_at + clocks.DECISION
    Clock.objects.create(thing="case", thing_id=case.pk, kind="decision", started_at=report.received_at, due_at=due)
    note("case", case.pk, "opened", role="officer", at=at, log=log)
    return case


@transaction.atomic
def join(report: Report, case: Case, *, rule: str, score: float, at: int, log: str, by: Person | None = None) -> CaseLink:
    """The report belongs to the case; the link says why. A case that is decided or closed takes later reports as well.

    One that was closed because it was empty is open again.
    """
    left = _both(report, report.case, case).case
    link = _join(report, case, rule=rule, score=score, at=at, log=log, by=by)
    weigh(link.case)
    if left is not None and left.pk != link.case.pk:
        settle(left, at=at, log=log)
    return link


def _both(report: Report, *cases: Case | None) -> Report:
    """Returns the report as it is now: nobody else moves it, or decides one of these cases, before this transaction ends.

    Refuses (`link.gone`) one that somebody moved since the caller looked.
    """
    list(Case.objects.select_for_update().filter(pk__in=[one.pk for one in cases if one is not None]).order_by("pk"))
    now = Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)
    if now.case_id != report.case_id:
        raise Refused("link.gone")
    return now


def _join(report: Report, case: Case, *, rule: str, score: float, at: int, log: str, by: Person | None) -> CaseLink:
    """Does what `join` does, with both cases locked, but for weighing them, which costs as much as they are large."""
    case.refresh_from_db()
    if by is not None and report.case_id == case.pk:
        raise Refused("link.there_already")
    left = report.case
    link = CaseLink.objects.create(report=report, case=case, rule=rule[:30], score=round(100 * score), by=by, at=at)
    report.case, report.state = case, Report.State.CLUSTERED
    report.save(update_fields=["case", "state"])
    report.links.filter(suggested=True, case=case, undone_at=None).update(undone_at=at, undone_by=by)
    carry(left, case, at=at, log=log)
    wake(case, at=at, log=log)
    facts = {"rule": link.rule, "late": case.state not in OPEN}
    note("report", report.pk, "linked", role="officer", at=at, log=log, facts=facts)
    return link


def suggest(report: Report, case: Case, *, rule: str, score: float, at: int) -> CaseLink:
    """The report may belong to the case; a person decides."""
    return CaseLink.objects.create(report=report, case=case, rule=rule[:30], score=round(100 * score), suggested=True, at=at)


def take_suggestion(link: CaseLink, *, by: Person, at: int, log: str) -> CaseLink:
    """What was suggested is so: the report joins the other case."""
    if not link.suggested or link.undone_at is not None:
        raise Refused("link.gone")
    return join(link.report, link.case, rule=link.rule, score=link.score / 100, by=by, at=at, log=log)


@transaction.atomic
def drop_suggestion(link: CaseLink, *, by: Person, at: int, log: str) -> None:
    """What was suggested is not so, and is not suggested again."""
    standing = CaseLink.objects.filter(pk=link.pk, suggested=True, undone_at=None)
    if not standing.update(undone_by=by, undone_at=at):
        raise Refused("link.gone")
    note("report", link.report_id, "not_linked", role="officer", at=at, log=log, facts={"rule": link.rule})


@transaction.atomic
def undo(report: Report, *, by: Person, at: int, log: str) -> Case:
    """The report's newest link is undone: it is back in the case it came from, or has one of its own; no text was touched.

    Refuses (`link.only`) a report that is alone in its case from the start.
    """
    _both(report, report.case)
    standing = list(report.links.filter(suggested=False, undone_at=None).order_by("-pk"))
    if not standing or (len(standing) == 1 and standing[0].rule in {"first", "apart"}):
        raise Refused("link.only")
    wrong = standing[0]
    wrong.undone_by, wrong.undone_at = by, at
    wrong.save(update_fields=["undone_by", "undone_at"])
    note("report", report.pk, "link_undone", role="officer", at=at, log=log, facts={"rule": wrong.rule})
    before = standing[1].case if len(standing) > 1 else None
    if before is None:
        before = new_case(report, at=at, log=log)
        CaseLink.objects.create(report=report, case=before, rule="apart", by=by, at=at)
    carry(report.case, before, at=at, log=log)
    report.case = before
    report.save(update_fields=["case"])
    wake(before, at=at, log=log)
    settle(wrong.case, at=at, log=log)
    weigh(before)
    return before


@transaction.atomic
def merge(case: Case, into: Case, *, by: Person, at: int, log: str) -> int:
    """Every report of one case joins another, each by a link of its own that can be undone; returns how many."""
    if case.pk == into.pk:
        raise Refused("link.there_already")
    list(Case.objects.select_for_update().filter(pk__in=[case.pk, into.pk]).order_by("pk"))  # both, in one order for everybody
    reports = list(case.reports.select_for_update().filter(state__in=LIVE_REPORTS))
    for report in reports:
        _join(report, into, rule="merged", score=1, by=by, at=at, log=log)
    if reports:
        weigh(Case.objects.get(pk=into.pk))
        settle(Case.objects.get(pk=case.pk), at=at, log=log)
    return len(reports)


def settle(case: Case, *, at: int, log: str) -> None:
    """A case that no living report belongs to any more is closed without a decision; others are weighed anew."""
    if case.reports.filter(state__in=LIVE_REPORTS).exists() or case.state not in OPEN:
        weigh(case)
        return
    case.state, case.closed_at = Case.State.CLOSED, at
    case.save(update_fields=["state", "closed_at"])
    Clock.objects.filter(thing="case", thing_id=case.pk, met_at=None).update(met_at=at)
    note("case", case.pk, "emptied", role="officer", at=at, log=log)


def wake(case: Case, *, at: int, log: str) -> None:
    """A case that was closed only because it was empty is open again, its clock running from where it was."""
    if case.state != Case.State.CLOSED or case.decisions.exists():
        return
    case.state = Case.State.ASSESSING if case.assignee_id else Case.State.NEW
    case.closed_at = None
    case.save(update_fields=["state", "closed_at"])
    Clock.objects.filter(thing="case", thing_id=case.pk, kind="decision").update(met_at=None)
    note("case", case.pk, "reopened", role="officer", at=at, log=log, facts={"why": "not_empty"})


def weigh(case: Case) -> None:
    """The case's severity follows from its harm and its spread over channels and days, never from how many wrote."""
    rows = list(case.reports.filter(state__in=LIVE_REPORTS).values_list("channel", "received_at", "category"))
    spread = max(len({channel for channel, _, _ in rows}), len({at // 86400 for _, at, _ in rows}), 0)
    grave = max([GRAVITY[category] for _, _, category in rows] or [GRAVITY[case.category]])
    severity = min(5, grave + (spread >= SPREAD))
    if severity != case.severity:
        case.severity = severity
        case.save(update_fields=["severity"])


assert set(GRAVITY) == set(BY_CODE), "every harm has its gravity"
