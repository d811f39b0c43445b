"""All logs of one site behind one door: opened at start from their stores, made when log.opened arrives."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from showground.intake.commit import GroupCommit, Store, StoreDiffers
from showground.intake.order import Order, minute_record
from showground.intake.paper import PaperPress
from showground.intake.sealed import sync_folder
from showground.intake.store_sqlite import lock
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused


class Shelf(Protocol):
    """Where the stores of a site's logs are kept: files in a folder, or schemas in a database."""

    def names(self) -> list[str]:
        """Returns the names (slugs) of the logs that have a store."""

    def open(self, name: str) -> Store:
        """Returns the store called `name`, made when it is missing; refuses while another door holds it."""


def slug(origin: str) -> str:
    """Returns the name of a log's files: the origin with every character but [a-z0-9.-] replaced by "_"."""
    return re.sub(r"[^a-z0-9.-]", "_", origin)


def secret(path: Path) -> bytes:
    """Returns the 32 random bytes in the file `path`, durably made when it is missing, mode 0600."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)
        sync_folder(path.parent)
    key = path.read_bytes()
    if len(key) != 32:
        raise ValueError(f"{path} holds {len(key)} bytes instead of 32")
    return key


class Site:
    """The orders of all logs in the door's folder, by origin; one event loop uses it."""

    def __init__(self, folder: Path, shelf: Shelf, now: Callable[[], int], *, rehearsal: bool = False) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.shelf, self.now, self.rehearsal = folder, shelf, now, rehearsal
        self._lock = lock(folder / "door.lock", str(folder))
        self.press = PaperPress(secret(folder / "paper.key"))
        self.readers = ThreadPoolExecutor(1, "door-reader")
        self.orders: dict[str, Order] = {}
        for name in shelf.names():
            self._take_up(name)

    def _take_up(self, name: str) -> None:
        store = self.shelf.open(name)
        size = store.size()
        if size == 0:  # a crash between making the store and log.opened: the same log.opened will come again
            return store.close()
        order = Order(secret(self.folder / f"{name}.key"), self.now)
        order.read_back(store)
        self._may_run(order.week)
        order.attach(GroupCommit(store, size))
        self.orders[order.week.log] = order

    def _may_run(self, week: Chronicle) -> None:
        """A rehearsal's clock is honoured for rehearsals only: it must never date a real week."""
        if self.rehearsal and week.clock == "real":
            raise Refused("log.clock", log=week.log)

    def order(self, log: object) -> Order:
        """Returns the order of a log; refuses an origin this door never opened."""
        order = self.orders.get(log) if isinstance(log, str) else None
        if order is None:
            raise Refused("log.unknown", log=str(log)[:200])
        return order

    def open_log(self, log: str, minutes: Sequence[tuple[str, str]]) -> Order:
        """Returns the order of a log, new when the first minute is a log.opened that may stand at index 0."""
        if log in self.orders:
            return self.orders[log]
        first = Chronicle()
        if minutes:
            first.read(minute_record(minutes[0][1].encode("utf-8", "surrogatepass")))
        name = slug(log)
        if first.log != log or name in {slug(known) for known in self.orders}:
            raise Refused("log.unknown", log=log[:200])
        self._may_run(first)
        order = Order(secret(self.folder / f"{name}.key"), self.now)
        store = self.shelf.open(name)
        if store.size():
            store.close()
            raise StoreDiffers(f"the store {name} holds a log that this door did not take up")
        order.attach(GroupCommit(store, 0))
        self.orders[log] = order
        return order

    def assets(self, log: str) -> Path:
        """Returns the folder of the assets that the door wrote for a log."""
        return self.folder / f"{slug(log)}.assets"

    def tick(self) -> None:
        """Every boundary that has passed is written, and a commit that failed is tried again."""
        for order in self.orders.values():
            assert order.commits is not None
            if order.commits.failing:
                order.commits.retry()
            else:
                order.turn()

    async def close(self) -> None:
        """Everything accepted is durable and the stores are closed."""
        await asyncio.gather(*(order.commits.close() for order in self.orders.values() if order.commits))
        self.readers.shutdown(wait=True)
        os.close(self._lock)

    def health(self) -> dict[str, Any]:
        """Returns what a supervisor wants to know: logs, and those whose store fails or differs."""
        failing = sorted(log for log, order in self.orders.items() if order.commits and order.commits.failing)
        return {"logs": sorted(self.orders), "failing": failing}
