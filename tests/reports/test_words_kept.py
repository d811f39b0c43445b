"""What somebody wrote, chose or noted stays theirs: no page that closed, no tab beside it and no second try loses it or mixes it up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from showground.people.models import Person
from showground.reports.actions import appeal, hold
from showground.reports.actions.file import MOST_FILE, MOST_WORDS
from showground.reports.models import Appeal, Case, Clock, Decision, Message, Report
from showground.reports.queries import clocks, reading
from showground.weeks.models import Role
from tests.reports.visitor import HOME, Desk, code_in, open_desk, report, send

pytestmark = pytest.mark.django_db
LONG = "A long message.\nWritten with care."


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Desk:
    hold.buckets.full_at.clear()
    return open_desk(settings, tmp_path)


@pytest.fixture
def client() -> Client:
    return Client()


def file(name: str = "screen.png", size: int = 20) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, bytes(size), "image/png")


def fields(page: HttpResponse, form: str) -> dict[str, str]:
    """The hidden fields of a form, by its action's last word."""
    (found,) = re.findall(rf'<form[^>]*action="[^"]*/{form}/[^"]*".*?</form>', page.content.decode(), re.S)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))


def field(page: HttpResponse, name: str) -> str:
    (words,) = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page.content.decode(), re.S)
    return words.strip()


def decided(desk: Desk, outcome: str = "unfounded") -> Decision:
    case = Case.objects.create(number="C1", category="phishing", opened_at=desk.now, state="decided")
    Report.objects.update(case=case, state="clustered")
    return Decision.objects.create(
        case=case, outcome=outcome, wrapped=b"", facts_sealed=b"", decided_by=desk.officer.person, decided_at=desk.now
    )


# ---- the page of a report ----


@pytest.mark.parametrize("deed", ["say", "contact", "name", "withdraw", "erase", "copy"])
def test_a_form_acts_on_the_report_of_its_own_page_and_on_no_other_one(desk: Desk, client: Client, deed: str) -> None:
    first = code_in(send(client, words="The first"))
    page = client.get(f"{HOME}look/")
    send(client, words="The second")
    told = {"words": LONG, "address": "me@home.example", "name": "Lin", "sure": "on"}
    answer = client.post(f"{HOME}look/{deed}/", {**fields(page, deed), **told})
    assert answer.status_code == 422 and "Another report was opened in this browser meanwhile" in answer.content.decode()
    assert "The second" not in answer.content.decode() and not Message.objects.exists()
    assert {(one.state, bytes(one.contact_sealed), one.erased_at) for one in Report.objects.all()} == {("received", b"", None)}
    again = client.post(f"{HOME}look/", {"code": first, **fields(answer, "look")})
    assert field(again, "words") == LONG and "It is not sent yet." in again.content.decode()
    assert client.post(f"{HOME}look/say/", {**fields(again, "say"), "words": LONG}).status_code == 302
    assert reading.body(reading.Held(Message.objects.get().report, reading.by_code(first).lock))["words"] == "The first"


def test_what_was_written_on_a_page_that_closed_comes_back_with_the_code(desk: Desk, client: Client) -> None:
    code = code_in(send(client))
    decided(desk)
    page = client.get(f"{HOME}look/")
    desk.move(desk.now + 1201)
    told = {"grounds": LONG, "reach": "00 49 30"}
    closed = client.post(f"{HOME}look/appeal/", {**fields(page, "appeal"), **told})
    assert closed.status_code == 422 and "not sent and not lost" in closed.content.decode()
    mistyped = client.post(f"{HOME}look/", {"code": "1", **fields(closed, "look")})
    again = client.post(f"{HOME}look/", {"code": code, **fields(mistyped, "look")})
    text = again.content.decode()
    assert field(again, "grounds") == LONG and 'value="00 49 30"' in text and text.count('class="why" open') == 2
    assert not Appeal.objects.exists(), "nothing is sent before somebody says so"


def test_grounds_that_no_appeal_can_take_are_offered_as_a_message(desk: Desk, client: Client) -> None:
    code = code_in(send(client))
    decided(desk)
    desk.move(desk.now + appeal.WINDOW + 1)
    client.post(f"{HOME}look/", {"code": code})
    page = client.post(f"{HOME}look/appeal/", {"grounds": LONG})
    assert page.status_code == 422 and "Six months have passed" in page.content.decode() and field(page, "words") == LONG


def test_nobody_learns_from_a_deadline_when_another_person_reported_the_same_thing(desk: Desk, client: Client) -> None:
    send(client)
    case = Case.objects.create(number="C1", category="phishing", opened_at=desk.now, state="triaged")
    Report.objects.update(case=case, state="clustered")
    earlier = desk.now - 3 * 86400
    clock = Clock.objects.create(
        thing="case", thing_id=case.pk, kind="decision", started_at=earlier, due_at=earlier + clocks.DECISION
    )
    Clock.objects.filter(thing="report").update(met_at=desk.now)
    alone = client.get(f"{HOME}look/").content
    clock.due_at = desk.now + clocks.DECISION
    clock.save()
    assert client.get(f"{HOME}look/").content == alone and b"The next step is due by" in alone


