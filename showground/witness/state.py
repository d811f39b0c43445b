"""What the witness must never forget: per log the largest tree it cosigned. One SQLite file, durable before any answer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from showground.tlog import merkle
from showground.tlog.note import ED25519, Key, parse_vkey

_TABLES = """
CREATE TABLE IF NOT EXISTS log (
    origin_sha256 TEXT PRIMARY KEY, origin TEXT NOT NULL UNIQUE, vkey TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0), root BLOB NOT NULL CHECK (length(root) = 32), note TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS evidence (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
    signed_sha256 TEXT NOT NULL, request BLOB NOT NULL, UNIQUE (origin, why, signed_sha256)
) STRICT;
"""
_COLUMNS = "origin, vkey, size, root, note, at"


@dataclass(frozen=True)
class Log:
    """A log the notary chose to witness: the last cosigned `size`, `root`, signed `note` ("" if never) and its time."""

    origin: str
    vkey: str
    size: int
    root: bytes
    note: str
    at: int

    @property
    def key(self) -> Key:
        """The log's key."""
        return parse_vkey(self.vkey)


@dataclass(frozen=True)
class Evidence:
    """A request with a good log signature that contradicts what was cosigned before."""

    origin: str
    at: int
    why: str
    request: bytes


class State:
    """The witness's file; safe to share between threads, and between processes through SQLite's own lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """The file is closed."""
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is read and written inside is one step: nobody else writes between, and it is on disk at the end."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def add_log(self, vkey: str, size: int = 0, root: bytes = merkle.EMPTY_ROOT) -> None:
        """The log of this key is witnessed from the given head on; a log that is there already is a ValueError."""
        key = parse_vkey(vkey)
        if key.type != ED25519:
            raise ValueError("the key of a log is of type 01")
        row = (origin_sha256(key.name), key.name, vkey, size, root, "", 0)
        with self.writing():
            if self.log(key.name):
                raise ValueError(f"the log {key.name} is witnessed already")
            self._db.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def log(self, origin: str) -> Log | None:
        """Returns the log of an origin, None if the notary never chose it."""
        return self.log_by_hash(origin_sha256(origin))

    def log_by_hash(self, hashed: str) -> Log | None:
        """Returns the log whose origin has this SHA-256 in hex."""
        with self._lock:
            row = self._db.execute(f"SELECT {_COLUMNS} FROM log WHERE origin_sha256 = ?", (hashed,)).fetchone()  # noqa: S608
        return Log(*row) if row else None

    def logs(self) -> list[Log]:
        """Returns every witnessed log, by origin."""
        with self._lock:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM log ORDER BY origin").fetchall()  # noqa: S608
        return [Log(*row) for row in rows]

    def advance(self, origin: str, size: int, root: bytes, signed: str, at: int) -> None:
        """The last cosigned head of the log is this one; only inside `writing`, after the checks."""
        changed = self._db.execute(
            "UPDATE log SET size = ?, root = ?, note = ?, at = ? WHERE origin = ? AND size <= ?",
            (size, root, signed, at, origin, size),
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"the state of {origin} would go back")

    def keep_evidence(self, origin: str, at: int, why: str, signed: str, request: bytes) -> None:
        """The request is kept, once per signed checkpoint and reason; only inside `writing`."""
        row = (origin, at, why, sha256(signed.encode()).hexdigest(), request)
        self._db.execute("INSERT OR IGNORE INTO evidence (origin, at, why, signed_sha256, request) VALUES (?, ?, ?, ?, ?)", row)

    def evidence(self) -> list[Evidence]:
        """Returns everything kept, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT origin, at, why, request FROM evidence ORDER BY id").fetchall()
        return [Evidence(*row) for row in rows]


def origin_sha256(origin: str) -> str:
    """Returns the name of a log in the witness's own addresses: hex SHA-256 of the origin."""
    return sha256(origin.encode()).hexdigest()
