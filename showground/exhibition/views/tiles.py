"""Tiles of a board's picture, as plain files that any IIIF viewer asks for (level 0)."""

from __future__ import annotations

import json
import re

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from showground.exhibition.queries import manifests, store
from showground.exhibition.queries.halls import by_short
from showground.exhibition.views.counting import counted
from showground.weeks.middleware import WeekRequest

FILE = re.compile(r"(?:full|\d{1,6},\d{1,6},\d{1,6},\d{1,6})/(?:max|\d{1,6},(?:\d{1,6})?)/0/default\.jpg\Z")


@require_safe
def tile(request: WeekRequest, code: str, path: str) -> HttpResponse | FileResponse:
    """Sends info.json with the address that it lies at, or one tile."""
    found = by_short(code, request.now)
    key = found.picture.get("key")
    file = store.drawn(key) / "tiles" / path if key else None
    if file is None or not (path == "info.json" or FILE.match(path)) or not file.is_file():
        raise Http404(path)
    answer: HttpResponse | FileResponse
    if path == "info.json":
        told = {**json.loads(file.read_text(encoding="utf-8")), "id": f"{manifests.at(found)}/tiles"}
        answer = HttpResponse(json.dumps(told), content_type="application/json")
        answer["Cache-Control"] = "public, max-age=60"
        counted(request, code, "zoom", entry=_asker(request), week=found.hall.week)
    else:
        answer = FileResponse(file.open("rb"), content_type="image/jpeg")
        answer["Cache-Control"] = "public, max-age=604800"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _asker(request: WeekRequest) -> str:
    """Tells who zooms: somebody on a page of this site, at a kiosk, or any other viewer."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return "iiif"
    return "kiosk" if "/kiosk/" in request.headers.get("Referer", "") else "web"
