"""Sounds and films of a board: begun, given a file, given words, taken away."""

from __future__ import annotations

from django.db import transaction

from showground.exhibition.models import Board, Handout, Medium
from showground.exhibition.queries.recordings import LANGUAGES, SIGNED, length_ms
from showground.media import captions
from showground.media.boards import clean
from showground.rules.refused import Refused
from showground.works.actions.erase import erase_work
from showground.works.models import Work

CATEGORY = {Medium.Kind.AUDIO: "audio", Medium.Kind.VIDEO: "video", Medium.Kind.SIGN: "video"}


@transaction.atomic
def begin(board: Board, *, kind: str, language: str) -> Medium:
    """The board has a recording of this kind in this language, still without a file."""
    if language not in (SIGNED if kind == Medium.Kind.SIGN else LANGUAGES):
        raise Refused("recording.language")
    if Medium.objects.filter(board=board, kind=kind, language=language).exists():
        raise Refused("recording.twice")
    return Medium.objects.create(board=board, kind=kind, language=language)


@transaction.atomic
def attach(medium: Medium, work: Work) -> Medium:
    """The recording is this file from now on, as soon as the jail has made it safe; the one before is gone."""
    before, medium.work = Medium.objects.select_for_update(of=("self",)).get(pk=medium.pk).work, work
    medium.save(update_fields=["work"])
    forget(before)
    return medium


def forget(work: Work | None) -> None:
    """No byte of a file is left that nothing here uses any more; another work of the same content keeps its files."""
    if work is not None and not _used(work):
        erase_work(work)


def _used(work: Work) -> bool:
    return Medium.objects.filter(work=work).exists() or Handout.objects.filter(work=work).exists()


@transaction.atomic
def say(medium: Medium, *, tracks: dict[str, str], transcripts: dict[str, str], credit: str) -> Medium:
    """The recording has these captions (WebVTT, read strictly) and transcripts by language.

    Where there are captions and no transcript, what the captions say becomes the transcript. Raises captions.* with the language, the
    line and the reason; then nothing is changed.
    """
    made, told = {}, {lang: tidy(text) for lang, text in transcripts.items() if text.strip()}
    for lang, text in tracks.items():
        if text.strip():
            cues = _cues(text, lang, length_ms(medium))
            made[lang] = captions.written(cues)
            told.setdefault(lang, captions.transcript(cues))
    medium.captions, medium.transcript, medium.credit = made, told, clean(credit)
    medium.save(update_fields=["captions", "transcript", "credit"])
    return medium


def _cues(text: str, lang: str, length: int) -> list[captions.Cue]:
    try:
        return captions.read(text, length_ms=length)
    except Refused as wrong:
        raise Refused(wrong.code, **{**wrong.facts, "lang": lang})


def tidy(text: str) -> str:
    """Returns a text with clean lines, paragraphs parted by one newline."""
    return "\n".join(line for line in (clean(line) for line in text.splitlines()) if line)


@transaction.atomic
def drop(medium: Medium) -> None:
    """The board has no such recording any more, and its file is gone."""
    work = medium.work
    medium.delete()
    forget(work)
