"""A file on its way to a recording or a hand-out: in pieces that go on after a broken line, or in one form without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from showground.media import sniff
from showground.rules.refused import Refused
from showground.ui import typeset
from showground.ui.refusals import refusal
from showground.weeks.staff import View
from showground.works import queries as works
from showground.works.actions.receive import PIECE, finish_work, receive_piece, receive_whole, start_work
from showground.works.models import Work

ACCEPTED = {
    "audio": ".mp3,.wav,.flac,.ogg,.opus,.m4a,.aac,.mp4,.mov,.webm,.mkv",
    "video": ".mp4,.mov,.webm,.mkv",
    "handout": ".pdf,.jpg,.jpeg,.png,.webp,.avif",
}


@dataclass(frozen=True)
class Upload:
    """The form that takes a file: where it goes in one (`action`) or in pieces (`start`), and the file that is on its way."""

    action: str
    start: str
    accept: str
    limit: str
    work: Work | None
    pieces: str
    piece: int
    said: str
    off: bool

    @property
    def going(self) -> bool:
        """Tells whether a file is half here."""
        return self.work is not None and self.work.state == Work.State.RECEIVING

    @property
    def waiting(self) -> bool:
        """Tells whether the jail has the file now."""
        return self.work is not None and self.work.state == Work.State.WAITING


def upload(work: Work | None, category: str, *, action: str, start: str, pieces: str) -> Upload:
    """Returns the form for a file of a category; whoever may see it may send on what another began (`pieces`)."""
    limit = typeset.size(sniff.LARGEST[category])
    return Upload(action, start, ACCEPTED[category], limit, work, pieces, PIECE, _why(work), not works.jail().strong)


def _why(work: Work | None) -> str:
    """Returns why a file was refused, in words; nothing of one that was not."""
    if work is None or work.state != Work.State.REFUSED or not work.refusal:
        return ""
    facts = dict(work.refusal)
    return refusal(Refused(facts.pop("code"), **facts))


def take_whole(request: HttpRequest, category: str, attach: Callable[[Work], object]) -> str:
    """The file of a plain form is received and attached; returns what was wrong, in words, or nothing."""
    file = request.FILES.get("file")
    if file is None:
        return _("Choose a file.")
    try:
        work = receive_whole(
            request.user, category=category, filename=file.name, size=file.size, pieces=file.chunks(1 << 20), at=request.now
        )
    except Refused as refused:
        return refusal(refused)
    attach(work)
    return _why(work)


def take_start(request: HttpRequest, category: str, attach: Callable[[Work], object], pieces: str) -> JsonResponse:
    """An upload in pieces begins (upload.js); answers where to send them, or why not."""
    told = request.POST
    size = int(told.get("size", "0")) if told.get("size", "0").isdecimal() else 0
    try:
        work = start_work(request.user, category=category, filename=told.get("filename", ""), size=size, at=request.now)
    except Refused as refused:
        return JsonResponse({"error": refused.code, "said": refusal(refused)}, status=422)
    attach(work)
    return JsonResponse({"pieces": pieces, "piece": PIECE})


def take_piece(request: HttpRequest, work: Work | None) -> JsonResponse:
    """The body is here as the bytes at `offset`, whoever began; answers how many bytes there are, so that a broken upload goes on."""
    if work is None:
        raise Http404
    offset = request.GET.get("offset", "0")
    try:
        have = receive_piece(work, offset=int(offset) if offset.isdecimal() else 0, pieces=iter(lambda: request.read(1 << 16), b""))
        if have == work.declared_size:
            work = finish_work(work)
    except Refused as refused:
        return JsonResponse({"error": refused.code, **refused.facts}, status=409)
    return JsonResponse({"received": work.received, "state": work.state})


def told_no(view: View) -> View:
    """Tells a script that may not send pieces so in one word: a page to sign in would look like a broken line to it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "people.signed_out"}, status=403)
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"error": "people.not_yours"}, status=403)

    return guarded
