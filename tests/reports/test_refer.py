"""From a decision to a partner and back: two readers, a law, no host of its own, the answer as data, and a correction if it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client

from showground.reports.actions import cards, correct, decide, hear, refer
from showground.reports.actions.appeal import appeal_affected
from showground.reports.actions.publish import publish_due
from showground.reports.actions.triage import assign, reopen
from showground.reports.models import Appeal, Case, Decision, Event, LegalBasis, Partner, Referral, Report
from showground.reports.queries import answers, figures
from showground.reports.queries.cards import feed
from showground.reports.queries.operator import service
from showground.rules.refused import Refused
from tests.house.sample_week import a_week
from tests.reports.office import LOG, NOW, WORDS, Office, an_office, written

pytestmark = pytest.mark.django_db
PLACE = "https://harbour-bank-login.example/verify?id=8841"
WEEK = "sample"


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    settings.CLOCK = lambda: NOW
    a_week(WEEK)
    return an_office(tmp_path / "desk", settings)


def decided(office: Office, category: str = "phishing", **more: Any) -> Decision:
    case = office.case(category=category)
    decide.propose(case, written("refer", **more), who=office.who("ada"), at=NOW, log=LOG)
    return decide.confirm(Case.objects.get(pk=case.pk), who=office.who("ben"), at=NOW, log=LOG)


def sent(office: Office, **more: Any) -> Referral:
    referral = decided(office, **more).referrals.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    return refer.send_referral(referral, who=office.who("ben"), week=WEEK, at=NOW, log=LOG)


def no(code: str, call: Any, *args: Any, **more: Any) -> None:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    assert refused.value.code == code


def draft(decision: Decision, who: Any, **more: Any) -> Referral:
    told = {"explanation": "x", "places": [PLACE], "ask": "remove", "by": who.holder.person, "at": NOW, "log": LOG, **more}
    return refer.draft_referral(decision, more.pop("partner", None) or Partner.objects.get(code="harbour"), who=who, **told)


# ---- sending ----


def test_a_notice_goes_out_in_both_languages_with_exact_data(office: Office) -> None:
    referral = sent(office)
    letter = mail.outbox[0]
    assert letter.to == ["abuse@harbour-bank.example"]
    assert "hxxps://harbour-bank-login[.]example/verify?id=8841" in letter.body and PLACE not in letter.body
    assert "反诈骗法第二条" in letter.body and "Fraud Act s. 2" in letter.body
    assert answers.reply_url(referral, WEEK) in letter.body
    files = {name: json.loads(data) for name, data, _kind in letter.attachments}
    assert sorted(name.split("-")[0] for name in files) == ["notice", "xarf"]
    plain = next(value for name, value in files.items() if name.startswith("notice"))
    assert plain["places"] == [PLACE] and plain["case"] == referral.decision.case.number
    assert plain["evidence_sha256"] == [Report.objects.get().report_sha256]
    assert referral.state == "sent" and referral.token_sha256 not in letter.body


def test_no_words_of_the_reporter_and_no_key_of_the_link_are_kept(office: Office) -> None:
    referral = sent(office)
    token = answers.token_of(referral)
    row = Referral.objects.filter(pk=referral.pk).values().get()
    raw = b" ".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row.values())
    assert token.encode() not in raw and b"harbour-bank-login" not in raw, "sealed to the desk"
    assert WORDS not in mail.outbox[0].body + str(mail.outbox[0].attachments)


def test_two_persons_read_a_notice(office: Office) -> None:
    referral = decided(office).referrals.get()
    no("decision.same_person", refer.read_referral, referral, who=office.who("ada"), at=NOW, log=LOG)
    no("referral.state", refer.send_referral, referral, who=office.who("ben"), week=WEEK, at=NOW, log=LOG)
    with pytest.raises(IntegrityError):
        Referral.objects.filter(pk=referral.pk).update(read_by=referral.drafted_by)


def test_a_place_of_a_true_owner_is_never_reported(office: Office) -> None:
    decision = decided(office)
    for place in ("https://harbour-bank.example/login", "https://www.Harbour-Bank.example./a", "online.harbour-bank.example"):
        no("referral.legitimate", draft, decision, office.who(), places=[place])
    assert draft(decision, office.who(), places=["https://harbour-bank.example.evil.example/"])


def test_a_host_that_became_legitimate_stops_what_was_read(office: Office) -> None:
    referral = decided(office).referrals.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    Partner.objects.filter(code="hotline").update(legitimate_hosts=["harbour-bank-login.example"])
    no("referral.legitimate", refer.send_referral, referral, who=office.who("ben"), week=WEEK, at=NOW, log=LOG)
    assert mail.outbox == [] and Referral.objects.get().state == "second_read"


def test_there_is_no_referral_without_a_fitting_law(office: Office) -> None:
    decision = decided(office)
    LegalBasis.objects.update(categories=["scam"])
    decision.refresh_from_db()
    no("referral.law", draft, Decision.objects.get(pk=decision.pk), office.who())


def test_a_child_s_case_goes_to_a_hotline_in_words_only(office: Office) -> None:
    case = office.case("On example.test somebody posts pictures of a child", "child")
    told = written("refer", partners=["hotline"], places=["https://example.test/x"])
    decide.propose(case, told, who=office.who("ada"), at=NOW, log=LOG)
    decision = decide.confirm(Case.objects.get(pk=case.pk), who=office.who("ben"), at=NOW, log=LOG)
    no("decision.child_partner", draft, decision, office.who())
    referral = decision.referrals.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    refer.send_referral(referral, who=office.who("ben"), week=WEEK, at=NOW, log=LOG)
    names = [name for name, _data, _kind in mail.outbox[0].attachments]
    assert len(names) == 1 and names[0].startswith("notice-")
    assert refer.open_notice(referral, office.who())["evidence_sha256"] == [], "nothing that a hash could be looked up by"
    assert "/notice/" not in mail.outbox[0].body


def test_referrals_stop_while_figures_are_overdue(office: Office) -> None:
    referral = decided(office).referrals.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    end = figures.week_of(NOW) + figures.EVERY
    late = end + figures.DUE_WITHIN + figures.OVERDUE
    assert not figures.referrals_stop(late)
    no("referral.figures", refer.send_referral, referral, who=office.who("ben"), week=WEEK, at=late + 1, log=LOG)
    publish_due(at=late + 1)
    refer.send_referral(referral, who=office.who("ben"), week=WEEK, at=late + 1, log=LOG)
    assert len(mail.outbox) == 1


def test_a_letter_that_cannot_go_changes_nothing(office: Office, settings: Any) -> None:
    referral = decided(office).referrals.get()
    refer.read_referral(referral, who=office.who("ben"), at=NOW, log=LOG)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    no("referral.mail_away", refer.send_referral, referral, who=office.who("ben"), week=WEEK, at=NOW, log=LOG)
    assert Referral.objects.get().state == "second_read" and not Event.objects.filter(verb="sent").exists()


# ---- the answer ----


def test_a_partner_answers_without_an_account_and_it_is_data(office: Office) -> None:
    referral, client = sent(office), Client(enforce_csrf_checks=True)
    page = answers.reply_url(referral, WEEK).split("localhost", 1)[-1]
    page = "/" + page.split("/", 1)[1]
    shown = client.get(page)
    assert shown.status_code == 200 and not shown.cookies and "no-store" in shown["Cache-Control"]
    assert "harbour-bank-login" not in shown.content.decode(), "the page shows nothing of the report"
    assert client.post(page, {"choice": "need_more", "words": "The mail itself", "reference": "HB-77"}).status_code == 200
    assert client.post(page, {"choice": "acted", "words": "", "reference": ""}).status_code == 200
    referral.refresh_from_db()
    assert (referral.state, referral.partner_ref, referral.closed_at) == ("acted", "HB-77", NOW)
    assert [one["words"] for one in answers.read(referral, office.who())] == ["The mail itself", ""], "nothing is overwritten"
    assert b"The mail itself" not in bytes(referral.answer_sealed)
    again = client.post(page, {"choice": "refused", "words": "no"})
    assert again.status_code == 422 and Referral.objects.get().state == "acted", "one final answer"


@pytest.mark.parametrize("choice", ["refused", "partly", "need_more"])
def test_a_reason_is_asked_for_where_it_matters(office: Office, choice: str) -> None:
    token = answers.token_of(sent(office))
    no("referral.reason", refer.answer_referral, token, choice, words=" ", reference="", at=NOW, log=LOG)


def test_a_link_that_is_none_opens_nothing(office: Office) -> None:
    sent(office)
    assert Client().get(f"/en/{WEEK}/partner/{'0' * 32}/").status_code == 404
    no("referral.link", refer.answer_referral, "0" * 32, "acted", words="", reference="", at=NOW, log=LOG)
    token = answers.token_of(Referral.objects.get())
    no("referral.choice", refer.answer_referral, token, "sent", words="", reference="", at=NOW, log=LOG)


def test_silence_is_asked_after_twice_and_then_said(office: Office) -> None:
    referral = sent(office)
    for hours, letters, state in (
        (47, 1, "sent"),
        (48, 2, "sent"),
        (100, 2, "sent"),
        (7 * 24, 3, "no_answer"),
        (400, 3, "no_answer"),
    ):
        refer.remind(at=NOW + hours * 3600, log=LOG, week=WEEK)
        assert len(mail.outbox) == letters and Referral.objects.get().state == state
    assert answers.reply_url(referral, WEEK) in mail.outbox[1].body
    refer.answer_referral(answers.token_of(referral), "acted", words="", reference="", at=NOW + 9, log=LOG)
    assert Referral.objects.get().state == "acted", "late is better than never"


# ---- it does not hold ----


def test_a_reversal_is_told_to_every_partner(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    referral = sent(office)
    code = answers.code_of(referral.decision)
    appeal = appeal_affected(code, "It is my own page.", at=NOW + 60, log=LOG)
    assert hear.grounds(appeal, office.who("cyd")) == "It is my own page."
    with pytest.raises(Refused):
        hear.take(appeal, who=office.who("ben"), at=NOW, log=LOG)
    hear.take(appeal, who=office.who("cyd"), at=NOW, log=LOG)
    with django_capture_on_commit_callbacks(execute=True):
        said = {"en": "It is yours.", "zh": "这是您的网页。"}
        hear.decide_appeal(appeal, "reversed", said, who=office.who("cyd"), at=NOW + 90, log=LOG, instead="unfounded")
    referral.refresh_from_db()
    letter = mail.outbox[-1]
    assert referral.state == "corrected" and letter.to == ["abuse@harbour-bank.example"] and referral.notice_sha256 in letter.body
    count = len(mail.outbox)
    assert correct.send_corrections(at=NOW + 99, log=LOG) == 0 and len(mail.outbox) == count, "once"
    no("referral.answered", refer.answer_referral, answers.token_of(referral), "acted", words="", reference="", at=NOW, log=LOG)
    page = Client().get(f"/en/{WEEK}/notice/{code}/").content.decode()
    assert "This decision no longer holds." in page and "It is yours." in page


def test_a_correction_that_could_not_go_is_owed(office: Office, settings: Any) -> None:
    referral = sent(office)
    correct.correct(referral.decision, who=office.who("cyd"), at=NOW, log=LOG)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    assert correct.send_corrections(at=NOW, log=LOG) == 0 and Referral.objects.get().closed_at is None
    settings.EMAIL_BACKEND = backend
    assert correct.send_corrections(at=NOW, log=LOG) == 1 and Referral.objects.get().closed_at == NOW


def test_a_case_decided_anew_without_a_referral_is_told_to_partners_once(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    referral = sent(office)
    case = referral.decision.case
    reopen(case, "new_evidence", by=office.people["ada"], at=NOW, log=LOG)
    assert correct.correct_replaced(at=NOW, log=LOG) == 0, "not before it is decided"
    case.refresh_from_db()
    if case.assignee_id != office.people["ada"].pk:
        assign(case, office.holders["ada"], who=office.who(), at=NOW, log=LOG)
        case.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        decide.propose(case, written("unfounded"), who=office.who("ada"), at=NOW, log=LOG)
    assert Referral.objects.get().state == "corrected" and [letter.to for letter in mail.outbox[1:]] == [[referral.partner.mail]]
    assert correct.correct_replaced(at=NOW, log=LOG) == 0 and correct.send_corrections(at=NOW, log=LOG) == 0


# ---- the affected person ----


def test_the_affected_person_reads_the_reasons_and_appeals_once(office: Office) -> None:
    decision, client = decided(office), Client(enforce_csrf_checks=True)
    page = f"/zh-hans/{WEEK}/notice/{answers.code_of(decision)}/"
    shown = client.get(page)
    assert "Because of this, affected, zh." in shown.content.decode() and "反诈骗法第二条" in shown.content.decode()
    assert "reporter, zh" not in shown.content.decode() and not shown.cookies
    assert client.post(page, {"grounds": "   "}).status_code == 422
    assert client.post(page, {"grounds": "不是我"}).status_code == 200
    assert Appeal.objects.get().by == "affected"
    assert client.post(page, {"grounds": "不是我"}).status_code == 422


def test_an_appeal_that_comes_too_late_is_told_so(office: Office, settings: Any) -> None:
    page = f"/en/{WEEK}/notice/{answers.code_of(decided(office))}/"
    settings.CLOCK = lambda: NOW + 185 * 86400
    late = Client().post(page, {"grounds": "I was ill."})
    assert late.status_code == 422 and "Six months have passed" in late.content.decode() and "<form" not in late.content.decode()


def test_codes_of_decisions_tell_nobody_how_many_there_are(office: Office) -> None:
    decision = decided(office)
    codes = [answers.code_of(Decision(pk=number)) for number in (1, 2, 3, 2**40)]
    assert len({code[24:] for code in codes}) == 4 == len({code[:24] for code in codes}) and {len(code) for code in codes} == {40}
    assert len({code[24:36] for code in codes}) == 4, "numbers that are near each other do not look so"
    old = f"{decision.pk}-{answers.code_of(decision)[:24]}"
    assert answers.by_code(old) == answers.by_code(answers.code_of(decision)) == decision, "letters that left before hold"
    for code in (codes[3], answers.code_of(decision)[:-1] + "g", "f" * 40, f"{decision.pk}-{codes[3][:24]}"):
        no("notice.code", answers.by_code, code)


def test_an_appeal_that_fails_is_answered_with_reasons_too(office: Office) -> None:
    decision = decided(office)
    appeal = appeal_affected(answers.code_of(decision), "Look again.", at=NOW, log=LOG)
    hear.take(appeal, who=office.who("cyd"), at=NOW, log=LOG)
    hear.decide_appeal(
        appeal, "upheld", {"en": "It does copy a bank.", "zh": "确实仿冒银行。"}, who=office.who("cyd"), at=NOW, log=LOG
    )
    for language, words in (("en", "It does copy a bank."), ("zh-hans", "确实仿冒银行。")):
        assert words in Client().get(f"/{language}/{WEEK}/notice/{answers.code_of(decision)}/").content.decode()
    assert not correct.correct_replaced(at=NOW, log=LOG)


def test_codes_of_other_decisions_cannot_be_guessed(office: Office) -> None:
    decision = decided(office)
    wrong = f"{decision.pk}-{'0' * 24}"
    assert Client().get(f"/en/{WEEK}/notice/{wrong}/").status_code == 404
    right = answers.code_of(decision)
    assert answers.by_code(right) == decision
    others = [f"{right[:at]}{int(right[at], 16) ^ 1:x}{right[at + 1 :]}" for at in range(len(right))]  # the last is another number
    for code in (*others, wrong, "", "x", f"{decision.pk}", f"{decision.pk + 1}-{right[:24]}", "٣-abc", "²-x"):
        no("notice.code", answers.by_code, code)
    no("appeal.late", appeal_affected, right, "x", at=NOW + 185 * 86400, log=LOG)


# ---- cards ----

CARD = {
    "title": {"en": "The parcel that waits", "zh": "等待领取的包裹"},
    "how": {"en": "A message says that a parcel waits and asks for a small fee.", "zh": "短信称有包裹待领，要求支付小额费用。"},
    "act": {"en": "Open nothing. Look in the shop's own app.", "zh": "不要点开。请在购物应用里查看。"},
}


def test_a_card_has_two_persons_and_names_nobody(office: Office) -> None:
    case, ada, ben = office.case(), office.people["ada"], office.people["ben"]
    for words in ("See parcel-fee.top now", "Call 0571 8888 1234", "Write to a@b.example", "https://x.example"):
        no("card.names", cards.write_card, case, {**CARD, "how": {"en": words, "zh": "短信"}}, by=ada, at=NOW, log=LOG)
    no("card.empty", cards.write_card, case, {**CARD, "act": {"en": "x", "zh": ""}}, by=ada, at=NOW, log=LOG)
    card = cards.write_card(case, CARD, by=ada, at=NOW, log=LOG)
    assert feed() == [] and "parcel" not in Client().get(f"/en/{WEEK}/cards/").content.decode()
    no("decision.same_person", cards.publish_card, card, by=ada, at=NOW, log=LOG)
    cards.publish_card(card, by=ben, at=NOW, log=LOG)
    assert [one["title"] for one in feed()] == [CARD["title"]]
    assert "等待领取的包裹" in Client().get(f"/zh-hans/{WEEK}/cards/{card.code}/").content.decode()
    cards.withdraw_card(card, by=ada, at=NOW, log=LOG)
    assert feed() == [] and Client().get(f"/en/{WEEK}/cards/{card.code}/").status_code == 404


def test_steps_of_a_referral_are_in_the_desk_s_events(office: Office) -> None:
    referral = sent(office)
    refer.answer_referral(answers.token_of(referral), "refused", words="Not ours", reference="", at=NOW, log=LOG)
    verbs = list(Event.objects.filter(thing="referral", thing_id=referral.pk).values_list("verb", flat=True))
    assert verbs == ["drafted", "second_read", "sent", "answered"]
    assert not re.search("Not ours", str(list(Event.objects.values_list("facts", flat=True))))


def test_a_notice_is_signed_by_the_week_s_operator_and_the_desk_s_own_address(office: Office, settings: Any) -> None:
    settings.DESK_ADDRESS = "abuse@city.example"
    sent(office)
    name, told = "Harbour City Cyberspace Office, report desk", json.loads(mail.outbox[0].attachments[0][1])
    assert service() == "Harbour City Cyberspace Office" and name in mail.outbox[0].body
    assert told["from"] == {"name": name, "mail": "abuse@city.example", "domain": "city.example"}
