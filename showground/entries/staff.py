"""Screening: every work is admitted, or returned with reasons."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from showground.entries import actions, queries
from showground.entries.forms import ReturnForm
from showground.entries.models import Entry
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.staff import only
from showground.works.queries import film, pictures


def _screen(request: HttpRequest, current: Entry | None, *, said: str = "", form: ReturnForm | None = None) -> HttpResponse:
    waiting = list(queries.to_screen(request.week)[:60])
    current = current or (waiting[0] if waiting else None)
    return page(
        request,
        "entries/screening.html",
        {
            "waiting": waiting,
            "current": current,
            "pictures": pictures(current.work) if current else [],
            "film": film(current.work) if current else None,
            "notes": (current.work.media or {}).get("notes", []) if current and current.work else [],
            "states": queries.states(request.week),
            "form": form or ReturnForm(),
            "said": said,
            "nav": "screening",
        },
        status=422 if said or form else 200,
    )


def _waiting(request: HttpRequest, code: str) -> Entry:
    found = Entry.objects.filter(week=request.week, code=code).select_related("work", "person", "week").first()
    if found is None:
        raise Http404(code)
    return found


@only("screener")
@never_cache
@require_GET
def screening(request: HttpRequest, week: str, code: str = "") -> HttpResponse:
    """Shows what waits, and one work to decide on."""
    return _screen(request, _waiting(request, code) if code else None)


@only("screener")
@require_POST
def admit(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Admits a work to the showcase and the vote."""
    found = _waiting(request, code)
    try:
        actions.admit_entry(found, by=request.user, at=request.now)
    except Refused as refused:
        return _screen(request, found, said=refusal(refused))
    return redirect("entries:screening", week=week)


@only("screener")
@require_POST
def send_back(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Returns a work to its maker with a reason."""
    found, form = _waiting(request, code), ReturnForm(request.POST)
    if not form.is_valid():
        return _screen(request, found, form=form)
    try:
        actions.return_entry(
            found, by=request.user, at=request.now, reason=form.cleaned_data["reason"], text=form.cleaned_data["text"]
        )
    except Refused as refused:
        return _screen(request, found, said=refusal(refused))
    return redirect("entries:screening", week=week)
