"""Sounds and films of a board: what each still wants before it is shown, and how a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from showground.exhibition.models import Board, Medium
from showground.exhibition.queries.shown import TAGS, reader
from showground.works import queries as works
from showground.works.models import Work

LANGUAGES = ("zh", "en")
# Sign languages as BCP 47 names them; films in them are for everybody, so their words stand in both languages.
SIGNED = ("csl", "ase", "bfi", "ils")


def ready(medium: Medium) -> bool:
    """Tells whether a recording's file came out of the jail."""
    return medium.work is not None and medium.work.state == Work.State.SAFE


def wants(medium: Medium, others: Iterable[Medium] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Returns what a recording lacks: ("transcript" | "captions", languages), each for both languages.

    A language in which the board has the same kind of recording (`others`) is not asked for twice.
    """
    spoken = {one.language for one in others if one.kind == medium.kind and one.pk != medium.pk}
    asked = [lang for lang in LANGUAGES if lang == medium.language or lang not in spoken]
    found = [("transcript", tuple(lang for lang in asked if not medium.transcript.get(lang, "").strip()))]
    if medium.kind != Medium.Kind.AUDIO:
        found.append(("captions", tuple(lang for lang in asked if not medium.captions.get(lang, "").strip())))
    return [(code, missing) for code, missing in found if missing]


def of_board(board: Board) -> list[Medium]:
    """Returns a board's recordings, whatever their state."""
    return list(board.media.select_related("work")) if board.pk else []


def on_show(board: Board) -> list[Medium]:
    """Returns the recordings that visitors hear and see: whole, or let through by a person in words."""
    found = of_board(board)
    return [one for one in found if ready(one) and (one.excuse or not wants(one, found))]


def medium_or_404(board: Board, number: int) -> Medium:
    """Returns a recording of a board by its number."""
    found = board.media.select_related("work").filter(pk=number).first()
    if found is None:
        raise Http404(str(number))
    return found


def captions_or_404(board: Board, number: int, lang: str) -> str:
    """Returns the captions that visitors may read, in a language."""
    for medium in on_show(board):
        if medium.pk == number and medium.captions.get(lang):
            return str(medium.captions[lang])
    raise Http404(str(number))


def length_ms(medium: Medium) -> int:
    """Returns how long a recording lasts in ms, 0 while nobody knows."""
    return int(medium.work.media.get("duration_ms", 0)) if medium.work is not None else 0


@dataclass(frozen=True)
class Track:
    """Captions in one language: the language's tag for `srclang`; `chosen` if it is the reader's."""

    lang: str
    tag: str
    chosen: bool


@dataclass(frozen=True)
class Recording:
    """A sound or film as a page shows it. `tag` is its language's tag; `lines` its transcript, `lines_tag` that one's tag if foreign."""

    number: int
    kind: str
    src: str
    type: str
    width: int
    height: int
    poster: str
    seconds: int
    bytes: int
    tag: str
    credit: str
    tracks: list[Track]
    lines: list[str]
    lines_tag: str

    @property
    def length(self) -> str:
        """How long it lasts, as a clock says it: "1:05"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def shown(board: Board) -> list[Recording]:
    """Returns the recordings of a board in the reader's language first, sign language last."""
    order = {reader(): 0, **dict.fromkeys(SIGNED, 2)}
    found = [_recording(one) for one in sorted(on_show(board), key=lambda one: (order.get(one.language, 1), one.pk))]
    return [one for one in found if one is not None]


def preview(medium: Medium) -> Recording | None:
    """Returns a recording as its editor sees it, whole or not; None while its file is not there."""
    return _recording(medium) if ready(medium) else None


def _recording(medium: Medium) -> Recording | None:
    file = _file(medium)
    if file is None:
        return None
    poster = works.share_picture(medium.work)
    lang = next((lang for lang in (reader(), *LANGUAGES) if medium.transcript.get(lang, "").strip()), "")
    tracks = [Track(lang, TAGS.get(lang, lang), lang == reader()) for lang in LANGUAGES if medium.captions.get(lang)]
    return Recording(
        number=medium.pk,
        kind=medium.kind,
        src=f"/media/{file['file']}",
        type=str(file["type"]),
        width=file["width"] or 640,
        height=file["height"] or 360,
        poster=poster.url if poster else "",
        seconds=round(length_ms(medium) / 1000),
        bytes=int(file.get("bytes", 0)),
        tag=TAGS.get(medium.language, medium.language),
        credit=medium.credit,
        tracks=tracks,
        lines=[line for line in medium.transcript.get(lang, "").splitlines() if line.strip()],
        lines_tag="" if lang == reader() else TAGS.get(lang, lang),
    )


def _file(medium: Medium) -> dict[str, Any] | None:
    made = medium.work.media.get("renditions", []) if medium.work is not None else []
    return next((one for one in made if one["use"] in {"video", "sound"}), None)
