"""What the desk does by itself: batches at fixed hours, figures, reminders, letters that are owed, destruction in time. It decides
nothing and reads nothing: no key is here."""

from __future__ import annotations

from showground.reports.actions.affected import tell_affected
from showground.reports.actions.batch import hour_of, write_batch
from showground.reports.actions.cards import plant_channels
from showground.reports.actions.correct import correct_replaced, send_corrections
from showground.reports.actions.keep import keep
from showground.reports.actions.keys import lock_idle
from showground.reports.actions.leave import sweep
from showground.reports.actions.publish import publish_due
from showground.reports.actions.refer import remind
from showground.reports.actions.spool import drain
from showground.reports.models import Batch, DeskKey
from showground.reports.queries.proofs import newest_open_log
from showground.weeks.queries import weeks

KEEP_EVERY = 600  # seconds of the site's clock between two rounds of destruction and reminders
TRY_EVERY = 20
_last: dict[str, int] = {}


def follow(now: int) -> None:
    """One step of everything; safe to run again, since what is done is told by the rows."""
    plant_channels()
    if not DeskKey.objects.exists():
        return
    drain()
    sweep(now, log=lambda: _log(now))
    lock_idle(now)
    if now // TRY_EVERY != _last.get("batch") and not Batch.objects.filter(at__gte=hour_of(now)).exists():
        _last["batch"] = now // TRY_EVERY  # while no log is open, looking for one costs more than waiting
        write_batch(at=now)
    publish_due(at=now)
    if now // KEEP_EVERY != _last.get("turn"):
        _round(now)
        _last["turn"] = now // KEEP_EVERY


def _log(now: int) -> str:
    """The log that the desk's own steps stand in, "" before there is a week."""
    return newest_open_log(now) or next((str(week.origin) for week in weeks()), "")


def _round(now: int) -> None:
    newest, log = next(iter(weeks()), None), _log(now)
    if newest is None:
        return
    correct_replaced(at=now, log=log)
    send_corrections(at=now, log=log)
    tell_affected(at=now, log=log)
    remind(at=now, log=log, week=newest.code)
    keep(now, log=log)
