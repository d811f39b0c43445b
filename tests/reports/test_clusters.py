"""Reports are taken in by an officer with an open shift and no other; what belongs together is linked, and every link can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.reports.actions import link
from showground.reports.actions.bulk import fold, reject, take_back
from showground.reports.actions.decide import propose
from showground.reports.actions.file import Upload
from showground.reports.actions.take_in import take_in
from showground.reports.models import Case, CaseLink, Event, Evidence, Mark, Report
from showground.reports.queries import case as queries
from showground.reports.queries import matching, reading
from showground.rules.refused import Refused
from tests.reports.office import LOG, MAIL, NOW, WORDS, Office, an_office, picture, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    return an_office(tmp_path / "desk", settings)


def _case(report: Report) -> Case:
    report.refresh_from_db()
    assert report.case is not None
    return report.case


def test_what_came_is_read_and_has_a_case(office: Office) -> None:
    report, _ = office.file(files=[Upload("a.eml", "message/rfc822", MAIL), Upload("b.png", "image/png", picture())])
    done = office.take_in()
    assert (done.read, done.joined, done.left) == (1, 0, 0)
    case = _case(report)
    opened = queries.opened(report, office.who("ben"))
    assert opened.words == WORDS and [file.name for file in opened.files] == ["a.eml", "b.png"]
    mail, shot = opened.files
    assert mail.told["kind"] == "mail" and shot.told["kind"] == "picture" and len(shot.copies) == 1
    flags = {flag["code"] for one in mail.told["mails"] for flag in one["flags"]}
    assert "mail.reply_elsewhere" in flags
    assert queries.pixels(report, shot.evidence, 0, office.who()).startswith(b"\x89PNG")
    assert case.severity == 3 and case.state == "new"
    assert any(one["host"] == "harb0ur-bank.example" for one in queries.links_of(case, office.who()))


def test_nothing_is_read_without_the_key_of_the_desk(office: Office) -> None:
    office.file()
    with pytest.raises(Refused, match=r"desk\.shut"):
        take_in(office.who("custodian"), at=NOW, log=LOG)
    assert Report.objects.get().state == "received" and not Mark.objects.exists()


def test_the_same_thing_is_one_case_and_other_things_are_not(office: Office) -> None:
    first, _ = office.file("Pay the parcel fee of 2.99 at https://parcel-fee.example/p?id=1 or it goes back")
    same, _ = office.file("i got this text, is it real? https://parcel-fee.example/p?id=2 they want 2.99", channel="kiosk")
    other, _ = office.file("A man on the phone says he is from the tax office and wants gift cards", "scam")
    office.take_in()
    assert _case(first) == _case(same) != _case(other)
    assert CaseLink.objects.get(report=same).rule == "site"


def test_a_broken_file_loses_no_report(office: Office) -> None:
    report, _ = office.file(
        files=[Upload("x.pdf", "application/pdf", b"%PDF-1.7 broken"), Upload("y.bin", "", bytes(range(256)) * 40)]
    )
    office.take_in()
    assert _case(report).state == "new"
    assert set(Evidence.objects.filter(report=report, kind="file").values_list("state", flat=True)) == {"unreadable"}
    held = reading.by_officer(report, office.who())
    assert reading.original(held, report.evidence.filter(kind="file").order_by("pk")[0], 0).startswith(b"%PDF")


def test_a_child_s_report_is_sealed_unseen(office: Office) -> None:
    from showground.reports.actions import file

    told = file.Told(
        category="child",
        language="en",
        words="See https://bad.example/a",
        files=[Upload("a.png", "image/png", picture())],
        by_mail=True,
    )
    report, _ = file.file_report(told, log=LOG, at=NOW, proved=True)
    office.take_in()
    evidence = Evidence.objects.get(report=report, kind="file")
    assert evidence.state == "sealed_unseen" and not evidence.copy and not evidence.read_sealed and not evidence.match_sealed
    assert not Mark.objects.filter(report=report, kind__in=["file", "picture"]).exists()
    assert _case(report).severity == 5


def test_severity_follows_spread_and_never_numbers(office: Office) -> None:
    many = [office.file("Pay at https://parcel-fee.example/p now", "impersonation")[0] for _ in range(8)]
    office.take_in()
    case = _case(many[0])
    assert case.reports.count() == 8 and case.severity == link.GRAVITY["impersonation"]
    for day, channel in ((1, "kiosk"), (2, "phone")):
        office.now = NOW + day * 86400
        office.file("Pay at https://parcel-fee.example/p now", "impersonation", channel=channel)
        office.take_in()
    case.refresh_from_db()
    assert case.reports.count() == 10 and case.severity == link.GRAVITY["impersonation"] + 1


def test_a_wrong_link_is_undone_and_no_text_was_touched(office: Office) -> None:
    first, _ = office.file("Pay at https://shared-shop.example/a")
    wrong, _ = office.file("My own shop is at https://shared-shop.example/b and is copied", "scam")
    office.take_in()
    before = {r.pk: bytes(r.body_sealed) for r in (first, wrong)}
    assert _case(first) == _case(wrong)
    apart = link.undo(wrong, by=office.people["ada"], at=NOW, log=LOG)
    assert _case(wrong) == apart != _case(first)
    assert before == {r.pk: bytes(r.body_sealed) for r in Report.objects.all()}
    undone = CaseLink.objects.get(report=wrong, rule="site")
    assert undone.undone_by == office.people["ada"] and undone.undone_at == NOW
    with pytest.raises(Refused, match=r"link\.only"):
        link.undo(wrong, by=office.people["ada"], at=NOW, log=LOG)
    office.file("Another one https://shared-shop.example/c")
    office.take_in()
    assert _case(wrong) == apart, "what was put apart stays apart"


def test_merging_and_undoing_gives_back_what_was(office: Office) -> None:
    one, _ = office.file("The first thing at https://one-thing.example/", "scam")
    two, _ = office.file("Quite another matter: https://two-things.example/", "scam")
    office.take_in()
    a, b = _case(one), _case(two)
    assert link.merge(b, a, by=office.people["ada"], at=NOW, log=LOG) == 1
    b.refresh_from_db()
    assert _case(two) == a and b.state == "closed" and not b.decisions.exists()
    assert link.undo(two, by=office.people["ben"], at=NOW + 5, log=LOG) == b
    b.refresh_from_db()
    assert b.state == "new" and b.closed_at is None and _case(one) == a


def test_a_later_report_of_a_decided_case_is_kept(office: Office) -> None:
    case = office.case("Look at https://odd-page.example/x")
    propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    later, _ = office.file("It is still there: https://odd-page.example/y", at=NOW + 9)
    office.now = NOW + 9
    office.take_in()
    case.refresh_from_db()
    assert _case(later) == case and case.state == "decided" and later.state == "clustered"


def test_a_suggestion_waits_for_a_person(office: Office) -> None:
    one, _ = office.file("See https://drive.google.com/file/aaa of them", "scam")
    two, _ = office.file("They sent https://drive.google.com/file/bbb to me", "scam")
    office.take_in()
    assert _case(one) != _case(two)
    found = queries.suggestions(_case(two), office.people["ada"])
    assert [s.case for s in found] == [_case(one)]
    link.take_suggestion(found[0], by=office.people["ada"], at=NOW, log=LOG)
    assert _case(one) == _case(two) and not queries.suggestions(_case(two), office.people["ada"])


def test_a_flood_is_rejected_at_once_and_taken_back(office: Office) -> None:
    spam = [office.file(f"Buy cheap pills at https://pills-{n}.example/", "scam")[0] for n in range(3)]
    office.take_in()
    cases = [_case(report) for report in spam]
    numbers = reject(cases, "advertising", by=office.people["ada"], at=NOW, log=LOG)
    assert set(numbers) == {report.number for report in spam}
    assert {c.state for c in Case.objects.all()} == {"closed"}
    assert set(Report.objects.values_list("state", "expires_at")) == {("rejected_spam", NOW + 14 * 86400)}
    assert take_back(numbers, by=office.people["ada"], at=NOW + 3, log=LOG) == 3
    assert {c.state for c in Case.objects.all()} == {"new"} and set(Report.objects.values_list("state", "expires_at")) == {
        ("clustered", None)
    }
    first, came = fold(cases, by=office.people["ada"], at=NOW + 4, log=LOG)
    assert came == 2 and first == cases[0] and first.reports.count() == 3


def test_a_decided_case_is_no_spam(office: Office) -> None:
    case = office.case()
    propose(case, written("insufficient"), who=office.who(), at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"bulk\.decided"):
        reject([case], "flood", by=office.people["ada"], at=NOW, log=LOG)
    assert Report.objects.get().state == "clustered"


def test_held_reports_are_not_taken_in_before_their_time(office: Office) -> None:
    from showground.reports.actions import file

    told = file.Told(category="scam", language="en", words="A held one at https://held.example/")
    file.file_report(told, log=LOG, at=NOW, held_until=NOW + 900)
    assert office.take_in().read == 0 and matching.waiting(NOW, held=True) == 1
    office.now = NOW + 901
    assert office.take_in().read == 1


def test_two_officers_take_in_the_same_report_once(office: Office) -> None:
    report, _ = office.file()
    assert office.take_in("ada").read == 1 and office.take_in("ben").read == 0
    assert Event.objects.filter(thing="report", thing_id=report.pk, verb="taken_in").count() == 1
