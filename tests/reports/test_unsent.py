"""A notice that is not with its partner is on the desk's first page, and whoever runs the site knows of one that may be lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.backstage.queries import waits
from showground.reports.actions import decide, recuse, refer, triage
from showground.reports.models import Case, Referral
from showground.reports.queries import queue, unsent
from showground.reports.queries.rail import to_do
from tests.reports.office import LOG, NOW, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
LOST = "has not left for certain"


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def notice(room: Room) -> Referral:
    case = room.office.case()
    decide.propose(case, written("refer"), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    return Referral.objects.get()


def test_a_notice_waits_on_the_first_page_for_whoever_can_do_the_next_thing(room: Room) -> None:
    drafted = notice(room)
    way = f"{HOME}notices/{drafted.pk}/"
    wanted, read = "1 notice wants a second reader:", "1 notice was read and waits to be sent:"
    ada, ben = room.enter("ada"), room.enter("ben")
    assert wanted not in text(ada.get(HOME)), "ada wrote it"
    page = ben.get(HOME)
    assert wanted in text(page) and way in page.content.decode() and drafted.decision.case.number in text(page)
    refer.read_referral(drafted, who=room.office.who("ben"), at=NOW, log=LOG)
    assert read in text(ada.get(HOME)) and wanted not in text(ben.get(HOME))
    refer.send_referral(drafted, who=room.office.who("ada"), week="sample", at=NOW, log=LOG)
    assert way not in ada.get(HOME).content.decode()


def test_a_notice_that_may_be_lost_is_said_to_officers_and_to_whoever_runs_the_site(room: Room) -> None:
    lost = notice(room)
    Referral.objects.filter(pk=lost.pk).update(state="posting", posting_at=NOW, posts=1, read_by=room.office.people["ben"])
    Case.objects.filter(pk=lost.decision.case_id).update(state="closed")
    soon, later = NOW + unsent.SAID_WITHIN - 1, NOW + unsent.SAID_WITHIN
    for now, known in ((soon, False), (later, True)):
        room.office.now = now
        page = room.enter("ada").get(HOME)
        assert (LOST in text(page), to_do(now)[1]) == (known, known)
        assert ("not left for certain" in " ".join(row.what for row in waits(room.week, now))) is known
    assert f"{HOME}notices/{lost.pk}/" in page.content.decode() and f"case/{lost.decision.case.number}/" in page.content.decode()
    recuse.recuse(lost.decision.case, room.office.people["cyd"], reason_code="other", at=NOW, log=LOG)
    assert LOST not in text(room.enter("cyd").get(HOME))


def test_what_no_decision_stands_behind_any_more_waits_for_nobody(room: Room) -> None:
    drafted = notice(room)
    assert unsent.unsent(room.office.people["ben"], NOW)
    other = room.office.case("Another https://another.example/a")
    fresh = decide.propose(other, written("unfounded"), who=room.office.who("ada"), at=NOW, log=LOG)
    drafted.decision.replaced_by = fresh
    drafted.decision.save()
    assert unsent.unsent(room.office.people["ben"], NOW) == []


def test_the_rail_counts_what_the_queue_lists_later_reports_of_decided_cases_too(room: Room) -> None:
    office, person = room.office, room.office.people["ada"]
    case = office.case()
    decide.propose(case, written("unfounded"), who=office.who("ada"), at=NOW, log=LOG)
    assert to_do(NOW) == (0, False) and queue.counts(person)["open"] == 0
    office.file()
    office.take_in()
    assert case.reports.count() == 2
    assert to_do(NOW) == (1, False) and queue.counts(person)["open"] == 1
    assert to_do(NOW + 5 * 3600)[1], "its first look is late"
    triage.look(case, by=person, at=NOW, log=LOG)
    assert to_do(NOW + 5 * 3600) == (0, False) and queue.counts(person)["open"] == 0
