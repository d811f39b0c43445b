"""The exhibition's place in the rail of the desk, and how much waits there."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from showground.exhibition.queries.halls import unpublished
from showground.exhibition.queries.notes import waiting
from showground.weeks.models import Week


def rail(week: Week, duties: set[str]) -> list[dict[str, object]]:
    """Returns the rooms that a curator works in; a count is what waits for somebody there."""
    rooms = [
        ("rooms", _("All rooms"), "backstage:desk", None),
        ("curator", _("Halls and boards"), "exhibition:desk", unpublished(week) or None),
        ("programme", _("Programme"), "exhibition:desk_programme", None),
        ("notes", _("Guest book"), "exhibition:notes", waiting(week).count() or None),
        ("visits", _("Visits"), "exhibition:visits", None),
    ]
    return [{"key": key, "name": name, "url": reverse(url, args=[week.code]), "count": count} for key, name, url, count in rooms]


def to_do(week: Week) -> int:
    """Returns how much waits for a curator: texts to publish, lines of the guest book to look at."""
    return unpublished(week) + waiting(week).count()
