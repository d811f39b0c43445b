"""Lanes: kinds of work that are looked for when something was written, and now and then when nothing was.

A lane asks the rooms' tables what waits, which costs milliseconds; whether anything was written at all costs one short question for
all lanes together. So an idle site rests, and a busy one is as quick as before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LISTEN_EVERY = 0.1
AFTER_FAULT = 2.0


@dataclass(frozen=True)
class Lane:
    """One kind of work: at least `pause` seconds between two looks; at most `rest` if nothing was written, for what only time makes due.

    `work` returns something true if there may be more of it that no table tells of.
    """

    name: str
    work: Callable[[], object]
    pause: float
    rest: float


class Bell:
    """Tells lanes that something was written."""

    def __init__(self) -> None:
        self._rung, self._said = 0, threading.Condition()

    def ring(self) -> None:
        """Every lane looks once more, also one that is working now."""
        with self._said:
            self._rung += 1
            self._said.notify_all()

    def heard(self) -> int:
        """Returns how often it was rung so far."""
        with self._said:
            return self._rung

    def wait(self, heard: int, most: float) -> None:
        """Returns when it was rung more often than `heard`, or after `most` seconds."""
        with self._said:
            self._said.wait_for(lambda: self._rung > heard, most)


def follow(lane: Lane, bell: Bell) -> None:
    """Repeats one kind of work; whatever goes wrong is told and tried again, since the state of the rows is the queue."""
    from django.db import close_old_connections

    told = logging.getLogger(f"showground.jobs.{lane.name}")
    while True:
        heard, rest = bell.heard(), lane.rest  # what is written while the lane looks is looked for again
        try:
            if lane.work():
                rest = 0.0
        except Exception:
            told.exception("%s failed and comes again", lane.name)
            close_old_connections()
            time.sleep(AFTER_FAULT)
            rest = 0.0
        time.sleep(lane.pause)
        bell.wait(heard, rest)


def written() -> tuple[object, ...]:
    """Returns what is another as soon as somebody else's transaction has changed the database, or a rehearsal's clock was moved.

    Of SQLite it is the number that changes with every commit of another connection; of PostgreSQL the snapshot, which says which
    transactions that wrote something are over.
    """
    from django.conf import settings
    from django.db import connection

    question = "PRAGMA data_version" if connection.vendor == "sqlite" else "SELECT pg_current_snapshot()::text"
    connection.ensure_connection()
    line = connection.connection  # the driver's own: Django's way of asking costs four times as much
    answer = line.execute(question).fetchone()
    return (line, tuple(answer), getattr(settings.CLOCK, "offset", int)())  # another line counts anew


def listen(bell: Bell, beside: Callable[[], object] = int) -> None:
    """Rings whenever something was written or `beside` says another thing; while the database says nothing, all the time."""
    from django.db import connection

    before: tuple[object, ...] = ()
    while True:
        try:
            now = (*written(), beside())
        except Exception:  # the lanes tell what is wrong
            connection.close()
            now = ()
        if now != before or not now:
            bell.ring()
        before = now
        time.sleep(LISTEN_EVERY)
