"""Records on their way into the log: an outbox row in the app's own transaction, handed to the door in order."""

from __future__ import annotations

import logging

from django.db import transaction

from showground.intake.client import Door, DoorAway
from showground.ledger.models import Log, Minute
from showground.rules import records
from showground.rules.refused import Refused

BATCH = 200
told = logging.getLogger(__name__)


def open_log(origin: str, *, vkey: str, policy: str) -> Log:
    """The site knows the log with this origin; its first record is still to be appended."""
    log, _ = Log.objects.get_or_create(origin=origin, defaults={"vkey": vkey, "policy": policy})
    return log


@transaction.atomic
def append(origin: str, kind: str, /, *, written_at: int, **fields: object) -> Minute:
    """A record waits in the outbox; it enters the log exactly once if, and only if, the caller's transaction commits."""
    record = records.build(kind, origin, **fields)
    # The row is locked so that records of one log are numbered in the order in which their transactions commit.
    log = Log.objects.select_for_update().filter(origin=origin).first()
    if log is None:
        raise Refused("log.unknown", log=origin)
    return Minute.objects.create(log=log, kind=kind, entry=records.canonical(record).decode(), written_at=written_at)


def hand_over(log: Log, door: Door) -> int:
    """Every waiting record of this log that the door takes has its index; returns how many were taken, in their order.

    Safe to run twice: the door answers a row's id with the index it has already given. A refused record stops the
    line, stays visible with its reason, and is never skipped in silence.
    """
    waiting = list(log.minutes.filter(index=None, refused="")[:BATCH])
    if not waiting or log.minutes.exclude(refused="").exists():
        return 0
    body = {"log": log.origin, "minutes": [{"id": str(m.pk), "entry": m.entry} for m in waiting]}
    try:
        indexes = door.post("/minutes", body)["indexes"]
    except Refused as refused:
        indexes = refused.facts.get("indexes", {})
        if bad := refused.facts.get("id"):
            told.error("record %s refused by the door: %s", bad, refused)
            log.minutes.filter(pk=int(str(bad))).update(refused=str(refused)[:200])
    assert isinstance(indexes, dict)
    with transaction.atomic():
        for minute in waiting:
            if str(minute.pk) in indexes:
                Minute.objects.filter(pk=minute.pk).update(index=indexes[str(minute.pk)])
    return len(indexes)


def hand_over_all(door: Door) -> int:
    """Every log's waiting records were offered to the door; an absent door is not an error, they wait."""
    taken = 0
    for log in Log.objects.all():
        try:
            taken += hand_over(log, door)
        except DoorAway:
            return taken
    return taken
