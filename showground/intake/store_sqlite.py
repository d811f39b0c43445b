"""The door's own file for one log in SQLite: WAL, synchronous=FULL, mode 0600, fenced by a lock so that there is one writer."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from showground.intake.commit import Batch, Fenced, StoreDiffers

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS entry (idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL, opening BLOB);
CREATE TABLE IF NOT EXISTS minute (id TEXT PRIMARY KEY, idx INTEGER NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS paper (scope TEXT, channel TEXT, voter TEXT, PRIMARY KEY (scope, channel, voter)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (at INTEGER NOT NULL, what TEXT NOT NULL);
"""
_ROWS: Final = 512  # rows of one INSERT: one statement per row would take and give back the interpreter lock each time


def lock(path: Path, what: str) -> int:
    """Returns the open lock file `path`; refuses when another process holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Fenced(f"Another door already writes {what} (it holds {path}). Stop it first: two writers would fork the log.")
    return handle


class StoreSqlite:
    """Entries, minutes, papers and audit lines of one log in the file `path`."""

    def __init__(self, path: Path) -> None:
        self._lock = lock(path.with_suffix(".lock"), path.stem)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._write, self._read = _connect(path), _connect(path)
        self._write.executescript(_TABLES)
        self._size = self.size()

    def commit(self, batch: Batch) -> None:
        """The batch is durable as a whole, or not there at all and an error is raised."""
        if batch.entries and batch.entries[0][0] != self._size:
            raise StoreDiffers(f"entry {batch.entries[0][0]} cannot follow {self._size} entries")
        run = self._write
        run.execute("BEGIN IMMEDIATE")
        try:
            self._insert("INSERT INTO entry VALUES ", batch.entries)
            self._insert("INSERT INTO minute VALUES ", batch.minutes)
            self._insert("INSERT OR IGNORE INTO paper VALUES ", batch.papers)
            self._insert("INSERT INTO audit VALUES ", batch.audits)
            run.execute("COMMIT")
        except BaseException:
            if run.in_transaction:
                run.execute("ROLLBACK")
            raise
        self._size += len(batch.entries)

    def _insert(self, into: str, rows: Sequence[tuple[object, ...]]) -> None:
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            marks = "(" + ",".join("?" * len(part[0])) + ")"
            self._write.execute(into + ",".join([marks] * len(part)), [value for row in part for value in row])

    def size(self) -> int:
        """Returns how many entries the store holds."""
        self._size = int(self._write.execute("SELECT coalesce(max(idx), -1) + 1 FROM entry").fetchone()[0])
        return self._size

    def entries(self, first: int, to: int) -> list[tuple[bytes, bytes | None]]:
        """Returns durable entries with their openings, from index `first` to just before `to`."""
        asked = "SELECT bytes, opening FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
        return self._read.execute(asked, (first, to)).fetchall()

    def minutes(self) -> dict[str, int]:
        """Returns the index of every minute by its id."""
        return dict(self._read.execute("SELECT id, idx FROM minute"))

    def papers(self) -> list[tuple[str, str, str]]:
        """Returns (scope, channel, voter) of every voter who was given a paper."""
        return self._read.execute("SELECT scope, channel, voter FROM paper").fetchall()

    def audits(self) -> list[tuple[int, str]]:
        """Returns (Unix second, what was asked) of every answer made from openings."""
        return self._read.execute("SELECT at, what FROM audit ORDER BY rowid").fetchall()

    def close(self) -> None:
        """The store is closed and another door may open it."""
        self._read.close()
        self._write.close()
        os.close(self._lock)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class SqliteShelf:
    """The stores of all logs of a site: one file per log in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Returns the names (slugs) of the logs that have a store."""
        return sorted(path.stem for path in self.folder.glob("*.sqlite"))

    def open(self, name: str) -> StoreSqlite:
        """Returns the store called `name`, made when it is missing; refuses while another door holds it."""
        return StoreSqlite(self.folder / f"{name}.sqlite")
