"""The queue: what waits, taken in, found, assigned, and dealt with many at a time."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.reports.actions import bulk
from showground.reports.actions.desk_note import search
from showground.reports.actions.take_in import take_in
from showground.reports.actions.triage import assign, give_back
from showground.reports.forms.officer import CHANNELS, SPAM_WORDS, STATE_MARKS, STATES
from showground.reports.models import Case
from showground.reports.queries import matching, queue
from showground.reports.queries.case import case_or_none
from showground.reports.queries.harms import all_shown, shown
from showground.reports.queries.keys import Unlocked
from showground.reports.staff.frame import DeskRequest, desk_page, holder, keyed, log_of
from showground.rules.harms import CODES
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import only

# The open page asks every so many seconds; a turn is short, since it holds one of the web's few threads.
EVERY, A_TURN, A_MOMENT = 20, 20, 2.0


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


def _asked(told: QueryDict) -> queue.Asked:
    view, category, page = told.get("view", "open"), told.get("category", ""), told.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    return queue.Asked(view if view in queue.VIEWS else "open", category if category in CODES else "", max(1, number))


def _pages(asked: queue.Asked, count: int) -> dict[str, Any]:
    """Which lines of how many this page shows, and the addresses of those before and after."""
    first, last = queue.SHOWN * (asked.page - 1) + 1, min(queue.SHOWN * asked.page, count)

    def at(page: int) -> str:
        return "?" + urlencode({"view": asked.view, **({"category": asked.category} if asked.category else {}), "page": page})

    return {
        "first": first,
        "last": last,
        "before": at(asked.page - 1) if asked.page > 1 else "",
        "after": at(asked.page + 1) if last < count else "",
    }


def _intake(request: DeskRequest, asked: queue.Asked, seen: int, *, new: int = 0, took: int = 0, **more: Any) -> dict[str, Any]:
    """What waits to be taken in; `seen` is the row of the newest case when the page was opened, `told` sums up what it says."""
    waits, held = matching.waiting(request.now), matching.waiting(request.now, held=True)
    told = "-".join(str(number) for number in (waits, held, new, took))
    return {
        "asked": asked, "waiting": waits, "held": held, "seen": seen, "new": new, "took": took, "told": told, "every": EVERY, **more,
    }  # fmt: skip


def _page(request: DeskRequest, *, said: str = "", found: list[Case] | None = None, typed: str = "") -> HttpResponse:
    asked = _asked(request.GET)
    rows, count = queue.rows(asked, request.user, request.now)
    if found is not None:
        rows = queue.rows_of(found, request.user, request.now)
    hints = queue.hints([row.case for row in rows], request.who)
    undo = [number for number in request.GET.get("undo", "").split(",") if number.isalnum()][: queue.SHOWN]
    return desk_page(
        request,
        "reports/desk_queue.html",
        {
            "asked": asked,
            "lines": [{**line(row), "hint": hints.get(row.case.pk, "")} for row in rows],
            "count": count,
            **_pages(asked, count),
            **_intake(request, asked, queue.newest()),
            "views": views(queue.counts(request.user), asked.view),
            "harms": all_shown(),
            "spam": SPAM_WORDS.items(),
            "said": said,
            "searched": found is not None,
            "typed": typed,
            "undo": undo,
            "way_back": _way_back(request, undo),
            "did": _did(request),
        },
        nav="reports",
        status=422 if said else 200,
    )


def _way_back(request: DeskRequest, numbers: list[str]) -> dict[str, Any] | None:
    """Returns what the button “Undo” sends, and where: {"to", "fields"}; None where nothing is to be undone."""
    told, week = request.GET, request.week.code
    if numbers and "taken" in told:
        return {"to": reverse("reports:many", args=[week]), "fields": [("do", "give_back"), *(("case", one) for one in numbers)]}
    if numbers and "spam" in told:
        return {"to": reverse("reports:take_back", args=[week]), "fields": [("numbers", ",".join(numbers))]}
    if told.get("folded", "0") != "0" and told.get("into", "").isalnum() and told.get("when", "").isdecimal():
        return {"to": reverse("reports:take_back", args=[week]), "fields": [("into", told["into"]), ("when", told["when"])]}
    return None


def _did(request: DeskRequest) -> str:
    """Returns what the last act did, from the counts in the address."""
    numbers = {
        name: int(value)
        for name in ("read", "joined", "left", "spam", "back", "folded", "taken", "given", "apart", "aside", "none")
        if (value := request.GET.get(name, "")).isdecimal() and len(value) < 10
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
    if "taken" in numbers:
        said = ngettext("%(count)d case is yours and in work.", "%(count)d cases are yours and in work.", numbers["taken"])
        return said % {"count": numbers["taken"]}
    if "given" in numbers:
        said = ngettext("%(count)d case waits in the queue again.", "%(count)d cases wait in the queue again.", numbers["given"])
        return said % {"count": numbers["given"]}
    if "apart" in numbers:
        said = ngettext(
            "%(count)d report is in its own case again.", "%(count)d reports are in their own cases again.", numbers["apart"]
        )
        return said % {"count": numbers["apart"]}
    if "aside" in numbers:
        return _("You stay out of that case: no page shows it to you any more, and somebody else takes it up.")
    if "none" in numbers:
        return _("No case is left to take up: yours wait for others, and none is free.")
    return ""


@keyed("officer")
@never_cache
@require_safe
def show(request: DeskRequest, week: str) -> HttpResponse:
    """Shows the queue."""
    return _page(request)


@keyed("officer")
@never_cache
@require_safe
def go_next(request: DeskRequest, week: str) -> HttpResponse:
    """Leads to the case that the officer takes up next, or to the queue where there is none."""
    found = queue.next_case(request.user, request.GET.get("after", "")[:8])
    if found is None:
        return HttpResponseRedirect(f"{reverse('reports:queue', args=[week])}?none=1")
    return HttpResponseRedirect(reverse("reports:case", args=[week, found.number]))


def _back(request: DeskRequest, **told: Any) -> HttpResponse:
    kept = {name: value for name in ("view", "category") if (value := request.POST.get(name, ""))}
    home = reverse("reports:queue", args=[request.week.code])
    return HttpResponseRedirect(f"{home}?{urlencode({**kept, **told})}")


@keyed("officer")
@require_POST
def take(request: DeskRequest, week: str) -> HttpResponse:
    """Takes waiting reports in: opens, reads and links them."""
    try:
        done = take_in(request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, read=done.read, joined=done.joined, left=done.left)


_turn = threading.Lock()


@only("officer")
@require_POST
def go_on(request: DeskRequest, week: str) -> HttpResponse:
    """Takes in what waits and says what is new; asked by the open page itself, of which no line moves. Nothing new: nothing said."""
    who, post = holder(request, "officer"), request.POST
    asked = _asked(post)
    if who is None or who.desk is None:
        return desk_part(request, {"over": True}, status=286)  # htmx: ask no more
    paused = "pause" in post
    seen = _number(post, "seen")
    if "still" in post and "go" not in post:  # it was paused before
        return HttpResponse(status=204)
    took, said = (0, "") if paused else _a_turn(request, who)
    context = _intake(
        request, asked, seen, new=queue.newer(asked, request.user, seen), took=took + _number(post, "took"),
        live=True, paused=paused, said=said,
    )  # fmt: skip
    if not said and context["told"] == post.get("told") and not {"pause", "go"} & set(post):
        return HttpResponse(status=204)
    return desk_part(request, context)


def _number(post: QueryDict, name: str) -> int:
    typed = post.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def _a_turn(request: DeskRequest, who: Unlocked) -> tuple[int, str]:
    """Returns how many reports were taken in, and why not if they could not; of several open pages one at a time."""
    if not _turn.acquire(blocking=False):
        return 0, ""
    try:
        return take_in(who, at=request.now, log=log_of(request), most=A_TURN, seconds=A_MOMENT).read, ""
    except Refused as refused:
        return 0, refusal(refused)
    finally:
        _turn.release()


def desk_part(request: DeskRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Returns the part of the queue about what waits; no copy of it is kept anywhere."""
    response = render(request, "reports/_desk_intake.html", context, status=status)
    add_never_cache_headers(response)
    return response


