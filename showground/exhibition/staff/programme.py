"""The programme on the desk: talks, quiz rounds on site, streams, tours; announced, changed, cancelled."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import programme as planning
from showground.exhibition.forms import EventForm
from showground.exhibition.models import Event
from showground.exhibition.queries import events
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.frame import desk_page, fresh, seen
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only


@only(*CURATORS)
@never_cache
@require_safe
def programme(request: StaffRequest, week: str) -> HttpResponse:
    """Lists the programme by day, what is past too."""
    listed = events.told(request.week)
    context = {"days": events.by_day(listed), "headline": events.headline(listed, request.now)}
    return desk_page(request, "exhibition/desk_programme.html", context, nav="programme")


@only(*CURATORS)
@never_cache
def new(request: StaffRequest, week: str) -> HttpResponse:
    """Announces an event."""
    hour = request.now - request.now % 3600 + 3600
    form = EventForm(request.POST or None, week=request.week, fresh=True, initial={"starts": hour, "ends": hour + 3600})
    if request.method == "POST" and form.is_valid():
        try:
            planning.announce(request.week, at=request.now, **form.values())
        except Refused as refused:
            form.add_error(_field(refused), refusal(refused))
        else:
            return redirect("exhibition:desk_programme", week=week)
    return _page(request, None, form)


@only(*CURATORS)
@never_cache
def event(request: StaffRequest, week: str, number: int) -> HttpResponse:
    """Changes an event."""
    found = events.event_or_404(request.week, number)
    told = _initial(found)
    form = EventForm(request.POST or None, week=request.week, fresh=False, initial=told)
    if request.method == "POST" and form.is_valid() and fresh(request, form, told):
        try:
            planning.change(found, at=request.now, **form.values())
        except Refused as refused:
            form.add_error(_field(refused), refusal(refused))
        else:
            return redirect("exhibition:desk_programme", week=week)
    return _page(request, found, form)


def _field(refused: Refused) -> str | None:
    return {"event.code": "code", "event.ends": "ends", "event.long": "ends"}.get(refused.code)


def _initial(found: Event) -> dict[str, Any]:
    texts = {f"{part}_{lang}": getattr(found, part).get(lang, "") for part in ("title", "about", "place") for lang in ("zh", "en")}
    return {**texts, **{name: getattr(found, name) for name in ("kind", "link", "quiz", "starts", "ends")}}


def _page(request: StaffRequest, found: Event | None, form: EventForm) -> HttpResponse:
    context = {"event": found, "form": form, **(seen(request, form, _initial(found)) if found else {})}
    return desk_page(request, "exhibition/desk_event.html", context, nav="programme", status=422 if form.is_bound else 200)


@only(*CURATORS)
@require_POST
def cancel(request: StaffRequest, week: str, number: int) -> HttpResponse:
    """Cancels an event, or holds it after all."""
    planning.cancel(events.event_or_404(request.week, number), gone=request.POST.get("do") == "cancel", at=request.now)
    return redirect("exhibition:desk_programme", week=week)
