"""What a view counts: openings by people, as far as a request tells, and nothing of who they are."""

from __future__ import annotations

import re

from showground.exhibition.actions import visits
from showground.exhibition.queries.shown import reader
from showground.weeks.middleware import WeekRequest
from showground.weeks.models import Week

ENTRIES = {"qr", "next", "back", "search", "hall", "embed"}
PROGRAM = re.compile(r"bot\b|crawl|spider|slurp|lighthouse", re.IGNORECASE)


def counts(request: WeekRequest) -> bool:
    """Tells whether a request is somebody's opening: no HEAD, no fetching ahead, no program that says it is one."""
    ahead = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in ahead and not PROGRAM.search(request.headers.get("User-Agent", ""))


def counted(request: WeekRequest, thing: str, deed: str, *, entry: str = "", week: Week | None = None) -> None:
    """The deed is counted in its cell; the way of entry is `entry`, else what the address says (`?via=`), else "web"."""
    if not counts(request):
        return
    via = request.GET.get("via", "")
    way = entry or (via if via in ENTRIES else "web")
    visits.count(week or request.week, thing, deed, language=reader(), entry=way, at=request.now)
