"""The one place where the time is read: real seconds, plus the offset of a rehearsal.

A rehearsal's clock starts behind, only moves forward and stops at real time (offset 0). It is shared by every process of a
site through `clock.json` in the data folder.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

Clock = Callable[[], int]


def real() -> int:
    """Returns the real time in Unix seconds."""
    return int(time.time())


class Rehearsal:
    """A clock that runs behind real time by the offset in one file; calling it returns Unix seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = (0, 0)
        self._offset = 0

    def __call__(self) -> int:
        return int(time.time() + self.offset())

    def offset(self) -> int:
        """Returns the offset in seconds, 0 or negative; the file is read again only when it changed."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return 0
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            self._offset = min(0, int(json.loads(self.path.read_text(encoding="utf-8"))["offset"]))
            self._stamp = stamp
        return self._offset

    def move_to(self, instant: int) -> None:
        """The clock shows at least `instant`, and never more than real time; going back is ignored."""
        offset = min(0, instant - int(time.time()))
        if self.path.exists() and offset <= self.offset():
            return
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"offset": offset}), encoding="utf-8")
        os.replace(fresh, self.path)


def open_clock(kind: str, data: Path) -> Clock:
    """Returns the site's clock: `kind` is SHOWGROUND_CLOCK, `data` the data folder."""
    return Rehearsal(data / "clock.json") if kind == "rehearsal" else real
