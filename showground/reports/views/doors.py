"""Other ways in: the share sheet of an installed page, a booth's device, a partner's program."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.reports.actions import hold, stash
from showground.reports.actions.file import MOST_BYTES, MOST_FILE, MOST_FILES, Told, file_report
from showground.reports.actions.token import token_hash
from showground.reports.forms.visitor import came
from showground.reports.models import Partner
from showground.reports.views import kiosk as kiosks
from showground.reports.views.quiet import from_outside, quiet
from showground.reports.views.report import log_of, nine
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.vault import codes
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import face

LANGUAGES = ("en", "zh-hans")
FILES = ["image/*", "message/rfc822", ".eml", ".msg", "application/pdf", "text/plain"]


@require_safe
def manifest(request: WeekRequest, week: str) -> JsonResponse:
    """Tells a phone how to install the page and what its share sheet may send."""
    start = reverse("reports:report", args=[week])
    share = {
        "action": reverse("reports:share", args=[week]),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "files", "accept": FILES}]},
    }
    name = face(request.week).name
    told = {
        "name": name, "short_name": name[:12], "start_url": start, "scope": start, "display": "standalone",
        "background_color": "#f1f4f0", "theme_color": "#f1f4f0", "share_target": share,
        "icons": [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@quiet
@from_outside
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: WeekRequest, week: str) -> HttpResponse:
    """Takes what a phone shares: asks only what kind of harm it is, then goes on as if it had been typed and chosen here."""
    if request.method != "POST":
        return nine(request)
    parts = [request.POST.get(name, "").strip() for name in ("title", "text", "url")]
    words = "\n".join(dict.fromkeys(part for part in parts if part))
    files, too_big = came(request)
    stash.sweep(request.now)
    waiting, why = stash.put_all(files[:MOST_FILES], at=request.now)
    if why is None and too_big:
        why = Refused("report.file_too_big", file=too_big[:80], megabytes=MOST_FILE // 2**20)
    if why is None and len(files) > MOST_FILES:
        why = Refused("report.too_many_files", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
    return nine(request, shared=True, words=words, waiting=waiting, said=refusal(why) if why else "")


@quiet
@require_safe
def kiosk(request: WeekRequest, week: str, token: str) -> HttpResponse:
    """The start page of a booth's device."""
    return kiosks.arrive(request, token) or nine(request, kiosk=token)


# ---- partners ----


def _partner(request: WeekRequest) -> Partner:
    """Returns the partner whose token came with the request; the site keeps its hash only."""
    word, _space, token = request.headers.get("Authorization", "").partition(" ")
    if word.lower() == "bearer" and len(token) >= 32:
        found = Partner.objects.filter(api_sha256=token_hash(token)).first()
        if found is not None:
            return found
    raise Refused("api.token")


def _said_by_program(request: WeekRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body)
    except (ValueError, RequestDataTooBig):
        raise Refused("api.shape")
    if not isinstance(told, dict) or not all(
        isinstance(told.get(name, ""), str) for name in ("category", "words", "language", "standing")
    ):
        raise Refused("api.shape")
    return told


@csrf_exempt
@require_POST
def api(request: WeekRequest, week: str) -> JsonResponse:
    """Takes a report from a partner's program as JSON {category, words, language?, standing?}; answers {number, code, look}.

    The code is the only thing that opens the report again: the program gives it to the person who reported.
    """
    try:
        partner = _partner(request)
        told = _said_by_program(request)
        crowded = hold.buckets.take("partner", partner.code, hold.KIOSK, at=request.now)
        language = told.get("language", "en")
        report, code = file_report(
            Told(
                told.get("category", ""),
                language if language in LANGUAGES else "en",
                told.get("words", ""),
                standing=told.get("standing", ""),
            ),
            log=log_of(request),
            at=request.now,
            channel="partner",
            held_until=request.now + hold.HOLD if crowded else None,
        )
    except Refused as refused:
        status = {"api.token": 401, "desk.not_open": 503}.get(refused.code, 422)
        return _json({"error": refused.code, "says": refusal(refused)}, status)
    look = request.build_absolute_uri(reverse("reports:look", args=[week]))
    return _json({"number": report.number, "code": codes.shown(code), "look": look}, 201)


def _json(told: dict[str, Any], status: int) -> JsonResponse:
    answer = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer
