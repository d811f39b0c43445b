"""Natural group commit: the next batch is whatever came during the last durable transaction; no timer, at most `CAP` entries.

The one place that talks to a store's writing side, from one worker thread. Whatever is put here is answered after it is durable.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

CAP: Final = 4096
Done = Callable[[bool], None]


class Fenced(Exception):
    """Another door already writes this log."""


class StoreDiffers(Exception):
    """The store holds something else than this door wrote: it must not go on."""


@dataclass(slots=True)
class Batch:
    """What goes into one transaction; `waiting` is called with True once it is durable, with False if that is not known."""

    entries: list[tuple[int, bytes, bytes | None]] = field(default_factory=list)  # (index, entry, opening)
    minutes: list[tuple[str, int]] = field(default_factory=list)  # (id, index)
    papers: list[tuple[str, str, str]] = field(default_factory=list)  # (scope, channel, voter)
    audits: list[tuple[int, str]] = field(default_factory=list)  # (at, what)
    waiting: list[Done] = field(default_factory=list)


class Store(Protocol):
    """What both native stores offer; `commit` is called from one thread, `entries` from another."""

    def commit(self, batch: Batch) -> None:
        """The batch is durable as a whole, or not there at all and an error is raised."""

    def size(self) -> int:
        """Returns how many entries the store holds, on a connection that works again if it had broken."""

    def entries(self, first: int, to: int) -> list[tuple[bytes, bytes | None]]:
        """Returns durable entries with their openings, from index `first` to just before `to`."""

    def minutes(self) -> dict[str, int]:
        """Returns the index of every minute by its id."""

    def papers(self) -> list[tuple[str, str, str]]:
        """Returns (scope, channel, voter) of every voter who was given a paper."""

    def audits(self) -> list[tuple[int, str]]:
        """Returns (Unix second, what was asked) of every answer made from openings."""

    def close(self) -> None:
        """The store is closed and another door may open it."""


def settle(store: Store, batch: Batch) -> None:
    """A batch whose commit failed is durable exactly once: written now, unless it had landed after all."""
    size = store.size()
    if batch.entries:
        first, (last, entry, _) = batch.entries[0][0], batch.entries[-1]
        if size == last + 1 and store.entries(last, last + 1)[0][0] == entry:
            return
        if size != first:
            raise StoreDiffers(f"the store holds {size} entries, this door expected {first}")
    store.commit(batch)


class GroupCommit:
    """Puts entries, minutes, papers and audit lines into the store in the order they came; used from the event loop alone."""

    def __init__(self, store: Store, size: int) -> None:
        self.store = store
        self.durable = size  # entries that are safe on disk
        self.failing = False
        self.differs: str | None = None
        self._queue: deque[Batch] = deque()
        self._flying: Batch | None = None
        self._started = False
        self._resting = False
        self._writer = ThreadPoolExecutor(1, "door-writer")
        self._loop = asyncio.get_running_loop()

    def filling(self) -> Batch:
        """Returns the batch that the next transaction takes; whatever is added to it now is written in order."""
        if not self._queue or len(self._queue[-1].entries) >= CAP:
            self._queue.append(Batch())
            if not self._started:
                self._started = True
                self._loop.call_soon(self._next)
        return self._queue[-1]

    def after(self, done: Done) -> None:
        """`done` is called when everything put so far is durable (True), or when that cannot be known (False)."""
        if self.failing:
            done(False)
        elif self._queue:
            self._queue[-1].waiting.append(done)
        elif self._flying:
            self._flying.waiting.append(done)
        else:
            done(True)

    def _next(self) -> None:
        self._started = False
        if self._flying is None and self._queue and not self.failing:
            self._flying = self._queue.popleft()
            self._write(self.store.commit)

    def _write(self, how: Callable[[Batch], None]) -> None:
        assert self._flying is not None
        self._loop.run_in_executor(self._writer, how, self._flying).add_done_callback(self._landed)

    def _landed(self, result: asyncio.Future[None]) -> None:
        batch, error = self._flying, result.exception()
        assert batch is not None
        if error is not None:
            return self._failed(error)
        self.failing, self._flying = False, None
        if batch.entries:
            self.durable = batch.entries[-1][0] + 1
        waiting, batch.waiting = batch.waiting, []
        self._next()
        for done in waiting:
            done(True)

    def _failed(self, error: BaseException) -> None:
        self.failing = True
        if isinstance(error, StoreDiffers):
            self.differs = str(error)
        for batch in [self._flying, *self._queue]:
            if batch is not None:
                waiting, batch.waiting = batch.waiting, []
                for done in waiting:
                    done(False)
        self._resting = True

    def retry(self) -> None:
        """A commit that failed is tried again; called by the door's tick."""
        if self.failing and self._resting and self.differs is None:
            self._resting = False
            self._write(lambda batch: settle(self.store, batch))

    async def close(self) -> None:
        """Everything put so far is durable (unless the store fails) and the store is closed."""
        while (self._flying or self._queue) and not self.failing:
            await asyncio.sleep(0.005)
        self._writer.shutdown(wait=True)
        self.store.close()
