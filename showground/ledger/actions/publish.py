"""Publishing the log: entries read from the door become tiles and a signed checkpoint; tiles first, checkpoint last.

Recovery is the same path run again: the publisher starts at the last checkpoint on disk, reads on from there, and refuses
to go on if the door is behind what was published or if the tiles on disk do not give the published root.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from showground.intake.client import Door
from showground.ledger.actions.keys import public_of, read_log_key
from showground.ledger.models import Checkpoint, Log
from showground.ledger.queries import asset_path, log_folder
from showground.rules import records
from showground.tlog import checkpoint, merkle, note, tiles

BATCH = 1024
GATES = frozenset({
    "log.opened", "ruleset.frozen", "entries.closed", "vote.opened", "scope.turned", "vote.closed", "shortlist.declared",
    "jury.closed", "ballots.opened", "tally.published", "award.decided", "notary.statement", "log.closed",
    "quiz.rules", "quiz.key_committed", "quiz.closed", "quiz.key_revealed", "draw.pool_frozen", "draw.seed_committed",
    "draw.seed_opened", "draw.beacon", "draw.result",
})  # fmt: skip


class Forked(Exception):
    """What the door holds does not continue what was published: nothing may be signed until a person has looked."""


def write_whole(path: Path, data: bytes) -> None:
    """The file holds exactly `data`, durably; a reader never sees a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, path)


class Publisher:
    """Publishes one log; keeps the right edge of its tree between rounds."""

    def __init__(self, log: Log, door: Door) -> None:
        self.log, self.door = log, door
        self.home = log_folder(log.origin)
        self.key: Ed25519PrivateKey = read_log_key(log.origin)
        self.builder = self._resume()
        self.at_gate = False

    def _resume(self) -> tiles.Builder:
        """Returns the tree as published, from the tiles on disk; an unpublished half step is forgotten."""
        on_disk = self.home / "checkpoint"
        if not on_disk.exists():
            return tiles.Builder()
        vkey = note.parse_vkey(self.log.vkey)
        head = checkpoint.open_checkpoint(on_disk.read_bytes(), vkey).checkpoint
        builder = tiles.Builder.load(head.size, lambda path: (self.home / path).read_bytes())
        if builder.root() != head.root:
            raise Forked(f"{self.log.origin}: the tiles on disk do not give the published root at {head.size}")
        return builder

    def publish(self, *, at: int) -> int:
        """The published log holds every record the door has; returns how many are new."""
        taken = 0
        while entries := self._read_on():
            self._take(entries, at)
            taken += len(entries)
        return taken

    def _read_on(self) -> list[bytes]:
        first = self.builder.size
        answer = self.door.get("/entries", log=self.log.origin, from_=first, to_=first + BATCH)
        if answer["size"] < first:
            raise Forked(f"{self.log.origin}: the door has {answer['size']} records, {first} are published")
        return [text.encode() for text in answer["entries"]]

    def _take(self, entries: list[bytes], at: int) -> None:
        first = self.builder.size
        for tile, data in self.builder.extend(merkle.leaf_hash(entry) for entry in entries):
            write_whole(self.home / tile.path, data)
            if tile.level == 0:
                write_whole(self.home / tile.entries_path, tiles.encode_entries(self._bundle(tile, first, entries)))
        for entry in entries:
            record = records.parse(entry)
            self.at_gate = self.at_gate or record["type"] in GATES
            if record["type"] == "ballots.opened":
                asset = self.door.asset(self.log.origin, record["asset_sha256"])
                write_whole(asset_path(self.log.origin, record["asset_sha256"]), asset)
        self._sign(at)

    def _bundle(self, tile: tiles.Tile, first: int, entries: list[bytes]) -> list[bytes]:
        """The entries of one level-0 tile: those before `first` come from its older partial bundle."""
        begin = tile.n * tiles.WIDTH
        if begin >= first:
            return entries[begin - first : begin - first + tile.width]
        have = first - begin
        older = tiles.decode_entries((self.home / tiles.entries_path(tile.n, have)).read_bytes(), have)
        return older + entries[: tile.width - have]

    def _sign(self, at: int) -> None:
        """The new head is signed once, after the tiles on disk gave its root again."""
        size = self.builder.size
        root = tiles.Builder.load(size, lambda path: (self.home / path).read_bytes()).root()
        if root != self.builder.root():
            raise Forked(f"{self.log.origin}: the tiles written for {size} do not give its root")
        text = checkpoint.body(self.log.origin, size, root)
        line = note.sign(text, self.log.origin, note.ED25519, public_of(self.key), self.key.sign)
        signed = note.join(text, [line])
        with transaction.atomic():
            known, _ = Checkpoint.objects.get_or_create(
                log=self.log, size=size, defaults={"root": root.hex(), "note": signed, "signed_at": at}
            )
        if known.root != root.hex():
            raise Forked(f"{self.log.origin}: another root was signed for {size}")
        write_whole(self.home / "checkpoint", known.note.encode())