@keyed("officer")
@require_POST
def find(request: DeskRequest, week: str) -> HttpResponse:
    """Finds cases by number, address or hash, and nothing else."""
    typed = request.POST.get("typed", "")[:4096]
    try:
        found = search(typed, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused), typed=typed)
    return _page(request, found=found, typed=typed)


def _chosen(request: DeskRequest) -> list[Case]:
    """Returns the chosen cases; one that the person stays out of is not among them, whatever was sent."""
    return list(queue.seen_by(request.user).filter(number__in=request.POST.getlist("case")[: queue.SHOWN]))


@transaction.atomic
def _take(request: DeskRequest, chosen: list[Case]) -> None:
    """All of the chosen cases are the officer's, or none of them."""
    for case in chosen:
        assign(case, request.who.holder, who=request.who, at=request.now, log=log_of(request))


@transaction.atomic
def _give_back(request: DeskRequest, chosen: list[Case]) -> None:
    for case in chosen:
        give_back(case, by=request.user, at=request.now, log=log_of(request))


@keyed("officer")
@require_POST
def many(request: DeskRequest, week: str) -> HttpResponse:
    """Takes, rejects or folds the chosen cases."""
    chosen, act = _chosen(request), request.POST.get("do", "")
    told: dict[str, Any] = {}
    try:
        if not chosen:
            raise Refused("bulk.none")
        if act == "take":
            _take(request, chosen)
            told = {"view": "mine", "taken": len(chosen), "undo": ",".join(case.number for case in chosen)}
        elif act == "give_back":
            _give_back(request, chosen)
            told = {"given": len(chosen)}
        elif act == "fold":
            first, came = bulk.fold(chosen, by=request.user, at=request.now, log=log_of(request))
            told = {"folded": came, "into": first.number, "when": request.now}
        else:
            reason = request.POST.get("reason", "")
            gone = bulk.reject(chosen, reason, by=request.user, at=request.now, log=log_of(request))
            told = {"spam": len(gone), "undo": ",".join(gone)}
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, **told)


@keyed("officer")
@require_POST
def take_back(request: DeskRequest, week: str) -> HttpResponse:
    """Takes a rejection back, or puts apart again what was folded."""
    try:
        if into := case_or_none(request.POST.get("into", "")):
            when = _number(request.POST, "when")
            apart = bulk.unfold(into, folded_at=when, by=request.user, at=request.now, log=log_of(request))
            return _back(request, apart=apart)
        back = bulk.take_back(request.POST.get("numbers", "").split(","), by=request.user, at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, said=refusal(refused))
    return _back(request, back=back)
