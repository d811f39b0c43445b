"""Whoever leaves the desk leaves nothing in hand: not a case, not a proposal, not a shift, whichever way they went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.reports import jobs
from showground.reports.actions import decide, hear, keys, leave, recuse, triage
from showground.reports.actions.answer import write
from showground.reports.actions.appeal import lodge
from showground.reports.models import Appeal, Case, Clock, Event, Holder, Proposal, Shift
from showground.reports.queries.case import officers
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
from showground.weeks.actions import end_duty
from tests.reports.office import LOG, NOW, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def remove(room: Room, name: str, duty: str = "officer") -> None:
    """The organiser takes the duty away, and the desk's program has had its second."""
    end_duty(room.week, person=room.office.people[name], duty=duty)
    leave.sweep(room.office.now, log=lambda: LOG)


def revoke(room: Room, name: str) -> None:
    assert room.enter("cyd").post(f"{HOME}shift/{room.office.holders[name].pk}/revoke/").status_code == 302


@pytest.mark.parametrize("how", [remove, revoke])
def test_open_cases_of_somebody_who_leaves_wait_in_the_queue(room: Room, how: Any) -> None:
    case, done = room.office.case(), room.office.case("Done https://done.example/a")
    decide.propose(done, written("unfounded"), who=room.office.who(), at=NOW, log=LOG)
    how(room, "ada")
    case.refresh_from_db()
    done.refresh_from_db()
    assert (case.assignee, case.state) == (None, "new") and (done.assignee, done.state) == (room.office.people["ada"], "decided")
    told = Event.objects.filter(thing="case", thing_id=case.pk).last()
    assert told is not None and (told.verb, told.role, told.facts) == ("given_back", "desk", {"why": "left"})
    page = text(room.enter("cyd").get(f"{HOME}case/{case.number}/"))
    assert "Its officer works at the desk no longer" in page and "back in the queue" in page
    assert case.number in text(room.enter("cyd").get(f"{HOME}?view=free"))


def test_the_line_goes_when_somebody_takes_the_case(room: Room) -> None:
    case, cyd = room.office.case(), room.enter("cyd")
    remove(room, "ada")
    cyd.post(f"{HOME}case/{case.number}/assign/")
    assert "works at the desk no longer" not in text(cyd.get(f"{HOME}case/{case.number}/"))


@pytest.mark.parametrize("how", [remove, revoke])
def test_a_proposal_of_somebody_who_left_is_a_draft_that_names_them(room: Room, how: Any) -> None:
    case = room.office.case()
    decide.propose(case, written("warn_public"), who=room.office.who(), at=NOW, log=LOG)
    how(room, "ada")
    assert Proposal.objects.get().state == "draft"
    with pytest.raises(Refused, match=r"decision\.not_proposed"):
        decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    cyd = room.enter("cyd")
    cyd.post(f"{HOME}case/{case.number}/assign/")
    page = cyd.get(f"{HOME}case/{case.number}/")
    assert "ada@desk.example, who works here no longer, wrote this draft" in text(page)
    assert "The page copies a bank" in page.content.decode()


def test_who_lost_the_duty_is_shut_out_at_once_on_every_device(room: Room) -> None:
    ada = room.enter("ada")
    keys.start_shift(room.office.holders["ada"], "a long passphrase of ada", at=NOW)
    end_duty(room.week, person=room.office.people["ada"], duty="officer")
    assert ada.get(HOME).status_code == 403, "before any program has had its second"
    leave.sweep(NOW, log=lambda: LOG)
    assert not Shift.objects.filter(holder__person=room.office.people["ada"]).exists()


def test_the_program_of_the_desk_sweeps_every_second(room: Room) -> None:
    case = room.office.case()
    end_duty(room.week, person=room.office.people["ada"], duty="officer")
    jobs.follow(NOW)
    case.refresh_from_db()
    assert case.assignee is None and leave.sweep(NOW, log=lambda: LOG) == 0


def test_who_still_works_here_keeps_everything(room: Room) -> None:
    case = room.office.case()
    room.enter("ada")
    assert leave.sweep(NOW, log=lambda: LOG) == 0
    case.refresh_from_db()
    assert case.assignee == room.office.people["ada"] and Shift.objects.count() == 1


