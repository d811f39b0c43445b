"""A file on its way to a recording or a hand-out: in pieces that go on after a broken line, or in one form without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from showground.exhibition.actions.upload import begin, whole
from showground.media import sniff
from showground.rules.refused import Refused
from showground.ui import typeset
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, View
from showground.works import queries as works
from showground.works.actions.receive import PIECE, finish_work, receive_piece, receive_whole
from showground.works.models import Work

ACCEPTED = {
    "audio": ".mp3,.wav,.flac,.ogg,.opus,.m4a,.aac,.mp4,.mov,.webm,.mkv",
    "video": ".mp4,.mov,.webm,.mkv",
    "handout": ".pdf,.jpg,.jpeg,.png,.webp,.avif",
}


@dataclass(frozen=True)
class Upload:
    """The form that takes a file: where it goes in one (`action`) or in pieces (`start`), and the file that is on its way.

    `have`: bytes of it that are here in pieces of `piece` bytes; whoever chooses the same file goes on from there.
    """

    action: str
    start: str
    accept: str
    limit: str
    work: Work | None
    have: int
    piece: int
    said: str
    off: bool

    @property
    def going(self) -> bool:
        """Tells whether a file is half here."""
        return self.have > 0

    @property
    def waiting(self) -> bool:
        """Tells whether the jail has the file now."""
        return self.work is not None and self.work.state == Work.State.WAITING


def upload(work: Work | None, category: str, *, action: str, start: str) -> Upload:
    """Returns the form for a file of a category; whoever may see it may send on what another began, if they have the same file."""
    limit = typeset.size(sniff.LARGEST[category])
    return Upload(action, start, ACCEPTED[category], limit, work, whole(work), PIECE, _why(work), not works.jail().strong)


def _why(work: Work | None) -> str:
    """Returns why a file was refused, in words; nothing of one that was not."""
    if work is None or work.state != Work.State.REFUSED or not work.refusal:
        return ""
    facts = dict(work.refusal)
    return refusal(Refused(facts.pop("code"), **facts))


def take_whole(request: StaffRequest, category: str, attach: Callable[[Work], object]) -> str:
    """The file of a plain form is received and attached; returns what was wrong, in words, or nothing.

    One that is refused at once takes nobody's place: the file before stays.
    """
    file = request.FILES.get("file")
    if file is None:
        return _("Choose a file.")
    try:
        work = receive_whole(
            request.user,
            category=category,
            filename=file.name or "",
            size=file.size or 0,
            pieces=file.chunks(1 << 20),
            at=request.now,
        )
    except Refused as refused:
        return refusal(refused)
    if wrong := _why(work):
        return wrong
    attach(work)
    return ""


def take_start(
    request: StaffRequest, before: Work | None, category: str, attach: Callable[[Work], object], pieces: Callable[[str], str]
) -> JsonResponse:
    """An upload in pieces begins (upload.js); answers the address that is its own, and how much of the file is there, or why not."""
    told = request.POST
    going = before if before is not None and told.get("going") == before.code else None
    try:
        work = begin(
            going, owner=request.user, category=category, filename=told.get("filename", ""), size=_number(told.get("size")),
            have=_number(told.get("have")), same=told.get("same", ""), at=request.now,
        )  # fmt: skip
    except Refused as refused:
        return JsonResponse({"error": refused.code, "said": refusal(refused)}, status=422)
    attach(work)
    return JsonResponse({"pieces": pieces(work.code), "piece": PIECE, "sent": work.received})


def _number(told: str | None) -> int:
    return int(told) if told and told.isdecimal() else 0


def take_piece(request: StaffRequest, work: Work | None, upload: str) -> JsonResponse:
    """The body is here as the bytes at `offset` of this upload; answers how many bytes there are, so that a broken upload goes on.

    One whose place another file has taken gets no byte more.
    """
    try:
        if work is None or work.code != upload:
            raise Refused("work.replaced")
        offset = _number(request.GET.get("offset"))
        have = receive_piece(work, offset=offset, pieces=iter(lambda: request.read(1 << 16), b""))
        if have == work.declared_size:
            work = finish_work(work)
    except Refused as refused:
        return JsonResponse({"error": refused.code, "said": refusal(refused), **refused.facts}, status=409)
    return JsonResponse({"received": work.received, "state": work.state})


def told_no(view: View) -> View:
    """Tells a script that may not send pieces so in one word: a page to sign in would look like a broken line to it."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "people.signed_out"}, status=403)
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"error": "people.not_yours"}, status=403)

    return guarded
