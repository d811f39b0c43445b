"""What other programs ask for: manifests, annotation pages, collections, oEmbed and the frame that it names. No language, no cookie."""

from __future__ import annotations

import json
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import manifests, shown
from showground.media import boards
from showground.ui.pages import page
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said

FRAMED = {"frame-ancestors": ["*"], "script-src": [NONE], "connect-src": [NONE], "form-action": [NONE]}


def _json(told: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(as_json(told), content_type="application/json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=60"
    return answer


def as_json(told: dict[str, Any]) -> bytes:
    """Returns an object as JSON bytes."""
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


@require_safe
@gzip_page
def manifest(request: WeekRequest, code: str) -> HttpResponse:
    """Sends a board's IIIF manifest to anybody's viewer."""
    return _json(manifests.manifest(queries.by_short(code, request.now)))


@require_safe
@gzip_page
def document(request: WeekRequest, code: str) -> HttpResponse:
    """Sends the board's text as it is shown now."""
    found = queries.by_short(code, request.now)
    assert found.shown is not None
    answer = HttpResponse(boards.encoded(found.shown.document), content_type="application/json")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
@gzip_page
def collection(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Sends a hall's IIIF collection."""
    found = queries.hall_or_404(request.week, code, request.now)
    return _json(manifests.collection(found, queries.hanging(found)))


@require_safe
@gzip_page
def annotation_page(request: WeekRequest, code: str, name: str) -> HttpResponse:
    """Sends one annotation page of a board: its text in a language, its picture, its sounds."""
    told = manifests.annotation_page(queries.by_short(code, request.now), name)
    if told is None:
        raise Http404(name)
    return _json(told)


@require_safe
def oembed(request: WeekRequest) -> HttpResponse:
    """Answers how another site shows the board whose address is in `url`; SPEC oembed 2.3.4: 501 for anything but JSON."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    address = request.GET.get("url", "").partition("?")[0].rstrip("/")
    found = queries.by_short(address.rpartition("/")[2][:8], request.now)
    home = f"{found.hall.week.code}/boards/{found.code}"
    ours = {manifests.short(found), *(f"{settings.SITE_URL}/{lang}/{home}" for lang, _name in settings.LANGUAGES)}
    if address not in ours:
        raise Http404(address)
    most = (_side(request, "maxwidth", 640), _side(request, "maxheight", 800))
    lang = next((lang for lang, _name in settings.LANGUAGES if f"/{lang}/" in address), get_language() or "en")
    with override(lang):
        return _json(manifests.embedded(found, lang, site=said(found.hall.week.document["name"]), most=most))


@require_safe
@gzip_page
@xframe_options_exempt
@csp_replace(FRAMED)  # type: ignore[arg-type]  # its type knows views without arguments only
def card(request: WeekRequest, lang: str, code: str) -> HttpResponse:
    """Shows a board as a card in the frame of another site: no script, no form, no cookie, one link that opens beside that site."""
    if lang not in dict(settings.LANGUAGES):
        raise Http404(lang)
    found = queries.by_short(code, request.now)
    with override(lang):
        (row,) = shown.rows([found])
        context = {
            "row": row,
            "hall_name": said(found.hall.name),
            "week_name": said(found.hall.week.document["name"]),
            "there": found.hall.week.code,
        }
        answer = page(request, "exhibition/embed.html", context)
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def _side(request: WeekRequest, name: str, otherwise: int) -> int:
    told = request.GET.get(name, "")
    return max(1, min(4000, int(told))) if told.isdecimal() and len(told) < 6 else otherwise
