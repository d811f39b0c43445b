"""The desk's steps enter the log as one root at fixed hours, so that no time of day singles anybody out."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.reports.models import Batch, Event
from showground.reports.queries.proofs import newest_open_log
from showground.tlog import batch

EVERY = 3600  # seconds between batches


def hour_of(at: int) -> int:
    """Returns the last fixed hour that is not after `at`."""
    return at - at % EVERY


@transaction.atomic
def write_batch(*, at: int) -> Batch | None:
    """Everything noted before the last fixed hour stands in the log under one root, once; an hour without steps has its batch too.

    Returns the new batch; None when that hour has one already or no log of the site is open.
    """
    log, hour = newest_open_log(at), hour_of(at)
    newest = Batch.objects.order_by("-at").first()
    if log is None or (newest is not None and newest.at >= hour):
        return None
    waiting = list(Event.objects.filter(batch=None, at__lt=hour).values_list("pk", "commit"))
    root = batch.root([bytes.fromhex(commit) for _, commit in waiting]).hex()
    minute = append(log, "desk.batch", written_at=at, at=hour, count=len(waiting), root=root)
    written = Batch.objects.create(origin=log, at=hour, count=len(waiting), root=root, minute=minute)
    Event.objects.filter(pk__in=[pk for pk, _ in waiting]).update(batch=written)
    return written
