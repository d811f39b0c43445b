"""The notary's own count: the published rule on the published ballots and sheets, by the same files that counted on the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from showground.rules import awards, records, tally
from showground.rules.ballots import ballot_of
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from showground.tlog import Unverified


def recount(entries: list[bytes], asset: Callable[[str], bytes]) -> tuple[str, str] | None:
    """Returns the hashes of the count and of the result, computed again and equal to the published ones.

    None when the log holds no whole week (nothing to count). Unverified when the count comes out otherwise. `asset(sha256)` gives
    the bytes of a public asset.
    """
    try:
        week, ballots = _read(entries)
    except Refused:
        return None
    if week.tally is None or week.ballots_opened is None or not week.awards:
        return None
    opened = asset(week.ballots_opened["asset_sha256"])
    if sha256(opened).hexdigest() != week.ballots_opened["asset_sha256"]:
        raise Unverified("the opened ballots are not those whose hash was logged")
    try:
        openings = [json.loads(line) for line in opened.splitlines()] or [None] * len(ballots)
        counted = tally.votes_of(week, [ballot_of(i, r, o) for (i, r), o in zip(ballots, openings, strict=True)])
        result = awards.result_sha256(awards.result_of(week, counted.votes))
    except (Refused, ValueError, KeyError) as fault:
        raise Unverified(f"the week cannot be counted again: {fault}") from fault
    table = records.sha256_hex(records.canonical(counted.table))
    if table != week.tally[1]["table_sha256"]:
        raise Unverified("the ballots, counted again, give another count than the published one")
    if any(record["basis"].get("result_sha256") != result for _, record in week.awards):
        raise Unverified("votes and scores, combined again, give another result than the published one")
    return table, result


def _read(entries: list[bytes]) -> tuple[Chronicle, list[tuple[int, records.Record]]]:
    week, ballots = Chronicle(), []
    for index, entry in enumerate(entries):
        record = records.parse(entry)
        week.read(record)
        if record["type"] == "ballot.cast":
            ballots.append((index, record))
    return week, ballots
