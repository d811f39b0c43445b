"""From the close to the result: each step waits for its gate, happens once, and follows the frozen rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.awards import jobs
from showground.awards.actions import declare_result, declare_shortlist
from showground.awards.queries import prize_of
from showground.ledger import queries as ledger
from showground.ledger.actions.append import open_log
from showground.ledger.models import Checkpoint, Minute
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import merkle, tiles
from showground.weeks.models import Week as WeekRow
from tests.harness.week import Week
from tests.house.sample_week import a_week

pytestmark = pytest.mark.django_db


class Desk:
    """A door after the close, over the same calls."""

    def __init__(self, shortlist: list[str], through: int) -> None:
        self.shortlist, self.through, self.asked = shortlist, through, 0

    def post(self, target: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        assert target == "/shortlist"
        return {"entries": self.shortlist, "through_index": self.through}


def half_opened(made: Week) -> None:
    """Opens the ballots of a made-up week and leaves the sheets shut."""
    lines = b"".join(records.canonical(opening) + b"\n" for _, opening in sorted(made.openings.items()))
    span: dict[str, Any] = {"from": made.week.vote_index, "to": made.week.vote_closed}
    made.append("ballots.opened", **span, asset_sha256=made.asset(lines), count=len(made.openings))


def published(until: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[WeekRow, Week]:
    """Puts a made-up week's log where the site publishes, as far as it was played; all of it is witnessed."""
    settings.LOG_ROOT = tmp_path / "log"
    monkeypatch.setattr(ledger, "_kept", {})
    made = Week(voters=9, days=2, jurors=3).run(until="jury" if until == "half" else until)
    if until == "half":
        half_opened(made)
    row = a_week().week
    WeekRow.objects.filter(pk=row.pk).update(origin=made.origin)
    row.refresh_from_db()
    log = open_log(made.origin, vkey="x", policy="")
    entries = list(made.entries)
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    home = ledger.log_folder(made.origin)
    for tile in tiles.tiles_for(len(entries)):
        for path, data in [(tile.path, tiles.tile_bytes(tile, tiles.levels(leaves)[tile.level]))]:
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(data)
        if tile.level == 0:
            bundle = home / tile.entries_path
            bundle.parent.mkdir(parents=True, exist_ok=True)
            bundle.write_bytes(tiles.encode_entries(entries[tile.n * 256 : tile.n * 256 + tile.width]))
    for digest, data in made.assets.items():
        asset = ledger.asset_path(made.origin, digest)
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_bytes(data)
    Checkpoint.objects.create(log=log, size=len(entries), root=merkle.root(leaves).hex(), note="", signed_at=1, witnessed_at=1)
    return row, made


def test_the_shortlist_is_asked_for_once_and_written_without_numbers(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    week, made = published("closed", tmp_path, settings, monkeypatch)
    log = ledger.chronicle(made.origin)
    listed = log.in_entry_order(sorted(log.votable())[:2])
    desk = Desk(listed, log.vote_closed or 0)
    monkeypatch.setattr("showground.awards.actions.door", lambda: desk)
    declare_shortlist(week, at=week.vote_closes + 5)
    declare_shortlist(week, at=week.vote_closes + 6)
    assert desk.asked == 1
    minute = Minute.objects.get(kind="shortlist.declared")
    assert set(records.parse(minute.entry.encode())) == {"v", "log", "type", "entries", "through_index"}


def test_nothing_is_counted_before_every_sheet_is_open(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    week, _ = published("half", tmp_path, settings, monkeypatch)
    jobs.follow(week.jury_closes + 60)
    assert not Minute.objects.filter(kind="tally.published").exists()


def test_the_result_is_that_of_the_rule_and_declared_once(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.voting.models import Count

    week, made = published("tally", tmp_path, settings, monkeypatch)
    log = ledger.chronicle(made.origin)
    assert log.tally is not None
    table = records.parse(ledger.asset_path(made.origin, log.tally[1]["table_sha256"]).read_bytes())
    Count.objects.create(week=week, table=table, table_sha256=log.tally[1]["table_sha256"], counted_at=1)
    with pytest.raises(Refused, match=r"award\.early"):
        declare_result(week, at=week.jury_closes - 1)
    result = declare_result(week, at=week.results_at)
    assert declare_result(week, at=week.results_at + 9) == result
    awards = [records.parse(m.entry.encode()) for m in Minute.objects.filter(kind="award.decided")]
    whole = Week(voters=9, days=2, jurors=3).run()
    expected = [records.parse(e) for e in whole.entries if b'"type":"award.decided"' in e]
    assert [(a["entry"], a["prize"], a["basis"]["result_sha256"]) for a in awards] == [
        (a["entry"], a["prize"], a["basis"]["result_sha256"]) for a in expected
    ]
    assert prize_of(week, awards[0]["entry"]) == awards[0]["prize"]


def test_a_result_without_a_count_is_refused(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    week, _ = published("opened", tmp_path, settings, monkeypatch)
    with pytest.raises(Refused, match=r"award\.no_tally"):
        declare_result(week, at=week.results_at)


def test_the_bundle_to_download_follows_the_witnessed_log(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.showcase.jobs import refresh_downloads

    settings.DATA = tmp_path
    week, made = published("done", tmp_path, settings, monkeypatch)
    assert refresh_downloads(1000) == 1
    bundle = tmp_path / "export" / f"{week.code}.zip"
    first = bundle.read_bytes()
    assert (tmp_path / "export" / "showground-verify.pyz").exists() and first.startswith(b"PK")
    assert refresh_downloads(2000) == 0, "nothing new is witnessed"
    log = Checkpoint.objects.get().log
    Checkpoint.objects.update(size=len(made.entries) - 1)
    assert refresh_downloads(1100) == 0, "not every checkpoint is worth a new file"
    assert log.origin == made.origin
