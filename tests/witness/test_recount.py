"""The notary's own count: equal on an honest week, refused on a dressed-up one, silent where there is nothing to count."""

from __future__ import annotations

import json

import pytest

from showground.rules import records
from showground.tlog import Unverified, tiles
from showground.witness.recount import recount
from tests.harness.week import Week

FILES = Week(voters=12, days=2, jurors=3).run().files()


def entries() -> list[bytes]:
    size, found = int(FILES["checkpoint"].decode().splitlines()[1]), []
    while len(found) < size:
        width = min(256, size - len(found))
        found += tiles.decode_entries(FILES[tiles.entries_path(len(found) // 256, width)], width)
    return found


def asset(digest: str) -> bytes:
    return FILES[f"assets/{digest}"]


def test_an_honest_week_counts_to_what_was_published() -> None:
    table, result = recount(entries(), asset)  # type: ignore[misc]
    said = {r["type"]: r for r in map(records.parse, entries())}
    assert table == said["tally.published"]["table_sha256"]
    assert result == said["award.decided"]["basis"]["result_sha256"]


def test_a_published_count_that_is_not_the_count_is_refused() -> None:
    changed = []
    for entry in entries():
        record = records.parse(entry)
        if record["type"] == "tally.published":
            record["table_sha256"] = "0" * 64
        changed.append(records.canonical(record))
    with pytest.raises(Unverified, match="another count"):
        recount(changed, asset)


def test_an_award_by_another_result_is_refused() -> None:
    changed = []
    for entry in entries():
        record = records.parse(entry)
        if record["type"] == "award.decided":
            record["basis"]["result_sha256"] = "0" * 64
        changed.append(records.canonical(record))
    with pytest.raises(Unverified, match="another result"):
        recount(changed, asset)


def test_ballots_that_are_not_those_logged_are_refused() -> None:
    def other(digest: str) -> bytes:
        rows = [json.loads(line) for line in asset(digest).splitlines()]
        return b"\n".join(records.canonical(row) for row in rows[1:])

    with pytest.raises(Unverified, match="not those whose hash"):
        recount(entries(), other)


def test_a_week_without_a_result_has_nothing_to_count() -> None:
    whole = entries()
    kinds = [records.parse(e)["type"] for e in whole]
    assert recount(whole[: kinds.index("tally.published")], asset) is None
    assert recount([b"{}"], asset) is None
