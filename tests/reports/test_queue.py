"""The queue of a desk that has much to do: pages, as few questions to the database for many lines as for one, and an open page that goes on."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from showground.reports.actions.recuse import recuse
from showground.reports.models import Case, Clock, Report
from showground.reports.queries import queue
from showground.rules.harms import CODES
from tests.reports.office import NOW, Office, an_office
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def _many(office: Office, cases: int, *, first: int = 0) -> None:
    for number in range(first, first + cases):
        office.file(f"https://shop{number}.example/pay{number}", "phishing")
    office.take_in()


def _queries(ada: Client, address: str = HOME) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert ada.get(address).status_code == 200
    return len(told)


def test_three_lines_ask_the_database_as_often_as_one(room: Room) -> None:
    ada = room.enter("ada")
    _many(room.office, 1)
    ada.get(HOME)
    one = _queries(ada)
    _many(room.office, 2, first=1)
    assert Case.objects.count() == 3
    assert _queries(ada) == one <= 40
    for case in Case.objects.all():
        case.state = Case.State.CLOSED
        case.save()
    assert _queries(ada, f"{HOME}?view=closed") <= one + 1, "and once when they were decided"


def test_what_is_due_first_comes_first_on_the_first_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "SHOWN", 2)
    _many(room.office, 5)
    cases = list(Case.objects.order_by("pk"))
    last, grave = cases[4], cases[3]
    Clock.objects.filter(thing="report", thing_id=last.reports.get().pk).update(due_at=NOW - 5)
    Case.objects.filter(pk=grave.pk).update(severity=5)
    ada = room.enter("ada")
    page = ada.get(HOME).content.decode()
    numbers = re.findall(r'name="case" value="(K\w+)"', page)
    assert numbers == [grave.number, last.number] and "Cases 1 to 2 of 5" in text(ada.get(HOME))
    seen = set(numbers)
    while after := re.search(r'rel="next" href="([^"]+)"', page):
        page = ada.get(HOME + after[1].replace("&amp;", "&")).content.decode()
        seen |= set(re.findall(r'name="case" value="(K\w+)"', page))
    assert seen == {case.number for case in cases} and 'rel="prev"' in page
    assert ada.get(f"{HOME}?page=99999").status_code == ada.get(f"{HOME}?page=-1").status_code == 200


def test_a_found_case_that_one_stays_out_of_is_not_shown(room: Room) -> None:
    _many(room.office, 2)
    first, second = Case.objects.order_by("pk")
    recuse(first, room.office.people["ada"], reason_code="own_interest", at=NOW, log="x")
    lines = queue.rows_of([first, second], room.office.people["ada"], NOW)
    assert [line.case for line in lines] == [second]


# ---- the page that goes on by itself ----


def _ask(ada: Client, page: str, **more: str) -> Any:
    fields = dict(re.findall(r'<input type="hidden" name="(view|category|seen|told|took|still)" value="([^"]*)"', page))
    return ada.post(f"{HOME}take-in/go-on/", {**fields, **more}, **PART)


def _intake(page: Any) -> str:
    return str(page.content.decode()).split('id="intake"')[-1].split('<nav class="ways"')[0]


def test_the_open_page_takes_in_and_says_what_is_new_without_moving_a_line(room: Room) -> None:
    ada = room.enter("ada")
    page = _intake(ada.get(HOME))
    assert _ask(ada, page).status_code == 204, "nothing is new, nothing is said"
    room.office.file("https://one.example/a")
    answer = _ask(ada, page)
    said = text(answer)
    assert (
        "Show 1 new case" in said
        and "1 report taken in since you opened this page" in said
        and "rd-queue" not in answer.content.decode()
    )
    assert Report.objects.get().case is not None and "no-store" in answer["Cache-Control"]
    room.office.file("https://one.example/a")
    again = text(_ask(ada, answer.content.decode()))
    assert "Show 1 new case" in again and "2 reports taken in" in again, "the second joined the first"


def test_pausing_takes_nothing_in_until_it_goes_on(room: Room) -> None:
    ada = room.enter("ada")
    paused = _ask(ada, _intake(ada.get(HOME)), pause="1").content.decode()
    assert "Paused" in paused
    room.office.file("https://one.example/a")
    assert _ask(ada, paused).status_code == 204 and Report.objects.get().case is None
    assert "1 report taken in" in text(_ask(ada, paused, go="1"))


def test_when_the_shift_is_over_the_page_is_told_and_asks_no_more(room: Room) -> None:
    ada = room.enter("ada")
    page = _intake(ada.get(HOME))
    room.office.file("https://one.example/a")
    room.office.now += 13 * 3600
    answer = _ask(ada, page)
    assert answer.status_code == 286 and "Your shift is over" in text(answer) and Report.objects.get().case is None
    assert Client().post(f"{HOME}take-in/go-on/").status_code in {302, 403, 404}


# ---- five thousand cases ----


# ---- who acts stays where they were ----


def _three(room: Room) -> tuple[Client, list[str]]:
    _many(room.office, 3)
    return room.enter("ada"), list(Case.objects.order_by("pk").values_list("number", flat=True))


def test_one_case_that_is_taken_lies_open_and_of_many_one_sees_ones_own(room: Room) -> None:
    ada, (first, *others) = _three(room)
    one = ada.post(f"{HOME}many/", {"case": first, "do": "take", "view": "free"})
    assert one["Location"] == f"{HOME}case/{first}/?did=taken" and "yours and in work" in text(ada.get(one["Location"]))
    two = ada.post(f"{HOME}many/", {"case": others, "do": "take", "view": "free", "page": "1"})
    assert "view=mine" in two["Location"] and "2 cases are yours and in work" in text(ada.get(two["Location"]))


def test_what_is_undone_leads_to_the_view_where_it_was_done(room: Room) -> None:
    ada, (_, *others) = _three(room)
    told = ada.post(f"{HOME}many/", {"case": others, "do": "take", "view": "free", "category": "phishing"})
    fields = dict(
        re.findall(r'name="(view|category|do)" value="(\w+)"', ada.get(told["Location"]).content.decode().split("data-undo")[0])
    )
    back = ada.post(f"{HOME}many/", {**fields, "case": others})
    assert {"view=free", "category=phishing", "given=2"} <= set(back["Location"].partition("?")[2].split("&"))
    assert set(Case.objects.filter(number__in=others).values_list("state", flat=True)) == {"new"}


def test_an_act_that_is_refused_leaves_the_view_and_the_chosen_lines(room: Room) -> None:
    ada, (_, second, _) = _three(room)
    said = ada.post(f"{HOME}many/", {"case": second, "do": "fold", "view": "free", "page": "1"})
    page = said.content.decode()
    assert said.status_code == 422 and page.count("Not done.") == 1
    assert re.search(rf'value="{second}" checked', page) and 'name="view" value="free"' in page


def test_the_page_of_the_queue_is_kept_while_it_has_lines(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "SHOWN", 2)
    ada, (*_, last) = _three(room)
    assert 'name="page" value="2"' in ada.get(f"{HOME}?page=2").content.decode()
    went = ada.post(f"{HOME}many/", {"case": last, "do": "spam", "reason": "test", "view": "open", "page": "2"})
    assert "page=2" in went["Location"]
    left = text(ada.get(went["Location"]))
    assert last not in left and "2 cases" in left and "Nothing here" not in left, "a page that emptied shows the last one there is"


def _bulk(cases: int, reports: int) -> None:
    """Rows as a year would leave them; what is sealed is a word, since the queue counts and orders rows."""
    made = Case.objects.bulk_create(
        Case(
            number=f"K{number:06d}", category=CODES[number % 9], severity=1 + number % 5, opened_at=NOW - number,
            state=("new", "triaged", "assessing", "decided", "closed")[number % 5 if number % 4 else 0],
        )
        for number in range(cases)
    )  # fmt: skip
    came = Report.objects.bulk_create(
        Report(
            number=f"R{number:07d}", category=CODES[number % cases % 9], language="en", received_at=NOW - number, state="clustered",
            case=made[number % cases], proved=bool(number % 3),
        )
        for number in range(reports)
    )  # fmt: skip
    Clock.objects.bulk_create(
        [Clock(thing="case", thing_id=case.pk, kind="decision", started_at=NOW, due_at=NOW + case.pk) for case in made]
        + [Clock(thing="report", thing_id=report.pk, kind="first_look", started_at=NOW, due_at=NOW + 60) for report in came]
    )


@pytest.mark.drill
def test_the_queue_of_five_thousand_cases(room: Room) -> None:
    ada, found = room.enter("ada"), {}
    _many(room.office, 1)
    _bulk(5_000, 20_000)
    for view in queue.VIEWS:
        ada.get(f"{HOME}?view={view}")
        seconds = []
        for _ in range(3):
            begun = time.monotonic()
            queries = _queries(ada, f"{HOME}?view={view}")
            seconds.append(time.monotonic() - begun)
        found[view] = {"queries": queries, "seconds": round(min(seconds), 3)}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    result = {
        "what": "one page of the queue, 5,000 cases and 20,000 reports, best of three; SQLite, in memory",
        "commit": commit, "load": Path("/proc/loadavg").read_text().split()[:3], "views": found,
    }  # fmt: skip
    (ROOT / "bench" / "results" / "report-queue.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    assert len({told["queries"] for told in found.values()}) <= 4
