"""Halls, boards and what was shown when. No page sets a cookie, none needs a script."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.exhibition.models import Board, Hall, Note
from showground.exhibition.queries import events, handouts, manifests, notes, open_visits, recordings, search, shown, store
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries.proof import proof, proofs
from showground.exhibition.queries.winners import walls
from showground.exhibition.views.counting import counted
from showground.media import boards
from showground.quiz.queries.sittings import public_quizzes
from showground.ui.pages import page
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said

PEEK = 3  # pictures of a hall that are seen through its door


@require_safe
@gzip_page
def halls(request: WeekRequest, week: str) -> HttpResponse:
    """Lists the halls that are open, and those to come."""
    rows = [_hall_row(hall) for hall in queries.halls(request.week, request.now)]
    context = {
        "rows": rows,
        "coming": [(said(hall.name), hall) for hall in queries.coming(request.week, request.now)],
        "headline": events.headline(events.told(request.week), request.now),
        "visits": open_visits.are_told(request.week),
        "nav": "halls",
    }
    return page(request, "exhibition/halls.html", context)


def _hall_row(hall: Hall) -> dict[str, Any]:
    hanging = queries.hanging(hall)
    works = [work for wall in walls(hall.week) for work in wall.works] if hall.kind == Hall.Kind.WINNERS else []
    pictures = [picture for board in hanging if (picture := shown.picture(board))]
    return {
        "hall": hall,
        "name": said(hall.name),
        "about": said(hall.about),
        "partner": said(hall.partner),
        "count": len(hanging) or len(works),
        "winners": hall.kind == Hall.Kind.WINNERS,
        "minutes": queries.minutes_in(hanging),
        "pictures": (pictures or [work.hung for work in works if work.hung])[:PEEK],
    }


@require_safe
@gzip_page
def hall(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Shows a hall: its boards in the order of the route, search, what can be taken home, the guest book."""
    found = queries.hall_or_404(request.week, code, request.now)
    counted(request, f"hall:{code}", "view")
    hanging = queries.hanging(found)
    rows = shown.rows(hanging)
    context = {
        "hall": found,
        "name": said(found.name),
        "about": said(found.about),
        "partner": said(found.partner),
        "rows": rows,
        "first": rows[:1],
        "rest": rows[1:],
        "minutes": queries.minutes_in(hanging),
        "walls": walls(request.week) if found.kind == Hall.Kind.WINNERS else [],
        "winners": found.kind == Hall.Kind.WINNERS,
        "notes": _about(notes.shown(found), rows),
        "collection": f"{manifests.hall_at(found)}/collection.json",
        "catalogue": store.printed(notes.catalogue_name(found, hanging, shown.reader())).is_file() if hanging else False,
        "kept": "kept" in request.GET,
        "handouts": handouts.on_table(found),
        "headline": events.headline(events.told(request.week), request.now),
        "visits": open_visits.are_told(request.week),
        "nav": "halls",
    }
    return page(request, "exhibition/hall.html", context)


def _about(lines: list[Note], rows: list[shown.Row]) -> list[Note]:
    """Returns lines of a guest book, each with the name of the board it was written at (`about`)."""
    names = {row.board.pk: row.title for row in rows}
    for line in lines:
        line.about = names.get(line.board_id or 0, "")  # type: ignore[attr-defined]  # a word for the page, in no table
    return lines


@require_safe
@gzip_page
def find(request: WeekRequest, week: str) -> HttpResponse:
    """Finds what boards say, in both languages; nothing that is typed is kept."""
    query = request.GET.get("q", "").strip()[:200]
    found = search.find(queries.open_boards(request.week, request.now), query) if query else []
    return page(request, "exhibition/find.html", {"query": query, "found": found, "nav": "halls"})


