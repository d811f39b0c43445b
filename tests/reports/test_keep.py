"""What has had its time is destroyed: keys, bytes and rows go, a stub stays; holds, appeals and objections stop it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from showground.reports.actions import decide, keep, legal_hold, link, triage, withdraw
from showground.reports.actions.answer import write
from showground.reports.actions.appeal import lodge
from showground.reports.actions.bulk import reject
from showground.reports.actions.file import Upload
from showground.reports.models import Case, Decision, Event, HoldEnd, Identity, Proposal, Reasons, Report
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
from tests.harness.between import meanwhile
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


def end_hold(office: Office, case: Case, *, at: int = NOW) -> None:
    legal_hold.ask_end(case, by=office.people["ada"], at=at, log=LOG)
    legal_hold.answer_end(case, True, by=office.people["ben"], at=at, log=LOG)


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


def test_with_a_case_go_its_drafts_and_what_reporters_were_told(office: Office) -> None:
    case, gone = _closed(office), NOW + (184 + 30) * DAY
    triage.reopen(case, "later_reports", by=office.people["ada"], at=NOW, log=LOG)
    decide.draft(case, written("refer", facts="half-written suspicion"), who=office.who(), at=NOW, log=LOG)
    Case.objects.update(state="closed", closed_at=NOW)
    keep.shred(case.reports.get(), at=NOW, log=LOG, why="deletion")  # nothing is left of its reports long before
    assert keep.keep(gone, log=LOG)["cases"] == 1
    assert not Proposal.objects.exists() and Decision.objects.get().facts_sealed == b""
    assert set(Reasons.objects.values_list("audience", flat=True)) == {"affected", "public"}
    assert keep.keep(gone + DAY, log=LOG)["cases"] == 0


def test_a_case_that_is_taken_up_again_while_others_are_destroyed_keeps_everything(office: Office) -> None:
    case, gone = _closed(office), NOW + (184 + 30) * DAY
    with meanwhile("SAVEPOINT", lambda: triage.reopen(case, "relapse", by=office.people["ada"], at=gone, log=LOG)):
        assert keep._cases(gone, LOG) == 0
    assert case.reports.get().body_sealed


def test_a_withdrawn_report_goes_14_days_after_its_case_was_closed(office: Office) -> None:
    report = office.case().reports.get()
    withdraw.withdraw(by_officer(report, office.who()), at=NOW + DAY, log=LOG)
    assert Case.objects.get().state == "closed"
    assert keep.keep(NOW + 15 * DAY - 1, log=LOG)["withdrawn"] == 0
    assert keep.keep(NOW + 15 * DAY, log=LOG)["withdrawn"] == 1
    assert not report.wraps.exists()


def test_a_reporter_who_answers_while_the_wait_ends_stops_nothing_else(office: Office) -> None:
    case = office.case()
    triage.tell(case, case.reports.get(), "Where?", who=office.who(), at=NOW, log=LOG, wait=True)
    held = by_officer(Report.objects.get(), office.who())
    late = NOW + 15 * DAY
    with meanwhile("SAVEPOINT", lambda: write(held, "There.", way="to_desk", at=late, log=LOG)):
        assert keep._waits(late, LOG) == 0
    assert Case.objects.get().state == "assessing"


def test_an_open_appeal_keeps_the_evidence(office: Office) -> None:
    case = _closed(office)
    lodge(by_officer(case.reports.get(), office.who()), "Look again", at=NOW + 183 * DAY, log=LOG)
    assert keep.keep(NOW + 500 * DAY, log=LOG)["cases"] == 0 and case.reports.get().wraps.exists()


def test_a_legal_hold_keeps_everything(office: Office) -> None:
    case = _closed(office)
    legal_hold.hold(case, "Order 12/26", by=office.people["ada"], at=NOW, log=LOG)
    told = keep.keep(NOW + 900 * DAY, log=LOG)
    assert (told["cases"], told["identities"]) == (0, 0)
    with pytest.raises(Refused, match=r"report\.on_hold"):
        keep.ask_deletion(case.reports.get(), "law", by=office.people["ada"], at=NOW, log=LOG)
    end_hold(office, case)
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


# ---- legal holds ----


def test_a_hold_is_ended_by_two_and_by_no_empty_line(office: Office) -> None:
    case, ada, ben = _closed(office), office.people["ada"], office.people["ben"]
    for act, code in (
        (lambda: legal_hold.ask_end(case, by=ada, at=NOW, log=LOG), "hold.none"),
        (lambda: legal_hold.hold(case, "  ", by=ada, at=NOW, log=LOG), "hold.reason"),
    ):
        with pytest.raises(Refused, match=code):
            act()
    legal_hold.hold(case, "Order 12/26", by=ada, at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"hold\.reason"):
        legal_hold.hold(case, "", by=ben, at=NOW, log=LOG)
    legal_hold.ask_end(case, by=ada, at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"decision\.same_person"):
        legal_hold.answer_end(case, True, by=ada, at=NOW, log=LOG)
    case.refresh_from_db()
    assert case.legal_hold == "Order 12/26"
    legal_hold.answer_end(case, True, by=ben, at=NOW, log=LOG)
    case.refresh_from_db()
    assert not case.legal_hold and not HoldEnd.objects.exists()
    with pytest.raises(Refused, match=r"hold\.not_asked"):
        legal_hold.answer_end(case, True, by=ben, at=NOW, log=LOG)


def test_a_new_order_voids_the_wish_to_end_the_old_one(office: Office) -> None:
    case, ada, ben = _closed(office), office.people["ada"], office.people["ben"]
    legal_hold.hold(case, "Order 12/26", by=ada, at=NOW, log=LOG)
    legal_hold.ask_end(case, by=ada, at=NOW, log=LOG)
    legal_hold.hold(case, "Order 14/26", by=ben, at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"hold\.not_asked"):
        legal_hold.answer_end(case, True, by=ben, at=NOW, log=LOG)


def test_a_hold_goes_with_every_report_that_leaves_its_case(office: Office) -> None:
    """One officer alone got round a hold by putting the report apart, or by joining it to another case."""
    held, other = office.case("One https://one.example/a"), office.case("Two https://two.example/b")
    into = {"by": office.people["ada"], "at": NOW, "log": LOG}
    link.merge(other, held, **into)
    legal_hold.hold(held, "Order 12/26", **into)
    apart = link.undo(held.reports.order_by("-pk")[0], **into)
    third = office.case("Three https://three.example/c")
    link.merge(held, third, **into)
    for case in (apart, third):
        case.refresh_from_db()
        assert case.legal_hold == "Order 12/26"


def test_a_hold_that_comes_during_a_deletion_keeps_the_report_and_its_end_gives_15_days_again(office: Office) -> None:
    case = office.case()
    report = case.reports.get()
    asked = keep.ask_deletion(report, "law", by=office.people["ada"], at=NOW, log=LOG)
    legal_hold.hold(case, "Order 12/26", by=office.people["cyd"], at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"report\.on_hold"):
        keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)
    end_hold(office, case)
    keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)
    legal_hold.hold(case, "Order 14/26", by=office.people["cyd"], at=NOW + DAY, log=LOG)
    assert keep.keep(NOW + 100 * DAY, log=LOG)["deletions"] == 0
    end_hold(office, case, at=NOW + 100 * DAY)
    assert keep.keep(NOW + 115 * DAY - 1, log=LOG)["deletions"] == 0 and report.wraps.exists()
    assert keep.keep(NOW + 115 * DAY, log=LOG)["deletions"] == 1


def test_a_hold_that_is_set_while_others_are_destroyed_keeps_its_reports(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = office.case("Pills at https://pills.example/", "scam"), office.case("Shoes from https://shoes.example/", "scam")
    reject([first, second], "advertising", by=office.people["ada"], at=NOW, log=LOG)
    shred = keep.shred

    def and_then_a_hold(report: Report, **told: Any) -> None:
        shred(report, **told)
        for case in (first, second):
            legal_hold.hold(case, "Order 12/26", by=office.people["ben"], at=NOW, log=LOG)

    monkeypatch.setattr(keep, "shred", and_then_a_hold)
    assert keep.keep(NOW + 14 * DAY, log=LOG)["spam"] == 1
    assert Report.objects.filter(wraps__to="desk").count() == 1
