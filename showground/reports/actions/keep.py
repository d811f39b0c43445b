"""What is kept for how long, and how it is destroyed: the keys go, the sealed bytes go, a stub stays. RULE reports 3.10.

Nothing here needs a key: what may be destroyed is told by states, times and holds. `keep` is the job; everything else is people.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from showground.people.models import Person
from showground.reports.actions.at_work import at_work
from showground.reports.actions.identity import VALID
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.actions.triage import go_on
from showground.reports.models import (
    Appeal,
    Case,
    Clock,
    Decision,
    Deletion,
    Evidence,
    Identity,
    IdentityAccess,
    Proposal,
    Reasons,
    Referral,
    Report,
    Shift,
    StaffNote,
)
from showground.reports.queries import clocks
from showground.rules.refused import Refused

DAY = 86400
IDENTITY_KEPT, APPEAL_WINDOW, AFTER_WINDOW, OBJECTION = 90 * DAY, 184 * DAY, 30 * DAY, 15 * DAY
WITHDRAWN_KEPT = 14 * DAY
REASONS = ("illegal_to_hold", "third_person", "wrong_upload", "law")


def keep(now: int, *, log: str) -> dict[str, int]:
    """What has had its time is destroyed, and who waited long enough waits no longer; returns the counts. Runs again unharmed."""
    return {
        "shifts": Shift.objects.filter(expires_at__lte=now).delete()[0],
        "waits": _waits(now, log),
        "spam": _spam(now, log),
        "withdrawn": _withdrawn(now, log),
        "halves": _halves(now),
        "identities": _identities(now, log),
        "cases": _cases(now, log),
        "deletions": _deletions(now, log),
    }


def _waits(now: int, log: str) -> int:
    ids = Clock.objects.filter(thing="case", met_at=None, paused_at__lte=now - clocks.LONGEST_WAIT).values_list(
        "thing_id", flat=True
    )
    waiting = Case.objects.filter(pk__in=list(ids), state=Case.State.AWAITING_REPORTER)
    return sum(_goes_on(case, now, log) for case in waiting)


def _goes_on(case: Case, now: int, log: str) -> bool:
    try:
        go_on(case, at=now, log=log)
    except Refused:
        return False  # its reporter answered, or its officer went on, a moment ago
    return True


def _free() -> Q:
    """Reports that no legal hold keeps."""
    return Q(case=None) | Q(case__legal_hold="")


def _spam(now: int, log: str) -> int:
    gone = Report.objects.filter(_free(), state__in=[Report.State.REJECTED_SPAM, Report.State.OUT_OF_SCOPE], expires_at__lte=now)
    return _all(gone, now, log, "spam")


def _withdrawn(now: int, log: str) -> int:
    """A withdrawn report goes after 14 days, unless it lies in a case that is still worked on or may be appealed.

    The days begin when it came, or when the case was closed that nobody was left in.
    """
    last = now - WITHDRAWN_KEPT
    alone = Q(case=None, received_at__lte=last) | Q(case__closed_at__lte=last, case__decisions=None)
    return _all(Report.objects.filter(_free(), alone, state=Report.State.WITHDRAWN), now, log, "withdrawn")


def _halves(now: int) -> int:
    """What an approver gave and the custodian did not read in its seven days opens nothing any more."""
    late = IdentityAccess.objects.filter(opened_at=None, decided_at__lt=now - VALID).exclude(half_sealed=b"")
    return late.update(half_sealed=b"")


def _all(reports: QuerySet[Report], now: int, log: str, why: str) -> int:
    rows = list(reports.exclude(wraps=None, body_sealed=b"").distinct())
    return sum(_shred_free(report, at=now, log=log, why=why) for report in rows)


@transaction.atomic
def _shred_free(report: Report, *, at: int, log: str, why: str) -> bool:
    """Shreds what no hold keeps now: one may have been set while others were being destroyed."""
    if report.case_id is not None and Case.objects.select_for_update().filter(pk=report.case_id).exclude(legal_hold="").exists():
        return False
    shred(report, at=at, log=log, why=why)
    return True


def _identities(now: int, log: str) -> int:
    due = Identity.objects.filter(
        Q(report__case__closed_at__lte=now - IDENTITY_KEPT, report__case__legal_hold="") | Q(erase_at__lte=now)
    ).exclude(sealed=b"")
    count = 0
    for identity in due.filter(Q(report__case=None) | Q(report__case__legal_hold="")):
        count += _identity(identity, now, log)
    return count


@transaction.atomic
def _identity(identity: Identity, now: int, log: str) -> bool:
    case = identity.report.case_id
    if case is not None and Case.objects.select_for_update().filter(pk=case).exclude(legal_hold="").exists():
        return False
    shred_identity(identity, at=now, log=log)
    return True


def _cases(now: int, log: str) -> int:
    """Evidence goes when nobody can appeal any more and 30 days have passed; an appeal that is not decided keeps it."""
    old = Case.objects.filter(state=Case.State.CLOSED, legal_hold="").annotate(last=Max("decisions__decided_at"))
    old = old.filter(Q(last__lte=now - APPEAL_WINDOW - AFTER_WINDOW) | Q(last=None, closed_at__lte=now - AFTER_WINDOW))
    old = old.exclude(pk__in=Appeal.objects.filter(decided_at=None).values("decision__case"))
    return sum(_case(case, now, log) for case in old.filter(_something_left()))


def _something_left() -> Q:
    """Cases of which something can be read still: the others, which grow to be all of them, are not looked at again and again."""
    own, decided = {"case": OuterRef("pk")}, {"decision__case": OuterRef("pk")}
    return (
        Q(Exists(Report.objects.filter(**own).exclude(wraps=None, body_sealed=b"")))
        | Q(Exists(StaffNote.objects.filter(**own)))
        | Q(Exists(Proposal.objects.filter(**own)))
        | Q(Exists(Decision.objects.filter(**own).exclude(facts_sealed=b"")))
        | Q(Exists(Appeal.objects.filter(**decided).exclude(grounds_sealed=b"")))
    )


@transaction.atomic
def _case(case: Case, now: int, log: str) -> bool:
    """Destroys what a case still has; not what a hold keeps, or somebody took up again, since a moment ago."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.legal_hold or case.state != Case.State.CLOSED:
        return False
    for report in case.reports.exclude(wraps=None, body_sealed=b"").distinct():
        shred(report, at=now, log=log, why="kept_long_enough")
    _shred_case(case, at=now, log=log)
    return True


