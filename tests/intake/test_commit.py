"""What happens when a store fails under the door: nobody is told yes, nothing is lost or doubled, and the door goes on."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import psycopg
import pytest

from showground.intake.commit import Batch, StoreDiffers, settle
from showground.intake.site import Shelf
from showground.intake.store_postgres import PostgresShelf
from showground.intake.store_sqlite import SqliteShelf
from tests.harness.postgres import Server
from tests.harness.postgres import running as running_postgres

from . import sample
from .conftest import LOG, Running

ROWS = [(index, b'{"n":%d}' % index, b"opening" if index % 2 else None) for index in range(1300)]


def until(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def shelf(folder: Path, database: str | None) -> Shelf:
    return PostgresShelf(database) if database else SqliteShelf(folder)


def test_store_gives_back_what_was_committed(shelf: Shelf) -> None:
    store = shelf.open("a.example_1")
    store.commit(Batch(ROWS[:1], [("x", 0)], [("week", "email", "v")], [(5, "shortlist")]))
    store.commit(Batch(ROWS[1:], [("y", 7)], [("week", "email", "v"), ("week", "code", "v")]))
    store.close()
    again = shelf.open("a.example_1")
    assert shelf.names() == ["a.example_1"]
    assert (again.size(), again.minutes(), again.audits()) == (1300, {"x": 0, "y": 7}, [(5, "shortlist")])
    assert sorted(again.papers()) == [("week", "code", "v"), ("week", "email", "v")]
    assert again.entries(0, 5000) == [(entry, opening) for _, entry, opening in ROWS]
    assert again.entries(3, 5) == [(entry, opening) for _, entry, opening in ROWS[3:5]]
    again.close()


def test_store_takes_no_entry_out_of_order_and_no_half_of_a_batch(shelf: Shelf) -> None:
    store = shelf.open("a.example_1")
    with pytest.raises(StoreDiffers):
        store.commit(Batch(ROWS[1:2]))
    store.commit(Batch(ROWS[:2], [("x", 0)]))
    with pytest.raises(StoreDiffers):
        store.commit(Batch(ROWS[:1]))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        store.commit(Batch(ROWS[2:4], [("x", 3)]))
    assert store.size() == 2
    store.commit(Batch(ROWS[2:4], [("y", 3)]))
    assert store.size() == 4
    store.close()


def test_unknown_commit_is_settled_exactly_once(shelf: Shelf) -> None:
    store = shelf.open("a.example_1")
    settle(store, Batch(ROWS[:3]))
    settle(store, Batch(ROWS[:3]))  # it had landed
    assert store.size() == 3
    with pytest.raises(StoreDiffers):
        settle(store, Batch([(2, b"another", None)]))
    with pytest.raises(StoreDiffers):
        settle(store, Batch(ROWS[5:6]))
    store.close()


def test_disk_that_is_full_refuses_and_recovers(running: Running) -> None:
    ann, bob = running.paper("ann"), running.paper("bob")
    assert running.site is not None
    commits = running.site.order(LOG).commits
    assert commits is not None
    salt = sample.salt()
    writing: sqlite3.Connection = commits.store._write  # type: ignore[attr-defined]
    pages = writing.execute("PRAGMA page_count").fetchone()[0]
    writing.execute(f"PRAGMA max_page_count={pages}")
    told = {}
    while (answer := running.cast(ann, ["aaaaaa"], salt=salt))[0] == 200:  # until the last page is full
        told, salt = answer[1], sample.salt()
        ann = running.paper(f"ann {told['index']}")
    assert answer == (503, {"error": "door.store"})
    assert running.cast(bob, ["bbbbbb"]) == (503, {"error": "door.store"})
    assert running.counted(bob) == (503, {"error": "door.store"})
    size = len(sample.entries(running.door, LOG))
    writing.execute("PRAGMA max_page_count=1000000")
    until(lambda: not running.door.get("/health")["failing"])
    assert len(sample.entries(running.door, LOG)) == size + 1  # the one that nobody was promised is there once
    status, receipt = running.cast(ann, ["aaaaaa"], salt=salt)
    assert (status, receipt["index"]) == (200, size)
    assert running.cast(bob, ["bbbbbb"])[0] == 200
    before = sample.entries(running.door, LOG)
    running.restart()
    assert sample.entries(running.door, LOG) == before


def test_database_that_crashes_is_waited_for(folder: Path) -> None:
    with running_postgres() as server, server.database() as url:
        door = Running(folder, url)
        door.start()
        try:
            _crash_the_database(door, server)
        finally:
            door.stop()


def _crash_the_database(door: Running, server: Server) -> None:
    sample.prepare(door.door, LOG)
    door.now = sample.OPENS
    ann, salt = door.paper("ann"), sample.salt()
    first = door.cast(ann, ["aaaaaa"])[1]
    server.stop("immediate")
    assert door.cast(ann, ["bbbbbb"], salt=salt, replaces=first["index"]) == (503, {"error": "door.store"})
    assert door.door.get("/health")["failing"] == [LOG]
    server.start()
    until(lambda: not door.door.get("/health")["failing"])
    status, second = door.cast(ann, ["bbbbbb"], salt=salt, replaces=first["index"])
    assert (status, second["index"]) == (200, first["index"] + 1)
    assert sample.entries(door.door, LOG)[-2:] == [first["entry"], second["entry"]]


def test_lock_that_was_lost_stops_the_door_from_writing(folder: Path, postgres: Server) -> None:
    with postgres.database() as url:
        door = Running(folder, url)
        door.start()
        try:
            sample.prepare(door.door, LOG)
            door.now = sample.OPENS
            ann = door.paper("ann")
            with psycopg.connect(postgres.url("postgres"), autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory' AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = %s)",
                    (url.split("/")[3].split("?")[0],),
                )
                rival = PostgresShelf(url).open(LOG.replace("/", "_"))  # a second door took the log over
                size = rival.size()
                assert door.cast(ann, ["aaaaaa"])[0] == 503
                rival.commit(Batch([(size, b'{"by":"rival"}', None)]))
                rival.close()
            until(lambda: door.site is not None and door.site.order(LOG).commits.differs)  # type: ignore[union-attr]
            assert door.cast(ann, ["aaaaaa"])[0] == 503
            assert len(sample.entries(door.door, LOG)) == size
        finally:
            door.stop()
