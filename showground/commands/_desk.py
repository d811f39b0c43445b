"""The demo's report desk at work: a process beside the site that files, reads and decides through the room's own actions.

It is told in lines of JSON how far the clock has come and answers each with a line; it writes into no table itself, and nothing it
does lies ahead of the site's clock. `python -m showground.commands._desk` is started by commands/_desk_play.py, in the site's environment.
"""

from __future__ import annotations

import heapq
import itertools
import json
import secrets
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from showground.commands._desk_texts import DAY, HOUR, SAMPLES, STANDING, WORDS, Arrival, Texts, picture, read
from showground.commands._django import ready
from showground.commands.demo_week import ZONE, midnight

UNITS = {"officer": "Fraud", "officer2": "Fraud", "officer3": "Rights"}
SEALERS = {"custodian": "custodian", "approver": "approver"}
SHIFTS = (11 * HOUR, 17 * HOUR)  # twice a day, before noon and at five in the afternoon, what waits is taken in
AT_ONCE = 15 * 60  # after a report of a child somebody takes in what waits, whatever the hour
REST, LAST = 4 * HOUR, 3 * HOUR  # the last shift of its own, and the last report, before the demo stands still


def passphrase() -> str:
    """Returns five words of a short list and a number: long enough for a demo, easy to type."""
    return " ".join([*(secrets.choice(WORDS) for _ in range(5)), str(secrets.randbelow(90) + 10)])


def retold(at: int, now: int) -> int:
    """Returns an instant of the last hours as it is told: where a week of figures ended meanwhile, its numbers are out, and what would
    stand before its end comes behind it, in the same order."""
    from showground.reports.queries.figures import week_of

    since = max(now - LAST, week_of(now))
    return now - (now - at) * (now - since) // LAST


def moved(arrival: Arrival, now: int) -> Arrival:
    """Returns the report at the instant that is told of it."""
    arrival.at = retold(arrival.at, now)
    return arrival


