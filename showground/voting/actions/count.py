"""Counting: the opened ballots are read from the published log and counted by the rule."""

from __future__ import annotations

import json

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.actions.publish import write_whole
from showground.ledger.queries import asset_path, chronicle, published_entries
from showground.rules import records, tally
from showground.rules.ballots import Ballot, ballot_of
from showground.rules.refused import Refused
from showground.voting.models import Count
from showground.weeks.models import Week


def published_ballots(origin: str) -> list[Ballot]:
    """Returns every ballot of a week with its choices, from published records and the opened asset."""
    week = chronicle(origin)
    if week.ballots_opened is None or week.vote_closed is None or week.vote_index is None:
        raise Refused("ballots.sealed")
    casts = [
        (index, record)
        for index, entry in enumerate(published_entries(origin, week.vote_index, week.vote_closed), start=week.vote_index)
        if (record := records.parse(entry))["type"] == "ballot.cast"
    ]
    asset = asset_path(origin, week.ballots_opened["asset_sha256"]).read_bytes()
    if records.sha256_hex(asset) != week.ballots_opened["asset_sha256"]:
        raise Refused("asset.hash", asset=week.ballots_opened["asset_sha256"])
    openings = [json.loads(line) for line in asset.splitlines()]
    if week.vote is not None and week.vote["seal"] == "live":
        return [ballot_of(index, record) for index, record in casts]
    if len(openings) != len(casts):
        raise Refused("ballots.openings", openings=len(openings), casts=len(casts))
    return [ballot_of(i, record, opening) for (i, record), opening in zip(casts, openings, strict=True)]


@transaction.atomic
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
    append(week.origin, "tally.published", written_at=at, **tally.published(counted.table))
    return Count.objects.create(week=week, table=counted.table, table_sha256=digest, counted_at=at)
