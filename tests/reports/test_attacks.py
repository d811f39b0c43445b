"""The desk as somebody hostile meets it: two tabs, two people at once, links of others, forms that no page of ours has sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from showground.entries.models import Entry
from showground.people.models import Person
from showground.reports.actions import bulk, decide, hear, hold, keep, keys, link, recuse, refer, stash, triage, withdraw
from showground.reports.actions.answer import write
from showground.reports.actions.appeal import appeal_affected, lodge
from showground.reports.actions.file import Upload
from showground.reports.models import Appeal, Card, Case, Decision, Deletion, Evidence, Holder, Identity, Message, Referral, Report
from showground.reports.queries import answers, counting, figures, queue, reporter
from showground.reports.queries.case import read_of
from showground.reports.queries.reading import by_code, by_officer
from showground.reports.queries.states import OPEN
from showground.rules.refused import Refused
from tests.harness.between import meanwhile
from tests.reports.office import LOG, MAIL, NOW, Office, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
SAID = {"en": "Looked at again.", "zh": "已重新审查。"}


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    hold.buckets.full_at.clear()
    return an_office(tmp_path / "desk", settings)


@pytest.fixture
def room(office: Office, settings: Any) -> Room:
    settings.CLOCK = lambda: office.now
    return Room(office)


# ---- two people at once ----


class AnswersAtOnce(EmailBackend):
    """The partner answers while our letter is still on its way."""

    def send_messages(self, messages: Any) -> int:
        """Sends, and answers."""
        token = str(messages[0].body).split("/partner/")[1].split("/")[0]
        refer.answer_referral(token, "acted", words="", reference="T-1", at=NOW + 3 * 86400, log=LOG)
        return int(super().send_messages(messages))


def test_an_answer_that_comes_while_the_reminder_is_sent_stands(office: Office, settings: Any) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who(), at=NOW, log=LOG)
    decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    referral = Referral.objects.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    refer.send_referral(referral, who=office.who(), week="sample", at=NOW, log=LOG)
    settings.EMAIL_BACKEND = f"{__name__}.AnswersAtOnce"
    refer.remind(at=NOW + 3 * 86400, log=LOG, week="sample")
    referral.refresh_from_db()
    assert (referral.state, referral.partner_ref) == ("acted", "T-1")


def test_while_figures_are_overdue_nothing_is_asked_again_either(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who(), at=NOW, log=LOG)
    decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    referral = refer.read_referral(Referral.objects.get(), who=office.who("ben"), at=NOW, log=LOG)
    referral = refer.send_referral(referral, who=office.who(), week="sample", at=NOW, log=LOG)
    refer.answer_referral(answers.token_of(referral), "acted", words="", reference="", at=NOW, log=LOG)
    late = NOW + 30 * 86400
    with pytest.raises(Refused) as no:
        refer.relapse(referral, who=office.who(), at=late, log=LOG)
    assert no.value.code == "referral.figures"
    refer.relapse(referral, who=office.who(), at=NOW + 86400, log=LOG)
    assert refer.remind(at=late, log=LOG, week="sample") == 0


def test_what_is_erased_while_an_officer_takes_it_in_stays_erased(office: Office) -> None:
    report, code = office.file(code=True, files=[Upload("a.eml", "message/rfc822", MAIL)])
    with meanwhile("SAVEPOINT", lambda: withdraw.erase(by_code(code), at=NOW, log=LOG)):
        office.take_in()
    report.refresh_from_db()
    assert report.case is not None and report.state == "clustered"
    assert not report.marks.exists() and not Evidence.objects.filter(report=report).exclude(original="", copy="").exists()
    for row in Evidence.objects.filter(report=report).exclude(read_sealed=b""):
        assert not read_of(by_officer(report, office.who()), row).get("opened")


def test_an_answer_of_the_reporter_does_not_open_a_case_that_was_decided_meanwhile(office: Office) -> None:
    case = office.case(code=True)
    report = case.reports.get()
    triage.tell(case, report, "When was it?", who=office.who(), at=NOW, log=LOG, wait=True)
    held = by_officer(Report.objects.select_related("case").get(pk=report.pk), office.who())

    def decided() -> None:
        triage.go_on(case, by=office.people["ada"], at=NOW + 5, log=LOG)
        decide.propose(case, written("unfounded"), who=office.who(), at=NOW + 6, log=LOG)

    assert held.report.case is not None and held.report.case.state == "awaiting_reporter"
    decided()
    write(held, "At noon.", way="to_desk", at=NOW + 7, log=LOG)
    assert Case.objects.get().state == "decided"


def test_an_objection_at_the_last_moment_saves_a_report(office: Office) -> None:
    case = office.case()
    asked = keep.ask_deletion(case.reports.get(), "wrong_upload", by=office.people["ada"], at=NOW, log=LOG)
    keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)
    last, cyd = NOW + keep.OBJECTION, office.people["cyd"]
    with meanwhile("SAVEPOINT", lambda: keep.object_deletion(asked, by=cyd, at=last, log=LOG)):
        assert keep._deletions(last, LOG) == 0
    assert case.reports.get().body_sealed


def test_a_key_of_both_halves_is_made_in_no_two_tabs(office: Office) -> None:
    person = Person.objects.create(email="two-tabs@desk.example")
    with (
        meanwhile("SAVEPOINT", lambda: keys.make_key(person, "approver", "a long passphrase", at=NOW)),
        pytest.raises(Refused) as no,
    ):
        keys.make_key(person, "custodian", "a long passphrase", at=NOW)
    assert no.value.code == "desk.key_held" and Holder.objects.filter(person=person).count() == 1


def test_who_was_custodian_and_becomes_approver_never_holds_both_halves(office: Office) -> None:
    report, _ = office.file(identity={"name": "Lin Example"})
    identity = Identity.objects.get(report=report)
    keys.revoke_key(office.holders["custodian"], at=NOW, log=LOG)
    assert set(identity.halves.values_list("holder__duty", flat=True)) == {"approver"}


def test_what_a_recused_officer_proposed_holds_only_as_somebody_elses(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who(), at=NOW, log=LOG)
    recuse.recuse(case, office.people["ada"], reason_code="knows_reporter", at=NOW, log=LOG)
    case.refresh_from_db()
    triage.assign(case, office.holders["ben"], who=office.who("ben"), at=NOW, log=LOG)
    with pytest.raises(Refused) as no:
        decide.confirm(case, who=office.who("cyd"), at=NOW, log=LOG)
    assert no.value.code == "decision.not_proposed" and not Decision.objects.exists()


# ---- appeals ----


def test_two_appeals_cannot_turn_one_decision_twice(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who(), at=NOW, log=LOG)
    decision = decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    ours = lodge(by_officer(case.reports.get(), office.who()), "More should be done.", at=NOW + 10, log=LOG)
    theirs = appeal_affected(answers.code_of(decision), "It is my own site.", at=NOW + 10, log=LOG)
    for appeal in (ours, theirs):
        hear.take(appeal, who=office.who("cyd"), at=NOW + 20, log=LOG)
    told = {"who": office.who("cyd"), "at": NOW + 30, "log": LOG}
    hear.decide_appeal(theirs, "reversed", SAID, instead="unfounded", **told)
    with pytest.raises(Refused) as no:
        hear.decide_appeal(ours, "reversed", SAID, instead="insufficient", **told)
    assert no.value.code == "appeal.replaced"
    assert Decision.objects.filter(case=case, replaced_by=None).count() == 1


def test_an_appeal_that_was_won_is_not_decided_again_by_the_one_who_lost_it(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    appeal = lodge(by_officer(case.reports.get(), office.who()), "It is a fraud.", at=NOW + 10, log=LOG)
    hear.take(appeal, who=office.who("ben"), at=NOW + 20, log=LOG)
    hear.decide_appeal(appeal, "reversed", SAID, instead="refer", who=office.who("ben"), at=NOW + 30, log=LOG)
    case.refresh_from_db()
    assert case.state == "assessing"
    triage.assign(case, office.holders["ada"], who=office.who(), at=NOW + 40, log=LOG)
    case.refresh_from_db()
    with pytest.raises(Refused) as no:
        decide.propose(case, written("insufficient"), who=office.who(), at=NOW + 50, log=LOG)
    assert no.value.code == "appeal.same_person"


def test_one_reporter_of_a_case_does_not_use_up_the_appeal_of_the_others(office: Office) -> None:
    _, mine = office.file(code=True)
    _, other = office.file(code=True)
    office.take_in()
    case = Case.objects.get()
    triage.assign(case, office.holders["ada"], who=office.who(), at=NOW, log=LOG)
    case.refresh_from_db()
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    lodge(by_code(other), "Nonsense.", at=NOW + 10, log=LOG)
    seen = reporter.status(by_code(mine), at=NOW + 20, window=184 * 86400)
    assert seen.appeal == "" and seen.may_appeal_until
    lodge(by_code(mine), "It is a fraud.", at=NOW + 20, log=LOG)
    assert Appeal.objects.count() == 2
    with pytest.raises(Refused) as no:
        lodge(by_code(mine), "Again.", at=NOW + 30, log=LOG)
    assert no.value.code == "appeal.twice"


# ---- who stays out ----


def test_who_stays_out_of_a_case_neither_destroys_nor_keeps_its_reports(room: Room) -> None:
    case = room.office.case()
    asked = keep.ask_deletion(case.reports.get(), "wrong_upload", by=room.office.people["ada"], at=NOW, log=LOG)
    recuse.recuse(case, room.office.people["ben"], reason_code="knows_accused", at=NOW, log=LOG)
    for do in ("agree", "object"):
        assert room.enter("ben").post(f"{HOME}deletions/", {"which": asked.pk, "do": do}).status_code == 404
    kept = Deletion.objects.get()
    assert kept.agreed_at is None and kept.objected_at is None


def test_one_person_in_two_tabs_does_not_destroy_a_report(room: Room) -> None:
    case = room.office.case()
    ada, report = room.enter("ada"), case.reports.get()
    asked = {"report": report.number, "reason": "wrong_upload"}
    assert ada.post(f"{HOME}case/{case.number}/destroy/", asked).status_code == 302
    assert ada.post(f"{HOME}case/{case.number}/destroy/", asked).status_code == 422
    number = Deletion.objects.get().pk
    assert ada.post(f"{HOME}deletions/", {"which": number, "do": "agree"}).status_code == 422
    assert keep.keep(NOW + 40 * 86400, log=LOG)["deletions"] == 0


def test_who_stays_out_of_a_case_does_not_take_its_warning_back(room: Room) -> None:
    case = room.office.case()
    card = Card.objects.create(code="phishing-1", case=case, written_by=room.office.people["ada"], title={"en": "x", "zh": "x"},
                               how={"en": "x", "zh": "x"}, act={"en": "x", "zh": "x"}, published_at=NOW)  # fmt: skip
    recuse.recuse(case, room.office.people["ben"], reason_code="knows_accused", at=NOW, log=LOG)
    assert room.enter("ben").post(f"{HOME}cards/", {"which": card.pk, "do": "withdraw"}).status_code == 422
    card.refresh_from_db()
    assert card.withdrawn_at is None


def test_the_maker_of_a_work_sees_nothing_of_the_case_about_it(room: Room) -> None:
    room.office.file("It shows my face without asking me, says Lin.", "harassment", standing="target", subject="abcdef")
    room.office.take_in()
    case = Case.objects.get(work="abcdef")
    ben = room.enter("ben")
    assert case.number in ben.get(HOME).content.decode()
    Entry.objects.filter(code="abcdef").update(person=room.office.people["ben"])
    assert ben.get(f"{HOME}case/{case.number}/").status_code == 404
    shown = text(ben.get(HOME))
    assert case.number not in shown and "says Lin" not in shown
    assert case.number not in text(ben.post(f"{HOME}find/", {"typed": case.number})).replace(f'"{case.number}"', "")


# ---- forms that no page of ours has sent ----


@pytest.mark.parametrize(
    "told",
    ["5b" * 1000, b'{"id":["a"],"lock":"","name":"","kind":"","size":1}'.hex(), b"[[]]".hex(), b'{"id":1}'.hex(), "zz",
     b'{"id":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"kind":"","lock":"","name":"","size":1}'.hex()],
)  # fmt: skip
def test_a_made_up_file_that_waits_is_no_error_of_ours(room: Room, told: str) -> None:
    page = Client(raise_request_exception=False).post(
        "/en/sample/report/", {"category": "scam", "words": "x", "waiting": told}, headers={"origin": "http://localhost:8300"},
        SERVER_NAME="localhost", SERVER_PORT="8300",
    )  # fmt: skip
    assert page.status_code == 200


def test_a_waiting_file_with_another_key_is_refused_by_name(office: Office) -> None:
    kept = json.loads(bytes.fromhex(stash.put(Upload("a.txt", "text/plain", b"x"), at=NOW)))
    for lock in ("zz", "ab", "00" * 32):
        with pytest.raises(Refused):
            stash.take(json.dumps({**kept, "lock": lock}).encode().hex())


def test_an_appeal_ends_in_no_outcome_that_needs_more_than_it_asks(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    appeal = lodge(by_officer(case.reports.get(), office.who()), "It is a fraud.", at=NOW + 10, log=LOG)
    hear.take(appeal, who=office.who("ben"), at=NOW + 20, log=LOG)
    for instead in ("duplicate_of", "not_our_remit"):
        with pytest.raises(Refused) as no:
            hear.decide_appeal(appeal, "reversed", SAID, instead=instead, who=office.who("ben"), at=NOW + 30, log=LOG)
        assert no.value.code == "appeal.instead"


def test_a_booth_with_a_long_name_is_a_booth(room: Room) -> None:
    ada = room.enter("ada")
    address = ada.post("/en/sample/reports/booths/", {"booth": "东四环科技馆一号展厅自助举报终端（入口左侧第三台机器）"}).context[
        "address"
    ]
    token = address.rstrip("/").split("/")[-1]
    told = {"category": "scam", "words": "They took my money.", "kiosk": token}
    page = Client(SERVER_NAME="localhost", SERVER_PORT="8300").post(
        "/en/sample/report/send/", told, headers={"origin": "http://localhost:8300"}
    )
    assert page.status_code == 200 and Report.objects.get().channel == "kiosk"


def test_one_code_is_not_a_flood(room: Room) -> None:
    _, code = room.office.file(code=True)
    home = "/en/sample/report/look/"
    client = Client(SERVER_NAME="localhost", SERVER_PORT="8300", headers={"origin": "http://localhost:8300"})
    assert client.post(home, {"code": code}).status_code == 200
    seen = [client.post(f"{home}say/", {"words": "x"}).status_code for _ in range(61)]
    assert seen[:60] == [302] * 60 and seen[60] == 422 and Message.objects.count() == 60


# ---- guessing ----


def test_places_in_the_line_are_not_a_stock_of_guesses(office: Office) -> None:
    places = [place for _ in range(400) if (place := hold.look_wait(proof="", place="", at=NOW)[1])]
    later = NOW + 61
    came_in = sum(hold.look_wait(proof="", place=place, at=later)[0] == 0 for place in places)
    assert came_in <= 40, "four hundred who asked for a place in one second do not all come in a minute later"


def test_a_place_in_the_line_is_good_once(office: Office) -> None:
    given = [hold.look_wait(proof="", place="", at=NOW) for _ in range(40)]
    (wait, place), (_, other) = given[-1], given[-2]
    assert wait and hold.look_wait(proof="", place=place, at=NOW + wait) == (0, "")
    hold.use_place(place, at=NOW + wait)
    much_later = NOW + wait + 7200
    hold.use_place(other, at=much_later)  # what was used an hour ago is forgotten here
    for _ in range(40):
        hold.look_wait(proof="", place="", at=much_later)
    assert hold.look_wait(proof="", place=place, at=much_later)[0] > 0


# ---- what is left when nobody is left ----


def test_what_is_taken_back_makes_nobody_look_fast(office: Office) -> None:
    for number in range(10):
        report, _ = office.file(f"Report {number}")
        if number % 2:
            link.join(report, link.new_case(report, at=NOW, log=LOG), rule="first", score=1, at=NOW, log=LOG)
        withdraw.withdraw(by_officer(report, office.who()), at=NOW + 1, log=LOG)
    since = figures.week_of(NOW)
    times = counting.counted(since, since + figures.EVERY)[0]["times"]
    assert times["decision"]["total"] == 0 and times["first_look"]["total"] == 5


def test_a_case_that_all_its_reporters_took_back_waits_for_nobody(office: Office) -> None:
    case = office.case(code=True)
    withdraw.withdraw(by_officer(case.reports.get(), office.who()), at=NOW + 5, log=LOG)
    case.refresh_from_db()
    assert case.state == "closed"


def test_who_takes_back_the_first_report_does_not_bury_those_that_follow(office: Office) -> None:
    case = office.case(code=True)
    withdraw.withdraw(by_officer(case.reports.get(), office.who()), at=NOW + 5, log=LOG)
    later, _ = office.file()
    office.take_in()
    later.refresh_from_db()
    assert later.case is not None and later.case.state in OPEN


def test_what_joins_a_decided_case_is_looked_at_by_a_person(office: Office) -> None:
    case, ada = office.case(), office.people["ada"]
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    case.refresh_from_db()
    triage.close(case, by=ada, at=NOW, log=LOG)
    assert queue.rows(queue.Asked("open"), ada, NOW)[1] == 0
    office.file()
    office.take_in()
    assert [row.case.number for row in queue.rows(queue.Asked("open"), ada, NOW)[0]] == [case.number]
    triage.assign(case, office.holders["ada"], who=office.who(), at=NOW, log=LOG)
    assert queue.rows(queue.Asked("open"), ada, NOW)[1] == 0


def test_who_says_that_it_is_no_junk_is_looked_at_again_once(office: Office) -> None:
    report, _ = office.file()
    office.take_in()
    case, ada = Case.objects.get(), office.people["ada"]
    for states in (("clustered", "new"), ("rejected_spam", "closed")):
        bulk.reject([case], "nonsense", by=ada, at=NOW, log=LOG)
        held = by_officer(Report.objects.select_related("case").get(), office.who())
        write(held, "It is true.", way="to_desk", at=NOW + 5, log=LOG)
        report.refresh_from_db()
        case.refresh_from_db()
        assert (report.state, case.state) == states


def test_two_cases_merged_into_each_other_leave_one_open(office: Office) -> None:
    one, two = office.case("One https://one.example/a"), office.case("Two https://two.example/b")
    told = {"by": office.people["ada"], "at": NOW, "log": LOG}
    link.merge(one, two, **told)
    link.merge(two, one, **told)  # the other tab
    living = Report.objects.filter(state="clustered").select_related("case")
    assert {report.case.state for report in living if report.case} == {"assessing"} and living.count() == 2


def test_nobody_takes_back_twice_what_was_taken_back(office: Office) -> None:
    case = office.case()
    one, two = (by_officer(case.reports.get(), office.who()) for _ in range(2))
    withdraw.withdraw(one, at=NOW + 5, log=LOG)
    with pytest.raises(Refused):
        withdraw.withdraw(two, at=NOW + 6, log=LOG)
