"""Gives a week its report desk as one file says: who works there, the laws it may cite, its partners and their true hosts."""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from showground.commands._django import ready
from showground.rules.refused import Refused

if TYPE_CHECKING:
    from showground.people.models import Person
    from showground.weeks.models import Week

DUTIES = ("officer", "custodian", "approver")


def main(argv: list[str]) -> int:
    """Prints how many of each there are and returns 0; 1 with the field that is wrong, and then nothing has changed."""
    parser = argparse.ArgumentParser(prog="showground desk_setup", description=__doc__)
    parser.add_argument("week", help="the week's code; run it again for another week")
    parser.add_argument("file", type=Path, help="the desk as one readable file (TOML): [[people]], [[laws]], [[partners]]")
    words = parser.parse_args(argv)
    ready()
    from django.db import transaction

    from showground.ui.refusals import refusal

    try:
        told = tomllib.loads(words.file.read_text(encoding="utf-8"))
        with transaction.atomic():
            done = set_up(words.week, told)
    except (tomllib.TOMLDecodeError, Refused) as no:
        print(f"{words.file}: {refusal(no) if isinstance(no, Refused) else no}", file=sys.stderr)
        return 1
    print(", ".join(f"{count} {what}" for what, count in done.items()))
    return 0


def set_up(code: str, told: dict[str, Any]) -> dict[str, int]:
    """The week's people, laws and partners are those of the file; returns how many it names. Refuses (`week.field`) what is wrong.

    A person with `ended = true` has the duty no longer: what they had in hand goes back to the queue within a second
    (reports/actions/leave.py). Refuses (`desk.last_key`) to let the last one go who opens the desk.
    """
    from django.conf import settings

    from showground.people.actions import welcome
    from showground.reports.actions.lists import put_law, put_partner
    from showground.weeks.actions import give_duty
    from showground.weeks.models import Week

    week, now = Week.objects.filter(code=code).first(), settings.CLOCK()
    if week is None:
        raise Refused("week.field", field="week", wanted="the code of a week of this site")
    for number, one in enumerate(told.get("people", [])):
        if one.get("duty") not in DUTIES or "@" not in str(one.get("email", "")):
            raise Refused("week.field", field=f"people[{number}]", wanted=f"email and duty ({', '.join(DUTIES)})")
        person = welcome(one["email"], language=one.get("language", "en"), name=one.get("name", ""), at=now)
        if one.get("ended"):
            _end(week, person, one["duty"])
        else:
            give_duty(week, person=person, duty=one["duty"])
    for number, one in enumerate(told.get("laws", [])):
        put_law(one, place=f"laws[{number}]")
    for number, one in enumerate(told.get("partners", [])):
        put_partner(one, at=now, place=f"partners[{number}]")
    return {part: len(told.get(part, [])) for part in ("people", "laws", "partners")}


def _end(week: Week, person: Person, duty: str) -> None:
    from showground.reports.models import Holder
    from showground.reports.queries.left import in_office
    from showground.weeks.actions import end_duty

    end_duty(week, person=person, duty=duty)
    opens = Holder.objects.filter(duty="officer", revoked_at=None).exclude(desk_wrapped=b"")
    if duty == "officer" and opens.exists() and not in_office("officer").exclude(desk_wrapped=b"").exists():
        raise Refused("desk.last_key")  # the transaction of the whole file is undone
