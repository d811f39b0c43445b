"""One writer at a time: what is slow (sealing, a disk that syncs, hundreds of reports) is done before the database is held, or at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from showground.reports.actions import added, decide, file
from showground.reports.actions.link import merge
from showground.reports.actions.triage import hand
from showground.reports.models import Case, Event, Message, Report, Wrap
from showground.reports.queries import reading
from tests.harness.between import meanwhile
from tests.reports.office import LOG, NOW, Office, an_office, written

pytestmark = pytest.mark.django_db
PAGE = file.Upload("page.txt", "text/plain", b"one page")
MORE = file.Upload("more.txt", "text/plain", b"another page")
TOLD = file.Told(category="phishing", language="en", words="A bank that is none", files=(PAGE,))


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    settings.CLOCK = lambda: NOW
    return an_office(tmp_path / "desk", settings)


def in_store(settings: Any) -> int:
    return sum(1 for one in Path(settings.DESK_STORE).rglob("*") if one.is_file())


@pytest.mark.parametrize("way", [file.file_open, file.file_without_code])
def test_a_report_is_sealed_before_the_database_is_held(office: Office, settings: Any, way: Any) -> None:
    before: list[int] = []
    with meanwhile("SAVEPOINT", lambda: before.append(in_store(settings))):
        way(TOLD, log=LOG, at=NOW)
    assert before == [1]


def test_a_file_that_is_added_is_sealed_before_the_database_is_held(office: Office, settings: Any) -> None:
    held, before = file.file_without_code(TOLD, log=LOG, at=NOW), list[int]()
    opened = reading.Held(held.report, held.lock)
    with meanwhile("SAVEPOINT", lambda: before.append(in_store(settings))):
        added.answer_with(opened, "and this", [MORE], at=NOW, log=LOG)
    assert before == [2]


def test_two_pages_that_add_a_file_at_once_lose_none(office: Office) -> None:
    held = file.file_without_code(TOLD, log=LOG, at=NOW)
    opened = reading.Held(held.report, held.lock)

    def other() -> None:
        added.answer_with(opened, "from the other page", [PAGE], at=NOW, log=LOG)

    with meanwhile("SAVEPOINT", other):
        added.answer_with(opened, "and this", [MORE], at=NOW, log=LOG)
    files = enumerate(held.report.evidence.filter(kind="file").order_by("pk"))
    assert [reading.original(opened, one, number) for number, one in files] == [PAGE.data, PAGE.data, MORE.data]
    assert Event.objects.filter(verb="files_added").count() == 2 and Message.objects.count() == 2


def test_a_decision_costs_the_database_the_same_for_one_reporter_and_for_many(office: Office) -> None:
    case, statements = office.case(), []
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    decision = Case.objects.get(pk=case.pk).decisions.get()
    for more in (0, 5):
        for _ in range(more):
            Report.objects.filter(pk=office.file()[0].pk).update(case=case, state="clustered")
        Wrap.objects.filter(report__case=case).exclude(to="desk").delete()
        with CaptureQueriesContext(connection) as seen:
            hand(case, office.holders["ada"], who=office.who())
            told = decide.announce(decision, {"reporter.en": "So it is."}, who=office.who(), at=NOW, log=LOG)
        statements.append(len(seen))
        assert len(told) == more + 1
    assert statements[0] == statements[1]


def test_two_cases_that_become_one_are_weighed_once(office: Office) -> None:
    """Every report that joined weighed the whole case anew: a hundred of a hundred were ten thousand rows, one writer waiting."""
    statements = []
    for number in (1, 6):
        into, case = office.case(f"A https://a{number}.example/x"), office.case(f"B https://b{number}.example/y")
        for _ in range(number - 1):
            Report.objects.filter(pk=office.file()[0].pk).update(case=case, state="clustered")
        with CaptureQueriesContext(connection) as seen:
            assert merge(case, into, by=office.people["ada"], at=NOW, log=LOG) == number
        asked = [one["sql"].split("FROM")[0] for one in seen]
        statements.append(sum(each.count('"reports_report".') == 3 for each in asked))
        case.refresh_from_db()
        assert case.state == "closed" and into.reports.count() == number + 1
    assert statements[0] == statements[1] > 0
