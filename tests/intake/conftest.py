"""A real door on real sockets and both real stores, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop

from showground.intake.app import serve
from showground.intake.client import Door, Pool
from showground.intake.paper import cookie_name
from showground.intake.site import Shelf, Site
from showground.intake.store_postgres import PostgresShelf
from showground.intake.store_sqlite import SqliteShelf
from showground.intake.wire import Limits
from tests.harness.postgres import postgres as postgres

from . import sample

ORIGIN = "https://week.example"
LOG = "week.example/2026"


class Running:
    """A door in a thread of this process; `now` is its clock."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder, self.database = folder, database
        self.now = sample.OPENS - 3600
        self.public, self.private = folder / "run/door.sock", folder / "run/door-private.sock"
        self.site: Site | None = None
        self._failed: BaseException | None = None

    def shelf(self) -> Shelf:
        return PostgresShelf(self.database) if self.database else SqliteShelf(self.folder / "door")

    def start(self, limits: Limits | None = None, rehearsal: bool = False) -> None:
        opened = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(limits, rehearsal, opened))
        self._thread.start()
        opened.wait(20)
        if self._failed:
            self._thread.join()
            failed, self._failed = self._failed, None
            raise failed
        self.pool = Pool(self.public, 20)
        self.door = Door(self.private, 20)

    def _run(self, limits: Limits | None, rehearsal: bool, opened: threading.Event) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            self.site = Site(self.folder / "door", self.shelf(), lambda: self.now, rehearsal=rehearsal)
            self._task = asyncio.ensure_future(serve(self.site, self.public, self.private, frozenset([ORIGIN]), opened.set, limits))
            try:
                await self._task
            except asyncio.CancelledError:
                pass

        try:
            uvloop.run(main())
        except BaseException as error:
            self._failed = error
        finally:
            opened.set()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)
        assert not self._thread.is_alive()
        if self._failed:
            raise self._failed

    def restart(self) -> None:
        self.stop()
        self.start()

    # ---- what people do ----

    def paper(self, subject: str, channel: str = "email", log: str = LOG) -> str:
        text: str = self.door.post("/paper", {"log": log, "subject": subject, "channel": channel})["paper"]
        return text

    def cast(self, paper: str, choices: list[str], log: str = LOG, **more: Any) -> tuple[int, dict[str, Any]]:
        """Casts as a page does; returns status and answer."""
        return self.post({"log": log, "choices": choices, "salt": sample.salt()} | more, paper)

    def post(self, body: object, paper: str = "", log: str = LOG, **headers: str) -> tuple[int, dict[str, Any]]:
        told = {"Content-Type": "application/json", "Origin": ORIGIN, "Cookie": f"a=b; {cookie_name(log)}={paper}; c=d"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = self.pool.ask("POST", "/cast", data, {k: v for k, v in told.items() if v})
        return status, json.loads(answer)

    def counted(self, paper: str, log: str = LOG) -> tuple[int, dict[str, Any]]:
        status, _, answer = self.pool.ask("GET", f"/cast?log={log}", None, {"Cookie": f"{cookie_name(log)}={paper}"})
        return status, json.loads(answer)

    def raw(self, data: bytes, public: bool = True) -> bytes:
        """Sends bytes to a socket and returns all that comes back until the door closes."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(20)
            wire.connect(str(self.public if public else self.private))
            wire.sendall(data)
            wire.shutdown(socket.SHUT_WR)
            got = b""
            while piece := wire.recv(65536):
                got += piece
            return got


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite, or the address of a fresh PostgreSQL database."""
    if request.param == "sqlite":
        yield None
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: the name of a unix socket may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="door-") as name:
        yield Path(name)


def _running(folder: Path, database: str | None) -> Iterator[Running]:
    running = Running(folder, database)
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def bare(folder: Path, database: str | None) -> Iterator[Running]:
    """A door on either store, no log yet."""
    yield from _running(folder, database)


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    """A door on SQLite whose vote is open."""
    for door in _running(folder, None):
        sample.prepare(door.door, LOG)
        door.now = sample.OPENS + 60
        yield door


@pytest.fixture
def either(bare: Running) -> Running:
    """A door on either store whose vote is open."""
    sample.prepare(bare.door, LOG)
    bare.now = sample.OPENS + 60
    return bare
