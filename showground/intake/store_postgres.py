"""The door's own tables for one log in PostgreSQL: a schema per log, fenced by an advisory lock of the connection that writes.

Every commit goes through the connection that holds the lock; one that was lost is replaced only by one that gets the lock again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from showground.intake.commit import Batch, Fenced, StoreDiffers

_TABLES: Final[LiteralString] = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.entry (idx bigint PRIMARY KEY, bytes bytea NOT NULL, opening bytea);
CREATE TABLE IF NOT EXISTS {schema}.minute (id text PRIMARY KEY, idx bigint NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS {schema}.paper (scope text, channel text, voter text, PRIMARY KEY (scope, channel, voter));
CREATE TABLE IF NOT EXISTS {schema}.audit (line bigserial PRIMARY KEY, at bigint NOT NULL, what text NOT NULL);
"""
_ENTRIES: Final[LiteralString] = "INSERT INTO {schema}.entry SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[])"
_MINUTES: Final[LiteralString] = "INSERT INTO {schema}.minute SELECT * FROM unnest(%s::text[], %s::bigint[])"
_PAPERS: Final[LiteralString] = (
    "INSERT INTO {schema}.paper SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"
)
_AUDITS: Final[LiteralString] = "INSERT INTO {schema}.audit (at, what) SELECT * FROM unnest(%s::bigint[], %s::text[])"
_PREFIX: Final = "door_"


class StorePostgres:
    """Entries, minutes, papers and audit lines of the log called `name` in the database at `url`."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name
        self._schema = sql.Identifier(_PREFIX + hashlib.sha256(name.encode()).hexdigest()[:16])
        self._fence = int.from_bytes(hashlib.sha256(b"showground door\n" + name.encode()).digest()[:8], "big", signed=True)
        self._write = self._locked()
        self._write.execute(self._sql(_TABLES))
        self._write.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(self._schema, sql.Literal(name)),
        )
        self._read = _connect(url)
        self._size = self.size()

    def _sql(self, text: LiteralString) -> sql.Composed:
        return sql.SQL(text).format(schema=self._schema)

    def _locked(self) -> psycopg.Connection[Any]:
        connection = _connect(self._url)
        try:  # a door that was killed holds its lock until the database notices
            connection.execute("SET lock_timeout = '2s'")
            connection.execute("SELECT pg_advisory_lock(%s)", (self._fence,))
        except psycopg.errors.LockNotAvailable:
            connection.close()
            raise Fenced(f"Another door already writes {self._name} (it holds the advisory lock {self._fence}). Stop it first.")
        return connection

    def commit(self, batch: Batch) -> None:
        """The batch is durable as a whole, or not there at all (or, the connection lost, unknown) and an error is raised."""
        if batch.entries and batch.entries[0][0] != self._size:
            raise StoreDiffers(f"entry {batch.entries[0][0]} cannot follow {self._size} entries")
        with self._write.transaction(), self._write.pipeline():
            self._insert(_ENTRIES, batch.entries)
            self._insert(_MINUTES, batch.minutes)
            self._insert(_PAPERS, batch.papers)
            self._insert(_AUDITS, batch.audits)
        self._size += len(batch.entries)

    def _insert(self, text: LiteralString, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._write.execute(self._sql(text), [list(column) for column in zip(*rows, strict=True)])

    def size(self) -> int:
        """Returns how many entries the store holds, on a connection that works again (and holds the lock) if it had broken."""
        if self._write.closed:
            self._write = self._locked()
        row = self._write.execute(self._sql("SELECT coalesce(max(idx), -1) + 1 FROM {schema}.entry")).fetchone()
        self._size = int(row[0]) if row else 0
        return self._size

    def _rows(self, text: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._read.execute(self._sql(text), values, binary=True).fetchall()
        except psycopg.OperationalError:
            if not self._read.closed:
                raise
        self._read = _connect(self._url)  # the database was away in between; reading twice harms nobody
        return self._read.execute(self._sql(text), values, binary=True).fetchall()

    def entries(self, first: int, to: int) -> list[tuple[bytes, bytes | None]]:
        """Returns durable entries with their openings, from index `first` to just before `to`."""
        rows = self._rows("SELECT bytes, opening FROM {schema}.entry WHERE idx >= %s AND idx < %s ORDER BY idx", first, to)
        return [(row[0], row[1]) for row in rows]

    def minutes(self) -> dict[str, int]:
        """Returns the index of every minute by its id."""
        return {row[0]: row[1] for row in self._rows("SELECT id, idx FROM {schema}.minute")}

    def papers(self) -> list[tuple[str, str, str]]:
        """Returns (scope, channel, voter) of every voter who was given a paper."""
        return [(row[0], row[1], row[2]) for row in self._rows("SELECT scope, channel, voter FROM {schema}.paper")]

    def audits(self) -> list[tuple[int, str]]:
        """Returns (Unix second, what was asked) of every answer made from openings."""
        return [(row[0], row[1]) for row in self._rows("SELECT at, what FROM {schema}.audit ORDER BY line")]

    def close(self) -> None:
        """The store is closed and another door may open it."""
        self._read.close()
        self._write.close()


def _connect(url: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    connection.execute("SET synchronous_commit = on")
    connection.execute("SET statement_timeout = '60s'")
    return connection


class PostgresShelf:
    """The stores of all logs of a site: one schema per log in the database at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def names(self) -> list[str]:
        """Returns the names (slugs) of the logs that have a store."""
        with _connect(self.url) as connection:
            rows = connection.execute(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname ~ '^door_[0-9a-f]{16}$' ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows if row[0]]

    def open(self, name: str) -> StorePostgres:
        """Returns the store called `name`, made when it is missing; refuses while another door holds it."""
        return StorePostgres(self.url, name)
