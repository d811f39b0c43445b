"""Public renditions, and the pieces of an upload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from showground.rules.refused import Refused
from showground.works import queries
from showground.works.actions import receive
from showground.works.models import Work

NAME = re.compile(r"[0-9a-f]{64}\.(webp|avif|jpg|mp4|m4a)\Z")
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "mp4": "video/mp4", "m4a": "audio/mp4"}
FOREVER = "public, max-age=31536000, immutable"


def _slice(file: Path, first: int, length: int) -> Iterator[bytes]:
    with file.open("rb") as source:
        source.seek(first)
        while length > 0 and (piece := source.read(min(length, 1 << 16))):
            length -= len(piece)
            yield piece


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """Sends one public rendition; its name is its hash, so it never changes. A range is honoured (films)."""
    found = NAME.match(name)
    file = Path(settings.MEDIA_STORE) / name[:2] / name
    if not found or not file.is_file():
        raise Http404
    if not queries.served(name, key := request.GET.get("k", "")):
        return HttpResponse("", status=451, headers={"Cache-Control": "no-store"})  # RFC 7725; the work's page says why
    size, kind = file.stat().st_size, TYPES[found[1]]
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if asked and int(asked[1]) < size:
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        answer: HttpResponse = FileResponse(_slice(file, first, last - first + 1), status=206, content_type=kind)
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
        answer["Content-Length"] = str(last - first + 1)
    else:
        answer = FileResponse(file.open("rb"), content_type=kind)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, no-store" if key else FOREVER
    return answer


@require_POST
def receive_piece(request: HttpRequest, code: str) -> JsonResponse:
    """Takes the body as the bytes at `offset`; answers how many bytes are here, so that a broken upload can go on."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "people.signed_out"}, status=403)
    work = get_object_or_404(Work, code=code, owner=request.user)
    try:
        offset = int(request.GET.get("offset", "0"))
        have = receive.receive_piece(work, offset=offset, pieces=iter(lambda: request.read(1 << 16), b""))
        if have == work.declared_size:
            work = receive.finish_work(work)
    except Refused as refused:
        return JsonResponse({"error": refused.code, **refused.facts}, status=409)
    return JsonResponse({"received": work.received, "state": work.state})
