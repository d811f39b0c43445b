"""Files for whoever checks: the public log, the bundle of a week, the verifier."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from showground.ledger import queries as ledger
from showground.showcase.queries.log import bundle_place, tells_too_much
from showground.weeks import queries as weeks

LOG_FILE = re.compile(r"checkpoint|checkpoints/\d+|tile/[0-9a-z/.]+|assets/[0-9a-f]{64}|policy")


@require_safe
def log_file(request: HttpRequest, week: str, path: str) -> HttpResponse:
    """Sends one static file of the public log."""
    found = weeks.week_or_404(week)
    if not LOG_FILE.fullmatch(path) or ".." in path:
        raise Http404(path)
    if path == "policy":
        log = ledger.find_log(found.origin)
        return HttpResponse(log.policy if log else "", content_type="text/plain; charset=utf-8", status=200 if log else 404)
    file = ledger.log_folder(found.origin) / path
    if not file.is_file():
        raise Http404(path)
    text = path.startswith("checkpoint")
    response = FileResponse(file.open("rb"), content_type="text/plain; charset=utf-8" if text else "application/octet-stream")
    response["Cache-Control"] = "public, max-age=5" if path == "checkpoint" else "public, max-age=31536000, immutable"
    return response


@require_safe
def bundle(request: HttpRequest, week: str) -> HttpResponse:
    """Sends the newest exported bundle of a week."""
    found = weeks.week_or_404(week)
    file, _mark = bundle_place(found)
    if not file.is_file():
        raise Http404("bundle.zip")
    if tells_too_much(found):  # it is written anew within seconds
        return HttpResponse(status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{found.code}.zip")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Sends the stand-alone verifier."""
    file = settings.DATA / "export" / "showground-verify.pyz"
    if not file.is_file():
        raise Http404(file.name)
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)
