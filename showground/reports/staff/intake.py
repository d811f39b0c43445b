"""What waits is taken in: by hand, and by the open page of the queue itself, of which no line moves."""

from __future__ import annotations

import threading
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from showground.reports.actions.take_in import take_in
from showground.reports.queries import queue
from showground.reports.queries.keys import Unlocked
from showground.reports.staff.frame import DeskRequest, holder, keyed, log_of, number, told
from showground.reports.staff.queue import asked_of, back, page, waits
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only

# A turn is short, since it holds one of the web's few threads.
A_TURN, A_MOMENT = 20, 2.0


@keyed("officer")
@require_POST
def take(request: DeskRequest, week: str) -> HttpResponse:
    """Takes waiting reports in: opens, reads and links them."""
    try:
        done = take_in(**told(request))
    except Refused as refused:
        return page(request, said=refusal(refused))
    return back(request, read=done.read, joined=done.joined, left=done.left)


_turn = threading.Lock()


@only("officer")
@require_POST
def go_on(request: StaffRequest, week: str) -> HttpResponse:
    """Takes in what waits and says what is new; asked by the open page itself, of which no line moves. Nothing new: nothing said."""
    who, sent = holder(request, "officer"), request.POST
    if who is None or who.desk is None:
        return _part(request, {"over": True}, status=286)  # htmx: ask no more
    if "still" in sent and "go" not in sent:  # it was paused before
        return HttpResponse(status=204)
    paused = "pause" in sent
    took, said = (0, "") if paused else _a_turn(request, who)
    asked, seen = asked_of(request), number(sent, "seen")
    new = queue.newer(asked, request.user, seen)
    context = waits(asked, request.now, seen=seen, new=new, took=took + number(sent, "took"))
    if not said and context["told"] == sent.get("told") and not {"pause", "go"} & set(sent):
        return HttpResponse(status=204)
    return _part(request, {**context, "live": True, "paused": paused, "said": said})


def _a_turn(request: StaffRequest, who: Unlocked) -> tuple[int, str]:
    """Returns how many reports were taken in, and why not if they could not; of several open pages one at a time."""
    if not _turn.acquire(blocking=False):
        return 0, ""
    try:
        return take_in(who, at=request.now, log=log_of(request), most=A_TURN, seconds=A_MOMENT).read, ""
    except Refused as refused:
        return 0, refusal(refused)
    finally:
        _turn.release()


def _part(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Returns the part of the queue about what waits; no copy of it is kept anywhere."""
    response = render(request, "reports/_desk_intake.html", context, status=status)
    add_never_cache_headers(response)
    return response
