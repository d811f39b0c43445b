"""Every working page of the desk, asked for and posted to by everybody who must not: nothing is shown, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from showground.people.models import Person
from showground.reports import urls
from showground.reports.actions import keep, recuse
from showground.reports.actions.decide import confirm, propose
from showground.reports.actions.file import Upload
from showground.reports.models import Card, Event, Evidence, Identity, Referral
from showground.weeks.actions import give_duty
from showground.weeks.models import Role
from tests.reports.office import LOG, MAIL, NOW, an_office, written
from tests.reports.test_officer import Room

pytestmark = pytest.mark.django_db
SECRET = "the caller was my own neighbour"
OPEN_TO_KEYHOLDERS = {"shift", "make_key", "start_shift", "end_shift", "revoke", "awake"}
HALVES = {"identities", "ask_identity", "answer_identity", "read_identity", "share_halves"}


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


@pytest.fixture
def pages(room: Room) -> dict[str, str]:
    """The address of every working page, about a case in which there is something of everything."""
    office, told = room.office, {"at": NOW, "log": LOG}
    case = office.case(SECRET + " https://one.example/a", files=[Upload("a.eml", "", MAIL)], identity={"name": SECRET})
    propose(case, written("refer"), who=office.who(), **told)
    confirm(case, who=office.who("ben"), **told)
    report = case.reports.get()
    keep.ask_deletion(report, "law", by=office.people["ada"], **told)
    Card.objects.create(code="c-1", case=case, written_by=office.people["ada"], title={"en": "x"}, how={"en": "x"}, act={"en": "x"})
    facts: dict[str, Any] = {
        "code": case.number, "index": Evidence.objects.filter(kind="file").get().pk, "number": Referral.objects.get().pk,
    }  # fmt: skip
    found = {}
    for pattern in urls.desk:
        names = pattern.pattern.converters
        found[str(pattern.name)] = reverse(f"reports:{pattern.name}", kwargs={"week": "sample", **{n: facts[n] for n in names}})
    return found


def _all(client: Client, pages: dict[str, str], check: Callable[[str, HttpResponse], None]) -> None:
    before = Event.objects.count()
    for name, address in pages.items():
        for answer in (
            client.get(address),
            client.post(address, {"do": "agree", "which": "1", "reason": "other", "duty": "officer"}),
        ):
            assert SECRET not in answer.content.decode(errors="replace"), name
            check(name, answer)
    assert Event.objects.count() == before


def _client(person: Person | None = None) -> Client:
    client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
    if person is not None:
        client.force_login(person)
    return client


def _turned_away(name: str, answer: HttpResponse) -> None:
    assert answer.status_code in {403, 404, 405} or "/sign-in/" in answer.get("Location", ""), (name, answer.status_code)


def _to_the_shift(name: str, answer: HttpResponse) -> None:
    away = answer.status_code in {403, 404, 405, 422, 286} or "/reports/shift/" in answer.get("Location", "")
    assert away or name in OPEN_TO_KEYHOLDERS, (name, answer.status_code)


def test_an_officer_without_an_open_shift_of_their_own_reads_nothing(room: Room, pages: dict[str, str]) -> None:
    ada, ben, cyd = room.enter("ada"), room.enter("ben"), room.enter("cyd", shift=False)
    assert ada.post(reverse("reports:revoke", args=["sample", room.office.holders["ben"].pk])).status_code == 302
    _all(cyd, pages, _to_the_shift)
    for name, morsel in ada.cookies.items():
        if name.startswith("desk-"):
            cyd.cookies[name] = morsel.value  # out of ada's browser
    _all(cyd, pages, _to_the_shift)
    fresh = Person.objects.create(email="fresh@desk.example")
    give_duty(room.week, person=fresh, duty="officer")
    nobody = _client(fresh)  # makes a key that no colleague admits
    nobody.post(pages["make_key"], {"duty": "officer", "passphrase": "a long passphrase", "again": "a long passphrase"})
    del pages["make_key"], pages["start_shift"]
    _all(ben, pages, _to_the_shift)
    _all(nobody, pages, _to_the_shift)


def test_an_officer_of_another_week_or_of_none_any_more_is_turned_away(room: Room, pages: dict[str, str]) -> None:
    ada, ben = room.enter("ada"), room.enter("ben")
    Role.objects.filter(person=room.office.people["ben"]).delete()  # with a key, and a shift that is still open
    _all(ben, pages, _turned_away)
    assert {ada.get(address.replace("/sample/", "/elsewhere/")).status_code for address in pages.values()} == {404}


def test_a_custodian_alone_and_an_approver_alone_see_no_case(room: Room, pages: dict[str, str]) -> None:
    for name in ("custodian", "approver"):
        client = room.enter(name)
        cases = {page: address for page, address in pages.items() if page not in OPEN_TO_KEYHOLDERS | HALVES}
        _all(client, cases, _turned_away)
        for page in HALVES & set(pages):
            for answer in (client.get(pages[page]), client.post(pages[page], {"report": "x", "reason": "court_order"})):
                assert SECRET not in answer.content.decode()
    assert Identity.objects.get().accesses.count() == 0


def test_who_stays_out_of_a_case_has_no_page_of_it(room: Room, pages: dict[str, str]) -> None:
    cyd = room.enter("cyd")
    recuse.recuse(Referral.objects.get().decision.case, room.office.people["cyd"], reason_code="other", at=NOW, log=LOG)
    about = {name: address for name, address in pages.items() if "/case/" in address or name == "staff_notice"}
    assert len(about) > 12

    def gone(name: str, answer: HttpResponse) -> None:
        assert answer.status_code in {404, 405}, (name, answer.status_code)

    _all(cyd, about, gone)
    number = Referral.objects.get().decision.case.number
    for name in ("queue", "appeals", "deletions", "staff_cards"):
        assert SECRET not in cyd.get(pages[name]).content.decode()
    assert number not in cyd.get(pages["queue"]).content.decode()
