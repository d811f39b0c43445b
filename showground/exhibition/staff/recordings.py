"""Sounds and films of a board on the desk: the file, its captions and transcripts in both languages, credits."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import record
from showground.exhibition.forms import RecordingForm, WordsForm
from showground.exhibition.models import Board, Medium
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import recordings
from showground.exhibition.staff.bringing import take_piece, take_start, take_whole, told_no, upload
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.editor import overview
from showground.exhibition.staff.frame import desk_page, fresh, seen
from showground.exhibition.staff.listed import IN, named, state, wanting
from showground.media import captions
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only


def _board(request: StaffRequest, code: str) -> Board:
    return queries.desk_board(request.week, code, request.user, request.duties)


@only(*CURATORS)
@require_POST
def begin(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Begins a recording; its file and words follow on its page."""
    board, form = _board(request, code), RecordingForm(request.POST)
    if not form.is_valid():
        return overview(request, board, wrong=_("Choose what it is and its language."))
    try:
        made = record.begin(board, kind=form.cleaned_data["kind"], language=form.cleaned_data["language"])
    except Refused as refused:
        return overview(request, board, wrong=refusal(refused))
    return redirect("exhibition:recording", week=week, code=code, number=made.pk)


@only(*CURATORS)
@never_cache
def recording(request: StaffRequest, week: str, code: str, number: int) -> HttpResponse:
    """Shows a recording with its words, and takes them."""
    board = _board(request, code)
    medium = recordings.medium_or_404(board, number)
    told = _words(medium)
    form = WordsForm(request.POST or None, request.FILES or None, initial=told)
    if request.method != "POST" or not form.is_valid() or not fresh(request, form, told):
        return _page(request, board, medium, form)
    try:
        tracks = form.tracks()
        record.say(medium, tracks=tracks, transcripts=form.transcripts(), credit=form.cleaned_data["credit"])
    except Refused as refused:
        lang = str(refused.facts.get("lang", ""))
        form.add_error(f"captions_{lang}" if lang in IN else None, refusal(refused))
        return _page(request, board, medium, form)
    return redirect("exhibition:recording", week=week, code=code, number=number)


def _words(medium: Medium) -> dict[str, str]:
    told = {f"captions_{lang}": medium.captions.get(lang, "") for lang in IN}
    return {**told, **{f"transcript_{lang}": medium.transcript.get(lang, "") for lang in IN}, "credit": medium.credit}


def _page(request: StaffRequest, board: Board, medium: Medium, form: WordsForm, *, wrong: str = "") -> HttpResponse:
    here = [request.week.code, board.code, medium.pk]
    made = recordings.preview(medium)
    others = recordings.of_board(board)
    context = {
        "board": board,
        "medium": medium,
        "name": named(medium),
        "form": form,
        "made": made,
        "state": state(medium, others),
        "wants": wanting(medium, others),
        "cues": {lang: len(captions.read(text)) for lang, text in medium.captions.items()},
        "upload": upload(
            medium.work,
            record.CATEGORY[Medium.Kind(medium.kind)],
            action=reverse("exhibition:recording_file", args=here),
            start=reverse("exhibition:recording_start", args=here),
        ),
        "wrong": wrong,
        **seen(request, form, _words(medium)),
    }
    status = 422 if wrong or form.is_bound else 200
    return desk_page(request, "exhibition/desk_recording.html", context, nav="curator", status=status)


@only(*CURATORS)
@require_POST
def file(request: StaffRequest, week: str, code: str, number: int) -> HttpResponse:
    """Takes the recording's file in one plain form."""
    board = _board(request, code)
    medium = recordings.medium_or_404(board, number)
    category = record.CATEGORY[Medium.Kind(medium.kind)]
    wrong = take_whole(request, category, lambda work: record.attach(medium, work))
    if wrong:
        return _page(request, board, medium, WordsForm(initial=_words(medium)), wrong=wrong)
    return redirect("exhibition:recording", week=week, code=code, number=number)


@only(*CURATORS)
@require_POST
def start(request: StaffRequest, week: str, code: str, number: int) -> HttpResponse:
    """Begins an upload in pieces."""
    medium = recordings.medium_or_404(_board(request, code), number)
    return take_start(
        request, medium.work, record.CATEGORY[Medium.Kind(medium.kind)], lambda work: record.attach(medium, work),
        lambda upload: reverse("exhibition:recording_piece", args=[week, code, number, upload]),
    )  # fmt: skip


@told_no
@only(*CURATORS)
@require_POST
def piece(request: StaffRequest, week: str, code: str, number: int, upload: str) -> HttpResponse:
    """Takes the next piece of a file at the address that its upload got when it began."""
    return take_piece(request, recordings.medium_or_404(_board(request, code), number).work, upload)


@only(*CURATORS)
@never_cache
@require_safe
def preview_captions(request: StaffRequest, week: str, code: str, number: int, part: str) -> HttpResponse:
    """Sends a recording's captions to the player on its own page, before visitors may have them."""
    medium = recordings.medium_or_404(_board(request, code), number)
    if part not in medium.captions:
        raise Http404(part)
    return HttpResponse(medium.captions[part], content_type="text/vtt; charset=utf-8")


@only(*CURATORS)
@require_POST
def drop(request: StaffRequest, week: str, code: str, number: int) -> HttpResponse:
    """Takes a recording away, with its file."""
    record.drop(recordings.medium_or_404(_board(request, code), number))
    return redirect("exhibition:edit", week=week, code=code)
