"""What happens to boards by itself: print files are read in the jail, printed copies are made. The state is the queue."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from showground.exhibition.actions import intake as taking
from showground.exhibition.actions import visits
from showground.exhibition.models import Board, Hall, Intake
from showground.exhibition.queries import manifests, notes, store
from showground.exhibition.queries.halls import hanging
from showground.media import prints
from showground.media.prints import Sign
from showground.rules.refused import Refused
from showground.works import queries as works

told = logging.getLogger(__name__)
LANGUAGES = ("zh", "en")


def follow(clock: Callable[[], int]) -> int:
    """The next part of a waiting print file is read, else the next picture that was asked for, else the next printed copy is made."""
    at = clock()
    if waiting := queue():
        taken = taking.read(waiting[0], jail=works.jail(), at=at, ours=works.ours())
        told.info("intake %s is %s", taken.pk, taken.state)
        return 1
    if taking.read_asked(works.jail(), at, works.ours()):
        return 1
    visits.flush(at)
    return print_missing(most=1)


def queue() -> list[Intake]:
    """Returns the print files that wait, in the order in which they are read."""
    return sorted(Intake.objects.filter(state=Intake.State.WAITING).select_related("hall"), key=_turn)


def _turn(intake: Intake) -> tuple[int, int, int]:
    """A presentation goes before the PDF of the same name, so that the pages find its slides; a long file lets short ones pass."""
    return (0 if intake.filename.lower().endswith((".pptx", ".pptm")) else 1, intake.read_to, intake.pk)


def print_missing(*, most: int = 100) -> int:
    """Copies that are not there yet are made, at most so many; returns how many were. One that cannot be set is left with a mark."""
    done = 0
    for name, make in _wanted():
        file = store.printed(name)
        if file.exists() or file.with_suffix(".refused").exists():
            continue
        _print(file, make)
        done += 1
        if done >= most:
            break
    return done


def _print(file: Path, make: Callable[[], bytes]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        made = make()
    except Refused as refused:
        told.warning("%s: %s", file.name, refused)
        file.with_suffix(".refused").write_text(str(refused), encoding="utf-8")
        return
    file.with_suffix(".part").write_bytes(made)
    os.replace(file.with_suffix(".part"), file)


def _wanted() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for hall in Hall.objects.filter(kind=Hall.Kind.BOARDS).select_related("week"):
        listed = hanging(hall)
        for board in listed:
            yield from _copies(board)
        if listed:
            yield from _of_hall(hall, listed)


def _copies(board: Board) -> Iterator[tuple[str, Callable[[], bytes]]]:
    assert board.shown is not None
    text = board.shown
    for lang in LANGUAGES:

        def make(lang: str = lang) -> bytes:
            return prints.board(text.document, lang, picture=store.jpeg(board.picture), foot=manifests.short(board))

        yield f"{text.sha256}-{lang}", make


def _of_hall(hall: Hall, listed: list[Board]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for lang in LANGUAGES:

        def make(lang: str = lang) -> bytes:
            many = [(board.shown.document, store.jpeg(board.picture, 960)) for board in listed if board.shown]
            return prints.catalogue(many, lang, title=hall.name.get(lang) or hall.code, foot=settings.SITE_URL)

        yield notes.catalogue_name(hall, listed, lang), make

    def sheet() -> bytes:
        signs = [
            Sign(manifests.short(board), f"{number} / {len(listed)}", board.shown.document["title"])
            for number, board in enumerate(listed, 1)
            if board.shown
        ]
        return prints.signs(signs, title=hall.name.get("zh") or hall.name.get("en") or hall.code)

    yield notes.signs_name(hall, listed, settings.SITE_URL), sheet
