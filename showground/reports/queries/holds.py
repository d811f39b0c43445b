"""Which legal holds somebody asks to end."""

from __future__ import annotations

from showground.people.models import Person
from showground.reports.models import HoldEnd
from showground.reports.queries.queue import seen_by


def ends(person: Person) -> list[HoldEnd]:
    """Returns the requests to end a legal hold, oldest first, but of cases that the person stays out of."""
    rows = HoldEnd.objects.filter(case__in=seen_by(person).values("pk"))
    return list(rows.select_related("case", "asked_by").order_by("pk"))
