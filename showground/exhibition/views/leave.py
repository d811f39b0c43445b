"""What visitors hand in, without a cookie: a form counts if it stood on a page of this site. And the programme."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions.notes import leave
from showground.exhibition.models import Board, Note
from showground.exhibition.queries import events
from showground.exhibition.queries.halls import hall_or_404
from showground.rules.refused import Refused
from showground.ui.origin import sent_from_here
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.middleware import WeekRequest

View = Callable[..., HttpResponse]


def _refused(request: WeekRequest, refused: Refused) -> HttpResponse:
    context = {"heading": _("Not sent."), "reason": refusal(refused), "ways": []}
    return page(request, "ui/refused.html", context, status=422)


def from_here(view: View) -> View:
    """Lets a POST pass that a browser sent from a page of this site; so no token and no cookie is needed."""

    @wraps(view)
    def guarded(request: WeekRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not sent_from_here(request):
            return _refused(request, Refused("note.foreign_form"))
        return view(request, *args, **kwargs)

    guarded.csrf_exempt = guarded.checks_origin = True  # type: ignore[attr-defined]
    return guarded


@from_here
@require_POST
def say(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Takes a line of the guest book or a question; a person reads it before anybody else does."""
    hall = hall_or_404(request.week, code, request.now)
    told = request.POST
    kind = Note.Kind.QUESTION if told.get("kind") == "question" else Note.Kind.GUEST_BOOK
    code_said = told.get("board", "")
    board = Board.objects.filter(hall=hall, code=code_said, shown__isnull=False).first() if code_said.isalnum() else None
    try:
        leave(
            hall, kind=kind, words=told.get("words", ""), signed=told.get("signed", ""), language=get_language() or "en",
            address=request.META.get("REMOTE_ADDR", ""), at=request.now, board=board,
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, refused)
    return redirect(f"{reverse('exhibition:hall', args=[week, code])}?kept#guest-book")


@require_safe
def programme(request: WeekRequest, week: str) -> HttpResponse:
    """Shows the programme: now, next, and every day."""
    listed = events.told(request.week)
    on, following = events.now_and_next(listed, request.now)
    context = {"now_on": on, "next_up": following, "days": events.by_day(listed), "nav": "halls"}
    return page(request, "exhibition/programme.html", context)


@require_safe
def calendar(request: WeekRequest, week: str) -> HttpResponse:
    """Sends the programme as an iCalendar feed."""
    text = events.calendar(request.week, events.told(request.week), settings.SITE_URL)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
