"""The programme: an event is announced, changed, cancelled or held after all; calendars hear of each change."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from showground.exhibition.models import Event
from showground.media.boards import clean
from showground.rules.refused import Refused
from showground.weeks.models import Week

LONGEST = 7 * 86400  # RULE exhibition: seconds that one event lasts at most


@transaction.atomic
def announce(week: Week, *, code: str, at: int, **told: Any) -> Event:
    """The programme has one more event."""
    if Event.objects.filter(week=week, code=code).exists():
        raise Refused("event.code", code=code)
    return Event.objects.create(week=week, code=code, changed_at=at, **_told(**told))


@transaction.atomic
def change(event: Event, *, at: int, **told: Any) -> Event:
    """The event is like this; a calendar that has it takes the new hour and place."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    for name, value in {**_told(**told), "changes": event.changes + 1, "changed_at": at}.items():
        setattr(event, name, value)
    event.save()
    return event


def _told(
    *, title: dict[str, str], about: dict[str, str], place: dict[str, str], starts: int, ends: int, **more: Any
) -> dict[str, Any]:
    if ends <= starts:
        raise Refused("event.ends")
    if ends - starts > LONGEST:
        raise Refused("event.long")
    texts = {"title": title, "about": about, "place": place}
    said = {name: {lang: clean(text) for lang, text in held.items()} for name, held in texts.items()}
    return {**said, "starts": starts, "ends": ends, **{name: more[name] for name in ("kind", "link", "quiz")}}


@transaction.atomic
def cancel(event: Event, *, gone: bool, at: int) -> Event:
    """The event is cancelled, or is held after all; it stays in the programme and in the feed, so that calendars learn of it."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.cancelled != gone:
        event.cancelled, event.changes, event.changed_at = gone, event.changes + 1, at
        event.save(update_fields=["cancelled", "changes", "changed_at"])
    return event
