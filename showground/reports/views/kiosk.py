"""A booth's own address: the same pages, no cookie at all, cleared after half a minute without a touch; recalled, it says so."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from showground.reports.actions import booths
from showground.reports.models import Booth
from showground.reports.views.quiet import show
from showground.weeks.middleware import WeekRequest


def booth_in(token: str, *, at: int) -> Booth | None:
    """Returns the booth in whose address a token stands, None if it is none of ours, recalled or run out."""
    found = booths.found(token) if token else None
    return found if found is not None and booths.in_use(found, at=at) else None


def name_in(token: str, *, at: int) -> str:
    """Returns the name of the booth, or nothing if the token is none of ours, recalled or run out."""
    found = booth_in(token, at=at)
    return found.name if found is not None else ""


def arrive(request: WeekRequest, token: str) -> HttpResponse | None:
    """None lets a booth's device pass, which was seen now; a recalled one has a page that sends for somebody. 404 for a stranger."""
    found = booths.found(token)
    if found is None:
        raise Http404("kiosk")
    booths.seen(found, at=request.now)
    if booths.in_use(found, at=request.now):
        return None
    return show(request, "reports/booth_ended.html", {"kiosk": token, "gate": True, "booth": found}, status=410)
