"""The report desk beside a demo's weeks: a process that works as far as the clock has come, and the clock that waits for it.

Figures are published for weeks from Monday to Monday, UTC, the moment they are over: what belongs to a week must be written before.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from showground import clock
from showground.commands._rehearse import Play
from showground.commands._visitor import Stuck
from showground.commands.demo_week import DAY, midnight
from showground.rules.chronicle import Chronicle

WEEK, MONDAY, EVENING = 7 * DAY, 4 * DAY, 2 * 3600
COSIGNED = 61  # a head is cosigned at the latest a minute after the one before


def week_of(at: int) -> int:
    """Returns the Monday 00:00 UTC at or before an instant."""
    return at - (at - MONDAY) % WEEK


class DeskPlay:
    """The desk of a demo site, over both of its weeks."""

    def __init__(self, environment: dict[str, str], *, seed: int = 1, say: Callable[[str], None] = print) -> None:
        line = [sys.executable, "-m", "showground.commands._desk"]
        self.process = subprocess.Popen(line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        now = clock.real()
        self.today, self.say = midnight(now), say
        self.till, self.busy, self.seconds = 0, False, 0.0
        self.done: dict[str, int] = {}
        self._tell("begin", today=self.today, ends=now, seed=seed)
        self._answer()

    # ---- the pipe ----

    def _tell(self, do: str, **told: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self.process.stdin.flush()
        self.busy = True

    def _answer(self) -> dict[str, Any]:
        """Waits until the desk has done what it was told."""
        assert self.process.stdout is not None
        began = time.monotonic()
        line = self.process.stdout.readline()
        self.busy, self.seconds = False, self.seconds + time.monotonic() - began
        if not line:
            raise Stuck("the desk of the demo ended; what it said stands above")
        told: dict[str, Any] = json.loads(line)
        for name in ("filed", "done"):
            self.done[name] = self.done.get(name, 0) + told.get(name, 0)
        return told

    def settle(self) -> None:
        """Nothing is under way."""
        if self.busy:
            self._answer()

    # ---- a week's play ----

    def beside(self, play: Play) -> DeskPlay:
        """The desk works beside this week's play; it opens on the first day of the first vote."""
        self.play, self.clock = play, play.stage.clock
        play.stage.before_moving.append(self.ready)
        if self.till:
            self._open()
        return self

    def _open(self) -> None:
        self.settle()
        self._tell("open", week=self.play.code, at=self.clock())
        self._answer()

    def days(self) -> dict[int, Callable[[], None]]:
        """Returns what is played on which day after the ballots: nothing, it all begins at dawn."""
        return {}

    def dawn(self) -> None:
        """Everything up to now begins to be done, while the day's ballots are cast."""
        if not self.till:
            self._open()
            self.till = self.clock()
        self.settle()
        now = self.clock()
        self._tell("work", since=self.till, until=now)
        self.till = now

    def ready(self, instant: int) -> None:
        """Before the clock leaves a week of figures it stops on Sunday evening, what belongs to that week is done, and after it
        the figures are witnessed: however far it jumps."""
        instant = min(instant, clock.real())  # the clock never runs ahead
        while self.till and week_of(instant) > week_of(self.clock()):
            monday = week_of(self.clock()) + WEEK
            self.clock.move_to(monday - EVENING)
            self._work_now()
            self.clock.move_to(monday + 1)
            self._published(monday)

    def _work_now(self) -> None:
        self.dawn()
        self.settle()

    def _published(self, until: int) -> None:
        def there(week: Chronicle) -> int | None:
            return next((index for index, record in week.figures if record["to"] >= until), None)

        self.play.reader.wait("the desk's figures", there, witnessed=False)
        self.clock.move_to(self.clock() + COSIGNED)
        self.play.reader.wait("the desk's figures to be witnessed", there)

    def end(self) -> None:
        """What was to be done by now is done."""
        self._work_now()

    def lines(self, week: Chronicle) -> list[str]:
        """Returns the line of the report on the desk."""
        return [f"desk        {self.done['filed']} reports, {self.done['done']} steps, {len(week.batches)} batches"]

    def stand_still(self) -> dict[str, Any]:
        """The desk stands as it is now; returns what the demo prints: passphrase and codes. Its process has ended."""
        self._work_now()
        self._tell("stand_still", now=self.clock())
        told = self._answer()
        self.stop()
        return told

    def stop(self) -> None:
        """The desk's process has ended."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(20)
