"""The page of a case leads on: what was filled in lies open, a second reader goes on to the notice, Enter in a line decides nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from showground.reports.actions import decide
from showground.reports.models import Case
from tests.reports.office import LOG, an_office, written
from tests.reports.test_officer import HOME, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def test_usual_words_lie_open_where_they_were_put(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    went = ada.post(f"{HOME}case/{case.number}/decision/", {"outcome": "unfounded", "do": "usual"})
    assert went["Location"].endswith("#reasons")
    page = ada.get(went["Location"]).content.decode()
    reasons = page.partition('id="reasons"')[2]
    assert "The usual words stand" in reasons
    assert re.findall(r'class="rd-aud"( open)?>\s*<summary>\s*([\w ]+?)\s*<', reasons) == [
        (" open", "For the reporter"), ("", "For the person it affects"), ("", "For everybody"),
    ]  # fmt: skip


def test_enter_in_a_line_of_the_decision_keeps_the_draft_and_no_more(room: Room) -> None:
    case, ada = room.office.case(), room.enter("ada")
    form = ada.get(f"{HOME}case/{case.number}/").content.decode().partition('class="rd-decide"')[2]
    first = re.search(r"<button[^>]*>", form)
    assert first and 'value="draft"' in first[0], "a browser presses the first button of a form"


def test_a_second_reader_goes_on_to_the_notice_and_its_writer_does_not(room: Room) -> None:
    office = room.office
    case, facts = office.case(), {"at": office.now, "log": LOG}
    decide.propose(case, written("refer"), who=office.who("ada"), **facts)
    decide.confirm(case, who=office.who("cyd"), **facts)
    number = Case.objects.get(pk=case.pk).decisions.get().referrals.get().pk
    there = f"{HOME}notices/{number}/"
    said = {name: room.enter(name).get(f"{HOME}case/{case.number}/?did=decided").content.decode() for name in ("cyd", "ada")}
    line = {name: page.partition("data-said>")[2].partition("</div>")[0] for name, page in said.items()}
    assert there in line["cyd"] and "Read the notice" in line["cyd"]
    assert "It holds." in line["ada"] and there not in line["ada"]
