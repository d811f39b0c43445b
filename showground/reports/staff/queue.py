"""The queue: its page, the way to the next case, and what is found by number, address or hash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.reports.actions.desk_note import search
from showground.reports.forms.officer import SPAM_WORDS
from showground.reports.models import Case
from showground.reports.queries import matching, queue
from showground.reports.queries.harms import all_shown
from showground.reports.queries.unsent import unsent
from showground.reports.staff.frame import DeskRequest, desk_page, keyed, log_of, number
from showground.reports.staff.queue_words import did, line, pages, unsent_said, views, way_back
from showground.rules.harms import CODES
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.middleware import WeekRequest

EVERY = 20  # seconds between two questions of the open page


def asked_of(request: WeekRequest) -> queue.Asked:
    """Returns the part of the queue that is asked for, in the address or, of an act, in what was sent."""
    sent = request.POST if request.method == "POST" else request.GET
    view, category = sent.get("view", "open"), sent.get("category", "")
    page = min(max(1, number(sent, "page")), 99_999)
    return queue.Asked(view if view in queue.VIEWS else "open", category if category in CODES else "", page)


def waits(asked: queue.Asked, now: int, *, seen: int, new: int = 0, took: int = 0) -> dict[str, Any]:
    """Returns what waits to be taken in; `seen` is the row of the newest case when the page was opened, `told` sums up what it says."""
    waiting, held = matching.waiting(now), matching.waiting(now, held=True)
    told = "-".join(str(count) for count in (waiting, held, new, took))
    return {
        "asked": asked, "waiting": waiting, "held": held, "seen": seen, "new": new, "took": took, "told": told, "every": EVERY,
    }  # fmt: skip


def page(request: DeskRequest, *, said: str = "", found: list[Case] | None = None, typed: str = "") -> HttpResponse:
    """Returns the page of the queue; `said` is why an act was not done: what was chosen for it stays chosen."""
    asked = asked_of(request)
    rows, count = queue.rows(asked, request.user, request.now)
    if count and not rows:
        asked = replace(asked, page=-(-count // queue.SHOWN))  # it emptied meanwhile: the last page there is
        rows, count = queue.rows(asked, request.user, request.now)
    if found is not None:
        rows = queue.rows_of(found, request.user, request.now)
    hints = queue.hints([row.case for row in rows], request.who)
    return desk_page(
        request,
        "reports/desk_queue.html",
        {
            "asked": asked,
            "lines": [{**line(row), "hint": hints.get(row.case.pk, "")} for row in rows],
            "count": count,
            **pages(asked, count),
            **waits(asked, request.now, seen=queue.newest()),
            "views": views(queue.counts(request.user), asked.view),
            "harms": all_shown(),
            "spam": SPAM_WORDS.items(),
            "said": said,
            "searched": found is not None,
            "typed": typed,
            "chosen": request.POST.getlist("case") if said else [],
            "unsent": unsent_said(unsent(request.user, request.now)),
            "way_back": way_back(request),
            "did": did(request.GET),
        },
        nav="reports",
        status=422 if said else 200,
    )


@keyed("officer")
@never_cache
@require_safe
def show(request: DeskRequest, week: str) -> HttpResponse:
    """Shows the queue."""
    return page(request)


@keyed("officer")
@never_cache
@require_safe
def go_next(request: DeskRequest, week: str) -> HttpResponse:
    """Leads to the case that the officer takes up next, or to the queue where there is none."""
    found = queue.next_case(request.user, request.GET.get("after", "")[:8])
    if found is None:
        return HttpResponseRedirect(f"{reverse('reports:queue', args=[week])}?none=1")
    return HttpResponseRedirect(reverse("reports:case", args=[week, found.number]))


def back(request: DeskRequest, **told: Any) -> HttpResponse:
    """Leads back to the part of the queue where the act was done, which says what was done: `told` (queue_words.py: did)."""
    kept = {name: value for name in ("view", "category", "page") if (value := request.POST.get(name, ""))}
    home = reverse("reports:queue", args=[request.week.code])
    return HttpResponseRedirect(f"{home}?{urlencode({**kept, **told})}")


@keyed("officer")
@require_POST
def find(request: DeskRequest, week: str) -> HttpResponse:
    """Finds cases by number, address or hash, and nothing else."""
    typed = request.POST.get("typed", "")[:4096]
    try:
        found = search(typed, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return page(request, said=refusal(refused), typed=typed)
    return page(request, found=found, typed=typed)
