"""What leaves the door from sealed ballots: the shortlist as a set, and, after the jury's gate, all openings; nothing else."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from showground.intake.commit import Store
from showground.rules import awards, ballots, records, tally
from showground.rules.chronicle import Chronicle

_STEP: Final = 2000


def snapshot(week: Chronicle) -> Chronicle:
    """Returns a chronicle that stays as it is while the log grows on: what a reading thread may look at."""
    return replace(week, entries={name: replace(entry) for name, entry in week.entries.items()})


def shortlist(store: Store, week: Chronicle) -> list[str]:
    """Returns the rule's shortlist over all ballots of a closed vote, as a set in entry order; no numbers leave this function."""
    assert week.ruleset is not None and week.vote_closed is not None
    votes = tally.votes_of(week, _ballots(store, week)).votes
    return awards.shortlist(week.ruleset, votes, week.category_of(), week.standing(week.vote_closed))


def _rows(store: Store, week: Chronicle) -> Iterator[tuple[int, bytes, bytes | None]]:
    assert week.vote_index is not None and week.vote_closed is not None
    for start in range(week.vote_index, week.vote_closed, _STEP):
        rows = store.entries(start, min(start + _STEP, week.vote_closed))
        yield from ((start + place, entry, opening) for place, (entry, opening) in enumerate(rows))


def _ballots(store: Store, week: Chronicle) -> Iterator[ballots.Ballot]:
    for index, entry, opening in _rows(store, week):
        record = records.parse(entry)
        if record["type"] == "ballot.cast":
            yield ballots.ballot_of(index, record, records.parse(opening) if opening is not None else None)


def write_openings(store: Store, week: Chronicle, folder: Path) -> tuple[str, int]:
    """Writes every sealed ballot's opening, one per line in index order, durably to `folder`/<sha256>; returns (sha256, count)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh, digest, count = folder / f"new-{secrets.token_hex(8)}", hashlib.sha256(), 0
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for _, _, opening in _rows(store, week):
            if opening is not None:
                out.write(opening + b"\n")
                digest.update(opening + b"\n")
                count += 1
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, folder / digest.hexdigest())
    sync_folder(folder)
    return digest.hexdigest(), count


def sync_folder(folder: Path) -> None:
    """The names in `folder` are durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
