"""What a play stands on: the running site, its clock, its letter box, and the public log read as anybody could."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from showground.clock import Rehearsal
from showground.commands._visitor import Stuck, Visitor
from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.tlog import checkpoint, tiles

PATIENCE = 120  # seconds


@dataclass
class Numbers:
    """What happened, for the report."""

    works: dict[str, int] = field(default_factory=dict)
    papers: int = 0
    cast: int = 0
    replaced: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Reader:
    """Reads the public log over HTTP, as anybody could, and knows what it says."""

    def __init__(self, visitor: Visitor, code: str) -> None:
        self.visitor, self.code = visitor, code
        self.week = Chronicle()
        self.witnessed = 0

    def read(self) -> Chronicle:
        """Returns what the log says now."""
        status, _, data = self.visitor.ask("GET", f"/log/{self.code}/checkpoint")
        if status != 200:
            return self.week
        signed = data.decode()
        head = checkpoint.parse(signed.split("\n\n", 1)[0] + "\n")
        if signed.count("\n— ") > 1:
            self.witnessed = head.size
        while self.week.size < head.size:
            n = self.week.size // 256
            width = min(256, head.size - n * 256)
            status, _, bundle = self.visitor.ask("GET", f"/log/{self.code}/{tiles.entries_path(n, width)}")
            if status != 200:
                raise Stuck(f"the log's bundle {n} answered {status}")
            for entry in tiles.decode_entries(bundle, width)[self.week.size - n * 256 :]:
                self.week.read(records.parse(entry))
        return self.week

    def wait(self, what: str, true: Callable[[Chronicle], int | None], *, witnessed: bool = True) -> int:
        """Waits until the record that `true` finds (its index) is published and, unless told otherwise, witnessed."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            found = true(self.read())
            if found is not None and (self.witnessed > found or not witnessed):
                return found
            time.sleep(0.1)
        raise Stuck(f"waited {PATIENCE} s for: {what}")


class Stage:
    """The running site, its clock and its letter box."""

    def __init__(self, site: str, data: Path, *, seed: int = 1, say: Callable[[str], None] = print) -> None:
        self.site, self.data, self.say = site, data, say
        self.clock = Rehearsal(data / "clock.json")
        self.rng = random.Random(seed)
        self.numbers = Numbers()
        self.pool = ThreadPoolExecutor(6)
        self.before_moving: list[Callable[[int], None]] = []

    def move_to(self, instant: int) -> None:
        """The site's clock shows at least `instant`, once everybody who must be done before it is done."""
        for ready in self.before_moving:
            ready(instant)
        self.clock.move_to(instant)

    def visitor(self, language: str = "en") -> Visitor:
        """Returns a new person's browser."""
        return Visitor(self.site, self.rng, language)

    def letter_code(self, address: str, after: int = 0) -> str:
        """Returns the six digits of the newest letter to an address."""
        whom = re.sub(r"[^a-z0-9.@+-]", "_", address.lower())[:80]
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            found = sorted(p for p in (self.data / "letters").iterdir() if p.name.endswith(f"-{whom}.txt"))
            if len(found) > after:
                digits = re.search(r"\b(\d{3})\s?(\d{3})\b", found[-1].read_text(encoding="utf-8").split("\n\n", 1)[1])
                if digits:
                    return digits[1] + digits[2]
            time.sleep(0.02)
        raise Stuck(f"no letter came to {address}")

    def timed(self, part: str, work: Callable[[], Any]) -> Any:
        """Does one part of the play and keeps how long it took."""
        began = time.monotonic()
        done = work()
        self.numbers.seconds[part] = self.numbers.seconds.get(part, 0.0) + time.monotonic() - began
        self.say(f"  {part}: {time.monotonic() - began:.1f} s")
        return done

    def each(self, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Does the same for many, several at once; the first fault ends the play."""
        return list(self.pool.map(work, items))
