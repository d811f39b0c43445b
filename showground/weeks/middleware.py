"""Every address of a week: `request.week` is the week, and times are shown in its zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from showground.weeks import queries
from showground.weeks.models import Week


class WeekRequest(HttpRequest):
    """A request of an address of a week, as its views get it: the week, and the instant in seconds since 1970."""

    week: Week
    now: int


class InTheWeek:
    """Finds the week that the address names (404 if there is none) and activates its time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on; afterwards the zone is the site's again."""
        request.week = None
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        """Sets `request.week` from the address."""
        if "week" in kwargs:
            request.week = queries.week_or_404(kwargs["week"])
            timezone.activate(queries.zone(request.week))
