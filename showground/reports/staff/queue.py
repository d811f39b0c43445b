"""The queue: what waits, taken in, found, assigned, and dealt with many at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.reports.actions import bulk
from showground.reports.actions.desk_note import search
from showground.reports.actions.take_in import take_in
from showground.reports.actions.triage import assign
from showground.reports.forms.officer import CHANNELS, SPAM_WORDS, STATE_MARKS, STATES
from showground.reports.models import Case
from showground.reports.queries import matching, queue
from showground.reports.queries.harms import all_shown, shown
from showground.reports.staff.frame import desk_page, keyed, log_of
from showground.rules.harms import CODES
from showground.rules.refused import Refused
from showground.ui.refusals import refusal


def severity(level: int) -> str:
    """Returns a severity in a word."""
    return {1: _("slight"), 2: _("moderate"), 3: _("severe"), 4: _("grave"), 5: _("gravest")}[level]


def views(counts: dict[str, int], now: str) -> list[dict[str, Any]]:
    """Returns the views of the queue with their counts."""
    names = {
        "open": _("All open"), "mine": _("Mine"), "free": _("Not assigned"), "read": _("To read as second"), "wait": _("Waiting for reporters"),
        "unproved": _("Unverified"), "decided": _("Decided"), "closed": _("Closed"),
    }  # fmt: skip
    return [{"key": key, "name": names[key], "count": counts.get(key), "now": key == now} for key in queue.VIEWS]


def line(row: queue.Row) -> dict[str, Any]:
    """Returns one line of the queue in words."""
    case = row.case
    return {
        "row": row,
        "case": case,
        "name": shown(case.category).name,
        "severity": severity(case.severity),
        "state": STATES[case.state],
        "mark": STATE_MARKS[case.state],
        "channels": ", ".join(str(CHANNELS[name]) for name in row.channels),
    }


def _page(
    request: HttpRequest, *, said: str = "", found: list[Case] | None = None, typed: str = "", part: str | None = None
) -> HttpResponse:
    view = request.GET.get("view", "open")
    category = request.GET.get("category", "")
    asked = queue.Asked(view if view in queue.VIEWS else "open", category if category in CODES else "")
    rows, count = queue.rows(asked, request.user, request.now)
    if found is not None:
        pks = {case.pk for case in found}
        rows = [
            row for name in queue.VIEWS for row in queue.rows(queue.Asked(name), request.user, request.now)[0] if row.case.pk in pks
        ]
        rows = list({row.case.pk: row for row in rows}.values())
    hints = queue.hints([row.case for row in rows], request.who)
    undo = [number for number in request.GET.get("undo", "").split(",") if number.isalnum()][: queue.SHOWN]
    return desk_page(
        request,
        "reports/desk_queue.html",
        {
            "asked": asked,
            "lines": [{**line(row), "hint": hints.get(row.case.pk, "")} for row in rows],
            "count": count,
            "views": views(queue.counts(request.user), asked.view),
            "harms": all_shown(),
            "waiting": matching.waiting(request.now),
            "held": matching.waiting(request.now, held=True),
            "spam": SPAM_WORDS.items(),
            "said": said,
            "searched": found is not None,
            "typed": typed,
            "undo": undo,
            "did": _did(request),
        },
        nav="reports",
        status=422 if said else 200,
        part=part,
    )


def _did(request: HttpRequest) -> str:
    """Returns what the last act did, from the counts in the address."""
    numbers = {
        name: int(value)
        for name in ("read", "joined", "left", "spam", "back", "folded")
        if (value := request.GET.get(name, "")).isdigit()
    }
    if "read" in numbers:
        told = ngettext("%(count)d report taken in", "%(count)d reports taken in", numbers["read"]) % {"count": numbers["read"]}
        return told + _(", %(joined)d into cases that were there. %(left)d wait.") % {
            "joined": numbers.get("joined", 0),
            "left": numbers.get("left", 0),
        }
    if "spam" in numbers:
        return ngettext(
            "%(count)d report rejected. It is kept for 14 days.",
            "%(count)d reports rejected. They are kept for 14 days.",
            numbers["spam"],
        ) % {"count": numbers["spam"]}
    if "back" in numbers:
        return ngettext("%(count)d report is back.", "%(count)d reports are back.", numbers["back"]) % {"count": numbers["back"]}
    if "folded" in numbers:
        return ngettext(
            "%(count)d report folded into one case; each link can be undone there.",
            "%(count)d reports folded into one case; each link can be undone there.",
            numbers["folded"],
        ) % {"count": numbers["folded"]}
    return ""


@keyed("officer")
@never_cache
@require_safe
def show(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the queue."""
    return _page(request)


def _back(request: HttpRequest, **told: Any) -> HttpResponse:
    kept = {name: value for name in ("view", "category") if (value := request.POST.get(name, ""))}
    home = reverse("reports:queue", args=[request.week.code])
    return HttpResponseRedirect(f"{home}?{urlencode({**kept, **told})}")


@keyed("officer")
@require_POST
def take(request: HttpRequest, week: str) -> HttpResponse:
    """Takes waiting reports in: opens, reads and links them."""
    try:
        done = take_in(request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, read=done.read, joined=done.joined, left=done.left)


@keyed("officer")
@require_POST
def find(request: HttpRequest, week: str) -> HttpResponse:
    """Finds cases by number, address or hash, and nothing else."""
    typed = request.POST.get("typed", "")[:4096]
    try:
        found = search(typed, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused), typed=typed)
    return _page(request, found=found, typed=typed)


def _chosen(request: HttpRequest) -> list[Case]:
    return list(Case.objects.filter(number__in=request.POST.getlist("case")[: queue.SHOWN]))


@keyed("officer")
@require_POST
def many(request: HttpRequest, week: str) -> HttpResponse:
    """Takes, rejects or folds the chosen cases."""
    chosen, act = _chosen(request), request.POST.get("do", "")
    told: dict[str, Any] = {}
    try:
        if not chosen:
            raise Refused("bulk.none")
        if act == "take":
            for case in chosen:
                assign(case, request.who.holder, who=request.who, at=request.now, log=log_of(request))
            told = {"view": "mine"}
        elif act == "fold":
            _first, came = bulk.fold(chosen, by=request.user, at=request.now, log=log_of(request))
            told = {"folded": came}
        else:
            reason = request.POST.get("reason", "")
            gone = bulk.reject(chosen, reason, by=request.user, at=request.now, log=log_of(request))
            told = {"spam": len(gone), "undo": ",".join(gone)}
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, **told)


@keyed("officer")
@require_POST
def take_back(request: HttpRequest, week: str) -> HttpResponse:
    """Takes a rejection back."""
    try:
        back = bulk.take_back(request.POST.get("numbers", "").split(","), by=request.user, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, back=back)