def _shred_case(case: Case, *, at: int, log: str) -> None:
    """What the desk wrote of the case goes as well: notes, drafts, facts, notices, grounds, what it told reporters.

    Outcomes and times stay, and the reasons that name nobody: to everybody, and to the person affected, which are in the statements.
    """
    StaffNote.objects.filter(case=case).delete()
    Proposal.objects.filter(case=case).delete()
    Reasons.objects.filter(decision__case=case, audience=Reasons.Audience.REPORTER).delete()
    Decision.objects.filter(case=case).update(wrapped=b"", facts_sealed=b"")
    Referral.objects.filter(decision__case=case).update(wrapped=b"", notice_sealed=b"", answer_sealed=b"")
    Appeal.objects.filter(decision__case=case).update(wrapped=b"", grounds_sealed=b"", reasons_sealed=b"")
    note("case", case.pk, "shredded", role="desk", at=at, log=log)


# ---- destroying ----


@transaction.atomic
def shred(report: Report, *, at: int, log: str, why: str) -> None:
    """Nobody can read the report any more: its key's wraps, words, files, marks, messages and code are gone; a stub stays."""
    names = [name for one in report.evidence.all() for name in (one.original, one.copy) if name]
    report.wraps.all().delete()
    report.evidence.all().delete()
    report.marks.all().delete()
    report.messages.all().delete()
    identity = Identity.objects.filter(report=report).exclude(sealed=b"").first()
    if identity is not None:
        shred_identity(identity, at=at, log=log)
    report.body_sealed = report.contact_sealed = report.reader = b""
    report.lookup, report.erased_at = None, report.erased_at or at
    report.save(update_fields=["body_sealed", "contact_sealed", "reader", "lookup", "erased_at"])
    Clock.objects.filter(thing="report", thing_id=report.pk, met_at=None).update(met_at=at)
    note("report", report.pk, "shredded", role="desk", at=at, log=log, facts={"why": why, "files": len(names)})
    transaction.on_commit(lambda: _remove(names))


