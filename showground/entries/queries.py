"""What can be known about entries."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.http import Http404

from showground.entries.models import Entry
from showground.people.models import Person
from showground.weeks.models import Week

PUBLIC = (Entry.State.ACCEPTED,)


def public_entries(week: Week, *, category: str = "", genre: str = "") -> QuerySet[Entry]:
    """Returns the entries that are shown, with their works, in the order of acceptance."""
    found = Entry.objects.filter(week=week, state__in=PUBLIC).select_related("work").order_by("number")
    if category:
        found = found.filter(category=category)
    return found.filter(genre=genre) if genre else found


def public_entry(week: Week, code: str) -> Entry:
    """Returns one entry that is shown."""
    found = Entry.objects.filter(week=week, code=code, state__in=PUBLIC).select_related("work").first()
    if found is None:
        raise Http404(code)
    return found


def by_codes(week: Week, codes: list[str]) -> dict[str, Entry]:
    """Returns entries of a week by code, whatever their state."""
    return {e.code: e for e in Entry.objects.filter(week=week, code__in=codes).select_related("work")}


def own_entries(week: Week, person: Person) -> QuerySet[Entry]:
    """Returns a person's entries to a week."""
    return Entry.objects.filter(week=week, person=person).select_related("work")


def own_entry(week: Week, person: Person, code: str) -> Entry:
    """Returns one entry of this person."""
    found = own_entries(week, person).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def to_screen(week: Week) -> QuerySet[Entry]:
    """Returns what waits for a screener, the oldest first."""
    found = Entry.objects.filter(week=week, state=Entry.State.SUBMITTED)
    return found.select_related("work", "person").order_by("submitted_at", "pk")


def states(week: Week) -> dict[str, int]:
    """Returns how many entries are in each state."""
    counted = Counter(Entry.objects.filter(week=week).values_list("state", flat=True))
    return {str(state): counted.get(str(state), 0) for state in Entry.State.values}


def counts(week: Week) -> dict[str, int]:
    """Returns how many shown entries each category has."""
    return dict(Counter(public_entries(week).values_list("category", flat=True)))
