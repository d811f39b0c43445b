"""Counting what is done, with no trace of who: counts wait in memory for a moment and are written together."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F

from showground.exhibition.models import UntoldVisits, Visits
from showground.exhibition.queries.halls import day_of
from showground.weeks.models import Week
from showground.weeks.queries import zone

EVERY = 5  # seconds between two writings; a process that is killed loses what was counted since the last
MOST = 200
LONGEST = 3600  # seconds; what waited longer (no visitor came since) is not counted: its day may have been told to everybody
Cell = tuple[int, str, int, str, str, str, str]
_waiting: Counter[Cell] = Counter()
_lock = threading.Lock()
_written = [0]
_since = [0]  # when the oldest of what waits was counted


def count(week: Week, thing: str, deed: str, *, language: str, entry: str, at: int) -> None:
    """The deed is counted in its cell; it is in the database at most EVERY seconds later, when somebody does something again."""
    day, hour = day_of(at, zone(week))
    with _lock:
        _forget(at)
        _since[0] = _since[0] if _waiting else at
        _waiting[(week.pk, day, hour, thing[:40], language[:8], entry[:8], deed[:12])] += 1
        due = at - _written[0] >= EVERY or len(_waiting) >= MOST
    if due:
        flush(at)


def _forget(at: int) -> None:
    """Nothing waits that was counted too long ago."""
    if at - _since[0] > LONGEST:
        _waiting.clear()


def flush(at: int) -> None:
    """Everything counted so far is in the database."""
    with _lock:
        _forget(at)
        cells = dict(_waiting)
        _waiting.clear()
        _written[0] = at
    try:
        with transaction.atomic():
            for cell, number in cells.items():
                _add(cell, number)
    except OperationalError:  # a busy database: nobody's page waits for a number, and no number is lost
        with _lock:
            _waiting.update(cells)


def _add(told: Cell, number: int) -> None:
    cell: dict[str, Any] = dict(zip(("week_id", "day", "hour", "thing", "language", "entry", "deed"), told, strict=True))
    row, _fresh = Visits.objects.get_or_create(**cell)  # two processes may meet at a new cell
    Visits.objects.filter(pk=row.pk).update(count=F("count") + number)


def tell(week: Week, *, openly: bool) -> None:
    """Everybody may read the week's visits, or its open page is not there any more; what is counted stays counted."""
    if openly:
        UntoldVisits.objects.filter(week=week).delete()
    else:
        UntoldVisits.objects.get_or_create(week=week)
