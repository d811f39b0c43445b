"""What has had its time is destroyed: keys, bytes and rows go, a stub stays; holds, appeals and objections stop it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from showground.reports.actions import decide, keep, triage
from showground.reports.actions.appeal import lodge
from showground.reports.actions.bulk import reject
from showground.reports.actions.file import Upload
from showground.reports.models import Case, Decision, Event, Identity, Report
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
from tests.reports.office import LOG, MAIL, NOW, Office, an_office, written

pytestmark = pytest.mark.django_db
DAY = 86400


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    return an_office(tmp_path / "desk", settings)


def _closed(office: Office) -> Case:
    case = office.case(files=[Upload("a.eml", "message/rfc822", MAIL)], identity={"name": "Lin Example"})
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    triage.close(case, by=office.people["ada"], at=NOW, log=LOG)
    return case


def _stored() -> int:
    return sum(1 for p in Path(site.DESK_STORE).rglob("*") if p.is_file())


def test_spam_is_gone_after_14_days_and_not_before(office: Office) -> None:
    report, _ = office.file("Pills at https://pills.example/", "scam", files=[Upload("a.eml", "", MAIL)])
    office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    reject([report.case], "advertising", by=office.people["ada"], at=NOW, log=LOG)
    assert keep.keep(NOW + 14 * DAY - 1, log=LOG)["spam"] == 0 and _stored() == 1
    assert keep.keep(NOW + 14 * DAY, log=LOG)["spam"] == 1 and keep.keep(NOW + 15 * DAY, log=LOG)["spam"] == 0
    report.refresh_from_db()
    assert (report.body_sealed, report.lookup, report.erased_at) == (b"", None, NOW + 14 * DAY)
    assert not report.wraps.exists() and not report.evidence.exists() and not report.marks.exists()
    assert report.number and Event.objects.filter(thing="report", verb="shredded").count() == 1


def test_files_leave_the_store_with_their_report(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    case = _closed(office)
    assert _stored() > 0
    with django_capture_on_commit_callbacks(execute=True):
        keep.shred(case.reports.get(), at=NOW, log=LOG, why="deletion")
    assert _stored() == 0


def test_a_name_is_gone_90_days_after_the_case_is_closed(office: Office) -> None:
    case = _closed(office)
    assert keep.keep(NOW + 90 * DAY - 1, log=LOG)["identities"] == 0
    assert keep.keep(NOW + 90 * DAY, log=LOG)["identities"] == 1
    kept = Identity.objects.get()
    assert kept.sealed == b"" and not kept.halves.exists() and case.reports.get().wraps.exists(), "the evidence stays for an appeal"


def test_evidence_stays_until_nobody_can_appeal_and_30_days_more(office: Office) -> None:
    case = _closed(office)
    gone = NOW + (184 + 30) * DAY
    assert keep.keep(gone - 1, log=LOG)["cases"] == 0 and case.reports.get().wraps.exists()
    assert keep.keep(gone, log=LOG)["cases"] == 1
    decision = Decision.objects.get()
    assert decision.outcome == "unfounded" and decision.facts_sealed == b"" and decision.reasons.exists()
    assert not case.reports.get().wraps.exists() and not case.notes.exists()
    with pytest.raises(Refused, match=r"vault\.shut"):
        by_officer(case.reports.get(), office.who())


def test_an_open_appeal_keeps_the_evidence(office: Office) -> None:
    case = _closed(office)
    lodge(by_officer(case.reports.get(), office.who()), "Look again", at=NOW + 183 * DAY, log=LOG)
    assert keep.keep(NOW + 500 * DAY, log=LOG)["cases"] == 0 and case.reports.get().wraps.exists()


def test_a_legal_hold_keeps_everything(office: Office) -> None:
    case = _closed(office)
    triage.hold(case, "Order 12/26", by=office.people["ada"], at=NOW, log=LOG)
    told = keep.keep(NOW + 900 * DAY, log=LOG)
    assert (told["cases"], told["identities"]) == (0, 0)
    with pytest.raises(Refused, match=r"report\.on_hold"):
        keep.ask_deletion(case.reports.get(), "law", by=office.people["ada"], at=NOW, log=LOG)
    triage.hold(case, "", by=office.people["ada"], at=NOW, log=LOG)
    assert keep.keep(NOW + 900 * DAY, log=LOG)["cases"] == 1


def test_a_deletion_takes_two_and_fifteen_days(office: Office) -> None:
    case = office.case()
    report = case.reports.get()
    asked = keep.ask_deletion(report, "third_person", by=office.people["ada"], at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"decision\.same_person"):
        keep.agree_deletion(asked, by=office.people["ada"], at=NOW, log=LOG)
    assert keep.keep(NOW + 100 * DAY, log=LOG)["deletions"] == 0, "one person is not enough"
    keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)
    assert keep.keep(NOW + 15 * DAY - 1, log=LOG)["deletions"] == 0
    assert keep.keep(NOW + 15 * DAY, log=LOG)["deletions"] == 1
    assert not Report.objects.get().wraps.exists()


def test_an_objection_stops_a_deletion(office: Office) -> None:
    report = office.case().reports.get()
    asked = keep.ask_deletion(report, "law", by=office.people["ada"], at=NOW, log=LOG)
    keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)
    keep.object_deletion(asked, by=office.people["cyd"], at=NOW + DAY, log=LOG)
    assert keep.keep(NOW + 100 * DAY, log=LOG)["deletions"] == 0 and report.wraps.exists()