def test_nobody_is_given_a_case_who_works_here_no_longer(room: Room) -> None:
    case, ada, ben = room.office.case(), room.enter("ada"), room.office.holders["ben"]
    end_duty(room.week, person=room.office.people["ben"], duty="officer")
    assert ben not in officers(case) and "ben@desk.example" not in text(ada.get(f"{HOME}case/{case.number}/"))
    answer = ada.post(f"{HOME}case/{case.number}/assign/", {"to": ben.pk})
    assert answer.status_code == 422 and "works at the desk no longer" in text(answer)
    case.refresh_from_db()
    assert case.assignee == room.office.people["ada"]


def test_a_key_of_somebody_who_left_is_shown_as_such_and_admitted_no_more(room: Room) -> None:
    ada, ben = room.enter("ada"), room.office.holders["ben"]
    Holder.objects.filter(pk=ben.pk).update(desk_wrapped=b"")
    end_duty(room.week, person=room.office.people["ben"], duty="officer")
    assert "works here no longer" in text(ada.get(f"{HOME}shift/"))
    assert ada.post(f"{HOME}shift/{ben.pk}/admit/").status_code == 422
    ben.refresh_from_db()
    assert not ben.desk_wrapped


def test_the_last_officer_with_the_desks_key_is_not_counted_who_left(room: Room) -> None:
    """Whoever left holds a wrap still, but nobody could open the desk with it: the last one at work is the last."""
    ada = room.enter("ada")
    for name in ("ben", "cyd"):
        remove(room, name)
    last = ada.post(f"{HOME}shift/{room.office.holders['ada'].pk}/revoke/")
    assert last.status_code == 422 and Holder.objects.get(pk=room.office.holders["ada"].pk).desk_wrapped


def test_a_case_that_waits_for_its_reporter_goes_on_with_the_answer(room: Room) -> None:
    for leaving in (lambda case: remove(room, "ada"), _ben_recuses):
        name = "ada" if leaving is not _ben_recuses else "ben"
        report, _ = room.office.file(f"Of {name} https://{name}.example/x")
        room.office.take_in("cyd")
        report.refresh_from_db()
        case = report.case
        assert case is not None
        triage.assign(case, room.office.holders[name], who=room.office.who(name), at=NOW, log=LOG)
        held = triage.tell(case, report, "Where was it?", who=room.office.who(name), wait=True, at=NOW, log=LOG)
        leaving(case)
        case.refresh_from_db()
        assert (case.assignee, case.state) == (None, "awaiting_reporter")
        write(held, "On the bus.", way="to_desk", at=NOW + 60, log=LOG)
        case.refresh_from_db()
        assert case.state == "assessing" and Clock.objects.get(thing="case", thing_id=case.pk, kind="decision").paused_at is None


def _ben_recuses(case: Case) -> None:
    from showground.people.models import Person

    recuse.recuse(case, Person.objects.get(email="ben@desk.example"), reason_code="other", at=NOW, log=LOG)


def test_an_appeal_in_the_hands_of_somebody_who_leaves_is_anybodys(room: Room) -> None:
    case = room.office.case()
    decide.propose(case, written("unfounded"), who=room.office.who(), at=NOW, log=LOG)
    appeal = lodge(by_officer(case.reports.get(), room.office.who()), "It is a fraud.", at=NOW, log=LOG)
    hear.take(appeal, who=room.office.who("ben"), at=NOW, log=LOG)
    remove(room, "ben")
    assert Appeal.objects.get().handler is None


def test_a_custodian_who_left_is_told_no_name(room: Room) -> None:
    custodian = room.enter("custodian")
    assert custodian.get(f"{HOME}identities/").status_code == 200
    remove(room, "custodian", "custodian")
    assert custodian.get(f"{HOME}identities/").status_code == 403 and not Shift.objects.exists()
    assert Holder.objects.get(duty="custodian").revoked_at is None, (
        "the halves stay: with the last custodian's they would be gone for good"
    )
