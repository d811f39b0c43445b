"""The programme: what is on now, what comes next, the whole of it by day, and as iCalendar."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.exhibition.models import Event
from showground.ui import typeset
from showground.weeks.models import Week
from showground.weeks.queries import said

KINDS = {"talk": n_("Talk"), "quiz": n_("Quiz round"), "stream": n_("Live stream"), "tour": n_("Guided tour")}


def told(week: Week) -> list[Event]:
    """Returns the week's events in order, each in the reader's language (`name`, `about_said`, `place_said`, `kind_said`)."""
    found = list(Event.objects.filter(week=week))
    for event in found:
        event.name, event.about_said, event.place_said = said(event.title), said(event.about), said(event.place)  # type: ignore[attr-defined]
        event.kind_said = _(KINDS[event.kind]) if event.kind in KINDS else ""  # type: ignore[attr-defined]
    return found


def event_or_404(week: Week, number: int) -> Event:
    """Returns an event of a week by its number."""
    found = Event.objects.filter(week=week, pk=number).first()
    if found is None:
        raise Http404(str(number))
    return found


def now_and_next(events: list[Event], now: int) -> tuple[list[Event], Event | None]:
    """Returns what is on at an instant, and what begins next."""
    on = [event for event in events if event.starts <= now < event.ends and not event.cancelled]
    later = [event for event in events if event.starts > now and not event.cancelled]
    return on, later[0] if later else None


def by_day(events: list[Event]) -> list[tuple[str, list[Event]]]:
    """Returns the events by day, the day in words."""
    return [(day, list(held)) for day, held in groupby(events, key=lambda event: typeset.day(event.starts))]


def calendar(week: Week, events: list[Event], site: str) -> str:
    """Returns the programme as iCalendar; SPEC RFC 5545: lines end in CR LF and are folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Showground//{week.code}//EN",
        f"X-WR-CALNAME:{_text(said(week.document['name']))}",
    ]
    for event in events:
        lines += _event(week, event, site)
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def _event(week: Week, event: Event, site: str) -> list[str]:
    told = [
        "BEGIN:VEVENT",
        f"UID:{week.code}-{event.code}@{site.partition('://')[2]}",
        f"DTSTAMP:{_utc(event.changed_at or week.call_opens)}",
    ]
    told += [f"SEQUENCE:{event.changes}"]
    told += [f"DTSTART:{_utc(event.starts)}", f"DTEND:{_utc(event.ends)}", f"SUMMARY:{_text(said(event.title))}"]
    told += [
        f"{name}:{_text(text)}" for name, text in (("DESCRIPTION", said(event.about)), ("LOCATION", said(event.place))) if text
    ]
    told += [f"URL:{event.link}"] if event.link else []
    return [*told, f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}", "END:VEVENT"]


def _utc(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    parts: list[str] = []
    held = b""
    for char in line:
        if len(held) + len(char.encode()) > (75 if not parts else 74):
            parts.append(held.decode())
            held = b""
        held += char.encode()
    return "\r\n ".join([*parts, held.decode()])


def headline(events: list[Event], now: int) -> str:
    """Returns what is on or comes next in a sentence; nothing if there is neither."""
    on, following = now_and_next(events, now)
    if on:
        return _("Now: %(name)s, until %(time)s") % {"name": said(on[0].title), "time": typeset.clock(on[0].ends)}
    if following:
        return _("Next: %(name)s, %(time)s") % {"name": said(following.title), "time": typeset.soon(following.starts)}
    return ""