class Desk:
    """The desk with its people, their keys, and what is to happen later."""

    def __init__(self, today: int, ends: int, seed: int) -> None:
        from showground.commands._desk_cases import Plans

        self.today, self.ends = today, ends
        self.texts, self.rng = Texts(today, seed), Texts(today, seed + 1).rng
        self.phrase, self.week = passphrase(), ""
        self.keys: dict[str, Any] = {}  # name: Unlocked
        self.codes: list[dict[str, str]] = []
        self.later: list[tuple[int, int, Callable[[int], object]]] = []
        self._turn = itertools.count()
        self._days: set[int] = set()
        self.waiting: list[tuple[Arrival, Any]] = []  # filed, not taken in: (arrival, Held)
        self.plans = Plans(self)
        self.done: dict[str, int] = {"filed": 0, "done": 0}

    # ---- people ----

    def open(self, week: str, at: int) -> None:
        """The week has its desk; the first time everybody makes a key, the desk opens and the officers are let in."""
        from showground.commands.desk_setup import set_up
        from showground.reports.actions import keys

        self.week = week
        set_up(week, read("desk.toml"))
        if self.keys:
            return
        for name in (*UNITS, *SEALERS):
            holder = keys.make_key(self.person(name), SEALERS.get(name, "officer"), self.phrase, at=at, unit=UNITS.get(name, ""))
            self._log(holder, "opened" if name == "officer" else "key_made", at)
            if name == "officer":
                keys.open_desk(holder, at=at)
            elif name in UNITS:
                keys.admit_officer(holder, by=self.keys["officer"])
                self._log(holder, "admitted", at)
            self.keys[name] = self._unlocked(holder)

    def person(self, name: str) -> Any:
        """Returns one of the people of the desk file."""
        from showground.people.models import Person

        return Person.objects.get(email=f"{name}@demo.example")

    def _unlocked(self, holder: Any) -> Any:
        from nacl.public import PrivateKey

        from showground.reports.queries.keys import Unlocked
        from showground.vault import boxes

        key = boxes.take_key(bytes(holder.kept), self.phrase)
        desk = PrivateKey(boxes.unwrap(bytes(holder.desk_wrapped), key)) if holder.desk_wrapped else None
        return Unlocked(holder, key, desk)

    def _log(self, holder: Any, verb: str, at: int) -> None:
        from showground.reports.actions.note import note

        note("desk", holder.pk, verb, role=holder.duty, at=at, log=self.log(at))

    def log(self, at: int) -> str:
        """Returns the log that a step of this instant stands in."""
        from showground.reports.queries.proofs import newest_open_log
        from showground.weeks.queries import weeks

        return newest_open_log(at) or str(weeks()[0].origin)

    # ---- time ----

    def then(self, at: int, do: Callable[[int], object]) -> None:
        """Something happens at an instant, if the clock comes so far."""
        heapq.heappush(self.later, (at, next(self._turn), do))

    def hours(self, at: int, least: float, most: float) -> int:
        """Returns an instant some hours later, between nine and six in the zone of the demo."""
        found = at + round(self.rng.uniform(least, most) * HOUR)
        hour = datetime.fromtimestamp(found, ZoneInfo(ZONE)).hour
        if 9 <= hour < 18:
            return found
        return midnight(found) + (9 if hour < 9 else 33) * HOUR + self.rng.randrange(60, 5400)

    def work(self, since: int, until: int) -> dict[str, int]:
        """Everything up to an instant has happened: reports of each day since another, the shifts, what officers do next."""
        before = dict(self.done)
        day = midnight(since)
        while day <= until:
            if day not in self._days:
                self._days.add(day)
                self._plan_day(day, since)
            day = midnight(day + DAY + DAY // 2)
        while self.later and self.later[0][0] <= until:
            at, _, do = heapq.heappop(self.later)
            do(at)
            self.done["done"] += 1
        return {name: count - before.get(name, 0) for name, count in self.done.items()}

    def _plan_day(self, day: int, since: int) -> None:
        for arrival in self.texts.day(day):
            if since < arrival.at < self.ends - LAST:
                self.then(arrival.at, lambda _, arrival=arrival: self.file(arrival))  # type: ignore[misc]
        for hour in SHIFTS:
            if since < day + hour < self.ends - REST:
                self.then(day + hour, self.shift)

    # ---- what happens ----

    def file(self, arrival: Arrival, *, held_until: int | None = None) -> None:
        """The report is filed as its reporter would, with a code only where the demo prints it: a code is costly."""
        from showground.reports.actions import file, mail_in
        from showground.reports.queries.reading import Held

        told, at, log = arrival.told, arrival.at, self.log(arrival.at)
        if "mail" in told:
            raw = (SAMPLES / "mails" / told["mail"]).read_bytes()
            kept = mail_in.take_mail(raw, recipient=told["to"], log=log, at=at)
        else:
            words = self._told(arrival)
            proved = held_until is None and arrival.plan != "junk" and self.rng.random() < 0.85
            facts: dict[str, Any] = {"log": log, "at": at, "channel": arrival.channel, "proved": proved, "held_until": held_until}
            if told.get("code"):
                kept, code = file.file_open(words, **facts)
                self.codes.append({"plan": arrival.plan, "code": code, "language": arrival.language})
            else:
                kept = file.file_without_code(words, **facts)
        self.done["filed"] += 1
        if held_until is None:
            self.waiting.append((arrival, Held(kept.report, kept.lock)))
            if arrival.category == "child" and arrival.at < self.ends - REST:
                self.then(arrival.at + AT_ONCE, self.shift)

    def _told(self, arrival: Arrival) -> Any:
        from showground.reports.actions.file import Told, Upload

        files = (Upload(*picture(arrival.told["picture"])),) if "picture" in arrival.told else ()
        standing = arrival.told.get("standing", STANDING.get(arrival.category, ""))
        identity = {"name": "Somebody of the demo", "reach": "reach@home.example"} if arrival.told.get("named") else {}
        subject = self._work() if arrival.told.get("work") else ""
        return Told(arrival.category, arrival.language, arrival.words, files, identity=identity, standing=standing, subject=subject)

    def _work(self) -> str:
        """Returns the code of a picture of the week, always the same one."""
        from showground.entries.queries import public_entries
        from showground.weeks.models import Week

        found = public_entries(Week.objects.get(code=self.week), category="picture").values_list("code", flat=True)
        return max(found, default="")

    def shift(self, at: int) -> None:
        """What waits is taken in, and each new case has its plan."""
        from showground.reports.actions.take_in import take_in

        if not self.waiting:
            return
        take_in(self.keys["officer"], at=at, log=self.log(at), seconds=600)
        taken, self.waiting = self.waiting, []
        for arrival, held in taken:
            held.report.refresh_from_db()
            self.plans.meet(arrival, held, at)

    def stand_still(self, now: int) -> dict[str, Any]:
        """The demo's last hours: a flood that is turned away, what waits to be taken in, what is held back; returns the codes."""
        self._last(moved(arrival, now) for arrival in self.texts.junk(now - LAST))
        self.shift(retold(now - 2 * HOUR, now))
        fresh = [arrival for arrival in self.texts.day(midnight(now)) if "day" not in arrival.told][:7]
        for number, arrival in enumerate(fresh):
            arrival.at = now - 100 * 60 + number * 13 * 60
        self._last(moved(arrival, now) for arrival in fresh)
        for number, arrival in enumerate(self.texts.day(midnight(now))[:2]):
            arrival.at = now - 200 + 60 * number
            self.file(moved(arrival, now), held_until=now + 700)
        return {"passphrase": self.phrase, "codes": self.codes, **self.work(now - 1, now)}

    def _last(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            self.file(arrival)


def main() -> int:
    """Answers lines {"do": "open"|"work"|"stand_still", ...} until the pipe is closed."""
    ready()
    desk: Desk | None = None
    for line in sys.stdin:
        told = json.loads(line)
        do = told.pop("do")
        if do == "begin":
            desk = Desk(**told)
            answer: dict[str, Any] = {}
        else:
            assert desk is not None, "it begins with begin"
            answer = getattr(desk, do)(**told) or {}
        print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
