"""Batches come at fixed hours, empty ones too, hold each step once, and prove a filing to one who has the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.people.models import Person
from showground.reports.actions import batch, file, keys
from showground.reports.models import Batch, Event
from showground.rules import records
from showground.tlog import batch as trees
from tests.house.sample_week import a_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path: Path, settings: Any) -> str:
    settings.DESK_STORE = tmp_path / "desk"
    week = a_week()
    first = keys.make_key(Person.objects.create(email="officer@desk.example"), "officer", "a long passphrase", at=1)
    keys.open_desk(first, at=1)
    open_log(week.week.origin, vkey="v", policy="p")
    return week.week.origin


def _hour(log: str) -> int:
    from showground.weeks.models import Week

    return batch.hour_of(Week.objects.get(origin=log).call_opens) + 10 * batch.EVERY


def _file(log: str, at: int) -> Any:
    told = file.Told(category="scam", language="en", words="A caller wanted my codes")
    return file.file_report(told, log=log, at=at)[0]


def test_a_batch_holds_what_came_before_its_hour_once(log: str) -> None:
    hour = _hour(log)
    report = _file(log, hour - 60)
    late = _file(log, hour + 1)
    written = batch.write_batch(at=hour + 5)
    assert written is not None and written.at == hour and written.count == 2, "the filing and its step"
    assert batch.write_batch(at=hour + 10) is None, "one batch an hour"
    following = batch.write_batch(at=hour + batch.EVERY)
    assert following is not None and following.count == 2
    assert Event.objects.get(thing="filing", thing_id=report.pk).batch == written
    assert Event.objects.get(thing="filing", thing_id=late.pk).batch == following


def test_an_hour_without_reports_has_its_batch_too(log: str) -> None:
    written = batch.write_batch(at=_hour(log))
    assert written is not None and (written.count, written.root) == (0, records.sha256_hex(b""))
    assert Minute.objects.filter(kind="desk.batch").count() == Batch.objects.count() == 1


def test_the_record_s_root_is_the_one_of_its_commitments(log: str) -> None:
    hour = _hour(log)
    _file(log, hour - 60)
    written = batch.write_batch(at=hour)
    assert written is not None
    commits = [bytes.fromhex(event.commit) for event in written.events.all()]
    assert trees.root(commits).hex() == written.root == records.parse(written.minute.entry.encode())["root"]
