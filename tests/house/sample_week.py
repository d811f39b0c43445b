"""A small week in the database, with a person for every duty; no door runs beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from showground.commands.demo_week import week_file
from showground.entries.models import Entry
from showground.people.actions import welcome
from showground.people.models import Person
from showground.weeks.actions import give_duty, open_week, read_week_file
from showground.weeks.models import Week
from showground.works.models import Work


@dataclass(frozen=True)
class Sample:
    """The week, its people by role, its one entry on show."""

    week: Week
    people: dict[str, Person]
    entry: Entry


def a_week(code: str = "sample") -> Sample:
    """Returns a week whose vote is open now, with one work on show."""
    now = settings.CLOCK()
    text, _ = week_file(code, anchor=now - 86400, name=("Sample", "样例"))
    week = open_week(read_week_file(text))
    people = {
        role: welcome(f"{role}@{code}.example", language="en", at=now)
        for role in ("entrant", "screener", "juror", "notary", "author", "officer", "custodian", "approver", "curator", "organiser")
    }
    for role, person in people.items():
        if role != "entrant":
            give_duty(week, person=person, duty=role)
    work = Work.objects.create(
        code=f"w{code[:8]}",
        owner=people["entrant"],
        category="picture",
        filename="a.png",
        declared_size=1,
        state="safe",
        started_at=now,
    )
    entry = Entry.objects.create(
        week=week, person=people["entrant"], work=work, code="abcdef", number=101, state="accepted", category="picture", genre="poster",
        title_en="One", title_zh="一", maker_name="A", started_at=now, pledged_at=now, submitted_at=now,
    )  # fmt: skip
    return Sample(week, people, entry)
