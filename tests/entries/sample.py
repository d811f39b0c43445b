"""A week on paper for tests of the desks: a calendar that lies behind us, a person for every duty, entries in any state.

No door, publisher or jail runs beside it: records wait in the outbox, and works are as the test says they are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from showground.commands.demo_week import DAY, week_file
from showground.entries import actions
from showground.entries.models import Entry
from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.people.actions import welcome
from showground.people.models import Person
from showground.weeks.actions import give_duty, open_week, read_week_file
from showground.weeks.models import Week
from showground.works.models import Work

ANCHOR = 1_788_192_000  # the vote opens 2026-09-01 09:00 in Shanghai
PLEDGE = "I made it."
FORM = {
    "category": "picture",
    "genre": "poster",
    "title_en": "Bait",
    "title_zh": "饵",
    "maker_kind": "person",
    "maker_name": "Lin Zhao",
    "statement_en": "A phone on a hook.",
    "statement_zh": "",
    "alt_en": "A lit phone hangs on a hook.",
    "alt_zh": "",
    "credit": "",
}


@dataclass(frozen=True)
class Desks:
    """A week and its people: maker, other (both entrants), screener, organiser, notary, and `juror`."""

    week: Week
    people: dict[str, Person]

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def calling(self) -> int:
        return self.week.call_opens + DAY

    def work(self, owner: Person, state: str = "safe", category: str = "picture", **fields: Any) -> Work:
        """A work as if it had been uploaded and, if safe, opened."""
        number = Work.objects.count()
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        renditions = [{"use": "picture", "type": "image/webp", "width": 320, "height": 240, "file": f"{digest}.webp"}]
        given = {
            "filename": f"work-{number}.png",
            "declared_size": 4321,
            "sha256": digest,
            "media": {"renditions": renditions} if state == "safe" else {},
            "started_at": self.calling,
            **fields,
        }
        return Work.objects.create(code=f"w{number:05d}", owner=owner, state=state, category=category, **given)

    def draft(self, owner: Person | None = None, work: str | None = "safe", **fields: Any) -> Entry:
        """A draft, with a work in the given state if any."""
        owner = owner or self.people["maker"]
        entry = actions.start_entry(self.week, by=owner, at=self.calling, **{**FORM, **fields})
        if work:
            kind = {"picture": "picture", "video": "video", "h5": "h5"}[entry.category]
            entry = actions.attach_work(entry, work=self.work(owner, work, kind), at=self.calling)
        return entry

    def submitted(self, owner: Person | None = None, **fields: Any) -> Entry:
        return actions.submit_entry(self.draft(owner, **fields), pledge=PLEDGE, at=self.calling + 60)

    def returned(self, owner: Person | None = None, **fields: Any) -> Entry:
        entry = self.submitted(owner, **fields)
        told = {"reason": "rights", "text": "Name the photographer."}
        return actions.return_entry(entry, by=self.people["screener"], at=self.calling + 120, **told)

    def accepted(self, owner: Person | None = None, **fields: Any) -> Entry:
        return actions.admit_entry(self.submitted(owner, **fields), by=self.people["screener"], at=self.calling + 120)

    def records(self, kind: str = "") -> list[dict[str, Any]]:
        """The records of the week's outbox, in order."""
        return [record for m in Minute.objects.order_by("pk") if (record := json.loads(m.entry))["type"].startswith(kind)]


def desks(code: str = "2026") -> Desks:
    """Returns a fresh week whose call is open at `calling`."""
    week = open_week(read_week_file(week_file(code, anchor=ANCHOR, name=("Second Look", "再看一眼"))[0]))
    open_log(week.origin, vkey="log.example+00000000+AAAA", policy="")
    names = ("maker", "other", "screener", "organiser", "notary")
    people = {name: welcome(f"{name}@example.org", language="en", at=0, name=name.title()) for name in names}
    for duty in ("screener", "organiser", "notary"):
        give_duty(week, person=people[duty], duty=duty)
    return Desks(week, people)
