"""Tiles of a board's picture, as plain files that any IIIF viewer asks for (level 0)."""

from __future__ import annotations

import json
import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from showground.exhibition.queries import manifests, store
from showground.exhibition.queries.halls import by_short

FILE = re.compile(r"(?:full|\d{1,6},\d{1,6},\d{1,6},\d{1,6})/(?:max|\d{1,6},(?:\d{1,6})?)/0/default\.jpg\Z")


@require_safe
def tile(request: HttpRequest, code: str, path: str) -> HttpResponse:
    """Sends info.json with the address that it lies at, or one tile."""
    found = by_short(code, request.now)
    key = found.picture.get("key")
    file = store.drawn(key) / "tiles" / path if key else None
    if file is None or not (path == "info.json" or FILE.match(path)) or not file.is_file():
        raise Http404(path)
    answer: HttpResponse
    if path == "info.json":
        told = {**json.loads(file.read_text(encoding="utf-8")), "id": f"{manifests.at(found)}/tiles"}
        answer = HttpResponse(json.dumps(told), content_type="application/json")
        answer["Cache-Control"] = "public, max-age=60"
    else:
        answer = FileResponse(file.open("rb"), content_type="image/jpeg")
        answer["Cache-Control"] = "public, max-age=604800"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
