"""Screening: every work is admitted, or returned with reasons."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.entries import actions, queries
from showground.entries.forms import ReturnForm
from showground.entries.models import Entry
from showground.rules.refused import Refused
from showground.sandbox.headers import frame_origin
from showground.ui import typeset
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import only

SHOWN = 60


def _screen(request: HttpRequest, current: Entry | None, *, said: str = "", form: ReturnForm | None = None) -> HttpResponse:
    queue = [_row(queries.seen(entry), request.now) for entry in queries.to_screen(request.week)[:SHOWN]]
    here = _row(queries.seen(current), request.now) if current else (queue[0] if queue else None)
    return page(
        request,
        "entries/screening.html",
        {
            "queue": queue,
            "current": here,
            "own": bool(here) and here["entry"].person_id == request.user.pk,
            "too_late": request.now >= request.week.vote_opens,
            "states": queries.states(request.week),
            "form": form or ReturnForm(),
            "phase_line": weeks.phase_line(request.week, request.now),
            "phase": weeks.phase(request.week, request.now),
            "calendar": request.week,
            "said": said,
            "nav": "screening",
        },
        status=422 if said or form else 200,
    )


def _row(seen: queries.Seen, now: int) -> dict[str, Any]:
    """An entry of the queue with what the scan noted, its age in words and, for a package, where it runs."""
    length = int(seen.media.get("duration_ms") or 0)
    return {
        "entry": seen.entry,
        "title": seen.title,
        "category": seen.category,
        "genre": seen.genre,
        "statement": seen.statement,
        "alt": seen.alt,
        "thumb": seen.thumb,
        "large": seen.large,
        "film": seen.film,
        "notes": [_note(note) for note in seen.media.get("notes", [])],
        "age": _age(now - (seen.entry.submitted_at or now)),
        "long": f"{length // 60000}:{length // 1000 % 60:02d}" if length else "",
        "run": frame_origin(seen.runs_at, settings.SITE_URL, settings.H5_DOMAIN) + "/" if seen.runs_at else "",
    }


def _age(seconds: int) -> str:
    """The greatest unit of a length of time: a queue wants "3 days", not "3 days and 4 hours"."""
    unit = next((unit for unit in (86400, 3600) if seconds >= unit), 60)
    return typeset.duration(seconds - seconds % unit)


NOTES = {
    "remote": _("It names another place on the net"),
    "webrtc": _("It can open connections by WebRTC"),
    "refresh": _("It leads away from its page by itself"),
    "password": _("It has a field for a password"),
    "miner": _("It carries words of a coin miner"),
    "hidden": _("It holds a hidden file"),
    "poster": _("It brings no poster that can be read"),
}


def _note(note: dict[str, Any]) -> dict[str, str]:
    kind = str(note.get("note", ""))
    return {"said": str(NOTES.get(kind, kind)), "file": str(note.get("file", "")), "what": str(note.get("what", ""))}


def _waiting(request: HttpRequest, code: str) -> Entry:
    found = Entry.objects.filter(week=request.week, code=code).select_related("work", "person", "week").first()
    if found is None:
        raise Http404(code)
    return found


@only("screener")
@never_cache
@require_safe
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
