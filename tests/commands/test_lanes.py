"""The lanes of the jobs process rest while nothing is written, and look at once when something is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from nacl.public import PrivateKey

from showground import clock
from showground.commands._lanes import Bell, Lane, follow, listen, written
from showground.people.models import Person
from showground.reports.actions import spool
from showground.reports.actions.file import Told

NEVER, SOON = 3600.0, 30.0


class Ended(BaseException):
    """Ends the thread of a lane; not an error that comes again."""


def _running(turn: Callable[[int], object], bell: Bell) -> threading.Thread:
    """A lane whose n-th look (from 1) is turn(n), in a thread that ends when it raises Ended."""
    looks = iter(range(1, 100))

    def run() -> None:
        try:
            follow(Lane("tried", lambda: turn(next(looks)), 0.0, NEVER), bell)
        except Ended:
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def _ends(thread: threading.Thread) -> bool:
    thread.join(SOON)
    return not thread.is_alive()


def test_a_lane_rests_until_something_is_written() -> None:
    bell, first, looks = Bell(), threading.Event(), []

    def turn(number: int) -> None:
        looks.append(number)
        first.set()
        if number == 2:
            raise Ended

    thread = _running(turn, bell)
    assert first.wait(SOON)
    assert not _quickly(thread)
    bell.ring()
    assert _ends(thread) and looks == [1, 2]


def _quickly(thread: threading.Thread) -> bool:
    thread.join(0.2)
    return not thread.is_alive()


def test_what_is_written_while_a_lane_looks_is_looked_for_again() -> None:
    bell = Bell()

    def turn(number: int) -> None:
        if number == 2:
            raise Ended
        bell.ring()

    assert _ends(_running(turn, bell))


def test_a_lane_that_did_something_looks_for_more() -> None:
    def turn(number: int) -> int:
        if number == 3:
            raise Ended
        return 1

    assert _ends(_running(turn, Bell()))


def test_what_goes_wrong_is_told_and_comes_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("showground.commands._lanes.AFTER_FAULT", 0.0)

    def turn(number: int) -> None:
        if number == 2:
            raise Ended
        raise ValueError("a torn row")

    assert _ends(_running(turn, Bell()))
    assert "tried failed and comes again" in caplog.text and "a torn row" in caplog.text


def _elsewhere(act: Callable[[], object]) -> None:
    """Done by a connection of its own, as another process would."""

    def do() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_written_changes_with_what_others_write_and_with_nothing_else() -> None:
    before = written()
    _elsewhere(Person.objects.count)
    assert written() == before
    _elsewhere(lambda: Person.objects.create(email="a@example.org", since=0))
    assert written() != before


@pytest.mark.django_db
def test_written_changes_when_a_rehearsal_s_clock_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = clock.Rehearsal(tmp_path / "clock.json")
    monkeypatch.setattr(settings, "CLOCK", moved)
    before = written()
    moved.move_to(clock.real() - 1000)
    assert written() != before


@pytest.mark.django_db
def test_the_bell_rings_all_the_time_while_the_database_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[object, ...]:
        raise OSError("no database")

    monkeypatch.setattr("showground.commands._lanes.written", broken)
    bell, rung = Bell(), 0

    def ring() -> None:
        nonlocal rung
        rung += 1
        if rung == 3:
            raise Ended

    monkeypatch.setattr(bell, "ring", ring)
    with pytest.raises(Ended):
        listen(bell)


def test_a_report_in_the_spool_is_heard_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DESK_STORE", tmp_path)
    before = spool.stirred()
    spool.put(Told("scam", "en", "words"), log="a.example", at=0, desk=PrivateKey.generate().public_key)
    assert spool.stirred() != before
