"""Counting: the opened ballots of the published log are counted by the rule."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.actions.publish import write_whole
from showground.ledger.queries import asset_path, chronicle
from showground.rules import records, tally
from showground.voting.models import Count
from showground.voting.queries import published_ballots
from showground.weeks.models import Week


def publish_tally(week: Week, *, at: int) -> Count:
    """The count is published: a record with the hash of its table, the table as a public asset."""
    known = Count.objects.filter(week=week).first()
    if known is not None:
        return known
    log = chronicle(week.origin)
    counted = tally.votes_of(log, published_ballots(week.origin))
    data = records.canonical(counted.table)
    digest = records.sha256_hex(data)
    write_whole(asset_path(week.origin, digest), data)
    with transaction.atomic():  # from here on only: reading the log and counting are done
        count, new = Count.objects.get_or_create(
            week=week, defaults={"table": counted.table, "table_sha256": digest, "counted_at": at}
        )
        if new:
            append(week.origin, "tally.published", written_at=at, **tally.published(counted.table))
    return count