def _remove(names: list[str]) -> None:
    for name in names:
        if not Evidence.objects.filter(Q(original=name) | Q(copy=name)).exists():
            (Path(settings.DESK_STORE) / name[:2] / name).unlink(missing_ok=True)


@transaction.atomic
def shred_identity(identity: Identity, *, at: int, log: str) -> None:
    """Nobody can learn who it was: both halves of the key and the sealed bytes are gone; that it was opened, if it was, stays."""
    identity.halves.all().delete()
    IdentityAccess.objects.filter(identity=identity).update(half_sealed=b"", reason_sealed=b'{"sealed":"","wraps":{}}')
    identity.sealed, identity.erase_at = b"", None
    identity.save(update_fields=["sealed", "erase_at"])
    note("identity", identity.pk, "shredded", role="desk", at=at, log=log)


# ---- before its time: two persons, and time to object ----


@transaction.atomic
def ask_deletion(report: Report, reason_code: str, *, by: Person, at: int, log: str) -> Deletion:
    """One person asks that a report be destroyed before its time; a second must agree, and then there are 15 days to object."""
    if reason_code not in REASONS:
        raise Refused("desk.reason", reason=reason_code[:40])
    report = Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)
    if report.case is not None:
        may(report.case, by)
    if report.case is not None and report.case.legal_hold:
        raise Refused("report.on_hold")
    if Deletion.objects.filter(report=report, objected_at=None).exists():
        raise Refused("deletion.asked")
    fresh = {
        "reason_code": reason_code, "asked_by": by, "asked_at": at, "agreed_by": None, "agreed_at": None,
        "objected_by": None, "objected_at": None,
    }  # fmt: skip
    asked, _ = Deletion.objects.update_or_create(report=report, defaults=fresh)
    note("report", report.pk, "deletion_asked", role="officer", at=at, log=log, facts={"reason": reason_code})
    return asked


@transaction.atomic
def agree_deletion(deletion: Deletion, *, by: Person, at: int, log: str) -> None:
    """A second person agrees; the 15 days begin."""
    at_work(by)
    deletion = _asked(deletion, by)
    if deletion.agreed_at is not None or deletion.objected_at is not None:
        raise Refused("deletion.answered")
    if deletion.report.case is not None and deletion.report.case.legal_hold:
        raise Refused("report.on_hold")
    if deletion.asked_by_id == by.pk:
        raise Refused("decision.same_person")
    deletion.agreed_by, deletion.agreed_at = by, at
    deletion.save(update_fields=["agreed_by", "agreed_at"])
    note("report", deletion.report_id, "deletion_agreed", role="officer", at=at, log=log)


def _asked(deletion: Deletion, by: Person) -> Deletion:
    """The request as it is now; refuses (`desk.recused`) a person who stays out of its case."""
    found = Deletion.objects.select_for_update().get(pk=deletion.pk)
    if found.report.case is not None:
        may(found.report.case, by)
    return found


@transaction.atomic
def object_deletion(deletion: Deletion, *, by: Person, at: int, log: str) -> None:
    """Somebody of the desk objects, and nothing is destroyed."""
    deletion = _asked(deletion, by)
    if deletion.done_at is not None or deletion.objected_at is not None:
        raise Refused("deletion.answered")
    deletion.objected_by, deletion.objected_at = by, at
    deletion.save(update_fields=["objected_by", "objected_at"])
    note("report", deletion.report_id, "deletion_objected", role="officer", at=at, log=log)


def _deletions(now: int, log: str) -> int:
    due = Deletion.objects.filter(agreed_at__lte=now - OBJECTION, objected_at=None, done_at=None)
    return sum(_delete(pk, now, log) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _delete(pk: int, now: int, log: str) -> bool:
    """Does what two agreed to; not if somebody objected, or a hold was set, while others were being destroyed."""
    Case.objects.select_for_update().filter(reports__deletion=pk).first()
    deletion = Deletion.objects.select_for_update().filter(pk=pk, objected_at=None, done_at=None).first()
    if deletion is None or (deletion.report.case is not None and deletion.report.case.legal_hold):
        return False
    shred(deletion.report, at=now, log=log, why="deletion")
    deletion.done_at = now
    deletion.save(update_fields=["done_at"])
    return True
