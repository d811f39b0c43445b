"""What visitors take along: captions for the player, hand-outs to keep."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.exhibition.queries import handouts as queries
from showground.exhibition.queries.halls import board_or_404, hall_or_404
from showground.exhibition.queries.recordings import captions_or_404, shown
from showground.exhibition.views.counting import counted
from showground.ui.pages import page
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said


@require_safe
@gzip_page
def captions(request: WeekRequest, week: str, code: str, number: int, part: str) -> HttpResponse:
    """Sends the captions of a film in a language."""
    text = captions_or_404(board_or_404(request.week, code, request.now), number, part)
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": "public, max-age=60"})


@require_safe
@never_cache
def play(request: WeekRequest, week: str, code: str, number: int) -> HttpResponse:
    """Leads a player to a recording's file, and counts that somebody pressed play: a player that goes on or jumps asks for a part."""
    board = board_or_404(request.week, code, request.now)
    found = next((one for one in shown(board) if one.number == number), None)
    if found is None:
        raise Http404(str(number))
    if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
        counted(request, code, "audio", entry="kiosk" if "/kiosk/" in request.headers.get("Referer", "") else "")
    return redirect(found.src)


@require_safe
@gzip_page
def handouts(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Lists what can be taken home from a hall."""
    hall = hall_or_404(request.week, code, request.now)
    context = {"hall": hall, "name": said(hall.name), "handouts": queries.on_table(hall), "nav": "halls"}
    return page(request, "exhibition/handouts.html", context)


@require_safe
def handout(request: WeekRequest, week: str, code: str, part: str) -> FileResponse:
    """Sends a hand-out to be kept, never to be opened in this site's name, and counts that it was taken."""
    found = queries.handout_or_404(hall_or_404(request.week, code, request.now), part)
    file, kind, name = queries.download(found)
    counted(request, queries.thing(found), "take")
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=kind)
