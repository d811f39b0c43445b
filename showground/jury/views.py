"""The juror's desk, and the two doors through which the notary's programs hand in what proves itself."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from showground.entries.models import Entry
from showground.entries.queries import seen
from showground.jury import actions, queries
from showground.ledger.actions.statement import record_statement
from showground.ledger.queries import chronicle
from showground.rules.refused import Refused
from showground.sandbox.headers import frame_origin
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import only

MOST = 4 << 20


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        value = json.loads(request.read(MOST))
    except ValueError:
        raise Refused("jury.opening")
    if not isinstance(value, dict):
        raise Refused("jury.opening")
    return value


CRITERIA = {"idea": _("Idea"), "craft": _("Craft"), "reach": _("Reach"), "message": _("Message"), "originality": _("Originality")}


def _criterion(request: HttpRequest, key: str) -> str:
    named = weeks.row(request.week, "criteria", key)
    return weeks.said(named["name"]) if named["name"]["en"] != key else str(CRITERIA.get(key, key))


def _work(entry: Entry) -> dict[str, Any]:
    """A work as a juror sees it: no maker, no votes, no other juror's marks."""
    shown = seen(entry)
    return {
        "entry": entry,
        "withheld": entry.withheld_at,
        "title": shown.title,
        "category": shown.category,
        "genre": shown.genre,
        "statement": shown.statement,
        "alt": shown.alt,
        "thumb": shown.thumb,
        "large": shown.large,
        "film": shown.film,
        "run": frame_origin(shown.runs_at, settings.SITE_URL, settings.H5_DOMAIN) + "/" if shown.runs_at else "",
    }


def _no(refused: Refused, status: int = 422) -> JsonResponse:
    return JsonResponse({"error": refused.code, "said": refusal(refused), **refused.facts}, status=status)


@only("juror")
@never_cache
@require_safe
def desk(request: HttpRequest, week: str) -> HttpResponse:
    """Shows a juror the works and the sheet; key and draft are made and read in the browser only."""
    juror = queries.juror_of(request.week, request.user)
    task = queries.assignment(juror)
    log = chronicle(request.week.origin)
    works = [_work(entry) for entry in (task.works if task else [])]
    criteria = [{**row, "name": _criterion(request, row["key"])} for row in (task.criteria if task else [])]
    facts = {
        "origin": request.week.origin,
        "juror": juror.number,
        "sheet": actions.SHEET,
        "vkey": juror.vkey,
        "wrapped": juror.wrapped_key,
        "draft": juror.draft,
        "escrow": task.escrow_vkey if task else "",
        "criteria": task.criteria if task else [],
        "works": [e.code for e in task.works] if task else [],
    }
    return page(
        request,
        "jury/desk.html",
        {
            "juror": juror,
            "task": task,
            "works": works,
            "criteria": criteria,
            "most": sum(row["max"] for row in criteria),
            "facts": facts,
            "sheet": (sheet := queries.last_sheet(juror)),
            "opened": bool(sheet and sheet.opening),
            "closed": log.jury_closed is not None or request.now >= request.week.jury_closes,
            "calendar": request.week,
            "secure_enough": request.is_secure() or request.get_host().split(":")[0] in {"localhost", "127.0.0.1"},
            "nav": "jury",
            "phase_line": weeks.phase_line(request.week, request.now),
            "phase": weeks.phase(request.week, request.now),
        },
    )


@only("juror")
@require_POST
def declare_key(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the juror's public key and the wrapped private one."""
    try:
        told = _told(request)
        juror = queries.juror_of(request.week, request.user)
        actions.declare_key(juror, vkey=str(told.get("vkey", "")), wrapped=dict(told.get("wrapped") or {}), at=request.now)
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"done": True})


@only("juror")
@require_POST
def keep_draft(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the draft as ciphertext."""
    try:
        actions.keep_draft(queries.juror_of(request.week, request.user), draft=_told(request))
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"done": True})


@only("juror")
@require_POST
def seal(request: HttpRequest, week: str) -> HttpResponse:
    """Takes a sealed sheet: commitment, signature and the copy that only the notary can open."""
    try:
        told = _told(request)
        juror = queries.juror_of(request.week, request.user)
        sheet = actions.seal_sheet(
            juror,
            commit=str(told.get("commit", "")),
            sig=str(told.get("sig", "")),
            escrow=actions.decoded(str(told.get("escrow", ""))),
            at=request.now,
        )
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"done": True, "commit": sheet.commit})


@csrf_exempt  # No session is used: an opening proves itself by its commitment.
@require_POST
def take_openings(request: HttpRequest, week: str) -> HttpResponse:
    """Takes opened sheets from the notary's program."""
    try:
        openings = _told(request).get("openings", [])
        done = actions.open_sheets(request.week, openings=openings, at=request.now)
    except Refused as refused:
        return _no(refused, 409 if refused.code == "jury.gate_shut" else 422)
    return JsonResponse({"opened": done})


@csrf_exempt  # No session is used: a statement proves itself by its signature.
@require_POST
def take_statement(request: HttpRequest, week: str) -> HttpResponse:
    """Takes a signed statement from the notary's program."""
    try:
        told = _told(request)
        record_statement(
            request.week.origin,
            text=str(told.get("text", "")),
            covers_size=int(told.get("covers_size", 0)),
            sig=str(told.get("sig", "")),
            at=request.now,
        )
    except Refused as refused:
        return _no(refused)
    except (TypeError, ValueError):
        return _no(Refused("statement.size", size=0))
    return JsonResponse({"done": True})