def test_what_is_not_the_desks_has_somewhere_to_go(desk: Desk, client: Client) -> None:
    send(client)
    Report.objects.update(state="out_of_scope")
    page = client.get(f"{HOME}look/").content.decode().replace("\xa0", " ")
    assert "Below we say where to go with it." in page and 'href="/en/sample/channels/#not-ours"' in page


# ---- on the way to the code ----


def test_a_page_that_was_gone_back_to_and_changed_is_filed_too(desk: Desk, client: Client) -> None:
    first = code_in(send(client, once="a-page-s-own-word", files=file()))
    assert code_in(send(client, once="a-page-s-own-word", files=file())) == first and Report.objects.count() == 1
    second = code_in(send(client, once="a-page-s-own-word", words="And they called again", files=file()))
    third = code_in(send(client, once="a-page-s-own-word", words="And they called again"))
    assert len({first, second, third}) == 3 == Report.objects.count()
    assert reading.body(reading.by_code(second))["words"] == "And they called again"


def test_a_file_that_waited_too_long_is_told_once_and_the_words_go_without_it(desk: Desk, client: Client) -> None:
    page = send(client, category="harassment", words="my own words", files=file())
    waiting = re.findall(r'name="waiting" value="([0-9a-f]+)" checked', page.content.decode())
    assert len(waiting) == 1
    desk.move(desk.now + 3601)
    told = {"category": "harassment", "words": "my own words", "waiting": waiting}
    late = send(client, **told)
    text = late.content.decode()
    assert late.status_code == 422 and "no longer here" in text and "my own words" in text and waiting[0] not in text
    told = {**told, "standing": "target", "waiting": re.findall(r'name="waiting" value="([0-9a-f]+)"', text)}
    assert code_in(send(client, **told)) and report().evidence.count() == 0


def test_words_that_are_too_many_stay_whole_on_the_page(desk: Desk, client: Client) -> None:
    page = send(client, words="a" * MOST_WORDS + "the end")
    assert page.status_code == 422 and "the end</textarea>" in page.content.decode()
    assert send(client, words="a\r\n" * (MOST_WORDS // 2)).status_code == 200, "counted as the browser counts them"


@pytest.mark.parametrize(
    ("files", "kept", "says"),
    [
        ([("film.mp4", MOST_FILE + 1), ("a.png", 20)], 1, "film.mp4"),
        ([(f"{n}.png", 20) for n in range(6)], 5, "at most 5 files"),
    ],
)
def test_a_shared_file_that_is_not_taken_is_told(desk: Desk, files: list[tuple[str, int]], kept: int, says: str) -> None:
    phone = Client(headers={"Sec-Fetch-Site": "none"})
    page = phone.post(f"{HOME}share/", {"text": "Look", "files": [file(*one) for one in files]}).content.decode()
    assert page.count('name="waiting"') == kept and says in page
    told = dict(re.findall(r'type="hidden" name="(shared|words)" value="([^"]+)"', page))
    tell = Client().post(HOME, {"category": "phishing", **told}).content.decode()
    assert told == {"shared": "1", "words": "Look"} and 'name="shared" value="1"' in tell


def test_the_code_that_was_written_down_stays_the_code_of_a_report_that_waited(desk: Desk, client: Client) -> None:
    hold.buckets.take("network", "192.0.2.0/24", hold.NETWORK, at=desk.now)
    for _ in range(hold.NETWORK[0] + 1):
        hold.lane(address="192.0.2.1", proof="", at=desk.now)
    page = Client(REMOTE_ADDR="192.0.2.1").post(f"{HOME}send/", {"category": "phishing", "words": "In a flood"})
    (ticket,) = re.findall(r'name="ticket" value="([0-9a-f]+)"', page.content.decode())
    desk.move(desk.now + int(page["Retry-After"]))
    code = code_in(client.post(f"{HOME}code/", {"ticket": ticket}))
    assert code_in(client.post(f"{HOME}code/", {"ticket": ticket})) == code, "somebody went back and pressed again"
    client.post(f"{HOME}code/", {"kept": "on"})
    assert client.post(f"{HOME}code/", {"ticket": ticket})["Location"] == f"{HOME}look/"
    assert reading.by_code(code)
    assert code_in(Client().post(f"{HOME}code/", {"ticket": ticket})) != code, "an answer that never arrived is given again"


# ---- taken down by an officer ----


def test_the_language_of_who_called_is_kept_while_the_form_is_corrected(desk: Desk, client: Client) -> None:
    person = Person.objects.create(email="at-the-phone@desk.example")
    Role.objects.create(week=desk.sample.week, person=person, duty="officer")
    client.force_login(person)
    where = "/en/sample/reports/by-hand/"
    for language in ("en", "zh-hans"):
        page = client.post(where, {"channel": "phone", "category": "", "words": "x", "language": language}).content.decode()
        assert ('value="en" selected' in page) == (language == "en")
