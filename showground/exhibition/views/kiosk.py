"""A hall on a screen in the booth: a start picture, large targets, no way out, and everything as it was before for the next visitor.

Each screen has an address of its own, numbered, so that walks can be counted for each; there is no cookie and nothing to set up.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from showground.exhibition.actions.notes import leave
from showground.exhibition.models import Board, Hall, Note
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import shown
from showground.exhibition.queries.winners import walls
from showground.exhibition.views.counting import counted
from showground.exhibition.views.leave import from_here
from showground.exhibition.views.rooms import beside, told
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said

IDLE, WARN = 75, 15  # seconds without a touch until the screen asks, and from there until it begins anew
ALONE = 240  # seconds until a page begins anew in a browser without scripts, which cannot tell whether anybody touches it
STANDS = 40
AN_HOUR = 40  # lines of the guest book that may come from the booth's network in an hour


def _at(hall: Hall, stand: int, **more: Any) -> dict[str, Any]:
    """Returns what every page of a kiosk knows."""
    start = reverse("exhibition:kiosk", args=[hall.week.code, hall.code, stand])
    return {
        **{"hall": hall, "hall_name": said(hall.name), "stand": stand, "start": start},
        **{"idle": IDLE, "warn": WARN, "alone": ALONE, "nav": "halls", **more},
    }


def _hall(request: WeekRequest, code: str, stand: int) -> Hall:
    if not 1 <= stand <= STANDS:
        raise Http404(str(stand))
    return queries.hall_or_404(request.week, code, request.now)


@require_safe
def entry(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Leads to the first kiosk of a hall; the others end in 2, 3 and so on."""
    return redirect("exhibition:kiosk", week=week, code=queries.hall_or_404(request.week, code, request.now).code, stand=1)


@require_safe
@gzip_page
def start(request: WeekRequest, week: str, code: str, stand: int) -> HttpResponse:
    """Shows the start picture: the hall's name in both languages and a button in each."""
    hall = _hall(request, code, stand)
    pictures = [picture for board in queries.hanging(hall)[:3] if (picture := shown.picture(board))]
    context = _at(hall, stand, pictures=pictures, ways=[_way(hall, stand, lang, name) for lang, name in settings.LANGUAGES])
    return page(request, "exhibition/kiosk_start.html", context)


def _way(hall: Hall, stand: int, lang: str, name: str) -> dict[str, str]:
    with override(lang):
        url = f"{reverse('exhibition:kiosk_hall', args=[hall.week.code, hall.code, stand])}?via=start"
        return {
            "tag": "zh-Hans" if lang.startswith("zh") else lang,
            "url": url,
            "hall": said(hall.name),
            "go": _("Touch to begin"),
            "name": name,
        }


@require_safe
@gzip_page
def hall(request: WeekRequest, week: str, code: str, stand: int) -> HttpResponse:
    """Shows the hall's boards, or its winners, as large targets."""
    found = _hall(request, code, stand)
    if request.GET.get("via") == "start":
        counted(request, f"kiosk:{code}:{stand}"[:40], "begin", entry="kiosk")
    counted(request, f"hall:{code}", "view", entry="kiosk")
    context = _at(
        found,
        stand,
        rows=shown.rows(queries.hanging(found)),
        about=said(found.about),
        walls=walls(request.week) if found.kind == Hall.Kind.WINNERS else [],
    )
    return page(request, "exhibition/kiosk_hall.html", context)


@require_safe
@gzip_page
def board(request: WeekRequest, week: str, code: str, stand: int, board: str) -> HttpResponse:
    """Shows a board; what leads elsewhere is a code for the visitor's own phone."""
    found = _hall(request, code, stand)
    try:
        hung = queries.board_or_404(request.week, board, request.now)
    except Http404:
        return redirect("exhibition:kiosk_hall", week=week, code=code, stand=stand)
    counted(request, hung.code, "view", entry="kiosk")
    context = {**told(hung), **beside(hung), **_at(found, stand), "codes": _codes(hung)}
    return page(request, "exhibition/kiosk_board.html", context)


def _codes(board: Board) -> list[dict[str, str]]:
    """Returns what a visitor may take along on a phone: the board, its quiz, the report desk."""
    week = board.hall.week.code
    codes = [(_("This board on your phone"), f"{settings.SITE_URL}/{board.code}")]
    if board.quiz:
        codes.append((_("Try one question"), settings.SITE_URL + reverse("exhibition:to_quiz", args=[week, board.code])))
    codes.append((_("It happened to you? Report it"), settings.SITE_URL + reverse("reports:report", args=[week])))
    return [{"name": name, "url": url, "said": url.partition("://")[2]} for name, url in codes]


@from_here
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: WeekRequest, week: str, code: str, stand: int) -> HttpResponse:
    """Takes a line for the guest book; the next visitor finds the form empty."""
    found = _hall(request, code, stand)
    context = _at(found, stand, kept="kept" in request.GET)
    if request.method != "POST":
        return page(request, "exhibition/kiosk_write.html", context)
    try:
        leave(
            found, kind=Note.Kind.GUEST_BOOK, words=request.POST.get("words", ""), signed=request.POST.get("signed", ""),
            language=get_language() or "en", address=request.META.get("REMOTE_ADDR", ""), at=request.now, most=AN_HOUR,
        )  # fmt: skip
    except Refused as no:
        return page(request, "exhibition/kiosk_write.html", {**context, "wrong": refusal(no)}, status=422)
    return redirect(f"{reverse('exhibition:kiosk_write', args=[week, code, stand])}?kept")
