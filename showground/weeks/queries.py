"""What can be known about weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.people.models import Person
from showground.rules.phases import phase_at
from showground.ui import typeset
from showground.weeks.models import Role, Week


@dataclass(frozen=True)
class Phase:
    """One phase of the calendar as a page draws it: `state` is past, now or shut."""

    key: str
    begins: int
    ends: int
    state: str


def week_or_404(code: str) -> Week:
    """Returns the week with this code."""
    week = Week.objects.filter(code=code).first()
    if week is None:
        raise Http404(code)
    return week


def current_week(now: int) -> Week | None:
    """Returns the week that is on: the newest whose call has begun, else the next one to come."""
    return Week.objects.filter(call_opens__lte=now).first() or Week.objects.order_by("call_opens").first()


def weeks() -> list[Week]:
    """Returns all weeks, the newest first."""
    return list(Week.objects.all())


def calendar(week: Week) -> dict[str, int]:
    """Returns the week's calendar in Unix seconds, in the order of its phases."""
    names = ("call_opens", "call_closes", "vote_opens", "vote_closes", "jury_closes", "results_at")
    return {name: getattr(week, name) for name in names}


def phase(week: Week, now: int) -> str:
    """Returns the phase of the calendar: before, call, screening, vote, jury, results_due or results."""
    return phase_at(calendar(week), now)


def phases(week: Week, now: int) -> list[Phase]:
    """Returns the rooms of the week in order: call, vote, jury, results."""
    spans = [
        ("call", week.call_opens, week.call_closes),
        ("vote", week.vote_opens, week.vote_closes),
        ("jury", week.vote_closes, week.jury_closes),
        ("results", week.results_at, 2**53),
    ]
    return [Phase(k, b, e, "past" if now >= e else "now" if now >= b else "shut") for k, b, e in spans]


def phase_line(week: Week, now: int) -> str:
    """Returns where the week stands, for the head of every working page: "Vote, day 4 of 7, closes Sunday 20:00"."""
    sentence, until = _PHASE_LINES[phase(week, now)]
    opened, closes = local(week, week.vote_opens).date(), local(week, week.vote_closes).date()
    days = {"day": (local(week, now).date() - opened).days + 1, "days": (closes - opened).days + 1}
    return _(sentence) % {"time": typeset.when_short(getattr(week, until), zone(week)), **days}


_PHASE_LINES = {
    "announced": (n_("The call opens %(time)s"), "call_opens"),
    "call": (n_("Call, closes %(time)s"), "call_closes"),
    "screening": (n_("Screening, the vote opens %(time)s"), "vote_opens"),
    "vote": (n_("Vote, day %(day)s of %(days)s, closes %(time)s"), "vote_closes"),
    "jury": (n_("Jury, closes %(time)s"), "jury_closes"),
    "counting": (n_("The result is due %(time)s"), "results_at"),
    "results": (n_("Result, due since %(time)s"), "results_at"),
}


def zone(week: Week) -> ZoneInfo:
    """Returns the week's time zone."""
    return ZoneInfo(week.document["timezone"])


def local(week: Week, instant: int) -> datetime:
    """Returns an instant (Unix seconds) in the week's time zone."""
    return datetime.fromtimestamp(instant, zone(week))


def said(value: Any) -> str:
    """Returns the text of a bilingual value in the reader's language, or in the other if that is all there is."""
    if not isinstance(value, dict):
        return str(value or "")
    first, second = ("zh", "en") if (get_language() or "en").startswith("zh") else ("en", "zh")
    return str(value.get(first) or value.get(second) or "")


def row(week: Week, part: str, key: str) -> dict[str, Any]:
    """Returns the row of `part` (categories, genres, prizes) with this key, or a bare one that shows the key."""
    for found in week.document.get(part, []):
        if found.get("key") == key:
            return dict(found)
    return {"key": key, "name": {"en": key, "zh": key}}


def duties(person: object, week: Week) -> set[str]:
    """Returns the duties a person has in a week; nobody in particular has none."""
    if not isinstance(person, Person):
        return set()
    return set(Role.objects.filter(week=week, person=person).values_list("duty", flat=True))


def holders(week: Week, duty: str) -> list[Person]:
    """Returns who has a duty in a week."""
    return [role.person for role in Role.objects.filter(week=week, duty=duty).select_related("person")]


def kind_of(week: Week, category: str) -> str:
    """Returns the media kind of a category: picture, video or h5."""
    return str(row(week, "categories", category).get("kind", "picture"))


@dataclass(frozen=True)
class WeekFace:
    """A week as the frame of a page shows it, in the reader's language."""

    code: str
    name: str
    line: str
    hosts: list[str]
    partners: list[str]
    notary: str
    wall: str


def face(week: Week) -> WeekFace:
    """Returns what the frame of every page says about a week."""
    rows = week.document.get("hosts", [])
    return WeekFace(
        code=week.code,
        name=said(week.document["name"]),
        line=said(week.document["tagline"]),
        hosts=[said(r["name"]) for r in rows if r.get("role", "host") == "host"],
        partners=[said(r["name"]) for r in rows if r.get("role") == "partner"],
        notary=said(week.document.get("notary", {"en": "The notary", "zh": "公证处"})),
        wall=str(week.document.get("wall", "")),
    )
