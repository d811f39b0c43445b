"""Guardrails are code: every way around them that we could think of is tried here and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from showground.reports.actions import decide, hear, recuse, triage
from showground.reports.actions.appeal import lodge
from showground.reports.models import Appeal, Case, Clock, Decision, Event, LegalBasis, Message, Partner, Referral
from showground.reports.queries import case as queries
from showground.reports.queries.reading import by_officer
from showground.reports.queries.states import ACTS, CASE_STEPS, LAWFUL
from showground.rules.harms import EXCLUDED
from showground.rules.refused import Refused
from tests.reports.office import LOG, NOW, Office, a_duty, an_office, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    return an_office(tmp_path / "desk", settings)


def _propose(office: Office, case: Case, outcome: str = "unfounded", **more: Any) -> Decision | None:
    return decide.propose(case, written(outcome, **more), who=office.who(), at=NOW + 60, log=LOG)


def _confirm(office: Office, case: Case, name: str = "ben") -> Decision:
    return decide.confirm(case, who=office.who(name), at=NOW + 120, log=LOG)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"outcome": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"}, "decision.outcome"),
        ({"facts": "  "}, "decision.facts"),
        ({"facts": "x" * 9000}, "decision.long"),
        ({"lawful": dict.fromkeys(LAWFUL)}, "decision.lawful"),
        ({"lawful": {"opinion": False}}, "decision.lawful"),
        ({"lawful": {**dict.fromkeys(LAWFUL, False), "satire": True}}, "decision.lawful_why"),
        ({"reasons": {"reporter.en": "Only one language"}}, "decision.reasons"),
        ({"reasons": {}}, "decision.reasons"),
        ({"outcome": "duplicate_of", "same_as": "K234567"}, "decision.same_as"),
        ({"outcome": "not_our_remit"}, "decision.where_to"),
        ({"outcome": "act_here", "legal_basis": 1}, "decision.not_here"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_by_name(office: Office, more: dict[str, Any], why: str) -> None:
    case = office.case()
    if "legal_basis" in more:
        more["legal_basis"] = LegalBasis.objects.get().pk
    with pytest.raises(Refused) as no:
        _propose(office, case, **{"outcome": "unfounded", **more})
    assert no.value.code == why and not Decision.objects.exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"legal_basis": None}, "decision.law"),
        ({"legal_basis": 999_999}, "decision.law"),
        ({"partners": []}, "decision.partners"),
        ({"partners": ["harbour", "nobody"]}, "decision.partners"),
        ({"ask": "identify the author"}, "decision.ask"),
        ({"places": []}, "notice.places"),
        ({"places": ["https://harbour-bank.example/help"]}, "referral.legitimate"),
    ],
)
def test_nothing_is_referred_without_a_law_a_partner_and_the_narrowest_ask(office: Office, more: dict[str, Any], why: str) -> None:
    case = office.case()
    with pytest.raises(Refused) as no:
        _propose(office, case, "refer", **more)
    assert no.value.code == why and not Referral.objects.exists()


def test_a_law_that_ended_or_is_for_other_harms_carries_nothing(office: Office) -> None:
    case = office.case()
    basis = LegalBasis.objects.get()
    LegalBasis.objects.update(categories=["rights"])
    with pytest.raises(Refused, match=r"decision\.law_other"):
        _propose(office, case, "refer", legal_basis=basis.pk)
    LegalBasis.objects.update(categories=[], valid_to=NOW)
    with pytest.raises(Refused, match=r"decision\.law"):
        _propose(office, case, "refer", legal_basis=basis.pk)


def test_a_referral_takes_two_and_drafts_its_notice(office: Office) -> None:
    case = office.case()
    assert _propose(office, case, "refer") is None and not Decision.objects.exists()
    with pytest.raises(Refused, match=r"decision\.same_person"):
        _confirm(office, case, "ada")
    decision = _confirm(office, case)
    assert (decision.decided_by, decision.second_by) == (office.people["ada"], office.people["ben"])
    referral = Referral.objects.get()
    assert referral.state == "drafted" and referral.partner.code == "harbour" and referral.drafted_by == office.people["ada"]
    assert queries.facts(decision, office.who("cyd")).startswith("The page copies")
    case.refresh_from_db()
    assert case.state == "decided" and case.second_reader == office.people["ben"]


def test_a_law_that_ends_between_the_two_readers_stops_the_second(office: Office) -> None:
    case = office.case()
    _propose(office, case, "refer")
    LegalBasis.objects.update(valid_to=NOW + 61)
    with pytest.raises(Refused, match=r"decision\.law"):
        _confirm(office, case)
    assert not Decision.objects.exists()


def test_what_may_be_lawful_speech_needs_a_reader_of_another_unit(office: Office) -> None:
    case = office.case()
    doubts = {**dict.fromkeys(LAWFUL, False), "reporting": True}
    assert _propose(office, case, "lawful_no_action", lawful=doubts) is None
    with pytest.raises(Refused, match=r"decision\.other_unit"):
        _confirm(office, case, "ben")
    decision = _confirm(office, case, "cyd")
    assert decision.outcome == "lawful_no_action" and decision.lawful_speech["reporting"] is True
    told = Event.objects.get(thing="decision", verb="decided")
    assert told.facts == {"outcome": "lawful_no_action", "doubts": 1, "two": True}


def test_a_reader_without_a_unit_is_of_no_other_unit(office: Office) -> None:
    case = office.case()
    _propose(office, case, "lawful_no_action", lawful={**dict.fromkeys(LAWFUL, False), "opinion": True})
    office.holders["cyd"].unit = "  "
    office.holders["cyd"].save()
    with pytest.raises(Refused, match=r"decision\.other_unit"):
        _confirm(office, case, "cyd")


def test_a_child_s_case_goes_to_hotline_or_police_only(office: Office) -> None:
    case = office.case("See https://bad.example/x", "child")
    with pytest.raises(Refused, match=r"decision\.child_partner"):
        _propose(office, case, "refer")
    _propose(office, case, "refer", partners=["hotline"], places=["https://bad.example/x"])
    assert _confirm(office, case).referrals.get().partner.kind == "hotline"


def test_only_the_officer_of_the_case_decides_and_recused_ones_do_nothing(office: Office) -> None:
    case = office.case()
    with pytest.raises(Refused, match=r"case\.not_yours"):
        decide.propose(case, written(), who=office.who("ben"), at=NOW, log=LOG)
    _propose(office, case, "refer")
    recuse.recuse(case, office.people["ben"], reason_code="knows_accused", at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"desk\.recused"):
        _confirm(office, case, "ben")
    with pytest.raises(Refused, match=r"desk\.recused"):
        triage.assign(case, office.holders["ben"], who=office.who(), at=NOW, log=LOG)


def test_the_database_itself_knows_who_may_act(office: Office) -> None:
    """Somebody who writes rows past the actions still cannot store what the closed lists forbid."""
    case, ada = office.case(), office.people["ada"]
    plain = {"case": case, "decided_by": ada, "decided_at": NOW, "wrapped": b"", "facts_sealed": b""}
    basis, ben = LegalBasis.objects.get(), office.people["ben"]
    wrong: list[dict[str, Any]] = [
        {"outcome": "refer"},
        {"outcome": "refer", "legal_basis": basis},
        {"outcome": "refer", "second_by": ben},
        {"outcome": "refer", "legal_basis": basis, "second_by": ada},
        {"outcome": "act_here", "second_by": ben},
        {"outcome": "warn_public"},
        *({"outcome": word[:18]} for word in sorted(EXCLUDED)),
        {"outcome": "automated"},
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**plain, **row)
    for word in (*sorted(EXCLUDED), "defamation", "politics"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.create(number="K222222", category=word[:20], opened_at=NOW)
    assert not Decision.objects.exists()


def test_no_code_path_decides_without_a_person(office: Office) -> None:
    from showground.reports.actions.keep import keep

    case = office.case()
    _propose(office, case, "refer")
    keep(NOW + 400 * 86400, log=LOG)
    case.refresh_from_db()
    assert not Decision.objects.exists() and case.state == "assessing"
    assert "automated" not in {field.name for field in Decision._meta.get_fields()}


def test_every_state_follows_only_those_it_may(office: Office) -> None:
    case = office.case()
    assert set(CASE_STEPS) == set(Case.State.values)
    for state in Case.State.values:
        case.state = state
        for other in Case.State.values:
            if other not in CASE_STEPS[state] and other != state:
                from showground.reports.queries.states import check_step

                with pytest.raises(Refused, match=r"case\.step"):
                    check_step(case, other)


def test_the_reporter_is_told_why_in_their_own_language(office: Office) -> None:
    case = office.case(language="zh-hans")
    _propose(office, case)
    report = case.reports.get()
    said = queries.opened(report, office.who()).thread
    assert [text for _, text, _ in said] == ["Because of this, reporter, zh."]
    assert Message.objects.get().way == "to_reporter"


# ---- clocks ----


def test_clocks_stand_still_only_while_the_reporter_is_asked_and_at_most_14_days(office: Office) -> None:
    from showground.reports.actions.keep import keep

    case = office.case()
    clock = Clock.objects.get(thing="case", thing_id=case.pk)
    due, report = clock.due_at, case.reports.get()
    triage.tell(case, report, "A word without a question", who=office.who(), at=NOW + 10, log=LOG)
    clock.refresh_from_db()
    assert clock.paused_at is None
    triage.tell(case, report, "Where was it?", who=office.who(), at=NOW + 100, log=LOG, wait=True)
    clock.refresh_from_db()
    assert clock.paused_at == NOW + 100
    assert keep(NOW + 100 + 13 * 86400, log=LOG)["waits"] == 0
    assert keep(NOW + 100 + 15 * 86400, log=LOG)["waits"] == 1
    clock.refresh_from_db()
    case.refresh_from_db()
    assert (clock.paused_at, clock.paused_for, clock.due_at) == (None, 14 * 86400, due + 14 * 86400) and case.state == "assessing"


def test_thirty_days_once_with_reasons_for_every_reporter(office: Office) -> None:
    case = office.case()
    why = {"en": "A foreign registrar must answer first.", "zh": "须先等待境外注册机构答复。"}
    with pytest.raises(Refused, match=r"report\.empty"):
        triage.extend(case, {"en": "x", "zh": ""}, who=office.who(), at=NOW, log=LOG)
    triage.extend(case, why, who=office.who(), at=NOW, log=LOG)
    assert Clock.objects.get(thing="case").due_at == NOW + 30 * 86400
    assert why["en"] in [text for _, text, _ in queries.opened(case.reports.get(), office.who()).thread]
    with pytest.raises(Refused, match=r"case\.extended"):
        triage.extend(case, why, who=office.who(), at=NOW, log=LOG)


def test_the_first_look_is_met_when_somebody_takes_the_case(office: Office) -> None:
    case = office.case()
    assert Clock.objects.get(thing="report", thing_id=case.reports.get().pk).met_at == NOW


# ---- appeals ----


def _appealed(office: Office, outcome: str = "unfounded") -> Appeal:
    case = office.case()
    if _propose(office, case, outcome) is None:
        _confirm(office, case)
    held = by_officer(case.reports.get(), office.who())
    held.report.refresh_from_db()
    return lodge(held, "Please look again.", at=NOW + 500, log=LOG)


def test_who_decided_hears_no_appeal_against_it(office: Office) -> None:
    appeal = _appealed(office, "refer")
    for name in ("ada", "ben"):
        with pytest.raises(Refused, match=r"appeal\.same_person"):
            hear.take(appeal, who=office.who(name), at=NOW + 600, log=LOG)
    hear.take(appeal, who=office.who("cyd"), at=NOW + 600, log=LOG)
    assert hear.grounds(appeal, office.who("cyd")) == "Please look again."
    with pytest.raises(Refused, match=r"appeal\.not_yours"):
        hear.decide_appeal(Appeal.objects.get(), "upheld", {"en": "a", "zh": "b"}, who=_other(office), at=NOW + 700, log=LOG)


def _other(office: Office) -> Any:
    from showground.people.models import Person
    from showground.reports.actions import keys

    person = Person.objects.create(email="dan@desk.example")
    a_duty(person)
    dan = keys.make_key(person, "officer", "a long passphrase of dan", at=NOW)
    keys.admit_officer(dan, by=office.who())
    from showground.reports.queries.keys import unlocked

    return unlocked(keys.start_shift(dan, "a long passphrase of dan", at=NOW), at=NOW)


def test_a_reversal_replaces_the_decision_and_corrects_what_partners_were_told(office: Office) -> None:
    appeal = _appealed(office, "refer")
    hear.take(appeal, who=office.who("cyd"), at=NOW + 600, log=LOG)
    texts = {"en": "It is the bank's own page.", "zh": "这是银行自己的页面。"}
    fresh = hear.decide_appeal(appeal, "reversed", texts, who=office.who("cyd"), at=NOW + 700, log=LOG, instead="unfounded")
    old = appeal.decision
    old.refresh_from_db()
    assert (
        fresh is not None and old.replaced_by == fresh and fresh.decided_by == office.people["cyd"] and fresh.outcome == "unfounded"
    )
    assert old.referrals.get().state == "corrected"
    assert Appeal.objects.get().outcome == "reversed" and Clock.objects.get(thing="appeal").met_at == NOW + 700
    thread = [text for _, text, _ in queries.opened(old.case.reports.get(), office.who()).thread]
    assert texts["en"] in thread


def test_a_reversal_that_would_act_on_somebody_needs_two_again(office: Office) -> None:
    appeal = _appealed(office, "unfounded")
    hear.take(appeal, who=office.who("cyd"), at=NOW + 600, log=LOG)
    texts = {"en": "There is more to it.", "zh": "另有情况。"}
    assert hear.decide_appeal(appeal, "reversed", texts, who=office.who("cyd"), at=NOW + 700, log=LOG, instead="refer") is None
    case = Case.objects.get()
    assert case.state == "assessing" and case.assignee == office.people["cyd"] and Decision.objects.count() == 1
    assert decide.propose(case, written("refer"), who=office.who("cyd"), at=NOW + 800, log=LOG) is None
    fresh = decide.confirm(case, who=office.who("ben"), at=NOW + 900, log=LOG)
    assert Decision.objects.get(pk=appeal.decision_id).replaced_by == fresh


def test_an_appeal_ends_only_in_a_word_of_the_closed_list(office: Office) -> None:
    appeal = _appealed(office)
    hear.take(appeal, who=office.who("cyd"), at=NOW + 600, log=LOG)
    for outcome, texts, instead, why in (
        ("dismissed", {"en": "a", "zh": "b"}, "", "appeal.outcome"),
        ("upheld", {"en": "a", "zh": ""}, "", "decision.reasons"),
        ("reversed", {"en": "a", "zh": "b"}, "", "appeal.instead"),
        ("reversed", {"en": "a", "zh": "b"}, "unfounded", "appeal.instead"),
    ):
        with pytest.raises(Refused) as no:
            hear.decide_appeal(appeal, outcome, texts, who=office.who("cyd"), at=NOW + 700, log=LOG, instead=instead)
        assert no.value.code == why
    assert Appeal.objects.get().decided_at is None


def test_there_are_partners_and_acts_to_try(office: Office) -> None:
    assert Partner.objects.count() == 2 and set(Decision.Outcome.values) > set(ACTS)
