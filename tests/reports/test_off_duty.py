"""Whoever loses the duty or the key in the middle of a request finishes nothing that counts; and what is done twice is done once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from showground.reports.actions import cards, decide, hear, keep, keys, legal_hold, link, refer, take_out, triage
from showground.reports.actions.answer import keep_contact
from showground.reports.actions.appeal import lodge
from showground.reports.actions.file import Upload
from showground.reports.models import Appeal, Card, Case, CaseLink, Decision, Holder, Message, Proposal, Referral, Report
from showground.reports.queries.reading import Held, by_officer
from showground.rules.refused import Refused
from tests.harness.between import meanwhile
from tests.reports.office import LOG, MAIL, NOW, Office, a_duty, an_office, no_duty, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
SAID = {"en": "Looked at again.", "zh": "已重新审查。"}
CARD = {name: {"en": "A scam goes round.", "zh": "有骗局流传。"} for name in ("title", "how", "act")}


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    settings.CLOCK = lambda: NOW
    return an_office(tmp_path / "desk", settings)


@pytest.fixture
def room(office: Office) -> Room:
    return Room(office)


def lost_the_duty(office: Office, name: str) -> None:
    no_duty(office.people[name])


def lost_the_key(office: Office, name: str) -> None:
    keys.revoke_key(office.holders[name], at=NOW, log=LOG)


# ---- a second person who is one no longer ----


def _proposed(office: Office, outcome: str = "refer") -> Case:
    case = office.case()
    decide.propose(case, written(outcome), who=office.who(), at=NOW, log=LOG)
    return case


def _confirms(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = _proposed(office)
    return lambda: decide.confirm(case, **facts)


def _sends_back(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = _proposed(office)
    return lambda: decide.send_back(case, "Not yet.", **facts)


def _reads_a_notice(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = _proposed(office)
    decide.confirm(case, who=office.who("cyd"), at=NOW, log=LOG)
    return lambda: refer.read_referral(Referral.objects.get(), **facts)


def _sends_a_notice(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = _proposed(office)
    decide.confirm(case, who=office.who("cyd"), at=NOW, log=LOG)
    notice = refer.read_referral(Referral.objects.get(), who=office.who("cyd"), at=NOW, log=LOG)
    return lambda: refer.send_referral(notice, week="sample", **facts)


def _hears_an_appeal(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = _proposed(office, "unfounded")
    appeal = lodge(by_officer(case.reports.get(), office.who()), "It is a fraud.", at=NOW, log=LOG)
    hear.take(appeal, **facts)
    return lambda: hear.decide_appeal(appeal, "upheld", SAID, **facts)


def _agrees_to_a_deletion(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    asked = keep.ask_deletion(office.case().reports.get(), "law", by=office.people["ada"], at=NOW, log=LOG)
    return lambda: keep.agree_deletion(asked, by=office.people["ben"], at=NOW, log=LOG)


def _ends_a_hold(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case, by = office.case(), {"by": office.people["ada"], "at": NOW, "log": LOG}
    legal_hold.hold(case, "Order 12/26", **by)
    legal_hold.ask_end(case, **by)
    return lambda: legal_hold.answer_end(case, True, by=office.people["ben"], at=NOW, log=LOG)


def _publishes_a_card(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    card = cards.write_card(office.case(), CARD, by=office.people["ada"], at=NOW, log=LOG)
    return lambda: cards.publish_card(card, by=office.people["ben"], at=NOW, log=LOG)


def _takes_a_file_out(office: Office, facts: dict[str, Any]) -> Callable[[], object]:
    case = office.case(files=[Upload("a.eml", "message/rfc822", MAIL)])
    return lambda: take_out.take_out(case, case.reports.get().evidence.get(kind="file"), **facts)


ACTS = (
    _confirms, _sends_back, _reads_a_notice, _sends_a_notice, _hears_an_appeal, _agrees_to_a_deletion, _ends_a_hold, _publishes_a_card,
    _takes_a_file_out,
)  # fmt: skip


@pytest.mark.parametrize(("begun", "loses"), [(_confirms, lost_the_key), *((act, lost_the_duty) for act in ACTS)])
def test_who_is_removed_in_the_middle_of_a_request_does_not_finish_it(office: Office, begun: Any, loses: Any) -> None:
    act = begun(office, {"who": office.who("ben"), "at": NOW, "log": LOG})
    before = [list(model.objects.values()) for model in (Decision, Referral, Appeal, Card)]
    loses(office, "ben")
    after_leaving = [list(model.objects.values()) for model in (Decision, Referral, Appeal, Card)]
    with pytest.raises(Refused, match=r"desk\.off_duty"):
        act()
    assert [list(model.objects.values()) for model in (Decision, Referral, Appeal, Card)] == after_leaving
    assert before[0] == after_leaving[0] and not mail.outbox


def test_nobody_agrees_with_somebody_who_left_a_moment_ago(office: Office) -> None:
    case = _proposed(office)
    no_duty(office.people["ada"])
    with pytest.raises(Refused, match=r"decision\.not_proposed"):
        decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    assert not Decision.objects.exists()


def test_a_draft_that_arrives_after_its_decision_is_not_kept(office: Office) -> None:
    case = _proposed(office, "unfounded")
    with pytest.raises(Refused, match=r"case\.step"):
        decide.draft(case, written("unfounded", facts="a half sentence"), who=office.who(), at=NOW, log=LOG)
    assert not Proposal.objects.exists()


def test_who_recuses_themself_while_they_take_a_case_up_again_does_not_have_it(office: Office) -> None:
    from showground.reports.actions.recuse import recuse

    case, ben = _proposed(office, "unfounded"), office.people["ben"]
    with (
        meanwhile('SELECT "reports_case"', lambda: recuse(case, ben, reason_code="other", at=NOW, log=LOG)),
        pytest.raises(Refused, match=r"desk\.recused"),
    ):
        triage.reopen(case, "relapse", by=ben, at=NOW, log=LOG)


# ---- keys ----


def test_a_key_that_was_revoked_meanwhile_never_gets_the_desks(office: Office) -> None:
    ben = office.holders["ben"]
    stale = Holder.objects.get(pk=ben.pk)
    keys.revoke_key(ben, at=NOW, log=LOG)
    for officer, by in ((stale, office.who()), (office.holders["cyd"], _as_it_was(office, ben))):
        with pytest.raises(Refused, match=r"desk\.cannot_admit"):
            keys.admit_officer(officer, by=by)
    assert Holder.objects.get(pk=ben.pk).desk_wrapped == b""


def _as_it_was(office: Office, gone: Holder) -> Any:
    from dataclasses import replace

    return replace(office.who(), holder=gone)


def test_a_key_that_nobody_admitted_revokes_no_other(room: Room) -> None:
    room.enter("ada")
    Holder.objects.filter(pk=room.office.holders["cyd"].pk).update(desk_wrapped=b"")
    answer = room.enter("cyd").post(f"{HOME}shift/{room.office.holders['ben'].pk}/revoke/")
    assert answer.status_code == 422 and Holder.objects.get(pk=room.office.holders["ben"].pk).revoked_at is None


def test_the_last_key_at_work_is_counted_behind_the_lock(office: Office) -> None:
    no_duty(office.people["cyd"])  # has a key still
    keys.revoke_key(office.holders["ben"], at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"desk\.last_key"):
        keys.revoke_key(office.holders["ada"], at=NOW, log=LOG)


# ---- once ----


def test_a_message_whose_button_was_pressed_twice_is_one(office: Office) -> None:
    case = office.case()
    report = case.reports.get()
    for second in (0, 1):
        triage.tell(case, report, "Where was it?", who=office.who(), at=NOW + second, log=LOG, wait=True)
    assert Message.objects.count() == 1 and Case.objects.get().state == "awaiting_reporter"
    triage.go_on(case, by=office.people["ada"], at=NOW + 70, log=LOG)
    triage.tell(case, report, "Where was it?", who=office.who(), at=NOW + 80, log=LOG)
    assert Message.objects.count() == 2, "asked again later is asked again"


def test_a_report_that_somebody_moved_meanwhile_is_not_moved_again(office: Office) -> None:
    one, two = office.case("One https://one.example/a"), office.case("Two https://two.example/b")
    stale, told = Report.objects.get(case=one), {"by": office.people["ada"], "at": NOW, "log": LOG}
    link.join(Report.objects.get(case=one), two, rule="merged", score=1, **told)
    for act in (lambda: link.join(stale, two, rule="merged", score=1, **told), lambda: link.undo(stale, **told)):
        with pytest.raises(Refused, match=r"link\.gone"):
            act()
    assert CaseLink.objects.filter(report=stale, case=two, undone_at=None).count() == 1


def test_only_its_officer_goes_on_without_the_reporters_answer(room: Room) -> None:
    case = room.office.case()
    triage.tell(case, case.reports.get(), "Where was it?", who=room.office.who(), at=NOW, log=LOG, wait=True)
    answer = room.enter("ben").post(f"{HOME}case/{case.number}/begin/")
    assert answer.status_code == 422 and "not in your hands" in text(answer)
    assert Case.objects.get().state == "awaiting_reporter"


def test_a_case_of_which_a_report_was_destroyed_takes_thirty_days_all_the_same(office: Office) -> None:
    case = office.case()
    keep.shred(case.reports.get(), at=NOW, log=LOG, why="deletion")
    triage.extend(case, SAID, who=office.who(), at=NOW, log=LOG)
    assert not Message.objects.exists()


def test_who_appealed_and_asked_for_letters_has_one(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    case = _proposed(office, "unfounded")
    opened = by_officer(case.reports.get(), office.who())
    held = Held(opened.report, opened.lock)
    keep_contact(held, "reporter@home.example", at=NOW, log=LOG)
    appeal = lodge(held, "It is a fraud.", at=NOW, log=LOG)
    hear.take(appeal, who=office.who("ben"), at=NOW, log=LOG)
    with django_capture_on_commit_callbacks(execute=True):
        hear.decide_appeal(appeal, "upheld", SAID, who=office.who("ben"), at=NOW + 7200, log=LOG)
    assert [letter.to for letter in mail.outbox] == [["reporter@home.example"]]
    assert SAID["en"] not in mail.outbox[0].body


def test_a_duty_in_another_week_is_a_duty(office: Office) -> None:
    from showground.weeks.models import Week

    no_duty(office.people["ben"])
    Week.objects.create(code="later", origin="later.example", document={}, call_opens=10, call_closes=11, vote_opens=12, vote_closes=13,
                        jury_closes=14, results_at=15)  # fmt: skip
    a_duty(office.people["ben"])
    case = _proposed(office)
    assert decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG).outcome == "refer"
