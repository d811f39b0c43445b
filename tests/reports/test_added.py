"""A reporter adds files with the code: sealed at once, read when an officer opens the case, refused in words where none are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from showground.reports.models import Event, Evidence, Mark, Report
from tests.reports.office import MAIL, an_office, picture
from tests.reports.test_officer import HOME, Room

pytestmark = pytest.mark.django_db
LOOK = "/en/sample/report/look/"


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def reporter(code: str) -> Client:
    client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
    assert client.post(LOOK, {"code": code}).status_code == 200
    return client


def added(name: str = "second.eml", data: bytes = MAIL) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "message/rfc822")


def test_a_file_added_later_is_sealed_and_read_when_the_case_is_opened(room: Room, settings: Any) -> None:
    report, code = room.office.file("They wrote again.", code=True)
    room.office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    client = reporter(code)
    assert b'name="files"' in client.get(LOOK).content
    marks = Mark.objects.filter(report=report).count()
    assert client.post(f"{LOOK}say/", {"words": "", "files": [added(), added("shot.png", picture())]}).status_code == 302
    store = b"".join(p.read_bytes() for p in Path(settings.DESK_STORE).rglob("*") if p.is_file())
    assert MAIL not in store and picture() not in store
    assert list(report.evidence.filter(kind="file").values_list("state", flat=True)) == ["waiting", "waiting"]
    assert "+ second.eml\n+ shot.png" in client.get(LOOK).content.decode()
    page = room.enter("ada").get(f"{HOME}case/{report.case.number}/").content.decode()
    assert "second.eml" in page and "shot.png" in page and "/picture/" in page
    assert set(report.evidence.filter(kind="file").values_list("state", flat=True)) == {"read"}
    assert Mark.objects.filter(report=report).count() > marks, "what the mail names can be searched for"
    room.enter("ada").get(f"{HOME}case/{report.case.number}/")
    assert Event.objects.filter(thing_id=report.pk, verb="files_read").count() == 1


def test_a_file_added_before_anybody_looked_is_taken_in_with_its_name(room: Room) -> None:
    report, code = room.office.file("They wrote again.", code=True)
    reporter(code).post(f"{LOOK}say/", {"words": "here it is", "files": [added()]})
    room.office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    assert "second.eml" in room.enter("ada").get(f"{HOME}case/{report.case.number}/").content.decode()


@pytest.mark.parametrize(
    ("many", "size", "status", "says"),
    [(6, 10, 413, "at most 5 files"), (1, 10 * 2**20 + 1, 413, "larger than 10 MB"), (0, 0, 422, "Nothing is written yet")],
)
def test_what_is_not_taken_is_said_and_the_words_stay(room: Room, many: int, size: int, status: int, says: str) -> None:
    report, code = room.office.file("They wrote again.", code=True)
    words = "my own words" if many else ""
    page = reporter(code).post(f"{LOOK}say/", {"words": words, "files": [added(f"{n}.txt", b"x" * size) for n in range(many)]})
    assert page.status_code == status and says in page.content.decode() and words in page.content.decode()
    assert not report.evidence.filter(kind="file").exists() and not report.messages.exists()


def test_a_report_about_a_child_takes_no_files_later_either(room: Room) -> None:
    report, code = room.office.file("It is on that page.", "child", code=True)
    client = reporter(code)
    assert b'name="files"' not in client.get(LOOK).content
    page = client.post(f"{LOOK}say/", {"words": "this", "files": [added()]})
    assert page.status_code == 422 and "No pictures or files here" in page.content.decode()
    assert not report.evidence.filter(kind="file").exists()


def test_a_report_holds_twenty_files(room: Room) -> None:
    report, code = room.office.file("They wrote again.", code=True)
    client = reporter(code)
    for _turn in range(4):
        client.post(f"{LOOK}say/", {"files": [added(f"{n}.txt", b"x") for n in range(5)]})
    page = client.post(f"{LOOK}say/", {"files": [added("one-more.txt", b"x")]})
    assert (
        page.status_code == 422 and "holds 20 files" in page.content.decode() and report.evidence.filter(kind="file").count() == 20
    )


def test_a_disk_that_fills_up_takes_words_and_says_so_of_files(room: Room, settings: Any) -> None:
    _report, code = room.office.file("They wrote again.", code=True)
    settings.DESK_RESERVE = 2**62
    page = reporter(code).post(f"{LOOK}say/", {"words": "my own words", "files": [added()]})
    assert page.status_code == 507 and "no room for files" in page.content.decode() and "my own words" in page.content.decode()
    client, told = Client(), {"category": "phishing", "words": "A parcel waits."}
    full = client.post("/en/sample/report/send/", {**told, "files": [added()]})
    assert full.status_code == 507 and "A parcel waits." in full.content.decode()
    shared = Client(headers={"Sec-Fetch-Site": "none"}).post("/en/sample/report/share/", {"text": "look", "files": added()})
    assert "no room for files" in shared.content.decode()
    assert not (Path(settings.DESK_STORE) / "stash").exists() or not list((Path(settings.DESK_STORE) / "stash").iterdir())
    assert client.post("/en/sample/report/send/", told).status_code == 200 and Report.objects.count() == 2
    assert Evidence.objects.filter(kind="file").count() == 0
