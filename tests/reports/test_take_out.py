"""A file leaves the desk as it came only in a locked archive, through an officer with a shift, and never unnoticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.reports.actions.file import Upload
from showground.reports.actions.recuse import recuse
from showground.reports.actions.take_out import take_out
from showground.reports.models import Event, Report
from showground.rules.refused import Refused
from tests.evidence.test_archive import opened
from tests.reports.office import LOG, MAIL, NOW, an_office
from tests.reports.test_officer import HOME, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def _case(room: Room, category: str = "phishing") -> Report:
    report, _ = room.office.file(
        category=category, files=[Upload("a.eml", "message/rfc822", MAIL), Upload("b c.png", "image/png", b"two")]
    )
    room.office.take_in()
    report.refresh_from_db()
    return report


def test_an_officer_takes_a_file_out_in_a_locked_archive_and_it_is_noted(room: Room) -> None:
    report = _case(room)
    assert report.case is not None
    ada = room.enter("ada")
    second = report.evidence.filter(kind="file").order_by("pk")[1]
    here = f"{HOME}case/{report.case.number}/file/{second.pk}/"
    assert here in ada.get(f"{HOME}case/{report.case.number}/").content.decode() and ada.get(here).status_code == 405
    answer = ada.post(here)
    assert opened(answer.content, 0, "infected") == b"two" and b"two" not in answer.content.replace(b"b_c.png", b"")
    assert answer["Content-Disposition"].startswith("attachment;") and answer["Content-Type"] == "application/zip"
    assert (
        answer["X-Content-Type-Options"] == "nosniff"
        and "no-store" in answer["Cache-Control"]
        and "sandbox" in answer["Content-Security-Policy"]
    )
    assert Event.objects.get(verb="taken_out").facts == {"case": report.case.number}


def test_nobody_else_takes_it_out(room: Room) -> None:
    report = _case(room)
    assert report.case is not None
    here = f"{HOME}case/{report.case.number}/file/{report.evidence.filter(kind='file').first().pk}/"  # type: ignore[union-attr]
    assert Client().post(here).status_code in {302, 403, 404}
    recuse(report.case, room.office.people["ben"], reason_code="own_interest", at=NOW, log=LOG)
    assert room.enter("ben").post(here).status_code == 404
    assert room.enter("custodian").post(here).status_code in {302, 403, 404}
    assert not Event.objects.filter(verb="taken_out").exists()


def test_what_nobody_looks_at_nobody_takes_out(room: Room) -> None:
    told = {"by_mail": True, "files": [Upload("a.eml", "message/rfc822", MAIL)]}
    report, _ = room.office.file("", "child", channel="mail", **told)
    room.office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    file = report.evidence.filter(kind="file").get()
    with pytest.raises(Refused, match=r"evidence\.unseen"):
        take_out(report.case, file, who=room.office.who(), at=NOW, log=LOG)
    ada, here = room.enter("ada"), f"{HOME}case/{report.case.number}/"
    assert ada.post(f"{here}file/{file.pk}/").status_code == 404 and f"file/{file.pk}/" not in ada.get(here).content.decode()