@require_safe
@gzip_page
def board(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Shows a board: its picture and its text, each part tied to its place, and ways on."""
    found = queries.board_or_404(request.week, code, request.now)
    counted(request, code, "view")
    return page(request, "exhibition/board.html", {**told(found), **beside(found), "nav": "halls"})


def told(found: Board) -> dict[str, Any]:
    """Returns what a page shows of a board itself: picture, text, recordings, proof."""
    assert found.shown is not None
    document, lang = found.shown.document, shown.reader()
    name = shown.title(document, found.code)
    mine, foreign = shown.parts(document, lang)
    head, mine = shown.without_title(mine, name)
    script = said(document["notes"])
    newest = proof(found, found.shown)
    return {
        "board": found,
        "name": name,
        "head": head,
        "groups": list(shown.grouped(mine)),
        "foreign": list(shown.grouped(foreign)),
        "regions": [part for part in [head, *mine, *foreign] if part and part.region],
        "marks": any(part.marked for part in [*mine, *foreign]),
        "alt": said(document["alt"]) or name,
        "picture": shown.picture(found),
        "high": shown.height(document),
        "script": [line for line in script.splitlines() if line.strip()],
        "media": (media := recordings.shown(found)),
        "film": any(one.kind == "video" for one in media),
        "proof": newest,
        "manifest": f"{manifests.at(found)}/manifest.json",
        "tiles": f"/{manifests.HOME}/{found.code}/tiles/info.json" if found.picture.get("key") else "",
        "printed": store.printed(f"{found.shown.sha256}-{lang}").is_file(),
        "short": manifests.short(found),
        "confirmed_by_person": not any(block.get("by") == "ocr" for block in document["blocks"]) or found.shown.confirmed,
    }


def beside(found: Board) -> dict[str, Any]:
    """Returns what a page shows beside a board: its place on the route, its neighbours, answered questions."""
    rows = shown.rows(queries.hanging(found.hall))
    at = next(place for place, row in enumerate(rows) if row.board.pk == found.pk)
    return {
        "number": at + 1,
        "total": len(rows),
        "hall": found.hall,
        "hall_name": said(found.hall.name),
        "before": rows[at - 1] if at else None,
        "after": rows[at + 1] if at + 1 < len(rows) else None,
        "asked": notes.answered(found),
    }


@require_safe
@gzip_page
def history(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Shows every text that the board showed, when, and its hash in the log; of one that is taken down its code instead of words."""
    found = queries.once_shown_or_404(request.week, code, request.now)
    assert found.shown is not None
    name = found.code if found.withdrawn else shown.title(found.shown.document, found.code)
    listed = proofs(found, queries.texts(found))
    context = {"board": found, "name": name, "hall_name": said(found.hall.name), "proofs": listed, "nav": "halls"}
    return page(request, "exhibition/history.html", context)


@require_safe
def text(request: WeekRequest, week: str, code: str, number: int) -> HttpResponse:
    """Sends the very bytes of a text that was shown; their SHA-256 stands in the log."""
    found = queries.text_or_404(queries.board_or_404(request.week, code, request.now), number)
    return HttpResponse(boards.encoded(found.document), content_type="application/json", headers={"X-Sha256": found.sha256})


@require_safe
def pdf(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Sends the board's text and picture as a tagged PDF in the reader's language."""
    found = queries.board_or_404(request.week, code, request.now)
    assert found.shown is not None
    counted(request, code, "pdf")
    return sent(f"{found.shown.sha256}-{shown.reader()}", f"{code}-{shown.reader()}.pdf")


def sent(name: str, called: str) -> HttpResponse:
    """Returns a printed copy, or 404 while it is not made yet."""
    file = store.printed(name)
    if not file.is_file():
        raise Http404(name)
    headers = {"Content-Disposition": f'inline; filename="{called}"'}
    return HttpResponse(file.read_bytes(), content_type="application/pdf", headers=headers)


@require_safe
def catalogue(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Sends the catalogue of a hall as a tagged PDF."""
    found = queries.hall_or_404(request.week, code, request.now)
    return sent(notes.catalogue_name(found, queries.hanging(found), shown.reader()), f"{week}-{code}.pdf")


@require_safe
@never_cache
def to_quiz(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Leads from a board to its quiz, or to the week's quizzes while that is not announced, and counts that somebody went."""
    found = queries.board_or_404(request.week, code, request.now)
    counted(request, code, "quiz")
    known = any(quiz.code == found.quiz for quiz in public_quizzes(request.week))
    return redirect("quiz:start", week=week, code=found.quiz) if known else redirect("quiz:quizzes", week=week)


@require_safe
@never_cache
def to_report(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Leads from a board to the report desk, and counts that somebody went; nothing of the board goes along."""
    queries.board_or_404(request.week, code, request.now)
    counted(request, code, "report")
    return redirect("reports:report", week=week)


@require_safe
@never_cache
def short(request: WeekRequest, code: str) -> HttpResponse:
    """Leads from the short address on a wall to the board, in the language that the browser asks for."""
    found = queries.by_short(code, request.now)
    with override(get_language_from_request(request)):
        return redirect(f"{reverse('exhibition:board', args=[found.hall.week.code, code])}?via=qr")
