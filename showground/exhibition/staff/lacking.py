"""What the gate lists, in words, each with the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from showground.exhibition.models import Board, Text
from showground.exhibition.queries import recordings
from showground.exhibition.queries.gate import Lack, lacks
from showground.exhibition.staff.frame import LACKS
from showground.exhibition.staff.listed import IN, named

MOST = 12  # places that are named for one thing


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: in words, and where to mend it (what stands on the link, where it leads)."""

    words: str
    places: list[tuple[str, str]]


def missing(board: Board, text: Text) -> list[Missing]:
    """Returns what the gate lists for a board with this text."""
    numbers = {block["id"]: number for number, block in enumerate(text.document["blocks"], 1)}
    return [Missing(_(LACKS[one.code]), list(_places(board, one, numbers))[:MOST]) for one in lacks(board, text)]


def _places(board: Board, lack: Lack, numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    if lack.code in {"title", "alt"}:
        for lang in lack.of:
            yield _(IN[lang]), f"{_at(board, 'edit_whole')}#id_{lack.code}_{lang}"
    elif lack.code == "second_language":
        lang, count = lack.of[0], len(lack.of) - 1
        told = ngettext("%(lang)s, %(n)s block", "%(lang)s, %(n)s blocks", count) % {"lang": _(IN[lang]), "n": count}
        yield told, f"{_at(board, 'languages')}?to={lang}#t-{lack.of[1]}"
    elif lack.code in {"transcript", "captions"}:
        yield from _recordings(board, lack.code)
    else:
        for one in lack.of:
            name, _gap, ratio = one.partition(" ")
            yield _block(numbers[name], ratio), f"?block={name}#e-{name}"


def _block(number: int, ratio: str) -> str:
    return _("block %(n)s") % {"n": number} + (f" ({ratio} : 1)" if ratio else "")


def _recordings(board: Board, code: str) -> Iterator[tuple[str, str]]:
    found = recordings.of_board(board)
    for medium in found:
        if recordings.ready(medium) and code in dict(recordings.wants(medium, found)):
            yield named(medium), _at(board, "recording", medium.pk)


def _at(board: Board, name: str, *more: Any) -> str:
    return reverse(f"exhibition:{name}", args=[board.hall.week.code, board.code, *more])
