"""An officer's day on the pages: every act says what is so now, leads on or back, loses no word, and is shut to who may not do it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from showground.reports import urls
from showground.reports.actions import decide, keep, triage
from showground.reports.models import Case, Clock, Decision, Deletion, Event, IdentityAccess, Proposal, Recusal, Report
from showground.reports.queries import queue
from tests.reports.office import LOG, Office, an_office, written
from tests.reports.test_officer import HOME, Room, seal, text

pytestmark = pytest.mark.django_db
NO = {f"lawful.{name}": "no" for name in ("opinion", "satire", "reporting", "public_interest", "public_figure")}


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def page_of(case: Case) -> str:
    return f"{HOME}case/{case.number}/"


def after(client: Client, address: str, told: dict[str, Any] | None = None) -> str:
    """Does something and returns the page that it leads to, in words."""
    went = client.post(address, told or {})
    assert went.status_code == 302, text(went)
    return text(client.get(went["Location"]))


def propose(office: Office, case: Case, outcome: str = "warn_public", name: str = "ada") -> None:
    decide.propose(case, written(outcome), who=office.who(name), at=office.now, log=LOG)


# ---- what is so now ----


def test_every_act_says_what_is_so_now(room: Room) -> None:
    report, _ = room.office.file()
    room.office.take_in()
    report.refresh_from_db()
    case, ada = report.case, room.enter("ada")
    assert case is not None
    here, told = page_of(case), {"report": report.number}
    assert "The case is yours and in work" in after(ada, f"{here}assign/")
    assert "Officers of the desk read it, nobody else" in after(ada, f"{here}note/", told | {"note": "Seen before."})
    assert "The reporter reads it with the code" in after(ada, f"{here}say/", told | {"message": "We look at it."})
    asked = after(ada, f"{here}say/", told | {"message": "Where was it?", "do": "ask"})
    assert "clock stands still until the answer" in asked and "Next case" in asked
    assert "its clock runs again" in after(ada, f"{here}begin/")
    assert "The hold stands" in after(ada, f"{here}know/", {"do": "hold", "hold": "Order 12/26"})
    assert "until a second person agrees" in after(ada, f"{here}know/", {"do": "hold_end"})
    assert ada.post(f"{here}know/", {"do": "agree"}).status_code == 422
    assert "The hold is ended" in after(room.enter("ben"), f"{here}know/", {"do": "agree"})
    assert "15 days to object" in after(ada, f"{here}destroy/", told | {"reason": "law"})
    decision = {"outcome": "unfounded", "facts": "x", "do": "decide", **NO, "reasons.reporter.en": "a", "reasons.reporter.zh": "b"}
    assert "1 reporter can read why" in after(ada, f"{here}decision/", decision)
    assert "Later reports of the same thing are taken in" in after(ada, f"{here}end/", {"do": "close"})
    assert "The old decision stands until another replaces it" in after(ada, f"{here}end/", {"do": "reopen", "why": "relapse"})
    assert (
        "Ben" in after(ada, f"{here}assign/", {"to": room.office.holders["ben"].pk}) or Case.objects.get().assignee != case.assignee
    )
    assert "You stay out of that case" in after(ada, f"{here}recuse/", {"reason": "other"})


def test_a_made_up_line_in_the_address_says_nothing(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    page = ada.get(f"{page_of(case)}?did=<b>x</b>&other=K234567").content.decode()
    assert "data-said" not in page and "<b>x</b>" not in page
    assert ada.get(f"{HOME}?spam={'9' * 5000}&read=\u00b2&when=x&folded=1&into=%22").status_code == 200
    for passed in ("closed", "decided", "proposed", "asked", "given_back"):
        assert "data-said" not in ada.get(f"{page_of(case)}?did={passed}").content.decode(), passed
    assert "data-said" in ada.get(f"{page_of(case)}?did=taken").content.decode()


def test_what_was_put_apart_is_put_back_by_one_button(room: Room) -> None:
    room.office.file("Pay at https://shared-shop.example/a")
    wrong, _ = room.office.file("Mine is https://shared-shop.example/b", "scam")
    room.office.take_in()
    wrong.refresh_from_db()
    case, ada = wrong.case, room.enter("ada")
    assert case is not None and case.reports.count() == 2
    went = ada.post(f"{page_of(case)}links/", {"do": "undo", "which": wrong.number})
    page = ada.get(went["Location"]).content.decode()
    other = Report.objects.get(pk=wrong.pk).case
    assert other is not None and other != case and "data-undo" in page and other.number in page
    ada.post(f"{page_of(case)}links/", {"do": "merge", "other": other.number})
    assert case.reports.count() == 2


def test_a_report_that_joins_another_case_takes_the_officer_along(room: Room) -> None:
    from showground.reports.actions.link import suggest

    one, other, ada = room.office.case("https://a.example/1"), room.office.case("https://b.example/2"), room.enter("ada")
    link = suggest(one.reports.get(), other, rule="words", score=0.6, at=room.office.now)
    went = ada.post(f"{page_of(one)}links/", {"do": "take", "which": link.pk})
    assert other.number in went["Location"] and "are one case now" in text(ada.get(went["Location"]))


# ---- the first look ----


def test_a_report_that_comes_into_a_case_in_hand_has_its_first_look(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    room.office.file()
    room.office.take_in()
    assert case.reports.count() == 2
    waits = Clock.objects.filter(thing="report", kind="first_look", met_at=None)
    assert waits.count() == 1 and "I have looked at it" in text(ada.get(page_of(case)))
    assert "The first look is met" in after(ada, f"{page_of(case)}begin/", {"do": "look"})
    assert not waits.exists() and "I have looked at it" not in text(ada.get(page_of(case)))
    assert Event.objects.filter(thing="case", verb="looked").count() == 1


def test_who_decides_has_looked(room: Room) -> None:
    case = room.office.case()
    room.office.file()
    room.office.take_in()
    decide.propose(case, written(), who=room.office.who(), at=room.office.now, log=LOG)
    assert not Clock.objects.filter(kind="first_look", met_at=None).exists()


# ---- what comes next ----


def test_next_leads_through_ones_own_cases_then_to_what_is_to_be_read_then_to_what_is_free(room: Room) -> None:
    office, ada = room.office, room.enter("ada")
    mine = [office.case(f"https://mine{n}.example/") for n in range(2)]
    read = triage.assign(office.case("https://read.example/"), office.holders["ben"], who=office.who(), at=office.now, log=LOG)
    propose(office, Case.objects.get(pk=read.pk), name="ben")
    office.file("https://free.example/")
    office.take_in()
    free = Case.objects.get(assignee=None)
    walked, at = [], ""
    for _ in range(5):
        went = ada.get(f"{HOME}next/?after={at}")["Location"]
        at = went.rstrip("/").rsplit("/", 1)[1]
        walked.append(at)
    assert walked == [mine[0].number, mine[1].number, read.number, free.number, mine[0].number]
    propose(office, Case.objects.get(pk=mine[1].pk))
    assert queue.next_case(office.people["ada"], mine[0].number) == read, "what waits for another reader is not offered again"


def test_next_says_when_nothing_is_left(room: Room) -> None:
    ada = room.enter("ada")
    assert "No case is left to take up" in text(ada.get(ada.get(f"{HOME}next/")["Location"]))


def test_taking_many_takes_all_or_none(room: Room) -> None:
    cases = [room.office.case(f"https://n{n}.example/") for n in range(2)]
    ben = room.enter("ben")
    told = {"case": [case.number for case in cases], "do": "take"}
    assert "2 cases are yours" in after(ben, f"{HOME}many/", told)
    Recusal.objects.create(case=cases[1], person=room.office.people["ada"], reason_code="other", at=room.office.now)
    after(room.enter("ada"), f"{HOME}many/", told)
    assert [Case.objects.get(pk=case.pk).assignee for case in cases] == [room.office.people["ada"], room.office.people["ben"]]


def test_every_act_on_many_is_undone_by_one_button(room: Room) -> None:
    """Taken, folded, rejected: what the page offers as “Undo” brings back exactly what was."""
    for name in "abc":
        room.office.file(f"https://{name}.example/")
        room.office.file(f"https://{name}.example/")
    room.office.take_in()
    ada, numbers = room.enter("ada"), [case.number for case in Case.objects.order_by("pk")]

    def stands() -> list[tuple[Any, ...]]:
        live = ("clustered", "screened")
        return [(c.number, c.state, c.assignee_id, c.reports.filter(state__in=live).count()) for c in Case.objects.order_by("pk")]

    before = stands()
    assert [row[3] for row in before] == [2, 2, 2]
    for told in ({"do": "take"}, {"do": "fold"}, {"do": "spam", "reason": "flood"}):
        page = ada.get(ada.post(f"{HOME}many/", told | {"case": numbers})["Location"]).content.decode()
        assert stands() != before
        [form] = re.findall(r'<form class="acts" method="post" action="([^"]+)">(.*?)</form>', page, re.S)
        sent: dict[str, list[str]] = {}
        for field, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[1]):
            sent.setdefault(field, []).append(value)
        assert ada.post(form[0], sent).status_code == 302
        assert stands() == before, told


def test_a_case_taken_by_mistake_is_given_back_and_only_by_its_officer(room: Room) -> None:
    report, _ = room.office.file()
    room.office.take_in()
    report.refresh_from_db()
    case, ada = report.case, room.enter("ada")
    assert case is not None
    here = page_of(case)
    went = ada.post(f"{here}assign/")
    assert 'value="give_back" data-undo' in ada.get(went["Location"]).content.decode()
    ada.post(f"{here}decision/", {"facts": "So far", "do": "draft"})
    assert room.enter("ben").post(f"{here}begin/", {"do": "give_back"}).status_code == 422
    assert "waits in the queue again" in after(ada, f"{here}begin/", {"do": "give_back"})
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("new", None) and Proposal.objects.get().state == "draft"
    room.enter("ben").post(f"{here}assign/")
    propose(room.office, Case.objects.get(), name="ben")
    assert "Take it back first" in text(room.enter("ben").post(f"{here}begin/", {"do": "give_back"}))


# ---- the words that are read are the words that hold ----


def test_words_that_were_changed_since_they_were_read_are_not_agreed_to(room: Room) -> None:
    case = room.office.case()
    propose(room.office, case)
    ben, here = room.enter("ben"), page_of(case)
    read = seal(ben.get(here))
    decide.take_back(case, who=room.office.who(), at=room.office.now, log=LOG)
    decide.propose(case, written("warn_public", facts="Something else."), who=room.office.who(), at=room.office.now, log=LOG)
    for told in ({"do": "confirm", "seal": read}, {"do": "confirm"}):
        refused = ben.post(f"{here}second/", told)
        assert refused.status_code == 422 and "Read it again; nothing was agreed" in text(refused)
    assert not Decision.objects.exists()
    assert "It holds" in after(ben, f"{here}second/", {"do": "confirm", "seal": seal(ben.get(here))})


def test_what_is_before_the_second_reader_is_taken_back_not_changed(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    propose(room.office, case)
    here = page_of(case)
    sealed = bytes(Proposal.objects.get().sealed)
    assert ada.post(f"{here}decision/", {"facts": "Changed below the reader.", "do": "draft"}).status_code == 422
    assert bytes(Proposal.objects.get().sealed) == sealed
    ben = room.enter("ben").post(f"{here}decision/", {"do": "take_back"})
    assert ben.status_code == 422 and Proposal.objects.get().state == "proposed", "only by who proposed it"
    assert "It is a draft again" in after(ada, f"{here}decision/", {"do": "take_back"})
    assert "The page copies a bank" in ada.get(here).content.decode() and Proposal.objects.get().state == "draft"


# ---- no word is lost ----


def test_everything_that_is_missing_is_said_at_once_with_the_way_to_its_field(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    page = ada.post(f"{page_of(case)}decision/", {"outcome": "refer", "facts": "I typed this.", "do": "decide"})
    html = page.content.decode()
    wanted = re.findall(r'<li><a href="#([\w-]+)">', html)
    assert page.status_code == 422 and "I typed this." in html
    assert wanted == [
        "legal_basis",
        "l-opinion-no",
        "r-reporter-en",
        "r-reporter-zh",
        "r-affected-en",
        "r-affected-zh",
        "partners",
        "places",
    ]
    for field in wanted:
        assert f'id="{field}"' in html, field
    assert html.count('aria-invalid="true"') == 5


def test_the_usual_words_stand_only_where_nothing_was_written(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    here = page_of(case)
    assert ada.post(f"{here}decision/", {"do": "usual"}).status_code == 422
    page = after(ada, f"{here}decision/", {"do": "usual", "outcome": "unfounded", "reasons.reporter.en": "My own words."})
    assert "Make them yours" in page
    html = ada.get(here).content.decode()
    assert "My own words.</textarea>" in html and "没有发现相应的迹象" in html and "found no sign" not in html
    assert not Decision.objects.exists() and Proposal.objects.get().state == "draft"


def test_a_draft_that_keeps_itself_answers_in_a_line(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    kept = ada.post(f"{page_of(case)}decision/", {"facts": "So far", "do": "draft"}, headers={"X-Kept": "by-itself"})
    assert (
        kept.json()["said"].startswith("Draft, saved ") and decide.read(Proposal.objects.get(), room.office.who()).facts == "So far"
    )


@pytest.mark.parametrize(
    ("part", "told", "said"),
    [
        ("say/", {"message": " "}, "Write the message first."),
        ("note/", {"note": ""}, "Write the note first."),
        ("more-time/", {"why.en": "A registrar abroad", "why.zh": ""}, "Say why, in English and in Chinese"),
    ],
)
def test_an_empty_field_is_named_and_what_was_typed_stays(room: Room, part: str, told: dict[str, str], said: str) -> None:
    case, ada = room.office.case(), room.enter("ada")
    page = ada.post(f"{page_of(case)}{part}", told | {"report": case.reports.get().number})
    assert page.status_code == 422 and said in text(page)
    assert all(value.strip() in page.content.decode() for value in told.values())


def test_the_reasons_of_an_appeal_stay_when_it_is_refused(room: Room) -> None:
    from showground.reports.actions import hear
    from showground.reports.actions.appeal import lodge
    from showground.reports.queries.reading import by_officer

    case = room.office.case()
    decide.propose(case, written(), who=room.office.who(), at=room.office.now, log=LOG)
    held = by_officer(case.reports.get(), room.office.who())
    held.report.refresh_from_db()
    appeal = lodge(held, "Please look again.", at=room.office.now, log=LOG)
    hear.take(appeal, who=room.office.who("cyd"), at=room.office.now, log=LOG)
    page = room.enter("cyd").post(
        f"{HOME}appeals/{appeal.pk}/", {"do": "decide", "outcome": "upheld", "reasons.en": "Typed with care."}
    )
    assert page.status_code == 422 and "Typed with care.</textarea>" in page.content.decode()


def test_what_is_sent_into_a_shift_that_ended_comes_back_and_can_be_sent_again(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    here, facts = f"{page_of(case)}decision/", "Half an hour of work on the facts."
    room.office.now += 13 * 3600
    page = ada.post(here, {"facts": facts, "do": "draft", "places": ["https://a.example/", "https://b.example/"]})
    html = page.content.decode()
    assert (
        page.status_code == 422
        and "Your shift is over" in text(page)
        and facts in text(page)
        and "no-store" in page["Cache-Control"]
    )
    assert f'action="{here}"' in html and html.count('name="places"') == 2 and not Proposal.objects.exists()
    ada = room.enter("ben")  # somebody else at the same machine: it is not theirs
    assert ada.get(here).status_code in {302, 405}
    room.browsers.clear()
    assert "The draft is kept" in after(room.enter("ada"), here, {"facts": facts, "do": "draft"})


# ---- how often the database is asked ----


def _asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told)


def test_a_case_of_many_reports_asks_the_database_as_often_as_one_of_two(room: Room) -> None:
    case, ada = room.office.case("https://same.example/x"), room.enter("ada")

    def more(count: int) -> None:
        for _ in range(count):
            room.office.file("https://same.example/x")
        room.office.take_in()

    more(1)
    few = _asked(ada, page_of(case))
    more(6)
    assert case.reports.count() == 8
    assert _asked(ada, page_of(case)) == few <= 60


def test_lists_of_three_ask_the_database_as_often_as_lists_of_one(room: Room) -> None:
    from showground.reports.actions.appeal import lodge
    from showground.reports.queries.reading import by_officer

    ada, ben, pages = room.enter("ada"), room.office.people["ben"], (f"{HOME}deletions/", f"{HOME}appeals/")

    def one_more(number: int) -> None:
        case = room.office.case(f"https://n{number}.example/")
        case.assignee = ben
        case.save()
        decide.propose(case, written(), who=room.office.who("ben"), at=room.office.now, log=LOG)
        keep.ask_deletion(case.reports.get(), "law", by=ben, at=room.office.now, log=LOG)
        lodge(by_officer(case.reports.get(), room.office.who()), "Please look again.", at=room.office.now, log=LOG)

    one_more(0)
    few = [_asked(ada, page) for page in pages]
    one_more(1)
    one_more(2)
    assert text(ada.get(pages[0])).count("asked for it") == 3 == text(ada.get(pages[1])).count("the reporter")
    assert [_asked(ada, page) for page in pages] == few


# ---- who may do what ----

ACTS = sorted(
    pattern.name
    for pattern in urls.desk
    if pattern.name
    and "POST" in getattr(pattern.callback, "asks", "POST")
    and pattern.name not in {"make_key", "start_shift", "end_shift"}
)
CUSTODY = {"ask_identity", "answer_identity", "read_identity", "identities", "share_halves"}
ANYBODY = {"shift", "revoke", "awake"}  # every duty has a key and a shift of its own


def _address(name: str, case: Case) -> str:
    told: dict[str, Any] = {"week": "sample", "code": case.number, "number": 1, "index": 1}
    wanted = next(pattern for pattern in urls.desk if pattern.name == name).pattern.converters
    return reverse(f"reports:{name}", kwargs={"week": "sample", **{key: told[key] for key in wanted}})


def _rows() -> list[int]:
    return [model.objects.count() for model in (Event, Decision, Proposal, Deletion, IdentityAccess, Recusal)]


@pytest.mark.parametrize("who", ["custodian", "officer without a shift"])
def test_who_may_not_do_an_act_is_told_what_is_needed(room: Room, who: str) -> None:
    """Another duty is told so in words, a closed shift is asked to be opened; that nothing happens is in test_who_may.py as well."""
    case = room.office.case()
    propose(room.office, case)
    person = room.enter(who) if who == "custodian" else room.enter("ben", shift=False)
    before, wrong = _rows(), []
    assert len(ACTS) > 30
    for name in ACTS:
        for answer in (person.get(_address(name, case)), person.post(_address(name, case), {"do": "confirm", "case": case.number})):
            if not _refuses(who, name, answer):
                wrong.append((name, answer.status_code, answer.get("Location", "")))
    assert wrong == [] and _rows() == before


def _refuses(who: str, name: str, answer: HttpResponse) -> bool:
    if answer.status_code == 405:
        return True
    if who == "custodian":
        return name in CUSTODY | ANYBODY or (
            answer.status_code == 403 and "this page needs another duty" in answer.content.decode()
        )
    if name in CUSTODY:
        return answer.status_code == 403
    return name in ANYBODY or "/reports/shift/" in answer.get("Location", "") or answer.status_code == 286


def test_each_half_of_a_custody_does_only_its_own(room: Room) -> None:
    case = room.office.case()
    for name, others in (("custodian", ["answer_identity"]), ("approver", ["ask_identity", "read_identity"])):
        for act in others:
            answer = room.enter(name).post(_address(act, case))
            assert answer.status_code == 403, (name, act)
    assert not IdentityAccess.objects.exists()
