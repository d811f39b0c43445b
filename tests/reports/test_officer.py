"""The officers' pages: a key, a shift, the queue, a case from report to decision by two, without a line of script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from showground.people.models import Person
from showground.reports.actions.file import Upload
from showground.reports.actions.keys import SHIFT_SECONDS
from showground.reports.models import Case, DeskKey, Event, Holder, Message, Recusal, Report, Shift
from showground.reports.queries.case import case_or_404
from showground.reports.queries.keys import shift_locks
from showground.reports.staff.frame import cookie_name
from showground.vault import boxes
from showground.weeks.actions import give_duty
from showground.weeks.models import Week
from tests.house.sample_week import a_week
from tests.reports.office import DUTIES, LOG, MAIL, NOW, WORDS, Office, an_office, picture

pytestmark = pytest.mark.django_db
HOME = "/en/sample/reports/"


class Room:
    """The desk with its people at work, each with a browser of their own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        for empty in Week.objects.filter(code=DUTIES):  # a real one instead
            empty.roles.all().delete()
            empty.delete()
        self.week = a_week().week
        self.browsers: dict[str, Client] = {}
        for name, holder in office.holders.items():
            give_duty(self.week, person=office.people[name], duty=holder.duty)

    def token(self, name: str) -> str:
        """Returns what the browser of an open shift holds; the costly way there, by the passphrase, has tests of its own."""
        token, holder = f"a token of {name}", self.office.holders[name]
        stored, lock = shift_locks(token)
        ends = self.office.now + SHIFT_SECONDS
        kept = {
            "holder": holder,
            "opened_at": self.office.now,
            "expires_at": ends,
            "seen_at": ends,
        }  # as if a hand were there always
        sealed = boxes.seal(lock, bytes(self.office.who(name).key), "shift")
        Shift.objects.update_or_create(token_sha256=stored, defaults={**kept, "sealed_key": sealed})
        return token

    def enter(self, name: str, *, shift: bool = True) -> Client:
        """Returns the person's browser, signed in and with an open shift."""
        if name not in self.browsers:
            client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
            client.force_login(self.office.people[name])
            self.browsers[name] = client
            if shift:
                for language, _name in settings.LANGUAGES:
                    client.cookies[cookie_name(self.office.holders[name].duty, language)] = self.token(name)
        return self.browsers[name]


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def text(page: HttpResponse) -> str:
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


def seal(page: HttpResponse) -> str:
    """What names the words that a second reader has before them."""
    return re.findall(r'name="seal" value="(\w+)"', page.content.decode())[0]


def _taken(room: Room, **more: Any) -> Case:
    report, _ = room.office.file(**more)
    room.office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    return report.case


def test_the_first_key_opens_the_desk_and_an_open_shift_admits_the_next(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DESK_STORE, settings.CLOCK = tmp_path / "desk", lambda: NOW
    week = a_week().week
    clients = []
    for name in ("first", "next"):
        person = Person.objects.create(email=f"{name}@desk.example")
        give_duty(week, person=person, duty="officer")
        client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
        client.force_login(person)
        clients.append(client)
    page = clients[0].get(HOME)
    assert page.status_code == 302 and "/reports/shift/" in page["Location"]
    assert "The desk is not open yet" in text(clients[0].get(f"{HOME}shift/"))
    told = {"duty": "officer", "passphrase": "five words that nobody knows", "again": "five words that nobody knew"}
    assert clients[0].post(f"{HOME}shift/key/", told).status_code == 422 and not Holder.objects.exists()
    told["again"] = told["passphrase"]
    made = clients[0].post(f"{HOME}shift/key/", told)
    assert made.status_code == 302 and DeskKey.objects.count() == 1
    cookie = made.cookies["desk-officer-en"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == HOME
    assert clients[0].get(HOME).status_code == 200
    clients[1].post(f"{HOME}shift/key/", told)
    assert clients[1].get(HOME).status_code == 302, "a key without the desk's key opens no queue"
    second = Holder.objects.get(person__email="next@desk.example")
    assert clients[1].post(f"{HOME}shift/{second.pk}/admit/").status_code == 302
    second.refresh_from_db()
    assert not second.desk_wrapped, "nobody admits themself"
    clients[0].post(f"{HOME}shift/{second.pk}/admit/")
    assert clients[1].get(HOME).status_code == 200


def test_a_shift_ends_by_the_button_by_time_and_by_revoking(room: Room) -> None:
    ada, ben = room.enter("ada"), room.enter("ben")
    assert ada.get(HOME).status_code == ben.get(HOME).status_code == 200
    ada.post(f"{HOME}shift/end/", {"duty": "officer"})
    assert ada.get(HOME).status_code == 302
    cyd = room.enter("cyd")
    assert cyd.post(f"{HOME}shift/{room.office.holders['ben'].pk}/revoke/").status_code == 302
    assert ben.get(HOME).status_code == 302 and not Shift.objects.filter(holder__person=room.office.people["ben"]).exists()
    room.office.now += 12 * 3600
    assert cyd.get(HOME).status_code == 302


def test_a_wrong_passphrase_and_a_cookie_of_somebody_else_open_nothing(room: Room) -> None:
    ada = room.enter("ada")
    ben = room.enter("ben", shift=False)
    wrong = ben.post(f"{HOME}shift/start/", {"duty": "officer", "passphrase": "not mine"})
    assert wrong.status_code == 422 and "passphrase" in text(wrong)
    ben.cookies["desk-officer-en"] = ada.cookies["desk-officer-en"].value
    assert ben.get(HOME).status_code == 302
    right = ben.post(f"{HOME}shift/start/", {"duty": "officer", "passphrase": "a long passphrase of ben"})
    assert right.status_code == 302 and ben.get(HOME).status_code == 200
    assert "desk-officer-zh-hans" in right.cookies and ben.get("/zh-hans/sample/reports/").status_code == 200


def test_the_last_key_of_the_desk_is_not_revoked(room: Room) -> None:
    ada = room.enter("ada")
    for name in ("ben", "cyd"):
        ada.post(f"{HOME}shift/{room.office.holders[name].pk}/revoke/")
    last = ada.post(f"{HOME}shift/{room.office.holders['ada'].pk}/revoke/")
    assert last.status_code == 422 and Holder.objects.filter(duty="officer", revoked_at=None).count() == 1


def test_the_queue_takes_in_and_shows_what_is_due(room: Room) -> None:
    room.office.file(files=[Upload("a.eml", "message/rfc822", MAIL)])
    ada = room.enter("ada")
    assert "1 report waits to be taken in" in text(ada.get(HOME))
    went = ada.post(f"{HOME}take-in/", {"view": "open"})
    page = text(ada.get(went["Location"]))
    assert "1 report taken in" in page and "Phishing" in page and "due in 4" in page and "severe" in page
    room.office.now += 5 * 3600
    assert "1 hour late" in text(ada.get(HOME))


def test_the_whole_work_on_a_case(room: Room) -> None:
    case = _taken(room, files=[Upload("a.eml", "message/rfc822", MAIL), Upload("b.png", "image/png", picture())])
    here, ada = f"{HOME}case/{case.number}/", room.enter("ada")
    page = ada.get(here)
    said, html = text(page), page.content.decode()
    assert "hxxps://harb0ur-bank[.]example/login?u=1" in said and "Is in truth" in said and "203[.]0[.]113[.]77" in said
    assert "Answers go to other-place[.]example, not to harb0ur-bank[.]example." in said
    assert "https://harb" not in html.replace('value="https://harb', ""), "no link that works but as the value of a box to tick"
    assert not re.search(r'href="(?!/|#|\?)', html), "nothing leads away from the site"
    seen = ada.get(re.search(r'src="([^"]+\.png)"', html)[1])  # type: ignore[index]
    assert seen["Content-Type"] == "image/png" and "no-store" in seen["Cache-Control"]
    assert ada.post(f"{here}assign/").status_code == 302
    case.refresh_from_db()
    assert case.state == "assessing" and case.assignee == room.office.people["ada"]
    report = case.reports.get()
    ada.post(f"{here}say/", {"report": report.number, "message": "Where was it?", "do": "ask"})
    case.refresh_from_db()
    assert case.state == "awaiting_reporter" and Message.objects.get().way == "to_reporter"
    assert "stands still" in text(ada.get(here)) and "Where was it?" in text(ada.get(here))
    ada.post(f"{here}begin/")
    assert ada.post(f"{here}note/", {"note": "Known from last week"}).status_code == 302
    empty = ada.post(f"{here}decision/", {"outcome": "unfounded", "facts": "I typed much", "do": "decide"})
    assert empty.status_code == 422 and "I typed much" in empty.content.decode()
    told: dict[str, Any] = {
        "outcome": "insufficient",
        "facts": "Not enough.",
        "do": "decide",
        "reasons.reporter.en": "We need more.",
        "reasons.reporter.zh": "需要更多信息。",
    }
    told |= {f"lawful.{name}": "no" for name in ("opinion", "satire", "reporting", "public_interest", "public_figure")}
    sent = ada.post(f"{here}decision/", told)
    assert sent.status_code == 302, text(sent)
    case.refresh_from_db()
    assert case.state == "decided" and "Not enough to decide" in text(ada.get(here))
    assert [m.way for m in Message.objects.order_by("pk")] == ["to_reporter"] * 2
    ada.post(f"{here}end/", {"do": "close"})
    case.refresh_from_db()
    assert case.state == "closed" and case.closed_at == NOW
    for verb in ("opened", "assigned", "begun", "asked", "went_on", "noted", "closed"):
        assert Event.objects.filter(thing="case", thing_id=case.pk, verb=verb).exists(), verb


def test_a_second_reader_confirms_on_the_page(room: Room) -> None:
    case = _taken(room)
    here, ada, ben = f"{HOME}case/{case.number}/", room.enter("ada"), room.enter("ben")
    ada.post(f"{here}assign/")
    told: dict[str, Any] = {"outcome": "warn_public", "facts": "A bank is copied.", "do": "decide"}
    told |= {f"reasons.{who}.{lang}": f"{who} {lang}" for who in ("reporter", "affected", "public") for lang in ("en", "zh")}
    told |= {f"lawful.{name}": "no" for name in ("opinion", "satire", "reporting", "public_interest", "public_figure")}
    sent = ada.post(f"{here}decision/", told)
    assert sent.status_code == 302, text(sent)
    assert not case.decisions.exists() and "somebody else, not yet" in text(ada.get(here))
    own = ada.post(f"{here}second/", {"do": "confirm"})
    assert own.status_code == 422 and not case.decisions.exists()
    assert "Agree, it holds" in text(ben.get(here)) and "1" in text(ben.get(f"{HOME}?view=read"))
    ben.post(f"{here}second/", {"do": "back", "why": "Say which bank."})
    assert "Say which bank." in text(ada.get(here))
    ada.post(f"{here}decision/", told)
    ben.post(f"{here}second/", {"do": "confirm", "seal": seal(ben.get(here))})
    decision = case.decisions.get()
    assert (decision.decided_by, decision.second_by) == (room.office.people["ada"], room.office.people["ben"])


def test_who_steps_aside_sees_the_case_no_more(room: Room) -> None:
    case = _taken(room)
    here, ada, ben = f"{HOME}case/{case.number}/", room.enter("ada"), room.enter("ben")
    ada.post(f"{here}assign/")
    assert ada.post(f"{here}recuse/", {"reason": "knows_accused"}).status_code == 302
    assert ada.get(here).status_code == 404 and case.number not in text(ada.get(HOME)) and Recusal.objects.count() == 1
    for address in ("assign/", "say/", "note/", "decision/", "links/", "second/"):
        assert ada.post(here + address).status_code == 404, address
    assert case.number not in text(ada.post(f"{HOME}find/", {"typed": case.number}))
    assert ben.get(here).status_code == 200 and case_or_404(case.number).assignee is None


def test_search_finds_cases_by_number_address_and_hash_and_nobody(room: Room) -> None:
    from showground.rules.records import sha256_hex

    report, _ = room.office.file(files=[Upload("b.png", "", picture())])
    room.office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    ada, number = room.enter("ada"), report.case.number
    for typed in (
        number.lower(),
        report.number,
        "harbour-bank-login.example",
        "hxxps://harbour-bank-login[.]example/verify?id=8841",
        sha256_hex(picture()),
    ):
        assert number in text(ada.post(f"{HOME}find/", {"typed": typed})), typed
    for typed in ("Lin Example", "security@harb0ur-bank.example", "13800138000", "somebody"):
        refused = ada.post(f"{HOME}find/", {"typed": typed})
        assert refused.status_code == 422 and "Persons cannot be searched for" in text(refused), typed
    noted = Event.objects.filter(thing="search")
    assert noted.count() == 5 and all(set(event.facts) == {"by", "found"} for event in noted)


def test_search_is_slowed_down(room: Room) -> None:
    from showground.reports.actions.note import note

    ada = room.enter("ada")
    for _ in range(60):
        note("search", room.office.holders["ada"].pk, "searched", role="officer", at=NOW, log=LOG)
    assert ada.post(f"{HOME}find/", {"typed": "K234567"}).status_code == 422


def test_a_wrong_link_is_undone_on_the_page(room: Room) -> None:
    first, _ = room.office.file("Pay at https://shared-shop.example/a")
    wrong, _ = room.office.file("Mine is https://shared-shop.example/b", "scam")
    room.office.take_in()
    first.refresh_from_db()
    assert first.case is not None
    here, ada = f"{HOME}case/{first.case.number}/", room.enter("ada")
    page = text(ada.get(here))
    assert wrong.number in page and "the same domain" in page
    ada.post(f"{here}links/", {"do": "undo", "which": wrong.number})
    wrong.refresh_from_db()
    assert wrong.case != first.case and wrong.number not in text(ada.get(here))


def test_a_flood_is_rejected_and_taken_back_on_the_page(room: Room) -> None:
    cases = [_taken(room, words=f"Cheap pills at https://pills-{n}.example/", category="scam") for n in range(3)]
    ada = room.enter("ada")
    went = ada.post(f"{HOME}many/", {"case": [c.number for c in cases], "do": "spam", "reason": "advertising", "view": "open"})
    page = ada.get(went["Location"])
    assert "3 reports rejected" in text(page) and set(Report.objects.values_list("state", flat=True)) == {"rejected_spam"}
    numbers = re.search(r'name="numbers" value="([^"]+)"', page.content.decode())
    assert numbers
    ada.post(f"{HOME}take-back/", {"numbers": numbers[1]})
    assert set(Report.objects.values_list("state", flat=True)) == {"clustered"}
    went = ada.post(f"{HOME}many/", {"case": [c.number for c in cases], "do": "fold", "view": "open"})
    assert "2 reports folded" in text(ada.get(went["Location"]))


def test_pages_of_the_desk_are_kept_nowhere_and_speak_chinese(room: Room) -> None:
    case = _taken(room)
    ada = room.enter("ada")
    for page in (HOME, f"{HOME}case/{case.number}/", f"{HOME}shift/", f"{HOME}appeals/", f"{HOME}deletions/"):
        answer = ada.get(page)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"], page
    assert WORDS[:20] in text(ada.get(f"/zh-hans/sample/reports/case/{case.number}/"))
